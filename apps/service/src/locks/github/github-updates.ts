// Keeps the locks of repositories at their best stack: reads what a project needs, asks for advice, and proposes the lock in
// a pull request where it is another one. The original's Kebechet.

import { ThothError } from "@thoth/pep";
import type { Service } from "../../service.ts";
import { type Advice, readAdvice } from "../advice.ts";
import { Loop } from "../loop.ts";
import { changesBetween, levelsOf, type Versions, versionsBefore } from "../stack-change.ts";
import { GitHubClient, GitHubFailure, GitHubLimit } from "./github-client.ts";
import type { GitHubSettings } from "./github-settings.ts";
import { answerIssue } from "./issue-answer.ts";
import { lockTextOf } from "./lock-text.ts";
import {
  findProject,
  type Head,
  isUnchanged,
  type Project,
  pinnedVersions,
  questionOf,
  type Repository,
  readHead,
  readText,
} from "./project-files.ts";
import { PullRequests } from "./pull-request.ts";
import { plain, pullWordsOf } from "./pull-text.ts";
import { type Next, type UpdateRow, UpdateRows } from "./update-row.ts";

export interface GitHubUpdatesOptions {
  readonly service: Pick<Service, "version" | "database" | "queue" | "ask">;
  readonly settings: GitHubSettings;
  readonly failed: (error: unknown) => void;
}

const LOOK = 5_000;
const HOUR = 3_600_000;
/** GitHub sends again what is at most three days old. */
const EVENTS_KEPT = 7 * 24 * HOUR;
const MOST_ATTEMPTS = 8;
/** Of steps that neither ended nor failed, since their process died or we have a bug. */
const MOST_BEGINNINGS = 20;
const FIRST_DELAY = 5_000;
const TOO_MUCH = 60_000;
const PRIORITY = 0;

export class GitHubUpdates {
  readonly #options: GitHubUpdatesOptions;
  readonly #client: GitHubClient;
  readonly #rows: UpdateRows;
  readonly #loop: Loop;
  #swept = Number.NEGATIVE_INFINITY;
  #unlisten: () => void = () => undefined;

  constructor(options: GitHubUpdatesOptions) {
    this.#options = options;
    this.#client = new GitHubClient(options.settings, options.service.version);
    this.#rows = new UpdateRows(options.service.database);
    this.#loop = new Loop({ step: () => this.step(), pause: LOOK, failed: options.failed });
  }

