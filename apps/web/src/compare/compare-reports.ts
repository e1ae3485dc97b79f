// Two reports that lie in this browser, side by side: in the form in which the service compares two of its own.

import type { ComparisonDocument } from "@thoth/contract/service";
import { order } from "../frame/sentence.tsx";
import type { AdvisedStack, Report } from "../report/model.ts";

export interface Side {
  /** What it is called. */
  readonly name: string;
  readonly report: Report;
}

export function compareReports(before: Side, after: Side): ComparisonDocument {
  const [old, fresh] = [bestOf(before), bestOf(after)];
  const had = new Map(old.packages.map((item) => [item.name, item]));
  const has = new Map(fresh.packages.map((item) => [item.name, item]));
  const names = [...new Set([...had.keys(), ...has.keys()])].toSorted(order);
  const moved = names.filter((name) => had.get(name)?.version !== has.get(name)?.version);
  return {
    before: before.name,
    after: after.name,
    same: names.length - moved.length,
    changed: moved.map((name) => ({
      name,
      from: had.get(name)?.version ?? null,
      to: has.get(name)?.version ?? null,
      reasons: (has.get(name)?.justification ?? []).map(({ type, message, link }) => ({
        type: type as "INFO" | "WARNING" | "ERROR",
        message,
        package_name: name,
        ...(link === undefined ? {} : { link }),
      })),
    })),
    levels: levelsOf(old, fresh),
  };
}

const NOTHING: Pick<AdvisedStack, "packages" | "objective"> = { packages: [], objective: [] };

function bestOf({ report }: Side): typeof NOTHING {
  return report.products[0] ?? NOTHING;
}

function levelsOf(old: typeof NOTHING, fresh: typeof NOTHING): ComparisonDocument["levels"] {
  const paid = (stack: typeof NOTHING) => new Map(stack.objective.map(({ level, value }) => [level, value]));
  const [before, after] = [paid(old), paid(fresh)];
  // In the order of the newer one; what only the older one minds stands at the end.
  const levels = [...new Set([...after.keys(), ...before.keys()])];
  return levels.map((level) => ({
    level,
    before: before.get(level) ?? null,
    after: after.get(level) ?? null,
  }));
}
