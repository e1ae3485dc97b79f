// The date and the Python that a notebook's own evidence speaks for, and why in words.

import type { DateEvidence, PastEvidence } from "./past-evidence.ts";
import { pythonReleased, pythonsOfTime, pythonUsable } from "./python-releases.ts";

export interface Past {
  /** Seconds since 1970; the end of a day. */
  readonly seconds: number;
  /** Minor versions of Python, the most fitting first; never empty. */
  readonly pythons: readonly string[];
  /** The Python that the notebook tells itself, as it tells it. */
  readonly told: string | undefined;
  /** Sentences without a full stop. */
  readonly because: readonly string[];
}

export type PastOutcome =
  | { readonly kind: "past"; readonly past: Past }
  | { readonly kind: "none" }
  | { readonly kind: "python-2"; readonly version: string };

export interface Surroundings {
  /** When its code was last changed. */
  readonly changed?: DateEvidence | undefined;
  /** When versions that it shows were uploaded: it was run after that. */
  readonly uploads?: readonly DateEvidence[];
  readonly now: number;
}

/** What a notebook keeps of its runs counts more than when its code was last changed, and that more than its Python alone. */
export function choosePast(
  evidence: PastEvidence,
  { changed, uploads = [], now }: Surroundings,
): PastOutcome {
  const [python] = evidence.pythons;
  if (python?.version.startsWith("2.") === true) return { kind: "python-2", version: python.version };
  const because: string[] = [];
  const released = python === undefined ? undefined : pythonReleased(python.version);
  const run = latest(evidence.dates) ?? changed;
  const upload = latest(uploads);
  if (run === undefined && released === undefined && upload === undefined) return { kind: "none" };
  const minor = python === undefined ? undefined : minorOf(python.version);
  if (run !== undefined)
    because.push(`${run.source} ${run === changed ? "is" : "end"} on ${dayOf(run.seconds)}`);
  if (python !== undefined) because.push(`${python.source} says Python ${python.version}`);
  let seconds = run === undefined ? 0 : endOfDay(run.seconds);
  if (released !== undefined && released > seconds) {
    seconds = released;
    because.push(`Python ${python?.version} was released on ${dayOf(released)}`);
  }
  if (upload !== undefined && upload.seconds > seconds) {
    seconds = endOfDay(upload.seconds);
    because.push(`${upload.source} was uploaded on ${dayOf(seconds)}`);
  }
  const usable = minor === undefined ? undefined : pythonUsable(minor);
  if (usable !== undefined && usable > seconds) {
    seconds = usable;
    because.push(`packages had wheels for Python ${minor} half a year after its release`);
  }
  seconds = Math.min(seconds, now);
  const pythons = pythonsFor(seconds, minor);
  if (pythons.length === 0) return { kind: "none" };
  return { kind: "past", past: { seconds, pythons, told: python?.version, because } };
}

/** The one that is told, then the next newer ones of the time; where none is told, the newest of the time first. */
function pythonsFor(seconds: number, told: string | undefined): readonly string[] {
  const ofTime = pythonsOfTime(seconds);
  if (told === undefined) return ofTime;
  return [told, ...ofTime.toReversed().filter((minor) => numberOf(minor) > numberOf(told))];
}

/** The next newer Pythons, which take most code of this one, the nearest first. */
export function laterPythons(minor: string): readonly string[] {
  const next = numberOf(minor) + 1;
  return [`3.${next}`, `3.${next + 1}`].filter((one) => pythonUsable(one) !== undefined);
}

/** A date on which most packages had wheels for that Python; in seconds. */
export function snappedDate(seconds: number, minor: string): number {
  return Math.max(seconds, pythonUsable(minor) ?? 0);
}

function numberOf(minor: string): number {
  return Number(minor.split(".")[1]);
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

function latest(dates: readonly DateEvidence[]): DateEvidence | undefined {
  return dates.toSorted((one, other) => other.seconds - one.seconds)[0];
}

function endOfDay(seconds: number): number {
  return Math.floor(seconds / 86_400) * 86_400 + 86_399;
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
