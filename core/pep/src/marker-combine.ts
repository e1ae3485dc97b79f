// Markers joined into one.

import type { Marker, MarkerStep } from "./marker.ts";

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
