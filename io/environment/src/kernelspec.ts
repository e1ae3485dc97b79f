// Kernelspecs: how JupyterLab, Notebook and nbclient find the kernel of an environment. Only those that say that
// we made them are ever replaced or removed.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs

import { copyFile, lstat, mkdir, open, readdir, realpath, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import type { Variables } from "./child-environment.ts";
import { isMissing } from "./child-process.ts";
import { type InstalledPackage, programsIn, pythonIn, sitePackagesIn } from "./installed.ts";
import { lookUp } from "./interpreter-candidates.ts";
import { askPython } from "./python-program.ts";
import { packagesProgram } from "./python-programs.ts";
import { clearLeftovers, discard, disk, makeTemporary, remove } from "./temporary-folder.ts";

const windows = process.platform === "win32";
const LARGEST_SPEC = 1 << 20;
const LOGOS = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

export interface KernelPlaces {
  readonly variables?: Variables | undefined;
  readonly home?: string | undefined;
  /** The user's Jupyter data folder; default: what Jupyter itself would take. */
  readonly jupyterDataDir?: string | undefined;
}

export interface KernelRequest extends KernelPlaces {
  readonly name: string;
  readonly displayName: string;
  /** Names the lock that the environment was made from. */
  readonly lock?: string | undefined;
}

export interface Kernel {
  /** In lower case, as Jupyter lists it. */
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
  /** The folder of the kernelspec. */
  readonly path: string;
  readonly argv: readonly string[];
  /** Whether Thoth made it. */
  readonly ours: boolean;
  readonly environment: string | undefined;
  readonly lock: string | undefined;
}

export interface KernelState extends Kernel {
  /** Whether its interpreter is there and answers. */
  readonly works: boolean;
  readonly packages: readonly InstalledPackage[];
}

/** What a name of a kernel may be. Throws path-escape when it would lead elsewhere, else usage. */
export function checkKernelName(name: string): string {
  if (/^[A-Za-z0-9._-]{1,128}$/.test(name) && !/^\.+$/.test(name)) return name.toLowerCase();
  const escapes = /[/\\\u0000]/.test(name) || /^\.+$/.test(name);
  throw new ThothError(escapes ? "path-escape" : "usage", `${quote(name)} cannot be the name of a kernel.`, {
    hint: "Use letters, digits, `.`, `_` and `-`.",
  });
}

/** The command by which Jupyter starts a kernel of the environment. */
export function kernelCommand(environment: string): string[] {
  return [pythonIn(environment), "-m", "ipykernel_launcher", "-f", "{connection_file}"];
}

/** Variables of a kernel: its own programs come first, and a stray `pip` changes no other environment. */
export function kernelAdditions(environment: string, path: string): Record<string, string> {
  return {
    VIRTUAL_ENV: environment,
    PATH: `${programsIn(environment)}${delimiter}${path}`,
    PIP_REQUIRE_VIRTUALENV: "1",
    PYTHONNOUSERSITE: "1",
  };
}

/** Makes or replaces the kernelspec of an environment, whole or not at all. */
export async function installKernelspec(
  environment: { readonly path: string },
  request: KernelRequest,
): Promise<{ readonly name: string; readonly path: string }> {
  const name = checkKernelName(request.name);
  const folder = join(userDataFolder(request), "kernels");
  await disk(folder, () => mkdir(folder, { recursive: true }));
  const path = join(await realpath(folder), name);
  await checkReplaceable(path, name);
  await clearLeftovers(dirname(path));
  const temporary = await makeTemporary(dirname(path));
  try {
    const file = join(temporary, "kernel.json");
    const text = `${JSON.stringify(specOf(environment.path, request), undefined, 1)}\n`;
    await disk(file, () => writeFile(file, text, { flush: true }));
    await copyLogos(environment.path, temporary);
    await swap(temporary, path);
  } finally {
    await remove(temporary);
  }
  return { name, path };
}

/** What Jupyter lists, the user's first; of two with one name the one that Jupyter takes. Sorted by name. */
export async function listKernels(places: KernelPlaces = {}): Promise<readonly Kernel[]> {
  const found = new Map<string, Kernel>();
  for (const folder of await dataFolders(places)) {
    const kernels = join(folder, "kernels");
    for (const entry of (await readdir(kernels).catch(() => [])).sort()) {
      const name = entry.toLowerCase();
      if (found.has(name) || !/^[a-z0-9._-]+$/.test(name) || entry.startsWith(".")) continue;
      const kernel = await readKernel(name, join(kernels, entry));
      if (kernel !== undefined) found.set(name, kernel);
    }
  }
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Throws kernel-not-found or path-escape. */
export async function findKernel(name: string, places: KernelPlaces = {}): Promise<Kernel> {
  const wanted = checkKernelName(name);
  const kernels = await listKernels(places);
  const kernel = kernels.find((one) => one.name === wanted);
  if (kernel !== undefined) return kernel;
  const names = kernels.map((one) => one.name);
  throw new ThothError("kernel-not-found", `There is no kernel ${quote(wanted)}.`, {
    hint:
      names.length === 0 ? "There are none yet." : `There are ${names.slice(0, 10).map(quoted).join(", ")}.`,
    details: { kernel: wanted, found: names },
  });
}

/** What a kernel's environment holds. */
export async function checkKernel(name: string, places: KernelPlaces = {}): Promise<KernelState> {
  const kernel = await findKernel(name, places);
  const python = await pythonOf(kernel, places.variables);
  if (python === undefined) return { ...kernel, works: false, packages: [] };
  try {
    const answer = (await askPython(python, packagesProgram)) as [string, string][];
    const packages = answer.map(([one, version]) => ({ name: one, version }));
    return { ...kernel, works: true, packages };
  } catch (error) {
    if (error instanceof ThothError && error.code === "interrupted") throw error;
    return { ...kernel, works: false, packages: [] };
  }
}

/** Removes a kernel of ours. Its environment stays: other notebooks may share it. */
export async function removeKernel(name: string, places: KernelPlaces = {}): Promise<Kernel> {
  const kernel = await findKernel(name, places);
  if (!kernel.ours) throw notOurs(kernel.name, kernel.path);
  await discard(kernel.path, dirname(kernel.path));
  return kernel;
}

/** The user's own folder, where Jupyter looks first. https://docs.jupyter.org/en/stable/use/jupyter-directories.html */
export function userDataFolder(places: KernelPlaces): string {
  const { variables = process.env } = places;
  const given = places.jupyterDataDir ?? set(variables, "JUPYTER_DATA_DIR");
  if (given !== undefined) return given;
  const home = places.home ?? set(variables, "HOME") ?? homedir();
  if (process.platform === "darwin") return join(home, "Library", "Jupyter");
  if (windows) return join(set(variables, "APPDATA") ?? join(home, ".jupyter"), "jupyter");
  return join(set(variables, "XDG_DATA_HOME") ?? join(home, ".local", "share"), "jupyter");
}

async function dataFolders(places: KernelPlaces): Promise<readonly string[]> {
  const { variables = process.env } = places;
  const listed = (set(variables, "JUPYTER_PATH") ?? "").split(delimiter).filter((folder) => folder !== "");
  const folders = [...listed, userDataFolder(places)];
  // Jupyter itself also looks beside its own interpreter.
  const jupyter = await lookUp("jupyter", variables);
  const real = jupyter === undefined ? undefined : await realpath(jupyter).catch(() => undefined);
  if (real !== undefined) folders.push(join(dirname(dirname(real)), "share", "jupyter"));
  const system = windows
    ? [join(set(variables, "PROGRAMDATA") ?? "C:\\ProgramData", "jupyter")]
    : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [...new Set([...folders, ...system])];
}

function specOf(environment: string, request: KernelRequest): object {
  return {
    argv: kernelCommand(environment),
    display_name: request.displayName,
    language: "python",
    env: kernelAdditions(environment, windows ? "%PATH%" : "$" + "{PATH}"),
    metadata: {
      debugger: true,
      thoth: { version: 1, environment, ...(request.lock === undefined ? {} : { lock: request.lock }) },
    },
  };
}

async function copyLogos(environment: string, folder: string): Promise<void> {
  const sitePackages = await sitePackagesIn(environment);
  if (sitePackages === undefined) return;
  for (const name of LOGOS) {
    // A kernel without a picture is one all the same.
    await copyFile(join(sitePackages, "ipykernel", "resources", name), join(folder, name)).catch(
      () => undefined,
    );
  }
}

async function checkReplaceable(path: string, name: string): Promise<void> {
  const existing = await lstat(path).catch(() => undefined);
  if (existing === undefined) return;
  const kernel = existing.isDirectory() ? await readKernel(name, path) : undefined;
  if (kernel?.ours !== true) throw notOurs(name, path);
}

function notOurs(name: string, path: string): ThothError {
  return new ThothError("usage", `The kernel ${quote(name)} was not made by Thoth, so it is left alone.`, {
    hint: "Choose another name with --kernel-name.",
    details: { kernel: name, path },
  });
}

async function swap(temporary: string, path: string): Promise<void> {
  const occupied = (await lstat(path).catch(() => undefined)) !== undefined;
  if (occupied) await discard(path, dirname(path));
  await disk(path, () => rename(temporary, path));
}

/** Undefined when there is no readable kernelspec in the folder. */
async function readKernel(name: string, path: string): Promise<Kernel | undefined> {
  const spec = await readSpec(join(path, "kernel.json"));
  if (spec === undefined) return undefined;
  const argv = Array.isArray(spec["argv"]) ? spec["argv"].filter((one) => typeof one === "string") : [];
  if (argv.length === 0) return undefined;
  const thoth = tableOf(tableOf(spec["metadata"])["thoth"]);
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    name,
    displayName: text(spec["display_name"]) ?? name,
    language: text(spec["language"]) ?? "",
    path,
    argv,
    ours: thoth["version"] === 1,
    environment: text(thoth["environment"]),
    lock: text(thoth["lock"]),
  };
}

async function readSpec(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    const handle = await open(file, "r");
    try {
      const { size } = await handle.stat();
      if (size > LARGEST_SPEC) return undefined;
      return tableOf(JSON.parse(await handle.readFile("utf8")));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error, "ENOENT") || isMissing(error, "ENOTDIR"))
      return undefined;
    if (isMissing(error, "EACCES") || isMissing(error, "EISDIR") || isMissing(error, "ELOOP"))
      return undefined;
    throw error;
  }
}

function tableOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The interpreter of a Python kernel; undefined when there is none. */
async function pythonOf(kernel: Kernel, variables: Variables | undefined): Promise<string | undefined> {
  if (kernel.ours && kernel.environment !== undefined) return pythonIn(kernel.environment);
  const [program = ""] = kernel.argv;
  if (
    kernel.language.toLowerCase() !== "python" ||
    !/^(?:python|pypy)[\d.]*(?:\.exe)?$/i.test(lastPart(program))
  ) {
    return undefined;
  }
  return /[/\\]/.test(program) ? program : await lookUp(program, variables);
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function set(variables: Variables, name: string): string | undefined {
  return variables[name] || undefined;
}

function quoted(name: string): string {
  return quote(name);
}
