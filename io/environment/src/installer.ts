// Installs wheel files that lie on this machine: with uv when there is one, else with the module venv and a pip.
// Neither may reach for an index, build anything or choose: every wheel is named with its version and hash.
// https://docs.astral.sh/uv/reference/cli/#uv-pip-install, https://pip.pypa.io/en/stable/cli/pip_install/

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { installerVariables, type Variables } from "./child-environment.ts";
import type { ProcessOptions, ProcessResult } from "./child-process.ts";
import { findDifference, type InstalledPackage, pythonIn } from "./installed.ts";
import type { Interpreter } from "./interpreter.ts";
import { lookUp } from "./interpreter-candidates.ts";
import { isOldPip, renamedForOldPip } from "./old-pip.ts";
import { runTethered } from "./python-program.ts";
import { bundledPipProgram } from "./python-programs.ts";
import { disk } from "./temporary-folder.ts";

export interface LocalWheel {
  readonly name: string;
  readonly version: string;
  /** `sha256:…` */
  readonly hash: string;
  /** A folder that holds this wheel under its right name. */
  readonly folder: string;
}

export type Installer =
  | { readonly kind: "uv"; readonly program: string }
  /** `wheel`: a wheel of pip, which is run without being installed. */
  | { readonly kind: "pip"; readonly wheel: string };

export interface InstallTask {
  readonly interpreter: Interpreter;
  readonly signal?: AbortSignal | undefined;
  readonly variables?: Variables | undefined;
  /** A folder for the list of requirements; nothing else is written there. */
  readonly scratch: string;
}

const LONGEST_SECONDS = 3600;

/**
 * uv where it is found (`given` first, then on the PATH), else a pip; `given` false means: not uv. Throws
 * environment-failed when neither is there.
 */
export async function chooseInstaller(
  interpreter: Interpreter,
  given: string | false | undefined,
  variables: Variables = process.env,
): Promise<Installer> {
  const program = given === false ? undefined : (given ?? (await lookUp("uv", variables)));
  if (program !== undefined) return { kind: "uv", program };
  if (interpreter.venv && interpreter.bundledPip !== undefined)
    return { kind: "pip", wheel: interpreter.bundledPip };
  const lacks = interpreter.venv ? "no pip" : "no module venv";
  throw new ThothError(
    "environment-failed",
    `There is no uv, and ${quote(interpreter.path)} has ${lacks} to make an environment with.`,
    {
      hint: "Install uv, or on Debian and Ubuntu the package python3-venv.",
      details: { interpreter: interpreter.path },
    },
  );
}

/** Throws environment-failed when what is found is not what was planned. */
export function checkInstalled(
  planned: readonly InstalledPackage[],
  found: readonly InstalledPackage[],
): void {
  const difference = findDifference(planned, found);
  if (difference === undefined) return;
  throw new ThothError(
    "environment-failed",
    `What was installed is not what the lock says: ${quote(difference.package)} differs.`,
    { details: difference },
  );
}

/** Makes an empty virtual environment at `path`, which may exist as an empty folder. */
export async function makeVirtualEnvironment(
  installer: Installer,
  path: string,
  task: InstallTask,
): Promise<void> {
  const python = task.interpreter.path;
  const command =
    installer.kind === "uv"
      ? [installer.program, "venv", "--quiet", "--no-project", "--allow-existing", "--python", python, path]
      : [python, "-I", "-m", "venv", "--without-pip", path];
  await run(command, task);
}

/** Installs into the virtual environment `path`, or into the plain folder `path` where `flat`. */
export async function installWheels(
  installer: Installer,
  wheels: readonly LocalWheel[],
  task: InstallTask & { readonly path: string; readonly flat: boolean },
): Promise<void> {
  if (wheels.length === 0) return;
  const list = join(task.scratch, "requirements.txt");
  const isOld = installer.kind === "pip" && isOldPip(installer.wheel);
  const named = isOld ? await renamedForOldPip(wheels, task.scratch) : wheels;
  await disk(list, () => writeFile(list, requirementLines(named)));
  const python = task.flat ? task.interpreter.path : pythonIn(task.path);
  const command =
    installer.kind === "uv"
      ? [installer.program, "pip", "install", "--quiet", "--offline", "--python", python]
      : [...pipCommand(python, installer.wheel), "install", "--quiet", "--no-cache-dir", "--no-compile"];
  if (installer.kind === "pip") {
    command.push("--no-warn-script-location", "--no-warn-conflicts", "--disable-pip-version-check");
  }
  command.push("--no-index", "--no-deps", "--require-hashes", "--only-binary", ":all:");
  if (task.flat) command.push("--target", task.path);
  await run([...command, "-r", list], task);
}

function pipCommand(python: string, wheel: string): string[] {
  return [python, "-I", "-B", "-W", "ignore", "-c", bundledPipProgram, wheel];
}

function requirementLines(wheels: readonly LocalWheel[]): string {
  const folders = [...new Set(wheels.map(({ folder }) => folder))];
  const lines = folders.map((folder) => `--find-links ${escapeWord(folder)}`);
  for (const { name, version, hash } of wheels) lines.push(`${name} == ${version} --hash=${hash}`);
  return `${lines.join("\n")}\n`;
}

/** Paths with what the reader of a requirements file would take apart are put in quotes. */
function escapeWord(path: string): string {
  return /[\s"'\\#]/.test(path) ? `"${path.replace(/["\\]/g, "\\$&")}"` : path;
}

async function run(command: readonly string[], task: InstallTask): Promise<void> {
  const variables = installerVariables(task.variables);
  const options: ProcessOptions = {
    variables,
    directory: task.scratch,
    signal: task.signal,
    timeoutSeconds: LONGEST_SECONDS,
    keep: 1 << 16,
  };
  const result = await runTethered(task.interpreter.path, command, options);
  if (result.status !== 0) throw installFailed(command, result);
}

function installFailed(command: readonly string[], result: ProcessResult): ThothError {
  const said = result.stderr.trim() || result.stdout.trim();
  if (/No space left on device|os error 28\b|Errno 28\b|Disk quota exceeded|Errno 122\b/.test(said)) {
    return new ThothError("file-failed", "The packages cannot be written: the disk is full.", {
      details: { reason: "ENOSPC", stderr: said.slice(-2000) },
    });
  }
  const program = command.includes(bundledPipProgram) || command.includes("venv") ? "pip" : "uv";
  const last = said.split("\n").findLast((line) => line.trim() !== "") ?? `status ${result.status}`;
  return new ThothError("environment-failed", `The installation failed: ${quote(last.trim(), 300)}.`, {
    hint: "Nothing was changed; --verbose shows what the installer said.",
    details: { program, status: result.status, stderr: said.slice(-4000) },
  });
}
