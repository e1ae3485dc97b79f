// The files of a project as they go into a build: the same bytes, names and rights on every machine, without what is
// ignored, and without what leads out of the project.

import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";

export interface SourceFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly isExecutable: boolean;
  /** Where it is read from; absent for a link. */
  readonly from?: string;
  readonly link?: string;
}

const MOST_FILES = 100_000;

export interface TreeWish {
  /** A folder, or one file. */
  readonly source: string;
  readonly isIgnored: (path: string) => boolean;
  /** Absolute; what is written is no part of what is read. */
  readonly output: string;
}

/** Sorted by path. Throws path-escape, limit-exceeded, usage. */
export async function readTree(wish: TreeWish): Promise<readonly SourceFile[]> {
  const { source } = wish;
  const found = await lstat(source).catch(() => undefined);
  if (found === undefined) throw new ThothError("usage", `${quote(source)} is not there`);
  if (found.isFile()) return [{ path: basename(source), isExecutable: false, from: source }];
  const files: SourceFile[] = [];
  await addFolder(wish, "", files);
  return files.sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function addFolder(wish: TreeWish, below: string, files: SourceFile[]): Promise<void> {
  for (const entry of await readdir(join(wish.source, below), { withFileTypes: true }))
    await addEntry(wish, entry, { path: below === "" ? entry.name : `${below}/${entry.name}`, files });
  if (files.length <= MOST_FILES) return;
  throw new ThothError("limit-exceeded", `the project has more than ${MOST_FILES} files`, {
    hint: "Name in `.s2iignore` what is no part of it.",
    details: { limit: "files", maximum: MOST_FILES },
  });
}

interface Place {
  readonly path: string;
  readonly files: SourceFile[];
}

async function addEntry(wish: TreeWish, entry: Dirent, { path, files }: Place): Promise<void> {
  const from = join(wish.source, path);
  // A repository's history tells of machines and people, and Git of each version writes it in its own way.
  if (entry.name === ".git" || wish.isIgnored(path) || resolve(from) === wish.output) return;
  if (/[\u0000-\u001f\u007f]/.test(entry.name)) throw odd(path, "its name has control characters");
  if (entry.isDirectory()) return await addFolder(wish, path, files);
  if (entry.isSymbolicLink()) {
    const link = await readlink(from);
    const end = normalize(join(dirname(path), link));
    if (isAbsolute(link) || end === ".." || end.startsWith("../"))
      throw odd(path, "it leads out of the project");
    files.push({ path, isExecutable: false, link });
    return;
  }
  if (!entry.isFile()) throw odd(path, "it is neither a file nor a folder nor a link");
  const { mode } = await lstat(from);
  files.push({ path, isExecutable: (mode & 0o100) !== 0, from });
}

function odd(path: string, why: string): ThothError {
  return new ThothError("path-escape", `${quote(path)} is not taken into the build: ${why}`, {
    hint: "Remove it, or name it in `.s2iignore`.",
    details: { path },
  });
}

/** SHA-256 of all paths, rights and bytes: two contexts with one digest are the same build. */
export async function digestOfTree(files: readonly SourceFile[]): Promise<string> {
  const whole = createHash("sha256");
  for (const { path, isExecutable, from, link } of files) {
    const content = from === undefined ? Buffer.from(link ?? "") : await readFile(from);
    const digest = createHash("sha256").update(content).digest("hex");
    whole.update(
      `${from === undefined ? "l" : isExecutable ? "x" : "f"} ${digest} ${JSON.stringify(path)}\n`,
    );
  }
  return whole.digest("hex");
}

/**
 * Whether a path, or a folder above it, is named by the lines of `.s2iignore`: globs relative to the project, `!` takes back
 * what a line before has named. https://github.com/openshift/source-to-image/blob/master/docs/cli.md
 */
export function ignoreRules(text: string): (path: string) => boolean {
  const rules = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .slice(0, 1000)
    .map((line) => {
      const isKept = line.startsWith("!");
      const glob = (isKept ? line.slice(1) : line).replace(/^\.?\/+|\/+$/g, "");
      return { isKept, pattern: new RegExp(`^${patternOf(glob)}$`, "u") };
    });
  return (path) => {
    let ignored = false;
    for (const { isKept, pattern } of rules) if (pattern.test(path)) ignored = !isKept;
    return ignored;
  };
}

/** `*` and `?` stay in one folder. */
function patternOf(glob: string): string {
  let pattern = "";
  for (let rest = glob; rest !== ""; ) {
    const [set] = /^\[\^?[^\]/\\]+\]/.exec(rest) ?? [];
    const [first = ""] = rest;
    if (set !== undefined) pattern += set;
    else if (/^\*+/.test(rest)) pattern += "[^/]*";
    else if (first === "?") pattern += "[^/]";
    else pattern += first.replace(/[\\^$.*+?()[\]{}|/-]/u, "\\$&");
    rest = rest.slice(set?.length ?? /^\*+/.exec(rest)?.[0].length ?? first.length);
  }
  return pattern;
}
