// Where Python interpreters may lie: on the PATH, and where pyenv, uv, conda and the systems keep them.

import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { installerVariables, type Variables } from "./child-environment.ts";
import { runProcess } from "./child-process.ts";

const windows = process.platform === "win32";
const EXECUTABLE = /^(?:python|pypy)(?:3(?:\.\d{1,2}t?)?)?(?:\.exe)?$/i;

export interface SearchPlaces {
  readonly variables: Variables;
  readonly home: string;
  readonly directory: string;
}

export function machinePlaces(): SearchPlaces {
  return { variables: process.env, home: homedir(), directory: process.cwd() };
}

/** Paths that may be interpreters, the PATH's first, each once. Each place is read only when its turn comes. */
export async function* interpreterCandidates(places: SearchPlaces): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const list of [onPath, fromPyenv, fromUv, fromConda, fromSystem]) {
    for (const path of await list(places)) {
      if (seen.has(path)) continue;
      seen.add(path);
      yield path;
    }
  }
}

/** The file that `name` (`python3.12`, `uv`) means on the PATH. */
export async function lookUp(name: string, variables: Variables = process.env): Promise<string | undefined> {
  const names = windows ? [`${name}.exe`, name] : [name];
  for (const folder of pathFolders(variables)) {
    const files = new Set(await filesOf(folder));
    const found = names.find((one) => files.has(one));
    if (found !== undefined) return join(folder, found);
  }
  return undefined;
}

async function onPath(places: SearchPlaces): Promise<string[]> {
  const found: string[] = [];
  for (const folder of pathFolders(places.variables)) {
    const names = (await filesOf(folder)).filter((name) => EXECUTABLE.test(name)).sort(byPreference);
    for (const name of names) {
      const path = join(folder, name);
      if (isShim(folder)) found.push(...(await behindShim(name, places)));
      // The stubs of Windows open a shop instead of running Python.
      else if (!/[\\/]WindowsApps[\\/]/i.test(path)) found.push(path);
    }
  }
  return found;
}

async function fromPyenv(places: SearchPlaces): Promise<string[]> {
  const roots = windows
    ? [places.variables["PYENV"], join(pyenvRoot(places), "pyenv-win")]
    : [pyenvRoot(places)];
  const found: string[] = [];
  for (const root of roots) {
    if (root === undefined || root === "") continue;
    const versions = join(root, "versions");
    found.push(...(await newestFirst(versions)).map((name) => executableIn(join(versions, name))));
  }
  return found;
}

async function fromUv(places: SearchPlaces): Promise<string[]> {
  const given = places.variables["UV_PYTHON_INSTALL_DIR"];
  const data = windows
    ? join(places.variables["APPDATA"] ?? places.home, "uv", "data")
    : join(places.variables["XDG_DATA_HOME"] ?? join(places.home, ".local", "share"), "uv");
  const root = given ?? join(data, "python");
  const names = (await newestFirst(root)).filter((name) => /^(?:cpython|pypy)-\d/.test(name));
  return names.map((name) => executableIn(join(root, name)));
}

/** Names that the installers of conda, mamba and their kin give to their folders. */
const CONDA_NAMES = [
  "miniconda3",
  "anaconda3",
  "miniforge3",
  "mambaforge",
  "micromamba",
  "miniconda",
  "anaconda",
  "conda",
];

function condaRoots({ variables, home }: SearchPlaces): string[] {
  const { CONDA_EXE: program, MAMBA_ROOT_PREFIX: mamba, CONDA_PREFIX: active } = variables;
  const shared = windows
    ? [variables["LOCALAPPDATA"], variables["PROGRAMDATA"]].filter((folder) => folder !== undefined)
    : ["/opt", "/usr/local"];
  const named = [active, mamba, program === undefined ? undefined : dirname(dirname(program))];
  return [
    ...named.filter((folder) => folder !== undefined && folder !== ""),
    ...[home, ...shared].flatMap((folder) => CONDA_NAMES.map((name) => join(folder as string, name))),
    join(home, ".local", "share", "mamba"),
  ] as string[];
}

async function fromConda(places: SearchPlaces): Promise<string[]> {
  const roots = condaRoots(places);
  const list = await readFile(join(places.home, ".conda", "environments.txt"), "utf8").catch(() => "");
  const listed = list.split(/\r?\n/).filter((line) => line.trim() !== "" && line.length < 4096);
  const prefixes = [...listed.slice(0, 100)];
  for (const root of roots) {
    if ((await filesOf(root)).length === 0) continue;
    prefixes.push(root);
    const environments = join(root, "envs");
    prefixes.push(...(await newestFirst(environments)).map((name) => join(environments, name)));
  }
  return prefixes.map((prefix) => executableIn(prefix));
}

