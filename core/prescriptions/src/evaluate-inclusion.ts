// Whether a unit takes part in answering a request. Dependencies on other units need all units at once: they are
// followed from those without any until nothing more is included.

import type { PipelineContext } from "./context.ts";
import { evaluateEnvironmentRule } from "./evaluate-environment.ts";
import type { Inclusion } from "./inclusion.ts";
import type { Prescriptions } from "./prescriptions.ts";
import { referenceKey } from "./unit.ts";

/** Everything but dependencies on other units. */
export function evaluateInclusion(inclusion: Inclusion, context: PipelineContext): boolean {
  return (
    inclusion.enabled &&
    isPipeline(inclusion, context) &&
    (inclusion.authenticated === undefined || inclusion.authenticated === (context.authenticated ?? false)) &&
    (inclusion.labels === undefined || hasLabel(inclusion.labels, context.labels ?? {})) &&
    (inclusion.libraryUsage === undefined || usesAll(inclusion.libraryUsage, context.libraryUsage ?? {})) &&
    (inclusion.environment === undefined ||
      evaluateEnvironmentRule(inclusion.environment, context.runtimeEnvironment ?? {}))
  );
}

/** Whether each of the conditions holds, dependencies considered. */
export function evaluateInclusions(prescriptions: Prescriptions, context: PipelineContext): Uint8Array {
  const { inclusions } = prescriptions;
  const held = new Uint8Array(inclusions.length);
  let open: number[] = [];
  for (const [place, inclusion] of inclusions.entries()) {
    if (!evaluateInclusion(inclusion, context)) continue;
    if (inclusion.dependencies === undefined) held[place] = 1;
    else open.push(place);
  }
  const isIncluded = (number: number) => held[prescriptions.inclusionOf(number)] === 1;
  for (let before = -1; before !== open.length; ) {
    before = open.length;
    open = open.filter((place) => {
      const met = inclusions[place]!.dependencies!.every(
        ({ list, name }) =>
          context.builtInUnits?.has(name) === true ||
          prescriptions.named.get(referenceKey(list, name))?.some(isIncluded) === true,
      );
      if (met) held[place] = 1;
      return !met;
    });
  }
  return held;
}

function isPipeline(inclusion: Inclusion, context: PipelineContext): boolean {
  if (context.pipeline === "adviser") {
    const types = inclusion.recommendationTypes;
    const type = context.recommendationType;
    return inclusion.adviser && (types === undefined || chooses(types, type));
  }
  const types = inclusion.decisionTypes;
  return inclusion.dependencyMonkey && (types === undefined || chooses(types, context.decisionType));
}

function chooses<T>(
  choice: { readonly negated: boolean; readonly items: readonly T[] },
  value: T | undefined,
): boolean {
  return (value !== undefined && choice.items.includes(value)) !== choice.negated;
}

function hasLabel(
  wanted: NonNullable<Inclusion["labels"]>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return wanted.some(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function usesAll(
  wanted: NonNullable<Inclusion["libraryUsage"]>,
  usage: Readonly<Record<string, readonly string[]>>,
): boolean {
  return wanted.every(([module, symbols]) => {
    const used = Object.hasOwn(usage, module) ? usage[module]! : [];
    return symbols.every((symbol) => used.some((one) => matchesSymbol(symbol, one)));
  });
}

function matchesSymbol(wanted: string, used: string): boolean {
  if (!wanted.endsWith(".*")) return used === wanted;
  return used === wanted.slice(0, -2) || used.startsWith(wanted.slice(0, -1));
}
