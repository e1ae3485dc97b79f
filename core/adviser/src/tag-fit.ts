// How well the compressed tag sets of wheels fit a target. The same few sets recur in most projects, and most sets
// of a long history are for other Pythons, so each is looked at once a target and expanded only when its Python fits.

import { parseTagSet, type TargetEnvironment, ThothError } from "@thoth/pep";

/** A wheel's rank when nothing of it fits the target. */
export const UNFIT = 0x7fffffff;

interface Fit {
  /** The first two components of every tag that the target accepts. */
  readonly interpreters: ReadonlySet<string>;
  readonly ranks: Map<string, number>;
  readonly installable: Map<string, boolean>;
}

const fits = new WeakMap<TargetEnvironment["tags"], Fit>();

function fitOf({ tags }: TargetEnvironment): Fit {
  let fit = fits.get(tags);
  if (fit === undefined) {
    const interpreters = new Set<string>();
    for (const tag of tags.keys()) interpreters.add(tag.slice(0, tag.lastIndexOf("-")));
    fit = { interpreters, ranks: new Map(), installable: new Map() };
    fits.set(tags, fit);
  }
  return fit;
}

/** The best priority among the tags of a set, or `UNFIT`. */
export function rankTagSet(tagSet: string, target: TargetEnvironment): number {
  const { ranks } = fitOf(target);
  let rank = ranks.get(tagSet);
  if (rank === undefined) {
    rank = target.tags.get(tagSet) ?? UNFIT;
    if (rank === UNFIT) {
      for (const tag of tagsOf(tagSet)) rank = Math.min(rank, target.tags.get(tag) ?? UNFIT);
    }
    ranks.set(tagSet, rank);
  }
  return rank;
}

/** Whether the target accepts one of these Python and ABI tags (`cp311-cp311`, `py2.py3-none`), on whatever platform. */
export function fitsInterpreter(interpreter: string, target: TargetEnvironment): boolean {
  const { interpreters, installable } = fitOf(target);
  let fit = installable.get(interpreter);
  if (fit === undefined) {
    const [pythons = "", abis = ""] = interpreter.toLowerCase().split("-", 2);
    const combined = abis.split(".");
    fit = pythons.split(".").some((python) => combined.some((abi) => interpreters.has(`${python}-${abi}`)));
    installable.set(interpreter, fit);
  }
  return fit;
}

/** The tags that a compressed set stands for; none when an index lists a file with tags that mean nothing. */
export function tagsOf(tagSet: string): readonly string[] {
  try {
    return parseTagSet(tagSet);
  } catch (error) {
    if (error instanceof ThothError) return [];
    throw error;
  }
}
