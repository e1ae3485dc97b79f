// What every foreign engine needs: its program, a folder of its own with the requirements, the indexes in our order,
// and a document of the lock that it made.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LockDocument } from "@thoth/adviser";
import { formatMarker, formatRequirement, type Pylock, quote, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { formatSeconds, plural } from "../frame/printable.ts";
import { indexPlaces } from "../session/index-places.ts";
import type { EngineName, ResolutionSettings } from "../settings/resolution-settings.ts";
import type { Locked, LockRequest } from "./engine.ts";
import { findProgram } from "./find-program.ts";
import { runTool, type ToolResult } from "./run-tool.ts";

/** Throws environment-failed when the engine is not on this machine. */
export async function engineProgram(name: EngineName, { environment }: Invocation): Promise<string> {
  const program = await findProgram(name, environment);
  if (program !== undefined) return program;
  throw new ThothError("environment-failed", `the engine ${quote(name)} is not on this machine`, {
    hint: `Install it, for example with \`pip install ${name}\`, or use --engine thoth.`,
    details: { engine: name },
  });
}

/** Requirements as lines of a requirements file. */
export function requirementLines({ input }: LockRequest): string {
  return input.requirements.map(({ requirement }) => `${formatRequirement(requirement)}\n`).join("");
}

export function constraintLines({ input }: LockRequest): string {
  return input.constraints.map((requirement) => `${formatRequirement(requirement)}\n`).join("");
}

export async function inToolFolder<T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "thoth-engine-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Indexes and other places, the owner first. */
export function placesOf({ settings, input }: LockRequest) {
  return indexPlaces(settings.indexes, input.places);
}

/** Says what an engine cannot do, before it is asked. Throws usage. */
export function mustNotAsk(
  engine: EngineName,
  { policy }: ResolutionSettings,
  asked: readonly (readonly [boolean, string])[],
): void {
  const isOther = policy.recommendationType !== "latest" || policy.objective !== undefined;
  const refused = [...asked, [isOther, "recommend anything but the latest"] as const].find(
    ([isAsked]) => isAsked,
  );
  if (refused === undefined) return;
  throw new ThothError("usage", `the engine ${engine} cannot ${refused[1]}`, { hint: "Use --engine thoth." });
}

export interface EngineRun {
  readonly engine: EngineName;
  readonly program: string;
  readonly words: readonly string[];
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Runs an engine under a moving bar. Throws unsatisfiable with what it said when it found nothing. */
export async function runEngine(
  invocation: Invocation,
  request: LockRequest,
  run: EngineRun,
): Promise<ToolResult> {
  const stage = invocation.terminal.stage(request.label ?? "resolve");
  stage.update(0, 0, `asking ${run.engine}`);
  try {
    const result = await runTool({
      ...run,
      signal: invocation.signal,
      timeoutSeconds: Math.max(request.settings.timeoutSeconds, 60),
    });
    const { seconds } = stage;
    if (result.status !== 0) throw engineFailed(run.engine, request, result);
    stage.end(`by ${run.engine} in ${formatSeconds(seconds)}`);
    return result;
  } catch (error) {
    stage.end();
    throw error;
  }
}

const LONGEST_MESSAGE = 3_000;
const CONTRADICTION =
  /no solution found|ResolutionImpossible|conflicting dependencies|unsatisfiable|No matching distribution/i;
const UNREACHED = /Failed to fetch|Connection|timed out|dns error|error sending request|Could not fetch/i;

function engineFailed(
  engine: EngineName,
  { subject }: LockRequest,
  { status, messages, output }: ToolResult,
): ThothError {
  const said = plain(messages.trim() === "" ? output : messages).trim();
  const details = { engine, status, said: said.slice(-LONGEST_MESSAGE) };
  const text = said.split("\n").slice(-25).join("\n").slice(-LONGEST_MESSAGE);
  if (CONTRADICTION.test(said)) {
    return new ThothError("unsatisfiable", `${engine} found no stack for ${subject}:\n${text}`, {
      hint: "`--engine thoth` says why in a few sentences.",
      details,
    });
  }
  const code = UNREACHED.test(said) ? "index-unreachable" : "environment-failed";
  return new ThothError(code, `${engine} ended with status ${status}:\n${text}`, { details });
}

function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]{0,30}m/g, "");
}

/** What a foreign engine's lock is to the commands. It carries no proof. */
export function lockedBy(engine: EngineName, pylock: Pylock, request: LockRequest): Locked {
  return {
    engine,
    pylock,
    document: () => documentOf(pylock, request),
    packages: pylock.packages.map(({ name, version }) => ({ name, version: version?.text ?? "" })),
    proof: "feasible",
    objective: [],
    warnings: [
      ...(pylock.warnings ?? []),
      `${plural(pylock.packages.length, "package")} chosen by ${engine}: without a proof that they are the newest possible`,
    ],
  };
}

function documentOf(lock: Pylock, { target }: LockRequest): LockDocument {
  const requiredBy = new Map<string, string[]>();
  const requires = new Map<string, string[]>();
  for (const { name, dependencies = [] } of lock.packages) {
    const names = dependencies.flatMap(({ name: required }) =>
      typeof required === "string" ? [required] : [],
    );
    requires.set(name, names.sort());
    for (const required of names)
      requiredBy.set(required, [...(requiredBy.get(required) ?? []), name].sort());
  }
  const packages = lock.packages.map((entry) => {
    const { name, version, index, marker, wheels = [], sdist } = entry;
    const files = sdist === undefined ? wheels : [...wheels, sdist];
    return {
      name,
      version: version?.text ?? "",
      index: index ?? "",
      ...(marker === undefined ? {} : { marker: formatMarker(marker) }),
      artifacts: files.map((file) => ({
        filename: file.name ?? file.url?.split(/[?#]/, 1)[0]?.split("/").at(-1) ?? "",
        url: file.url ?? "",
        sha256: file.hashes["sha256"] ?? "",
        ...(file.size === undefined ? {} : { size: file.size }),
      })),
      requires: requires.get(name) ?? [],
      requiredBy: requiredBy.get(name) ?? [],
    };
  });
  return {
    packages,
    environment: { ...target.target.markers },
    proof: "feasible",
    objective: [],
  } as unknown as LockDocument;
}
