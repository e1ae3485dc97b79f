// Who is guilty that a stack fails: the fewest releases that fail together, found between it and a stack that works, and
// then the range of releases of each that fail. Every stack that is tried meets the requirements. Each set that is one
// release smaller was seen to pass, so that none is named for nothing.

import type { Stack } from "../inspection.ts";
import { stackDigest } from "../inspection-facts.ts";
import { findWorking } from "./find-working.ts";
import { minimalSet } from "./minimal-set.ts";
import { type Edge, findEdge } from "./release-range.ts";
import {
  CaseBook,
  type Court,
  changedBetween,
  compareReleases,
  type Pins,
  TooManyInspections,
} from "./trial.ts";

export interface Charge {
  readonly failing: Stack;
  /** One that passes, where it is known. */
  readonly working?: Stack | undefined;
  /** Packages, the most suspicious first; those of the stack that are not among them are only tried between two stacks. */
  readonly suspects: readonly string[];
  /** How many of the suspects the failure names itself. */
  readonly named: number;
  /** Of inspections. */
  readonly most: number;
  /** Releases on both sides of that which fails are looked at, not only those on the way to what heals. */
  readonly bothWays?: boolean;
}

export interface Guilty {
  readonly name: string;
  /** The release that was in the failing stack. */
  readonly version: string;
  /** Where it stops failing towards older releases; `all`: they all fail; absent: not known. */
  readonly older?: Edge | "all";
  readonly newer?: Edge | "all";
}

export type Sentence =
  | {
      readonly kind: "guilty";
      /** They fail together, and none of them is there for nothing. */
      readonly guilty: readonly Guilty[];
      /** Beside which the others fail in another way: what had to move with them, though it is not to blame. */
      readonly companions: readonly string[];
      /** As near to the failing one as was found. */
      readonly healed: Stack;
      readonly inspections: number;
      readonly linear: number;
    }
  /** No stack that was tried works; `spent`: there would have been more to try. */
  | { readonly kind: "unhealed"; readonly inspections: number; readonly spent: boolean };

export async function findGuilty(court: Court, charge: Charge): Promise<Sentence> {
  const book = new CaseBook(court, charge.most);
  book.tell(charge.failing, "fails");
  if (charge.working !== undefined) book.tell(charge.working, "passes");
  const trial = new Trial(book, charge);
  try {
    return await trial.run();
  } catch (error) {
    if (!(error instanceof TooManyInspections)) throw error;
    // What was found until then still heals.
    return (await trial.soFar()) ?? { kind: "unhealed", inspections: book.inspections, spent: true };
  }
}

/** Inspections that tell nothing, of one range. */
const MOST_UNKNOWN = 4;

class Trial {
  readonly #book: CaseBook;
  readonly #charge: Charge;
  #guilty: readonly string[] = [];
  #ranges: Guilty[] = [];
  #companions: readonly string[] = [];
  #healed: Stack | undefined;

  constructor(book: CaseBook, charge: Charge) {
    this.#book = book;
    this.#charge = charge;
  }

