// Resolutions over a graph answer as they do over facts at hand.

import assert from "node:assert/strict";
import { Resolution, type ResolutionStep } from "@thoth/adviser";
import {
  encodeProject,
  type KnowledgeReader,
  type Needs,
  ProjectRecord,
  type ReleaseMetadata,
  type SavedMetadata,
} from "@thoth/knowledge";
import { normalizeName, parseRequirement, targetEnvironment } from "@thoth/pep";
import * as fc from "fast-check";
import { GraphReader } from "../src/graph.ts";
import type { GraphStore } from "../src/index.ts";
import { INDEX, VALIDATORS } from "./conformance.ts";
import { type Run, withGraph } from "./graph-place.ts";

const SECOND = "https://second.test/simple/";
const RUNS = Number(process.env["THOTH_PROPERTY_RUNS"] ?? 15);

/** Requirements of each release, newest last, by project. */
type Index = Readonly<Record<string, readonly (readonly string[])[]>>;

const NAMES = ["a", "b", "c", "d", "e"];
const anyRequirement = fc
  .tuple(fc.constantFrom(...NAMES, "absent"), fc.constantFrom("", ">=2", "<3", "==1", "!=2"))
  .map(([name, specifier]) => `${name}${specifier}`);
const anyIndex: fc.Arbitrary<Index> = fc
  .array(fc.array(fc.array(anyRequirement, { maxLength: 2 }), { minLength: 1, maxLength: 4 }), {
    minLength: NAMES.length,
    maxLength: NAMES.length,
  })
  .map((all) => Object.fromEntries(NAMES.map((name, at) => [name, all[at] ?? []])));

interface Encoded {
  readonly bytes: Uint8Array;
  readonly record: ProjectRecord;
  readonly files: readonly SavedMetadata[];
}

function encoded(name: string, releases: Index[string], index: string): Encoded {
  const files = releases.map((_, at) => ({
    filename: `${name}-${at + 1}-py3-none-any.whl`,
    url: `https://files.test/${name}-${at + 1}-py3-none-any.whl`,
    hashes: { sha256: Buffer.from(`${name}-${at}`).toString("hex").padEnd(64, "0") },
    yanked: false,
    coreMetadata: false,
  }));
  const page = { name: normalizeName(name), files, status: { status: "active" as const } };
  const bytes = encodeProject({ ...page, tracks: [], alternateLocations: [], warnings: [] }, index);
  const record = new ProjectRecord(bytes);
  const saved = Array.from({ length: record.fileCount }, (_, file) => {
    const version = record.versionText(record.releaseOf(file));
    const requiresDist = releases[Number(version) - 1] ?? [];
    const metadata: ReleaseMetadata = {
      name,
      version,
      requiresDist,
      requiresPython: undefined,
      providesExtra: [],
    };
    return { project: record, file, metadata };
  });
  return { bytes, record, files: saved };
}

class AtHand implements KnowledgeReader {
  readonly #projects: ReadonlyMap<string, Encoded>;

  constructor(projects: readonly Encoded[]) {
    this.#projects = new Map(projects.map((project) => [project.record.name, project]));
  }

  project(name: string): ProjectRecord | null {
    return this.#projects.get(name)?.record ?? null;
  }

  metadata(project: ProjectRecord, file: number): ReleaseMetadata {
    return this.#projects.get(project.name)?.files[file]?.metadata as ReleaseMetadata;
  }
}

function resolutionOf(roots: readonly string[], knowledge: KnowledgeReader): Resolution {
  const requirements = roots.map((name) => ({
    requirement: parseRequirement(name),
    group: "default" as const,
    source: "you",
  }));
  const policy = {
    recommendationType: "latest" as const,
    asOf: 1_700_000_000,
    prerelease: "if-necessary" as const,
    resolution: "highest" as const,
    noBinary: new Set<never>(),
    onlyBinary: new Set<never>(),
    allowBuild: false,
  };
  const target = targetEnvironment({ pythonVersion: "3.12.0", platform: "linux" });
  return new Resolution({ requirements, constraints: [], target, policy }, knowledge);
}

