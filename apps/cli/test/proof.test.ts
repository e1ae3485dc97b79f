// `--proof` and `thoth verify-proof`: what was proved can be checked by others, and what was altered is not believed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ThothError } from "@thoth/pep";
import { checkDerivation } from "@thoth/solver/certificate";
import { readProof } from "../src/proof/proof-file.ts";
import { codeOf, documentOf, openWorkshop, pairRule, type Workshop } from "./workshop.ts";

interface ProofDocument {
  digest: string;
  claims: {
    packages: { name: string; releases: string[]; costs?: (number[] | null)[] }[];
    ranges: { package: string; admits: string }[];
    needs: { package: string }[];
    steps: { kind: string; limit?: number }[];
    result: { stack: { package: string; release: string }[]; levels: { value: number; bound: number }[] };
  }[];
}

/** The text of the document with its own digest put right. */
function signed({ digest: _, ...rest }: ProofDocument): string {
  const digest = `sha256:${createHash("sha256").update(JSON.stringify(rest)).digest("hex")}`;
  return JSON.stringify({ ...rest, digest });
}

describe("proofs", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    mkdirSync(join(shop.folder, "rules"));
    shop.write("requirements.in", "alpha\ngamma\n");
  });
  after(() => shop.close());

  const text = (name: string) => readFileSync(join(shop.folder, name), "utf8");
  const documentIn = (name: string) => JSON.parse(text(name)) as ProofDocument;
  const verify = (name: string, ...words: readonly string[]) =>
    shop.run("thoth", ["verify-proof", name, "--json", ...words]);
  const lock = (...words: readonly string[]) => shop.run("thoth", ["lock", "requirements.in", ...words]);

  it("of a lock is accepted, and is of that lock", async () => {
    const locked = await lock("-o", "pylock.toml", "--proof", "proof.json");
    assert.equal(locked.status, 0, locked.stderr);
    const result = await verify("proof.json", "--lock", "pylock.toml");
    assert.equal(result.status, 0, result.stderr);
    const { claims } = documentOf(result, "thoth verify-proof") as {
      claims: { kind: string; packages: { name: string; version: string }[]; steps: number }[];
    };
    assert.equal(claims.length, 1);
    assert.deepEqual(claims[0]!.packages.map(({ name, version }) => `${name} ${version}`).sort(), [
      "alpha 1.0",
      "beta 1.0",
      "gamma 1.0",
    ]);
    assert.equal(claims[0]!.steps, documentIn("proof.json").claims[0]!.steps.length);
    shop.write("other.txt", `beta==2.0 --hash=sha256:${"0".repeat(64)}\n`);
    const other = await verify("proof.json", "--lock", "other.txt");
    assert.equal(other.status, 1);
    assert.equal(codeOf(other), "invalid-proof");
  });

  it("that nothing fits is accepted", async () => {
    shop.write("conflict.in", "alpha>=2\ngamma\n");
    const failed = await shop.run("thoth", ["lock", "conflict.in", "--proof", "conflict.json"]);
    assert.equal(failed.status, 1);
    const result = await verify("conflict.json");
    assert.equal(result.status, 0, result.stderr);
    const { claims } = documentOf(result, "thoth verify-proof") as { claims: { kind: string }[] };
    assert.deepEqual(
      claims.map(({ kind }) => kind),
      ["unsatisfiable"],
    );
  });

  it("of several stacks are in one document, those with rules on several packages too", async () => {
    shop.write("one.in", "alpha\n");
    shop.write("rules/alpha.yaml", pairRule("==2.0"));
    const words = ["advise", "one.in", "--count", "3", "--no-relax", "--prescriptions", "rules"];
    const advised = await shop.run("thoth", [
      ...words,
      "--proof",
      "several.json",
      "--index-url",
      shop.index.indexUrl,
    ]);
    assert.equal(advised.status, 0, advised.stderr);
    const { claims } = documentIn("several.json");
    assert.ok(claims.length > 1);
    assert.equal(new Set(claims.map(({ result }) => JSON.stringify(result.stack))).size, claims.length);
    assert.equal((await verify("several.json")).status, 0);
    // A second stack that is the first again is none.
    const again = documentIn("several.json");
    again.claims[1]!.result = again.claims[0]!.result;
    shop.write("again.json", signed(again));
    assert.equal((await verify("again.json")).status, 1);
  });

  it("that were altered are rejected", async () => {
    const alterations: ((claim: ProofDocument["claims"][number]) => void)[] = [
      ({ result }) => {
        result.levels[4]!.bound--;
      },
      ({ packages }) => {
        const { costs } = packages.find(({ name }) => name === "alpha")!;
        costs!.find((row) => row !== null)!.reverse();
      },
      ({ needs }) => {
        needs.splice(
          needs.findIndex((one) => one.package === "gamma"),
          1,
        );
      },
      ({ steps }) => {
        steps.pop();
      },
      ({ ranges }) => {
        const range = ranges.find((one) => one.package === "beta" && one.admits !== "0-1")!;
        range.admits = "0-1";
      },
    ];
    for (const [at, alteration] of alterations.entries()) {
      const document = documentIn("proof.json");
      alteration(document.claims[0]!);
      for (const altered of [JSON.stringify(document), signed(document)]) {
        shop.write("altered.json", altered);
        const result = await verify("altered.json");
        assert.equal(result.status, 1, `alteration ${at}`);
        assert.equal(codeOf(result), "invalid-proof");
      }
    }
  });

  it("are rejected whichever character was altered, and the digest was not", () => {
    const whole = text("proof.json");
    readProof(whole, "proof.json");
    const places = [...whole.matchAll(/[0-9a-z]/g)].map(({ index }) => index);
    for (const at of places) {
      const altered = `${whole.slice(0, at)}${whole[at] === "1" ? "2" : "1"}${whole.slice(at + 1)}`;
      assert.throws(
        () => readProof(altered, "proof.json"),
        (error) => error instanceof ThothError && error.code === "invalid-proof",
        `character ${at}`,
      );
    }
  });

  it("hold without the program that wrote them", () => {
    for (const name of ["proof.json", "conflict.json", "several.json"]) {
      assert.equal(text(name), text(name).trimEnd().concat("\n"));
      for (const { problem, derivation } of readProof(text(name), name).claims)
        assert.deepEqual(checkDerivation(problem, derivation), { kind: "valid" });
    }
  });

  it("are read within bounds, whatever the file holds", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    for (const content of [
      "",
      "{",
      "[]",
      "null",
      "7",
      deep,
      `{"claims": ${deep}}`,
      '{"kind": "thoth-proof"}',
    ]) {
      shop.write("hostile.json", content);
      const result = await verify("hostile.json");
      assert.equal(result.status, 1, content.slice(0, 40));
      assert.equal(codeOf(result), "invalid-proof");
    }
    assert.equal(codeOf(await verify("missing.json")), "usage");
    const claimed = text("proof.json").replace(/"claims": \[/, `"claims": [${deep},`);
    shop.write("hostile.json", claimed);
    assert.equal(codeOf(await verify("hostile.json")), "invalid-proof");
    const empty = { ...documentIn("proof.json"), claims: [] };
    shop.write("empty.json", signed(empty));
    assert.equal(codeOf(await verify("empty.json")), "invalid-proof");
  });

  it("are not to be had of other engines", async () => {
    const result = await lock("--engine", "pip", "--proof", "pip.json", "--json");
    assert.equal(result.status, 2);
    assert.equal(codeOf(result), "usage");
    assert.equal(existsSync(join(shop.folder, "pip.json")), false);
  });
});
