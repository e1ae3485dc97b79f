// Markers joined into one.

import type { Marker, MarkerComparison, MarkerOperator, MarkerStep } from "./marker.ts";

/** True where all of them are; undefined where there is none. Equal ones count once. */
export function joinMarkers(markers: readonly (Marker | undefined)[]): Marker | undefined {
  return join(markers, "and");
}

/** True where one of them is; undefined as soon as one of them is, for it is always true. */
export function alternateMarkers(markers: readonly (Marker | undefined)[]): Marker | undefined {
  return markers.includes(undefined) ? undefined : join(markers, "or");
}

function join(markers: readonly (Marker | undefined)[], kind: "and" | "or"): Marker | undefined {
  const distinct = new Map<string, Marker>();
  for (const marker of markers) if (marker !== undefined) distinct.set(JSON.stringify(marker.steps), marker);
  const steps: MarkerStep[] = [];
  for (const marker of distinct.values()) {
    const joined = steps.length > 0;
    for (const step of marker.steps) steps.push(step);
    const needsGroup = kind === "and" && distinct.size > 1 && marker.steps.at(-1)?.kind === "or";
    if (needsGroup) steps.push({ kind: "group" });
    if (joined) steps.push({ kind });
  }
  return steps.length === 0 ? undefined : { steps };
}

const opposites: ReadonlyMap<MarkerOperator, MarkerOperator> = new Map([
  ["==", "!="],
  ["!=", "=="],
  ["<", ">="],
  [">=", "<"],
  [">", "<="],
  ["<=", ">"],
  ["in", "not in"],
  ["not in", "in"],
]);

/** True where the marker is not; undefined where it has a comparison without an opposite. */
export function negateMarker(marker: Marker): Marker | undefined {
  const steps: MarkerStep[] = [];
  for (const [index, step] of marker.steps.entries()) {
    if (step.kind === "comparison") {
      const operator = opposites.get(step.operator);
      if (operator === undefined) return undefined;
      steps.push({ ...step, operator });
    } else if (step.kind === "and") {
      steps.push({ kind: "or" });
      if (index < marker.steps.length - 1) steps.push({ kind: "group" });
    } else if (step.kind === "or") steps.push({ kind: "and" });
  }
  return { steps };
}

/** What is left of a marker where every comparison that `holds` picks is true; undefined where nothing is. */
export function markerGiven(
  marker: Marker,
  holds: (comparison: MarkerComparison) => boolean,
): Marker | undefined {
  const stack: (Marker | undefined)[] = [];
  for (const step of marker.steps) {
    if (step.kind === "comparison") stack.push(holds(step) ? undefined : { steps: [step] });
    else if (step.kind !== "group") {
      const right = stack.pop();
      const left = stack.pop();
      stack.push(step.kind === "and" ? joinMarkers([left, right]) : alternateMarkers([left, right]));
    }
  }
  return stack[0];
}
