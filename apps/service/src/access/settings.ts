// What the operator decides about access, from variables of the environment.

import { type AllowedHost, parseAllowedHosts, reachOf } from "@thoth/index";
import { quote, ThothError } from "@thoth/pep";
import type { OidcSettings } from "./oidc.ts";
import type { IndexPolicy } from "./private-indexes.ts";
import type { Rate } from "./rate-limiter.ts";
import type { Quota } from "./tenants.ts";
import { makeVault } from "./vault.ts";

export type AnonymousScope = "ask" | "read";

export interface AccessSettings {
  /** What everybody may do without a token: of the tenant of everybody, `read` lists all of its jobs. */
  readonly anonymous: readonly AnonymousScope[];
  readonly publicQuota: Quota;
  /** Of a tenant that is made without one. */
  readonly tenantQuota: Quota;
  readonly rates: {
    /** Requests of an address without a token. */
    readonly anonymous: Rate;
    /** Questions of such an address. */
    readonly anonymousQuestions: Rate;
    /** Requests of a token, or of somebody of another issuer. */
    readonly known: Rate;
    /** Tokens of an address that are not valid. */
    readonly failures: Rate;
  };
  readonly oidc: OidcSettings | undefined;
  readonly indexes: IndexPolicy;
}

type Variables = Readonly<Record<string, string | undefined>>;

const MOST = 1_000_000;

/**
 * Throws `usage`.
 *
 * - `THOTH_ANONYMOUS`: `ask`, `read`, `ask,read` or `none`
 * - `THOTH_PUBLIC_QUOTA`, `THOTH_TENANT_QUOTA`: `JOBS,PER_MINUTE`
 * - `THOTH_ANONYMOUS_RATE`, `THOTH_ANONYMOUS_QUESTION_RATE`, `THOTH_TOKEN_RATE`, `THOTH_FAILURE_RATE`: `BURST,PER_MINUTE`
 * - `THOTH_OIDC_ISSUER`, `THOTH_OIDC_AUDIENCE`, `THOTH_OIDC_TENANT_CLAIM`, `THOTH_OIDC_SCOPE_CLAIM`, `THOTH_OIDC_SCOPE_PREFIX`
 * - `THOTH_SECRET_KEY`: for credentials of indexes; `THOTH_ALLOWED_HOSTS`: where these may be
 */
export function readAccessSettings(variables: Variables): AccessSettings {
  const key = variables["THOTH_SECRET_KEY"] ?? "";
  const hosts = parseAllowedHosts(variables["THOTH_ALLOWED_HOSTS"] ?? "");
  return {
    anonymous: readAnonymous(variables),
    publicQuota: readQuota(variables, "THOTH_PUBLIC_QUOTA", { jobs: 200, perMinute: 600 }),
    tenantQuota: readQuota(variables, "THOTH_TENANT_QUOTA", { jobs: 100, perMinute: 300 }),
    rates: {
      anonymous: readRate(variables, "THOTH_ANONYMOUS_RATE", { burst: 120, perMinute: 600 }),
      anonymousQuestions: readRate(variables, "THOTH_ANONYMOUS_QUESTION_RATE", { burst: 30, perMinute: 30 }),
      known: readRate(variables, "THOTH_TOKEN_RATE", { burst: 1_000, perMinute: 12_000 }),
      failures: readRate(variables, "THOTH_FAILURE_RATE", { burst: 30, perMinute: 30 }),
    },
    oidc: readOidc(variables),
    indexes: { vault: key === "" ? undefined : makeVault(key), isAllowed: (url) => isAllowed(hosts, url) },
  };
}

function isAllowed(hosts: readonly AllowedHost[], url: URL): boolean {
  return reachOf(hosts, url) !== undefined;
}

function readAnonymous(variables: Variables): readonly AnonymousScope[] {
  const text = variables["THOTH_ANONYMOUS"] || "ask";
  if (text === "none") return [];
  const scopes = text.split(",").map((scope) => scope.trim());
  const known = scopes.filter((scope): scope is AnonymousScope => scope === "ask" || scope === "read");
  if (known.length === scopes.length) return known;
  throw new ThothError("usage", `\`THOTH_ANONYMOUS\` cannot be ${quote(text)}`, {
    hint: "Write `ask`, `read`, `ask,read` or `none`.",
  });
}

function readQuota(variables: Variables, name: string, usual: Quota): Quota {
  const [jobs, perMinute] = readPair(variables, name, [usual.jobs, usual.perMinute]);
  return { jobs, perMinute };
}

function readRate(variables: Variables, name: string, usual: Rate): Rate {
  const [burst, perMinute] = readPair(variables, name, [usual.burst, usual.perMinute]);
  return { burst, perMinute };
}

function readPair(
  variables: Variables,
  name: string,
  usual: readonly [number, number],
): readonly [number, number] {
  const text = variables[name] ?? "";
  if (text === "") return usual;
  const [, first, second] = /^\s*(\d{1,7})\s*,\s*(\d{1,7})\s*$/.exec(text) ?? [];
  const pair = [Number(first), Number(second)] as const;
  if (pair.every((number) => number >= 1 && number <= MOST)) return pair;
  throw new ThothError("usage", `${quote(name)} cannot be ${quote(text)}`, {
    hint: `Write two numbers from 1 to ${MOST}, such as \`${usual.join(",")}\`.`,
  });
}

function readOidc(variables: Variables): OidcSettings | undefined {
  const issuer = variables["THOTH_OIDC_ISSUER"] ?? "";
  const audience = variables["THOTH_OIDC_AUDIENCE"] ?? "";
  if (issuer === "") return undefined;
  // Without it, a token that the issuer made for another service would be good for this one.
  if (audience === "") throw new ThothError("usage", "`THOTH_OIDC_AUDIENCE` is missing");
  return {
    issuer,
    audience,
    tenantClaim: variables["THOTH_OIDC_TENANT_CLAIM"] || "tenant",
    scopeClaim: variables["THOTH_OIDC_SCOPE_CLAIM"] || "scope",
    scopePrefix: variables["THOTH_OIDC_SCOPE_PREFIX"] ?? "thoth:",
  };
}
