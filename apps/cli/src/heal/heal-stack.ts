// From a stack that fails to one that works, without a notebook: it is inspected, the guilty releases of what fails are found, and
// what is healed is inspected again, three times at most.

import type { Stack } from "@thoth/inspection";
import { judge, suspectsOf } from "../trial/judge.ts";
import type { Failure, Seen } from "../trial/seen.ts";
import type { StackInspector } from "../trial/stack-inspector.ts";
import type { StackMaker } from "../trial/stack-maker.ts";
import type { HealedFailure } from "./tell-failure.ts";

export interface StackPatient {
  readonly maker: StackMaker;
  readonly inspector: StackInspector;
  /** Made by the maker. */
  readonly stack: Stack;
  /** What was asked for itself. */
  readonly direct: readonly string[];
  /** There is a check: what cannot be imported then matters only where the check needs it. */
  readonly checked: boolean;
}

export interface StackDiagnosis {
  readonly healed: readonly (HealedFailure & { readonly what: string })[];
  /** The last that was inspected. */
  readonly stack: Stack;
  /** Absent: it works. */
  readonly unhealed?: { readonly failure: Failure; readonly suspects: readonly string[] };
}

const MOST_ROUNDS = 3;
/** Inspections of one round. */
const MOST_INSPECTIONS = 40;

/** Throws what an inspection throws. */
export async function healStack(patient: StackPatient): Promise<StackDiagnosis> {
  const { maker, inspector } = patient;
  const healed: (HealedFailure & { readonly what: string })[] = [];
  let { stack } = patient;
  for (;;) {
    const failure = failureIn(await inspector.look(maker, stack), patient);
    if (failure === undefined) return { healed, stack };
    const suspects = suspectsOf(maker, stack, { failure });
    if (healed.length >= MOST_ROUNDS) return { healed, stack, unhealed: { failure, suspects } };
    const named = failure.packages.length;
    const charge = { failing: stack, suspects, named, most: MOST_INSPECTIONS };
    const sentence = await judge({ maker, inspector, failure, looked: new Set() }, charge);
    if (sentence.kind === "unhealed") return { healed, stack, unhealed: { failure, suspects } };
    const better = await maker.trimmed(sentence.healed);
    const { what, symptom } = failure;
    healed.push({ what, symptom, failing: stack, sentence: { ...sentence, healed: better } });
    stack = better;
  }
}

/** The first that matters: what could not be made, then the check, or the imports of what was asked for. */
function failureIn({ failures }: Seen, { direct, checked }: StackPatient): Failure | undefined {
  const imports = new Set(direct.map((name) => `import ${name}`));
  return (
    failures.find(({ stage }) => stage === "install" || stage === "build") ??
    failures.find(({ stage, what }) => (checked ? stage === "run" : stage === "import" && imports.has(what)))
  );
}
