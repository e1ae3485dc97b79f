// From a notebook to a notebook with a lock: the requirements, stated or found; the engine; the metadata.

import { holdingTerms } from "@thoth/adviser";
import { type Discovery, libraryUsage, notebookUsage } from "@thoth/notebook";
import {
  normalizeName,
  type Pylock,
  parseRequirement,
  parseVersion,
  selectPylock,
  ThothError,
} from "@thoth/pep";
import type { Locked } from "../engines/engine.ts";
import { loadEngine } from "../engines/load-engine.ts";
import type { Invocation } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import { joinInputs, type ProjectInput } from "../project/project-input.ts";
import { readConstraintFiles } from "../project/read-project.ts";
import type { ChosenTarget } from "../project/target.ts";
import { indexPlaces } from "../session/index-places.ts";
import { openKnownRules } from "../session/known-rules.ts";
import { mindsKnowledge, type ResolutionSettings } from "../settings/resolution-settings.ts";
import { adviceOf, asOfOf, embeddedLock } from "./embedded-lock.ts";
import { originalVersions, type Versions, versionsOf } from "./explain-lock.ts";
import { lockEdits } from "./lock-edits.ts";
import { engineOf, isTextOfObject, KEYS, objectAt, textIn } from "./metadata-keys.ts";
import { type NotebookFile, writeMetadata } from "./notebook-file.ts";
import {
  discoveredInput,
  discoverRequirements,
  mustBeReadable,
  type NotebookRequirements,
  statedRequirements,
} from "./notebook-requirements.ts";
import { pipfileDigest, pipfileObject, wholePipfile, withPython } from "./pipfile-metadata.ts";
import { rulesAboutCells } from "./rule-cells.ts";
import { tellQuestions, tellRequirements } from "./tell-notebook.ts";

/** What every kernel of Jupyter for Python needs. */
export const KERNEL_PACKAGE = "ipykernel";
export const KERNEL_GROUP = "kernel";

export interface LockWish {
  readonly settings: ResolutionSettings;
  readonly target: ChosenTarget;
  /** Resolve although the lock fits. */
  readonly force: boolean;
  /** A notebook that may not be written is no failure: its lock goes where its outputs go. */
  readonly mayStay?: boolean;
}

export interface NotebookLock {
  readonly file: NotebookFile;
  readonly changed: boolean;
  readonly lock: Pylock;
  /** What it was locked to, whoever did it. */
  readonly before: Versions;
  readonly state: "up-to-date" | "created" | "changed";
  readonly input: ProjectInput;
  /** Absent when the lock was kept. */
  readonly locked?: Locked;
  readonly discovery: Discovery;
  readonly warnings: readonly string[];
}

/** What a notebook needs in one place, and the lock that it has, where that still answers what is asked. */
export interface NotebookNeeds {
  readonly wish: LockWish;
  readonly discovery: Discovery;
  readonly requirements: NotebookRequirements;
  readonly kept: Pylock | undefined;
}

/** A stack that is in no file yet. */
export interface NotebookStack {
  readonly needs: NotebookNeeds;
  readonly locked: Locked;
  readonly warnings: readonly string[];
}

/** The notebook's file must be guarded by the caller. */
export async function lockNotebook(
  invocation: Invocation,
  file: NotebookFile,
  wish: LockWish,
): Promise<NotebookLock> {
  const needs = readNeeds(invocation, file, wish);
  tellNeeds(invocation, file, needs);
  return (
    keepLock(invocation, file, needs) ??
    (await embedStack(invocation, file, await chooseStack(invocation, file, needs)))
  );
}

export function readNeeds(invocation: Invocation, file: NotebookFile, wish: LockWish): NotebookNeeds {
  const { settings, target } = wish;
  const discovery = discoverRequirements(file, target.python, invocation.environment);
  const requirements = requirementsOf(invocation, file, discovery);
  const stated = requirements.origin === "metadata" ? requirements : undefined;
  const ownPlaces = placesOfUser(settings);
  const kept = wish.force ? undefined : keptLock(file, { ownPlaces, target, stated, settings });
  return { wish, discovery, requirements, kept };
}

export function tellNeeds(
  invocation: Invocation,
  file: NotebookFile,
  { discovery, requirements, kept }: NotebookNeeds,
): void {
  tellRequirements(invocation, requirements, discovery);
  tellQuestions(invocation, file.path, { discovery, requirements, lock: kept });
}

