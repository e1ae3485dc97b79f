// Who did what: one line per act, in the tenant of whoever did it. Nothing secret is ever a subject.

import { quote, ThothError } from "@thoth/pep";
import type { Database, Query } from "../database/database.ts";
import type { Incoming } from "../http/handler.ts";
import { makeId } from "./token.ts";

export interface Act {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly request: string;
}

/** Such as `{ action: "token.make", subject: "0f5c…" }`. */
export interface Deed {
  readonly action: string;
  readonly subject: string;
}

export interface ActPage {
  readonly acts: readonly Act[];
  readonly next: string | null;
}

export interface PageWish {
  readonly tenant: string;
  readonly after: string | undefined;
  readonly limit: number;
}

interface Place {
  readonly at: number;
  readonly id: string;
}

const LONGEST = 300;
/** Above the time of any act. */
const ALWAYS = Number.MAX_SAFE_INTEGER;
const CURSOR = /^(\d{1,15}):([0-9a-f]{1,32})$/;

export class Audit {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `query`: of the transaction that does it, so that there is no deed without its act. */
  async write(
    { caller, request }: Pick<Incoming, "caller" | "request">,
    { action, subject }: Deed,
    query: Query = this.#database,
  ): Promise<void> {
    await query.run(
      `INSERT INTO acts (id, tenant, at, actor, action, subject, request)
       VALUES ($1, $2, ${this.#database.now}, $3, $4, $5, $6)`,
      [makeId(), caller.tenant, shortened(caller.actor), action, shortened(subject), request],
    );
  }

  /** The newest first. Throws `invalid-request` where `after` is no cursor. */
  async read({ tenant, after, limit }: PageWish): Promise<ActPage> {
    const { at, id } = after === undefined ? { at: ALWAYS, id: "" } : parseCursor(after);
    const rows = await this.#database.rows<Act & Place>(
      `SELECT id, at, actor, action, subject, request FROM acts
       WHERE tenant = $1 AND (at < $2 OR (at = $2 AND id > $3)) ORDER BY at DESC, id LIMIT $4`,
      [tenant, at, id, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const acts = page.map(({ id: _, ...act }) => act);
    return {
      acts,
      next: rows.length > limit && last !== undefined ? `${last.at}:${last.id}` : null,
    };
  }

  /** Acts older than that many milliseconds are forgotten. Returns how many. */
  async forget(age: number): Promise<number> {
    return await this.#database.run(`DELETE FROM acts WHERE at < ${this.#database.now} - $1`, [age]);
  }
}

function parseCursor(text: string): Place {
  const [, at, id] = CURSOR.exec(text) ?? [];
  if (at === undefined || id === undefined)
    throw new ThothError("invalid-request", `${quote(text)} is no place in the list`, {
      hint: "Send `next` of the page before as it was answered.",
    });
  return { at: Number(at), id };
}

function shortened(text: string): string {
  return text.slice(0, LONGEST);
}
