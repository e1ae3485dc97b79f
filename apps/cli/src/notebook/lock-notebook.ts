// From a notebook to a notebook with a lock: the requirements, stated or found; the engine; the metadata.

import { holdingTerms } from "@thoth/adviser";
import { type Discovery, libraryUsage, notebookUsage } from "@thoth/notebook";
import {
  environmentNames,
  normalizeName,
  type Pylock,
  parseRequirement,
  parseVersion,
  ThothError,
} from "@thoth/pep";
import type { Locked, LockRequest } from "../engines/engine.ts";
import { loadEngine } from "../engines/load-engine.ts";
import { tellMoved } from "../engines/moved.ts";
import type { Invocation } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import { joinInputs, type ProjectInput } from "../project/project-input.ts";
import { readConstraintFiles } from "../project/read-project.ts";
import type { ChosenTarget } from "../project/target.ts";
import { describeEnvironments, type NamedEnvironment } from "../project/target-environments.ts";
import { indexPlaces } from "../session/index-places.ts";
import { openKnownRules } from "../session/known-rules.ts";
import { mindsKnowledge, type ResolutionSettings } from "../settings/resolution-settings.ts";
import { adviceOf, asOfOf, embeddedLock } from "./embedded-lock.ts";
import { originalVersions, type Versions, versionsOf } from "./explain-lock.ts";
import { lockEdits } from "./lock-edits.ts";
import { fitsTarget, partFor } from "./lock-part.ts";
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
import { type Wanted, wantedEnvironments } from "./wanted-environments.ts";

/** What every kernel of Jupyter for Python needs. */
export const KERNEL_PACKAGE = "ipykernel";
export const KERNEL_GROUP = "kernel";

export interface LockWish {
  readonly settings: ResolutionSettings;
  readonly target: ChosenTarget;
  /** Resolve although the lock fits. */
  readonly force: boolean;
  /** As they were named; where none is, those of the lock that there is, with this machine. */
  readonly environments?: readonly string[];
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
  /** The lock that the notebook carries. */
  readonly old: Pylock | undefined;
  /** That lock answers what is asked, wherever it is for. */
  readonly isCurrent: boolean;
  readonly kept: Pylock | undefined;
}

/** A stack that is in no file yet. */
export interface NotebookStack {
  readonly needs: NotebookNeeds;
  readonly wanted: Wanted | undefined;
  readonly locked: Locked;
  readonly warnings: readonly string[];
}

/** The notebook's file must be guarded by the caller. */
export async function lockNotebook(
  invocation: Invocation,
  file: NotebookFile,
  wish: LockWish,
): Promise<NotebookLock> {
  const needs = await readNeeds(invocation, file, wish);
  tellNeeds(invocation, file, needs);
  return (
    keepLock(invocation, file, needs) ??
    (await embedStack(invocation, file, await chooseStack(invocation, file, needs)))
  );
}

