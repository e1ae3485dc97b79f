// Which of the stacks that are tried for a notebook of the past is taken, without running it: the first against which nothing is
// known. Known is what its Python does not take, that nothing satisfies its requirements, and what rules and sources tell.

import { type Notebook, pythonFindings, refuses } from "@thoth/notebook";
import { ThothError } from "@thoth/pep";
import type { Locked } from "../engines/engine.ts";
import type { Invocation } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import type { Candidate } from "./past.ts";

/** A candidate that was locked, or could not be. */
export interface Trial<T> {
  readonly candidate: Candidate;
  /** Sentences without a full stop; empty: nothing is known against it. */
  readonly against: readonly string[];
  /** Absent: there is no such stack. */
  readonly made?: T;
}

export interface Choosing<T> {
  readonly notebook: Notebook;
  readonly candidates: readonly Candidate[];
  readonly make: (candidate: Candidate) => Promise<T>;
  readonly lockedOf: (made: T) => Pick<Locked, "advised">;
}

/** In the order of trial, up to the first against which nothing is known. Throws what the last threw where there is no stack at all. */
export async function chooseByEvidence<T>(
  { terminal }: Invocation,
  { notebook, candidates, make, lockedOf }: Choosing<T>,
): Promise<{ readonly chosen: Trial<T> & { readonly made: T }; readonly trials: readonly Trial<T>[] }> {
  const trials: Trial<T>[] = [];
  let failure: unknown;
  for (const candidate of candidates) {
    const trial = await tryOne({ notebook, make, lockedOf }, candidate).catch((error: unknown) => {
      if (!(error instanceof ThothError) || !NO_STACK.has(error.code)) throw error;
      failure = error;
      return { candidate, against: [error.message] };
    });
    trials.push(trial);
    tellTrial(terminal, trial);
    if (trial.against.length === 0) break;
  }
  const chosen = leastAgainst(trials);
  if (chosen === undefined) throw failure;
  if (trials.length > 1 || chosen.against.length > 0)
    terminal.entry("chosen", printable(`${chosen.candidate.words}${here(chosen.candidate)}${why(chosen)}`));
  return { chosen, trials };
}

/** Codes of failures that say that a candidate has no stack. */
export const NO_STACK: ReadonlySet<string> = new Set([
  "unsatisfiable",
  "no-matching-artifact",
  "package-not-found",
  "build-not-allowed",
  "invalid-metadata",
]);

async function tryOne<T>(
  { notebook, make, lockedOf }: Pick<Choosing<T>, "notebook" | "make" | "lockedOf">,
  candidate: Candidate,
): Promise<Trial<T>> {
  const refused = refusedBy(notebook, candidate.python);
  const made = await make(candidate);
  return { candidate, made, against: [...refused, ...knownAgainst(lockedOf(made))] };
}

/** What that Python does not take. */
export function refusedBy(notebook: Notebook, python: string): readonly string[] {
  return pythonFindings(notebook)
    .filter((finding) => refuses(python, finding))
    .map(
      ({ cell, line, what, since }) =>
        `cell ${cell + 1}, line ${line + 1}, has ${what}, which Python has not had since ${since}`,
    );
}

/** What rules and sources tell of a stack that does not work. */
function knownAgainst({ advised }: Pick<Locked, "advised">): readonly string[] {
  const said = (advised?.packages() ?? [])
    .flatMap(({ rules }) => rules)
    .filter(({ score, forbids }) => score <= BREAKS || forbids !== undefined)
    .flatMap(({ justification: [first] }) => (first === undefined ? [] : [withoutStop(first.message)]));
  return [...new Set(said)];
}

/** Rules that score more only warn. */
const BREAKS = -0.3;

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}

/** Of equals the one that is nearest to the notebook's time. */
function leastAgainst<T>(trials: readonly Trial<T>[]): (Trial<T> & { readonly made: T }) | undefined {
  let least: (Trial<T> & { readonly made: T }) | undefined;
  for (const { made, ...trial } of trials) {
    if (made === undefined) continue;
    const better =
      least === undefined ||
      trial.against.length < least.against.length ||
      (trial.against.length === least.against.length && trial.candidate.kind === "of-its-time");
    if (better) least = { ...trial, made };
  }
  return least;
}

function tellTrial<T>(terminal: Invocation["terminal"], { candidate, against }: Trial<T>): void {
  const [first = "nothing is known against them", ...more] = against;
  const others = more.length === 0 ? "" : `; and ${plural(more.length, "more thing")} like it`;
  terminal.entry("tried", printable(`${candidate.words}: ${first}${others}`));
}

function here({ here: isHere, python }: Candidate): string {
  return isHere ? "" : `; Python ${python} is not on this machine, and is locked for all the same`;
}

function why<T>({ against }: Trial<T>): string {
  return against.length === 0 ? "" : ", against which the least is known";
}
