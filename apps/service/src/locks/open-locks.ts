// Watched locks, callbacks and the GitHub app, as a process of the service has them: handlers for those that answer, loops for
// all. However many processes run the loops, each piece of work is done by one of them at a time.

import type { v2Operations } from "@thoth/contract/service";
import type { Audit } from "../access/audit.ts";
import type { Vault } from "../access/vault.ts";
import type { Handler, Handlers } from "../http/handler.ts";
import type { Question } from "../questions/question.ts";
import type { Service } from "../service.ts";
import { gitHubHandlers } from "./github/github-hook.ts";
import { GitHubUpdates } from "./github/github-updates.ts";
import { JobEnds } from "./job-ends.ts";
import { lockHandlers } from "./lock-handlers.ts";
import { LockWatch } from "./lock-watch.ts";
import { Outbox } from "./outbox.ts";
import { Sender } from "./sender.ts";
import type { LockSettings } from "./settings.ts";

export interface LocksOptions {
  readonly service: Pick<Service, "version" | "database" | "queue" | "ask">;
  readonly settings: LockSettings;
  /** Undefined: there is no key, and no secret can be kept. */
  readonly vault: Vault | undefined;
  readonly audit: Audit;
  /** Throws for what nobody may ask. */
  readonly check: (question: Question) => void;
  /** Another text whenever something is known that was not. It is asked for often. */
  readonly knowledgeStamp: () => Promise<string>;
  /** Told of what no caller will hear. */
  readonly failed: (error: unknown) => void;
}

export interface Locks {
  readonly handlers: Pick<
    Handlers<typeof v2Operations>,
    "watchLock" | "listLocks" | "forgetLock" | "hearGitHub"
  >;
  /** What hears GitHub; undefined where there is no app. */
  readonly webhook: Handler | undefined;
  /** For callbacks of jobs. */
  readonly outbox: Outbox;
  start(): void;
  /** What is being sent is broken off, and sent again by another. */
  stop(): Promise<void>;
}

export function openLocks(options: LocksOptions): Locks {
  const { service, settings, vault, audit, check, knowledgeStamp, failed } = options;
  const { database, version } = service;
  const { rules, github } = settings;
  const outbox = new Outbox({ database, vault, places: rules });
  const updates = github && new GitHubUpdates({ service, settings: github, failed });
  const watch = new LockWatch({ service, outbox, knowledgeStamp, failed });
  const loops = [
    watch,
    new JobEnds({ database, outbox, failed }),
    new Sender({ database, outbox, version, rules, failed }),
    ...(updates === undefined ? [] : [updates]),
  ];
  const hooks = gitHubHandlers({ database, settings: github, wake: () => updates?.wake() });
  return {
    handlers: {
      ...lockHandlers({ service, outbox, audit, check, wake: () => watch.wake() }),
      ...hooks,
    },
    webhook: github && hooks.hearGitHub,
    outbox,
    start: () => {
      for (const loop of loops) loop.start();
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
