// When the code of a notebook was last changed, by the history of its repository: commits that touched nothing but outputs
// and metadata, ours among them, do not count.

import { basename, dirname, resolve } from "node:path";
import { type DateEvidence, type Notebook, parseNotebook } from "@thoth/notebook";
import { ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { type Git, openGit } from "./run-git.ts";

/** Commits that are looked at: an older change than that is dated too late. */
const MOST_COMMITS = 200;
const SOURCE = "the last commit that changed its code";

/** Undefined: no repository tells, or the code was changed since its last commit. */
export async function codeChanged(
  invocation: Invocation,
  { path, notebook }: NotebookFile,
): Promise<DateEvidence | undefined> {
  const git = await openGit(invocation, dirname(resolve(path)));
  const commits = git === undefined ? undefined : await commitsOf(git, basename(path));
  if (git === undefined || commits === undefined) return undefined;
  const code = codeOf(notebook);
  let since: Commit | undefined;
  for (const commit of commits) {
    if ((await codeAt(git, commit)) !== code)
      return since === undefined ? undefined : { seconds: since.seconds, source: SOURCE };
    since = commit;
  }
  // The first commit of a shallow clone holds what was there before it.
  const isShallow = (await git.ask("rev-parse", "--is-shallow-repository")) !== "false";
  return since === undefined || isShallow ? undefined : { seconds: since.seconds, source: SOURCE };
}

interface Commit {
  readonly id: string;
  /** When its author made it, in seconds since 1970. */
  readonly seconds: number;
  /** The notebook's path in it. */
  readonly path: string;
}

/** Those that touched the notebook, the newest first, across renamings. */
async function commitsOf(git: Git, name: string): Promise<readonly Commit[] | undefined> {
  const format = ["--follow", "--name-only", "-z", "--format=%x01%H %at"];
  const text = await git.ask("log", `--max-count=${MOST_COMMITS}`, ...format, "--", name);
  return text
    ?.split("\u0001")
    .slice(1)
    .flatMap((entry) => {
      const [, id, seconds, path] = /^([0-9a-f]+) (\d+)\0+\n?([^\0]+)/.exec(entry) ?? [];
      return id === undefined || seconds === undefined || path === undefined
        ? []
        : [{ id, seconds: Number(seconds), path }];
    });
}

async function codeAt(git: Git, { id, path }: Commit): Promise<string | undefined> {
  const text = await git.ask("cat-file", "blob", `${id}:${path}`);
  if (text === undefined) return undefined;
  try {
    return codeOf(parseNotebook(text, { anyLanguage: true }));
  } catch (error) {
    if (error instanceof ThothError) return undefined;
    throw error;
  }
}

function codeOf({ cells }: Notebook): string {
  return JSON.stringify(cells.filter(({ type }) => type === "code").map(({ source }) => source.trimEnd()));
}
