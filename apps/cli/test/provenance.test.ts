import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { normalizeName, parsePipfile, parseVersion } from "@thoth/pep";
import { buildWheel, type IndexServer, startIndex } from "@thoth/testkit";
import {
  checkProvenance,
  type Finding,
  lockHashFinding,
  type Offer,
  type ProvenanceFacts,
} from "../src/advice/provenance.ts";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

const ONE = "https://one.test/simple/";
const TWO = "https://two.test/simple/";
const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [string, string, string];

function offer(
  digests: readonly string[],
  more: { attested?: readonly string[]; untold?: number } = {},
): Offer {
  return { digests: new Set(digests), attested: new Set(more.attested), untold: more.untold ?? 0 };
}

interface Case {
  readonly hashes?: readonly string[];
  readonly source?: string;
  readonly offers?: Readonly<Record<string, Offer>>;
  readonly sources?: readonly (readonly [url: string, verified: boolean])[];
  readonly whitelist?: readonly string[];
}

function factsOf({ hashes = [a], source, offers = { [ONE]: offer([a]) }, ...rest }: Case): ProvenanceFacts {
  const { sources = [ONE, TWO].map((url) => [url, true] as const), whitelist = [] } = rest;
  return {
    sources: sources.map(([url, verified]) => ({ url, verified })),
    whitelist,
    packages: [
      {
        locked: {
          name: normalizeName("alpha"),
          version: parseVersion("1.0"),
          hashes: new Set(hashes),
          ...(source === undefined ? {} : { source }),
        },
        offers: new Map(Object.entries(offers)),
      },
    ],
    namesFiles: false,
  };
}

/** Type, name and what beside the package it is about. */
function brief({ type, id, sources, digest, package_name, source }: Finding): string {
  const subject = package_name === undefined ? [source] : [];
  const rest = [...subject, ...(sources ?? []), ...(digest === undefined ? [] : [digest.slice(0, 1)])];
  return [type, id, ...rest].join(" ");
}

const cases: readonly (readonly [name: string, given: Case, expected: readonly string[]])[] = [
  ["what the only index has", {}, []],
  [
    "a hash on no index, each told",
    { hashes: [a, b, c] },
    ["b", "c"].map((hash) => `ERROR INVALID-ARTIFACT-HASH ${hash}`),
  ],
  ["no index, and two have the same", { offers: { [ONE]: offer([a, b]), [TWO]: offer([b, a]) } }, []],
  [
    "no index, and two have different files",
    { offers: { [ONE]: offer([a, b]), [TWO]: offer([a]) } },
    [`WARNING DIFFERENT-ARTIFACTS-ON-SOURCES ${ONE} ${TWO}`],
  ],
  [
    "no index, and one hides the hash of a file",
    { offers: { [ONE]: offer([a]), [TWO]: offer([a], { untold: 1 }) } },
    [`WARNING DIFFERENT-ARTIFACTS-ON-SOURCES ${ONE} ${TWO}`],
  ],
  ["no index, and none has it", { offers: {} }, ["ERROR MISSING-PACKAGE", "ERROR INVALID-ARTIFACT-HASH a"]],
  ["an index of its own, which alone has it", { source: ONE }, []],
  [
    "an index of its own, and another has other files",
    { source: ONE, offers: { [ONE]: offer([a]), [TWO]: offer([b]) } },
    [],
  ],
  [
    "an index of its own, and another could give the file",
    { source: ONE, offers: { [ONE]: offer([a]), [TWO]: offer([a, b]) } },
    [`INFO ARTIFACT-POSSIBLE-DIFFERENT-SOURCE ${TWO}`],
  ],
  [
    "an index of its own, and a file of another",
    { hashes: [a, b], source: ONE, offers: { [ONE]: offer([a]), [TWO]: offer([b]) } },
    [`ERROR ARTIFACT-DIFFERENT-SOURCE ${TWO}`],
  ],
  [
    "an index of its own, and a file of nobody",
    { source: ONE, hashes: [c], offers: { [ONE]: offer([a]), [TWO]: offer([b]) } },
    ["ERROR ARTIFACT-DIFFERENT-SOURCE", "ERROR INVALID-ARTIFACT-HASH c"],
  ],
  [
    "an index of its own, which does not have it",
    { source: ONE, offers: { [TWO]: offer([a]) } },
    [`ERROR MISSING-PACKAGE ${TWO}`],
  ],
  [
    "an index of its own, which was not asked",
    { source: "https://three.test/simple/", offers: { [TWO]: offer([a]) } },
    [],
  ],
  [
    "an index that is not whitelisted is not told to be insecure too",
    {
      sources: [
        [ONE, true],
        [TWO, false],
      ],
      whitelist: [ONE],
    },
    [`ERROR SOURCE-NOT-WHITELISTED ${TWO}`],
  ],
  ["a certificate that is not checked", { sources: [[ONE, false]] }, [`WARNING INSECURE-SOURCE ${ONE}`]],
  [
    "no TLS, but for loopback and files",
    {
      sources: [
        "http://one.test/",
        "http://127.0.0.1.test/",
        "http://localhost.test/",
        "http://127.0.0.1:80/",
        "http://localhost/",
        "http://index.localhost/",
        "http://[::1]:1/",
        "file:///packages/",
      ].map((url) => [url, true]),
    },
    ["http://one.test/", "http://127.0.0.1.test/", "http://localhost.test/"].map(
      (url) => `WARNING INSECURE-SOURCE ${url}`,
    ),
  ],
  [
    "errors come first",
    { hashes: [c], offers: { [ONE]: offer([a]), [TWO]: offer([b]) }, sources: [[ONE, false]] },
    [
      "ERROR INVALID-ARTIFACT-HASH c",
      `WARNING DIFFERENT-ARTIFACTS-ON-SOURCES ${ONE} ${TWO}`,
      `WARNING INSECURE-SOURCE ${ONE}`,
    ],
  ],
];

