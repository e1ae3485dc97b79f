// Tokens as the database keeps them, and a memory of those that were asked for just now: short, so that a token which another
// process revokes is refused soon, and of refused ones too, so that asking with them costs no query each time.

import { createHash } from "node:crypto";
import type { Scope } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import type { Database } from "../database/database.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Clock } from "./rate-limiter.ts";
import { isProvedBy, parseToken, type Token } from "./token.ts";

export interface Bearer {
  readonly id: string;
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
}

interface Remembered {
  /** Undefined: no such token. */
  readonly bearer: Bearer | undefined;
  readonly until: number;
}

interface TokenRow {
  readonly tenant: string;
  readonly digest: string;
  readonly scopes: string;
  readonly expires: number | null;
  readonly revoked: number | null;
  readonly used: number | null;
  readonly now: number;
}

/** Milliseconds. A revocation is minded everywhere after this time, which must stay below 5 seconds. */
const LIFE = 3_000;
const MOST = 5_000;
/** Milliseconds: when a token was used last is not written more often. */
const USED_EVERY = 60_000;

export class TokenBook {
  readonly #database: Database;
  readonly #clock: Clock;
  // Apart from each other, so that nobody drives good tokens out with bad ones.
  readonly #good = new BoundedMap<string, Remembered>(MOST);
  readonly #bad = new BoundedMap<string, Remembered>(MOST);
  readonly #pending = new Map<string, Promise<Bearer | undefined>>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Undefined where it is not known yet whether there is such a token. */
  remembered(text: string): Remembered | undefined {
    const key = keyOf(text);
    const known = this.#good.get(key) ?? this.#bad.get(key);
    return known !== undefined && known.until > this.#clock() ? known : undefined;
  }

  /** Undefined where there is none, it is revoked or over: which one of them, nobody is told. */
  async find(text: string): Promise<Bearer | undefined> {
    const known = this.remembered(text);
    if (known !== undefined) return known.bearer;
    const key = keyOf(text);
    const pending = this.#pending.get(key);
    if (pending !== undefined) return await pending;
    const finding = this.#look(key, text).finally(() => this.#pending.delete(key));
    this.#pending.set(key, finding);
    return await finding;
  }

  /** At once in this process. */
  forget(id: string): void {
    for (const [key, { bearer }] of this.#good.entries()) if (bearer?.id === id) this.#good.delete(key);
  }

  async #look(key: string, text: string): Promise<Bearer | undefined> {
    // Before the query: what is read may be old by the time it is here.
    const began = this.#clock();
    const token = parseToken(text);
    const row = token && (await this.#read(token));
    const isGood = token !== undefined && isProvedBy(row?.digest, token.secret) && isAlive(row);
    if (!isGood || row === undefined) {
      this.#bad.set(key, { bearer: undefined, until: began + LIFE });
      return undefined;
    }
    const bearer: Bearer = { id: token.id, tenant: row.tenant, scopes: scopesOf(row.scopes) };
    const life = Math.min(LIFE, (row.expires ?? Number.POSITIVE_INFINITY) - row.now);
    this.#good.set(key, { bearer, until: began + life });
    if (row.used === null || row.now - row.used > USED_EVERY) await this.#markUsed(token.id);
    return bearer;
  }

  async #read({ id }: Token): Promise<TokenRow | undefined> {
    const [row] = await this.#database.rows<TokenRow>(
      `SELECT tenant, digest, scopes, expires, revoked, used, ${this.#database.now} AS now FROM tokens WHERE id = $1`,
      [id],
    );
    return row;
  }

  async #markUsed(id: string): Promise<void> {
    try {
      await this.#database.run(`UPDATE tokens SET used = ${this.#database.now} WHERE id = $1`, [id]);
    } catch (error) {
      // A database that can only be read at the moment still lets people in.
      if (!(error instanceof ThothError)) throw error;
    }
  }
}

function isAlive(row: TokenRow | undefined): boolean {
  return row !== undefined && row.revoked === null && (row.expires === null || row.expires > row.now);
}

export function scopesOf(text: string): ReadonlySet<Scope> {
  return new Set(text.split(" ").filter((scope): scope is Scope => scope !== ""));
}

/** Of a token that is remembered: itself it stays nowhere. */
function keyOf(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
