// The files of a repository that say what its project needs, and the lock that goes with them. One project of a repository is
// minded: the one whose file lies at its root.

import { normalizeName, ThothError } from "@thoth/pep";
import type { AdviceQuestion, LockForm, ProjectForm } from "../../questions/question.ts";
import type { Versions } from "../stack-change.ts";
import type { GitHubClient } from "./github-client.ts";

/** A repository, as one of the app's installations sees it. */
export interface Repository {
  readonly name: string;
  readonly installation: number;
}

/** A commit, and the files at its root. */
export interface Head {
  readonly branch: string;
  readonly commit: string;
  readonly tree: string;
  /** Digests of their contents. */
  readonly files: ReadonlyMap<string, string>;
}

/** What an advice is asked for, and what it is about. */
export interface Project {
  readonly form: ProjectForm;
  readonly manifest: SeenFile;
  readonly lockForm: LockForm;
  readonly lockPath: string;
  /** Digest of the lock that there is. */
  readonly lock?: string | undefined;
}

export interface SeenFile {
  readonly path: string;
  readonly blob: string;
}

interface Layout {
  readonly manifest: string;
  readonly form: ProjectForm;
  readonly lockPath: string;
  readonly lockForm: LockForm;
  /** Whether a file of that name says what a project needs. */
  readonly fits?: (text: string) => boolean;
}

/** The first that fits. */
const LAYOUTS: readonly Layout[] = [
  { manifest: "Pipfile", form: "pipfile", lockPath: "Pipfile.lock", lockForm: "pipfile-lock" },
  {
    manifest: "requirements.in",
    form: "requirements",
    lockPath: "requirements.txt",
    lockForm: "requirements",
  },
  {
    manifest: "pyproject.toml",
    form: "pyproject",
    lockPath: "pylock.toml",
    lockForm: "pylock",
    // Many hold nothing but the settings of tools.
    fits: (text) => /^\s*\[\s*(?:project|tool\.poetry)\s*\]/m.test(text),
  },
  { manifest: "requirements.txt", form: "requirements", lockPath: "pylock.toml", lockForm: "pylock" },
];

const NAMES = new Set([
  "Pipfile",
  "Pipfile.lock",
  "requirements.in",
  "requirements.txt",
  "pyproject.toml",
  "pylock.toml",
]);
const MOST_BYTES = 2 * 1024 * 1024;
const NOTEBOOK = ".ipynb";

export function isProjectPath(path: string): boolean {
  return NAMES.has(path) || path.endsWith(NOTEBOOK);
}

/** Undefined: the repository is empty, or its branch is gone. */
export async function readHead(client: GitHubClient, repository: Repository): Promise<Head | undefined> {
  const { name, installation } = repository;
  const get = async (path: string, expected: readonly number[] = []) =>
    await client.ask(installation, { method: "GET", path: `/repos/${name}${path}`, expected });
  const { default_branch: branch } = (await get("")).document as { readonly default_branch: string };
  const ref = await get(`/git/ref/heads/${refPath(branch)}`, [404, 409]);
  if (ref.status !== 200) return undefined;
  const { object } = ref.document as { readonly object: { readonly sha: string } };
  const { tree } = (await get(`/git/commits/${object.sha}`)).document as {
    readonly tree: { readonly sha: string };
  };
  const listing = (await get(`/git/trees/${tree.sha}`)).document as {
    readonly tree: readonly {
      readonly path: string;
      readonly type: string;
      readonly mode: string;
      readonly sha: string;
    }[];
  };
  // A link is no file of its own.
  const files = listing.tree.filter(({ type, mode }) => type === "blob" && mode.startsWith("100"));
  return {
    branch,
    commit: object.sha,
    tree: tree.sha,
    files: new Map(files.map(({ path, sha }) => [path, sha])),
  };
}

function refPath(branch: string): string {
  return branch.split("/").map(encodeURIComponent).join("/");
}

/** Undefined: there is none. Throws `invalid-project`. */
export async function findProject(
  client: GitHubClient,
  repository: Repository,
  { files }: Pick<Head, "files">,
): Promise<Project | undefined> {
  for (const { manifest, form, lockPath, lockForm, fits } of LAYOUTS) {
    const blob = files.get(manifest);
    if (blob === undefined) continue;
    if (fits !== undefined && !fits(await readText(client, repository, blob))) continue;
    return { form, manifest: { path: manifest, blob }, lockForm, lockPath, lock: files.get(lockPath) };
  }
  return notebookOf(files);
}

function notebookOf(files: Head["files"]): Project | undefined {
  const notebooks = [...files].filter(([path]) => path.endsWith(NOTEBOOK));
  const [only, ...others] = notebooks;
  if (only === undefined) return undefined;
  if (others.length > 0)
    throw new ThothError(
      "invalid-project",
      "the root has several notebooks and no file that speaks for all",
      {
        hint: "Add a `requirements.txt`.",
      },
    );
  const [path, blob] = only;
  const lockPath = "pylock.toml";
  return {
    form: "notebook",
    manifest: { path, blob },
    lockForm: "pylock",
    lockPath,
    lock: files.get(lockPath),
  };
}

/** Whether the files that an advice was made from are still the same. */
export function isUnchanged({ manifest, lockPath, lock }: Project, { files }: Head): boolean {
  return files.get(manifest.path) === manifest.blob && files.get(lockPath) === lock;
}

/** Throws `limit-exceeded`, `invalid-project`. */
export async function readText(client: GitHubClient, repository: Repository, blob: string): Promise<string> {
  const { document } = await client.ask(repository.installation, {
    method: "GET",
    path: `/repos/${repository.name}/git/blobs/${blob}`,
  });
  const { content, encoding, size } = document as {
    readonly content: string;
    readonly encoding: string;
    readonly size: number;
  };
  if (size > MOST_BYTES)
    throw new ThothError("limit-exceeded", `a file of the project has more than ${MOST_BYTES} bytes`);
  const bytes = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ThothError("invalid-project", "a file of the project is not UTF-8", { cause: error });
  }
}

/** Of requirements, with digests or without. */
export function pinnedVersions(text: string): Versions {
  const pins = text.matchAll(/^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;\\,]+)/gm);
  return new Map([...pins].map(([, name = "", version = ""]) => [normalizeName(name), version]));
}

export interface Texts {
  readonly manifest: string;
  /** Of the lock that there is. */
  readonly lock?: string | undefined;
}

export function questionOf(
  { form, lockForm, lockPath }: Project,
  { manifest, lock }: Texts,
  recommendationType: AdviceQuestion["recommendationType"],
): AdviceQuestion {
  const isRead = lock !== undefined && (lockForm !== "requirements" || lock.includes("--hash=sha256:"));
  return {
    kind: "advice",
    project: { content: manifest, form, ...(isRead ? { lock, lockForm } : {}) },
    recommendationType,
    // A Pipfile.lock holds what is for development as well.
    ...(lockPath === "Pipfile.lock" ? { dev: true } : {}),
  };
}