export async function readNeeds(
  invocation: Invocation,
  file: NotebookFile,
  wish: LockWish,
): Promise<NotebookNeeds> {
  const { target } = wish;
  const discovery = discoverRequirements(file, target.python, invocation.environment);
  const requirements = requirementsOf(invocation, file, discovery);
  const stated = requirements.origin === "metadata" ? requirements : undefined;
  const old = heldLock(file, wish);
  const isCurrent = old !== undefined && isStillAsked(file, { stated, wish });
  const kept = isCurrent && (await isForAsked(old, wish)) ? old : undefined;
  return { wish, discovery, requirements, old, isCurrent, kept };
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
  { kept, requirements, discovery, wish: { target } }: NotebookNeeds,
): NotebookLock | undefined {
  if (kept === undefined) return undefined;
  terminal.entry("lock", `up to date: ${amountOf(kept)}`);
  return {
    file,
    changed: false,
    lock: kept,
    before: versionsOf(partFor(kept, target.target)),
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
  stack: NotebookStack,
): Promise<NotebookLock> {
  const { needs, locked, warnings } = stack;
  const { wish, old, requirements, discovery } = needs;
  const had = objectAt(file.notebook.metadata, KEYS.thoth) !== undefined;
  const before = old === undefined ? originalVersions(file) : versionsOf(partFor(old, wish.target.target));
  for (const told of rulesAboutCells(locked.advised?.packages() ?? [], () => notebookUsage(file.notebook)))
    invocation.terminal.entry("code", printable(told));
  for (const warning of warnings) invocation.terminal.warn(warning);
  const written = await writeLock(invocation, file, stack);
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

/** Resolves what the notebook needs. Nothing is written. */
export async function chooseStack(
  invocation: Invocation,
  file: NotebookFile,
  needs: NotebookNeeds,
): Promise<NotebookStack> {
  const { wish, requirements, old, isCurrent } = needs;
  const { settings, target } = wish;
  const input = await notebookInput(invocation, requirements, settings);
  const request = {
    settings,
    input,
    subject: "the notebook's requirements",
    libraryUsage: () => libraryUsage(file.notebook),
    usage: () => notebookUsage(file.notebook),
  };
  const { environments: asked = [] } = wish;
  const wanted = await wantedEnvironments(file, { asked, target, settings, old, isCurrent });
  const locked = await lockFor(invocation, { ...request, target }, wanted);
  const broken = await ruleWarnings(invocation, { file, locked, wish });
  return { needs, wanted, locked, warnings: [...input.warnings, ...locked.warnings, ...broken] };
}

async function writeLock(
  invocation: Invocation,
  file: NotebookFile,
  { needs: { wish, requirements }, wanted, locked }: NotebookStack,
): Promise<Pick<NotebookLock, "file" | "changed" | "lock">> {
  const { settings, target } = wish;
  const python = wanted === undefined ? target.python : pythonAmong(wanted.environments, target.python);
  const stated = requirements.pipfile;
  const pipfile =
    stated === undefined
      ? pipfileObject({
          packages: requirements.input.requirements.map(({ requirement }) => requirement),
          indexes: indexPlaces(settings.indexes, requirements.input.places).indexes,
          python,
        })
      : withPython(wholePipfile(stated), python);
  const writePipfile = pipfile !== stated || !isTextOfObject(file.notebook.metadata, KEYS.requirements);
  const environments = wanted?.isShared === true ? wanted.environments.map(({ name }) => name) : undefined;
  const edits = lockEdits({ locked, pipfile, writePipfile, settings, environments });
  const { changed, ...written } = await writeMetadata(file, edits, { mayStay: wish.mayStay });
  const where =
    written.isAside === true
      ? "the notebook may not be written, so it goes into the output"
      : "written into the notebook";
  tellMoved(invocation.terminal, locked.moved ?? []);
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

async function lockFor(
  invocation: Invocation,
  request: LockRequest,
  wanted: Wanted | undefined,
): Promise<Locked> {
  if (wanted === undefined) return (await loadEngine(request.settings.engine))(invocation, request);
  const { lockTogether } = await import("../engines/joint-engine.ts");
  const { target: _, ...rest } = request;
  return lockTogether(invocation, { ...rest, keep: wanted.keep }, wanted.environments);
}

/** That of this machine where the lock is for it. */
function pythonAmong(environments: readonly NamedEnvironment[], own: string): string {
  const pythons = environments.map(({ target }) => target.python);
  return pythons.includes(own) ? own : (pythons[0] ?? own);
}

function amountOf(lock: Pylock): string {
  const { environments = [] } = lock;
  const many = environments.length > 1 ? ` for ${plural(environments.length, "environment")}` : "";
  const names = new Set(lock.packages.map(({ name }) => name));
  return `${plural(names.size, "package")}${many}, ${countHashes(lock)} hashes`;
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

/** The lock that the notebook carries; one that cannot be read is in nobody's way who asks for another. */
function heldLock({ notebook }: NotebookFile, { settings, force }: LockWish): Pylock | undefined {
  try {
    return embeddedLock(notebook, placesOfUser(settings));
  } catch (error) {
    if (force && error instanceof ThothError) return undefined;
    throw error;
  }
}

interface Keeping {
  readonly wish: LockWish;
  readonly stated: NotebookRequirements | undefined;
}

/** Whether the notebook's lock answers what is asked, wherever it is for. */
function isStillAsked(file: NotebookFile, { stated, wish: { settings, force } }: Keeping): boolean {
  if (force || stated?.pipfile === undefined || settings.isSpecific) return false;
  return isOfRequirements(file, stated) && isAsAsked(file, settings);
}

/** Whether the lock is for what is asked: the environments that are named, else this one. */
async function isForAsked(lock: Pylock, { environments = [], target, settings }: LockWish): Promise<boolean> {
  if (environments.length === 0) return fitsTarget(lock, target);
  const { cacheDirectory } = settings.indexes;
  const asked = await describeEnvironments(environments, { pythonVersion: target.python, cacheDirectory });
  const names = environmentNames(lock);
  return names?.length === asked.length && asked.every(({ name }) => names.includes(name));
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
