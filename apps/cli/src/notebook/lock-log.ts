// What the last lock of a notebook did, for `horus log`: kept beside the environments, by the notebook's path.

import { createHash } from "node:crypto";
import { mkdir, readFile, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { formatRequirement } from "@thoth/pep";
import { replaceFile } from "../files/replace-file.ts";
import type { Invocation } from "../frame/command.ts";
import { dataDirectory } from "../settings/directories.ts";
import type { NotebookLock } from "./lock-notebook.ts";

export interface LockLog {
  readonly created: string;
  readonly lines: readonly string[];
}

async function logPath(notebook: string, variables: Invocation["environment"]): Promise<string> {
  const path = await realpath(notebook).catch(() => resolve(notebook));
  const digest = createHash("sha256").update(path).digest("hex").slice(0, 32);
  return join(dataDirectory(variables), "logs", `${digest}.json`);
}

/** A log that cannot be written costs nothing but itself. */
export async function writeLockLog(
  invocation: Invocation,
  done: NotebookLock,
  python: string,
): Promise<void> {
  if (done.locked === undefined) return;
  const { locked, input, discovery, warnings } = done;
  const lines = [
    `python ${python}, engine ${locked.engine}, ${locked.proof}`,
    ...input.requirements.map(
      ({ requirement, source }) => `needs ${formatRequirement(requirement)} (${source})`,
    ),
    ...locked.packages.map(({ name, version }) => `chose ${name} ${version}`),
    ...locked.objective.map(({ level, value, bound }) => `objective ${level}: ${value} (bound ${bound})`),
    ...discovery.questions.map(({ module }) => `question: nobody we know provides ${module}`),
    ...warnings.map((text) => `warning: ${text}`),
  ];
  const log: LockLog = { created: new Date().toISOString(), lines };
  const path = await logPath(done.file.path, invocation.environment);
  try {
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, `${JSON.stringify(log, undefined, 1)}\n`);
  } catch (error) {
    invocation.terminal.trace(`no log was kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export async function readLockLog(
  notebook: string,
  variables: Invocation["environment"],
): Promise<LockLog | undefined> {
  try {
    const log: unknown = JSON.parse(await readFile(await logPath(notebook, variables), "utf8"));
    if (typeof log !== "object" || log === null) return undefined;
    const { created, lines } = log as Record<string, unknown>;
    if (typeof created !== "string" || !Array.isArray(lines)) return undefined;
    return { created, lines: lines.filter((line) => typeof line === "string") };
  } catch {
    return undefined;
  }
}
