// Knowledge written down in a test: projects with releases, as an index page would list them. A reveal order
// can be given, so that facts arrive as they would from a network.

import {
  encodeProject,
  type KnowledgeReader,
  type MetadataUnavailable,
  type Needs,
  ProjectRecord,
  type ReleaseMetadata,
} from "@thoth/knowledge";
import {
  normalizeName,
  type PackageName,
  parseRequirement,
  parseVersion,
  targetEnvironment,
} from "@thoth/pep";
import {
  type Policy,
  type Project,
  Resolution,
  type ResolutionOptions,
  type ResolutionStep,
} from "../src/index.ts";

export interface Release {
  readonly requires?: readonly string[];
  readonly extras?: readonly string[];
  readonly requiresPython?: string;
  readonly uploaded?: string;
  readonly yanked?: boolean;
  /** Its METADATA cannot be read. */
  readonly broken?: boolean;
  /** Tag sets of its wheels; an empty list for a release with a source distribution only. */
  readonly wheels?: readonly string[];
  /** The index tells of an attestation. */
  readonly attested?: boolean;
}

export type Index = Readonly<Record<string, Readonly<Record<string, Release>>>>;

const SHA = "0".repeat(64);

export class MemoryKnowledge implements KnowledgeReader {
  readonly #records = new Map<string, ProjectRecord>();
  readonly #metadata = new Map<string, ReleaseMetadata | MetadataUnavailable>();
  readonly #shown = new Set<string>();
  readonly #everything: boolean;
  /** How many facts were asked for. */
  asked = 0;

  /** `places`: the index of projects that are on another one than the rest. */
  constructor(index: Index, everything: boolean, places: Readonly<Record<string, string>> = {}) {
    this.#everything = everything;
    for (const [name, releases] of Object.entries(index))
      this.#add(normalizeName(name), releases, places[name] ?? "https://index.test/simple/");
  }

  #add(name: PackageName, releases: Readonly<Record<string, Release>>, place: string): void {
    const files = Object.entries(releases).flatMap(([version, release]) => {
      const stem = `${name.replaceAll("-", "_")}-${version}`;
      const names = (release.wheels ?? ["py3-none-any"]).map((tags) => `${stem}-${tags}.whl`);
      return (names.length > 0 ? names : [`${stem}.tar.gz`]).map((filename) => {
        if (release.broken === true)
          this.#metadata.set(filename, { unavailable: "invalid-metadata", message: "it is broken" });
        else
          this.#metadata.set(filename, {
            name,
            version: parseVersion(version).text,
            requiresDist: release.requires ?? [],
            requiresPython: release.requiresPython,
            providesExtra: release.extras ?? [],
          });
        return {
          filename,
          url: `https://index.test/${filename}`,
          hashes: { sha256: SHA },
          yanked: release.yanked ?? false,
          coreMetadata: false,
          ...(release.requiresPython === undefined ? {} : { requiresPython: release.requiresPython }),
          ...(release.uploaded === undefined ? {} : { uploadTime: release.uploaded }),
          ...(release.attested === true ? { provenance: `https://index.test/${filename}.provenance` } : {}),
        };
      });
    });
    const page = {
      name,
      files,
      status: { status: "active" as const },
      tracks: [],
      alternateLocations: [],
      warnings: [],
    };
    this.#records.set(name, new ProjectRecord(encodeProject(page, place)));
  }

  project(name: PackageName): ProjectRecord | null | undefined {
    if (!this.#everything && !this.#shown.has(name)) return undefined;
    return this.#records.get(name) ?? null;
  }

  metadata(record: ProjectRecord, file: number): ReleaseMetadata | MetadataUnavailable | undefined {
    const filename = record.filename(file);
    return this.#everything || this.#shown.has(filename) ? this.#metadata.get(filename) : undefined;
  }

  /** Reveals what is needed: all of it, or as many facts as `some` says. */
  reveal(needs: Needs, some: (count: number) => number = (count) => count): void {
    const keys = [...needs.projects, ...needs.metadata.map(({ project, file }) => project.filename(file))];
    for (const key of keys.slice(0, Math.max(1, some(keys.length)))) {
      this.asked++;
      this.#shown.add(key);
    }
  }
}

export const DEFAULTS: Policy = {
  recommendationType: "latest",
  asOf: Date.parse("2026-01-01T00:00:00Z") / 1000,
  prerelease: "if-necessary",
  resolution: "highest",
  noBinary: new Set(),
  onlyBinary: new Set(),
  allowBuild: false,
};

export function projectOf(
  requirements: readonly string[],
  policy: Partial<Policy> = {},
  constraints: readonly string[] = [],
): Project {
  return {
    requirements: requirements.map((text) => ({
      requirement: parseRequirement(text),
      group: "default",
      source: "you",
    })),
    constraints: constraints.map((text) => parseRequirement(text)),
    target: targetEnvironment({ pythonVersion: "3.12.0", platform: "linux" }),
    policy: { ...DEFAULTS, ...policy },
  };
}

/** Runs a resolution to its end, revealing facts as they are asked for. */
export function resolve(
  knowledge: MemoryKnowledge,
  project: Project,
  { some, ...options }: ResolutionOptions & { some?: (count: number) => number } = {},
): Exclude<ResolutionStep, { kind: "needs" }> {
  const resolution = new Resolution(project, knowledge, options);
  for (let round = 0; round < 10_000; round++) {
    const step = resolution.step();
    if (step.kind !== "needs") return step;
    if (step.needs.projects.length + step.needs.metadata.length === 0)
      throw new Error("needs nothing, and goes on");
    knowledge.reveal(step.needs, some);
  }
  throw new Error("the resolution does not end");
}

/** `name==version` of each chosen package, or the failure's code. */
export function answer(
  index: Index,
  requirements: readonly string[],
  policy?: Partial<Policy>,
  constraints?: readonly string[],
): string {
  const step = resolve(new MemoryKnowledge(index, false), projectOf(requirements, policy, constraints));
  if (step.kind === "solved")
    return step.product.packages.map(({ name, version }) => `${name}==${version}`).join(" ");
  return step.kind === "unsatisfiable" ? step.failure.code : step.kind;
}
