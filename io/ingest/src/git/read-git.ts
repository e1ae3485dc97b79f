// Documents of one commit, fetched alone and read as they are stored: nothing is checked out, links are not followed,
// names are labels and never paths.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { type DocumentSink, exceeded } from "../document-sink.ts";
import { withOwnFolder } from "../own-folder.ts";
import { SOURCE_LIMITS } from "../source-limits.ts";
import { type GitPlace, isCommit, shownPlace } from "./git-place.ts";
import { type Git, runGit } from "./run-git.ts";
import { readBatch, readTree, type TreeEntry } from "./stored-objects.ts";

export interface GitOptions {
  /** Path of the program `git`. */
  readonly program: string;
  /** The repository lies below it while it is read. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Of what is fetched, and of the documents in it; default 256 MiB. */
  readonly bytes?: number | undefined;
  /** Default five minutes. */
  readonly seconds?: number | undefined;
}

const DEFAULT_BYTES = 256 * 1024 * 1024;
const DEFAULT_SECONDS = 300;
const LARGEST_ANSWER = 64 * 1024;
const POLL_MILLISECONDS = 100;

/** What a reference stands for now. */
export interface Target {
  readonly commit: string;
  /** What is fetched. */
  readonly name: string;
}

/** Works in a repository of its own that is gone afterwards. Throws as the work, and `limit-exceeded` for the time. */
export async function withRepository<T>(
  place: GitPlace,
  options: GitOptions,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  const { folder, seconds = DEFAULT_SECONDS, program, variables } = options;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(tooMuch(place, "seconds", seconds)), seconds * 1000);
  const signal = AbortSignal.any([options.signal, late.signal]);
  const { protocol } = place;
  try {
    return await withOwnFolder(folder, "git-", async (repository) => {
      const git = { program, repository, protocol, variables, secrets: secretsOf(place), signal };
      const opened = new Repository(place, git, options.bytes ?? DEFAULT_BYTES);
      await opened.begin();
      return await work(opened);
    });
  } finally {
    clearTimeout(timer);
  }
}

export class Repository {
  readonly #place: GitPlace;
  readonly #git: Git;
  readonly #bytes: number;

  constructor(place: GitPlace, git: Git, bytes: number) {
    this.#place = place;
    this.#git = git;
    this.#bytes = bytes;
  }

  async begin(): Promise<void> {
    await this.#ask(["init", "--quiet", "--bare", "--template="]);
  }

  /** Asks the repository. A branch goes before a tag of the same name. Throws `index-unreachable`, `index-response-invalid`. */
  async find(): Promise<Target> {
    const { ref, url } = this.#place;
    if (ref !== undefined && isCommit(ref)) return { commit: ref, name: ref };
    const names =
      ref === undefined
        ? ["HEAD"]
        : ref.startsWith("refs/")
          ? [ref]
          : [`refs/heads/${ref}`, `refs/tags/${ref}`];
    const patterns = names.flatMap((name) => [name, `${name}^{}`]);
    const told = await this.#ask(["ls-remote", "--quiet", "--", url, ...patterns]);
    const commits = new Map(
      told.split("\n").flatMap((line) => {
        const [commit = "", name = ""] = line.split("\t");
        return isCommit(commit) ? [[name, commit] as const] : [];
      }),
    );
    for (const name of names) {
      const commit = commits.get(`${name}^{}`) ?? commits.get(name);
      if (commit !== undefined) return { commit, name };
    }
    throw new ThothError("index-response-invalid", `${quote(shownPlace(this.#place))} is not there.`, {
      hint:
        ref === undefined
          ? "The repository is empty."
          : "Name a branch, a tag, or a commit with all its digits.",
      details: { ref: ref ?? "HEAD" },
    });
  }

