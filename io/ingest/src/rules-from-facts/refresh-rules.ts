// Brings a folder of rules up to what is known: files that say something else are replaced, those that nothing is to be said
// in any more are removed, and what somebody wrote by hand is left alone.

import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { isNormalizedName, type PackageName, quote, ThothError } from "@thoth/pep";
import { compilePrescriptions } from "@thoth/prescriptions/compile";
import { type FactRule, type Moment, rulesOf } from "./families.ts";
import type { ProjectKnowledge } from "./project-knowledge.ts";
import { FACTS_FILE, formatRules, MARK } from "./rule-text.ts";

export interface RefreshRulesOptions extends Moment {
  /** Files about projects of which nothing is known stay as they are; default: they are removed. */
  readonly keepOthers?: boolean;
  readonly signal?: AbortSignal;
}

export interface RulesDifference {
  /** Paths within the folder, in their order. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Files of that name that somebody wrote, and that stay. */
  readonly kept: readonly string[];
  /** Units by family, in the order of their names. */
  readonly units: readonly { readonly family: string; readonly units: number }[];
}

/** Throws `file-failed`, or the reason of the signal. */
export async function refreshRules(
  folder: string,
  projects: readonly ProjectKnowledge[],
  options: RefreshRulesOptions,
): Promise<RulesDifference> {
  const { texts, units } = wantedTexts(projects, options);
  const names = new Set([...projects.map(({ name }) => name), ...(await existingNames(folder, options))]);
  const plans: Plan[] = [];
  for (const name of [...names].sort()) {
    options.signal?.throwIfAborted();
    plans.push(await planFor(folder, name, texts.get(name)));
  }
  mustCompile(plans);
  const difference: Record<Exclude<Plan["kind"], "unchanged" | "nothing">, string[]> = {
    added: [],
    changed: [],
    removed: [],
    kept: [],
  };
  let unchanged = 0;
  for (const plan of plans) {
    options.signal?.throwIfAborted();
    await carryOut(folder, plan);
    if (plan.kind === "unchanged") unchanged++;
    else if (plan.kind !== "nothing") difference[plan.kind].push(plan.file);
  }
  return { ...difference, unchanged, units };
}

/** What is to be done about one file. */
type Plan = { readonly name: PackageName; readonly file: string } & (
  | { readonly kind: "added" | "changed"; readonly text: string }
  | { readonly kind: "removed" | "kept" | "unchanged" | "nothing" }
);

function wantedTexts(projects: readonly ProjectKnowledge[], moment: Moment) {
  const texts = new Map<PackageName, string>();
  const counts = new Map<string, number>();
  for (const project of projects) {
    const rules: readonly FactRule[] = rulesOf(project, moment);
    for (const { family } of rules) counts.set(family, (counts.get(family) ?? 0) + 1);
    const text = formatRules(project.name, rules);
    if (text !== undefined) texts.set(project.name, text);
  }
  const units = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([family, count]) => ({ family, units: count }));
  return { texts, units };
}

/** What is made here and cannot be read is a mistake of ours. */
function mustCompile(plans: readonly Plan[]): void {
  const files = plans.flatMap((plan) => ("text" in plan ? [{ path: plan.file, text: plan.text }] : []));
  const [problem] = compilePrescriptions(files).errors;
  if (problem !== undefined) throw new Error(`${problem.file}:${problem.line}: ${problem.message}`);
}

/** Names of projects that have a file of facts already. */
async function existingNames(
  folder: string,
  { keepOthers = false }: RefreshRulesOptions,
): Promise<readonly PackageName[]> {
  if (keepOthers) return [];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isNormalizedName(entry.name))
      .map(({ name }) => name as PackageName);
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw failure(folder, error);
  }
}

async function planFor(folder: string, name: PackageName, text: string | undefined): Promise<Plan> {
  const plan = { name, file: `${name}/${FACTS_FILE}` };
  const path = join(folder, name, FACTS_FILE);
  let before: string | undefined;
  try {
    before = await readOwn(join(folder, name), path);
  } catch (error) {
    throw failure(path, error);
  }
  if (before === "else") return { ...plan, kind: text === undefined ? "nothing" : "kept" };
  if (before === text) return { ...plan, kind: text === undefined ? "nothing" : "unchanged" };
  if (text === undefined) return { ...plan, kind: "removed" };
  return { ...plan, kind: before === undefined ? "added" : "changed", text };
}

async function carryOut(folder: string, plan: Plan): Promise<void> {
  const path = join(folder, plan.name, FACTS_FILE);
  try {
    if ("text" in plan) await write(path, plan.text);
    else if (plan.kind === "removed") {
      await rm(path);
      // Only where nothing else lies there.
      await rmdir(join(folder, plan.name)).catch(() => undefined);
    }
  } catch (error) {
    throw failure(path, error);
  }
}

const LARGEST = 16 * 1024 * 1024;

/** Undefined: there is none. `else`: it is somebody's own, or no file, or leads elsewhere. */
async function readOwn(folder: string, path: string): Promise<string | "else" | undefined> {
  const [parent, info] = await Promise.all([statOf(folder), statOf(path)]);
  if (parent !== undefined && !parent.isDirectory()) return "else";
  if (info === undefined) return undefined;
  if (!info.isFile() || info.size > LARGEST) return "else";
  const text = await readFile(path, "utf8");
  return text.startsWith(MARK) ? text : "else";
}

async function statOf(path: string) {
  return await lstat(path).catch((error: unknown) => {
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return undefined;
    throw error;
  });
}

/** Whole or not at all. */
async function write(path: string, text: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const temporary = join(path, "..", `.${FACTS_FILE}.${randomBytes(6).toString("hex")}`);
  try {
    const file = await open(temporary, "wx", 0o644);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function failure(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  return new ThothError("file-failed", `${quote(path)} cannot be brought up to date: ${error.message}`, {
    details: { path },
    cause: error,
  });
}
