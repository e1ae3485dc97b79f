// A marker after some of its questions have been answered: what is left to be asked of the machine.

import type { Marker, MarkerComparison, MarkerStep } from "./marker.ts";
import { alternateMarkers, joinMarkers } from "./marker-combine.ts";
import { evaluateMarker, type MarkerEnvironment } from "./marker-evaluate.ts";

/** What is left of a marker; a boolean where nothing is. */
export type Narrowed = Marker | boolean;

export interface Asked {
  /** In normal form. */
  readonly extras: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** The marker where these extras and groups are asked for, and no others. Throws invalid-requirement. */
export function narrowMarker(marker: Marker | undefined, { extras, groups }: Asked): Narrowed {
  return narrow(marker, (step, single) =>
    asksOfProject(step) ? evaluateMarker(single, noEnvironment, extras, groups) : single,
  );
}

/** The marker where this is known of the environment. Throws invalid-requirement. */
export function narrowToFacts(marker: Marker | undefined, facts: Partial<MarkerEnvironment>): Narrowed {
  const isKnown = ({ left, right }: MarkerComparison) =>
    [left, right].every((term) => term.kind !== "variable" || Object.hasOwn(facts, term.name));
  return narrow(marker, (step, single) =>
    isKnown(step) ? evaluateMarker(single, facts as MarkerEnvironment) : single,
  );
}

type Answering = (step: MarkerComparison, single: Marker) => Narrowed;

function narrow(marker: Marker | undefined, answer: Answering): Narrowed {
  if (marker === undefined) return true;
  const stack: Narrowed[] = [];
  for (const step of marker.steps) {
    if (step.kind === "comparison") stack.push(answer(step, { steps: [step] }));
    else if (step.kind !== "group") {
      const right = stack.pop() as Narrowed;
      const left = stack.pop() as Narrowed;
      stack.push(step.kind === "and" ? both(left, right) : either(left, right));
    }
  }
  return stack[0] ?? true;
}

/** Comparisons with extras and groups read nothing of the machine. */
const noEnvironment = Object.freeze(Object.create(null)) as MarkerEnvironment;

function asksOfProject({ left, right }: MarkerComparison): boolean {
  return [left, right].some(
    (term) =>
      term.kind === "variable" &&
      (term.name === "extras" || term.name === "dependency_groups" || term.name === "extra"),
  );
}

function both(left: Narrowed, right: Narrowed): Narrowed {
  if (left === false || right === false) return false;
  if (left === true) return right;
  return right === true ? left : (joinMarkers([left, right]) as Marker);
}

function either(left: Narrowed, right: Narrowed): Narrowed {
  if (left === true || right === true) return true;
  if (left === false) return right;
  return right === false ? left : (alternateMarkers([left, right]) as Marker);
}

/** Whether the marker asks for an extra or a group. */
export function asksForNames(marker: Marker | undefined): boolean {
  return marker?.steps.some((step: MarkerStep) => step.kind === "comparison" && asksOfProject(step)) ?? false;
}
