import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

interface Advice {
  readonly front?: {
    readonly levels: readonly string[];
    readonly complete: boolean;
    readonly advised: readonly number[] | null;
    readonly yours: readonly number[] | null;
    readonly points: readonly {
      readonly values: readonly number[];
      readonly packages: readonly { readonly name: string; readonly version: string }[];
    }[];
  };
  readonly yours?: {
    readonly fits: boolean | null;
    readonly levels: readonly { readonly level: string; readonly yours: number; readonly advised: number }[];
    readonly reasons: readonly string[];
  };
}

/** The newest beta has one, which alpha 2.0 needs. */
const OSV = JSON.stringify({
  id: "PYSEC-9",
  modified: "2025-01-01T00:00:00Z",
  published: "2024-01-01T00:00:00Z",
  affected: [
    {
      package: { ecosystem: "PyPI", name: "beta" },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "2.0" }] }],
    },
  ],
});

let shop: Workshop;
before(async () => {
  shop = await openWorkshop();
  shop.write("osv.json", OSV);
});
after(() => shop.close());

const OBJECTIVE = ["--advisories", "osv.json", "--objective", "vulnerability(all), lag(direct)"];

function run(requirements: string, ...words: readonly string[]) {
  shop.write("requirements.in", requirements);
  const all = ["advise", "requirements.in", "--json", "--index-url", shop.index.indexUrl, ...OBJECTIVE];
  return shop.run("thoth", [...all, ...words], { bare: true });
}

async function advise(requirements: string, ...words: readonly string[]): Promise<Advice> {
  const result = await run(requirements, ...words);
  assert.equal(result.status, 0, result.stderr);
  return documentOf(result, "thoth advise");
}

const pins = (packages: readonly { readonly name: string; readonly version: string }[]) =>
  packages.map(({ name, version }) => `${name}==${version}`).join(" ");

describe("the front of two levels", () => {
  const LEVELS = ["--pareto", "vulnerability(all), rank(direct)"];

  it("has every trade-off, each with its stack", async () => {
    const { front } = await advise("alpha\n", ...LEVELS);
    assert.equal(front?.complete, true);
    assert.deepEqual(
      front?.points.map(({ values, packages }) => [values, pins(packages)]),
      [
        [[0, 1], "alpha==1.0 beta==1.0"],
        [[100, 0], "alpha==2.0 beta==2.0"],
      ],
    );
    assert.deepEqual(front?.advised, [0, 1]);
  });

  it("is a table and a picture as well, with what the user has", async () => {
    shop.write("alpha.in", "alpha==2.0\n");
    await shop.run("thoth", ["lock", "alpha.in", "-o", "pylock.toml"]);
    const { front } = await advise("alpha\n", ...LEVELS, "--lock", "pylock.toml", "--html", "advice.html");
    assert.deepEqual(front?.yours, [100, 0]);
    const page = readFileSync(join(shop.folder, "advice.html"), "utf8");
    for (const text of ['id="front"', ">what you have<", ">advised<"]) assert.ok(page.includes(text), text);
    const words = ["advise", "requirements.in", "--index-url", shop.index.indexUrl, ...OBJECTIVE];
    const { stdout } = await shop.run("thoth", [...words, ...LEVELS], { bare: true });
    assert.match(stdout, /^ {2}100 +0 +alpha 2\.0, beta 2\.0$/m);
  });

  it("is refused where there are no two levels", async () => {
    for (const words of [
      ["--pareto", "vulnerability(all)"],
      ["--pareto", "surface, surface"],
      ["--pareto", "surface, speed"],
      ["--points", "4"],
      [...LEVELS, "--points", "1"],
    ])
      assert.equal(codeOf(await run("alpha\n", ...words)), "usage", words.join(" "));
  });
});

describe("the stack of a lock", () => {
  it("is scored by the same levels as the advice", async () => {
    shop.write("old.in", "alpha==2.0\n");
    await shop.run("thoth", ["lock", "old.in", "-o", "pylock.toml"]);
    const { yours } = await advise("alpha\n", "--lock", "pylock.toml");
    assert.equal(yours?.fits, true);
    const paid = yours?.levels.filter((level) => level.yours !== level.advised);
    assert.deepEqual(paid?.[0], { level: "vulnerability(all)", yours: 100, advised: 0 });
  });

  it("may be none of these requirements, and why is said", async () => {
    const { yours } = await advise("alpha<2\n", "--lock", "pylock.toml");
    assert.equal(yours?.fits, false);
    assert.ok((yours?.reasons.length ?? 0) > 0);
  });

  it("is not asked for without a lock", async () => {
    assert.equal((await advise("alpha\n")).yours, undefined);
  });
});
