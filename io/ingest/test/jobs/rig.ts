// Sources on loopback, a graph in memory, and jobs that ask the one for the other.

import type { TestContext } from "node:test";
import { WebClient } from "@thoth/index";
import { type AnyFact, type FactKind, formatBody, type KnowledgeGraph } from "@thoth/knowledge";
import { parsePackageName, parseVersion, targetEnvironment } from "@thoth/pep";
import { openGraph } from "@thoth/store";
import {
  type SourceWorld,
  startSourceWorld,
  type WorldFlaw,
  type WorldImage,
  type WorldProject,
} from "@thoth/testkit";
import {
  digestOf,
  type JobOptions,
  type JobReport,
  runJob,
  SOURCES,
  type SourceName,
  wantedProjects,
} from "../../src/index.ts";

export const QUICK = { pause: 0, backoff: 0.001, retries: 2, patience: 1, atOnce: 4 } as const;

export interface RefreshOptions extends Partial<JobOptions> {
  /** Where the source is instead. */
  readonly base?: string;
  /** Default: the one in memory. */
  readonly graph?: KnowledgeGraph;
}

export interface Rig {
  readonly world: SourceWorld;
  readonly graph: KnowledgeGraph;
  /** What the clock of jobs shows; seconds since 1970. */
  now: number;
  /** Of the wanted projects; default all of the world. */
  wanted: readonly string[];
  /** Releases of a lock, as `name==version`. */
  locked: readonly string[];
  /** Names of images. */
  images: readonly string[];
  wantsFlaw(cve: string): boolean;
  refresh(source: SourceName, options?: RefreshOptions): Promise<JobReport>;
  facts(...kinds: FactKind[]): Promise<readonly AnyFact[]>;
}

export const PROJECTS: readonly WorldProject[] = [
  {
    name: "alpha",
    serial: 10,
    versions: ["1.0", "1.1", "2.0", "2.1", "3.0rc1"],
    yanked: ["2.1"],
    repository: "https://github.com/Org/Alpha",
    downloads: 5000,
    score: 7.5,
    size: 5_000_000,
  },
  {
    name: "beta",
    serial: 11,
    versions: ["0.1"],
    status: { status: "archived", reason: "use alpha" },
    repository: "https://gitlab.com/group/sub/beta",
    archived: true,
    downloads: 900,
  },
  { name: "gamma", serial: 12, versions: ["1.0"], downloads: 900 },
];

export const FLAWS: readonly WorldFlaw[] = [
  { cve: "CVE-2024-0001", probability: 0.25, known: "2024-02-03" },
  { cve: "CVE-2024-0002", probability: 0.5 },
  { cve: "CVE-2024-9999", probability: 0.75, known: "2024-02-03" },
];

const WANTED_FLAWS = new Set(["CVE-2024-0001", "CVE-2024-0002"]);

export async function openRig(
  t: TestContext,
  projects: readonly WorldProject[] = PROJECTS,
  flaws: readonly WorldFlaw[] = FLAWS,
  images: readonly WorldImage[] = [],
): Promise<Rig> {
  const world = await startSourceWorld(projects, { flaws, images });
  const graph = await openGraph(":memory:");
  const controller = new AbortController();
  t.after(async () => {
    await graph.close();
    await world.close();
  });
  const rig: Rig = {
    world,
    graph,
    now: 1_700_000_000,
    wantsFlaw: (cve) => WANTED_FLAWS.has(cve),
    wanted: projects.map(({ name }) => name),
    locked: [],
    images: images.map(({ repository, tag }) => `${new URL(world.origin).host}/${repository}:${tag}`),
    refresh: async (name, { base, graph: other = graph, ...options } = {}) => {
      const entry = SOURCES.find((one) => one.name === name);
      if (entry === undefined) throw new Error(name);
      const client = new WebClient({
        base:
          base ??
          (name === "images" ? world.origin : world.variables[`THOTH_SOURCE_${name.toUpperCase()}`]) ??
          "",
        variables: { HOME: "/nowhere" },
        limits: { stallSeconds: 0.5 },
      });
      const source = entry.open(client.base, {
        projects: wantedProjects(
          rig.wanted.map((text) => parsePackageName(text)),
          rig.locked.map(releaseOf),
        ),
        flaws: { wants: (cve) => rig.wantsFlaw(cve), digest: digestOf([...WANTED_FLAWS]) },
        images: rig.images,
        target: async () => targetEnvironment({ pythonVersion: "3.11.7", platform: "manylinux_2_28_x86_64" }),
      });
      try {
        return await runJob(source, other, {
          client,
          signal: controller.signal,
          now: () => rig.now,
          every: 3600,
          seconds: 30,
          politeness: QUICK,
          ...options,
        });
      } finally {
        await client.close();
      }
    },
    facts: (...kinds) => factsOf(graph, kinds),
  };
  return rig;
}

function releaseOf(text: string) {
  const [name = "", version = ""] = text.split("==");
  return { name: parsePackageName(name), version: parseVersion(version) };
}

export async function factsOf(
  graph: KnowledgeGraph,
  kinds: readonly FactKind[],
): Promise<readonly AnyFact[]> {
  const facts: AnyFact[] = [];
  for (const kind of kinds) {
    const owners = await graph.owners({ kind, limit: 1000 });
    facts.push(...(await graph.read({ owners, kinds: [kind] })));
  }
  return facts;
}

/** All that is said, and of what: the same for the same graph. */
export function textOf(facts: readonly AnyFact[]): readonly string[] {
  return facts.map(({ owner, kind, subject, body }) => `${owner} ${kind} ${subject} ${formatBody(body)}`);
}
