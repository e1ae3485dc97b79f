// What an inspection adds to the knowledge graph. A second inspection of the same stack with the same check in the same
// environment says its facts anew, and does not add to them.

import {
  type AnyFact,
  digestOf,
  environmentDigest,
  type InspectionFact,
  type ObservationFact,
  type Outcome,
  type Owner,
  type Provenance,
  type Stage,
  type StageFact,
} from "@thoth/knowledge";
import type { Checked, Inspection, Stack } from "./inspection.ts";
import { importModulesProgram } from "./python-programs.ts";

/** SHA-256 of the names and versions, in hexadecimal digits. */
export function stackDigest(stack: Stack): string {
  return digestOf(stack);
}

/** Facts of each kind that an inspection gives: `inspection`, `observation`, `measurement`. */
export function factsOf(inspection: Inspection, provenance: Provenance): readonly AnyFact[] {
  const importCheck = { name: "import", sha256: digestOf(importModulesProgram), parameters: {} };
  const first: InspectionFact = {
    stack: inspection.stack,
    environment: inspection.environment,
    check: importCheck,
    stages: [...inspection.made, ...(inspection.import === undefined ? [] : [inspection.import])],
  };
  return [
    ...inspectionFacts(inspection, { fact: first, observed: firstObservations(inspection) }, provenance),
    ...inspection.checked.flatMap((checked) => [
      ...inspectionFacts(inspection, checkFacts(inspection, checked), provenance),
      ...measurementFacts(checked, provenance),
    ]),
  ];
}

interface Observed {
  readonly packages: readonly string[];
  readonly stage: Stage;
  readonly outcome: Outcome;
  readonly symptom?: string | undefined;
  readonly times: number;
}

interface Found {
  readonly fact: InspectionFact;
  readonly observed: readonly Observed[];
}

function inspectionFacts(
  inspection: Inspection,
  { fact, observed }: Found,
  provenance: Provenance,
): AnyFact[] {
  const { stack, environment, place } = inspection;
  const { check } = fact;
  const subject = digestOf([stack, environmentDigest(environment), check]);
  const versions = new Map(stack);
  const facts: AnyFact[] = [
    { owner: `stack:${stackDigest(stack)}`, kind: "inspection", subject, body: fact, provenance },
  ];
  const told = new Set<string>();
  for (const one of observed)
    for (const name of one.packages) {
      const version = versions.get(name);
      // The first says the most: a failure comes before what went well.
      if (version === undefined || told.has(name)) continue;
      told.add(name);
      const beside = one.packages.filter((other) => other !== name && versions.has(other));
      const body: ObservationFact = {
        version,
        beside: beside.map((other) => [other, versions.get(other)!] as const),
        stage: one.stage,
        outcome: one.outcome,
        ...(one.symptom === undefined || one.symptom === "" ? {} : { symptom: one.symptom }),
        times: one.times,
        environment: environmentDigest(environment),
        place,
      };
      facts.push({ owner: name as Owner, kind: "observation", subject, body, provenance });
    }
  return facts;
}

function firstObservations(inspection: Inspection): readonly Observed[] {
  const { made, refused, imported, traced } = inspection;
  const failure = made.find(({ outcome }) => outcome !== "passed");
  if (failure !== undefined) {
    const symptom = lastLine(failure);
    return [{ ...pick(failure), packages: refused === undefined ? [] : [refused], symptom, times: 1 }];
  }
  const failed = imported.filter(({ status }) => status !== 0);
  return [
    ...failed.map(({ package: name, status }): Observed => {
      const trace = traced.get(`import ${name}`);
      const packages = trace === undefined || trace.packages.length === 0 ? [name] : trace.packages;
      const outcome = status < 0 ? "killed" : "failed";
      return { packages, stage: "import", outcome, symptom: trace?.symptom, times: 1 };
    }),
    ...imported
      .filter(({ status }) => status === 0)
      .map(
        ({ package: name }): Observed => ({
          packages: [name],
          stage: "import",
          outcome: "passed",
          times: 1,
        }),
      ),
  ];
}

function checkFacts(inspection: Inspection, checked: Checked): Found {
  const { name, sha256, parameters, stage, passed, runs } = checked;
  const fact: InspectionFact = {
    stack: inspection.stack,
    environment: inspection.environment,
    check: { name, sha256, parameters },
    stages: [...inspection.made, stage],
  };
  const trace = inspection.traced.get(name);
  const own = checked.package === undefined ? inspection.direct : [checked.package];
  if (stage.outcome === "passed")
    return { fact, observed: own.map((one) => ({ ...pick(stage), packages: [one], times: passed })) };
  const packages = trace === undefined || trace.packages.length === 0 ? own.slice(0, 1) : trace.packages;
  const symptom = trace?.symptom ?? lastLine(stage);
  return { fact, observed: [{ ...pick(stage), packages, symptom, times: runs - passed }] };
}

function pick({ stage, outcome }: StageFact): Pick<StageFact, "stage" | "outcome"> {
  return { stage, outcome };
}

function lastLine({ log = "" }: StageFact): string {
  return (log.trimEnd().split("\n").at(-1) ?? "").slice(0, 300).toWellFormed();
}

function measurementFacts({ package: subject, measurements }: Checked, provenance: Provenance): AnyFact[] {
  return measurements.map((body) => {
    const { version: _, batches: _batches, median: _median, interval: _interval, ...what } = body;
    const { outliers: _outliers, noisy: _noisy, environment, ...asked } = what;
    return {
      // What no package is measured by is measured of Python.
      owner: (subject ?? "cpython") as Owner,
      kind: "measurement",
      subject: digestOf([asked, environmentDigest(environment)]),
      body,
      provenance,
    };
  });
}
