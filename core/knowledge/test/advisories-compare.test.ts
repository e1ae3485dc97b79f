import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePackageName } from "@thoth/pep";
import { compileAdvisories, type OsvAdvisory } from "../src/compile.ts";
import { compareAdvisories, openAdvisories } from "../src/index.ts";

interface Sketch {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly fixed?: string;
  readonly names?: readonly string[];
  readonly withdrawn?: boolean;
  readonly summary?: string;
}

function catalogueOf(...sketches: readonly Sketch[]) {
  const advisories = sketches.map(
    ({
      id,
      aliases = [],
      fixed = "2.0",
      names = ["sample"],
      withdrawn = false,
      summary = "",
    }): OsvAdvisory => ({
      id,
      aliases,
      published: 100,
      modified: 200,
      withdrawn,
      affected: names.map((name) => ({
        name: parsePackageName(name),
        versions: ["1.0.post1"],
        ranges: [
          [
            { kind: "introduced", version: "0" },
            { kind: "last_affected", version: fixed },
          ],
        ],
        vectors: [],
      })),
      vectors: [],
      label: "unknown",
      summary,
      link: `https://osv.dev/vulnerability/${id}`,
    }),
  );
  return openAdvisories(compileAdvisories(advisories));
}

const one = { id: "GHSA-1", aliases: ["PYSEC-1"] };
const two = { id: "GHSA-2", names: ["sample", "other"] };

test("what is new, changed and gone is told", () => {
  const before = catalogueOf(one, two, { id: "GHSA-3" }, { id: "GHSA-4" });
  assert.deepEqual(compareAdvisories(before, before), { added: 0, changed: 0, gone: 0 });
  const after = catalogueOf(
    { ...one, summary: "Only text" },
    { ...two, names: ["sample", "another"] },
    { id: "GHSA-3", withdrawn: true },
    { id: "GHSA-4", fixed: "3.0" },
    { id: "MAL-1" },
  );
  assert.deepEqual(compareAdvisories(before, after), { added: 1, changed: 2, gone: 1 });
  assert.deepEqual(compareAdvisories(after, before), { added: 1, changed: 2, gone: 1 });
});

test("another name is a change, and two that become one are one", () => {
  const before = catalogueOf({ id: "GHSA-1" }, { id: "PYSEC-1" });
  const after = catalogueOf({ id: "GHSA-1", aliases: ["PYSEC-1", "CVE-1"] });
  assert.deepEqual(compareAdvisories(before, after), { added: 0, changed: 1, gone: 0 });
});

test("releases of other packages do not make a flaw look changed", () => {
  const before = catalogueOf(one);
  const after = catalogueOf(one, { id: "GHSA-9", fixed: "0.5" });
  assert.deepEqual(compareAdvisories(before, after), { added: 1, changed: 0, gone: 0 });
});

test("all packages are listed, in order", () => {
  assert.deepEqual(catalogueOf(two, one).packages, ["other", "sample"]);
  assert.deepEqual(catalogueOf().packages, []);
});
