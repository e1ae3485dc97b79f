// The scenarios of packse through the command line: each one's index is served on loopback, and the pins must be
// those of the oracle.

import { parseVersion } from "@thoth/pep";
import { loadPackse, type PackseScenario, serveScenario } from "../../testkit/src/index.ts";
import { askLock, formatPins } from "./lock-command.ts";
import { type LeftOut, type Outcome, runCases, type Suite, withFolder } from "./suite.ts";

export const packseSuite: Suite = {
  name: "packse",
  data: "packse",
  run: (folder) => withFolder((home) => runScenarios(loadPackse(folder), home)),
  leftOut: async (folder) => loadPackse(folder).flatMap(leftOut),
};

async function runScenarios(scenarios: readonly PackseScenario[], home: string): Promise<Outcome> {
  const skipped = scenarios.flatMap(leftOut);
  const cases = scenarios.filter((scenario) => leftOut(scenario).length === 0);
  const { passed, failed } = await runCases(cases, (scenario) => judge(scenario, home), {
    id: ({ file }) => file,
  });
  return { passed, failed, skipped };
}

function leftOut({ file, oracle }: PackseScenario): LeftOut[] {
  if (!oracle.universal) return [];
  return [
    {
      id: file,
      count: 1,
      reason: "asks for one answer for all platforms; a lock of ours is for one environment",
    },
  ];
}

async function judge(scenario: PackseScenario, home: string): Promise<string | undefined> {
  const server = await serveScenario(scenario);
  try {
    const { pins } = await askLock({
      requirements: scenario.root.requires,
      indexUrl: server.indexUrl,
      pythonVersion: scenario.options.python ?? scenario.environment.python,
      platform: platformOf(scenario.options.platform),
      extra: [...optionsOf(scenario), "--cache-dir", `${home}/${scenario.file.replaceAll("/", "-")}`],
      home,
    });
    return compare(scenario.oracle, pins);
  } finally {
    await server.close();
  }
}

function compare(
  oracle: PackseScenario["oracle"],
  pins: ReadonlyMap<string, string> | undefined,
): string | undefined {
  if (pins === undefined) return oracle.satisfiable ? "said to be unsatisfiable, and is not" : undefined;
  if (!oracle.satisfiable) return `is unsatisfiable, and was answered with ${formatPins(pins)}`;
  if (oracle.pins === undefined) return undefined;
  const expected = formatPins(
    new Map([...oracle.pins].map(([name, version]) => [name, parseVersion(version).text])),
  );
  const found = formatPins(pins);
  return found === expected ? undefined : `expected ${expected}, found ${found}`;
}

/** A target triple as uv writes it, as a wheel platform. */
function platformOf(triple: string | undefined): string {
  const parts = /^(x86_64|aarch64)-(manylinux.*)$/.exec(triple ?? "");
  return parts === null ? (triple ?? "linux") : `${parts[2]}_${parts[1]}`;
}

/** The oracle's resolver ignores upper bounds of Requires-Python; ours does when it is told to. */
function optionsOf({ options }: PackseScenario): string[] {
  const args = ["--requires-python", "lower"];
  if (options.prereleases) args.push("--prerelease", "allow");
  if (options.resolution !== undefined) args.push("--resolution", options.resolution);
  for (const name of options.noBuild) args.push("--only-binary", name);
  for (const name of options.noBinary) args.push("--no-binary", name);
  return args;
}
