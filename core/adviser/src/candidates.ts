// Which releases of a project are admissible in an environment under a policy, the most preferred first, and
// why the others are not. Works on the record's integer columns: text is read once per distinct tag set and
// Requires-Python.

import { NO_BOUND, type ProjectRecord, RELEASE } from "@thoth/knowledge";
import { type Specifiers, specifiersContain, type TargetEnvironment } from "@thoth/pep";
import { asOfFor, type Policy } from "./project.ts";
import { pythonAdmits } from "./python-bound.ts";
import { fitsInterpreter, rankTagSet, UNFIT } from "./tag-fit.ts";

export type Exclusion =
  | "date"
  | "platform"
  | "python"
  | "prerelease"
  | "yanked"
  | "source-only"
  | "wheel-only"
  | "quarantined"
  | "malware"
  | "rule";

export interface Candidates {
  readonly count: number;
  readonly record: ProjectRecord;
  /** Releases of the record in order of preference. */
  readonly releases: Int32Array;
  /** Candidate of each release of the record, or -1. */
  readonly candidateOf: Int32Array;
  /** The file to install, per candidate. */
  readonly installs: Int32Array;
  /** First upload in seconds since 1970, per candidate; 0 when unknown. */
  readonly uploaded: Uint32Array;
  /** Where pre-releases are not mixed with the others: candidates before the first pre-release. */
  readonly stable: number;
  /** Some file was yanked, so that what the user pins matters. */
  readonly yanks: boolean;
  /** Why a release of the record is not among the candidates; undefined for candidates. */
  readonly excluded: readonly (Exclusion | undefined)[];
}

export interface CandidateRequest {
  readonly record: ProjectRecord;
  readonly target: TargetEnvironment;
  readonly policy: Policy;
  /** True when a requirement of the user's own pins exactly this version (yanked releases need that). */
  readonly pins: (release: number) => boolean;
  /** An advisory calls the release an attack. */
  readonly isMalware?: ((release: number) => boolean) | undefined;
  /** A rule forbids the release. */
  readonly isForbidden?: ((release: number) => boolean) | undefined;
  readonly lowestFirst: boolean;
}

/** A source distribution installs where no wheel does. */
const SOURCE = UNFIT - 1;

/** The admissible releases of a record. */
export function selectCandidates(request: CandidateRequest): Candidates {
  const { record, policy, lowestFirst, isMalware, isForbidden } = request;
  const count = record.releaseCount;
  const { firstFile, earliest } = record.releases;
  const judge = new ReleaseJudge(request);
  const excluded = new Array<Exclusion | undefined>(count);
  const releases = new Int32Array(count);
  const installs = new Int32Array(count);
  const uploaded = new Uint32Array(count);
  const candidateOf = new Int32Array(count).fill(-1);
  let candidates = 0;
  const admit = (release: number, verdict: Verdict) => {
    releases[candidates] = release;
    installs[candidates] = (firstFile[release] as number) + verdict.best;
    uploaded[candidates] = verdict.uploaded ?? (earliest[release] as number);
    candidateOf[release] = candidates++;
  };
  const mixed = policy.prerelease === "allow" || policy.recommendationType === "testing";
  const prereleases: [release: number, verdict: Verdict][] = [];
  for (let place = 0; place < count; place++) {
    const release = lowestFirst ? count - 1 - place : place;
    const isPre = record.isPrerelease(release);
    const verdict = isPre && policy.prerelease === "disallow" ? NO_PRERELEASE : judge.verdictOf(release);
    if (isMalware?.(release) === true) excluded[release] = "malware";
    else if (isForbidden?.(release) === true) excluded[release] = "rule";
    else if (verdict.exclusion !== undefined) excluded[release] = verdict.exclusion;
    else if (isPre && !mixed) prereleases.push([release, verdict]);
    else admit(release, verdict);
  }
  const stable = candidates;
  const forbidden = stable > 0 && forbidsPrereleases(policy);
  for (const [release, verdict] of prereleases) {
    if (forbidden) excluded[release] = "prerelease";
    else admit(release, verdict);
  }
  return {
    count: candidates,
    record,
    releases: releases.subarray(0, candidates),
    candidateOf,
    installs: installs.subarray(0, candidates),
    uploaded: uploaded.subarray(0, candidates),
    stable,
    yanks: judge.metYanks,
    excluded,
  };
}

