// Secrets of tenants at rest: AES-256-GCM under a key of the operator's. What is sealed can be opened only for the place it was
// sealed for, so that nobody who can write to the tables moves it to another one.
// https://csrc.nist.gov/pubs/sp/800/38/d/final

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Secret } from "@thoth/index";
import { ThothError } from "@thoth/pep";

export interface Vault {
  seal(secret: Secret, place: string): string;
  /** Throws `database-failed` where no key opens it. */
  open(sealed: string, place: string): Secret;
}

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Of the form, should there be another one some day. */
const FORM = "1.";

/**
 * `keys`: one or more, divided by commas, each 32 bytes in base64. The first one seals, all of them open: so a key is replaced
 * by putting the new one before it. Throws `usage`.
 */
export function makeVault(keys: string): Vault {
  const parsed = keys.split(",").map((key) => parseKey(key.trim()));
  const [first] = parsed as [Buffer, ...Buffer[]];
  return {
    seal: (secret, place) => seal(first, secret, place),
    open: (sealed, place) => {
      for (const key of parsed) {
        const opened = open(key, sealed, place);
        if (opened !== undefined) return opened;
      }
      throw new ThothError("database-failed", "credentials in the database cannot be opened", {
        hint: "Give `THOTH_SECRET_KEY` the key under which they were written, after the newer ones.",
      });
    },
  };
}

function parseKey(text: string): Buffer {
  const key = Buffer.from(text, "base64");
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (key.length === KEY_BYTES && key.toString("base64").replace(/=+$/, "") === plain) return key;
  // The text itself is not told: it may be a key with a slip of the hand in it.
  throw new ThothError("usage", `\`THOTH_SECRET_KEY\` must be ${KEY_BYTES} bytes in base64`, {
    hint: "Make one with `openssl rand -base64 32`.",
  });
}

function seal(key: Buffer, secret: Secret, place: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(place, "utf8"));
  const text = Buffer.concat([cipher.update(secret.reveal(), "utf8"), cipher.final()]);
  return FORM + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64url");
}

function open(key: Buffer, sealed: string, place: string): Secret | undefined {
  if (!sealed.startsWith(FORM)) return undefined;
  const bytes = Buffer.from(sealed.slice(FORM.length), "base64url");
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const cipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(place, "utf8"));
  cipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    return new Secret(Buffer.concat([text, cipher.final()]).toString("utf8"));
  } catch {
    // Another key, another place, or somebody has changed it.
    return undefined;
  }
}