  /** Fetches that one commit. Its name may have moved meanwhile: the answer is what came. */
  async fetch({ name }: Target): Promise<string> {
    const words = ["fetch", "--quiet", "--no-tags", "--depth=1", "--no-recurse-submodules", "--"];
    const watch = this.#watchSize();
    try {
      await Promise.race([this.#ask([...words, this.#place.url, name], watch.signal), watch.failed]);
    } finally {
      watch.stop();
    }
    const commit = (await this.#ask(["rev-parse", "--verify", "--quiet", "FETCH_HEAD^{commit}"])).trim();
    if (!isCommit(commit)) throw this.#failure("the repository has sent no commit");
    return commit;
  }

  /** Hands the wanted documents to the sink, in the order of their paths, named below the subdirectory. */
  async read(commit: string, sink: DocumentSink): Promise<void> {
    const { subdirectory } = this.#place;
    const entries = await this.#list(`${commit}:${subdirectory}`);
    const wanted: TreeEntry[] = [];
    let bytes = 0;
    for (const entry of entries) {
      if (!entry.regular || isHidden(entry.path) || !sink.wants(entry.path)) continue;
      if (entry.size > SOURCE_LIMITS.documentBytes) {
        sink.addTooLarge(entry.path);
        continue;
      }
      wanted.push(entry);
      bytes += entry.size;
      if (wanted.length > SOURCE_LIMITS.documents) throw exceeded("documents");
      if (bytes > this.#bytes) throw tooMuch(this.#place, "bytes", this.#bytes);
    }
    const input = wanted.map(({ id }) => `${id}\n`).join("");
    const batch = readBatch(wanted, (path, content) => sink.add(path, content));
    const { status, message } = await runGit(this.#git, {
      words: ["cat-file", "--batch"],
      input,
      take: batch.add,
    });
    if (status !== 0 || !batch.complete()) throw this.#failure(message);
  }

  async #list(tree: string): Promise<readonly TreeEntry[]> {
    const listing = readTree();
    const words = ["ls-tree", "-r", "-l", "-z", "--full-tree", tree];
    const { status, message } = await runGit(this.#git, { words, take: listing.add });
    if (status === 0) return listing.entries();
    if (!/not a tree object|does not exist|Not a valid object/i.test(message)) throw this.#failure(message);
    throw new ThothError("file-failed", `${quote(shownPlace(this.#place))} is no folder of the repository.`);
  }

  async #ask(words: readonly string[], signal: AbortSignal = this.#git.signal): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    const { status, message } = await runGit(
      { ...this.#git, signal },
      {
        words,
        take: (chunk) => {
          size += chunk.length;
          if (size > LARGEST_ANSWER) throw tooMuch(this.#place, "bytes", LARGEST_ANSWER);
          chunks.push(chunk);
        },
      },
    );
    if (status !== 0) throw this.#failure(message);
    return Buffer.concat(chunks).toString("utf8");
  }

  /** git has no limit of its own for what it fetches. */
  #watchSize() {
    const { repository, signal } = this.#git;
    const large = new AbortController();
    const { promise: failed, reject } = Promise.withResolvers<never>();
    failed.catch(() => undefined);
    const timer = setInterval(() => {
      sizeOf(join(repository, "objects")).then((size) => {
        if (size > this.#bytes) large.abort(tooMuch(this.#place, "bytes", this.#bytes));
      }, reject);
    }, POLL_MILLISECONDS);
    return { signal: AbortSignal.any([signal, large.signal]), failed, stop: () => clearInterval(timer) };
  }

  #failure(message: string): ThothError {
    const why = message.replace(/^(?:fatal|error): /, "");
    return new ThothError(
      "index-unreachable",
      `${quote(shownPlace(this.#place))} cannot be fetched: git says ${quote(why, 300)}.`,
      { hint: "Check the address, the network and your access; `--offline` uses what was fetched before." },
    );
  }
}

/** Sent to that host alone; on a command line everybody could read them. */
function secretsOf({ url, account }: GitPlace): Git["secrets"] {
  if (account === undefined) return [];
  const text = Buffer.from(account, "utf8").toString("base64");
  return [[`http.${new URL(url).origin}/.extraHeader`, `Authorization: Basic ${text}`]];
}

function isHidden(path: string): boolean {
  return /(?:^|\/)\./.test(path);
}

/** Of the files below it; those that vanish meanwhile do not count. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    sum += found?.size ?? 0;
  }
  return sum;
}

function tooMuch(place: GitPlace, limit: "bytes" | "seconds", most: number): ThothError {
  return new ThothError(
    "limit-exceeded",
    `${quote(shownPlace(place))} exceeds the limit of ${most} ${limit}.`,
    {
      details: { limit, most },
    },
  );
}
