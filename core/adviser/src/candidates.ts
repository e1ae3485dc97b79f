// Which releases of a project are admissible in an environment under a policy, the most preferred first, and
// why the others are not. Works on the record's integer columns: text is read once per distinct tag set and
// Requires-Python.

import type { ProjectRecord } from "@thoth/knowledge";
import { type Specifiers, specifiersContain, type TargetEnvironment } from "@thoth/pep";
import type { Policy } from "./project.ts";
import { pythonAdmits } from "./python-bound.ts";
import { rankTagSet, UNFIT } from "./tag-fit.ts";

export type Exclusion =
  | "date"
  | "platform"
  | "python"
  | "prerelease"
  | "yanked"
  | "source-only"
  | "wheel-only"
  | "quarantined";

export interface Candidates {
  readonly record: ProjectRecord;
  /** Releases of the record in order of preference. */
  readonly releases: Int32Array;
  /** Candidate of each release of the record, or -1. */
  readonly candidateOf: Int32Array;
  /** The file to install, per candidate. */
  readonly installs: Int32Array;
  /** First upload in seconds since 1970, per candidate; 0 when unknown. */
  readonly uploaded: Float64Array;
  /** 1 for a pre-release, per candidate. */
  readonly prerelease: Uint8Array;
  /** Why a release of the record is not among the candidates; undefined for candidates. */
  readonly excluded: readonly (Exclusion | undefined)[];
}

export interface CandidateRequest {
  readonly record: ProjectRecord;
  readonly target: TargetEnvironment;
  readonly policy: Policy;
  /** True when a requirement of the user's own pins exactly this version (yanked releases need that). */
  readonly pins: (release: number) => boolean;
  readonly lowestFirst: boolean;
}

/** A source distribution installs where no wheel does. */
const SOURCE = UNFIT - 1;

interface Usable {
  readonly file: number;
  readonly uploaded: number;
}

/** The admissible releases of a record. */
export function selectCandidates(request: CandidateRequest): Candidates {
  const { record, policy } = request;
  const judge = new FileJudge(request);
  const count = record.releaseCount;
  const excluded = new Array<Exclusion | undefined>(count);
  const usable = new Array<Usable | undefined>(count);
  const stable: number[] = [];
  const prereleases: number[] = [];
  const mixed = policy.prerelease === "allow" || policy.recommendationType === "testing";
  for (let release = 0; release < count; release++) {
    const isPre = isPrereleaseText(record.versionText(release));
    if (isPre && policy.prerelease === "disallow") {
      excluded[release] = "prerelease";
      continue;
    }
    const found = judge.best(release);
    if (typeof found === "string") {
      excluded[release] = found;
      continue;
    }
    usable[release] = found;
    (isPre && !mixed ? prereleases : stable).push(release);
  }
  if (request.lowestFirst) {
    stable.reverse();
    prereleases.reverse();
  }
  return tabulate(record, [...stable, ...prereleases], usable, excluded);
}

function tabulate(
  record: ProjectRecord,
  order: readonly number[],
  usable: readonly (Usable | undefined)[],
  excluded: readonly (Exclusion | undefined)[],
): Candidates {
  const candidateOf = new Int32Array(record.releaseCount).fill(-1);
  const installs = new Int32Array(order.length);
  const uploaded = new Float64Array(order.length);
  const prerelease = new Uint8Array(order.length);
  for (const [candidate, release] of order.entries()) {
    const chosen = usable[release] as Usable;
    candidateOf[release] = candidate;
    installs[candidate] = chosen.file;
    uploaded[candidate] = chosen.uploaded;
    prerelease[candidate] = isPrereleaseText(record.versionText(release)) ? 1 : 0;
  }
  return { record, releases: Int32Array.from(order), candidateOf, installs, uploaded, prerelease, excluded };
}

/** Judges files one by one, with memory for texts that recur. */
class FileJudge {
  readonly #record: ProjectRecord;
  readonly #request: CandidateRequest;
  readonly #rankOfTagSet: Int32Array;
  readonly #pythonAdmitted: Int8Array;
  readonly #wheels: boolean;
  readonly #sources: boolean;