/** Undefined: there is none to keep. */
export function keepLock(
  { terminal }: Invocation,
  file: NotebookFile,
  { kept, requirements, discovery }: NotebookNeeds,
): NotebookLock | undefined {
  if (kept === undefined) return undefined;
  terminal.entry("lock", `up to date: ${plural(kept.packages.length, "package")}`);
  return {
    file,
    changed: false,
    lock: kept,
    before: versionsOf(kept),
    state: "up-to-date",
    input: requirements.input,
    discovery,
    warnings: [],
  };
}

/** Writes the lock into the notebook, and tells what speaks against it. */
export async function embedStack(
  invocation: Invocation,
  file: NotebookFile,
  { needs, locked, warnings }: NotebookStack,
): Promise<NotebookLock> {
  const { wish, requirements, discovery } = needs;
  const had = objectAt(file.notebook.metadata, KEYS.thoth) !== undefined;
  const old = embeddedLock(file.notebook, placesOfUser(wish.settings));
  const before = old === undefined ? originalVersions(file) : versionsOf(old);
  for (const told of rulesAboutCells(locked.advised?.packages() ?? [], () => notebookUsage(file.notebook)))
    invocation.terminal.entry("code", printable(told));
  for (const warning of warnings) invocation.terminal.warn(warning);
  const written = await writeLock(invocation, file, { needs, locked });
  const state = had ? "changed" : "created";
  return { ...written, locked, warnings, before, state, input: requirements.input, discovery };
}

/** What a notebook asks for, with what its kernel needs. */
export async function notebookInput(
  { environment }: Invocation,
  requirements: NotebookRequirements,
  settings: ResolutionSettings,
): Promise<ProjectInput> {
  const constraints = await readConstraintFiles({ constraints: settings.constraints, environment });
  const kernel = {
    requirement: parseRequirement(KERNEL_PACKAGE),
    group: KERNEL_GROUP,
    source: "the notebook's kernel",
  };
  const joined = joinInputs([requirements.input]);
  return {
    ...joined,
    requirements: [...joined.requirements, kernel],
    constraints: [...joined.constraints, ...constraints],
  };
}

/** What the metadata states, else what the code is found to need. Throws invalid-requirement. */
export function requirementsOf(
  invocation: Invocation,
  file: NotebookFile,
  discovery: Discovery,
): NotebookRequirements {
  const stated = statedRequirements(file);
  if (stated !== undefined) mustBeReadable(stated);
  return stated ?? { origin: "code", input: discoveredInput(file.path, discovery, invocation) };
}

export async function chooseStack(
  invocation: Invocation,
  file: NotebookFile,
  needs: NotebookNeeds,
): Promise<NotebookStack> {
  const { wish, requirements } = needs;
  const { settings, target } = wish;
  const input = await notebookInput(invocation, requirements, settings);
  const engine = await loadEngine(settings.engine);
  const locked = await engine(invocation, {
    settings,
    input,
    target,
    subject: "the notebook's requirements",
    libraryUsage: () => libraryUsage(file.notebook),
    usage: () => notebookUsage(file.notebook),
  });
  const broken = await ruleWarnings(invocation, { file, locked, wish });
  return { needs, locked, warnings: [...input.warnings, ...locked.warnings, ...broken] };
}

async function writeLock(
  invocation: Invocation,
  file: NotebookFile,
  { needs: { wish, requirements }, locked }: Pick<NotebookStack, "needs" | "locked">,
): Promise<Pick<NotebookLock, "file" | "changed" | "lock">> {
  const { settings, target } = wish;
  const stated = requirements.pipfile;
  const pipfile =
    stated === undefined
      ? pipfileObject({
          packages: requirements.input.requirements.map(({ requirement }) => requirement),
          indexes: indexPlaces(settings.indexes, requirements.input.places).indexes,
          python: target.python,
        })
      : withPython(wholePipfile(stated), target.python);
  const writePipfile = pipfile !== stated || !isTextOfObject(file.notebook.metadata, KEYS.requirements);
  const edits = lockEdits({ locked, pipfile, writePipfile, settings });
  const { changed, ...written } = await writeMetadata(file, edits, { mayStay: wish.mayStay });
  const where =
    written.isAside === true
      ? "the notebook may not be written, so it goes into the output"
      : "written into the notebook";
  invocation.terminal.entry("lock", `${where}: ${amountOf(locked.pylock)}`);
  return { file: written, changed, lock: locked.pylock };
}

