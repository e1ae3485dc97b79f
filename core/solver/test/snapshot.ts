// A frozen crawl of an index as facts: names become package numbers, versions releases (stable before
// pre-releases, newest first), specifiers ranges. The objective is the number of releases passed over, those of
// the roots first.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  admittedRanges,
  compareVersions,
  evaluateMarker,
  parseRequirement,
  type Requirement,
  targetEnvironment,
  tryParseVersion,
  type Version,
} from "@thoth/pep";
import { dataFolder } from "@thoth/testkit";
import type { Dependency } from "../src/index.ts";
import { setFromRanges } from "../src/index.ts";
import type { Universe, UniversePackage } from "./universe.ts";

export const SNAPSHOTS = ["pypi-2020-02-13-chalice", "pypi-2020-02-19-virtualenv-six"];

export type Crawl = Readonly<
  Record<string, Readonly<Record<string, { readonly dependencies: readonly string[] }>>>
>;

const { markers } = targetEnvironment({ pythonVersion: "3.8.0", platform: "linux" });

interface Project {
  readonly versions: readonly Version[];
  /** Requirements of each version, in the same order. */
  readonly requirements: readonly (readonly Requirement[])[];
}

export class Snapshot {
  private readonly projects = new Map<string, Project>();
  private readonly ids = new Map<string, number>();
  private readonly packages: UniversePackage[] = [];
  private readonly ranges: Universe["ranges"][number][] = [];
  private readonly rangeOf = new Map<string, number>();

  /** Of a frozen crawl, by its name, or of one that is at hand. */
  constructor(source: string | Crawl) {
    const crawl = typeof source === "string" ? readCrawl(source) : source;
    for (const [project, versions] of Object.entries(crawl))
      this.projects.set(project, readProject(versions));
    for (const project of this.projects.keys()) this.package(project, undefined);
  }

  get names(): string[] {
    return [...this.projects.keys()];
  }

  idOf(name: string): number {
    return this.ids.get(`${name} `)!;
  }

  universe(names: readonly string[]): Universe {
    const roots = names.map((name): Dependency => this.dependency(parseRequirement(name), undefined));
    const direct = new Set(roots.map((root) => root.package));
    const packages = this.packages.map((facts, id) => {
      const ranks = Array.from({ length: facts.releases }, (_, release) => release);
      if (facts.mirrors !== undefined) return facts;
      return { ...facts, costs: direct.has(id) ? [ranks] : [undefined, ranks] };
    });
    return { packages, ranges: this.ranges, roots, levels: 2 };
  }

  /** The number of a package; with its needs, once it is named. */
  private package(name: string, extra: string | undefined): number {
    const key = `${name} ${extra ?? ""}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const { versions, requirements } = this.projects.get(name) ?? { versions: [], requirements: [] };
    const needs: (readonly Dependency[])[] = [];
    const id = this.packages.push({ releases: versions.length, costs: [], needs }) - 1;
    this.ids.set(key, id);
    if (extra !== undefined)
      this.packages[id] = { ...this.packages[id]!, mirrors: this.package(name, undefined) };
    for (const own of requirements) {
      needs.push(own.filter((item) => applies(item, extra)).flatMap((item) => this.dependencies(item)));
    }
    return id;
  }

  private dependencies(requirement: Requirement): Dependency[] {
    return [undefined, ...requirement.extras].map((extra) => this.dependency(requirement, extra));
  }

  private dependency({ name, specifiers }: Requirement, extra: string | undefined): Dependency {
    const id = this.package(name, extra);
    const key = `${id} ${specifiers.text}`;
    let range = this.rangeOf.get(key);
    if (range === undefined) {
      const versions = this.projects.get(name)?.versions ?? [];
      const ordered = versions.toSorted((a, b) => compareVersions(b, a));
      const set = setFromRanges(versions.length, []);
      const pairs = admittedRanges(specifiers, ordered);
      for (let at = 0; at < pairs.length; at += 2) {
        for (const version of ordered.slice(pairs[at], pairs[at + 1])) {
          const release = versions.indexOf(version);
          set[release >> 5] = set[release >> 5]! | (1 << (release & 31));
        }
      }
      range = this.ranges.push(set) - 1;
      this.rangeOf.set(key, range);
    }
    return { package: id, range };
  }
}

function readCrawl(name: string): Crawl {
  const packed = readFileSync(join(dataFolder(), "pypi-snapshots", `${name}.json.gz`));
  return JSON.parse(gunzipSync(packed).toString()) as Crawl;
}

function applies({ marker }: Requirement, extra: string | undefined): boolean {
  if (marker === undefined) return extra === undefined;
  const plain = evaluateMarker(marker, markers, new Set());
  return extra === undefined ? plain : !plain && evaluateMarker(marker, markers, new Set([extra]));
}

function readProject(versions: Crawl[string]): Project {
  const found = Object.entries(versions).flatMap(([text, { dependencies }]) => {
    const version = tryParseVersion(text);
    if (version === undefined) return [];
    return [{ version, requirements: dependencies.map((item) => parseRequirement(item, { lenient: true })) }];
  });
  found.sort(
    (a, b) =>
      Number(isPrerelease(a.version)) - Number(isPrerelease(b.version)) ||
      compareVersions(b.version, a.version),
  );
  return {
    versions: found.map(({ version }) => version),
    requirements: found.map(({ requirements }) => requirements),
  };
}

function isPrerelease(version: Version): boolean {
  return /[a-d]/.test(version.text.replace(/\+.*$/, ""));
}
