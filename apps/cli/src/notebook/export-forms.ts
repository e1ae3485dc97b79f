// The lock of a notebook as other tools read it.

import {
  formatPylock,
  formatRequirement,
  formatScriptMetadata,
  type Pylock,
  type PylockPackage,
  parseSpecifiers,
  replaceScriptBlock,
} from "@thoth/pep";
import { requirementsForm } from "../locks/lock-forms.ts";
import { pipfileText } from "../locks/pipfile-form.ts";
import { yamlText } from "../locks/yaml-form.ts";
import { KEYS, objectAt } from "./metadata-keys.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { statedRequirements } from "./notebook-requirements.ts";
import { pipfileLockObject } from "./pipfile-metadata.ts";

export type ExportForm =
  | "requirements"
  | "pylock"
  | "pipfile"
  | "pipfile-lock"
  | "environment.yml"
  | "pep723"
  | "bootstrap";

/** Undefined: the notebook does not carry what the form shows. */
export function exportText(form: ExportForm, file: NotebookFile, lock: Pylock): string | undefined {
  const pipfile = objectAt(file.notebook.metadata, KEYS.requirements);
  switch (form) {
    case "requirements":
      return requirementsForm(lock);
    case "pylock":
      return formatPylock(lock);
    case "pipfile":
      return pipfile === undefined ? undefined : pipfileText(pipfile);
    case "pipfile-lock":
      return pipfile === undefined
        ? undefined
        : `${JSON.stringify(pipfileLockObject(lock, pipfile), undefined, 4)}\n`;
    case "environment.yml":
      return environmentYaml(file, lock);
    case "pep723":
      return scriptBlock(file, lock);
    case "bootstrap":
      return bootstrapCell(lock);
    default:
      return form satisfies never;
  }
}

function pinOf({ name, version }: PylockPackage): string {
  return version === undefined ? name : `${name}==${version.text}`;
}

/** Conda brings the Python, pip the packages. */
function environmentYaml(file: NotebookFile, lock: Pylock): string {
  const name =
    file.path
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.ipynb$/, "") ?? "notebook";
  const python = statedRequirements(file)?.python;
  return yamlText({
    name,
    channels: ["conda-forge", "nodefaults"],
    dependencies: [
      python === undefined ? "python" : `python=${python}`,
      "pip",
      { pip: lock.packages.map(pinOf) },
    ],
  });
}

/** The requirements, not the lock: PEP 723 holds what a script asks for. */
function scriptBlock(file: NotebookFile, lock: Pylock): string {
  const stated = statedRequirements(file);
  const dependencies =
    stated === undefined
      ? lock.packages.map(pinOf)
      : stated.input.requirements.map(({ requirement }) => formatRequirement(requirement));
  const requiresPython = stated?.python === undefined ? undefined : parseSpecifiers(`>=${stated.python}`);
  return replaceScriptBlock("", formatScriptMetadata({ requiresPython, dependencies }));
}

/** A cell that makes the running kernel hold the lock: pip reads it from a temporary file, with every hash. */
function bootstrapCell(lock: Pylock): string {
  const requirements = requirementsForm(lock);
  return `# Installs the packages that this notebook was locked with; every file is checked against its SHA-256.
import pathlib, subprocess, sys, tempfile

LOCK = ${pythonText(requirements)}

with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder, "requirements.txt")
    file.write_text(LOCK, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r", str(file)],
        check=True,
    )
`;
}

/** A literal of Python: lines joined, each a JSON text, whose escapes Python reads alike. */
function pythonText(text: string): string {
  const lines = text.split(/(?<=\n)/).map((line) => `    ${asciiJson(line)}`);
  return `(\n${lines.join("\n")}\n)`;
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
