import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type OsvAdvisory, parseOsv } from "../src/compile.ts";

const document = {
  schema_version: "1.6.0",
  id: "GHSA-aaaa-bbbb-cccc",
  aliases: ["CVE-2021-1", "PYSEC-2021-7"],
  published: "2021-03-04T05:06:07Z",
  modified: "2021-03-05T00:00:00.123456Z",
  summary: "  Reads\tmore than it should  \nand more",
  details: "# Heading",
  severity: [
    { type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" },
    { type: "Ubuntu", score: "high" },
  ],
  affected: [
    {
      package: { ecosystem: "PyPI", name: "Some.Package" },
      versions: ["1.0", "1.1"],
      ranges: [
        { type: "GIT", repo: "https://example.org/", events: [{ introduced: "0" }] },
        { type: "SEMVER", events: [{ introduced: "0" }] },
        { type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "1.2" }] },
      ],
      severity: [{ type: "CVSS_V2", score: "AV:N/AC:L/Au:N/C:N/I:N/A:C" }],
    },
    { package: { ecosystem: "npm", name: "some-package" }, versions: ["9"] },
  ],
  references: [
    { type: "WEB", url: "https://example.org/web" },
    { type: "ADVISORY", url: "javascript:alert(1)" },
    { type: "ADVISORY", url: "https://example.org/advisory" },
  ],
  database_specific: { severity: "MODERATE" },
};

function read(value: unknown): OsvAdvisory {
  const result = parseOsv(value);
  assert.ok(result.kind === "advisory", result.kind === "skipped" ? result.reason : "");
  return result.advisory;
}

function reasonOf(value: unknown): string {
  const result = parseOsv(value);
  assert.equal(result.kind, "skipped");
  return result.kind === "skipped" ? result.reason : "";
}

suite("OSV documents", () => {
  test("what concerns PyPI is kept", () => {
    assert.deepEqual(read(document), {
      id: "GHSA-aaaa-bbbb-cccc",
      aliases: ["CVE-2021-1", "PYSEC-2021-7"],
      published: Date.parse("2021-03-04T05:06:07Z") / 1000,
      modified: Date.parse("2021-03-05T00:00:00Z") / 1000,
      withdrawn: false,
      affected: [
        {
          name: "some-package",
          versions: ["1.0", "1.1"],
          ranges: [
            [
              { kind: "introduced", version: "0" },
              { kind: "fixed", version: "1.2" },
            ],
          ],
          vectors: ["AV:N/AC:L/Au:N/C:N/I:N/A:C"],
        },
      ],
      vectors: ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"],
      label: "medium",
      summary: "Reads more than it should",
      link: "https://example.org/advisory",
    });
  });

  test("without a summary the first line of the details serves, without a reference the page of OSV", () => {
    const { summary, references, ...rest } = document;
    assert.ok(summary && references);
    const advisory = read({ ...rest, details: `\n\n${"ä".repeat(300)}` });
    assert.equal(advisory.summary, `${"ä".repeat(199)}…`);
    assert.equal(advisory.link, "https://osv.dev/vulnerability/GHSA-aaaa-bbbb-cccc");
  });

  test("control characters and turned writing do not come through", () => {
    const { summary } = read({ ...document, summary: "a\u001b[31mb\u202ec\ud800" });
    assert.equal(summary, "a [31mb c\ufffd");
  });

  test("times in the forms of RFC 3339 and YAML 1.1; a time that is none is none", () => {
    const at = (published: unknown) => read({ ...document, published, modified: undefined }).published;
    assert.equal(at("2021-03-04T05:06:07+02:00"), Date.UTC(2021, 2, 4, 3, 6, 7) / 1000);
    assert.equal(at("2021-03-04 05:06:07"), Date.UTC(2021, 2, 4, 5, 6, 7) / 1000);
    assert.equal(at("2021-03-04"), Date.UTC(2021, 2, 4) / 1000);
    for (const none of ["", "yesterday", "2021-13-01", "1969-01-01T00:00:00Z", 5, null, {}]) {
      assert.equal(at(none), 0);
    }
    const changed = { ...document, published: undefined, modified: "2021-03-04T00:00:00Z" };
    assert.equal(read(changed).published, Date.UTC(2021, 2, 4) / 1000);
  });

  test("only a readable time withdraws", () => {
    const isWithdrawn = (withdrawn: unknown) => read({ ...document, withdrawn }).withdrawn;
    assert.equal(isWithdrawn("2022-01-01T00:00:00Z"), true);
    for (const none of [null, "", "null", "~", false, true]) assert.equal(isWithdrawn(none), false);
  });

  test("documents that say nothing of PyPI, or not who they are", () => {
    for (const value of [
      null,
      1,
      "text",
      [],
      {},
      { ...document, id: "a b" },
      { ...document, id: "\u001b" },
    ]) {
      assert.notEqual(reasonOf(value), "");
    }
    assert.equal(
      reasonOf({ ...document, affected: [document.affected[1]] }),
      "it concerns no package of PyPI",
    );
    assert.equal(reasonOf({ ...document, schema_version: "2.0.0" }), "its schema is not of version 1");
  });

  test("documents that are too long", () => {
    const aliases = Array.from({ length: 1001 }, (_, at) => `CVE-2021-${at}`);
    assert.match(reasonOf({ ...document, aliases }), /aliases/);
    const [first] = document.affected;
    const versions = Array.from({ length: 60_000 }, (_, at) => `1.${at}`);
    const entry = { ...first, versions };
    assert.match(reasonOf({ ...document, affected: [entry, entry] }), /versions/);
  });

  test("keys of the prototype are keys", () => {
    const text = JSON.stringify(document).replace(
      "{",
      '{"__proto__": {"withdrawn": "2022-01-01T00:00:00Z"},',
    );
    assert.deepEqual(read(JSON.parse(text)), read(document));
    assert.equal(read(Object.assign(Object.create({ withdrawn: "2022-01-01" }), document)).withdrawn, false);
    assert.notEqual(reasonOf(JSON.parse('{"__proto__": {"id": "CVE-1"}}')), "");
  });

  test("nothing that JSON can say makes it throw", () => {
    const anything = fc.jsonValue({ maxDepth: 4 });
    const damaged = fc.record(
      {
        id: fc.oneof(fc.constant("CVE-2021-1"), anything),
        aliases: anything,
        affected: fc.oneof(
          anything,
          fc.array(
            fc.record({
              package: fc.oneof(fc.constant({ ecosystem: "PyPI", name: "a" }), anything),
              versions: anything,
              ranges: fc.oneof(
                anything,
                fc.array(fc.record({ type: fc.constant("ECOSYSTEM"), events: fc.array(anything) })),
              ),
              severity: anything,
            }),
          ),
        ),
        severity: fc.oneof(anything, fc.array(fc.record({ type: fc.constant("CVSS_V3"), score: anything }))),
        references: anything,
        published: anything,
        withdrawn: anything,
        summary: anything,
        database_specific: anything,
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.oneof(anything, damaged), (value) => typeof parseOsv(value).kind === "string"));
  });
});
