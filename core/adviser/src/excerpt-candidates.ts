// The candidates of a project as an excerpt has them. What it does not hold, such as versions and files, comes from the
// project's record when somebody asks.

import type { ProjectRecord } from "@thoth/knowledge";
import type { Candidates, Exclusion } from "./candidates.ts";
import { type DateSpan, type ExcerptProject, StaleExcerpt } from "./excerpt.ts";

export class ExcerptCandidates implements Candidates {
  readonly count: number;
  readonly stable: number;
  readonly uploaded: Uint32Array;
  readonly yanks: boolean;
  readonly dates: DateSpan;
  readonly #select: () => Candidates | null | undefined;
  #selected: Candidates | undefined;

  constructor(kept: ExcerptProject, select: () => Candidates | null | undefined) {
    this.count = kept.count;
    this.stable = kept.stable;
    this.uploaded = kept.uploaded;
    this.yanks = kept.yanks;
    this.dates = kept.dates;
    this.#select = select;
  }

  get record(): ProjectRecord {
    return this.#whole().record;
  }

  get releases(): Int32Array {
    return this.#whole().releases;
  }

  get candidateOf(): Int32Array {
    return this.#whole().candidateOf;
  }

  get installs(): Int32Array {
    return this.#whole().installs;
  }

  get excluded(): readonly (Exclusion | undefined)[] {
    return this.#whole().excluded;
  }

  #whole(): Candidates {
    if (this.#selected !== undefined) return this.#selected;
    const selected = this.#select();
    const same =
      selected?.count === this.count &&
      selected.stable === this.stable &&
      selected.uploaded.every((time, at) => time === this.uploaded[at]);
    if (!same) throw new StaleExcerpt("the knowledge has other candidates than the excerpt");
    this.#selected = selected;
    return selected;
  }
}

/** As of which dates a project has these candidates. */
export function datesOf(candidates: Candidates, asOf: number): DateSpan {
  if (candidates instanceof ExcerptCandidates) return candidates.dates;
  const { earliest, latest } = candidates.record.releases;
  let from = 0;
  let until = 0xffffffff;
  for (let release = 0; release < latest.length; release++) {
    const first = earliest[release] as number;
    const last = latest[release] as number;
    if (last <= asOf) from = Math.max(from, last);
    else if (first > asOf) until = Math.min(until, first);
    else return { from: asOf, until: asOf + 1 };
  }
  return { from, until };
}