  start(): void {
    this.#unlisten = this.#options.service.database.listen("ended", () => this.#loop.wake());
    this.#loop.start();
  }

  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await this.#loop.stop();
  }

  /** Whether there was something to do. */
  async step(): Promise<boolean> {
    if (performance.now() - this.#swept > HOUR) {
      this.#swept = performance.now();
      await this.#rows.forgetEvents(EVENTS_KEPT);
    }
    const row = await this.#rows.claim();
    if (row === undefined) return false;
    if (row.attempt > MOST_BEGINNINGS) {
      await this.#rows.settle(row, { state: "idle", failure: `it did not end ${MOST_BEGINNINGS} times` });
      return true;
    }
    await this.#rows.settle(row, await this.#next(row));
    return true;
  }

  async #next(row: UpdateRow): Promise<Next> {
    try {
      return row.state === "read" ? await this.#ask(row) : await this.#propose(row);
    } catch (error) {
      return await this.#nextAfter(row, error);
    }
  }

  async #ask(row: UpdateRow): Promise<Next> {
    const repository = repositoryOf(row);
    const head = await readHead(this.#client, repository);
    const project = head && (await findProject(this.#client, repository, head));
    if (project === undefined) return await this.#end(row, "There is no file that says what is needed.");
    const read = async (blob: string) => await readText(this.#client, repository, blob);
    const texts = {
      manifest: await read(project.manifest.blob),
      lock: project.lock === undefined ? undefined : await read(project.lock),
    };
    const { settings, service } = this.#options;
    const { job } = await service.ask({
      tenant: settings.tenant,
      question: questionOf(project, texts, settings.recommendationType),
      priority: PRIORITY,
      force: false,
    });
    return { state: "asked", job: job.id, project: JSON.stringify(project) };
  }

  async #propose(row: UpdateRow): Promise<Next> {
    const { service } = this.#options;
    const result = row.job === null ? undefined : await service.queue.result(row.job);
    const outcome = result && readAdvice(result.document);
    if (outcome?.kind !== "advice") {
      const why = outcome?.message ?? "its job has no result";
      return await this.#end(row, `No stack was found: ${plain(why)}`, why);
    }
    const project = JSON.parse(row.project as string) as Project;
    const repository = repositoryOf(row);
    const head = await readHead(this.#client, repository);
    // What was advised is not for what is there now.
    if (head === undefined || !isUnchanged(project, head)) return { state: "read", job: null, project: null };
    return await this.#proposeLock(row, { advice: outcome.advice, project, head });
  }

  async #proposeLock(row: UpdateRow, { advice, project, head }: Answer): Promise<Next> {
    const repository = repositoryOf(row);
    const pulls = new PullRequests(this.#client, repository);
    const [stack] = advice.products;
    const changed = changesBetween(await this.#versions(repository, { advice, project, head }), stack);
    if (changed.length === 0) {
      await pulls.withdraw(head.branch);
      return await this.#end(row, "The locked stack is the best one.");
    }
    const manifest = await readText(this.#client, repository, project.manifest.blob);
    const job = row.job as string;
    const { lockPath, lockForm: form } = project;
    const pull = await pulls.propose({
      head,
      path: lockPath,
      text: lockTextOf(stack.lock, { form, manifest }),
      words: pullWordsOf({ advice, job, changed, levels: levelsOf(advice), lockPath }),
    });
    const end = await this.#end(row, pull === undefined ? "The lock is there already." : `See #${pull}.`);
    return { ...end, pull: pull ?? null };
  }

  /** Of the lock that there is. */
  async #versions(repository: Repository, { advice, project }: Answer): Promise<Versions> {
    const [stack] = advice.products;
    const { lock, lockForm } = project;
    if (lock === undefined || lockForm !== "requirements") return versionsBefore(stack);
    return pinnedVersions(await readText(this.#client, repository, lock));
  }

  /** Tells whoever has asked by an issue. */
  async #end(row: UpdateRow, text: string, failure: string | null = null): Promise<Next> {
    if (row.issue !== null)
      await answerIssue(this.#client, repositoryOf(row), {
        issue: row.issue,
        mark: `thoth ${row.wanted} ${row.job ?? ""}`.trim(),
        text,
      });
    return { state: "idle", job: null, project: null, issue: null, failure };
  }

  async #nextAfter(row: UpdateRow, error: unknown): Promise<Next> {
    const { state, attempt } = row;
    if (error instanceof GitHubLimit) {
      await this.#rows.postpone(row.installation, error.wait);
      return { state, attempt: attempt - 1, delay: error.wait };
    }
    if (error instanceof GitHubFailure) {
      if (error.isPassing && attempt < MOST_ATTEMPTS)
        return { state, attempt, delay: FIRST_DELAY * 4 ** (attempt - 1), failure: error.message };
      this.#options.failed(error);
      return { state: "idle", failure: error.message };
    }
    if (!(error instanceof ThothError) || error.code === "database-failed") throw error;
    if (error.code === "quota-exceeded" || error.code === "overloaded")
      return { state, attempt: attempt - 1, delay: TOO_MUCH, failure: error.message };
    return await this.#refuse(row, error);
  }

  /** The project itself is why nothing can be advised. */
  async #refuse(row: UpdateRow, error: ThothError): Promise<Next> {
    try {
      return await this.#end(row, `Nothing can be advised: ${plain(error.message)}`, error.message);
    } catch (other) {
      if (other instanceof ThothError) throw other;
      return await this.#nextAfter(row, other);
    }
  }
}

interface Answer {
  readonly advice: Advice;
  readonly project: Project;
  readonly head: Head;
}

function repositoryOf({ repository, installation }: UpdateRow): Repository {
  return { name: repository, installation };
}