describe("provenance", () => {
  for (const [name, given, expected] of cases) {
    it(name, () => {
      assert.deepEqual(checkProvenance(factsOf(given)).findings.map(brief), expected);
    });
  }

  it("is that of another Pipfile", () => {
    assert.equal(lockHashFinding(a, a), undefined);
    assert.equal(lockHashFinding(a, b)?.id, "INVALID-LOCK-HASH");
  });

  it("tells of attestations where the package comes from, and of silence as not known", () => {
    const attested = (given: Case) => checkProvenance(factsOf(given)).attestations[0]?.attested;
    const told = { [ONE]: offer([a, b], { attested: [a] }), [TWO]: offer([a, b]) };
    assert.equal(attested({ hashes: [a, b], offers: told }), 1);
    assert.equal(attested({ hashes: [a, b], source: ONE, offers: told }), 1);
    assert.equal(attested({ hashes: [a, b], source: TWO, offers: told }), null);
    assert.equal(attested({ hashes: [b], source: ONE, offers: told }), null);
  });

  it("says what it does not know", () => {
    const count = (given: Case) => checkProvenance(factsOf(given)).unknown.length;
    const told = { [ONE]: offer([a], { attested: [a] }) };
    assert.equal(count({ offers: told }), 0);
    // No attestation, no hash in the lock, an index that was not asked, a file without hash, a hash on no index.
    assert.equal(count({}), 1);
    assert.equal(count({ hashes: [] }), 2);
    assert.equal(count({ source: "https://three.test/simple/", offers: told }), 2);
    assert.equal(count({ offers: { [ONE]: offer([a], { attested: [a], untold: 2 }) } }), 1);
    assert.equal(count({ hashes: [a, b], offers: told }), 1);
  });
});

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

const wheel = buildWheel({ name: "alpha", version: "1.0" });
const forged = buildWheel({ name: "alpha", version: "1.0", requires: ["evil"] });
const ours = buildWheel({ name: "beta", version: "1.0" });
const REAL = sha256(wheel.bytes);
const FORGED = sha256(forged.bytes);

