// What the smallest loosening of one requirement would gain, proved: each is resolved, and none is applied.

import {
  firstGain,
  type Loosening,
  type Loosenings,
  leavesSomething,
  type Product,
  worthTrying,
} from "@thoth/adviser";
import type { Consultation, Scales } from "../engines/engine.ts";
import type { Terminal } from "../frame/terminal.ts";

export interface Gain {
  readonly loosening: Pick<Loosening, "name" | "from" | "to">;
  readonly level: string;
  readonly before: number;
  readonly after: number;
  /** Known vulnerabilities of the stack that it would give. */
  readonly flaws: number;
  readonly proof: Product["proof"];
}

/** The greatest gain first. */
export async function findLoosenings(
  { project, product, loosen }: Consultation,
  terminal: Terminal,
): Promise<readonly Gain[]> {
  if (!leavesSomething(product.objective)) return [];
  const wishes = worthTrying(project, product);
  if (wishes.length === 0) return [];
  const stage = terminal.stage("relax");
  const scales = loosen(wishes);
  const gains: Gain[] = [];
  let tried = 0;
  for (const ways of wishes) {
    stage.update(tried, wishes.length, ways[0]?.from ?? "");
    const gain = await bestOf(ways, product, scales);
    if (scales.late) break;
    if (gain !== undefined) gains.push(gain);
    tried++;
  }
  const unknown = tried < wishes.length ? `; the time was up after ${tried}` : "";
  stage.end(
    gains.length === 0 && unknown === ""
      ? "no loosening of one requirement would gain anything"
      : `${gains.length} of ${wishes.length} requirements cost something${unknown}`,
  );
  return gains.sort((a, b) =>
    a.level === b.level ? b.before - b.after - (a.before - a.after) : place(product, a) - place(product, b),
  );
}

function place({ objective }: Product, { level }: Gain): number {
  return objective.findIndex((item) => item.level === level);
}

/** The smallest loosening that gains what the greatest does, on the first level on which that gains anything. */
async function bestOf(ways: Loosenings, product: Product, scales: Scales): Promise<Gain | undefined> {
  const most = await gainOf(ways.at(-1) as Loosening, product, scales);
  if (most === undefined) return undefined;
  for (const way of ways.slice(0, -1)) {
    const gain = await gainOf(way, product, scales);
    if (gain?.level === most.level && gain.after === most.after) return gain;
  }
  return most;
}

async function gainOf(loosening: Loosening, product: Product, scales: Scales): Promise<Gain | undefined> {
  const found = await scales.weigh(loosening);
  const gain = found && firstGain(product.objective, found.objective);
  if (found === undefined || gain === undefined) return undefined;
  return { loosening, ...gain, flaws: found.flawCount(), proof: found.proof };
}
