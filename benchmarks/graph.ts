// Advice on one project against knowledge graphs of growing size: a thousand packages, a hundred thousand, a million, each
// with ten releases, in SQLite and in PostgreSQL. The project's 30 packages are the same everywhere and lie among the
// others. Rounds go over all graphs in turn, so that a busy machine burdens all alike; what counts is time of the processor,
// here and in the server.
//
// Usage: npm run bench -- graph [--packages N] [--rounds N] [--json]

import { mkdirSync, rmSync } from "node:fs";
import { type Project, Resolution } from "@thoth/adviser";
import type { Owner } from "@thoth/knowledge";
import { parseRequirement, targetEnvironment } from "@thoth/pep";
import { type GraphStore, openGraph } from "@thoth/store";
import { GraphReader } from "@thoth/store/graph";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { fillGraphs } from "./graph/fill.ts";
import { GRAPH_INDEX, PROJECT_SIZE, projectName } from "./graph/packages.ts";
import { isThere, type Spent, serverProcessOf, spent } from "./graph/spent.ts";
import { workshop } from "./measure.ts";

const SIZES = [1_000, 100_000, 1_000_000];
const ROUNDS = 300;
const WARM_UP = 20;

/** Room for the work of a bulk load; what is read afterwards is in memory or not as the system likes. */
const SERVER = {
  shared_buffers: "1GB",
  max_wal_size: "8GB",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
  jit: "off",
};

interface Subject {
  readonly store: "SQLite" | "PostgreSQL";
  readonly packages: number;
  readonly graph: GraphStore;
  /** Keeps what it read. */
  readonly reader: GraphReader;
  /** Undefined for none; the connection may be another one after a pause. */
  readonly url: string | undefined;
  serverProcess: number | undefined;
  readonly cold: Spent[];
  readonly warm: Spent[];
  readonly facts: Spent[];
}

interface Row {
  readonly store: string;
  readonly packages: number;
  readonly cold: Figures;
  readonly warm: Figures;
  readonly facts: Figures;
}

/** Milliseconds of the processor, and by how much that is more than against the smallest graph of the same store. */
interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly ratio50: number;
  readonly ratio99: number;
  /** Milliseconds that it took in all. */
  readonly wall50: number;
  readonly wall99: number;
}

