// From a failed run to a lock with which the notebook runs: the failure is matched to packages, the guilty release is found with as
// few runs as possible, and the smallest change of the stack is locked.

import type { CellFailure, Environment, Interpreter } from "@thoth/environment";
import { classOwners, findGuilty, installedModules, type Stack } from "@thoth/inspection";
import { notebookUsage } from "@thoth/notebook";
import type { Pylock, ThothError } from "@thoth/pep";
import { projectOf } from "../engines/thoth-engine.ts";
import type { Invocation } from "../frame/command.ts";
import type { NotebookLock } from "../notebook/lock-notebook.ts";
import { KERNEL_PACKAGE, notebookInput } from "../notebook/lock-notebook.ts";
import { runnerEnvironment } from "../notebook/runner.ts";
import type { ChosenTarget } from "../project/target.ts";
import { openSession } from "../session/open-session.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { withoutPaths } from "../trial/seen.ts";
import { StackMaker } from "../trial/stack-maker.ts";
import { type Cause, causeOf, classIn } from "./failure-cause.ts";
import { NotebookCourt, OF_THE_RELEASE, type Symptom } from "./notebook-court.ts";
import { type HealedFailure, movedIn } from "./tell-failure.ts";

export interface Patient {
  readonly locked: NotebookLock;
  readonly settings: ResolutionSettings;
  readonly target: ChosenTarget & { readonly interpreter: Interpreter };
  /** Absent where it could not be made. */
  readonly environment?: Environment;
  readonly cellTimeout: number | undefined;
  /** What was thrown: `execution-failed`, or by the installation. */
  readonly error: ThothError;
}

export type Diagnosis =
  | { readonly kind: "notebook"; readonly why: string }
  | {
      readonly kind: "unhealed";
      readonly suspects: readonly string[];
      readonly inspections: number;
      readonly spent: boolean;
    }
  | Healed;

export interface Healed extends HealedFailure {
  readonly kind: "healed";
  readonly cause: Extract<Cause, { kind: "versions" }>;
  readonly lock: Pylock;
  readonly proof: "optimal" | "feasible";
  readonly objective: readonly { readonly level: string; readonly value: number; readonly bound: number }[];
}

/** Runs of the notebook that are worth it where other versions are likely to help, and where they are not. */
const MOST_LIKELY = 40;
const MOST_UNLIKELY = 6;

/** Undefined: that error is not one of a cell or a release. */
export async function healNotebook(invocation: Invocation, patient: Patient): Promise<Diagnosis | undefined> {
  const found = await matchFailure(invocation, patient);
  if (found === undefined) return undefined;
  const { cause, symptom, text } = found;
  const failing = stackOf(patient.locked.lock);
  if (cause.kind === "notebook") return cause;
  const { settings, target, locked } = patient;
  const { interpreter } = target;
  const { terminal, signal } = invocation;
  const input = await notebookInput(invocation, { origin: "metadata", input: locked.input }, settings);
  const project = projectOf({ settings, input, target });
  const { allowBuild } = settings.policy;
  const runner = await runnerEnvironment(invocation, { interpreter, settings });
  const session = await openSession(invocation, {
    settings: settings.indexes,
    named: input.places,
    allowBuild,
  });
  const stage = terminal.stage("heal");
  let count = 0;
  const maker = new StackMaker({
    ...{ project, session, signal, seconds: settings.timeoutSeconds },
    apart: [KERNEL_PACKAGE],
  });
  const court = await NotebookCourt.open(invocation, {
    ...{ file: locked.file, symptom, maker, session, interpreter, runner, allowBuild },
    cellTimeout: patient.cellTimeout,
    report: (stack) => {
      const text = `run ${++count}: ${movedIn(failing, stack)}`;
      stage.update(0, 0, text);
      terminal.trace(text);
    },
  });
  try {
    const { named, likely } = cause;
    const suspects = withNeeded(cause.suspects, locked.lock);
    const most = likely ? MOST_LIKELY : MOST_UNLIKELY;
    const sentence = await findGuilty(court, { failing, suspects, named, most });
    if (sentence.kind === "unhealed") return { ...sentence, suspects };
    const healed = await maker.trimmed(sentence.healed);
    const { proof, objective } = maker.product(healed);
    const told = { ...sentence, healed };
    const lock = await maker.lock(healed);
    return { kind: "healed", symptom: text, cause, sentence: told, failing, lock, proof, objective };
  } finally {
    stage.end();
    await court.close();
    await session.close();
  }
}

const MOST_SUSPECTS = 10;

/** What the suspects need comes after them. */
function withNeeded(suspects: readonly string[], { packages }: Pylock): readonly string[] {
  const needed = packages
    .filter(({ name }) => suspects.includes(name))
    .flatMap(({ dependencies = [] }) => dependencies.map(({ name }) => name as string));
  return [...new Set([...suspects, ...needed])].slice(0, MOST_SUSPECTS);
}

interface Match {
  readonly cause: Cause;
  readonly symptom: Symptom;
  readonly text: string;
}

async function matchFailure(invocation: Invocation, patient: Patient): Promise<Match | undefined> {
  const { error, environment, locked } = patient;
  if (OF_THE_RELEASE.has(error.code)) {
    const refused = error.details?.["package"];
    const suspects = typeof refused === "string" ? [refused] : [];
    const symptom: Symptom = { kind: "install", code: error.code };
    if (suspects.length === 0)
      return { symptom, text: error.message, cause: { kind: "notebook", why: "no release is named by it" } };
    const cause = { kind: "versions", suspects, named: 1, likely: true, inside: true } as const;
    return { symptom, text: error.message, cause };
  }
  const failure = failureOf(error);
  if (failure === undefined || environment === undefined) return undefined;
  const { sitePackagesIn } = await import("@thoth/environment");
  const sitePackages = (await sitePackagesIn(environment.path)) ?? environment.path;
  const modules = await installedModules(sitePackages);
  const named = classIn(failure.value);
  const definers = named === undefined ? [] : await classOwners(named, sitePackages, modules);
  const { notebook } = locked.file;
  const code = notebook.cells
    .slice(0, (failure.cell ?? notebook.cells.length) + 1)
    .map(({ source }) => source)
    .join("\n");
  const uses = notebookUsage(notebook);
  const cause = causeOf({ failure, traceback: failure.traceback, modules, uses, definers, code });
  invocation.terminal.trace(`suspects: ${cause.kind === "versions" ? cause.suspects.join(", ") : "none"}`);
  const [line = ""] = failure.value.split("\n", 1);
  const { cell = 0, name, value } = failure;
  return {
    cause,
    text: withoutPaths(`${name}: ${line.slice(0, 300)}`),
    symptom: { kind: "cell", cell, name, value },
  };
}

/** What `executeNotebook` tells of a cell that failed. */
function failureOf({ code, details }: ThothError): CellFailure | undefined {
  if (code !== "execution-failed") return undefined;
  const { cell, name, value, traceback } = details ?? {};
  if (typeof cell !== "number" || typeof name !== "string" || typeof value !== "string") return undefined;
  return { cell, name, value, traceback: typeof traceback === "string" ? traceback : "" };
}

export function stackOf({ packages }: Pylock): Stack {
  return packages
    .flatMap(({ name, version }) => (version === undefined ? [] : [[name as string, version.text] as const]))
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
