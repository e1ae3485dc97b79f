// Asks the service that the page is from, by the contract's client.

import {
  type AnyCall,
  addressOf,
  clientOf,
  type Request,
  type Response,
  v2Operations,
} from "@thoth/contract/service";
import { parseHarmless } from "../frame/harmless.ts";
import { currentToken } from "./token.ts";

export type { Refusal } from "@thoth/contract/service";

export function addressOfCall(name: keyof typeof v2Operations, call: AnyCall): string {
  return addressOf(v2Operations[name], call);
}

export function authorization(): Readonly<Record<string, string>> {
  const token = currentToken();
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

async function send(request: Request, signal?: AbortSignal): Promise<Response | undefined> {
  const { method, address, headers, body } = request;
  try {
    const response = await fetch(address, {
      method,
      headers: { ...headers, ...authorization() },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const text = await response.text();
    return { status: response.status, header: (name) => response.headers.get(name), text };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

export const api = clientOf(v2Operations, { send, parse: parseHarmless });
