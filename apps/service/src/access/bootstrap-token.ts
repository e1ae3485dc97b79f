// The first token of whoever runs the service: with it tenants are made.

import { SCOPES } from "@thoth/contract/service";
import type { Secret } from "@thoth/index";
import { ThothError } from "@thoth/pep";
import type { Database, Query } from "../database/database.ts";
import { OPERATOR } from "./tenants.ts";
import { digestOfSecret, formatToken, makeToken, parseToken, type Token } from "./token.ts";

const NAME = "first token of the operator";
const QUOTA = 100;

/**
 * Where no token exists at all, makes one that may do everything and returns it, to be told once. However many processes
 * start at a time, one of them makes it. `given` (`THOTH_ADMIN_TOKEN`) is taken instead, whatever other tokens there are;
 * one that was revoked stays so. Throws `usage` where it is no token.
 */
export async function bootstrapToken(database: Database, given?: string): Promise<Secret | undefined> {
  const token = given === undefined ? makeToken() : parseGiven(given);
  const isMade = await database.transaction(async (query) => {
    await keepOperator(database, query);
    if (given !== undefined) return await insertGiven(database, query, token);
    const [row] = await query.rows<{ count: number }>("SELECT count(*) AS count FROM tokens");
    if (Number(row?.count) > 0) return false;
    await insert(database, query, token);
    return true;
  });
  return isMade && given === undefined ? formatToken(token) : undefined;
}

function parseGiven(text: string): Token {
  const token = parseToken(text.trim());
  if (token !== undefined) return token;
  throw new ThothError("usage", "`THOTH_ADMIN_TOKEN` is no token", {
    hint: "Make one: `echo thoth_$(openssl rand -hex 8)_$(openssl rand -base64 32 | tr '+/' '-_' | tr -d =)`.",
  });
}

/** Whoever does this at the same time waits until the transaction is over. A conflict may be that of the name. */
async function keepOperator(database: Database, query: Query): Promise<void> {
  await query.run(
    `INSERT INTO tenants (id, name, created, most_jobs, per_minute) VALUES ($1, $1, ${database.now}, $2, $2)
     ON CONFLICT DO NOTHING`,
    [OPERATOR, QUOTA],
  );
  await query.run("UPDATE tenants SET name = id WHERE id = $1", [OPERATOR]);
}

async function insertGiven(database: Database, query: Query, token: Token): Promise<boolean> {
  const [known] = await query.rows<{ digest: string }>("SELECT digest FROM tokens WHERE id = $1", [token.id]);
  if (known === undefined) {
    await insert(database, query, token);
    return true;
  }
  if (known.digest === digestOfSecret(token.secret)) return false;
  throw new ThothError("usage", "`THOTH_ADMIN_TOKEN` has the id of another token", {
    hint: "Make a whole new one; its first part must be new too.",
  });
}

async function insert(database: Database, query: Query, { id, secret }: Token): Promise<void> {
  await query.run(
    `INSERT INTO tokens (id, tenant, name, digest, scopes, created) VALUES ($1, $2, $3, $4, $5, ${database.now})`,
    [id, OPERATOR, NAME, digestOfSecret(secret), SCOPES.join(" ")],
  );
}
