// Inspections of real releases, recorded: in each series one package changes and the rest stays. What is recorded is
// skipped, so that it can be stopped at any time and goes on where it was.
//
// Usage: npm run bench -- inspections [--json] [--releases=N] [--repeat=N] [--into=FOLDER] [--summary] [SERIES…]

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { selectInterpreter } from "@thoth/environment";
import { IndexSession } from "@thoth/index";
import {
  factsOf,
  type Indicator,
  inspect,
  loadIndicators,
  ownIndicators,
  USUAL_REPEAT,
  usualLimits,
} from "@thoth/inspection";
import { digestOf } from "@thoth/knowledge";
import { parsePylock } from "@thoth/pep";
import { openStore } from "@thoth/store";
import { randomFrom } from "@thoth/testkit";
import {
  ownFolder,
  type Release,
  readAllRecorded,
  readRecorded,
  recordedRoot,
  writeRecorded,
} from "./inspections/recorded.ts";
import { AS_OF, chooseReleases, readSeries, type Series } from "./inspections/series.ts";
import { type Step, speedups } from "./inspections/speedups.ts";
import { failureOf, thoth } from "./installing/environment.ts";
import { workshop } from "./measure.ts";

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Task {
  readonly series: Series;
  readonly version: string;
  readonly indicators: readonly Indicator[];
  readonly batches: number;
  readonly signal: AbortSignal;
}

const folder = `${workshop}/inspections`;

export async function run(options: Options): Promise<void> {
  const value = (name: string) =>
    options.arguments.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const into = value("into") ?? recordedRoot;
  const all = readSeries().filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const releases = value("releases");
  const chosen = all.map((one) => (releases === undefined ? one : { ...one, releases: Number(releases) }));
  const batches = Number(value("repeat") ?? USUAL_REPEAT.batches);
  if (!options.arguments.includes("--summary")) await record(chosen, { into: ownFolder(into), batches });
  const kept = all.flatMap((series) => readAllRecorded(into, series));
  const steps = kept.flatMap(speedups);
  const facts = kept.flatMap((one) => Object.values(one.releases).flatMap((release) => release.facts));
  const inspections = facts.filter(({ kind }) => kind === "inspection").length;
  if (options.json) console.log(JSON.stringify({ benchmark: "inspections", inspections, steps }));
  else console.log(`${inspections} inspections, ${facts.length} facts\n\n${table(steps)}`);
}

async function record(chosen: readonly Series[], { into, batches }: { into: string; batches: number }) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const known = await loadIndicators([ownIndicators()]);
  try {
    for (const series of chosen) {
      const indicators = series.indicators.map((name) => known.get(name) ?? fail(`${name} is no indicator`));
      for (const version of shuffled(chooseReleases(series), series.name)) {
        if (controller.signal.aborted) return;
        await recordOne({ series, version, indicators, batches, signal: controller.signal }, into);
      }
    }
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** So that what changes in the course of hours does not look like what changed in the course of releases. */
function shuffled(versions: readonly string[], seed: string): readonly string[] {
  const random = randomFrom(Number.parseInt(digestOf(seed).slice(0, 8), 16));
  const left = [...versions];
  return versions.map(() => left.splice(random(left.length), 1)[0]!);
}

async function recordOne(task: Task, into: string): Promise<void> {
  const { series, version, indicators, batches } = task;
  const interpreter = await selectInterpreter({ pythonVersion: series.python });
  const scripts = indicators.map(({ name, sha256 }) => [name, sha256]);
  const way = digestOf([scripts, batches, series.rest, interpreter.version, usualLimits()]);
  const before = readRecorded(into, series);
  if (before.releases[version]?.way === way) return;
  const began = performance.now();
  let found: Pick<Release, "facts" | "failure">;
  try {
    found = await inspectRelease(task);
  } catch (error) {
    if (task.signal.aborted) return;
    throw error;
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const releases = { ...before.releases, [version]: { way, seconds, ...found } };
  writeRecorded(into, { series, releases });
  console.error(
    `${series.name} ${version}: ${found.failure ?? `${found.facts.length} facts`} in ${seconds} s`,
  );
}

async function inspectRelease(task: Task): Promise<Pick<Release, "facts" | "failure">> {
  const { series, version, indicators, batches, signal } = task;
  mkdirSync(folder, { recursive: true });
  const lock = `${folder}/pylock.toml`;
  const requirements = `${folder}/requirements.in`;
  writeFileSync(requirements, `${[`${series.package}==${version}`, ...series.rest].join("\n")}\n`);
  const place = ["--python-version", series.python, "--as-of", AS_OF, "--only-binary", ":all:"];
  const failure = failureOf(thoth(["lock", requirements, "-o", lock, ...place]));
  if (failure !== undefined) return { failure, facts: [] };
  const session = openSession();
  const root = `${folder}/environments`;
  try {
    const inspection = await inspect({
      lock: parsePylock(readFileSync(lock, "utf8")),
      interpreter: await selectInterpreter({ pythonVersion: series.python }),
      session,
      root,
      allowBuild: false,
      checks: indicators.map((indicator) => ({
        kind: "indicator",
        indicator,
        parameters: {},
        ...(indicator.packages[0] === "*" ? { package: series.package } : {}),
      })),
      direct: [series.package],
      limits: usualLimits(),
      repeat: { ...USUAL_REPEAT, batches },
      signal,
    });
    const observedAt = Math.floor(Date.now() / 1000);
    return { facts: factsOf(inspection, { source: "inspection", observedAt, tool: "thoth benchmarks" }) };
  } finally {
    await session.close();
    // Each is used once.
    rmSync(root, { recursive: true, force: true });
  }
}

function openSession(): IndexSession {
  return new IndexSession({
    indexes: ["https://pypi.org/simple/"],
    findLinks: [],
    store: openStore(`${folder}/knowledge.sqlite`),
    cacheDirectory: `${folder}/cache`,
    offline: false,
    allowBuild: false,
    variables: process.env,
  });
}

function table(steps: readonly Step[]): string {
  const counts = Object.entries(Object.groupBy(steps, ({ kind }) => kind));
  const told = steps.filter(({ kind }) => kind === "faster" || kind === "slower");
  const rows = told.map(({ series, indicator, metric, from, to, speedup = 1, interval = [1, 1] }) => {
    const range = interval.map((end) => end.toFixed(2)).join(" to ");
    return `| ${series} | ${indicator} | ${metric} | ${from} | ${to} | ${speedup.toFixed(2)} | ${range} |`;
  });
  return [
    counts.map(([kind, group = []]) => `${group.length} ${kind}`).join(", "),
    "",
    "| series | indicator | metric | from | to | speed-up | 95 % |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function fail(message: string): never {
  throw new Error(message);
}
