// The exact search alone, in one process and without a network: every package of the frozen crawls as a root,
// mixes of roots, and problems made to be hard. Times are of the process's own CPU, so that a busy machine does
// not count; `cold` is the first answer of a root, facts read included, `warm` the search over facts read before.
//
// Usage: npm run bench -- solver [--json]

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Project, Resolution } from "@thoth/adviser";
import { encodeProject, type KnowledgeReader, ProjectRecord, type ReleaseMetadata } from "@thoth/knowledge";
import {
  normalizeName,
  type PackageName,
  parseRequirement,
  targetEnvironment,
  tryParseVersion,
} from "@thoth/pep";
import { type Dependency, type Problem, Solver, setFromRanges } from "@thoth/solver";
import { dataFolder, missingData } from "@thoth/testkit";
import { median } from "./measure.ts";

interface Row {
  readonly name: string;
  readonly problems: number;
  readonly solved: number;
  readonly cold: readonly number[];
  readonly warm: readonly number[];
}

type Crawl = Readonly<Record<string, Readonly<Record<string, { readonly dependencies: readonly string[] }>>>>;

const CRAWLS = ["pypi-2020-02-13-chalice", "pypi-2020-02-19-virtualenv-six"];
const REPEATS = 3;

export async function run(options: { readonly json: boolean }): Promise<void> {
  const reason = missingData("pypi-snapshots");
  if (reason !== false) console.error(`crawls skipped: ${reason}`);
  const rows = [...(reason === false ? CRAWLS.flatMap(measureCrawl) : []), ...[6, 8].map(measurePigeons)];
  if (options.json) console.log(JSON.stringify({ benchmark: "solver", rows }));
  else for (const row of rows) console.log(line(row));
}

function line({ name, problems, solved, cold, warm }: Row): string {
  const figures = (values: readonly number[]) =>
    `${median(values).toFixed(2)} / ${Math.max(...values).toFixed(1)}`;
  return `${name}: ${problems} problems, ${solved} solved; median / worst ms cold ${figures(cold)}, warm ${figures(warm)}`;
}

/** Milliseconds of CPU that the work takes. */
function spent(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function measureCrawl(name: string): Row[] {
  const knowledge = new CrawlKnowledge(name);
  const names = knowledge.names;
  const alone = names.map((root) => [root]);
  const solvable = names.filter(
    (root) => new Resolution(projectOf([root]), knowledge).step().kind === "solved",
  );
  const mixes = Array.from({ length: 60 }, (_, i) =>
    solvable.filter((_, at) => ((at * 2_654_435_761 + i * 40_503) >>> 7) % solvable.length < 5 + (i % 25)),
  );
  return [
    measureRoots(`${name}, single roots`, knowledge, alone),
    measureRoots(`${name}, mixes`, knowledge, mixes),
  ];
}

function measureRoots(name: string, knowledge: KnowledgeReader, roots: readonly (readonly string[])[]): Row {
  const cold: number[] = [];
  const warm: number[] = [];
  let solved = 0;
  for (const names of roots) {
    const resolution = new Resolution(projectOf(names), knowledge);
    cold.push(spent(() => resolution.step()));
    if (resolution.step().kind === "solved") solved++;
    const again = Array.from({ length: REPEATS }, () => new Resolution(projectOf(names), knowledge));
    warm.push(Math.min(...again.map((one) => spent(() => one.step()))));
  }
  return { name, problems: roots.length, solved, cold, warm };
}

function projectOf(names: readonly string[]): Project {
  return {
    requirements: names.map((name) => ({
      requirement: parseRequirement(name),
      group: "default",
      source: "you",
    })),
    constraints: [],
    target: targetEnvironment({ pythonVersion: "3.8.0", platform: "linux" }),
    policy: {
      recommendationType: "latest",
      asOf: Date.UTC(2020, 2, 1) / 1000,
      prerelease: "if-necessary",
      resolution: "highest",
      noBinary: new Set(),
      onlyBinary: new Set(),
      allowBuild: false,
    },
  };
}

class CrawlKnowledge implements KnowledgeReader {
  readonly #records = new Map<string, ProjectRecord>();
  readonly #metadata = new Map<string, ReleaseMetadata>();

  constructor(name: string) {
    const packed = readFileSync(join(dataFolder(), "pypi-snapshots", `${name}.json.gz`));
    const crawl = JSON.parse(gunzipSync(packed).toString()) as Crawl;
    for (const [project, versions] of Object.entries(crawl)) this.#add(normalizeName(project), versions);
  }

  #add(name: PackageName, versions: Crawl[string]): void {
    const files = Object.entries(versions).flatMap(([text, { dependencies }]) => {
      const version = tryParseVersion(text);
      if (version === undefined) return [];
      const filename = `${name.replaceAll("-", "_")}-${version.text}-py3-none-any.whl`;
      const facts = { name, version: version.text, requiresDist: dependencies, providesExtra: [] };
      this.#metadata.set(filename, { ...facts, requiresPython: undefined });
      const url = `https://index.test/${filename}`;
      return [{ filename, url, hashes: { sha256: "0".repeat(64) }, yanked: false, coreMetadata: false }];
    });
    const status = { status: "active" as const };
    const page = { name, files, status, tracks: [], alternateLocations: [], warnings: [] };
    this.#records.set(name, new ProjectRecord(encodeProject(page, "https://index.test/simple/")));
  }

  get names(): string[] {
    return [...this.#records.keys()];
  }

  project(name: PackageName): ProjectRecord | null {
    return this.#records.get(name) ?? null;
  }

  metadata(record: ProjectRecord, file: number): ReleaseMetadata | undefined {
    return this.#metadata.get(record.filename(file));
  }
}

/** More pigeons than holes: a release per hole, and for each hole a package that only one pigeon may pin. */
function pigeons(count: number): Problem {
  const holes = count - 1;
  const needs = (bird: number, hole: number): Dependency[] => [
    { package: count + hole, range: hole * count + bird },
  ];
  return {
    roots: Array.from({ length: count }, (_, bird) => ({ package: bird, range: holes * count + bird })),
    levels: 0,
    facts: {
      package: (id) => ({ releases: id < count ? holes : count, costs: [] }),
      dependencies: (id, release) => (id < count ? needs(id, release) : []),
      admitted: (range) => {
        const bird = range % count;
        return range < holes * count
          ? setFromRanges(count, [bird, bird + 1])
          : setFromRanges(holes, [0, holes]);
      },
    },
  };
}

function measurePigeons(count: number): Row {
  const spending = () => spent(() => new Solver(pigeons(count)).step());
  const cold = [spending()];
  return { name: `${count} pigeons, ${count - 1} holes`, problems: 1, solved: 0, cold, warm: [spending()] };
}
