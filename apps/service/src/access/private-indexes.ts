// Private indexes of a tenant. User and password are sealed before they are kept; where an index is shown, it is without them.

import { Secret } from "@thoth/index";
import { quote, quoteUrl, ThothError } from "@thoth/pep";
import type { Query } from "../database/database.ts";
import type { Vault } from "./vault.ts";

/** As it lies in the database. */
export interface KeptIndex {
  readonly url: string;
  readonly sealed?: string;
}

export interface PrivateIndex {
  /** For people. */
  readonly url: string;
  /** The same with its credentials. */
  readonly location: Secret;
}

export interface GivenIndex {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface IndexPolicy {
  /** Undefined: no credentials are taken. */
  readonly vault: Vault | undefined;
  /** By the operator. */
  readonly isAllowed: (url: URL) => boolean;
}

const MOST = 20;
const LONGEST_CREDENTIAL = 4_096;

/** Throws `invalid-request` or `forbidden`; no message repeats a credential. */
export function keepIndexes(
  tenant: string,
  given: readonly GivenIndex[],
  policy: IndexPolicy,
): readonly KeptIndex[] {
  if (given.length > MOST) throw refused(`there may be at most ${MOST} indexes`);
  const kept = given.map((index) => keepIndex(tenant, index, policy));
  if (new Set(kept.map(({ url }) => url)).size < kept.length) throw refused("an index is named twice");
  return kept;
}

function keepIndex(tenant: string, given: GivenIndex, { vault, isAllowed }: IndexPolicy): KeptIndex {
  const url = URL.parse(given.url);
  if (url === null) throw refused(`${quoteUrl(given.url)} is no address`);
  if (url.search !== "" || url.hash !== "")
    throw refused(`the address of an index has neither \`?\` nor \`#\` (${quoteUrl(given.url)})`);
  const [username, password] = credentialsOf(url, given);
  url.username = "";
  url.password = "";
  if (!isAllowed(url))
    throw new ThothError("forbidden", `the operator does not allow indexes at ${quote(url.host)}`, {
      hint: "Ask whoever runs the service to allow that host.",
    });
  if (username === "" && password === "") return { url: url.href };
  if (vault === undefined)
    throw new ThothError("forbidden", "this service keeps no credentials of indexes", {
      hint: "Whoever runs it must set `THOTH_SECRET_KEY` first.",
    });
  if (url.protocol !== "https:")
    throw refused(`credentials for ${quoteUrl(url.href)} would be sent in the open`);
  if (username.length + password.length > LONGEST_CREDENTIAL) throw refused("the credentials are too long");
  const secret = new Secret(JSON.stringify([username, password]));
  return { url: url.href, sealed: vault.seal(secret, placeOf(tenant, url.href)) };
}

/** Those that are given beside the address come before those in it. */
function credentialsOf(url: URL, { username, password }: GivenIndex): readonly [string, string] {
  try {
    return [username ?? decodeURIComponent(url.username), password ?? decodeURIComponent(url.password)];
  } catch {
    throw refused("the credentials in the address are not percent-encoded as they must be");
  }
}

/** For whoever asks the indexes. Throws `database-failed` where credentials cannot be opened. */
export async function readIndexes(
  query: Query,
  tenant: string,
  vault: Vault | undefined,
): Promise<readonly PrivateIndex[]> {
  const [row] = await query.rows<{ indexes: string }>("SELECT indexes FROM tenants WHERE id = $1", [tenant]);
  const kept = JSON.parse(row?.indexes ?? "[]") as readonly KeptIndex[];
  return kept.map((index) => ({ url: index.url, location: locationOf(index, tenant, vault) }));
}

function locationOf({ url, sealed }: KeptIndex, tenant: string, vault: Vault | undefined): Secret {
  if (sealed === undefined) return new Secret(url);
  if (vault === undefined)
    throw new ThothError("database-failed", "credentials in the database cannot be opened", {
      hint: "Set `THOTH_SECRET_KEY`.",
    });
  const credentials = JSON.parse(vault.open(sealed, placeOf(tenant, url)).reveal()) as [string, string];
  const [username, password] = credentials.map(encodeURIComponent) as [string, string];
  return new Secret(url.replace("://", `://${username}:${password}@`));
}

function placeOf(tenant: string, url: string): string {
  return `index ${tenant} ${url}`;
}

export function shownUrl(text: string): string {
  const url = new URL(text);
  url.username = "";
  url.password = "";
  return url.href;
}

function refused(message: string): ThothError {
  return new ThothError("invalid-request", message, { details: { status: 422 } });
}
