// Requests to GitHub, as an installation of the app. https://docs.github.com/en/rest. Its limits are kept: whoever is told to
// wait does not ask before. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api

import { sign } from "node:crypto";
import { quote } from "@thoth/pep";
import { waitOf } from "../post.ts";
import type { GitHubSettings } from "./github-settings.ts";

export interface GitHubRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** With its query; below the API's address. */
  readonly path: string;
  readonly body?: unknown;
  /** Statuses that are answers and no failures. */
  readonly expected?: readonly number[];
}

export interface GitHubAnswer {
  readonly status: number;
  readonly document: unknown;
}

/** It is too much for now. */
export class GitHubLimit extends Error {
  /** Milliseconds. */
  readonly wait: number;

  constructor(wait: number) {
    super(`GitHub asks to wait ${Math.ceil(wait / SECOND)} seconds`);
    this.wait = wait;
  }
}

export class GitHubFailure extends Error {
  /** Undefined: nobody answered. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
  }

  /** Whether another attempt may do better. */
  get isPassing(): boolean {
    return this.status === undefined || this.status >= 500 || this.status === 408;
  }
}

interface Token {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const TIME = 30 * SECOND;
const MOST_BYTES = 24 * 1024 * 1024;
/** A token is not used in its last minute. */
const MARGIN = MINUTE;
/** Of the app's own token; GitHub takes up to ten, and clocks differ. */
const LIFE = 9 * MINUTE;

export class GitHubClient {
  readonly #settings: GitHubSettings;
  readonly #version: string;
  readonly #tokens = new Map<number, Token>();
  /** Until when an installation has to wait. */
  readonly #notBefore = new Map<number, number>();

  constructor(settings: GitHubSettings, version: string) {
    this.#settings = settings;
    this.#version = version;
  }

  /** Throws GitHubLimit, GitHubFailure. */
  async ask(installation: number, request: GitHubRequest): Promise<GitHubAnswer> {
    const wait = (this.#notBefore.get(installation) ?? 0) - Date.now();
    if (wait > 0) throw new GitHubLimit(wait);
    try {
      const token = await this.#token(installation);
      const answer = await this.#send(request, token);
      if (answer.status !== 401) return answer;
      // It was revoked before its time.
      this.#tokens.delete(installation);
      return mustBe(await this.#send(request, await this.#token(installation)), request);
    } catch (error) {
      if (error instanceof GitHubLimit) this.#notBefore.set(installation, Date.now() + error.wait);
      throw error;
    }
  }

  async #token(installation: number): Promise<string> {
    const known = this.#tokens.get(installation);
    if (known !== undefined && known.expires - MARGIN > Date.now()) return known.text;
    const request: GitHubRequest = {
      method: "POST",
      path: `/app/installations/${installation}/access_tokens`,
    };
    const { document } = mustBe(await this.#send(request, this.#appToken()), request);
    const { token, expires_at } = document as { readonly token: string; readonly expires_at: string };
    this.#tokens.set(installation, { text: token, expires: Date.parse(expires_at) });
    return token;
  }

  /** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app */
  #appToken(): string {
    const now = Date.now();
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      iat: Math.floor((now - MINUTE) / SECOND),
      exp: Math.floor((now + LIFE) / SECOND),
      iss: this.#settings.app,
    };
    const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
    const signature = sign("RSA-SHA256", Buffer.from(signed), this.#settings.key.reveal());
    return `${signed}.${signature.toString("base64url")}`;
  }

  async #send(request: GitHubRequest, token: string): Promise<GitHubAnswer> {
    const { method, path, body, expected = [] } = request;
    const response = await fetch(`${this.#settings.api}${path}`, {
      method,
      // A repository that has another name now is asked for by it, which nothing but reading may follow.
      redirect: method === "GET" ? "follow" : "manual",
      signal: AbortSignal.timeout(TIME),
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
        "user-agent": `thoth/${this.#version}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new GitHubFailure(`${this.#settings.api} does not answer`, undefined, error);
    });
    const document = await readDocument(response);
    const wait = limitOf(response, document);
    if (wait !== undefined) throw new GitHubLimit(wait);
    const answer = { status: response.status, document };
    return response.ok || response.status === 401 || expected.includes(response.status)
      ? answer
      : mustBe(answer, request);
  }
}

function mustBe(answer: GitHubAnswer, { method, path, expected = [] }: GitHubRequest): GitHubAnswer {
  const { status, document } = answer;
  if ((status >= 200 && status < 300) || expected.includes(status)) return answer;
  const { message } = (document ?? {}) as { readonly message?: unknown };
  const said = typeof message === "string" ? `: ${quote(message)}` : "";
  throw new GitHubFailure(`${method} ${quote(path)} was answered ${status}${said}`, status);
}

async function readDocument(response: Response): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body ?? []) {
      bytes += part.length;
      if (bytes > MOST_BYTES) throw new GitHubFailure("GitHub answers more than is read", 413);
      parts.push(part);
    }
    return bytes === 0 ? null : JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch (error) {
    if (error instanceof GitHubFailure) throw error;
    throw new GitHubFailure("GitHub's answer cannot be read", undefined, error);
  }
}

/** Milliseconds to wait, where the answer says so: of a limit that is used up, or of the second kind, which comes by itself. */
function limitOf({ status, headers }: Response, document: unknown): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = waitOf(headers.get("retry-after") ?? undefined);
  if (after !== undefined) return Math.max(after, SECOND);
  if (headers.get("x-ratelimit-remaining") === "0") {
    const reset = Number(headers.get("x-ratelimit-reset")) * SECOND - Date.now();
    return Number.isFinite(reset) ? Math.max(reset, SECOND) : MINUTE;
  }
  const { message } = (document ?? {}) as { readonly message?: unknown };
  const isSecond = typeof message === "string" && /rate limit/i.test(message);
  return status === 429 || isSecond ? MINUTE : undefined;
}
