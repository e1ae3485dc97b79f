// Whether a unit takes part in answering a request. Dependencies on other units need all units at once: they are
// followed from those without any until nothing more is included.

import type { PipelineContext } from "./context.ts";
import { evaluateEnvironmentRule } from "./evaluate-environment.ts";
import type { Inclusion, UnitReference } from "./inclusion.ts";
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

const UNKNOWN = 0;
const HOLDS = 1;
const FAILS = 2;

/** The conditions of a request, each evaluated when it is first asked for. */
export class Conditions {
  readonly #prescriptions: Prescriptions;
  readonly #context: PipelineContext;
  readonly #states: Uint8Array;

  constructor(prescriptions: Prescriptions, context: PipelineContext) {
    this.#prescriptions = prescriptions;
    this.#context = context;
    this.#states = new Uint8Array(prescriptions.inclusionCount);
  }

  /** Whether the unit takes part. */
  includes(number: number): boolean {
    return this.#holds(this.#prescriptions.inclusionOf(number));
  }

  #holds(place: number): boolean {
    const known = this.#states[place]!;
    if (known !== UNKNOWN) return known === HOLDS;
    const inclusion = this.#prescriptions.inclusion(place);
    if (inclusion.dependencies === undefined) {
      const holds = evaluateInclusion(inclusion, this.#context);
      this.#states[place] = holds ? HOLDS : FAILS;
      return holds;
    }
    this.#followDependencies();
    return this.#states[place] === HOLDS;
  }

  /** All that ask for other units at once: none of them holds until it is shown to. */
  #followDependencies(): void {
    const prescriptions = this.#prescriptions;
    let open = [...prescriptions.dependents];
    for (const place of open) this.#states[place] = FAILS;
    open = open.filter((place) => evaluateInclusion(prescriptions.inclusion(place), this.#context));
    for (let before = -1; before !== open.length; ) {
      before = open.length;
      open = open.filter((place) => {
        const met = prescriptions.inclusion(place).dependencies!.every((reference) => this.#isMet(reference));
        if (met) this.#states[place] = HOLDS;
        return !met;
      });
    }
  }

  #isMet({ list, name }: UnitReference): boolean {
    if (this.#context.builtInUnits?.has(name) === true) return true;
    const numbers = this.#prescriptions.named.get(referenceKey(list, name)) ?? [];
    return numbers.some((number) => this.includes(number));
  }
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
