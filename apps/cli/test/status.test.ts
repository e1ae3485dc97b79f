// `horus status`: from nothing known to locked, one state after the other.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { documentOf, notebookText, openWorkshop, type Workshop } from "./workshop.ts";

interface Row {
  readonly name: string;
  readonly asked?: string;
  readonly locked?: string;
  readonly kernel: boolean;
}

describe("horus status", () => {
  let shop: Workshop;
  const name = "state.ipynb";
  before(async () => {
    shop = await openWorkshop();
  });
  after(() => shop.close());

  async function statusOf(cells: readonly string[] | undefined, metadata: object = {}) {
    if (cells !== undefined) shop.write(name, notebookText(cells, metadata));
    const result = await shop.run("horus", ["status", name, "--json"]);
    assert.equal(result.status, 0, result.stderr);
    const document = documentOf(result, "horus status");
    return { ...document, state: document["state"], packages: document["packages"] as Row[] };
  }

  const requirements = (packages: object) =>
    JSON.stringify({ packages, "dev-packages": {}, source: [], requires: {} });

  it("tells what the code needs, and what runs in it that installs", async () => {
    assert.equal((await statusOf(["1 + 1"])).state, "empty");
    const found = await statusOf(["import numpy\n", "!pip install alpha>=1"]);
    assert.equal(found.state, "imports");
    assert.deepEqual(found.packages, [
      { name: "alpha", asked: "alpha>=1", kernel: false },
      { name: "numpy", asked: "numpy", kernel: false },
    ]);
    assert.deepEqual((found as Record<string, unknown>)["installs"], [
      { cell: 1, requirements: ["alpha>=1"] },
    ]);
    assert.deepEqual((found as Record<string, unknown>)["modules"], { numpy: "numpy" });
  });

  it("tells a lock that is missing, out of date, or not installed", async () => {
    assert.equal(
      (await statusOf(["import numpy"], { requirements: requirements({ numpy: "*" }) })).state,
      "unlocked",
    );
    assert.equal((await shop.run("horus", ["lock", name, "--as-of", "2026-01-31"])).status, 0);
    const locked = await statusOf(undefined);
    assert.equal(locked.state, "uninstalled");
    assert.deepEqual(
      locked.packages.find((row) => row.name === "numpy"),
      {
        name: "numpy",
        asked: "numpy",
        locked: "2.0",
        kernel: false,
      },
    );
    assert.equal(locked.packages.find((row) => row.name === "ipykernel")?.kernel, true);
    assert.deepEqual((locked as Record<string, unknown>)["indexes"], [shop.index.indexUrl]);
    assert.equal((await shop.run("horus", ["requirements", name, "--add", "numpy<2"])).status, 0);
    assert.equal((await statusOf(undefined)).state, "outdated");
    const before = readFileSync(join(shop.folder, name), "utf8");
    assert.match(
      (await shop.run("horus", ["status", name])).stdout,
      /requirements changed.*\n[\s\S]*numpy<2/,
    );
    assert.equal(readFileSync(join(shop.folder, name), "utf8"), before);
  });

  it("shows what the original locked", async () => {
    const lock = {
      _meta: { hash: { sha256: "0".repeat(64) }, "pipfile-spec": 6, requires: {}, sources: [] },
      default: { numpy: { version: "==1.23.5", hashes: ["sha256:00"] }, broken: 7 },
      develop: {},
    };
    const metadata = {
      dependency_resolution_engine: "thoth",
      requirements: requirements({ numpy: "*" }),
      requirements_lock: JSON.stringify(lock),
    };
    const found = await statusOf(["import numpy"], metadata);
    assert.equal(found.state, "original");
    assert.deepEqual(found.packages, [{ name: "numpy", asked: "numpy", locked: "1.23.5", kernel: false }]);
  });
});
