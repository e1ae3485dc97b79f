// Signatures of what is sent: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

import { createHmac } from "node:crypto";
import type { Secret } from "@thoth/index";

export interface Message {
  readonly id: string;
  /** Seconds since 1970, of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

const PREFIX = "whsec_";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export function headersOf(message: Message, secret: Secret | undefined): Readonly<Record<string, string>> {
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestamp),
    ...(secret === undefined ? {} : { "webhook-signature": signatureOf(message, secret) }),
  };
}

function signatureOf({ id, timestamp, body }: Message, secret: Secret): string {
  const digest = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64");
  return `v1,${digest}`;
}

/** The bytes that `whsec_` is followed by in base64; a secret of another form is taken as it is. */
function keyOf(secret: Secret): Buffer {
  const text = secret.reveal();
  const encoded = text.slice(PREFIX.length);
  return text.startsWith(PREFIX) && BASE64.test(encoded)
    ? Buffer.from(encoded, "base64")
    : Buffer.from(text, "utf8");
}
