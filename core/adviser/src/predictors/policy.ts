// What temporal difference learning learned: per release, by name and version, the sum of its rewards and how often it had
// one. Rewards are shares of the dearest stack's score, so that a policy outlives the problem it was learned on.

import { quote, ThothError } from "@thoth/pep";
import type { Facts } from "@thoth/solver";

/** What the host's numbers stand for; undefined for a package that has no name. */
export interface Names {
  package(id: number): string | undefined;
  version(id: number, release: number): string;
}

export interface Experience {
  readonly rewards: number;
  readonly count: number;
}

const FORMAT = "thoth-policy";
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_RELEASES = 200_000;
const MOST_CHARACTERS = 200;

export class Policy {
  readonly #packages = new Map<string, Map<string, Experience>>();

  get(name: string, version: string): Experience | undefined {
    return this.#packages.get(name)?.get(version);
  }

  set(name: string, version: string, experience: Experience): void {
    let versions = this.#packages.get(name);
    if (versions === undefined) {
      versions = new Map();
      this.#packages.set(name, versions);
    }
    versions.set(version, experience);
  }

  /** Average reward, or undefined where there is no experience. */
  average(name: string, version: string): number | undefined {
    const known = this.get(name, version);
    return known === undefined ? undefined : known.rewards / known.count;
  }

  *entries(): Generator<{ name: string; version: string; experience: Experience }> {
    for (const [name, versions] of this.#packages)
      for (const [version, experience] of versions) yield { name, version, experience };
  }
}

/** The policy as JSON, the same bytes for the same experience. */
export function savePolicy(policy: Policy): Uint8Array {
  const packages = new Map<string, [string, [number, number]][]>();
  const entries = [...policy.entries()].sort((a, b) => order(a.name, b.name) || order(a.version, b.version));
  for (const { name, version, experience } of entries) {
    const versions = packages.get(name) ?? [];
    versions.push([version, [experience.rewards, experience.count]]);
    packages.set(name, versions);
  }
  const plain = [...packages].map(([name, versions]) => [name, Object.fromEntries(versions)]);
  const text = JSON.stringify({ format: FORMAT, version: 1, packages: Object.fromEntries(plain) });
  return new TextEncoder().encode(`${text}\n`);
}

/** Throws a ThothError for anything that `savePolicy` would not have written. */
export function loadPolicy(bytes: Uint8Array): Policy {
  if (bytes.length > MOST_BYTES) throw damaged(`it has more than ${MOST_BYTES} bytes`, "limit-exceeded");
  const document = parse(bytes);
  if (document["format"] !== FORMAT || document["version"] !== 1)
    throw damaged(`its format is not \`${FORMAT}\`, version 1`);
  const policy = new Policy();
  let releases = 0;
  for (const [name, versions] of Object.entries(demandObject(document["packages"], "packages"))) {
    demandShort(name);
    for (const [version, cell] of Object.entries(demandObject(versions, name))) {
      if (++releases > MOST_RELEASES)
        throw damaged(`it has more than ${MOST_RELEASES} releases`, "limit-exceeded");
      demandShort(version);
      policy.set(name, version, readExperience(cell, `${name} ${version}`));
    }
  }
  return policy;
}

/** The release of each package that a policy thinks most of, or -1: an order of decisions for the exact search. */
export function guessOf(policy: Policy, facts: Facts, names: Names): (id: number) => number {
  const known = new Map<number, number>();
  return (id) => {
    let release = known.get(id);
    if (release === undefined) {
      release = mostLiked(policy, { id, releases: facts.package(id)?.releases ?? 0, names });
      known.set(id, release);
    }
    return release;
  };
}

interface Question {
  readonly id: number;
  readonly releases: number;
  readonly names: Names;
}

function mostLiked(policy: Policy, { id, releases, names }: Question): number {
  const name = names.package(id);
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let release = 0; name !== undefined && release < releases; release++) {
    const average = policy.average(name, names.version(id, release));
    if (average === undefined || average <= most) continue;
    most = average;
    best = release;
  }
  return best;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type PlainObject = Readonly<Record<string, unknown>>;

function parse(bytes: Uint8Array): PlainObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ThothError("file-failed", "The learned policy is damaged: it is no JSON.", { cause });
  }
  return demandObject(value, "the document");
}

function demandObject(value: unknown, what: string): PlainObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw damaged(`${quote(what)} is no object`);
  return value as PlainObject;
}

function demandShort(text: string): void {
  if (text === "" || text.length > MOST_CHARACTERS) throw damaged(`${quote(text)} is no name or version`);
}

function readExperience(cell: unknown, what: string): Experience {
  const [rewards, count, ...more] = Array.isArray(cell) ? (cell as readonly unknown[]) : [];
  if (
    typeof rewards !== "number" ||
    typeof count !== "number" ||
    more.length > 0 ||
    !Number.isFinite(rewards) ||
    !Number.isSafeInteger(count) ||
    count < 1
  )
    throw damaged(`${quote(what)} has no sum of rewards and number of them`);
  return { rewards, count };
}

function damaged(why: string, code: "file-failed" | "limit-exceeded" = "file-failed"): ThothError {
  return new ThothError(code, `The learned policy is damaged: ${why}.`, {
    hint: "Remove it; the next run learns anew.",
  });
}