interface Annotated {
  readonly file: NotebookFile;
  readonly locked: Locked;
  readonly wish: LockWish;
}

/** The newest stack may be one with which the code does not run: what rules say is told, though the type does not mind them. */
async function ruleWarnings(
  invocation: Invocation,
  { file, locked, wish: { settings, target } }: Annotated,
): Promise<string[]> {
  if (mindsKnowledge(settings.policy)) return [];
  const policy = { ...settings.policy, recommendationType: "stable" as const };
  const book = await openKnownRules(
    invocation,
    { settings: { ...settings, policy }, libraryUsage: () => libraryUsage(file.notebook) },
    target.target,
  );
  if (book === undefined) return [];
  const stack = new Map(
    locked.packages.map(
      ({ name, version }) => [normalizeName(name), { version: parseVersion(version) }] as const,
    ),
  );
  return holdingTerms(book, stack)
    .filter(({ score }) => score < 0)
    .flatMap(({ justification: [first] }) => (first === undefined ? [] : [first]))
    .map(({ message, link }) => `${message} (\`--recommendation-type stable\` minds this; ${link})`);
}

function amountOf(lock: Pylock): string {
  return `${plural(lock.packages.length, "package")}, ${countHashes(lock)} hashes`;
}

export function countHashes({ packages }: Pylock): number {
  let count = 0;
  for (const { wheels = [], sdist, archive } of packages) {
    count += wheels.length + (sdist === undefined ? 0 : 1) + (archive === undefined ? 0 : 1);
  }
  return count;
}

/** Places whose files a stranger's lock may name: those that the user's own settings name. */
export function placesOfUser({ indexes }: Pick<ResolutionSettings, "indexes">): readonly string[] {
  const { indexUrl, extraIndexUrls, findLinks } = indexes;
  const own = [...(indexUrl === undefined ? [] : [indexUrl]), ...extraIndexUrls, ...findLinks];
  return own.length === 0 ? [] : [...indexPlaces(indexes).indexes, ...indexPlaces(indexes).findLinks];
}

interface Keeping {
  readonly ownPlaces: readonly string[];
  readonly target: ChosenTarget;
  readonly stated: NotebookRequirements | undefined;
  readonly settings: ResolutionSettings;
}

/** The notebook's lock if it still answers what is asked, here and now. */
function keptLock(file: NotebookFile, { ownPlaces, target, stated, settings }: Keeping): Pylock | undefined {
  if (stated?.pipfile === undefined || settings.isSpecific) return undefined;
  const lock = embeddedLock(file.notebook, ownPlaces);
  if (lock === undefined || !isOfRequirements(file, stated)) return undefined;
  if (!isAsAsked(file, settings)) return undefined;
  return fitsTarget(lock, target) ? lock : undefined;
}

/** Whether the lock has the date, the engine and the type that the user named, where they named any. */
function isAsAsked({ notebook }: NotebookFile, { policy, asOf, asked }: ResolutionSettings): boolean {
  const { engine, recommendationType } = asked;
  if (policy.asOfStrict === true && asOfOf(notebook) !== asOf.text) return false;
  if (engine !== undefined && engineOf(notebook) !== engine) return false;
  return (
    recommendationType === undefined ||
    textIn(adviceOf(notebook), "recommendation_type") === recommendationType
  );
}

/** Whether the lock was made from the requirements that the notebook states now. */
export function isOfRequirements({ notebook }: NotebookFile, { pipfile }: NotebookRequirements): boolean {
  const locked = objectAt(notebook.metadata, KEYS.lock);
  if (locked === undefined || pipfile === undefined) return false;
  return lockedDigest(locked) === pipfileDigest(pipfile);
}

function lockedDigest(lock: object): unknown {
  const meta = (lock as { _meta?: { hash?: { sha256?: unknown } } })._meta;
  return typeof meta === "object" && meta !== null ? meta.hash?.sha256 : undefined;
}

function fitsTarget(lock: Pylock, { target }: ChosenTarget): boolean {
  try {
    selectPylock(lock, target);
    return true;
  } catch (error) {
    if (error instanceof ThothError) return false;
    throw error;
  }
}