/** Types that take none where the project has a stable release; some projects never made one. */
function forbidsPrereleases({ recommendationType }: Policy): boolean {
  return ["stable", "security", "performance"].includes(recommendationType);
}

/** Types that take yanked releases only where the user pins them: what he pins decides about candidates. */
export function mindsPins({ recommendationType }: Policy): boolean {
  return recommendationType === "latest";
}

interface Verdict {
  /** Place of the file to install among the release's files; -1 where there is none. */
  readonly best: number;
  readonly exclusion: Exclusion | undefined;
  /** First upload, where it is not simply that of the release. */
  readonly uploaded?: number;
}

const NO_PRERELEASE: Verdict = { best: -1, exclusion: "prerelease" };
const QUARANTINED: Verdict = { best: -1, exclusion: "quarantined" };
const ALL_YANKED: Verdict = { best: -1, exclusion: "yanked" };
const OTHER_PYTHON: Verdict = { best: -1, exclusion: "python" };

/** Judges releases one by one; each shape, tag set and Python bound is looked at once. */
class ReleaseJudge {
  readonly #request: CandidateRequest;
  readonly #record: ProjectRecord;
  /** By shape: what holds where nothing but tags excludes files. */
  readonly #verdicts: (Verdict | undefined)[];
  readonly #rankOfTagSet: Int32Array;
  readonly #fitsInterpreter: Int8Array;
  readonly #pythonAdmitted: Int8Array;
  readonly #wheels: boolean;
  readonly #sources: boolean;
  readonly #quarantined: boolean;
  readonly #asOf: number;
  /** A yanked file was met. */
  metYanks = false;
  /** What was said last, and for which columns. */
  #last: { readonly shape: number; readonly python: number; readonly verdict: Verdict };

  constructor(request: CandidateRequest) {
    const { record, policy } = request;
    this.#request = request;
    this.#record = record;
    this.#verdicts = new Array(record.shapeCount);
    this.#rankOfTagSet = new Int32Array(record.tagSetCount).fill(-1);
    this.#fitsInterpreter = new Int8Array(record.interpreters.length).fill(-1);
    this.#pythonAdmitted = new Int8Array(record.requiresPythonTexts.length).fill(-1);
    this.#wheels = !names(policy.noBinary, record.name) || policy.onlyBinary.has(record.name);
    this.#sources = !names(policy.onlyBinary, record.name) || policy.noBinary.has(record.name);
    this.#asOf = asOfFor(policy, record.name);
    this.#quarantined = record.status.status === "quarantined";
    this.#last = { shape: -1, python: -1, verdict: QUARANTINED };
  }

