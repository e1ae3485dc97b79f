// Every scenario can be loaded and served, and says what is expected of it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseProjectPage, parseVersion, tryParseWheelFilename } from "@thoth/pep";
import { dataFolder, loadPackse, missingData, serveScenario } from "../src/index.ts";

describe("packse", { skip: missingData("packse") }, () => {
  const scenarios = loadPackse(join(dataFolder(), "packse"));

  it("has scenarios, each with an oracle", () => {
    assert.ok(scenarios.length >= 100);
    for (const { oracle, root, name } of scenarios) {
      assert.ok(root.requires.length > 0, name);
      assert.ok(!oracle.satisfiable || oracle.pins !== undefined || name === "android", name);
    }
  });

  it("is served with every file that a scenario names", async () => {
    for (const scenario of scenarios.slice(0, 30)) {
      const server = await serveScenario(scenario);
      for (const [name, versions] of scenario.packages) {
        const url = `${server.indexUrl}${name}/`;
        const answer = await fetch(url);
        const contentType = answer.headers.get("content-type") ?? undefined;
        const { files, warnings } = parseProjectPage(await answer.text(), { url, contentType });
        assert.deepEqual(warnings, [], scenario.name);
        const expected = [...versions.values()].reduce(
          (sum, { wheelTags, sdist }) => sum + wheelTags.length + (sdist ? 1 : 0),
          0,
        );
        assert.equal(files.length, expected, scenario.name);
      }
      await server.close();
    }
  });

  it("names versions and tags that can be read", () => {
    for (const { packages } of scenarios) {
      for (const [, versions] of packages) {
        for (const [version, { wheelTags }] of versions) {
          parseVersion(version);
          for (const tag of wheelTags)
            assert.ok(tryParseWheelFilename(`a-${version}-${tag}.whl`) !== undefined);
        }
      }
    }
  });
});
