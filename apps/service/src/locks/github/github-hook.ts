// What GitHub tells of repositories. https://docs.github.com/en/webhooks/webhook-events-and-payloads. Only what follows is
// written, so that the answer comes at once; another loop does it. What is told twice is minded once.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { v2Operations } from "@thoth/contract/service";
import { quote, ThothError } from "@thoth/pep";
import type { Database, Query } from "../../database/database.ts";
import type { Handlers, Incoming } from "../../http/handler.ts";
import type { GitHubSettings } from "./github-settings.ts";
import { isProjectPath } from "./project-files.ts";

export interface GitHubHookOptions {
  readonly database: Database;
  /** Undefined: there is no app. */
  readonly settings: GitHubSettings | undefined;
  /** Something is to be done. */
  readonly wake: () => void;
}

/** What a repository, or a list of them, is to be looked at for. */
type Wish =
  | {
      readonly kind: "update";
      readonly installation: number;
      readonly repositories: readonly string[];
      readonly issue?: number;
    }
  | {
      readonly kind: "forget";
      readonly installation: number;
      readonly repositories: readonly string[] | "all";
    }
  | undefined;

interface Payload {
  readonly action?: unknown;
  readonly ref?: unknown;
  readonly deleted?: unknown;
  readonly forced?: unknown;
  readonly commits?: unknown;
  readonly repository?: { readonly full_name?: unknown; readonly default_branch?: unknown };
  readonly installation?: { readonly id?: unknown };
  readonly repositories?: unknown;
  readonly repositories_added?: unknown;
  readonly repositories_removed?: unknown;
  readonly issue?: {
    readonly number?: unknown;
    readonly title?: unknown;
    readonly author_association?: unknown;
    readonly pull_request?: unknown;
  };
}

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;
const DELIVERY = /^[A-Za-z0-9-]{1,100}$/;
/** GitHub tells no more commits of a push than this. */
const MOST_COMMITS = 2_048;
/** As those of the original's bot, and with its new name. */
const COMMAND = /^\s*(?:kebechet|thoth)[ :]+(?:update|advise|thoth-advise)\s*$/i;
/** Others may open issues in a public repository, but it is not theirs. */
const OWNERS = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

export function gitHubHandlers({
  database,
  settings,
  wake,
}: GitHubHookOptions): Pick<Handlers<typeof v2Operations>, "hearGitHub"> {
  return {
    hearGitHub: async (incoming) => {
      if (settings === undefined) throw new ThothError("not-found", "this service is no GitHub app");
      checkSignature(incoming, settings);
      const wish = wishOf(incoming.headers["x-github-event"] ?? "", incoming.body as Payload);
      if (wish !== undefined && (await mind(database, incoming, wish))) wake();
      return { status: 202, document: { jobs: [] } };
    },
  };
}

/** Throws `unauthorized`. */
function checkSignature({ bytes, headers }: Incoming, { secret }: GitHubSettings): void {
  const [, digest = ""] = SIGNATURE.exec(headers["x-hub-signature-256"] ?? "") ?? [];
  const expected = createHmac("sha256", secret.reveal()).update(bytes).digest();
  const given = Buffer.from(digest, "hex");
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new ThothError("unauthorized", "the signature is not one of the app's secret over this body");
}

function wishOf(event: string, payload: Payload): Wish {
  switch (event) {
    case "push":
      return touchesProject(payload) ? updateOf(payload) : undefined;
    case "issues":
      return commandOf(payload);
    case "installation":
      return ofInstallation(payload);
    case "installation_repositories":
      return payload.action === "removed"
        ? forgetOf(payload, payload.repositories_removed)
        : updatesOf(payload, payload.repositories_added);
    default:
      return undefined;
  }
}

/** On the branch that others install from. Where GitHub does not tell all that changed, it may have. */
function touchesProject({ ref, deleted, forced, commits, repository }: Payload): boolean {
  if (deleted === true || ref !== `refs/heads/${String(repository?.default_branch)}`) return false;
  const told = Array.isArray(commits) ? (commits as readonly Readonly<Record<string, unknown>>[]) : [];
  if (forced === true || told.length >= MOST_COMMITS) return true;
  return told.some((commit) =>
    ["added", "modified", "removed"].some((kind) => {
      const paths = commit?.[kind];
      return Array.isArray(paths) && paths.some((path) => typeof path === "string" && isProjectPath(path));
    }),
  );
}

