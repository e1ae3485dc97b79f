// Facts for the tests of the graph, written down and by chance.

import type {
  AnyFact,
  DownloadsFact,
  ExploitationFact,
  Fact,
  FactKey,
  FactKind,
  HealthFact,
  Owner,
  Provenance,
  ReleaseNoteFact,
} from "@thoth/knowledge";
import * as fc from "fast-check";

export const PROVENANCE: Provenance = {
  source: "https://facts.test/v1",
  observedAt: 1000.5,
  tool: "test 1.0",
};

/** What a forge tells of `owner`, told apart by `stars`. */
export function repository(owner: string, stars: number, provenance = PROVENANCE): Fact<"repository"> {
  const body = {
    url: `https://forge.test/${owner}`,
    archived: false,
    fork: false,
    stars,
    forks: 0,
    watchers: 1,
  };
  return { owner: owner as Owner, kind: "repository", subject: "", body, provenance };
}

export function note(owner: string, subject: string, text: string): Fact<"release-note"> {
  const body = { tag: `v${subject}`, url: "https://forge.test/", title: "It is out", text };
  return { owner: owner as Owner, kind: "release-note", subject, body, provenance: PROVENANCE };
}

export function keyOf({ owner, kind, subject }: FactKey): FactKey {
  return { owner, kind, subject };
}

/** Any text that a store keeps in a key. */
export const storableText = fc
  .string({ unit: "binary", maxLength: 12 })
  .filter((text) => !text.includes("\0") && text.isWellFormed());

/** Any text of a body: NUL and halves of pairs too. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("\0", "\ud800", "\udc00x", "__proto__", "é", "\u{1f600}", "\\u0000", "'\"\\"),
);

const PLAIN = { noNullPrototype: true };

const dictionary = fc
  .array(fc.tuple(anyText, fc.nat()), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

const health: fc.Arbitrary<HealthFact> = fc.record(
  {
    status: fc.constantFrom("active", "archived", "quarantined", "deprecated"),
    releases: fc.nat(),
    yanked: fc.nat(),
    lastUpload: fc.nat(),
    maintainers: fc.array(anyText, { maxLength: 3 }),
    classifiers: fc.array(anyText, { maxLength: 3 }),
  },
  { noNullPrototype: true, requiredKeys: ["status", "releases", "yanked", "maintainers", "classifiers"] },
);

const downloads: fc.Arbitrary<DownloadsFact> = fc.record(
  { days: fc.nat(), total: fc.nat(), versions: dictionary },
  { noNullPrototype: true, requiredKeys: ["days", "total"] },
);

const releaseNote: fc.Arbitrary<ReleaseNoteFact> = fc.record(
  {
    tag: anyText,
    url: anyText,
    title: anyText,
    text: anyText,
  },
  PLAIN,
);

const exploitation: fc.Arbitrary<ExploitationFact> = fc.record(
  {
    epss: fc.record(
      {
        probability: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
        percentile: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
      },
      PLAIN,
    ),
    known: fc.record({ added: fc.nat(), ransomware: fc.boolean() }, PLAIN),
  },
  { noNullPrototype: true, requiredKeys: [] },
);

const provenance = fc.record({ source: storableText, observedAt: fc.nat(), tool: storableText }, PLAIN);

/** Of four kinds, of a few owners and subjects, so that they meet. `prefix` begins the names of owners. */
export function anyFact(prefix: string): fc.Arbitrary<AnyFact> {
  const owner = fc.constantFrom("a", "b", "b-a", "z");
  const subject = fc.oneof(fc.constantFrom("", "1.0", "2.0"), storableText);
  const of = <Kind extends FactKind>(kind: Kind, body: fc.Arbitrary<Fact<Kind>["body"]>, space = "") =>
    fc.tuple(owner, subject, body, provenance).map(
      ([name, about, said, from]) =>
        ({
          owner: `${space}${prefix}${name}`,
          kind,
          subject: about,
          body: said,
          provenance: from,
        }) as unknown as AnyFact,
    );
  return fc.oneof(
    of("health", health),
    of("downloads", downloads),
    of("release-note", releaseNote),
    of("exploitation", exploitation, "cve:"),
  );
}

/** Such as may come from elsewhere. */
export const anyHonestFact: fc.Arbitrary<AnyFact> = anyFact("").map((fact) => {
  if (fact.kind !== "release-note") return { ...fact, subject: "" };
  const subject = fact.subject.length % 2 === 0 ? "1.0" : "2.0";
  return { ...fact, subject, body: { ...fact.body, url: "https://forge.test/" } };
});