async function fromSystem(places: SearchPlaces): Promise<string[]> {
  if (windows) return [...(await fromLauncher()), ...(await fromProgramFolders(places))];
  const folders = ["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"];
  const found: string[] = [];
  for (const folder of folders) {
    const names = (await filesOf(folder)).filter((name) => EXECUTABLE.test(name)).sort(byPreference);
    found.push(...names.map((name) => join(folder, name)));
  }
  const frameworks = "/Library/Frameworks/Python.framework/Versions";
  if (process.platform !== "darwin") return found;
  return [...found, ...(await newestFirst(frameworks)).map((name) => executableIn(join(frameworks, name)))];
}

/** What the launcher `py` of Windows lists: ` -V:3.12 *  C:\...\python.exe`. */
async function fromLauncher(): Promise<string[]> {
  try {
    const { stdout } = await runProcess("py", ["-0p"], {
      variables: installerVariables(),
      timeoutSeconds: 10,
    });
    return stdout
      .split(/\r?\n/)
      .flatMap((line) => /[A-Za-z]:\\[^*?"<>|]+\.exe$/.exec(line.trim())?.[0] ?? []);
  } catch {
    return [];
  }
}

async function fromProgramFolders(places: SearchPlaces): Promise<string[]> {
  const local = places.variables["LOCALAPPDATA"];
  if (local === undefined) return [];
  const root = join(local, "Programs", "Python");
  return (await newestFirst(root)).map((name) => join(root, name, "python.exe"));
}

function pathFolders(variables: Variables): string[] {
  const path = variables["PATH"] ?? variables["Path"] ?? "";
  return [...new Set(path.split(delimiter))].filter((folder) => folder !== "");
}

async function filesOf(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

/** Subfolders, those of higher versions first. */
async function newestFirst(folder: string): Promise<string[]> {
  const order = new Intl.Collator("en", { numeric: true });
  return (await filesOf(folder)).sort((a, b) => order.compare(b, a));
}

function executableIn(prefix: string): string {
  return windows ? join(prefix, "python.exe") : join(prefix, "bin", "python3");
}

/** `python3` before `python` before `python3.13` before `python3.9` before `pypy3`. */
function byPreference(a: string, b: string): number {
  const order = new Intl.Collator("en", { numeric: true });
  return rankOf(a) - rankOf(b) || order.compare(b, a);
}

function rankOf(name: string): number {
  const bare = name.toLowerCase().replace(/\.exe$/, "");
  if (bare === "python3") return 0;
  if (bare === "python") return 1;
  return bare.startsWith("python") ? (bare.endsWith("t") ? 3 : 2) : 4;
}

function pyenvRoot(places: SearchPlaces): string {
  return places.variables["PYENV_ROOT"] ?? join(places.home, ".pyenv");
}

function isShim(folder: string): boolean {
  return /[\\/]\.?(?:pyenv|pyenv-win)[\\/]shims[\\/]?$/.test(folder);
}

/** The interpreters that a shim of pyenv would start here, without starting the shim (a shell script). */
async function behindShim(name: string, places: SearchPlaces): Promise<string[]> {
  const root = pyenvRoot(places);
  const found: string[] = [];
  for (const version of await pyenvVersions(root, places)) {
    if (!/^[\w.+-]+$/.test(version) || version === "system") continue;
    const path = join(root, "versions", version, "bin", name);
    const files = await filesOf(dirname(path));
    if (files.includes(name)) found.push(path);
  }
  return found.slice(0, 1);
}

async function pyenvVersions(root: string, places: SearchPlaces): Promise<string[]> {
  const given = places.variables["PYENV_VERSION"];
  if (given !== undefined && given !== "") return given.split(":");
  for (let folder = places.directory; ; folder = dirname(folder)) {
    const local = await readFile(join(folder, ".python-version"), "utf8").catch(() => "");
    if (local.trim() !== "") return local.slice(0, 4096).split(/\s+/);
    if (dirname(folder) === folder) break;
  }
  const global = await readFile(join(root, "version"), "utf8").catch(() => "");
  return global.split(/\s+/);
}
