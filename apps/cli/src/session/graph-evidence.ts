// What the knowledge graph holds of failures and measurements, and what the user has of his own beside it, read for the packages
// of the stack that would be advised: it costs what the stack costs, and not what the graph holds.

import {
  type MeasuredPlace,
  measuredSlowness,
  observedBreakage,
  type Product,
  scorecardTerms,
} from "@thoth/adviser";
import type { AnyFact, ExploitedFlaws, Fact, FactKind, Owner } from "@thoth/knowledge";
import type { PackageName, TargetEnvironment } from "@thoth/pep";
import type { EvidenceFinder, Found, Unseen } from "./evidence.ts";
import { listedNames, readExploitation } from "./exploitation.ts";
import type { SharedGraph } from "./open-graph.ts";
import type { OwnObservations } from "./own-observations.ts";

const KINDS = ["observation", "measurement", "scorecard"] as const;
/** Owners of one query. */
const MOST_OWNERS = 1000;

interface ReadGraph extends SharedGraph {
  readonly snapshot: number;
}

interface GraphSources {
  /** What the first one knows of a release, the others do not tell again. */
  readonly graphs: readonly ReadGraph[];
  /** Of what is in them. */
  readonly identity: string;
  readonly target: TargetEnvironment;
  /** Model of the processor, where it is known. */
  readonly cpu: string | undefined;
  /** They are told of flaws that attackers use. */
  readonly advisories: ExploitedFlaws | undefined;
}

export class GraphEvidence implements EvidenceFinder {
  readonly identity: string;
  readonly terms = [];
  readonly #graphs: readonly ReadGraph[];
  readonly #place: string;
  readonly #measured: MeasuredPlace;
  readonly #read = new Set<PackageName>();
  readonly #inspected = new Set<string>();
  readonly #known = new Set<string>();
  readonly #scored = new Set<string>();
  readonly #advisories: ExploitedFlaws | undefined;
  readonly #flaws = new Set<string>();

  /** Graphs are closed with it, unless they are kept. */
  static async open(
    { shared, own }: { readonly shared: SharedGraph | undefined; readonly own: OwnObservations | undefined },
    around: Pick<GraphSources, "target" | "cpu" | "advisories">,
  ): Promise<GraphEvidence> {
    const graphs: ReadGraph[] = [];
    for (const one of [shared, own])
      if (one !== undefined)
        graphs.push({ graph: one.graph, isKept: one.isKept, snapshot: (await one.graph.snapshot()).id });
    // The number of a snapshot says what is in a graph that grows, and the digest what is in files.
    const [first] = shared === undefined ? [] : graphs;
    return new GraphEvidence({ graphs, identity: `${first?.snapshot ?? 0} ${own?.digest ?? ""}`, ...around });
  }

  private constructor({ graphs, identity, target, cpu, advisories }: GraphSources) {
    this.#graphs = graphs;
    this.#advisories = advisories;
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
    this.identity = `graph ${identity} ${this.#place} ${cpu ?? ""}`;
  }

  find({ packages }: Product): Promise<Found> {
    return this.prepare(packages.map(({ name }) => name));
  }

  async prepare(all: Iterable<PackageName>): Promise<Found> {
    const names = [...all].filter((name) => !this.#read.has(name));
    // The state of a graph in which nobody has written anything has the number 0.
    if (names.length === 0 || this.#graphs.every(({ snapshot }) => snapshot === 0)) return { terms: [] };
    const facts = await this.#facts(names, KINDS);
    for (const name of names) this.#read.add(name);
    const observed = facts.filter((fact): fact is Fact<"observation"> => fact.kind === "observation");
    const measured = facts.filter((fact): fact is Fact<"measurement"> => fact.kind === "measurement");
    for (const { owner } of observed) this.#inspected.add(owner);
    for (const { owner } of measured) this.#known.add(owner);
    const scored = facts.filter((fact): fact is Fact<"scorecard"> => fact.kind === "scorecard");
    for (const { owner } of scored) this.#scored.add(owner);
    const terms = [
      ...observedBreakage(observed, this.#place),
      ...measuredSlowness(measured, this.#measured),
      ...scorecardTerms(scored),
    ];
    return { terms, flawed: await this.#readExploited(names) };
  }

  /** Those of the packages that have a flaw of which it is new that attackers use it. */
  async #readExploited(names: readonly PackageName[]): Promise<readonly PackageName[]> {
    const advisories = this.#advisories;
    if (advisories === undefined) return [];
    const namesOf = (name: PackageName) => advisories.flaws(name).flatMap(listedNames);
    const asked = new Set(names.flatMap(namesOf).filter((id) => !this.#flaws.has(id)));
    if (asked.size === 0) return [];
    for (const id of asked) this.#flaws.add(id);
    const used = new Set<string>();
    for (const { graph, snapshot } of this.#graphs)
      for (const [id, { known }] of await readExploitation(graph, [...asked], snapshot))
        if (known !== undefined) used.add(id);
    if (used.size === 0) return [];
    const flawed = names.filter((name) => namesOf(name).some((id) => used.has(id)));
    advisories.learn(used);
    return flawed;
  }

  async #facts(owners: readonly Owner[], kinds: readonly FactKind[]): Promise<readonly AnyFact[]> {
    const facts = new Map<string, AnyFact>();
    for (const { graph, snapshot } of this.#graphs)
      for (let at = 0; at < owners.length; at += MOST_OWNERS) {
        const some = owners.slice(at, at + MOST_OWNERS);
        for (const fact of await graph.read({ owners: some, kinds }, snapshot)) {
          const key = `${fact.owner} ${fact.kind} ${fact.subject}`;
          if (!facts.has(key)) facts.set(key, fact);
        }
      }
    return [...facts.values()];
  }

  unseen({ packages }: Product): readonly Unseen[] {
    const without = (seen: ReadonlySet<string>) => packages.filter(({ name }) => !seen.has(name)).length;
    return [
      { what: "inspections", packages: without(this.#inspected) },
      { what: "measurements", packages: without(this.#known) },
      { what: "scorecards", packages: without(this.#scored) },
    ];
  }

  tell(): void {
    // The advice has it all.
  }

  async close(): Promise<void> {
    for (const { graph, isKept } of this.#graphs) if (!isKept) await graph.close();
  }
}
