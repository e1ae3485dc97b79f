// A notebook of the past is locked: the stacks that its evidence leads to are tried in their order, by what is known of them, or
// by running it.

import { flagOption, type Invocation } from "../frame/command.ts";
import type { ChosenTarget } from "../project/target.ts";
import { type ResolutionSettings, readResolutionSettings } from "../settings/resolution-settings.ts";
import { asOfOf } from "./embedded-lock.ts";
import { kernelDates } from "./kernel-tools.ts";
import {
  chooseStack,
  embedStack,
  keepLock,
  type NotebookLock,
  type NotebookNeeds,
  readNeeds,
  tellNeeds,
} from "./lock-notebook.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { type Candidate, type DatedPast, datedByItself } from "./past.ts";
import { chooseByEvidence } from "./past-choice.ts";
import { chooseByRunning, type RunTrial } from "./past-runs.ts";
import { cellTimeoutOf, lockTarget, settingsOf } from "./prepare-notebook.ts";
import { tellHeader } from "./tell-notebook.ts";

/** What `--json` says of it. */
export interface PastOfLock extends DatedPast {
  readonly chosen: Candidate["kind"];
  readonly as_of: string;
  readonly python: string;
  readonly here: boolean;
  readonly tried: readonly TriedStack[];
}

interface TriedStack {
  readonly kind: Candidate["kind"];
  readonly python: string;
  /** Null: now. */
  readonly as_of: string | null;
  /** What is known against it, or how it failed; empty: nothing. */
  readonly against: readonly string[];
  /** Whether it ran to its end; absent where it was not tried so. */
  readonly runs?: boolean;
}

export interface LockedByTrial {
  readonly done: NotebookLock;
  readonly target: ChosenTarget;
  readonly past: PastOfLock;
}

/** Throws what `datedByItself` throws, and what the last stack throws where there is none. The file must be guarded. */
export async function lockByTrial(invocation: Invocation, file: NotebookFile): Promise<LockedByTrial> {
  const { options } = invocation;
  const dated = await datedByItself(invocation, file);
  const [{ python }] = dated.candidates as readonly [Candidate];
  tellHeader(invocation, file, python);
  const { isSpecific } = readResolutionSettings({ ...options, asOf: undefined }, invocation.environment);
  const needs = await needsOfEach(file, dated.candidates, {
    isSpecific,
    force: flagOption(options, "force"),
  });
  const needsOf = (candidate: Candidate): NotebookNeeds => needs.get(candidate) as NotebookNeeds;
  tellNeeds(invocation, file, needsOf(dated.candidates[0] as Candidate));
  for (const candidate of dated.candidates) {
    const done = keepLock(candidate.invocation, file, needsOf(candidate));
    if (done === undefined) continue;
    const { target } = needsOf(candidate).wish;
    return { done, target, past: pastOf(dated.evidence, { candidate, done, tried: [] }) };
  }
  const { candidate, made, tried } = flagOption(options, "try")
    ? await byRunning(invocation, { file, candidates: dated.candidates, needsOf })
    : await byEvidence(invocation, { file, candidates: dated.candidates, needsOf });
  const done = await embedStack(candidate.invocation, file, made);
  const { target } = made.needs.wish;
  return { done, target, past: pastOf(dated.evidence, { candidate, done, tried }) };
}

interface Choosing {
  readonly file: NotebookFile;
  readonly candidates: readonly Candidate[];
  readonly needsOf: (candidate: Candidate) => NotebookNeeds;
}

async function needsOfEach(
  file: NotebookFile,
  candidates: readonly Candidate[],
  { isSpecific, force }: { readonly isSpecific: boolean; readonly force: boolean },
): Promise<ReadonlyMap<Candidate, NotebookNeeds>> {
  const needs = new Map<Candidate, NotebookNeeds>();
  for (const candidate of candidates) {
    // The objective is ours, not the user's: a lock by another one is kept.
    const settings = { ...settingsOf(candidate.invocation), isSpecific };
    const target = await lockTarget(file, settings);
    const wish = { settings, target, force };
    const read = await readNeeds(candidate.invocation, file, wish);
    needs.set(candidate, {
      ...read,
      wish: { ...wish, settings: withKernelDates(settings, candidate, read) },
    });
  }
  return needs;
}

/** Of the past; of today all of it is the newest. */
function withKernelDates(
  settings: ResolutionSettings,
  { kind, python }: Candidate,
  { requirements: { input } }: NotebookNeeds,
): ResolutionSettings {
  if (kind !== "of-its-time") return settings;
  const asked = input.requirements.map(({ requirement }) => requirement.name);
  const { policy } = settings;
  return {
    ...settings,
    policy: { ...policy, datedApart: kernelDates({ python, asOf: policy.asOf, asked }) },
  };
}

async function byEvidence(invocation: Invocation, { file, candidates, needsOf }: Choosing) {
  const { chosen, trials } = await chooseByEvidence(invocation, {
    notebook: file.notebook,
    candidates,
    make: (candidate) => chooseStack(candidate.invocation, file, needsOf(candidate)),
    lockedOf: ({ locked }) => locked,
  });
  const tried = trials.map(({ candidate, against }) => ({ ...stackOf(candidate), against }));
  return { ...chosen, tried };
}

async function byRunning(invocation: Invocation, { file, candidates, needsOf }: Choosing) {
  const cellTimeout = cellTimeoutOf(invocation.options);
  const { chosen, trials } = await chooseByRunning(invocation, { file, candidates, needsOf, cellTimeout });
  const tried = trials.map(({ candidate, outcome }: RunTrial) => ({
    ...stackOf(candidate),
    against: outcome.kind === "runs" ? [] : [outcome.text],
    runs: outcome.kind === "runs",
  }));
  return { ...chosen, tried };
}

function stackOf({ kind, python, asOf }: Candidate): Omit<TriedStack, "against"> {
  return { kind, python, as_of: asOf };
}

interface Taken {
  readonly candidate: Candidate;
  readonly done: NotebookLock;
  readonly tried: readonly TriedStack[];
}

function pastOf(evidence: DatedPast, { candidate, done, tried }: Taken): PastOfLock {
  const { kind, python, here } = candidate;
  return { ...evidence, chosen: kind, as_of: asOfOf(done.file.notebook) ?? "", python, here, tried };
}
