import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { findFactViolation, parseFact } from "../src/facts.ts";
import { type AnyFact, BODY_LIMIT, formatBody } from "../src/index.ts";
import { SAMPLE_FACTS } from "./sample-facts.ts";

const RUNS = Number(process.env["THOTH_PROPERTY_RUNS"] ?? 2000);

/** Members of these may have any name. */
const DICTIONARIES = /\/(?:versions|symbols|modules|names|members|parameters|limits|threads|environment)$/;
/** Members that a fact may lack. */
const OPTIONAL =
  /\/(?:reason|newest|watchers|lastUpload|firstUpload|repository|largestFile|lastCommit|contributors|rank|versions|published|workflow|epss|known|soname|license|created|dynamic|parameters|gpu|symptom|throttled|log|noisy)$/;

/** Every value within, by its JSON pointer. */
function* within(value: unknown, at = ""): Generator<readonly [at: string, value: unknown]> {
  yield [at, value];
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value))
    yield* within(member, `${at}/${name.replaceAll("/", "~1")}`);
}

/** A copy in which the value at the pointer is what `change` makes of it; undefined takes it out. */
function changed(fact: unknown, at: string, change: (value: unknown) => unknown): unknown {
  const copy = { fact: structuredClone(fact) };
  const steps = ["fact", ...at.split("/").slice(1)].map((step) => step.replaceAll("~1", "/"));
  const last = steps.pop() as string;
  let parent = copy as Record<string, unknown>;
  for (const step of steps) parent = parent[step] as Record<string, unknown>;
  const value = change(parent[last]);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy.fact;
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

suite("facts from elsewhere", () => {
  test("of every kind are what they were", () => {
    assert.equal(SAMPLE_FACTS.length, 14);
    for (const fact of SAMPLE_FACTS) assert.deepEqual(parseFact(asJson(fact)), fact);
  });

  test("need every member that is not optional, and no other", () => {
    for (const fact of SAMPLE_FACTS) {
      for (const [at, value] of within(fact)) {
        const parent = at.slice(0, at.lastIndexOf("/"));
        const isMember = at !== "" && !/\/\d+$/.test(at) && !isDictionary(fact, parent);
        if (isMember) {
          const lacking = findFactViolation(changed(fact, at, () => undefined));
          if (isOptional(fact, at)) assert.equal(lacking, undefined, at);
          else assert.equal(lacking?.at, at);
        }
        const isRecord = typeof value === "object" && !Array.isArray(value) && !isDictionary(fact, at);
        if (!isRecord) continue;
        for (const stranger of ["stranger", "__proto__", "constructor"]) {
          const more = JSON.parse(`{${JSON.stringify(stranger)}: 1, ${JSON.stringify(value).slice(1)}`);
          const found = findFactViolation(changed(fact, at, () => more));
          assert.deepEqual(found, { at: `${at}/${stranger}`, expected: "nothing" });
        }
      }
    }
  });

  test("hold nothing of another type", () => {
    for (const fact of SAMPLE_FACTS) {
      for (const [at, value] of within(fact)) {
        const others = [null, true, "text", 1, [], {}, ["a"], { a: 1 }].filter(
          (other) => shapeOf(other) !== shapeOf(value),
        );
        for (const other of others) {
          const found = findFactViolation(changed(fact, at, () => other));
          assert.ok(found !== undefined, `${fact.kind} ${at} ${JSON.stringify(other)}`);
          assert.ok(found.at.startsWith(at.slice(0, at.lastIndexOf("/"))), `${at} ${found.at}`);
        }
      }
    }
  });

  test("have numbers that can be", () => {
    for (const fact of SAMPLE_FACTS) {
      for (const [at, value] of within(fact)) {
        if (typeof value !== "number") continue;
        for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
          assert.ok(findFactViolation(changed(fact, at, () => number)) !== undefined, at);
        }
      }
    }
    const wrong: readonly (readonly [FactKind, string, unknown])[] = [
      ["health", "/body/releases", -1],
      ["health", "/body/releases", 1.5],
      ["health", "/body/releases", 2 ** 53],
      ["health", "/body/lastUpload", -1],
      ["health", "/body/lastUpload", 1e15],
      ["scorecard", "/body/score", 10.5],
      ["exploitation", "/body/epss/probability", 1.0001],
      ["health", "/provenance/observedAt", -1],
    ];
    for (const [kind, at, value] of wrong)
      assert.equal(findFactViolation(changed(sample(kind), at, () => value))?.at, at);
  });

  test("are about what their kind is about", () => {
    const wrong: readonly (readonly [FactKind, string, string])[] = [
      ["health", "/owner", "Foo"],
      ["health", "/owner", "cve:CVE-2024-1"],
      ["health", "/owner", ""],
      ["health", "/owner", "a".repeat(1025)],
      ["health", "/subject", "1.0"],
      ["exploitation", "/owner", "foo"],
      ["exploitation", "/owner", "cve:"],
      ["exploitation", "/owner", "cve:a b"],
      ["image", "/owner", "cve:CVE-2024-1"],
      ["inspection", "/owner", "image:sha256:ab"],
      ["release-note", "/subject", "1.0.post"],
      ["release-note", "/subject", "\0"],
      ["contents", "/subject", "AB".repeat(32)],
      ["contents", "/subject", ""],
      ["observation", "/subject", "../x"],
      ["health", "/provenance/source", "a\0b"],
      ["health", "/provenance/tool", "\ud800"],
      ["health", "/body/repository", "javascript:alert(1)"],
      ["health", "/kind", "toString"],
      ["health", "/kind", "__proto__"],
    ];
    for (const [kind, at, value] of wrong)
      assert.equal(
        findFactViolation(changed(sample(kind), at, () => value))?.at,
        at,
        `${kind} ${at} ${value}`,
      );
  });

  test("may use any name where names are free", () => {
    const versions = JSON.parse('{"__proto__": 1, "constructor": 2, "a/b~": 3}');
    const fact = { ...sample("downloads"), body: { days: 1, total: 1, versions } } as AnyFact;
    assert.deepEqual(parseFact(asJson(fact)), fact);
    const bad = JSON.parse('{"a/b~": -1}');
    const found = findFactViolation({ ...fact, body: { days: 1, total: 1, versions: bad } });
    assert.equal(found?.at, "/body/versions/a~1b~0");
  });

  test("are bounded in depth, in count, and in bytes", () => {
    let nested: unknown = { kind: "value" };
    for (let level = 0; level < 100_000; level++)
      nested = { kind: "class", bases: [], members: { a: nested } };
    const deep = changed(sample("api"), "/body/modules/foo/names", () => ({}));
    (deep as { body: { modules: { foo: { names: object } } } }).body.modules.foo.names = { a: nested };
    assert.equal(findFactViolation(deep)?.expected, "at most 64 levels");
    const json = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    assert.ok(findFactViolation(JSON.parse(json)) !== undefined);
    const many = {
      ...sample("health"),
      body: { ...sample("health").body, maintainers: Array(200_001).fill("") },
    };
    assert.equal(findFactViolation(many)?.at, "/body/maintainers");
    const long = changed(sample("health"), "/body/maintainers", () => ["x".repeat(4097)]);
    assert.equal(findFactViolation(long)?.at, "/body/maintainers/0");
  });

  test("take 8 MiB at most, to the byte", () => {
    const sized = (rest: number) => {
      const note = "x".repeat(4096);
      const body = {
        ...sample("health").body,
        maintainers: [...Array(2000).fill(note), "", "x".repeat(rest)],
      };
      return { ...sample("health"), body } as AnyFact;
    };
    const measured = (fact: AnyFact) => Buffer.byteLength(formatBody(fact.body));
    const fill = (fact: AnyFact, bytes: number) => {
      const { maintainers } = fact.body as unknown as { maintainers: string[] };
      for (let left = bytes; left > 0; left -= 4096 + 3)
        maintainers.push("x".repeat(Math.max(0, Math.min(4096, left - 3))));
      return fact;
    };
    const exact = fill(sized(0), BODY_LIMIT - measured(sized(0)));
    const list = (exact.body as unknown as { maintainers: string[] }).maintainers;
    while (measured(exact) > BODY_LIMIT) list.pop();
    const missing = BODY_LIMIT - measured(exact);
    const [first = ""] = list.splice(2000, 1, "y".repeat(missing));
    assert.equal(first, "");
    assert.equal(measured(exact), BODY_LIMIT);
    assert.equal(findFactViolation(exact), undefined);
    list.splice(2000, 1, "y".repeat(missing + 1));
    assert.deepEqual(findFactViolation(exact), { at: "/body", expected: `at most ${BODY_LIMIT} bytes` });
  });

  test("that are wrong are told of with a code and a place", () => {
    const broken = changed(sample("health"), "/body/status", () => "gone");
    assert.throws(() => parseFact(broken), {
      code: "invalid-fact",
      details: { at: "/body/status", expected: "one of active, archived, quarantined, deprecated" },
    });
    for (const value of [undefined, null, 1, "", [], {}])
      assert.throws(() => parseFact(value), { code: "invalid-fact" });
  });

  test("may be anything at all, and are either facts or told of with a place", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLE_FACTS), fc.nat(), fc.anything(), (fact, which, value) => {
        const places = [...within(fact)].map(([at]) => at);
        const at = places[which % places.length] as string;
        const spoilt = at === "" ? value : changed(fact, at, () => value);
        const found = findFactViolation(spoilt);
        if (found !== undefined) assert.match(found.at, /^(?:\/|$)/);
        else
          assert.deepEqual(
            JSON.parse(formatBody((spoilt as AnyFact).body)),
            asJson((spoilt as AnyFact).body),
          );
      }),
      { numRuns: RUNS },
    );
  });

  test("a body has one text, however its members are ordered", () => {
    for (const fact of SAMPLE_FACTS) {
      const turned = turn(fact.body);
      assert.notEqual(JSON.stringify(turned), JSON.stringify(fact.body));
      assert.equal(formatBody(turned as AnyFact["body"]), formatBody(fact.body));
      assert.deepEqual(JSON.parse(formatBody(fact.body)), fact.body);
    }
  });
});

type FactKind = AnyFact["kind"];

function sample(kind: FactKind): AnyFact {
  return SAMPLE_FACTS.find((fact) => fact.kind === kind) as AnyFact;
}

function turn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turn(member)]),
  );
}

function shapeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function isDictionary({ kind }: AnyFact, at: string): boolean {
  if (!DICTIONARIES.test(at)) return false;
  // The same words name members that are none.
  if (at.endsWith("/environment")) return kind === "image";
  if (at.endsWith("/modules")) return kind === "api";
  return !(kind === "api" && at.endsWith("/parameters"));
}

function isOptional({ kind }: AnyFact, at: string): boolean {
  if (/\/stages\/\d+\/(?:user|system|memory)$/.test(at)) return true;
  if (!OPTIONAL.test(at)) return false;
  if (at.endsWith("/repository")) return kind === "health" || kind === "attestation";
  if (at.endsWith("/reason")) return kind === "health";
  if (at.endsWith("/parameters")) return at.endsWith("/Foo/parameters");
  return true;
}
