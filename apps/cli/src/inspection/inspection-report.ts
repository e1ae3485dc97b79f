// What an inspection came to, as the document of `--json` and as words.

import type { Checked, Inspection } from "@thoth/inspection";
import { environmentDigest, type MeasurementFact, type StageFact } from "@thoth/knowledge";
import { formatSeconds, formatSize, plural, printableLines } from "../frame/printable.ts";
import type { Part, Table } from "../frame/table.ts";

export function inspectionDocument(inspection: Inspection, facts: number): object {
  const { stack, environment, place, made, imported, checked } = inspection;
  return {
    stack: stack.map(([name, version]) => ({ name, version })),
    passed: hasPassed(inspection),
    place,
    environment,
    "environment-digest": environmentDigest(environment),
    stages: [...made, ...(inspection.import === undefined ? [] : [inspection.import])],
    imports: imported.map(({ package: name, ...rest }) => ({
      name,
      ...rest,
      ...tracedTo(inspection, `import ${name}`),
    })),
    checks: checked.map(({ measurements, ...rest }) => ({
      ...rest,
      ...tracedTo(inspection, rest.name),
      measurements: measurements.map(measurementDocument),
    })),
    facts,
  };
}

function tracedTo({ traced }: Inspection, what: string): object {
  const found = traced.get(what);
  return found === undefined ? {} : { symptom: found.symptom, "traced-to": found.packages };
}

/** The stack and the environment are those of the whole. */
function measurementDocument({ stack: _, environment: _environment, ...rest }: MeasurementFact): object {
  return rest;
}

export function hasPassed({ made, imported, checked, import: stage }: Inspection): boolean {
  return (
    [...made, ...(stage === undefined ? [] : [stage])].every(({ outcome }) => outcome === "passed") &&
    imported.every(({ status }) => status === 0) &&
    checked.every((one) => one.stage.outcome === "passed")
  );
}

export function inspectionText(inspection: Inspection): readonly Part[] {
  const { stack, place, environment } = inspection;
  const measured = inspection.checked.flatMap(measuredRows);
  const { cpu } = environment;
  return [
    `${plural(stack.length, "package")} on ${place}, ${cpu.model}, ${plural(cpu.count, "processor")}`,
    stageTable(inspection),
    ...failures(inspection),
    ...(measured.length === 0
      ? []
      : ["", { headings: ["indicator", "of", "metric", "median", "95 %", "remark"], rows: measured }]),
    ...(environment.missing.length === 0
      ? []
      : ["", `this machine could not isolate all: ${environment.missing.join(", ")}`]),
  ];
}

function stageTable({ made, import: imports, imported, checked }: Inspection): Table {
  const rows = [
    ...made.map((stage) => stageRow(stage, "")),
    ...(imports === undefined ? [] : [stageRow(imports, plural(imported.length, "package"))]),
    ...checked.map(({ name, stage, passed, runs }) => stageRow(stage, `${name}, ${passed} of ${runs}`)),
  ];
  return { headings: ["stage", "what", "outcome", "time", "processor", "memory", "throttled"], rows };
}

function stageRow(stage: StageFact, what: string): readonly string[] {
  const { user, system, memory, throttled, wall, outcome, status } = stage;
  return [
    stage.stage,
    what,
    outcome === "passed" ? outcome : `${outcome} (${status})`,
    formatSeconds(wall),
    user === undefined || system === undefined ? "" : formatSeconds(user + system),
    memory === undefined ? "" : formatSize(memory),
    throttled === undefined ? "unknown" : throttled === 0 ? "" : formatSeconds(throttled),
  ];
}

function failures({ made, import: imports, imported, checked, traced }: Inspection): readonly string[] {
  const broken = imported.filter(({ status }) => status !== 0);
  const lines = [
    ...broken.map(({ package: name }) => told(`import of ${name}`, traced.get(`import ${name}`))),
    ...checked
      .filter(({ stage }) => stage.outcome !== "passed")
      .map(({ name, stage }) => `${told(name, traced.get(name))}\n${indented(stage.log)}`),
    ...made.filter(({ outcome }) => outcome !== "passed").map(({ stage, log }) => `${stage}: ${log ?? ""}`),
    ...(broken.length === 0 && imports !== undefined && imports.outcome !== "passed"
      ? [`import: ${imports.log ?? ""}`]
      : []),
  ];
  return lines.length === 0 ? [] : ["", ...lines.map(printableLines)];
}

function told(what: string, trace: { symptom: string; packages: readonly string[] } | undefined): string {
  if (trace === undefined) return `${what} failed`;
  const of = trace.packages.length === 0 ? "" : ` (${trace.packages.join(" with ")})`;
  return `${what} failed${of}: ${trace.symptom}`;
}

function indented(log = ""): string {
  return log
    .split("\n")
    .slice(-8)
    .map((line) => `    ${line}`)
    .join("\n");
}

function measuredRows({ name, package: subject = "Python", measurements }: Checked): readonly string[][] {
  return measurements.map(({ metric, unit, median, interval, noisy, version }) => [
    name,
    `${subject} ${version}`,
    metric,
    `${short(median)} ${unit}`,
    `${short(interval[0])} to ${short(interval[1])}`,
    noisy ?? "",
  ]);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
