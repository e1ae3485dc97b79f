// A connection to a Thoth service, for commands that have it do what this machine would do otherwise.

import {
  type ClientOf,
  clientOf,
  type Refusal,
  type Request,
  type Response,
  v1Operations,
  v2Operations,
} from "@thoth/contract/service";
import type { Method } from "@thoth/index";
import { type ErrorCode, quote, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { given } from "../settings/directories.ts";
import { placeOf } from "./service-place.ts";

export interface Connection {
  /** For messages, without a path. */
  readonly place: string;
  /** Whether it asks as somebody, and not as everybody. */
  readonly hasToken: boolean;
  /** What it throws: `service-unreachable`, or the reason of the signal. */
  readonly client: ClientOf<typeof v2Operations>;
  /** The first API, for what only that tells. */
  readonly first: ClientOf<typeof v1Operations>;
  close(): Promise<void>;
}

const MOST_BYTES = 64 * 1024 * 1024;
/** Of one exchange; the service holds a request for 30 s at most. */
const SECONDS = 60;

/** Asks nothing yet. Throws usage. */
export async function connect({ environment }: Invocation, service: string): Promise<Connection> {
  const place = placeOf(service);
  const token = given(environment, "THOTH_TOKEN");
  if (token !== undefined && place.protocol === "http:" && !isLoopback(place.hostname))
    throw new ThothError("usage", `the token would be sent to ${quote(place.host)} in the open`, {
      hint: "Name the service by https://, or unset THOTH_TOKEN.",
    });
  const { bearerAuthorization, WebClient } = await import("@thoth/index");
  const web = new WebClient({
    base: `${place.origin}/`,
    authorization: token === undefined ? undefined : bearerAuthorization(token),
    variables: environment,
    certificate: given(environment, "THOTH_CERT"),
  });
  const send = async (
    { method, address, headers, body }: Request,
    signal?: AbortSignal,
  ): Promise<Response> => {
    const { accept = "application/json", ...others } = headers;
    try {
      const answer = await web.exchange({
        url: place.origin + address,
        subject: "the service",
        method: method as Method,
        accept,
        headers: others,
        body,
        signal,
        seconds: SECONDS,
        limit: MOST_BYTES,
      });
      return {
        status: answer.status,
        header: (name) => answer.headers.get(name) ?? null,
        text: answer.body.toString("utf8"),
      };
    } catch (error) {
      signal?.throwIfAborted();
      throw unreachable(place, error);
    }
  };
  return {
    place: place.host,
    hasToken: token !== undefined,
    client: clientOf(v2Operations, { send }),
    first: clientOf(v1Operations, { send }),
    close: async () => await web.close(),
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}

function unreachable({ host }: URL, error: unknown): unknown {
  if (!(error instanceof ThothError)) return error;
  return new ThothError(
    "service-unreachable",
    `the service ${quote(host)} cannot be asked: ${error.message}`,
    {
      hint: "Look whether its address is right and it is up, or leave out --service: then this machine does it.",
      details: { host },
      cause: error,
    },
  );
}

/** What the service refuses, with its own words. */
export function refused(place: string, { status, code, message, hint }: Refusal): ThothError {
  // Codes of the service are ours; a failure of its own is the world's to whoever asks it.
  const isOwn =
    status < 500 && code !== "unreachable" && code !== "invalid-answer" && /^[a-z-]{1,40}$/.test(code);
  const known = isOwn ? (code as ErrorCode) : "service-unreachable";
  const own = code === "unauthorized" ? "Give a token in THOTH_TOKEN." : undefined;
  return new ThothError(known, `${place}: ${message}`, {
    hint: own ?? hint,
    details: { host: place, status },
  });
}
