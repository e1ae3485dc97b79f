// The environment variables of the programs we start: what the user has set, without what would change the
// result. A stray PYTHONPATH or PIP_TARGET must not make the same lock install differently on two machines.

import { devNull } from "node:os";

/** Variables of the Python interpreter that change what is imported or how code runs. */
const PYTHON_VARIABLES: ReadonlySet<string> = new Set([
  "PYTHONBREAKPOINT",
  "PYTHONCASEOK",
  "PYTHONEXECUTABLE",
  "PYTHONHOME",
  "PYTHONINSPECT",
  "PYTHONNOUSERSITE",
  "PYTHONOPTIMIZE",
  "PYTHONPATH",
  "PYTHONPLATLIBDIR",
  "PYTHONSAFEPATH",
  "PYTHONSTARTUP",
  "PYTHONUSERBASE",
  "PYTHONWARNINGS",
  "__PYVENV_LAUNCHER__",
]);

/** Variables by which an activated environment announces itself. */
const ACTIVATION_VARIABLES: ReadonlySet<string> = new Set([
  "VIRTUAL_ENV",
  "CONDA_PREFIX",
  "CONDA_DEFAULT_ENV",
]);

/** Settings of uv that say where it may write, not what it installs. */
const KEPT_UV_VARIABLES: ReadonlySet<string> = new Set(["UV_CACHE_DIR"]);

export type Variables = Readonly<Record<string, string | undefined>>;

/** For a notebook: everything but what redirects Python's own imports. */
export function kernelVariables(variables: Variables = process.env): Record<string, string> {
  return pick(variables, (name) => !PYTHON_VARIABLES.has(name) && !ACTIVATION_VARIABLES.has(name));
}

/** For pip, uv and our probes: no setting of pip, uv, Python or an activated environment comes through. */
export function installerVariables(variables: Variables = process.env): Record<string, string> {
  const kept = pick(kernelVariables(variables), (name) => {
    if (name.startsWith("UV_")) return KEPT_UV_VARIABLES.has(name);
    return !name.startsWith("PIP_") && !name.startsWith("VIRTUALENV_");
  });
  return {
    ...kept,
    PIP_CONFIG_FILE: devNull,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
    PYTHONIOENCODING: "utf-8",
    PYTHONNOUSERSITE: "1",
    UV_NO_CONFIG: "1",
    UV_NO_PROGRESS: "1",
    UV_PYTHON_DOWNLOADS: "never",
  };
}

function pick(variables: Variables, keep: (upperCaseName: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    // Windows does not distinguish the case of names, so `PythonPath` is PYTHONPATH there.
    const known = process.platform === "win32" ? name.toUpperCase() : name;
    if (value !== undefined && name !== "__proto__" && keep(known)) picked[name] = value;
  }
  return picked;
}
