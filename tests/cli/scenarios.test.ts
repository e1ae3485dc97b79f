// A handful of the scenarios as people meet them: `thoth advise` against an index, with the rules in a folder.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Artifact, buildWheel, type CommandResult, runCommand, startIndex } from "@thoth/testkit";
import { readScenario, type Scenario } from "../scenario.ts";
import { assertCode, makeFolder, makeHome } from "../support.ts";

const SCENARIOS = [
  "boot/tells",
  "boot/refuses-a-package",
  "runtime_environments/python-version",
  "sieve/stack-info",
  "sieve.SkipPackage/stack-info",
  "step/pillow-and-numpy",
  "step/pillow-and-numpy-pinned",
  "step/several-stacks",
  "step.AddPackage/with-a-release",
  "step.SkipPackage/of-a-dependent",
  "step.Group/scores",
  "stride/no-other-stack",
  "pseudonym/a-reward-prefers-it",
  "wrap/annotates",
  "wrap.GHReleaseNotes/links-the-notes",
];

/** Of a package that nobody asks for: what else is known of flaws shall not matter. */
const ADVISORY = JSON.stringify({
  id: "PYSEC-1",
  modified: "2024-01-01T00:00:00Z",
  affected: [{ package: { ecosystem: "PyPI", name: "unrelated" }, versions: ["1.0"] }],
});

interface Advice {
  readonly products: readonly {
    readonly packages: readonly {
      readonly name: string;
      readonly version: string;
      readonly justification: readonly { readonly message: string; readonly package_name: string }[];
    }[];
    readonly objective: readonly { readonly level: string; readonly value: number; readonly bound: number }[];
    readonly stackInfo: readonly object[];
    readonly proof: string;
  }[];
}

function projectsOf({ index }: Scenario): Record<string, Artifact[]> {
  return Object.fromEntries(
    Object.entries(index).map(([name, releases]) => [
      name,
      Object.entries(releases).map(([version, { requires = [] }]) => buildWheel({ name, version, requires })),
    ]),
  );
}

const FOLDER = fileURLToPath(new URL("../scenarios", import.meta.url));

describe("thoth advise on scenarios", () => {
  const home = makeHome();
  for (const name of SCENARIOS) {
    it(name, async () => {
      const text = readFileSync(join(FOLDER, `${name}.yaml`), "utf8");
      const index = await startIndex({ projects: projectsOf(readScenario(text)) });
      try {
        const own = index.indexUrl.replace(/\/$/, "");
        const scenario = readScenario(text.replaceAll("https://index.test/simple", own));
        for (const json of [true, false]) check(await advise(scenario, index.indexUrl, json), scenario, json);
      } finally {
        await index.close();
      }
    });
  }

  function advise({ requirements, request, rules, count }: Scenario, indexUrl: string, json: boolean) {
    const folder = makeFolder(home, {
      "requirements.in": `${requirements.join("\n")}\n`,
      "rules/own.yaml": JSON.stringify({ units: rules }),
      "osv/one.json": ADVISORY,
    });
    const words = ["advise", "requirements.in", "--index-url", indexUrl, "--prescriptions", "rules"];
    const target = ["--python-version", request.python, "--platform", "linux", "--advisories", "osv"];
    const type = ["--recommendation-type", request.type, "--count", `${count}`];
    return runCommand("thoth", [...words, ...target, ...type, ...(json ? ["--json"] : [])], {
      home,
      cwd: folder,
    });
  }
});

function check(result: CommandResult, scenario: Scenario, json: boolean): void {
  if (!json) {
    const said = scenario.refused ?? [
      ...scenario.stackInfo.map(({ link }) => link),
      ...(scenario.products[0]?.justification ?? []).map(({ link }) => link),
    ];
    for (const text of said)
      assert.ok((result.stdout + result.stderr).replace(/\s+/g, " ").includes(text), text);
    return;
  }
  if (scenario.refused !== undefined) {
    assertCode(result, "unsatisfiable");
    return;
  }
  assert.equal(result.status, 0, result.stderr);
  const { products } = result.json as Advice;
  assert.deepEqual(
    // The other levels count days, which this index has and the scenario has not.
    products.map(({ packages, objective, proof }) => ({
      stack: packages.map(({ name, version }) => `${name}==${version}`).join(" "),
      rule: objective.find(({ level }) => level === "rule")?.value,
      proof,
    })),
    scenario.products.map(({ stack, paid }) => ({ stack, rule: paid["rule"] ?? 0, proof: "optimal" })),
  );
  const [best] = products;
  const said = (best?.packages ?? []).flatMap(({ justification }) => justification);
  for (const { package: name, ...item } of scenario.products[0]?.justification ?? []) {
    const found = said.find(({ message, package_name: own }) => message === item.message && own === name);
    assert.deepEqual(found, { ...item, package_name: name });
  }
  assert.deepEqual(best?.stackInfo, scenario.stackInfo);
}
