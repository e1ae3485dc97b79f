// What the knowledge graph holds of failures and measurements, read for the packages of the stack that would be advised: it
// costs what the stack costs, and not what the graph holds.

import {
  type MeasuredPlace,
  measuredSlowness,
  observedBreakage,
  type Product,
  type RuleTerm,
} from "@thoth/adviser";
import type { Fact, Owner } from "@thoth/knowledge";
import type { PackageName, TargetEnvironment } from "@thoth/pep";
import type { GraphStore } from "@thoth/store";
import type { EvidenceFinder, Unseen } from "./evidence.ts";

const KINDS = ["observation", "measurement"] as const;

export class GraphEvidence implements EvidenceFinder {
  readonly identity: string;
  readonly terms = [];
  readonly #graph: GraphStore;
  readonly #snapshot: number;
  readonly #place: string;
  readonly #measured: MeasuredPlace;
  readonly #read = new Set<PackageName>();
  readonly #inspected = new Set<string>();
  readonly #known = new Set<string>();

  /** The graph is closed with it. */
  static async open(graph: GraphStore, target: TargetEnvironment, cpu?: string): Promise<GraphEvidence> {
    const { id } = await graph.snapshot();
    return new GraphEvidence({ graph, snapshot: id, target, cpu });
  }

  private constructor({
    graph,
    snapshot,
    target,
    cpu,
  }: {
    readonly graph: GraphStore;
    readonly snapshot: number;
    readonly target: TargetEnvironment;
    readonly cpu: string | undefined;
  }) {
    this.#graph = graph;
    this.#snapshot = snapshot;
    const {
      implementation_name: name,
      python_version: version,
      platform_machine: machine,
      sys_platform: system,
    } = target.markers as unknown as Readonly<Record<string, string>>;
    this.#place = `${name} ${version} ${machine}-${system}`;
    this.#measured = {
      python: `${name} ${version}`,
      machine: machine ?? "",
      ...(cpu === undefined ? {} : { cpu }),
    };
    this.identity = `graph ${snapshot} ${this.#place} ${cpu ?? ""}`;
  }

  find({ packages }: Product): Promise<readonly RuleTerm[]> {
    return this.prepare(packages.map(({ name }) => name));
  }

  async prepare(all: Iterable<PackageName>): Promise<readonly RuleTerm[]> {
    const names = [...all].filter((name) => !this.#read.has(name));
    if (names.length === 0) return [];
    const facts = [];
    for (let at = 0; at < names.length; at += 1000) {
      const owners: readonly Owner[] = names.slice(at, at + 1000);
      facts.push(...(await this.#graph.read({ owners, kinds: KINDS }, this.#snapshot)));
    }
    for (const name of names) this.#read.add(name);
    const observed = facts.filter((fact): fact is Fact<"observation"> => fact.kind === "observation");
    const measured = facts.filter((fact): fact is Fact<"measurement"> => fact.kind === "measurement");
    for (const { owner } of observed) this.#inspected.add(owner);
    for (const { owner } of measured) this.#known.add(owner);
    return [...observedBreakage(observed, this.#place), ...measuredSlowness(measured, this.#measured)];
  }

  unseen({ packages }: Product): readonly Unseen[] {
    const without = (seen: ReadonlySet<string>) => packages.filter(({ name }) => !seen.has(name)).length;
    return [
      { what: "inspections", packages: without(this.#inspected) },
      { what: "measurements", packages: without(this.#known) },
    ];
  }

  tell(): void {
    // The advice has it all.
  }

  async close(): Promise<void> {
    await this.#graph.close();
  }
}
