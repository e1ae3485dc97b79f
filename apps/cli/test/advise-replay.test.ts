import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

interface Replay {
  readonly same: boolean;
  readonly moved: readonly {
    readonly name: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  readonly levels: readonly { readonly level: string }[];
  readonly inputs: readonly { readonly input: string }[];
}

function osv(id: string, introduced: string): string {
  return JSON.stringify({
    id,
    modified: "2024-01-01T00:00:00Z",
    published: "2024-01-01T00:00:00Z",
    affected: [
      {
        package: { ecosystem: "PyPI", name: "numpy" },
        ranges: [{ type: "ECOSYSTEM", events: [{ introduced }] }],
      },
    ],
  });
}

describe("an old report", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    shop.write("requirements.in", "numpy\nbeta<2\n");
    shop.write("osv.json", osv("PYSEC-1", "3.0"));
    const result = await run("requirements.in", "--objective", "vulnerability(all), lag(direct)");
    assert.equal(result.status, 0, result.stderr);
    shop.write("report.json", JSON.stringify(documentOf(result, "thoth advise")));
  });
  after(() => shop.close());

  const run = (...words: readonly string[]) =>
    shop.run(
      "thoth",
      ["advise", "--json", "--index-url", shop.index.indexUrl, "--advisories", "osv.json", ...words],
      { bare: true },
    );
  const replay = async () => {
    const result = await run("--replay", "report.json");
    const document = documentOf(result, "thoth advise") as { readonly replay: Replay; readonly asOf: string };
    return { ...document, status: result.status };
  };
  const report = () => JSON.parse(readFileSync(join(shop.folder, "report.json"), "utf8"));

  it("has the same answer from the same inputs, whatever the files say by now", async () => {
    shop.write("requirements.in", "numpy<2\n");
    const { replay: answer, asOf, status } = await replay();
    assert.deepEqual(answer, { same: true, moved: [], levels: [], inputs: [] });
    assert.equal(asOf, report().asOf);
    assert.equal(status, 0);
  });

  it("has another where more is known, and says what changed", async () => {
    shop.write("osv.json", osv("PYSEC-2", "2.0"));
    const { replay: answer, status } = await replay();
    assert.equal(status, 1);
    assert.equal(answer.same, false);
    assert.deepEqual(
      answer.moved.map(({ name, from, to }) => [name, from, to]),
      [["numpy", "2.0", "1.23.5"]],
    );
    assert.deepEqual(
      answer.levels.map(({ level }) => level),
      ["lag(direct)"],
    );
    assert.deepEqual(
      answer.inputs.map(({ input }) => input),
      ["the advisories"],
    );
    const words = [
      "advise",
      "--replay",
      "report.json",
      "--index-url",
      shop.index.indexUrl,
      "--advisories",
      "osv.json",
    ];
    const { stdout } = await shop.run("thoth", words, { bare: true });
    assert.match(stdout, /another answer than before/);
    assert.match(stdout, /the advisories: [0-9a-f]{12} → [0-9a-f]{12}/);
  });

  it("tells what the index lists now where that is not what it was", async () => {
    const changed = report();
    changed.made.projects.numpy = "0".repeat(64);
    shop.write("report.json", JSON.stringify(changed));
    const { replay: answer } = await replay();
    assert.ok(answer.inputs.some(({ input }) => input.includes("numpy")));
  });

  it("is refused where it is none, or with files beside it", async () => {
    const { made: _made, ...older } = report();
    shop.write("older.json", JSON.stringify(older));
    shop.write("other.json", "{}");
    assert.equal(codeOf(await run("--replay", "older.json")), "usage");
    assert.equal(codeOf(await run("--replay", "other.json")), "invalid-lock");
    assert.equal(codeOf(await run("--replay", "report.json", "requirements.in")), "usage");
  });
});
