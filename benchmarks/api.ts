// Whether what is read of releases is what they offer, and whether what is said of code's uses is true: beside Python
// itself, in two environments of ten packages each. Then how long it takes to read a release.
//
// Usage: npm run bench -- api [--json] [--details]

import type { ApiFact } from "@thoth/knowledge";
import {
  matchUsage,
  ReleaseSources,
  readSurface,
  type SourceFile,
  type Surface,
  surfaceOf,
  usageOf,
} from "@thoth/python";
import { BREAKS } from "./api/breaks.ts";
import { type Environment, filesOf, LARGE, makeEnvironment, WANTED, wheelFiles } from "./api/environments.ts";
import { type Comparison, compare } from "./api/oracle.ts";
import { breaks, corpus, judge, type Verdict } from "./api/usages.ts";

interface Row extends Comparison {
  readonly release: string;
  /** Seconds, and the size of the fact in bytes. */
  readonly seconds: number;
  readonly bytes: number;
}

interface Judged extends Verdict {
  readonly code: string;
  readonly environment: string;
}

export async function run(options: { json: boolean; arguments: readonly string[] }): Promise<void> {
  const environments: Environment[] = [];
  for (const wanted of WANTED) environments.push(await makeEnvironment(wanted));
  const rows: Row[] = [];
  const surfaces: Surface[] = [];
  for (const environment of environments) {
    const facts: ApiFact[] = [];
    for (const requirement of environment.packages) {
      const { row, fact } = readOne(environment, requirement);
      rows.push(row);
      facts.push(fact);
    }
    surfaces.push(surfaceOf(together(facts)));
  }
  const judged = [corpus(), breaks()].flatMap((code) =>
    environments.map((environment, index) => {
      const [surface, other] = [surfaces[index]!, surfaces[1 - index]!];
      return {
        code: code.name,
        environment: environment.name,
        ...judge(code, { environment, surface, other }),
      };
    }),
  );
  const times = LARGE.map(timeLarge);
  if (options.json) console.log(JSON.stringify({ benchmark: "api", rows, judged, times }));
  else console.log([releases(rows), usages(judged), table(times)].join("\n\n"));
  if (options.arguments.includes("--details")) details(rows, judged);
}

function readOne(environment: Environment, requirement: string): { row: Row; fact: ApiFact } {
  const { release, files } = filesOf(environment.site, requirement);
  const begin = performance.now();
  const fact = readSurface(release, files);
  const seconds = (performance.now() - begin) / 1000;
  const bytes = JSON.stringify(fact).length;
  return { fact, row: { release, seconds, bytes, ...compare(fact, environment) } };
}

/** As if all were one release. */
function together(facts: readonly ApiFact[]): ApiFact {
  return {
    filename: "",
    modules: Object.assign(Object.create(null), ...facts.map(({ modules }) => modules)),
    opaque: facts.flatMap(({ opaque }) => opaque),
    unread: facts.flatMap(({ unread }) => unread),
  };
}

interface Time {
  readonly release: string;
  readonly files: number;
  readonly megabytes: number;
  readonly whole: number;
  /** By need, for the known breaks: texts read, seconds. */
  readonly needed: number;
  readonly lazily: number;
}

function timeLarge(requirement: string): Time {
  const { release, files } = wheelFiles(requirement, "3.11");
  const begin = performance.now();
  readSurface(release, files);
  const whole = (performance.now() - begin) / 1000;
  const characters = files.reduce((sum, { text }) => sum + text.length, 0);
  return { release, files: files.length, megabytes: characters / 1e6, whole, ...byNeed(files) };
}

/** What a few uses of each package cost when only the texts that they need are read. */
function byNeed(files: readonly SourceFile[]): Pick<Time, "needed" | "lazily"> {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const code = [
    ...BREAKS,
    "import tensorflow as tf\ntf.Session\ntf.keras.layers.Dense(3, foo=1)\ntf.contrib",
    USES,
  ];
  const usage = code.flatMap((text, cell) => usageOf([{ cell, text }]));
  const begin = performance.now();
  const sources = new ReleaseSources(texts.keys());
  let needed = 0;
  for (;;) {
    const match = matchUsage(usage, sources);
    if (match.kind === "matched") return { needed, lazily: (performance.now() - begin) / 1000 };
    needed += match.paths.length;
    for (const path of match.paths) sources.supply(path, texts.get(path) ?? "");
  }
}

const USES =
  "from transformers import AutoModel, BertTokenizer, AdamW\nfrom skimage import io, filters\nimport skimage\nskimage.measure.compare_ssim\nfilters.gaussian(1, multichannel=True)";

function table(times: readonly Time[]): string {
  const lines = times.map(
    ({ release, files, megabytes, whole, needed, lazily }) =>
      `| ${release} | ${files} | ${megabytes.toFixed(1)} | ${whole.toFixed(1)} | ${needed} | ${lazily.toFixed(2)} |`,
  );
  return [
    "| wheel | files | MB of text | whole, s | read by need | s |",
    "|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function releases(rows: readonly Row[]): string {
  const share = (part: number, whole: number): string => (whole === 0 ? "" : (part / whole).toFixed(3));
  const lines = rows.map((row) => {
    const { names, found, untold, denied, read, right, signatures, alike, members, untoldMembers } = row;
    const cells = [
      row.release,
      names,
      share(found, names),
      share(untold, names),
      denied.length,
      share(right, read),
    ];
    const more = [
      share(alike, signatures),
      signatures,
      members,
      share(untoldMembers, members),
      row.deniedMembers.length,
    ];
    return `| ${[...cells, ...more, row.seconds.toFixed(1), (row.bytes / 1e6).toFixed(1)].join(" | ")} |`;
  });
  return [
    "| release | names | found | not told | denied | precision | signatures alike | of | members | not told | denied | s | MB |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function usages(judged: readonly Judged[]): string {
  const lines = judged.map(
    ({ code, environment, uses, failing, told, remarked, certain, right }) =>
      `| ${code} | ${environment} | ${uses} | ${failing} | ${told} | ${remarked} | ${certain} | ${right} |`,
  );
  return [
    "| code | releases of | uses | fail | told | or remarked | certain | right |",
    "|---|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function details(rows: readonly Row[], judged: readonly Judged[]): void {
  for (const { release, denied, deniedMembers } of rows)
    for (const each of [...denied, ...deniedMembers]) console.error(`${release} denied: ${each}`);
  for (const { environment, wrong, missed } of judged) {
    for (const each of wrong) console.error(`wrong: ${each}`);
    for (const each of missed) console.error(`${environment} missed: ${each}`);
  }
}
