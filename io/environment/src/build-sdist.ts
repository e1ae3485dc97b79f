// Builds a source distribution, which runs its author's code: called only when the user has allowed it. The
// build sees an environment made from what the project says it builds with, locked by our own resolver, and a
// home that is empty. https://packaging.python.org/en/latest/specifications/pyproject-toml/#build-system,
// https://peps.python.org/pep-0517/

import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { lockOf, type Policy } from "@thoth/adviser";
import { type IndexSession, runResolution } from "@thoth/index";
import {
  type BuildSystem,
  type ErrorCode,
  parsePyproject,
  parseRequirement,
  quote,
  type Requirement,
  ThothError,
} from "@thoth/pep";
import { type BuildNeeds, buildNeeds } from "./build-constraints.ts";
import { installerVariables, type Variables } from "./child-environment.ts";
import { isMissing, type ProcessResult, throwIfInterrupted } from "./child-process.ts";
import type { Environment, EnvironmentRequest } from "./environment-request.ts";
import { programsIn } from "./installed.ts";
import { type Interpreter, targetOf } from "./interpreter.ts";
import { askPython, runTethered } from "./python-program.ts";
import { callBackendProgram, unpackSdistProgram } from "./python-programs.ts";
import { disk, makeTemporary, remove } from "./temporary-folder.ts";
import { readWheelMetadata } from "./verify-wheel.ts";

export interface BuildContext {
  readonly interpreter: Interpreter;
  readonly session: IndexSession;
  /** The folder of environments; those of builds lie there too. */
  readonly root: string;
  /** Makes an environment; given by the caller because environments may need builds in turn. */
  readonly createEnvironment: (request: EnvironmentRequest) => Promise<Environment>;
  /** How the build's own requirements are chosen. */
  readonly policy?: Partial<Policy> | undefined;
  readonly uv?: string | false | undefined;
  readonly variables?: Variables | undefined;
  /** A folder of our own, removed by the caller. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
  /** What is being built already, by digest: a package that needs itself is never done. */
  readonly building?: readonly string[] | undefined;
}

const LONGEST_SECONDS = 1800;
const UNPACKED_BYTES = 4 * 2 ** 30;
const UNPACKED_MEMBERS = 200_000;
const LARGEST_TEXT = 16 << 20;
/** https://peps.python.org/pep-0517/#source-trees */
const LEGACY: Required<Omit<BuildSystem, "requires">> & { readonly requires: readonly string[] } = {
  requires: ["setuptools >= 40.8.0"],
  buildBackend: "setuptools.build_meta:__legacy__",
  backendPath: [],
};

/** The text of METADATA. Throws environment-failed, invalid-metadata, limit-exceeded or interrupted. */
export async function buildMetadataIn(
  sdist: string,
  context: Omit<BuildContext, "scratch">,
): Promise<string> {
  await disk(context.root, () => mkdir(context.root, { recursive: true }));
  const scratch = await makeTemporary(context.root);
  try {
    const build = await prepare(sdist, { ...context, scratch });
    const text = await callHook(build, "metadata");
    if (typeof text === "string") return text;
    return await readWheelMetadata(await buildWheelOf(build));
  } finally {
    await remove(scratch);
  }
}

/** The path of the wheel, in the scratch folder. */
export async function buildWheelIn(sdist: string, context: BuildContext): Promise<string> {
  return await buildWheelOf(await prepare(sdist, context));
}

interface Build {
  readonly context: BuildContext;
  readonly source: string;
  readonly output: string;
  readonly backend: string;
  readonly backendPath: readonly string[];
  readonly environment: Environment;
}

async function prepare(sdist: string, context: BuildContext): Promise<Build> {
  const source = await unpack(sdist, context);
  const system = await readBuildSystem(source);
  const output = join(context.scratch, "built");
  await disk(output, () => mkdir(output, { recursive: true }));
  const needs = await readBuildNeeds(source);
  const requires = [...system.requires, ...needs.requires];
  const first = await buildEnvironment({ ...needs, requires }, context);
  const { backend, backendPath } = system;
  const build = { context, source, output, backend, backendPath, environment: first };
  const more = await callHook(build, "requirements");
  if (!Array.isArray(more) || more.length === 0) return build;
  const added = more.map((text) => parseRequirement(String(text)));
  const all = { ...needs, requires: [...requires, ...added] };
  return { ...build, environment: await buildEnvironment(all, context) };
}

async function readBuildNeeds(source: string): Promise<BuildNeeds> {
  const textOf = async (name: string): Promise<string> => (await readText(join(source, name))) ?? "";
  return buildNeeds({ metadata: await textOf("PKG-INFO"), setup: await textOf("setup.py") });
}

async function unpack(sdist: string, context: BuildContext): Promise<string> {
  const folder = join(context.scratch, "source");
  await disk(folder, () => mkdir(folder, { recursive: true }));
  const args = [sdist, folder, String(UNPACKED_BYTES), String(UNPACKED_MEMBERS)];
  const options = { args, timeoutSeconds: 300, signal: context.signal };
  const answer = (await askPython(context.interpreter.path, unpackSdistProgram, options)) as {
    folder?: string;
    refused?: ErrorCode;
    why?: string;
  };
  if (answer.folder !== undefined) return answer.folder;
  throw new ThothError(
    answer.refused ?? "internal",
    `The source distribution cannot be unpacked: ${answer.why}.`,
  );
}