describe("provenance-check", () => {
  let shop: Workshop;
  let one: IndexServer;
  let two: IndexServer;
  before(async () => {
    shop = await openWorkshop();
    const provenance = "https://index.test/provenance";
    one = await startIndex({ projects: { alpha: [{ artifact: wheel, fields: { provenance } }] } });
    two = await startIndex({ projects: { alpha: [forged], beta: [ours] } });
  });
  after(async () => {
    await Promise.all([shop.close(), one.close(), two.close()]);
  });

  const check = async (...words: readonly string[]) => {
    const result = await shop.run("thoth", ["provenance-check", ...words, "--json"], { bare: true });
    const document = documentOf(result, "thoth provenance-check") as {
      packages: number;
      findings: readonly Finding[];
      attestations: readonly { attested: number | null }[];
      unknown: readonly string[];
    };
    return { ...document, status: result.status, ids: document.findings.map(({ id }) => id) };
  };
  const both = () => ["--index-url", one.indexUrl, "--extra-index-url", two.indexUrl];
  const pylock = (index: string, hash: string) => {
    shop.write(
      "pylock.toml",
      `lock-version = "1.0"\ncreated-by = "test"\n[[packages]]\nname = "alpha"\nversion = "1.0"\nindex = ${JSON.stringify(index)}\n[[packages.wheels]]\nurl = "https://files.test/${wheel.filename}"\nhashes = { sha256 = "${hash}" }\n`,
    );
  };

  it("asks every index, not only the first that knows a name", async () => {
    shop.write(
      "requirements.txt",
      `alpha==1.0 --hash=sha256:${REAL}\nbeta==1.0 --hash=sha256:${sha256(ours.bytes)}\n`,
    );
    const told = await check("requirements.txt", ...both());
    assert.deepEqual([told.status, told.packages, told.ids], [0, 2, ["DIFFERENT-ARTIFACTS-ON-SOURCES"]]);
    assert.deepEqual(told.findings[0]?.sources, [one.indexUrl, two.indexUrl]);
    assert.deepEqual(
      told.attestations.map(({ attested }) => attested),
      [1, null],
    );
  });

  it("finds a file of another index than that of the lock", async () => {
    pylock(one.indexUrl.slice(0, -1), FORGED);
    const told = await check(...both());
    assert.deepEqual([told.status, told.ids], [1, ["ARTIFACT-DIFFERENT-SOURCE"]]);
    assert.deepEqual([told.findings[0]?.source, told.findings[0]?.sources], [one.indexUrl, [two.indexUrl]]);
  });

  it("asks the index that the lock names, and none that only stands in for it", async () => {
    pylock(one.indexUrl, REAL);
    const before = two.requests.length;
    assert.deepEqual((await check()).findings, []);
    assert.equal(two.requests.length, before);
    // Beside the one that the user names.
    const told = await check("--index-url", two.indexUrl, "--whitelist", one.indexUrl.slice(0, -1));
    assert.deepEqual([told.status, told.ids], [1, ["SOURCE-NOT-WHITELISTED"]]);
    pylock(shop.index.indexUrl.replace("/simple/", "/nowhere/"), REAL);
    assert.deepEqual((await check("--index-url", one.indexUrl)).ids, ["MISSING-PACKAGE"]);
  });

  it("tells a Pipfile.lock of another Pipfile, and that alone", async () => {
    const source = `[[source]]\nname = "two"\nurl = "${two.indexUrl}"\nverify_ssl = false\n[packages]\nalpha = "*"\n`;
    const hash = sha256(parsePipfile(source).hashText);
    shop.write("Pipfile", source);
    shop.write(
      "Pipfile.lock",
      JSON.stringify({
        _meta: {
          hash: { sha256: hash },
          requires: {},
          sources: [{ name: "two", url: two.indexUrl, verify_ssl: false }],
        },
        default: { alpha: { version: "==1.0", hashes: [`sha256:${FORGED}`, `sha256:${a}`], index: "two" } },
        develop: { beta: { version: "==1.0", hashes: [`sha256:${sha256(ours.bytes)}`] } },
      }),
    );
    const told = await check("Pipfile.lock");
    assert.deepEqual([told.packages, told.ids], [2, ["INVALID-ARTIFACT-HASH", "INSECURE-SOURCE"]]);
    assert.equal(told.findings[0]?.digest, a);
    shop.write("Pipfile", source.replace('"*"', '">=1"'));
    const requests = two.requests.length;
    const stale = await check("Pipfile.lock");
    assert.deepEqual([stale.status, stale.ids], [1, ["INVALID-LOCK-HASH"]]);
    assert.equal(two.requests.length, requests);
  });

  it("does not take silence for absence", async () => {
    pylock(one.indexUrl, REAL);
    const codeFor = async (...words: readonly string[]) =>
      codeOf(await shop.run("thoth", ["provenance-check", "--json", ...words], { bare: true }));
    const fresh = ["--cache-dir", "nothing-yet"];
    assert.equal(await codeFor(...fresh, "--offline"), "index-unreachable");
    const gone = await startIndex();
    await gone.close();
    assert.equal(await codeFor("--extra-index-url", gone.indexUrl), "index-unreachable");
    assert.deepEqual((await check("--offline")).findings, []);
  });

  it("refuses what is no lock, and lists places of their own as not known", async () => {
    shop.write("requirements.txt", "alpha>=1\n");
    const loose = await shop.run("thoth", ["provenance-check", "requirements.txt", "--json"], { bare: true });
    assert.equal(codeOf(loose), "invalid-lock");
    pylock("javascript://one.test/", REAL);
    assert.equal(
      codeOf(await shop.run("thoth", ["provenance-check", "--json"], { bare: true })),
      "invalid-lock",
    );
    shop.write("requirements.txt", "alpha @ https://files.test/alpha-1.0-py3-none-any.whl\n");
    const direct = await check("requirements.txt", ...both());
    assert.deepEqual([direct.packages, direct.findings, direct.unknown.length], [0, [], 1]);
  });
});
