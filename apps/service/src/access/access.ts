// Who asks: nobody in particular, the bearer of one of our tokens, or of one of another issuer. And how often.

import type { Scope } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import type { Database } from "../database/database.ts";
import type { Caller } from "../http/handler.ts";
import type { Identity } from "../http/server.ts";
import { networkOf } from "./address.ts";
import { BoundedMap } from "./bounded-map.ts";
import { OidcIssuer, type Stranger } from "./oidc.ts";
import { type Clock, RateLimiter } from "./rate-limiter.ts";
import type { AccessSettings } from "./settings.ts";
import { findTenantByName, keepPublicTenant, PUBLIC } from "./tenants.ts";
import { looksLikeToken } from "./token.ts";
import { TokenBook } from "./token-book.ts";

interface KnownTenant {
  readonly id: string | undefined;
  readonly until: number;
}

/** Milliseconds for which the tenant of a name is not looked up again. */
const TENANT_LIFE = 3_000;
const MOST_TENANTS = 1_000;
/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

export class Access {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #anonymousScopes: ReadonlySet<Scope>;
  readonly #book: TokenBook;
  readonly #issuer: OidcIssuer | undefined;
  readonly #tenants = new BoundedMap<string, KnownTenant>(MOST_TENANTS);
  readonly #limits: Readonly<Record<"anonymous" | "known" | "failures" | "questions", RateLimiter>>;
  /** Where an anonymous caller comes from: for limits, and for nobody else to see. */
  readonly #networks = new WeakMap<Caller, string>();

  /** The tenant of everybody is there from then on. Throws `database-failed`, `usage`. */
  static async open(database: Database, settings: AccessSettings, clock: Clock = monotonic): Promise<Access> {
    await keepPublicTenant(database, settings.publicQuota);
    return new Access(database, settings, clock);
  }

  private constructor(database: Database, { anonymous, rates, oidc }: AccessSettings, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#anonymousScopes = new Set(anonymous);
    this.#book = new TokenBook(database, clock);
    this.#issuer = oidc && new OidcIssuer(oidc);
    this.#limits = {
      anonymous: new RateLimiter(rates.anonymous, clock),
      known: new RateLimiter(rates.known, clock),
      failures: new RateLimiter(rates.failures, clock),
      questions: new RateLimiter(rates.anonymousQuestions, clock),
    };
  }

  /** For the server. Throws `unauthorized` where a token is given that is none; without one, whoever asks is anonymous. */
  readonly identify = async (identity: Identity): Promise<Caller> => {
    const network = networkOf(identity.address);
    const text = tokenOf(identity);
    if (text === undefined) return this.#anonymous(network);
    const caller = await this.#known(text, network);
    this.#limits.known.take(`${caller.tenant} ${caller.actor}`);
    return caller;
  };

  /**
   * Where a question is asked, before it is: so that nobody without a name uses up what is there for all of them. Those of a
   * tenant are limited by `checkQuestionRate`. Throws `quota-exceeded`.
   */
  takeQuestion(caller: Caller): void {
    const network = this.#networks.get(caller);
    if (network !== undefined) this.#limits.questions.take(network);
  }

  /** A token that was revoked here is refused here at once. */
  forget(tokenId: string): void {
    this.#book.forget(tokenId);
  }

  #anonymous(network: string): Caller {
    this.#limits.anonymous.take(network);
    const caller = { tenant: PUBLIC, actor: "anonymous", scopes: this.#anonymousScopes, isAnonymous: true };
    this.#networks.set(caller, network);
    return caller;
  }

  async #known(text: string, network: string): Promise<Caller> {
    // What is known to be good costs nothing to let in; everything else may be a guess.
    const isGood = this.#book.remembered(text)?.bearer !== undefined;
    if (!isGood) this.#limits.failures.check(network);
    const caller = looksLikeToken(text) ? await this.#bearer(text) : await this.#stranger(text);
    if (caller !== undefined) return caller;
    this.#limits.failures.take(network);
    // The same for a token that is unknown, revoked or over: who holds one that was found learns nothing of it.
    throw new ThothError("unauthorized", "the token is not valid", {
      hint: "Ask for a new one, or send none.",
    });
  }

  async #bearer(text: string): Promise<Caller | undefined> {
    const bearer = await this.#book.find(text);
    if (bearer === undefined) return undefined;
    const { id, tenant, scopes } = bearer;
    return { tenant, actor: `token:${id}`, scopes, isAnonymous: false };
  }

  async #stranger(text: string): Promise<Caller | undefined> {
    const stranger = await this.#issuer?.verify(text);
    if (stranger === undefined) return undefined;
    const tenant = await this.#tenantOf(stranger);
    if (tenant === undefined) return undefined;
    return { tenant, actor: `oidc:${stranger.subject}`, scopes: stranger.scopes, isAnonymous: false };
  }

  async #tenantOf({ tenantName }: Stranger): Promise<string | undefined> {
    const now = this.#clock();
    const known = this.#tenants.get(tenantName);
    if (known !== undefined && known.until > now) return known.id;
    const id = await findTenantByName(this.#database, tenantName);
    this.#tenants.set(tenantName, { id, until: now + TENANT_LIFE });
    return id;
  }
}

/** Throws `unauthorized` where what is sent is no token, or two that differ: no one of them is taken for the other. */
function tokenOf({ authorization, token }: Identity): string | undefined {
  if (authorization === undefined) return token;
  const [, sent] = BEARER.exec(authorization) ?? [];
  if (sent === undefined)
    throw new ThothError("unauthorized", "the header `Authorization` has no token in it", {
      hint: "Send `Authorization: Bearer TOKEN`.",
    });
  if (token !== undefined && token !== sent)
    throw new ThothError("unauthorized", "two tokens are sent that differ", { hint: "Send one." });
  return sent;
}

function monotonic(): number {
  return performance.now();
}
