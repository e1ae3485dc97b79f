// Tenants and tokens, their indexes, rules and audit trail, in the modern API. What a caller may touch is always of his own
// tenant: no operation takes the name of one. Each deed and its act are kept together, or neither.

import { SCOPES, type Scope, type v2Operations } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import type { Database } from "../database/database.ts";
import type { Handler, Handlers, Incoming } from "../http/handler.ts";
import { pageOf } from "../v2/paging.ts";
import type { Access } from "./access.ts";
import { Audit } from "./audit.ts";
import { type GivenIndex, keepIndexes } from "./private-indexes.ts";
import type { AccessSettings } from "./settings.ts";
import { deleteFile, type FileKind, type FilePlace } from "./tenant-files.ts";
import { countFacts, OBSERVATIONS, saveObservations } from "./tenant-observations.ts";
import { countUnits, RULES, saveRules } from "./tenant-rules.ts";
import { insertTenant, type Quota, readTenantRow, tenantDocumentOf, type Writing } from "./tenants.ts";
import { checkGrant, TokenStore } from "./token-store.ts";

type Names =
  | "makeTenant"
  | "readTenant"
  | "changeIndexes"
  | "changeRules"
  | "removeRules"
  | "changeObservations"
  | "removeObservations"
  | "listTokens"
  | "makeToken"
  | "revokeToken"
  | "readAudit";

export interface AccessParts {
  readonly database: Database;
  readonly access: Access;
  readonly settings: Pick<AccessSettings, "tenantQuota" | "indexes">;
}

interface Parts extends AccessParts {
  readonly audit: Audit;
  readonly tokens: TokenStore;
}

/** Of the first token of a tenant. */
const FIRST_SCOPES = SCOPES.filter((scope) => scope !== "admin");

export function accessHandlers(given: AccessParts): Pick<Handlers<typeof v2Operations>, Names> {
  const parts: Parts = { ...given, audit: new Audit(given.database), tokens: new TokenStore(given.database) };
  const rules = fileHandlers(parts, RULES, keepRules);
  const observations = fileHandlers(parts, OBSERVATIONS, keepObservations);
  return {
    ...tenantHandlers(parts),
    changeRules: rules.change,
    removeRules: rules.remove,
    changeObservations: observations.change,
    removeObservations: observations.remove,
    ...tokenHandlers(parts),
    readAudit: readAudit(parts),
  };
}

function tenantHandlers({ database, settings, audit, tokens }: Parts) {
  const makeTenant: Handler = async (incoming) => {
    const { name, quota } = incoming.body as { readonly name: string; readonly quota?: Quota };
    return await database.transaction(async (query) => {
      const row = await insertTenant({ database, query }, name, quota ?? settings.tenantQuota);
      const { secret } = await tokens.make(query, {
        tenant: row.id,
        name: "first token",
        scopes: FIRST_SCOPES,
      });
      await audit.write(incoming, { action: "tenant.make", subject: row.id }, query);
      return { status: 201, document: { tenant: tenantDocumentOf(row), token: secret.reveal() } };
    });
  };
  const readTenant: Handler = async ({ caller }) => ({
    status: 200,
    document: tenantDocumentOf(await readTenantRow(database, caller.tenant)),
  });
  const changeIndexes: Handler = async (incoming) => {
    const { tenant } = incoming.caller;
    const { indexes } = incoming.body as { readonly indexes: readonly GivenIndex[] };
    const kept = JSON.stringify(keepIndexes(tenant, indexes, settings.indexes));
    return await database.transaction(async (query) => {
      await query.run("UPDATE tenants SET indexes = $1 WHERE id = $2", [kept, tenant]);
      await forgetAnswers({ database, query }, tenant);
      await audit.write(incoming, { action: "indexes.change", subject: tenant }, query);
      return { status: 200, document: tenantDocumentOf(await readTenantRow(query, tenant)) };
    });
  };
  return { makeTenant, readTenant, changeIndexes };
}

