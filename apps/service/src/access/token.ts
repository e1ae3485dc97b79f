// Tokens of the API: `thoth_<id>_<secret>`. The id finds the token, the secret proves it; of the secret only a digest is
// kept. A random secret of 32 bytes needs no slow digest: it cannot be guessed.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { Secret } from "@thoth/index";

export interface Token {
  readonly id: string;
  readonly secret: Secret;
}

const PREFIX = "thoth_";
const FORM = /^thoth_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
const ID_BYTES = 8;
const SECRET_BYTES = 32;

export function makeToken(): Token {
  const secret = new Secret(randomBytes(SECRET_BYTES).toString("base64url"));
  return { id: makeId(), secret };
}

/** Of a token, a tenant, an act. */
export function makeId(): string {
  return randomBytes(ID_BYTES).toString("hex");
}

/** Whole: what its bearer sends. */
export function formatToken({ id, secret }: Token): Secret {
  return new Secret(`${PREFIX}${id}_${secret.reveal()}`);
}

export function parseToken(text: string): Token | undefined {
  const [, id, secret] = FORM.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret: new Secret(secret) };
}

/** Whether it claims to be one of ours, and not somebody else's. */
export function looksLikeToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

export function digestOfSecret(secret: Secret): string {
  return createHash("sha256").update(secret.reveal()).digest("hex");
}

/** What no secret has: compared with where there is no token, so that this takes as long. */
const NO_DIGEST = "0".repeat(64);

/** In the same time whatever differs. */
export function isProvedBy(digest: string | undefined, secret: Secret): boolean {
  const [kept, given] = [Buffer.from(digest ?? NO_DIGEST, "hex"), Buffer.from(digestOfSecret(secret), "hex")];
  return kept.length === given.length && timingSafeEqual(kept, given) && digest !== undefined;
}