  constructor(request: CandidateRequest) {
    const { record, policy } = request;
    this.#record = record;
    this.#request = request;
    this.#rankOfTagSet = new Int32Array(record.tagSets.length).fill(-1);
    this.#pythonAdmitted = new Int8Array(record.requiresPythonTexts.length).fill(-1);
    this.#wheels = !names(policy.noBinary, record.name) || policy.onlyBinary.has(record.name);
    this.#sources = !names(policy.onlyBinary, record.name) || policy.noBinary.has(record.name);
  }

  /** The file that a release installs from, or why it cannot. */
  best(release: number): Usable | Exclusion {
    const record = this.#record;
    if (record.status.status === "quarantined") return "quarantined";
    let bestFile = -1;
    let bestRank = UNFIT;
    let uploaded = 0;
    let reason: Exclusion | undefined;
    const end = record.firstFile(release + 1);
    for (let file = record.firstFile(release); file < end; file++) {
      const exclusion = this.#exclusion(file, release);
      if (exclusion !== undefined) {
        reason ??= exclusion;
        continue;
      }
      const time = record.uploadTime(file);
      if (time !== 0 && (uploaded === 0 || time < uploaded)) uploaded = time;
      const rank = this.#rank(file);
      if (rank < bestRank) {
        bestRank = rank;
        bestFile = file;
      } else if (rank === UNFIT) reason ??= this.#unfit(file);
    }
    return bestFile >= 0 ? { file: bestFile, uploaded } : (reason ?? "platform");
  }

  #exclusion(file: number, release: number): Exclusion | undefined {
    const record = this.#record;
    const { policy, pins } = this.#request;
    const time = record.uploadTime(file);
    if (time > policy.asOf || (time === 0 && policy.asOfStrict === true)) return "date";
    if (record.isYanked(file) && policy.recommendationType !== "testing" && !pins(release)) return "yanked";
    const bound = record.requiresPython(file);
    if (bound >= 0 && !this.#admitsPython(bound)) return "python";
    return undefined;
  }

  #admitsPython(bound: number): boolean {
    let known = this.#pythonAdmitted[bound] as number;
    if (known < 0) {
      const { target, policy } = this.#request;
      const text = this.#record.requiresPythonTexts[bound] as string;
      known = pythonAdmits(text, target.pythonVersion, policy.requiresPython ?? "full") ? 1 : 0;
      this.#pythonAdmitted[bound] = known;
    }
    return known === 1;
  }

  #unfit(file: number): Exclusion {
    if (this.#record.tagSet(file) < 0) return "source-only";
    return this.#wheels ? "platform" : "wheel-only";
  }

  #rank(file: number): number {
    const tagSet = this.#record.tagSet(file);
    if (tagSet < 0) return this.#sources ? SOURCE : UNFIT;
    if (!this.#wheels) return UNFIT;
    let rank = this.#rankOfTagSet[tagSet] as number;
    if (rank < 0) {
      rank = rankTagSet(this.#record.tagSets[tagSet] as string, this.#request.target);
      this.#rankOfTagSet[tagSet] = rank;
    }
    return rank;
  }
}

function names(set: ReadonlySet<string>, name: string): boolean {
  return set.has(name) || set.has(":all:");
}

/** Whether a canonical version text is a pre-release or development release: only those have one of these letters. */
export function isPrereleaseText(text: string): boolean {
  const end = text.indexOf("+");
  for (let at = (end < 0 ? text.length : end) - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (code >= 0x61 && code <= 0x64) return true;
  }
  return false;
}

/** True when `specifiers` admit exactly one version by `==` or `===` and that version is `release`. */
export function pinsRelease(specifiers: Specifiers, record: ProjectRecord, release: number): boolean {
  const pinned = specifiers.clauses.some(
    (clause) => clause.operator === "===" || (clause.operator === "==" && !clause.wildcard),
  );
  return pinned && specifiersContain(specifiers, record.version(release), { prereleases: true });
}
