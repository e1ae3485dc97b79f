// Files of rules from a git repository. What was read of a commit is kept, because it never changes, and so is the commit
// for which a reference last stood: a command that may not ask the network goes on with that.

import { createHash } from "node:crypto";
import { quote, ThothError } from "@thoth/pep";
import type { PrescriptionFile } from "@thoth/prescriptions";
import { type GitPlace, isCommit, parseGitPlace, shownPlace } from "./git/git-place.ts";
import { type GitOptions, type Repository, withRepository } from "./git/read-git.ts";
import { dropKept, loadKept, saveKept } from "./kept-rules.ts";
import { partFiles, RuleCollector, type RuleFiles } from "./read-prescriptions.ts";

export interface FetchRulesOptions extends Omit<GitOptions, "program"> {
  /** Path of the program `git`; undefined: there is none. */
  readonly program: string | undefined;
  readonly offline: boolean;
}

export interface FetchedRules extends RuleFiles {
  /** The place without credentials. */
  readonly source: string;
  readonly commit: string;
  /** When somebody last asked what the reference stands for; ISO 8601. */
  readonly asked: string;
  /** Whether that was now. */
  readonly isCurrent: boolean;
}

/** What a reference stood for. */
interface Pointer {
  readonly commit: string;
  readonly asked: string;
}

/**
 * Throws `usage` (no place of that kind, or there is no git), `index-unreachable`, `index-response-invalid` (no such reference),
 * `file-failed` (no such folder), `limit-exceeded`, or the reason of the signal.
 */
export async function fetchPrescriptions(text: string, options: FetchRulesOptions): Promise<FetchedRules> {
  const place = parseGitPlace(text);
  const keeper = new Keeper(place, options.folder);
  const pointer = await keeper.pointer();
  if (pointer !== undefined && (options.offline || isCommit(place.ref))) {
    const files = await keeper.files(pointer.commit);
    if (files !== undefined)
      return { ...partFiles(files), source: shownPlace(place), ...pointer, isCurrent: isCommit(place.ref) };
  }
  if (options.offline) throw notOffline(place);
  const { program } = options;
  if (program === undefined) throw noGit(place);
  const work = (repository: Repository) => fetchOnce(repository, keeper, options.signal);
  const { commit, files } = await withRepository(place, { ...options, program }, work);
  const asked = new Date().toISOString();
  if (pointer !== undefined && pointer.commit !== commit) await keeper.drop(pointer.commit);
  await keeper.point({ commit, asked });
  return { ...partFiles(files), source: shownPlace(place), commit, asked, isCurrent: true };
}

async function fetchOnce(repository: Repository, keeper: Keeper, signal: AbortSignal) {
  const target = await repository.find();
  const kept = await keeper.files(target.commit);
  if (kept !== undefined) return { commit: target.commit, files: kept };
  const commit = await repository.fetch(target);
  const sink = new RuleCollector({ signal });
  await repository.read(commit, sink);
  await keeper.keep(commit, sink.files);
  return { commit, files: sink.files };
}

/** What is kept of one place. */
class Keeper {
  readonly #place: GitPlace;
  readonly #folder: string;

  constructor(place: GitPlace, folder: string) {
    this.#place = place;
    this.#folder = folder;
  }

  async pointer(): Promise<Pointer | undefined> {
    const value = (await loadKept(this.#folder, this.#key("reference"))) as
      | Partial<Pointer>
      | null
      | undefined;
    const { commit, asked } = value ?? {};
    if (commit === undefined || typeof asked !== "string") return undefined;
    return isCommit(commit) ? { commit, asked } : undefined;
  }

  async point(pointer: Pointer): Promise<void> {
    await saveKept(this.#folder, this.#key("reference"), pointer);
  }

  async files(commit: string): Promise<readonly PrescriptionFile[] | undefined> {
    const value = await loadKept(this.#folder, this.#key(commit));
    return Array.isArray(value) && value.every(isFile) ? value : undefined;
  }

  async keep(commit: string, files: readonly PrescriptionFile[]): Promise<void> {
    await saveKept(this.#folder, this.#key(commit), files);
  }

  async drop(commit: string): Promise<void> {
    await dropKept(this.#folder, this.#key(commit));
  }

  #key(what: string): string {
    const { url, ref = "", subdirectory } = this.#place;
    const named = what === "reference" ? [url, subdirectory, "reference", ref] : [url, subdirectory, what];
    return createHash("sha256").update(JSON.stringify(named)).digest("hex");
  }
}

function isFile(value: unknown): value is PrescriptionFile {
  if (typeof value !== "object" || value === null) return false;
  const { path, text } = value as Partial<PrescriptionFile>;
  return typeof path === "string" && typeof text === "string";
}

function notOffline(place: GitPlace): ThothError {
  return new ThothError(
    "index-unreachable",
    `the rules of ${quote(shownPlace(place))} are not in the cache, and \`--offline\` forbids to fetch them`,
    { hint: "Run once without `--offline`.", details: { offline: true } },
  );
}

function noGit(place: GitPlace): ThothError {
  return new ThothError(
    "environment-failed",
    `${quote(shownPlace(place))} needs the program \`git\`, which is not on the PATH`,
    { hint: "Install git, or name a folder or an archive of rules." },
  );
}
