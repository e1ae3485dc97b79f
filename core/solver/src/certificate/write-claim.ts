// Writes a problem and a derivation as a claim: all that the derivation rests on, and nothing that it does not.

import type { Derivation, DerivationStep, Literal } from "../derivation.ts";
import type { Dependency, PackageFacts, Problem } from "../problem.ts";
import { setFromRanges } from "../release-set.ts";
import {
  type Claim,
  type ClaimedNeeds,
  type ClaimedPackage,
  type ClaimedRange,
  type ClaimedResult,
  type ClaimedStep,
  formatSet,
  type Reference,
} from "./claim.ts";

/** What the host calls things; a package's releases are called unlike each other. */
export interface Labels {
  readonly levels: readonly string[];
  package(id: number): string;
  release(id: number, release: number): string;
  /** What a range was written as, where somebody wrote it. */
  range(range: number): string | undefined;
}

/** Of a problem without limits of its own: a claim has no place for them. */
export function writeClaim(problem: Problem, derivation: Derivation, labels: Labels): Claim {
  if ((problem.limits ?? []).length > 0) throw new Error("a claim of a problem with limits");
  return new Writer(problem, labels).claim(derivation);
}

class Writer {
  private readonly problem: Problem;
  private readonly labels: Labels;
  private readonly packages = new Map<number, ClaimedPackage>();
  private readonly ranges: ClaimedRange[] = [];
  private readonly places = new Map<number, number>();

  constructor(problem: Problem, labels: Labels) {
    this.problem = problem;
    this.labels = labels;
  }

  claim({ premises, steps, result }: Derivation): Claim {
    const roots = this.references(this.problem.roots);
    const needs = premises.flatMap(({ package: id, releases }) => this.needs(id, releases));
    const written = steps.map((step) => this.step(step));
    const answer = this.result(result);
    return {
      objective: this.labels.levels,
      packages: [...this.packages.values()],
      ranges: this.ranges,
      roots,
      needs,
      steps: written,
      result: answer,
    };
  }

  /** The facts of a package, which becomes a part of the claim; undefined while nobody knows it. */
  private meet(id: number): PackageFacts | undefined {
    const facts = this.problem.facts.package(id);
    if (facts === undefined || this.packages.has(id)) return facts;
    const { releases, costs, mirrors, auxiliary } = facts;
    const rows = costs.map((row) => (row === undefined ? null : Array.from(row).slice(0, releases)));
    const mirrored =
      mirrors === undefined || mirrors === id ? undefined : this.problem.facts.package(mirrors);
    this.packages.set(id, {
      name: this.labels.package(id),
      releases: Array.from({ length: releases }, (_, release) => this.labels.release(id, release)),
      ...(rows.every((row) => row === null) ? {} : { costs: rows }),
      ...(mirrored === undefined ? {} : { mirrors: this.labels.package(mirrors!) }),
      ...(auxiliary === true ? { auxiliary } : {}),
    });
    if (mirrored !== undefined) this.meet(mirrors!);
    return facts;
  }

  private size(id: number): number {
    const facts = this.meet(id);
    if (facts === undefined) throw new Error("a derivation rests on a package that nobody knows");
    return facts.releases;
  }

  /** Those of packages that are known: of others nothing follows. */
  private references(dependencies: readonly Dependency[]): Reference[] {
    return dependencies.flatMap((dependency) => {
      const { package: id, optional } = dependency;
      if (this.meet(id) === undefined) return [];
      return [{ range: this.range(dependency), ...(optional === true ? { optional } : {}) }];
    });
  }

  private range({ package: id, range }: Dependency): number {
    let place = this.places.get(range);
    if (place === undefined) {
      const specifiers = this.labels.range(range);
      const releases = this.size(id);
      const admitted = this.problem.facts.admitted(range);
      place =
        this.ranges.push({
          package: this.labels.package(id),
          ...(specifiers === undefined ? {} : { specifiers }),
          admits: formatSet(admitted, releases).replace(/ ?none$/, ""),
        }) - 1;
      this.places.set(range, place);
    }
    return place;
  }

  /** Releases with the same needs stand together. */
  private needs(id: number, releases: readonly number[]): ClaimedNeeds[] {
    const groups = new Map<string, { needs: ClaimedNeeds["needs"]; releases: number[] }>();
    for (const release of releases) {
      const found = this.problem.facts.dependencies(id, release);
      if (found === undefined) throw new Error("a derivation rests on needs that nobody knows");
      const needs = found === "unusable" ? found : this.references(found);
      const key = JSON.stringify(needs);
      const group = groups.get(key) ?? { needs, releases: [] };
      group.releases.push(release);
      groups.set(key, group);
    }
    const size = this.size(id);
    return [...groups.values()].map((group) => ({
      package: this.labels.package(id),
      releases: formatSet(
        setFromRanges(
          size,
          group.releases.flatMap((release) => [release, release + 1]),
        ),
        size,
      ),
      needs: group.needs,
    }));
  }

  private step(step: DerivationStep): ClaimedStep {
    switch (step.kind) {
      case "clause":
        return { ...step, literals: step.literals.map((literal) => this.literal(literal)) };
      case "counting":
        return {
          ...step,
          literals: step.literals.map((literal) => this.literal(literal)),
          competitors: step.competitors.map(({ package: id, demands }) => ({
            package: this.labels.package(id),
            demands: demands.map(({ releases, dependency }) => ({
              releases: formatSet(releases, this.size(id)),
              range: this.range(dependency),
              ...(dependency.optional === true ? { optional: true } : {}),
            })),
          })),
          resources: step.resources.map(({ package: id, capacity }) => ({
            package: this.labels.package(id),
            capacity,
          })),
        };
      case "limit":
      case "refuted":
      case "release":
        return step;
      default:
        return step satisfies never;
    }
  }

  private literal({ package: id, values }: Literal) {
    return { package: this.labels.package(id), values: formatSet(values, this.size(id)) };
  }

  private result(result: Derivation["result"]): ClaimedResult {
    if (result.kind === "unsatisfiable") return result;
    const stack = [...result.assignment].map(([id, release]) => ({
      package: this.labels.package(id),
      release: this.labels.release(id, release),
    }));
    return { kind: "solved", stack, levels: result.levels };
  }
}