async function resolve(roots: readonly string[], reader: GraphReader): Promise<string> {
  const resolution = resolutionOf(roots, reader);
  for (let round = 0; round < 1000; round++) {
    const step = resolution.step();
    if (step.kind !== "needs") return answerOf(step);
    const rest = await reader.fetch(step.needs);
    assert.deepEqual(rest, { projects: [], metadata: [] });
  }
  throw new Error("the resolution does not end");
}

function answerOf(step: Exclude<ResolutionStep, { kind: "needs" }>): string {
  if (step.kind === "solved")
    return step.product.packages.map(({ name, version }) => `${name}==${version}`).join(" ");
  return step.kind === "unsatisfiable" ? step.failure.code : step.kind;
}

async function save(graph: GraphStore, projects: readonly Encoded[]): Promise<void> {
  const rows = projects.map(({ bytes, record }) => ({
    key: { index: record.index, name: record.name },
    bytes,
    validators: VALIDATORS,
  }));
  await graph.saveProjects(rows);
  await graph.saveMetadata(projects.flatMap(({ files }) => files));
}

export function readerTests(run: Run): void {
  run("a resolution over the graph answers as over facts at hand", (place) =>
    withGraph(place, async (graph) => {
      await fc.assert(
        fc.asyncProperty(anyIndex, fc.subarray([...NAMES], { minLength: 1 }), async (index, roots) => {
          const projects = Object.entries(index).map(([name, releases]) => encoded(name, releases, INDEX));
          await save(graph, projects);
          const reader = new GraphReader(graph, { indexes: [INDEX] });
          const expected = resolutionOf(roots, new AtHand(projects)).step();
          assert.notEqual(expected.kind, "needs");
          assert.equal(
            await resolve(roots, reader),
            answerOf(expected as Exclude<ResolutionStep, { kind: "needs" }>),
          );
        }),
        { numRuns: RUNS },
      );
    }),
  );

  run(
    "the first index that has a project counts; what is not kept does not exist, or is needed still",
    (place) =>
      withGraph(place, async (graph) => {
        const [ours, theirs] = [encoded("a", [[], []], INDEX), encoded("a", [[]], SECOND)];
        const only = encoded("b", [[]], SECOND);
        await save(graph, [ours, theirs, only]);
        await graph.saveProjects([
          { key: { index: INDEX, name: "b" }, bytes: null, validators: VALIDATORS },
          {
            key: { index: SECOND, name: "hidden" },
            bytes: encoded("hidden", [[]], SECOND).bytes,
            validators: VALIDATORS,
          },
        ]);
        const names = ["a", "b", "hidden", "absent"].map(normalizeName);
        const needs: Needs = { projects: names, metadata: [] };
        const complete = new GraphReader(graph, { indexes: [INDEX, SECOND] });
        assert.deepEqual(await complete.fetch(needs), { projects: [], metadata: [] });
        const counts = names.map((name) => complete.project(name)?.fileCount);
        assert.deepEqual(counts, [2, 1, 1, undefined]);
        assert.equal(complete.project(normalizeName("absent")), null);

        const partial = new GraphReader(graph, { indexes: [INDEX, SECOND], isComplete: false });
        const unknown = encoded("a", [[], [], []], INDEX).record;
        const file = { project: unknown, file: 0 };
        const rest = await partial.fetch({ projects: names, metadata: [file] });
        assert.deepEqual(rest, { projects: names.slice(2), metadata: [file] });
        assert.equal(partial.project(normalizeName("hidden")), undefined);
        assert.equal(partial.metadata(unknown, 0), undefined);
        await complete.fetch({ projects: [], metadata: [file] });
        assert.deepEqual(Object.keys(complete.metadata(unknown, 0) ?? {}), ["unavailable", "message"]);
      }),
  );
}
