// The run stage: an indicator, in several processes whose numbers are put together, or a program of somebody's own.

import { createHash } from "node:crypto";
import { type EnvironmentFacts, type MeasurementFact, type StageFact, summarize } from "@thoth/knowledge";
import { type Bench, stageOf } from "./bench.ts";
import type { Indicator } from "./indicators.ts";
import type { Check, Checked, InspectionEvent, Repeat, Stack } from "./inspection.ts";
import type { IsolatedResult } from "./sandbox/run-isolated.ts";

export interface CheckPlace {
  readonly bench: Bench;
  readonly stack: Stack;
  readonly environment: EnvironmentFacts;
  readonly repeat: Repeat;
  readonly report: ((event: InspectionEvent) => void) | undefined;
}

/** Of one metric in one process. */
const MOST_VALUES = 10_000;

export async function runCheck(check: Check, place: CheckPlace): Promise<Checked> {
  return check.kind === "program" ? await runProgram(check, place) : await runIndicator(check, place);
}

type Program = Extract<Check, { kind: "program" }>;
type Measured = Extract<Check, { kind: "indicator" }>;

async function runProgram({ name, script }: Program, { bench, report }: CheckPlace): Promise<Checked> {
  report?.({ kind: "check", name, batch: 1, batches: 1 });
  const result = await bench.run({ script: "run.py", files: { "run.py": script } });
  return {
    name,
    sha256: createHash("sha256").update(script).digest("hex"),
    parameters: {},
    passed: result.outcome === "passed" ? 1 : 0,
    runs: 1,
    stage: stageOf("run", [result], bench.log),
    measurements: [],
  };
}

async function runIndicator(check: Measured, place: CheckPlace): Promise<Checked> {
  const { indicator } = check;
  const { bench, repeat, report, environment } = place;
  const clock = environment.limits["processors"] === 1 ? "processor" : "wall";
  const parameters = { ...Object.fromEntries(indicator.parameters), ...check.parameters, CLOCK: clock };
  const results: IsolatedResult[] = [];
  const answers: (Answer | undefined)[] = [];
  for (let batch = 1; batch <= repeat.batches; batch++) {
    report?.({ kind: "check", name: indicator.name, batch, batches: repeat.batches });
    const result = await bench.run({
      script: "run.py",
      files: { "run.py": indicator.script },
      variables: {
        ...parameters,
        THOTH_CLOCK: clock,
        THOTH_WARMUP: String(repeat.warmup),
        THOTH_REPETITIONS: String(repeat.repetitions),
      },
      seconds: indicator.seconds,
    });
    results.push(result);
    answers.push(result.outcome === "passed" ? parseAnswer(result.stdout, indicator) : undefined);
    // What fails once is not asked again and again.
    if (answers.at(-1) === undefined) break;
  }
  const subject = check.package ?? indicator.packages[0];
  const passed = answers.filter((answer) => answer !== undefined).length;
  return {
    name: indicator.name,
    sha256: indicator.sha256,
    parameters,
    ...(subject === undefined ? {} : { package: subject }),
    passed,
    runs: results.length,
    stage: withoutAnswer(stageOf("run", results, bench.log), answers),
    measurements:
      passed < results.length ? [] : measurementsOf({ check, parameters, results, answers }, place),
  };
}

/** A program that ends well and tells no numbers has failed too. */
function withoutAnswer(stage: StageFact, answers: readonly (Answer | undefined)[]): StageFact {
  if (stage.outcome !== "passed" || answers.at(-1) !== undefined) return stage;
  return { ...stage, outcome: "failed", log: "it told no numbers above 0, as an indicator does" };
}

type Answer = ReadonlyMap<string, readonly number[]>;

/** Numbers by metric of the last line that is such a document; chatter may come before it. */
export function parseAnswer(stdout: string, indicator: Indicator): Answer | undefined {
  for (const line of stdout.trimEnd().split("\n").toReversed().slice(0, 20)) {
    let document: unknown;
    try {
      document = JSON.parse(line);
    } catch {
      continue;
    }
    const results = (document as { results?: unknown } | null)?.results;
    if (typeof results !== "object" || results === null) continue;
    const found = new Map<string, readonly number[]>();
    for (const [name, values] of Object.entries(results))
      if (indicator.metrics.has(name) && isNumbers(values)) found.set(name, values);
    return found.size === indicator.metrics.size ? found : undefined;
  }
  return undefined;
}

function isNumbers(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MOST_VALUES &&
    value.every((one) => typeof one === "number" && Number.isFinite(one) && one > 0)
  );
}

interface Numbers {
  readonly check: Measured;
  readonly parameters: Readonly<Record<string, string>>;
  readonly results: readonly IsolatedResult[];
  readonly answers: readonly (Answer | undefined)[];
}

function measurementsOf(
  { check, parameters, results, answers }: Numbers,
  place: CheckPlace,
): MeasurementFact[] {
  const { indicator } = check;
  const { stack, environment } = place;
  const subject = check.package ?? indicator.packages[0];
  const version = new Map(stack).get(subject ?? "") ?? environment.python.split(" ").at(-1)!;
  const throttled = results.every((result) => result.throttled !== undefined)
    ? results.reduce((sum, result) => sum + (result.throttled ?? 0), 0)
    : undefined;
  return [...indicator.metrics].flatMap(([metric, { unit, higherIsBetter }]): MeasurementFact[] => {
    const batches = answers.map((answer) => (answer?.get(metric) ?? []).map(rounded));
    const summary = summarize({ batches, unit, throttled });
    if (summary === undefined) return [];
    return [
      {
        version,
        indicator: indicator.name,
        script: indicator.sha256,
        parameters,
        metric,
        unit,
        higherIsBetter,
        ...summary,
        stack,
        environment,
      },
    ];
  });
}

/** To what can be measured at all. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
