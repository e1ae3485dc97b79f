// The shipped table of modules, read in both directions.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownDistributions, tableModules, tableProviders } from "../src/index.ts";

describe("the table of modules", () => {
  it("tells the modules of a distribution", () => {
    assert.deepEqual(tableModules("scikit-learn"), ["sklearn"]);
    assert.deepEqual(tableModules("numpy"), ["numpy"]);
    assert.deepEqual(tableModules("nobody-has-this"), []);
  });

  it("tells of each distribution only modules that it provides, and of each at least one", () => {
    const distributions = [...knownDistributions()].slice(0, 500);
    for (const distribution of distributions) {
      const modules = tableModules(distribution);
      assert.ok(modules.length > 0, distribution);
      for (const module of modules) {
        const providers = tableProviders(module).flatMap((one) => [one.distribution, ...one.alternatives]);
        assert.ok(providers.includes(distribution), `${module}: ${distribution}`);
      }
    }
  });
});