/** Keeps a file and says what it holds. */
type Keep = (place: FilePlace, body: unknown) => Promise<readonly [told: object, save: Save]>;
type Save = (writing: Writing) => Promise<void>;

const keepRules: Keep = async (place, body) => {
  const { text } = body as { readonly text: string };
  const units = countUnits(place, text);
  return [{ units }, async (writing) => await saveRules(writing, place, text)];
};

const keepObservations: Keep = async (place, body) => {
  const content = Buffer.from((body as { readonly content: string }).content, "base64");
  const facts = await countFacts(place, content);
  return [{ facts }, async (writing) => await saveObservations(writing, place, { content, facts })];
};

/** Of the files of a kind that a tenant keeps: each holds for what it asks from then on. */
function fileHandlers({ database, audit }: Parts, kind: FileKind, keep: Keep) {
  const { table } = kind;
  const placeOf = ({ caller, places }: Incoming) => ({ tenant: caller.tenant, id: places["id"] as string });
  const change: Handler = async (incoming) => {
    const place = placeOf(incoming);
    const [document, save] = await keep(place, incoming.body);
    await database.transaction(async (query) => {
      await save({ database, query });
      await forgetAnswers({ database, query }, place.tenant);
      await audit.write(incoming, { action: `${table}.change`, subject: place.id }, query);
    });
    return { status: 200, document };
  };
  const remove: Handler = async (incoming) => {
    const place = placeOf(incoming);
    await database.transaction(async (query) => {
      if (!(await deleteFile(query, kind, place))) throw absent(`there is no such file of ${table}`);
      await forgetAnswers({ database, query }, place.tenant);
      await audit.write(incoming, { action: `${table}.remove`, subject: place.id }, query);
    });
    return { status: 204 };
  };
  return { change, remove };
}

interface TokenBody {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expires?: string | undefined;
}

function tokenHandlers({ database, access, audit, tokens }: Parts) {
  const listTokens: Handler = async ({ caller }) => ({
    status: 200,
    document: { items: await tokens.list(caller.tenant), next: null },
  });
  const makeToken: Handler = async (incoming) => {
    const { name, scopes, expires } = incoming.body as TokenBody;
    const { caller } = incoming;
    if (scopes.length === 0)
      throw new ThothError("invalid-request", "a token without scopes is good for nothing", {
        details: { status: 422 },
      });
    checkGrant(caller, scopes);
    const wish = { tenant: caller.tenant, name, scopes: [...new Set(scopes)], expires };
    const made = await database.transaction(async (query) => {
      const { token, secret } = await tokens.make(query, wish);
      await audit.write(incoming, { action: "token.make", subject: token.id }, query);
      return { token, secret: secret.reveal() };
    });
    return { status: 201, document: made };
  };
  const revokeToken: Handler = async (incoming) => {
    const id = incoming.places["id"] as string;
    const document = await database.transaction(async (query) => {
      const revoked = await tokens.revoke(query, incoming.caller, id);
      if (revoked === undefined) throw absent("there is no such token");
      await audit.write(incoming, { action: "token.revoke", subject: id }, query);
      return revoked;
    });
    access.forget(id);
    return { status: 200, document };
  };
  return { listTokens, makeToken, revokeToken };
}

function readAudit({ audit }: Parts): Handler {
  return async ({ caller, query }) => {
    const { limit, after } = pageOf(query);
    const { acts, next } = await audit.read({ tenant: caller.tenant, after, limit });
    const items = acts.map((act) => ({ ...act, at: new Date(act.at).toISOString() }));
    return { status: 200, document: { items, next } };
  };
}

/** They were given by other indexes, rules or observations; locks that are watched are advised anew. */
async function forgetAnswers({ database, query }: Writing, tenant: string): Promise<void> {
  const { now } = database;
  await query.run("DELETE FROM answers WHERE tenant = $1", [tenant]);
  await query.run(`UPDATE locks SET due = ${now} WHERE tenant = $1 AND due > ${now}`, [tenant]);
}

function absent(message: string): ThothError {
  return new ThothError("not-found", message);
}
