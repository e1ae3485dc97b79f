// The name under which Jupyter lists a notebook's kernel.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs

import { basename } from "node:path";
import type { Notebook } from "@thoth/notebook";
import { quote, ThothError } from "@thoth/pep";
import { KEYS, objectIn, textIn } from "./metadata-keys.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** Kernels that every Jupyter has: ours never take their place. */
const COMMON = new Set(["python", "python2", "python3", "ir", "bash"]);

/** The name of the kernel that the metadata names, if it is one of ours or might become one. Throws path-escape. */
export function statedKernel({ metadata }: Notebook): string | undefined {
  const name = textIn(objectIn(metadata, KEYS.kernel), "name");
  if (name !== undefined) mustStayInside(name);
  return name;
}

/** Throws path-escape when the name would lead out of the folder of kernels, usage when it is no name. */
export function checkedKernelName(name: string): string {
  mustStayInside(name);
  if (NAME.test(name)) return name;
  throw new ThothError("usage", `${quote(name)} is no name for a kernel`, {
    hint: "Use letters, digits, dots, dashes and underscores.",
    details: { name },
  });
}

function mustStayInside(name: string): void {
  if (!/[/\\\u0000-\u001f\u007f]/.test(name) && name !== "." && name !== "..") return;
  throw new ThothError(
    "path-escape",
    `the kernel name ${quote(name)} would lead out of the folder of kernels`,
    {
      hint: "Name another with --kernel-name.",
      details: { name },
    },
  );
}

/** What the user names, else what a lock of ours goes with, else the notebook's file name. */
export function chooseKernelName(notebook: Notebook, path: string, asked: string | undefined): string {
  if (asked !== undefined) return checkedKernelName(asked);
  const stated = statedKernel(notebook);
  const isOurs = objectIn(notebook.metadata, KEYS.thoth) !== undefined;
  if (isOurs && stated !== undefined && NAME.test(stated) && !COMMON.has(stated.toLowerCase())) return stated;
  return nameOfFile(path);
}

function nameOfFile(path: string): string {
  const name = basename(path, ".ipynb")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, 100)
    .toLowerCase();
  return name === "" ? "notebook" : COMMON.has(name) ? `${name}-notebook` : name;
}
