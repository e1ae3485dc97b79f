// `thoth heal`: of a lock or of requirements that fail, the releases that are to blame, and a lock that works.

import { existsSync } from "node:fs";
import { type Pins, placeOf } from "@thoth/inspection";
import { parseRequirement, ThothError } from "@thoth/pep";
import { readGivenText } from "../../files/read-file.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { type Handler, type Invocation, listOption, textOption } from "../../frame/command.ts";
import { plural } from "../../frame/printable.ts";
import { healStack, type StackDiagnosis } from "../../heal/heal-stack.ts";
import { movedIn } from "../../heal/tell-failure.ts";
import { healingDocument, healingText } from "../../heal/tell-stack.ts";
import { isLock, readWords, rootsOf } from "../../inspection/given-stack.ts";
import { formOfFile, pylockText, requirementsForm } from "../../locks/lock-forms.ts";
import { readLock } from "../../locks/read-lock.ts";
import { mustBeSingle, singleVersions } from "../../locks/single-lock.ts";
import type { ProjectInput } from "../../project/project-input.ts";
import { type ResolutionSettings, readResolutionSettings } from "../../settings/resolution-settings.ts";
import { EvidenceLog } from "../../trial/evidence-log.ts";
import type { StackMaker } from "../../trial/stack-maker.ts";
import { Trials } from "../../trial/trials.ts";
import { boundBy } from "./fix.ts";

export const healCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const settings = readResolutionSettings(options, invocation.environment);
  const given = await readGiven(invocation, settings);
  const { input, pins } = given;
  const pythonVersion = settings.pythonVersion ?? given.pythonVersion;
  const trials = await Trials.open(invocation, { settings, input, pythonVersion });
  const { maker, direct, checks } = trials;
  const stage = terminal.stage("heal");
  try {
    stage.update(0, 0, "the stack");
    const stack = await maker.best(pins);
    if (stack === undefined) throw noStack(pins.size > 0);
    const log = await EvidenceLog.open(undefined, "");
    const inspector = await trials.inspector(log, (tried, count) =>
      stage.update(0, 0, `inspection ${count}: ${movedIn(stack, tried) || "as it is"}`),
    );
    const diagnosis = await healStack({ maker, inspector, stack, direct, checked: checks.length > 0 });
    stage.end(plural(inspector.count, "inspection"));
    const written = await writeLock(textOption(options, "output"), maker, diagnosis);
    const told = { diagnosis, place: placeOf(trials.interpreter), inspections: inspector.count, written };
    terminal.document(healingDocument(told));
    terminal.result(...healingText(told));
    return diagnosis.unhealed === undefined ? 0 : 1;
  } finally {
    stage.end();
    await trials.close();
  }
};

interface Given {
  readonly input: ProjectInput;
  /** Of a lock: what it holds. */
  readonly pins: Pins;
  readonly pythonVersion?: string | undefined;
}

/** A lock keeps to what it was made from only where that is named. */
async function readGiven(invocation: Invocation, settings: ResolutionSettings): Promise<Given> {
  const words = (invocation.arguments[0] ?? []) as readonly string[];
  const files = listOption(invocation.options, "requirements");
  const [path] = words;
  if (words.length !== 1 || path === undefined || !(await holdsLock(path))) {
    if (files.length > 0)
      throw new ThothError("usage", "`--requirements` goes with a lock, and no lock is named");
    return { input: await readWords(invocation, words, settings.constraints), pins: new Map() };
  }
  const given = await readLock(path, invocation.environment);
  mustBeSingle(path, given);
  const { versions, places: named, lock } = given;
  const pins = singleVersions(path, given);
  const bound = await boundBy(invocation, settings);
  const places = { ...bound.places, ...named };
  const pythonVersion = /^==\s*(\d+\.\d+)\.\*$/.exec(lock?.requiresPython?.text ?? "")?.[1];
  if (files.length > 0) return { input: { ...bound, places }, pins, pythonVersion };
  const names = lock === undefined ? versions.map(({ name }) => name) : rootsOf(lock);
  const requirements = names.map((name) => ({
    requirement: parseRequirement(name),
    group: "default",
    source: path,
  }));
  return { input: { ...bound, requirements, places }, pins, pythonVersion };
}

const MOST_BYTES = 64 << 20;

async function holdsLock(path: string): Promise<boolean> {
  if (isLock(path)) return true;
  if (!path.endsWith(".txt") || !existsSync(path)) return false;
  return /\s--hash[=\s]/.test(await readGivenText(path, MOST_BYTES));
}

function noStack(isLocked: boolean): ThothError {
  return new ThothError(
    "unsatisfiable",
    isLocked ? "the lock is no stack of this Python and platform" : "no stack satisfies the requirements",
    { hint: isLocked ? "Name the Python that it is for with --python-version." : "`thoth lock` tells why." },
  );
}

/** The file that was written: the last stack that was looked at, if it works. */
async function writeLock(
  path: string | undefined,
  maker: StackMaker,
  { stack, unhealed }: StackDiagnosis,
): Promise<string | undefined> {
  if (path === undefined || unhealed !== undefined) return undefined;
  const lock = await maker.lock(stack);
  await replaceFile(path, formOfFile(path) === "requirements" ? requirementsForm(lock) : pylockText(lock));
  return path;
}
