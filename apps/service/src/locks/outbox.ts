// What is to be sent is first written, in the transaction of what it tells of: so nothing is told that did not happen, and
// nothing that happened is forgotten to be told.

import { randomUUID } from "node:crypto";
import type { ChangedDocument, EndedDocument } from "@thoth/contract/service";
import { Secret } from "@thoth/index";
import { ThothError } from "@thoth/pep";
import type { Vault } from "../access/vault.ts";
import type { Database, Query } from "../database/database.ts";
import { type PlaceRules, parsePlace } from "./callback-place.ts";

export interface Place {
  readonly tenant: string;
  readonly url: string;
}

export interface Delivery extends Place {
  /** As `seal` made it; null: what is sent is not signed. */
  readonly secret: string | null;
  readonly document: ChangedDocument | EndedDocument;
}

export interface Callback extends Place {
  readonly job: string;
  readonly secret?: string | undefined;
}

export interface OutboxOptions {
  readonly database: Database;
  /** Undefined: there is no key, and no secret can be kept. */
  readonly vault: Vault | undefined;
  readonly places: PlaceRules;
}

const LEAST_SECRET = 16;

export class Outbox {
  readonly #options: OutboxOptions;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Throws `invalid-request` for what could never be sent there. */
  check({ url, secret }: { readonly url: string; readonly secret?: string | undefined }): void {
    parsePlace(url, this.#options.places);
    if (secret === undefined) return;
    if (secret.length < LEAST_SECRET)
      throw new ThothError("invalid-request", "the secret of a callback is too short", {
        hint: `Take ${LEAST_SECRET} characters or more, such as of \`openssl rand -base64 32\`.`,
        details: { status: 422 },
      });
    this.#vault();
  }

  /** `query`: of the transaction that makes it so. Returns what the receiver will see as `webhook-id`. */
  async deliver(query: Query, { tenant, url, secret, document }: Delivery): Promise<string> {
    const id = `msg_${randomUUID().replaceAll("-", "")}`;
    const { now } = this.#options.database;
    await query.run(
      `INSERT INTO deliveries (id, tenant, url, body, secret, due, state, created)
       VALUES ($1, $2, $3, $4, $5, ${now}, 'ready', ${now})`,
      [id, tenant, url, JSON.stringify(document), secret],
    );
    return id;
  }

  /** The job's end is told once however often that is asked for. Throws what `check` throws. */
  async callWhenEnded(query: Query, { tenant, job, url, secret }: Callback): Promise<void> {
    this.check({ url, secret });
    const sealed = this.seal(secret, { tenant, url });
    await query.run(
      `INSERT INTO callbacks (job, url, tenant, secret, created) VALUES ($1, $2, $3, $4, ${this.#options.database.now})
       ON CONFLICT (job, url) DO UPDATE SET secret = excluded.secret`,
      [job, url, tenant, sealed],
    );
  }

  /** It can be opened only for the same tenant and URL, wherever it is kept. Throws `invalid-request` without a key. */
  seal(secret: string | undefined, place: Place): string | null {
    return secret === undefined ? null : this.#vault().seal(new Secret(secret), placeText(place));
  }

  /** Throws `database-failed` where no key opens it. */
  open(sealed: string | null, place: Place): Secret | undefined {
    return sealed === null ? undefined : this.#vault().open(sealed, placeText(place));
  }

  #vault(): Vault {
    const { vault } = this.#options;
    if (vault === undefined)
      throw new ThothError("invalid-request", "this service cannot keep secrets", {
        hint: "Its operator has to set `THOTH_SECRET_KEY`.",
        details: { status: 422 },
      });
    return vault;
  }
}

function placeText({ tenant, url }: Place): string {
  return `callback:${tenant}:${url}`;
}