  verdictOf(release: number): Verdict {
    if (this.#quarantined) return QUARANTINED;
    const { asOfStrict } = this.#request.policy;
    const asOf = this.#asOf;
    const columns = this.#record.releases;
    const flags = columns.flags[release] as number;
    const timely =
      (columns.latest[release] as number) <= asOf && (asOfStrict !== true || (flags & RELEASE.untimed) === 0);
    if (!timely || (flags & RELEASE.mixed) !== 0) return this.#judgeFiles(release);
    if ((flags & RELEASE.yanked) !== 0 && !this.#allowsYanked(release)) return ALL_YANKED;
    const python = columns.python[release] as number;
    const shape = columns.shape[release] as number;
    const last = this.#last;
    // Most releases are like the one before.
    if (last.shape === shape && last.python === python) return last.verdict;
    const verdict = this.#admitsPython(python) ? this.#verdictOfShape(shape) : OTHER_PYTHON;
    this.#last = { shape, python, verdict };
    return verdict;
  }

  #verdictOfShape(shape: number): Verdict {
    const known = this.#verdicts[shape];
    if (known !== undefined) return known;
    const verdict = this.#judgeShape(shape);
    this.#verdicts[shape] = verdict;
    return verdict;
  }

  #judgeShape(shape: number): Verdict {
    const record = this.#record;
    const { series } = record;
    const ranks = this.#rankOfTagSet;
    const start = record.seriesStart(shape);
    const end = record.seriesStart(shape + 1);
    let best = -1;
    let bestRank = UNFIT;
    for (let position = start; position < end; position++) {
      const tagSet = series[position] as number;
      let rank = ranks[tagSet] as number;
      if (rank < 0) {
        rank = this.#rank(tagSet);
        ranks[tagSet] = rank;
      }
      if (rank < bestRank) {
        bestRank = rank;
        best = position - start;
      }
    }
    if (best >= 0) return { best, exclusion: undefined };
    return { best, exclusion: start === end ? "platform" : this.#unfit(series[start] as number) };
  }

  /** File by file. */
  #judgeFiles(release: number): Verdict {
    const record = this.#record;
    const { asOfStrict } = this.#request.policy;
    const asOf = this.#asOf;
    let bestRank = UNFIT;
    let reason: Exclusion | undefined;
    let position = record.seriesStart(record.releases.shape[release] as number);
    let best = -1;
    let uploaded = 0;
    const start = record.firstFile(release);
    const end = record.firstFile(release + 1);
    for (let file = start; file < end; file++, position++) {
      const time = record.uploadTime(file);
      if (time > asOf || (time === 0 && asOfStrict === true)) reason ??= "date";
      else if (record.isYanked(file) && !this.#allowsYanked(release)) reason ??= "yanked";
      else if (!this.#admitsPython(record.pythonBoundOf(file))) reason ??= "python";
      else {
        if (time !== 0 && (uploaded === 0 || time < uploaded)) uploaded = time;
        const tagSet = record.series[position] as number;
        const rank = this.#rank(tagSet);
        if (rank < bestRank) {
          bestRank = rank;
          best = file - start;
        } else if (rank === UNFIT) reason ??= this.#unfit(tagSet);
      }
    }
    return { best, exclusion: best < 0 ? (reason ?? "platform") : undefined, uploaded };
  }

  #allowsYanked(release: number): boolean {
    this.metYanks = true;
    const { policy, pins } = this.#request;
    return policy.recommendationType === "testing" || (mindsPins(policy) && pins(release));
  }

  #rank(tagSet: number): number {
    const record = this.#record;
    const interpreter = record.interpreterOf(tagSet);
    if (interpreter < 0) return this.#sources ? SOURCE : UNFIT;
    if (!this.#wheels || !this.#fits(interpreter)) return UNFIT;
    return rankTagSet(record.tagSetText(tagSet) as string, this.#request.target);
  }

  #fits(interpreter: number): boolean {
    let fit = this.#fitsInterpreter[interpreter] as number;
    if (fit < 0) {
      fit = fitsInterpreter(this.#record.interpreters[interpreter] as string, this.#request.target) ? 1 : 0;
      this.#fitsInterpreter[interpreter] = fit;
    }
    return fit === 1;
  }

  #admitsPython(bound: number): boolean {
    if (bound === NO_BOUND) return true;
    let known = this.#pythonAdmitted[bound] as number;
    if (known < 0) {
      const { target, policy } = this.#request;
      const text = this.#record.requiresPythonTexts[bound] as string;
      known = pythonAdmits(text, target.pythonVersion, policy.requiresPython ?? "full") ? 1 : 0;
      this.#pythonAdmitted[bound] = known;
    }
    return known === 1;
  }

  #unfit(tagSet: number): Exclusion {
    if (this.#record.interpreterOf(tagSet) < 0) return "source-only";
    return this.#wheels ? "platform" : "wheel-only";
  }
}

function names(set: ReadonlySet<string>, name: string): boolean {
  return set.has(name) || set.has(":all:");
}

/** True when `specifiers` admit exactly one version by `==` or `===` and that version is `release`. */
export function pinsRelease(specifiers: Specifiers, record: ProjectRecord, release: number): boolean {
  return pins(specifiers) && specifiersContain(specifiers, record.version(release), { prereleases: true });
}

/** True when `specifiers` have an exact `==` or `===`. */
export function pins({ clauses }: Specifiers): boolean {
  return clauses.some(({ operator, wildcard }) => operator === "===" || (operator === "==" && !wildcard));
}