  async run(): Promise<Sentence> {
    const { failing, suspects: names, named } = this.#charge;
    const working = this.#charge.working ?? (await findWorking(this.#book, failing, { names, named }));
    if (working === undefined) return { kind: "unhealed", inspections: this.#book.inspections, spent: false };
    this.#healed = working;
    this.#guilty = changedBetween(failing, working);
    this.#guilty = await this.#fewest(working);
    for (const name of this.#guilty) this.#ranges.push(await this.#range(name, working));
    this.#companions = await this.#together();
    return (await this.soFar()) as Sentence;
  }

  async soFar(): Promise<Sentence | undefined> {
    if (this.#healed === undefined) return undefined;
    const versions = new Map(this.#charge.failing);
    const told = new Map(this.#ranges.map((one) => [one.name, one]));
    const guilty = this.#guilty.map((name) => told.get(name) ?? { name, version: versions.get(name)! });
    return {
      kind: "guilty",
      guilty,
      companions: this.#companions,
      healed: this.#healed,
      inspections: this.#book.inspections,
      linear: await this.#linear(guilty),
    };
  }

  async #fewest(working: Stack): Promise<readonly string[]> {
    const { failing, suspects, named } = this.#charge;
    const versions = new Map(failing);
    const changed = new Set(changedBetween(failing, working));
    const first = suspects.filter((name) => changed.has(name));
    const names = [...first, ...[...changed].filter((name) => !first.includes(name))];
    const count = suspects.slice(0, named).filter((name) => changed.has(name)).length;
    return await minimalSet({ names, named: count }, async (some) => {
      const pins = new Map(some.map((name) => [name, versions.get(name)!]));
      return (await this.#book.try(pins, working)).verdict;
    });
  }

  /** The other guilty ones stay: the failing stack is changed in this package alone, as far as it can be. */
  async #range(name: string, working: Stack): Promise<Guilty> {
    const version = new Map(this.#charge.failing).get(name)!;
    const good = new Map(working).get(name)!;
    const releases = await this.#book.releases(name);
    const isOlder = compareReleases(good, version) < 0;
    const sides = { older: isOlder ? good : releases.at(-1), newer: isOlder ? releases[0] : good };
    const guilty: { -readonly [Key in keyof Guilty]: Guilty[Key] } = { name, version };
    for (const side of isOlder ? (["older", "newer"] as const) : (["newer", "older"] as const)) {
      const isEnd = sides[side] === undefined || sides[side] === version;
      if (this.#charge.bothWays !== true && side !== (isOlder ? "older" : "newer") && !isEnd) continue;
      const way = waysTo(releases, version, sides[side] ?? version);
      const edge = await this.#edge(name, way, way.at(-1) === good ? working : undefined);
      if (edge !== undefined) guilty[side] = edge;
    }
    return guilty;
  }

  /**
   * Undefined where nothing is known of the last of the versions. Where it fails in another way, they are looked at in the stack that
   * works, which has what goes with them.
   */
  async #edge(
    name: string,
    versions: readonly string[],
    working: Stack | undefined,
  ): Promise<Edge | "all" | undefined> {
    const { failing } = this.#charge;
    if (versions.length < 2) return "all";
    let beside: { readonly pins: Pins; readonly near: Stack } = { pins: new Map(), near: failing };
    const pinned = (version: string) => new Map([...beside.pins, [name, version]]);
    const probe = async (version: string) => {
      const { verdict, stack } = await this.#book.try(pinned(version), beside.near);
      if (verdict === "passes" && stack !== undefined) this.#nearest(stack);
      return verdict;
    };
    let verdict = await probe(versions.at(-1)!);
    if (verdict === "other" && working !== undefined) {
      const inFailing = new Map(failing);
      const others = this.#guilty.filter((other) => other !== name);
      beside = { pins: new Map(others.map((other) => [other, inFailing.get(other)!])), near: working };
      verdict = await probe(versions.at(-1)!);
    }
    if (verdict !== "passes") return verdict === "fails" ? "all" : undefined;
    // On the way to a stack that works some were tried already.
    const failed = versions.findLastIndex((version) =>
      [beside.near, failing].some((near) => this.#book.known(pinned(version), near) === "fails"),
    );
    let unknown = 0;
    return await findEdge(versions.slice(Math.max(0, failed)), async (version) => {
      if (unknown >= MOST_UNKNOWN) return undefined;
      const before = this.#book.inspections;
      const told = await probe(version);
      if (told === "other") unknown += this.#book.inspections - before;
      return told;
    });
  }

  /** Brings back what moved with the guilty ones for nothing; of the rest, what no requirement moved. */
  async #together(): Promise<readonly string[]> {
    const { failing, suspects } = this.#charge;
    const healed = this.#healed!;
    const versions = new Map(healed);
    const pinsOf = (names: readonly string[]): Pins =>
      new Map(
        [...this.#guilty, ...names].flatMap((name) =>
          versions.has(name) ? [[name, versions.get(name)!]] : [],
        ),
      );
    const alone = await this.#book.resolve(pinsOf([]), failing);
    if (alone !== undefined && stackDigest(alone) === stackDigest(healed)) return [];
    const moved = changedBetween(failing, healed).filter((name) => !this.#guilty.includes(name));
    const heals = async (names: readonly string[]) => {
      const { verdict, stack } = await this.#book.try(pinsOf(names), failing);
      if (verdict === "passes" && stack !== undefined) this.#nearest(stack);
      return verdict === "passes";
    };
    if (moved.length === 0 || (await heals([]))) return [];
    const first = suspects.filter((name) => moved.includes(name));
    const names = [...first, ...moved.filter((name) => !first.includes(name))];
    return await minimalSet({ names, named: 0 }, async (some) => ((await heals(some)) ? "fails" : "passes"));
  }

  #nearest(stack: Stack): void {
    const { failing } = this.#charge;
    const distance = (one: Stack) => changedBetween(failing, one).length;
    const known = this.#healed;
    if (known === undefined || distance(stack) < distance(known)) this.#healed = stack;
    else if (distance(stack) === distance(known) && isNewer(stack, known)) this.#healed = stack;
  }

  /** Inspections of one who tries one release after the other, package after package, in our own order. */
  async #linear(guilty: readonly Guilty[]): Promise<number> {
    const { failing, suspects } = this.#charge;
    const versions = new Map(failing);
    const found = new Map(guilty.map((one) => [one.name, one]));
    const names = [...suspects, ...failing.map(([name]) => name).filter((name) => !suspects.includes(name))];
    let count = 0;
    for (const name of names) {
      const version = versions.get(name);
      if (version === undefined) continue;
      const releases = await this.#book.releases(name);
      const good = goodOf(found.get(name));
      if (good !== undefined) return count + waysTo(releases, version, good).length - 1 + (await this.#way());
      count += releases.filter((one) => one !== version).length;
    }
    return count;
  }

  /** Releases from one to the other of what moved with the guilty ones. */
  async #way(): Promise<number> {
    const [before, after] = [new Map(this.#charge.failing), new Map(this.#healed)];
    let count = 0;
    for (const name of this.#companions) {
      const [from, to] = [before.get(name), after.get(name)];
      if (from === undefined || to === undefined) continue;
      count += waysTo(await this.#book.releases(name), from, to).length - 1;
    }
    return count;
  }
}

/** The nearest release that passes. */
export function goodOf(guilty: Guilty | undefined): string | undefined {
  for (const edge of [guilty?.older, guilty?.newer])
    if (edge !== undefined && edge !== "all") return edge.good;
  return undefined;
}

/** The releases that are known to fail, as specifiers; empty: all of them. */
export function rangeOf({ version, older, newer }: Guilty): string {
  if (older === undefined && newer === undefined) return `==${version}`;
  const low =
    older === undefined
      ? `>=${version}`
      : older === "all"
        ? ""
        : older.unknown.length === 0
          ? `>${older.good}`
          : `>=${older.bad}`;
  const high =
    newer === undefined
      ? `<=${version}`
      : newer === "all"
        ? ""
        : newer.unknown.length === 0
          ? `<${newer.good}`
          : `<=${newer.bad}`;
  return [low, high].filter((part) => part !== "").join(",");
}

/** From one version to another, both of them included, of releases that are sorted the newest first. */
function waysTo(releases: readonly string[], from: string, to: string): readonly string[] {
  const older = compareReleases(to, from) < 0;
  const [high, low] = older ? [from, to] : [to, from];
  const between = releases.filter((one) => compareReleases(one, high) < 0 && compareReleases(one, low) > 0);
  return older ? [from, ...between, to] : [from, ...between.toReversed(), to];
}

/** By the sum of what is newer. */
function isNewer(one: Stack, other: Stack): boolean {
  const versions = new Map(other);
  const balance = one.reduce((sum, [name, version]) => {
    const before = versions.get(name);
    return before === undefined ? sum : sum + Math.sign(compareReleases(version, before));
  }, 0);
  return balance > 0;
}