function commandOf(payload: Payload): Wish {
  const { number, title, author_association, pull_request } = payload.issue ?? {};
  const isCommand = typeof title === "string" && COMMAND.test(title) && pull_request === undefined;
  if (!isCommand || (payload.action !== "opened" && payload.action !== "reopened")) return undefined;
  if (!OWNERS.has(String(author_association)) || !Number.isSafeInteger(number)) return undefined;
  return { ...updateOf(payload), issue: number as number };
}

function ofInstallation(payload: Payload): Wish {
  const { action } = payload;
  if (action === "deleted" || action === "suspend")
    return { kind: "forget", installation: installationOf(payload), repositories: "all" };
  return action === "created" || action === "unsuspend"
    ? updatesOf(payload, payload.repositories)
    : undefined;
}

function updateOf(payload: Payload): Wish & { readonly kind: "update" } {
  return updatesOf(payload, [payload.repository]);
}

function updatesOf(payload: Payload, repositories: unknown): Wish & { readonly kind: "update" } {
  return { kind: "update", installation: installationOf(payload), repositories: namesOf(repositories) };
}

function forgetOf(payload: Payload, repositories: unknown): Wish {
  return { kind: "forget", installation: installationOf(payload), repositories: namesOf(repositories) };
}

function installationOf({ installation }: Payload): number {
  const id = installation?.id;
  if (!Number.isSafeInteger(id)) throw new ThothError("invalid-request", "the body names no installation");
  return id as number;
}

function namesOf(repositories: unknown): readonly string[] {
  const list = Array.isArray(repositories) ? repositories : [];
  return list.map((item: { readonly full_name?: unknown } | undefined) => {
    const name = item?.full_name;
    if (typeof name === "string" && REPOSITORY.test(name)) return name;
    throw new ThothError("invalid-request", `${quote(String(name))} is no repository`);
  });
}

/** Whether it was not minded before. */
async function mind(database: Database, { headers }: Incoming, wish: Wish & object): Promise<boolean> {
  const delivery = headers["x-github-delivery"] ?? "";
  if (!DELIVERY.test(delivery)) throw new ThothError("invalid-request", `${quote(delivery)} is no delivery`);
  const { now } = database;
  return await database.transaction(async (query) => {
    const isNew = await query.run(
      `INSERT INTO github_events (id, at) VALUES ($1, ${now}) ON CONFLICT (id) DO NOTHING`,
      [delivery],
    );
    if (isNew === 0) return false;
    if (wish.kind === "forget") await forget(query, wish);
    else for (const repository of wish.repositories) await want(query, now, { ...wish, repository });
    return true;
  });
}

async function forget(
  query: Query,
  { installation, repositories }: Wish & { kind: "forget" },
): Promise<void> {
  if (repositories === "all")
    await query.run("DELETE FROM github_updates WHERE installation = $1", [installation]);
  else
    for (const repository of repositories)
      await query.run("DELETE FROM github_updates WHERE installation = $1 AND repository = $2", [
        installation,
        repository,
      ]);
}

interface Wanted {
  readonly installation: number;
  readonly repository: string;
  readonly issue?: number;
}

/** Whatever is being done for the repository is done again, with what it has now. */
async function want(query: Query, now: string, { installation, repository, issue }: Wanted): Promise<void> {
  await query.run(
    `INSERT INTO github_updates (repository, installation, wanted, state, due, issue)
     VALUES ($1, $2, 1, 'read', ${now}, $3)
     ON CONFLICT (repository) DO UPDATE SET installation = excluded.installation,
       wanted = github_updates.wanted + 1, state = 'read', due = excluded.due, attempt = 0, failure = NULL,
       issue = coalesce(excluded.issue, github_updates.issue)`,
    [repository, installation, issue ?? null],
  );
}
