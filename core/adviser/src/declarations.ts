// What releases declare in METADATA, as one target sees it: which of their requirements hold, and which variables
// of the platform that depends on. Each text is understood once.

import type { MetadataUnavailable, ReleaseMetadata } from "@thoth/knowledge";
import {
  type ExtraName,
  evaluateMarker,
  type Marker,
  type MarkerTerm,
  normalizeName,
  type PackageName,
  parseRequirement,
  type Requirement,
  ThothError,
} from "@thoth/pep";
import type { Project } from "./project.ts";
import { pythonAdmits } from "./python-bound.ts";

/** Why a release that looked installable is not. */
export interface Refusal {
  readonly reason: MetadataUnavailable["unavailable"] | "python" | "url-dependency";
  readonly message: string;
}

interface Declared {
  readonly requirement: Requirement;
  /** True when its marker speaks of extras. */
  readonly marked: boolean;
}

const NO_EXTRAS: ReadonlySet<string> = new Set();

/** Requirements by their text, for every universe of the process: a few thousand texts make up most of an index. */
const declaredTexts = new Map<string, Declared | undefined>();
const MOST_TEXTS = 20_000;

/** Variables of the platform that markers may ask about. */
export const PLATFORM_VARIABLES: readonly string[] = [
  "os_name",
  "platform_machine",
  "platform_python_implementation",
  "platform_system",
  "sys_platform",
];

export class Declarations {
  readonly #project: Project;
  /** URLs that the user named, by package. */
  readonly #urls: ReadonlyMap<PackageName, string>;
  /** What markers say without an extra. */
  readonly #verdicts = new Map<Marker, boolean>();

  constructor(project: Project, urls: ReadonlyMap<PackageName, string>) {
    this.#project = project;
    this.#urls = urls;
  }

  /** The requirements that hold for the project itself, or for one extra of it. */
  requirements(
    metadata: ReleaseMetadata | MetadataUnavailable,
    extra: ExtraName | undefined,
  ): readonly Requirement[] | Refusal {
    if ("unavailable" in metadata) return { reason: metadata.unavailable, message: metadata.message };
    const { target, policy } = this.#project;
    const bound = metadata.requiresPython;
    if (bound !== undefined && !pythonAdmits(bound, target.pythonVersion, policy.requiresPython ?? "full"))
      return { reason: "python", message: `requires Python ${bound}` };
    const found: Requirement[] = [];
    for (const text of metadata.requiresDist) {
      if (isOfOtherExtra(text, extra)) continue;
      const declared = declaredOf(text);
      if (declared === undefined)
        return {
          reason: "invalid-metadata",
          message: `declares the requirement ${text}, which cannot be read`,
        };
      if (!this.#holds(declared, extra)) continue;
      const { url } = declared.requirement;
      // A stranger's URL is never followed; one that the user named too is.
      if (url !== undefined && this.#urls.get(declared.requirement.name) !== url)
        return { reason: "url-dependency", message: `depends on a URL: ${text}` };
      found.push(declared.requirement);
    }
    return found;
  }

  /** Which of PLATFORM_VARIABLES the requirements of a release, or of one extra of it, ask about: a bit each. */
  consults(metadata: ReleaseMetadata | MetadataUnavailable, extra: ExtraName | undefined): number {
    if ("unavailable" in metadata) return 0;
    let bits = 0;
    for (const text of metadata.requiresDist) {
      if (isOfOtherExtra(text, extra)) continue;
      const marker = declaredOf(text)?.requirement.marker;
      if (marker !== undefined && concerns(marker, extra)) bits |= consultedBy(marker);
    }
    return bits;
  }

  /** Whether a declared requirement belongs to this package: to the extra, or to the project itself. */
  #holds(declared: Declared, extra: ExtraName | undefined): boolean {
    const { marker } = declared.requirement;
    if (marker === undefined) return extra === undefined;
    const { markers } = this.#project.target;
    let plain = this.#verdicts.get(marker);
    if (plain === undefined) {
      plain = evaluateMarker(marker, markers, NO_EXTRAS);
      this.#verdicts.set(marker, plain);
    }
    if (extra === undefined) return plain;
    return !plain && declared.marked && evaluateMarker(marker, markers, new Set([extra]));
  }
}

/** Whether the marker of a requirement of the user's own holds. */
export function applies({ marker }: Requirement, { target }: Project): boolean {
  return marker === undefined || evaluateMarker(marker, target.markers, NO_EXTRAS);
}

/** As `Declarations.consults`, of one marker. */
export function consultedBy(marker: Marker | undefined): number {
  let bits = 0;
  for (const step of marker?.steps ?? []) {
    if (step.kind !== "comparison") continue;
    for (const term of [step.left, step.right]) {
      const at = term.kind === "variable" ? PLATFORM_VARIABLES.indexOf(term.name) : -1;
      if (at >= 0) bits |= 1 << at;
    }
  }
  return bits;
}

/** False when the marker asks for another extra, whatever the platform. */
function concerns(marker: Marker, extra: ExtraName | undefined): boolean {
  return (
    extra !== undefined ||
    !marker.steps.some((step) => step.kind === "comparison" && [step.left, step.right].some(isExtra))
  );
}

function isExtra(term: MarkerTerm): boolean {
  return term.kind === "variable" && term.name === "extra";
}

function declaredOf(text: string): Declared | undefined {
  if (declaredTexts.has(text)) return declaredTexts.get(text);
  let declared: Declared | undefined;
  try {
    declared = { requirement: parseRequirement(text, { lenient: true }), marked: text.includes("extra") };
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
  }
  if (declaredTexts.size >= MOST_TEXTS) declaredTexts.clear();
  declaredTexts.set(text, declared);
  return declared;
}

/**
 * True when the text ends in a condition on an extra that was not asked for, so that it need not be read at all:
 * three in four requirements of real releases (airflow's lock: 1,202 texts, 871 of them so).
 */
function isOfOtherExtra(text: string, extra: ExtraName | undefined): boolean {
  const at = text.lastIndexOf("extra");
  if (at < 0) return false;
  const match = /^extra\s*==\s*(?:'([^']*)'|"([^"]*)")\s*\)?\s*$/.exec(text.slice(at));
  if (match === null || !text.includes(";") || /\bor\b/.test(text)) return false;
  return extra === undefined || normalizeName(match[1] ?? match[2] ?? "") !== (extra as string);
}
