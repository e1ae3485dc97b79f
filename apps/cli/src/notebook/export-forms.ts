// The lock of a notebook as other tools read it.

import { editMetadata, withFirstCell } from "@thoth/notebook";
import {
  asksForNames,
  findScriptBlocks,
  formatMarker,
  formatPylock,
  formatRequirement,
  formatScriptMetadata,
  markerGiven,
  type Pylock,
  type PylockPackage,
  parseSpecifiers,
  replaceScriptBlock,
  ThothError,
} from "@thoth/pep";
import { requirementsForm } from "../locks/lock-forms.ts";
import { pipfileText } from "../locks/pipfile-form.ts";
import { yamlText } from "../locks/yaml-form.ts";
import { bootstrapCell, withBootstrapCell } from "./bootstrap-cell.ts";
import { withoutKernel } from "./kernel-packages.ts";
import { KEYS, objectAt } from "./metadata-keys.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { statedRequirements } from "./notebook-requirements.ts";
import { forOnePython, pythonOf } from "./one-python.ts";
import { hasSeveralVersions, pipfileLockObject } from "./pipfile-metadata.ts";

export type ExportForm =
  | "requirements"
  | "pylock"
  | "pipfile"
  | "pipfile-lock"
  | "environment.yml"
  | "pep723"
  | "juv"
  | "bootstrap"
  | "colab";

export interface ExportRequest {
  readonly file: NotebookFile;
  readonly lock: Pylock;
}

/** Undefined: the notebook does not carry what the form shows. */
export function exportText(form: ExportForm, { file, lock }: ExportRequest): string | undefined {
  const pipfile = objectAt(file.notebook.metadata, KEYS.requirements);
  switch (form) {
    case "requirements":
      return requirementsForm(lock);
    case "pylock":
      return formatPylock(lock);
    case "pipfile":
      return pipfile === undefined ? undefined : pipfileText(pipfile);
    case "pipfile-lock":
      mustBeOfOneVersion(lock);
      return pipfile === undefined
        ? undefined
        : `${JSON.stringify(pipfileLockObject(lock, pipfile), undefined, 4)}\n`;
    case "environment.yml":
      return environmentYaml(file, lock);
    case "pep723":
      return scriptBlock(file, lock);
    case "juv":
      return standalone(juvNotebook(file, lock));
    case "bootstrap":
      return bootstrapCell(lock);
    case "colab":
      return standalone(withBootstrapCell(file.notebook, lock));
    default:
      return form satisfies never;
  }
}

function pinOf({ name, version, marker }: PylockPackage): string {
  const pin = version === undefined ? name : `${name}==${version.text}`;
  const where = marker && markerGiven(marker, (step) => asksForNames({ steps: [step] }));
  return where === undefined ? pin : `${pin} ; ${formatMarker(where)}`;
}

/** Throws usage. */
function mustBeOfOneVersion(lock: Pylock): void {
  if (hasSeveralVersions(lock))
    throw new ThothError(
      "usage",
      "the lock has packages in several versions, and a Pipfile.lock has room for one",
      {
        hint: "Use --format pylock or --format requirements.",
      },
    );
}

/** Conda brings the Python, and hands the rest to pip line by line, so that they may have options and hashes. */
function environmentYaml(file: NotebookFile, whole: Pylock): string {
  const lock = forOnePython(whole, statedRequirements(file)?.python);
  const name =
    file.path
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.ipynb$/, "") ?? "";
  return yamlText({
    name: name.replace(/[^\w.+-]+/g, "-") || "notebook",
    channels: ["conda-forge", "nodefaults"],
    dependencies: [`python=${pythonOf(lock)}`, "pip", { pip: requirementLines(lock) }],
  });
}

function requirementLines(lock: Pylock): string[] {
  const lines = requirementsForm(lock).split(/(?<!\\)\n/);
  return lines.filter((line) => line !== "").map((line) => line.replace(/ \\\n\s*/g, " "));
}

/**
 * What the code asks for, as PEP 723 has it; the versions of the lock as constraints that uv and juv mind. Whoever runs
 * the script or the notebook brings the kernel.
 */
function scriptBlock(file: NotebookFile, lock: Pylock, script = ""): string {
  const stated = statedRequirements(file);
  const { packages } = withoutKernel(lock);
  const dependencies =
    stated === undefined
      ? packages.map(pinOf)
      : stated.input.requirements.map(({ requirement }) => formatRequirement(requirement));
  const requiresPython = lock.requiresPython ?? parseSpecifiers(`>=${stated?.python ?? "3.9"}`);
  const metadata = formatScriptMetadata({ requiresPython, dependencies, tool: { uv: uvTable(packages) } });
  return replaceScriptBlock(script, metadata);
}

/** https://docs.astral.sh/uv/reference/settings/ */
function uvTable(packages: readonly PylockPackage[]): Readonly<Record<string, unknown>> {
  const indexes = [...new Set(packages.flatMap(({ index }) => (index === undefined ? [] : [index])))];
  const isPublic = indexes.length === 1 && indexes[0]?.replace(/\/$/, "") === PUBLIC_INDEX;
  return {
    "constraint-dependencies": packages.map(pinOf),
    ...(isPublic || indexes.length === 0
      ? {}
      : { index: indexes.map((url, at) => (at === 0 ? { url, default: true } : { url })) }),
  };
}

const PUBLIC_INDEX = "https://pypi.org/simple";

/** juv reads the block of the first code cell that has one, and hides that cell. https://github.com/manzt/juv */
function juvNotebook(file: NotebookFile, lock: Pylock): Uint8Array {
  const hasBlock = (source: string): boolean =>
    findScriptBlocks(source).some(({ type }) => type === "script");
  const old = file.notebook.cells.find(({ type, source }) => type === "code" && hasBlock(source));
  const source = scriptBlock(file, lock, old?.source);
  const metadata = { jupyter: { source_hidden: true } };
  return withFirstCell(file.notebook, { source, metadata }, (cell) => cell === old);
}

/** Under the name that every Jupyter has for its Python: the notebook's own kernel is not there. */
function standalone(notebook: Uint8Array): string {
  const kernel = { display_name: "Python 3", language: "python", name: "python3" };
  return new TextDecoder().decode(editMetadata(notebook, new Map([[KEYS.kernel, kernel]])));
}