interface KnownBuildSystem {
  readonly requires: readonly Requirement[];
  readonly backend: string;
  readonly backendPath: readonly string[];
}

async function readBuildSystem(source: string): Promise<KnownBuildSystem> {
  const text = await readText(join(source, "pyproject.toml"));
  const system = text === undefined ? undefined : parsePyproject(text).buildSystem;
  const backend = system?.buildBackend ?? LEGACY.buildBackend;
  if (!/^[\w.]+(?::[\w.]+)?$/.test(backend)) {
    throw new ThothError("invalid-project", `${quote(backend)} is no name of a build backend.`);
  }
  const backendPath = system?.backendPath ?? LEGACY.backendPath;
  const escaping = backendPath.find((part) => /^[\\/]|^[A-Za-z]:|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(part));
  if (escaping !== undefined) {
    throw new ThothError("path-escape", `The backend path ${quote(escaping)} leads out of the project.`);
  }
  const requires = system?.requires ?? LEGACY.requires.map((one) => parseRequirement(one));
  return { requires, backend, backendPath };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_TEXT)
      throw new ThothError("limit-exceeded", "A file of the project is larger than it may be.");
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The environment that the build sees: content-addressed as all are, so that builds alike share it. */
async function buildEnvironment(
  { requires, constraints }: BuildNeeds,
  context: BuildContext,
): Promise<Environment> {
  const { interpreter, session, root, signal, uv, building } = context;
  const project = {
    requirements: requires.map((requirement) => ({ requirement, group: "default", source: "the build" })),
    constraints,
    target: targetOf(interpreter),
    policy: policyOf(context.policy),
  };
  const outcome = await runResolution(project, session, signal === undefined ? {} : { signal });
  if (outcome.kind !== "solved") {
    const texts = requires.map(({ name }) => quote(name)).join(", ");
    throw new ThothError("environment-failed", `What the build needs cannot be had together: ${texts}.`, {
      details: { requires: requires.map(({ name }) => name) },
    });
  }
  const lock = lockOf(outcome.product);
  return await context.createEnvironment({
    lock,
    interpreter,
    session,
    root,
    uv,
    signal,
    building,
    allowBuild: true,
  });
}

function policyOf(given: Partial<Policy> = {}): Policy {
  return {
    recommendationType: "latest",
    asOf: Math.floor(Date.now() / 1000),
    prerelease: "if-necessary",
    resolution: "highest",
    noBinary: new Set(),
    onlyBinary: new Set(),
    ...given,
    allowBuild: true,
  };
}

async function buildWheelOf(build: Build): Promise<string> {
  const name = await callHook(build, "wheel");
  if (typeof name === "string" && /^[^/\\]+\.whl$/.test(name)) return join(build.output, name);
  throw new ThothError("environment-failed", "The build did not name a wheel.", {
    details: { answer: quote(String(name)) },
  });
}

type Hook = "requirements" | "metadata" | "wheel";

async function callHook(build: Build, hook: Hook): Promise<unknown> {
  const { context, source, output, backend, backendPath, environment } = build;
  throwIfInterrupted(context.signal);
  const request = join(context.scratch, "request.json");
  const answer = join(context.scratch, `${hook}.json`);
  await writeFile(request, JSON.stringify({ source, output, backend, backendPath, hook }));
  const command = [environment.python, "-B", "-c", callBackendProgram, request, answer];
  const result = await runTethered(context.interpreter.path, command, {
    variables: await buildVariables(environment.path, context),
    directory: source,
    signal: context.signal,
    timeoutSeconds: LONGEST_SECONDS,
    keep: 1 << 16,
  });
  if (result.status !== 0) throw buildFailed(hook, result);
  try {
    const { size } = await stat(answer);
    if (size <= LARGEST_TEXT)
      return (JSON.parse(await readFile(answer, "utf8")) as { result: unknown }).result;
  } catch (error) {
    if (!isMissing(error, "ENOENT") && !(error instanceof SyntaxError)) throw error;
  }
  throw buildFailed(hook, result);
}

/** An empty home and temporary folder, and the programs of the build's environment first. */
async function buildVariables(environment: string, context: BuildContext): Promise<Record<string, string>> {
  const home = join(context.scratch, "home");
  await disk(home, () => mkdir(home, { recursive: true }));
  const variables = installerVariables(context.variables);
  const places = { HOME: home, USERPROFILE: home, TMPDIR: home, TEMP: home, TMP: home, XDG_CACHE_HOME: home };
  return {
    ...variables,
    ...places,
    VIRTUAL_ENV: environment,
    PATH: `${programsIn(environment)}${delimiter}${variables["PATH"] ?? variables["Path"] ?? ""}`,
    PIP_NO_INDEX: "1",
    GIT_TERMINAL_PROMPT: "0",
  };
}

function buildFailed(hook: Hook, result: ProcessResult): ThothError {
  const said = result.stderr.trim() || result.stdout.trim();
  const last = said.split("\n").findLast((line) => line.trim() !== "") ?? `status ${result.status}`;
  return new ThothError("environment-failed", `The build failed: ${quote(last.trim(), 300)}.`, {
    hint: "It may need a compiler or libraries of the system; --verbose shows what it said.",
    details: { hook, status: result.status, stderr: said.slice(-4000) },
  });
}
