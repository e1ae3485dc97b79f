// The nearest changes of requirements that would have an answer, where there is none.

import {
  changesOf,
  type Failure,
  furtherThan,
  type Product,
  type Project,
  pinnedAt,
  type Relaxation,
  type RequirementChange,
  relaxationsOf,
  upwardOnly,
} from "@thoth/adviser";
import { ThothError } from "@thoth/pep";
import { deadlineOf } from "./deadline.ts";
import type { Knowledge } from "./engine.ts";

const WAY_OUT_SECONDS = 5;
const MOST_WAYS = 3;

/** Changes of one requirement that were seen to have an answer, else of two: the nearest of each. */
export async function findWaysOut(
  { project, session, advisories, rules }: Omit<Knowledge, "listing"> & { readonly project: Project },
  failure: Failure,
  signal: AbortSignal,
): Promise<(readonly RequirementChange[])[]> {
  const { runResolution } = await import("@thoth/index");
  const deadline = deadlineOf(WAY_OUT_SECONDS, signal);
  const around = { budget: deadline, signal: deadline.signal, advisories, rules };
  const ask = (relaxation: Relaxation) => runResolution(relaxation.project, session, around);
  const wayBy = async (relaxation: Relaxation, product: Product) => {
    let nearest = { relaxation, product };
    for (const at of relaxation.requirements) {
      const upward = upwardOnly(nearest.relaxation, at, project);
      const lowest = upward && (await ask(upward));
      if (lowest?.kind !== "solved") continue;
      // The others are the best that they can be beside it.
      const pinned = pinnedAt(nearest.relaxation, at, lowest.product);
      const answer = await ask(pinned);
      if (answer.kind === "solved") nearest = { relaxation: pinned, product: answer.product };
    }
    return changesOf(project, nearest.relaxation, nearest.product);
  };
  const ways: (readonly RequirementChange[])[] = [];
  const left: { readonly relaxation: Relaxation; readonly failure: Failure }[] = [];
  const tryOne = async (relaxation: Relaxation): Promise<void> => {
    const answer = await ask(relaxation);
    if (answer.kind === "unsatisfiable") left.push({ relaxation, failure: answer.failure });
    const way = answer.kind === "solved" ? await wayBy(relaxation, answer.product) : undefined;
    if (way !== undefined) ways.push(way);
  };
  try {
    for (const relaxation of relaxationsOf(project, failure))
      if (ways.length < MOST_WAYS) await tryOne(relaxation);
    for (const { relaxation, failure: other } of [...left])
      for (const both of furtherThan(relaxation, other)) if (ways.length === 0) await tryOne(both);
  } catch (error) {
    signal.throwIfAborted();
    // A way out is a courtesy: the failure itself is what must be told.
    if (!(error instanceof ThothError) && !deadline.signal.aborted) throw error;
  }
  return ways;
}