export async function run(options: { json: boolean; arguments: readonly string[] }): Promise<void> {
  const most = numberAfter(options.arguments, "--packages") ?? Math.max(...SIZES);
  const rounds = numberAfter(options.arguments, "--rounds") ?? ROUNDS;
  const sizes = SIZES.filter((size) => size <= most);
  const folder = `${workshop}/graph-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  const missing = missingPostgres();
  if (missing !== false) console.error(`PostgreSQL skipped: ${missing}`);
  const server = missing === false ? await startPostgres(SERVER) : undefined;
  const subjects: Subject[] = [];
  try {
    for (const packages of sizes) subjects.push(...(await subjectsOf(packages, folder, server)));
    for (let round = -WARM_UP; round < rounds; round++) await measureRound(subjects, round);
    const rows = subjects.map((subject) => rowOf(subject, subjects));
    if (options.json) console.log(JSON.stringify({ benchmark: "graph", rounds, rows }));
    else for (const row of rows) console.log(linesOf(row));
  } finally {
    for (const { graph } of subjects) await graph.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function numberAfter(words: readonly string[], name: string): number | undefined {
  const at = words.indexOf(name);
  return at < 0 ? undefined : Number(words[at + 1]);
}

async function subjectsOf(
  packages: number,
  folder: string,
  server: PostgresServer | undefined,
): Promise<Subject[]> {
  const started = performance.now();
  const file = `${folder}/${packages}.sqlite`;
  const url = server?.createDatabase();
  await fillGraphs(packages, { file, url });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.error(`${packages} packages of ten releases loaded in ${seconds} s`);
  const places = [["SQLite", file] as const, ...(url === undefined ? [] : [["PostgreSQL", url] as const])];
  return await Promise.all(
    places.map(async ([store, place]) => {
      const graph = await openGraph(place, { connections: 1 });
      const reader = new GraphReader(graph, { indexes: [GRAPH_INDEX] });
      const url = store === "SQLite" ? undefined : place;
      return { store, packages, graph, reader, url, serverProcess: undefined, cold: [], warm: [], facts: [] };
    }),
  );
}

/** The order changes from round to round. */
async function measureRound(subjects: readonly Subject[], round: number): Promise<void> {
  for (let at = 0; at < subjects.length; at++) {
    const subject = subjects[(at + Math.abs(round)) % subjects.length] as Subject;
    const { graph, reader } = subject;
    await graph.snapshot();
    if (!isThere(subject.serverProcess))
      subject.serverProcess = subject.url === undefined ? undefined : serverProcessOf(subject.url);
    const { serverProcess } = subject;
    const fresh = new GraphReader(graph, { indexes: [GRAPH_INDEX] });
    const cold = await spent(() => advise(fresh), serverProcess);
    const warm = await spent(() => advise(reader), serverProcess);
    const facts = await spent(() => readFacts(graph), serverProcess);
    if (round < 0) continue;
    subject.cold.push(cold);
    subject.warm.push(warm);
    subject.facts.push(facts);
  }
}

async function advise(reader: GraphReader): Promise<void> {
  const resolution = new Resolution(PROJECT, reader);
  for (let step = resolution.step(); ; step = resolution.step()) {
    if (step.kind === "needs") {
      await reader.fetch(step.needs);
      continue;
    }
    const chosen = step.kind === "solved" ? step.product.packages.length : 0;
    if (chosen !== PROJECT_SIZE) throw new Error(`the answer has ${chosen} packages`);
    return;
  }
}

const OWNERS = Array.from({ length: PROJECT_SIZE }, (_, at) => projectName(at) as Owner);

async function readFacts(graph: GraphStore): Promise<void> {
  const facts = await graph.read({ owners: OWNERS });
  if (facts.length !== PROJECT_SIZE) throw new Error(`there are ${facts.length} facts`);
}

const PROJECT: Project = {
  requirements: [0, 3, 5].map((at) => ({
    requirement: parseRequirement(projectName(at)),
    group: "default",
    source: "you",
  })),
  constraints: [],
  target: targetEnvironment({ pythonVersion: "3.12.0", platform: "linux" }),
  policy: {
    recommendationType: "latest",
    asOf: Date.UTC(2026, 0, 1) / 1000,
    prerelease: "if-necessary",
    resolution: "highest",
    noBinary: new Set(),
    onlyBinary: new Set(),
    allowBuild: false,
  },
};

function rowOf(subject: Subject, subjects: readonly Subject[]): Row {
  const smallest = subjects.find(({ store }) => store === subject.store) as Subject;
  const figures = (name: "cold" | "warm" | "facts"): Figures => {
    const [values, least] = [subject, smallest].map((one) => one[name].map(({ processor }) => processor)) as [
      number[],
      number[],
    ];
    const walls = subject[name].map(({ wall }) => wall);
    const [p50, p99] = [quantile(values, 0.5), quantile(values, 0.99)];
    return {
      p50,
      p99,
      ratio50: p50 / quantile(least, 0.5),
      ratio99: p99 / quantile(least, 0.99),
      wall50: quantile(walls, 0.5),
      wall99: quantile(walls, 0.99),
    };
  };
  const { store, packages } = subject;
  return { store, packages, cold: figures("cold"), warm: figures("warm"), facts: figures("facts") };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function linesOf({ store, packages, cold, warm, facts }: Row): string {
  const told = ([name, figures]: readonly [string, Figures]) => {
    const { p50, p99, ratio50, ratio99, wall50, wall99 } = figures;
    const ratios = `${ratio50.toFixed(2)} and ${ratio99.toFixed(2)} of the smallest`;
    return `  ${name}: ${p50.toFixed(2)} / ${p99.toFixed(2)} ms of processor (${ratios}), ${wall50.toFixed(1)} / ${wall99.toFixed(1)} ms in all`;
  };
  const rows = [
    ["advice, all read from the store", cold],
    ["advice, all read before", warm],
    ["facts of the 30 packages", facts],
  ] as const;
  return [`${store}, ${packages} packages, median / p99`, ...rows.map(told)].join("\n");
}
