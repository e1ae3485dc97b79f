// What a resolution reads, out of a graph: all that it needs next in one or two round trips.

import type {
  GraphRecords,
  KnowledgeReader,
  MetadataUnavailable,
  Needs,
  ProjectRecord,
  ReleaseMetadata,
} from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";

export interface GraphReaderOptions {
  /** URLs without credentials; a project is taken of the first that has it. */
  readonly indexes: readonly string[];
  /**
   * The graph keeps all of these indexes: a project that it lacks does not exist, and metadata that it lacks cannot be
   * had. Otherwise they stay unknown, for somebody else to learn and to save. Default true.
   */
  readonly isComplete?: boolean;
}

/** Knowledge as of when it was first asked for; made anew for each advice, or kept for as long as that may be old. */
export class GraphReader implements KnowledgeReader {
  readonly #records: GraphRecords;
  readonly #indexes: readonly string[];
  readonly #isComplete: boolean;
  readonly #projects = new Map<PackageName, ProjectRecord | null>();
  readonly #metadata = new WeakMap<ProjectRecord, Map<number, ReleaseMetadata | MetadataUnavailable>>();

  constructor(records: GraphRecords, { indexes, isComplete = true }: GraphReaderOptions) {
    this.#records = records;
    this.#indexes = indexes;
    this.#isComplete = isComplete;
  }

  project(name: PackageName): ProjectRecord | null | undefined {
    return this.#projects.get(name);
  }

  metadata(project: ProjectRecord, file: number): ReleaseMetadata | MetadataUnavailable | undefined {
    return this.#metadata.get(project)?.get(file);
  }

  /** Loads what is needed and not known yet. Returns what the graph does not keep: nothing where it is complete. */
  async fetch(needs: Needs): Promise<Needs> {
    const projects = await this.#fetchProjects(needs.projects.filter((name) => !this.#projects.has(name)));
    const metadata = await this.#fetchMetadata(
      needs.metadata.filter(({ project, file }) => this.metadata(project, file) === undefined),
    );
    return { projects, metadata };
  }

  async #fetchProjects(names: readonly PackageName[]): Promise<readonly PackageName[]> {
    if (names.length === 0) return [];
    const keys = names.flatMap((name) => this.#indexes.map((index) => ({ index, name })));
    const stored = await this.#records.loadProjects(keys);
    return names.filter((name, at) => {
      const places = stored.slice(at * this.#indexes.length, (at + 1) * this.#indexes.length);
      const record = this.#recordOf(places.map((place) => place?.record));
      if (record !== undefined) this.#projects.set(name, record);
      return record === undefined;
    });
  }

  /** The first index that has it counts, and one that was never asked hides those behind it. */
  #recordOf(places: readonly (ProjectRecord | null | undefined)[]): ProjectRecord | null | undefined {
    for (const record of places) {
      if (record === undefined && !this.#isComplete) return undefined;
      if (record !== undefined && record !== null) return record;
    }
    return null;
  }

  async #fetchMetadata(files: Needs["metadata"]): Promise<Needs["metadata"]> {
    if (files.length === 0) return [];
    const stored = await this.#records.loadMetadata(files);
    return files.filter(({ project, file }, at) => {
      const known = stored[at] ?? (this.#isComplete ? NOT_KEPT : undefined);
      if (known === undefined) return true;
      let ofProject = this.#metadata.get(project);
      if (ofProject === undefined) {
        ofProject = new Map();
        this.#metadata.set(project, ofProject);
      }
      ofProject.set(file, known);
      return false;
    });
  }
}

const NOT_KEPT: MetadataUnavailable = {
  unavailable: "offline",
  message: "the knowledge graph does not hold its metadata",
};
