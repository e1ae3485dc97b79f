// Which notebook a kernel was made for: two notebooks of one name in two folders do not take each other's kernel.

import { existsSync } from "node:fs";
import { mkdir, readFile, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { replaceFile } from "../files/replace-file.ts";
import type { Invocation } from "../frame/command.ts";
import { dataDirectory } from "../settings/directories.ts";
import { chooseKernelName } from "./kernel-name.ts";
import type { NotebookFile } from "./notebook-file.ts";

const MOST_OWNERS = 10_000;

/** The name that the user asks for; else the notebook's, numbered where another notebook has it. Throws path-escape. */
export async function kernelNameFor(
  { environment }: Invocation,
  { notebook, path }: Pick<NotebookFile, "notebook" | "path">,
  asked: string | undefined,
): Promise<string> {
  const name = chooseKernelName(notebook, path, asked);
  if (asked !== undefined) return name;
  const owners = await readOwners(environment);
  const own = await realOf(path);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    const owner = owners.get(candidate.toLowerCase());
    if (owner === undefined || owner === own || !existsSync(owner)) return candidate;
  }
}

/** What cannot be remembered costs only that another notebook may take the name. */
export async function rememberOwner(
  { environment, terminal }: Invocation,
  name: string,
  path: string,
): Promise<void> {
  const owners = new Map(await readOwners(environment));
  const own = await realOf(path);
  if (owners.get(name.toLowerCase()) === own) return;
  owners.set(name.toLowerCase(), own);
  const file = ownersFile(environment);
  try {
    await mkdir(dirname(file), { recursive: true });
    await replaceFile(file, `${JSON.stringify([...owners].slice(-MOST_OWNERS), undefined, 1)}\n`);
  } catch (error) {
    terminal.trace(
      `the kernel's owner was not kept: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function ownersFile(variables: Invocation["environment"]): string {
  return join(dataDirectory(variables), "kernels.json");
}

async function readOwners(variables: Invocation["environment"]): Promise<ReadonlyMap<string, string>> {
  try {
    const entries: unknown = JSON.parse(await readFile(ownersFile(variables), "utf8"));
    if (!Array.isArray(entries)) return new Map();
    return new Map(entries.filter(isPair));
  } catch {
    // A missing or damaged file says that nobody owns anything.
    return new Map();
  }
}

function isPair(entry: unknown): entry is [string, string] {
  return Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "string";
}

function realOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
