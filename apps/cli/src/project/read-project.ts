// The files of a command line as one project: each is recognised by its name.

import { existsSync } from "node:fs";
import { decodeRequirementsFile, quote, type Requirement, ThothError } from "@thoth/pep";
import type { Documents } from "../files/documents.ts";
import { readGivenFile, readStandardInput } from "../files/read-file.ts";
import { type FileChoice, readConstraints, readFileInput } from "./file-input.ts";
import { joinInputs, type ProjectInput } from "./project-input.ts";

export interface ProjectWish extends FileChoice {
  /** Paths; `-` is the standard input. Empty: what lies in the current folder. */
  readonly files: readonly string[];
  /** Paths of constraint files. */
  readonly constraints: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly documents: Documents;
}

/** In this order when no file is named. */
const USUAL_FILES = ["requirements.in", "requirements.txt", "Pipfile", "pyproject.toml"];
const MAXIMUM_BYTES = 64 * 1024 * 1024;

export async function readProject(wish: ProjectWish): Promise<ProjectInput> {
  const files = wish.files.length > 0 ? wish.files : [usualFile()];
  const inputs: ProjectInput[] = [];
  for (const file of files) inputs.push(await readOne(file, wish));
  const input = joinInputs(inputs);
  return { ...input, constraints: [...input.constraints, ...(await readConstraintFiles(wish))] };
}

export async function readConstraintFiles(
  wish: Pick<ProjectWish, "constraints" | "environment">,
): Promise<readonly Requirement[]> {
  const { constraints, environment } = wish;
  const lists = await Promise.all(
    constraints.map(async (name) => readConstraints({ text: await readText(name), name, environment })),
  );
  return lists.flat();
}

function usualFile(): string {
  const found = USUAL_FILES.find((name) => existsSync(name));
  if (found !== undefined) return found;
  throw new ThothError(
    "usage",
    `this folder has none of ${USUAL_FILES.map((name) => quote(name)).join(", ")}`,
    {
      hint: "Name the file to lock, or - to read requirements from the standard input.",
    },
  );
}

async function readOne(path: string, wish: ProjectWish): Promise<ProjectInput> {
  if (path.endsWith(".ipynb"))
    return (await import("../notebook/notebook-input.ts")).readNotebookInput(path, wish);
  const { environment } = wish;
  if (path !== "-") return readFileInput({ text: await readText(path), name: path, environment }, wish);
  const text = decodeRequirementsFile(await readStandardInput(MAXIMUM_BYTES));
  return readFileInput({ text, name: "standard input", environment }, wish);
}

async function readText(path: string): Promise<string> {
  return decodeRequirementsFile(await readGivenFile(path, MAXIMUM_BYTES));
}
