// Tokens of a tenant: made, listed, revoked. What a token may give away is what it has itself.

import type { Scope, TokenDocument } from "@thoth/contract/service";
import type { Secret } from "@thoth/index";
import { quote, ThothError } from "@thoth/pep";
import type { Database, Query } from "../database/database.ts";
import type { Caller } from "../http/handler.ts";
import { digestOfSecret, formatToken, makeToken } from "./token.ts";
import { scopesOf } from "./token-book.ts";

export interface TokenWish {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** As it was asked for: a day, or a moment of it. */
  readonly expires?: string | undefined;
}

export interface NewToken {
  readonly token: TokenDocument;
  readonly secret: Secret;
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly scopes: string;
  readonly created: number;
  readonly expires: number | null;
  readonly revoked: number | null;
  readonly used: number | null;
}

const COLUMNS = "id, name, tenant, scopes, created, expires, revoked, used";
const MOST_TOKENS = 200;
const MOST_LISTED = 1_000;

export class TokenStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Throws `invalid-request` where it would be over already, `limit-exceeded` where the tenant has too many. */
  async make(query: Query, wish: TokenWish): Promise<NewToken> {
    const { now } = this.#database;
    const expires = wish.expires === undefined ? null : momentOf(wish.expires);
    const token = makeToken();
    // Those who make tokens of one tenant wait for each other: there is a most.
    await query.run("UPDATE tenants SET name = name WHERE id = $1", [wish.tenant]);
    const [row] = await query.rows<{ count: number; now: number }>(
      `SELECT count(*) AS count, ${now} AS now FROM tokens
       WHERE tenant = $1 AND revoked IS NULL AND (expires IS NULL OR expires > ${now})`,
      [wish.tenant],
    );
    if (Number(row?.count) >= MOST_TOKENS)
      throw new ThothError("limit-exceeded", `a tenant has at most ${MOST_TOKENS} tokens`, {
        hint: "Revoke those that nobody needs.",
      });
    if (expires !== null && expires <= Number(row?.now))
      throw refused(`${quote(wish.expires ?? "")} is over`);
    const [made] = await query.rows<TokenRow>(
      `INSERT INTO tokens (id, tenant, name, digest, scopes, created, expires)
       VALUES ($1, $2, $3, $4, $5, ${now}, $6) RETURNING ${COLUMNS}`,
      [token.id, wish.tenant, wish.name, digestOfSecret(token.secret), wish.scopes.join(" "), expires],
    );
    return { token: documentOf(made as TokenRow), secret: formatToken(token) };
  }

  /** The newest first. */
  async list(tenant: string): Promise<readonly TokenDocument[]> {
    const rows = await this.#database.rows<TokenRow>(
      `SELECT ${COLUMNS} FROM tokens WHERE tenant = $1 ORDER BY created DESC, id LIMIT ${MOST_LISTED}`,
      [tenant],
    );
    return rows.map(documentOf);
  }

  /** Undefined where the caller's tenant has none of that id. Throws `forbidden` where it may do more than the caller. */
  async revoke(query: Query, caller: Caller, id: string): Promise<TokenDocument | undefined> {
    const [known] = await query.rows<{ scopes: string }>(
      "SELECT scopes FROM tokens WHERE id = $1 AND tenant = $2",
      [id, caller.tenant],
    );
    if (known === undefined) return undefined;
    checkGrant(caller, [...scopesOf(known.scopes)]);
    const [row] = await query.rows<TokenRow>(
      `UPDATE tokens SET revoked = coalesce(revoked, ${this.#database.now})
       WHERE id = $1 AND tenant = $2 RETURNING ${COLUMNS}`,
      [id, caller.tenant],
    );
    return row && documentOf(row);
  }
}

/** Throws `forbidden` where there is a scope that the caller does not have. */
export function checkGrant({ scopes }: Caller, wanted: readonly Scope[]): void {
  const missing = wanted.find((scope) => !scopes.has(scope));
  if (missing !== undefined)
    throw new ThothError("forbidden", `it takes the scope ${quote(missing)}, which your token does not have`);
}

/** The day itself counts: a token that expires at `2027-01-31` is good until its end, in UTC. */
function momentOf(text: string): number {
  const isDay = !text.includes("T");
  const time = Date.parse(isDay ? `${text}T00:00:00Z` : text);
  // A 31st of February is taken for a day in March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text.slice(0, 10))
    throw refused(`${quote(text)} is no day`);
  return isDay ? time + 24 * 3600_000 : time;
}

function documentOf(row: TokenRow): TokenDocument {
  return {
    id: row.id,
    name: row.name,
    tenant: row.tenant,
    scopes: [...scopesOf(row.scopes)],
    created: new Date(row.created).toISOString(),
    expires: textOf(row.expires),
    revoked: textOf(row.revoked),
    used: textOf(row.used),
  };
}

function textOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function refused(message: string): ThothError {
  return new ThothError("invalid-request", message, { details: { status: 422 } });
}
