import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

interface Search {
  readonly predictor: string;
  readonly seed: number;
  readonly stacks: number;
  readonly exhausted: boolean;
  readonly gap?: unknown;
  readonly found: readonly {
    readonly packages: readonly { readonly name: string; readonly version: string }[];
  }[];
  readonly curve: readonly { readonly stack: number; readonly best: number }[];
}

describe("a learned search", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    shop.write("requirements.in", "alpha\nnumpy\n");
  });
  after(() => shop.close());

  const run = (...words: readonly string[]) =>
    shop.run("thoth", ["advise", "requirements.in", "--json", "--index-url", shop.index.indexUrl, ...words], {
      bare: true,
    });
  const advise = async (...words: readonly string[]) => {
    const result = await run(...words);
    assert.equal(result.status, 0, result.stderr);
    return documentOf(result, "thoth advise") as {
      readonly products: readonly { readonly proof: string }[];
      readonly search?: Search;
    };
  };

  it("runs on request alone, and its best is held against the proof", async () => {
    assert.equal((await advise()).search, undefined);
    const { products, search } = await advise("--predictor", "Latest", "--seed", "7");
    assert.equal(products[0]?.proof, "optimal");
    assert.deepEqual(
      [search?.predictor, search?.seed, search?.gap, search?.exhausted],
      ["latest", 7, null, true],
    );
    assert.deepEqual(
      search?.found[0]?.packages.map(({ name, version }) => `${name}==${version}`),
      ["alpha==2.0", "beta==2.0", "numpy==2.0"],
    );
  });

  it("combines what the user names", async () => {
    const { search } = await advise("--predictor", "PackageCombinations");
    assert.deepEqual([search?.predictor, search?.gap], ["package combinations", null]);
  });

  it("is as long as it may be, and keeps what it learned", async () => {
    const words = ["--predictor", "TemporalDifference", "--limit", "40", "--policy", "policy.json"];
    const { search } = await advise(...words);
    assert.equal(search?.stacks, 40);
    assert.equal(search?.curve.at(-1)?.stack, 40);
    const learned = () => readFileSync(join(shop.folder, "policy.json"), "utf8");
    const first = learned();
    assert.deepEqual(Object.keys(JSON.parse(first).packages).sort(), ["alpha", "beta", "numpy"]);
    await advise(...words);
    assert.notEqual(learned(), first);
  });

  it("may stand in for the exact one; then nothing is proved", async () => {
    const { products, search } = await advise(
      "--predictor",
      "AUTO",
      "--no-exact",
      "--limit",
      "50",
      "--count",
      "2",
    );
    assert.deepEqual(
      products.map(({ proof }) => proof),
      ["feasible", "feasible"],
    );
    assert.equal(search !== undefined && "gap" in search, false);
  });

  it("can be interrupted while it runs", async () => {
    const words = ["advise", "requirements.in", "--index-url", shop.index.indexUrl, "--plot", "left.svg"];
    const search = ["--predictor", "RandomWalk", "--limit", "10000000", "--time-limit", "3600"];
    const { status } = await shop.run("thoth", [...words, ...search], {
      bare: true,
      started: ({ child, stderr }) => {
        const wait = setInterval(() => {
          if (!stderr().includes("proved")) return;
          clearInterval(wait);
          child.kill("SIGINT");
        }, 20);
      },
    });
    assert.equal(status, 130);
    assert.equal(existsSync(join(shop.folder, "left.svg")), false);
  });

  it("is drawn, alone and in the page", async () => {
    await advise("--predictor", "MCTS", "--limit", "30", "--plot", "run.svg", "--html", "advice.html");
    const plot = readFileSync(join(shop.folder, "run.svg"), "utf8");
    assert.match(plot, /^<svg /);
    for (const panel of ["score", "temperature", "probability"]) assert.ok(plot.includes(panel), panel);
    const page = readFileSync(join(shop.folder, "advice.html"), "utf8");
    assert.match(page, /<svg[^>]*class="run"/);
    assert.doesNotMatch(page, /<script/i);
  });

  it("refuses what makes no sense, before anything is asked of an index", async () => {
    for (const words of [
      ["--predictor", "Oracle"],
      ["--seed", "1"],
      ["--no-exact"],
      ["--predictor", "Latest", "--no-exact", "--proof", "proof.json"],
      ["--predictor", "Latest", "--limit", "0"],
      ["--predictor", "Latest", "--seed", "one"],
      ["--predictor", "Latest", "--policy", "policy.json"],
      ["--predictor", "Latest", "--engine", "pip", "--recommendation-type", "latest"],
    ])
      assert.equal(codeOf(await run(...words)), "usage", words.join(" "));
  });
});
