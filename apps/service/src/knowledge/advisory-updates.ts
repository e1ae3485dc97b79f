// Brings the advisories of the database to where the processes that resolve look for them, whenever they are others.

import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Database } from "../database/database.ts";
import { complaintsOf } from "../http/complaint.ts";
import type { LogLine } from "../http/server.ts";
import { Loop } from "../locks/loop.ts";
import { IMPORTED_ADVISORIES } from "./knowledge-files.ts";
import { digestOfTable, readSharedAdvisories } from "./shared-advisories.ts";

export interface AdvisoryUpdatesOptions {
  readonly database: Database;
  /** The folder for what can be made again. */
  readonly data: string;
  /** Milliseconds between looks. */
  readonly look?: number;
  readonly failed: (error: unknown) => void;
}

const LOOK = 10_000;

/**
 * Returns what ends it. Resolves when those that are in the database now are there, or could not be fetched. A database that is
 * a file needs nobody to follow it: whoever refreshes advisories writes them where they are looked for.
 */
export async function followAdvisories(
  database: Database,
  data: string,
  log: (line: LogLine) => void,
): Promise<() => Promise<void>> {
  if (database.dialect === "sqlite") return async () => undefined;
  const updates = new AdvisoryUpdates({ database, data, failed: complaintsOf("advisories", log) });
  await updates.start();
  return async () => await updates.stop();
}

export class AdvisoryUpdates {
  readonly #options: AdvisoryUpdatesOptions;
  readonly #path: string;
  readonly #loop: Loop;
  /** Digest of the file. */
  #known: string | undefined;

  constructor(options: AdvisoryUpdatesOptions) {
    const { data, look: pause = LOOK, failed } = options;
    this.#options = options;
    this.#path = join(data, IMPORTED_ADVISORIES);
    this.#loop = new Loop({ step: () => this.step(), pause, failed });
  }

  /** Resolves when those that are in the database now are there, or could not be fetched. */
  async start(): Promise<void> {
    const before = await readFile(this.#path).catch(() => undefined);
    this.#known = before && digestOfTable(before);
    await this.step().catch(this.#options.failed);
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** False: there is no more to do at once. */
  async step(): Promise<false> {
    const { database } = this.#options;
    const shared = await readSharedAdvisories(database, this.#known);
    if (shared === undefined) return false;
    await replace(this.#path, shared.table);
    this.#known = digestOfTable(shared.table);
    return false;
  }
}

/** Whoever reads meanwhile has the former or the new one. */
async function replace(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, content, { flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
