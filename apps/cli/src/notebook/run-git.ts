// Asks Git about a notebook's folder. The repository may be a stranger's: nothing that its configuration names is
// started, nothing is fetched, and nothing is written.

import { basename } from "node:path";
import { ThothError } from "@thoth/pep";
import { findProgram } from "../engines/find-program.ts";
import { runTool } from "../engines/run-tool.ts";
import type { Invocation } from "../frame/command.ts";

const TIMEOUT_SECONDS = 60;

/** https://git-scm.com/docs/git-config */
const SAFE = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "log.showSignature=false",
  "protocol.allow=never",
];

export interface Git {
  /** What it prints, white space at the end cut off; undefined where it ends with a failure. */
  readonly ask: (...words: readonly string[]) => Promise<string | undefined>;
}

/** Git in a folder; undefined where the machine has none. */
export async function openGit(invocation: Invocation, folder: string): Promise<Git | undefined> {
  const { environment, signal } = invocation;
  const program = await findProgram("git", environment);
  if (program === undefined) return undefined;
  const settings = SAFE.flatMap((setting) => ["-c", setting]);
  const variables = {
    ...environment,
    // Those of a hook that runs us are about another folder.
    GIT_DIR: undefined,
    GIT_INDEX_FILE: undefined,
    GIT_WORK_TREE: undefined,
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_PAGER: "",
  };
  return {
    ask: async (...words) => {
      const run = { program, folder, variables, signal, timeoutSeconds: TIMEOUT_SECONDS };
      const { status, output } = await runTool({ ...run, words: ["--no-pager", ...settings, ...words] });
      return status === 0 ? output.trimEnd() : undefined;
    },
  };
}

/** Where a file is published, as far as this machine knows without asking anybody. */
export interface Published {
  /** As the repository's configuration has it. */
  readonly remote: string;
  /** The branch there, or the commit where there is none. */
  readonly ref: string;
  /** Of the file in the repository, with `/`. */
  readonly path: string;
  /** Whether the remote's branch, as last seen, has the file as it is here. */
  readonly isCurrent: boolean;
  /** Whether the repository has a folder for Binder. */
  readonly hasBinder: boolean;
}

/** Throws invalid-project, environment-failed. */
export async function findPublished(
  invocation: Invocation,
  file: { readonly folder: string; readonly path: string },
): Promise<Published> {
  const git = await openGit(invocation, file.folder);
  if (git === undefined)
    throw new ThothError(
      "environment-failed",
      "`git` is not on this machine, which knows where the notebook is published",
    );
  const name = basename(file.path);
  const prefix = await git.ask("rev-parse", "--show-prefix");
  const branch = await git.ask("symbolic-ref", "--short", "HEAD");
  const named =
    branch === undefined ? undefined : await git.ask("config", "--get", `branch.${branch}.remote`);
  const remoteName = named ?? "origin";
  const remote = await git.ask("config", "--get", `remote.${remoteName}.url`);
  if (prefix === undefined || remote === undefined) throw unpublished(file.path);
  const merge = await git.ask("config", "--get", `branch.${branch}.merge`);
  const upstream = merge?.replace(/^refs\/heads\//, "") ?? branch;
  const commit = await git.ask("rev-parse", "HEAD");
  const ref = upstream ?? commit;
  if (ref === undefined) throw unpublished(file.path);
  const seen = upstream === undefined ? "HEAD" : `refs/remotes/${remoteName}/${upstream}`;
  const there = await git.ask("rev-parse", "--verify", "--quiet", `${seen}:${prefix}${name}`);
  const here = await git.ask("hash-object", "--no-filters", "--", name);
  const folders = (await git.ask("ls-tree", "--name-only", "--full-tree", seen)) ?? "";
  return {
    remote,
    ref,
    path: `${prefix}${name}`,
    isCurrent: there !== undefined && there === here,
    hasBinder: folders.split("\n").some((folder) => folder === "binder" || folder === ".binder"),
  };
}

function unpublished(path: string): ThothError {
  return new ThothError(
    "invalid-project",
    `\`${path}\` lies in no Git repository that names where it is published`,
    {
      hint: "Links open what others can fetch: push the notebook to a public repository first.",
      details: { path },
    },
  );
}
