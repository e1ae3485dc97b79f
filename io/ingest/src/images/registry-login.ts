// What a registry is told of whoever asks: credentials, or a token that it names a place for. One answer serves all requests,
// until it is refused again. https://distribution.github.io/distribution/spec/auth/token/

import { bearerAuthorization, type Secret } from "@thoth/index";
import { quote } from "@thoth/pep";
import { notUnderstood, Reading } from "../sources/reading.ts";
import type { ImageReference } from "./image-reference.ts";

export interface TokenRequest {
  readonly url: string;
  readonly subject: string;
  /** Bytes of the answer. */
  readonly limit: number;
  readonly authorization: Secret | undefined;
}

export interface RegistryLoginOptions {
  readonly reference: ImageReference;
  /** Of the registry, and of whom it names for tokens; as `basicAuthorization` makes them. */
  readonly credentials?: Secret | undefined;
  /** What the token is for, such as `repository:team/app:pull,push`; default: what the registry says. */
  readonly scopes?: readonly string[];
  /** The body of the answer; undefined: there is no token for us. */
  readonly ask: (request: TokenRequest) => Promise<Buffer | undefined>;
}

const TOKEN_LIMIT = 1024 * 1024;
const LONGEST_TOKEN = 64 * 1024;

export class RegistryLogin {
  readonly #options: RegistryLoginOptions;
  #authorization: Secret | undefined;
  #renewing: Promise<Secret | undefined> | undefined;

  constructor(options: RegistryLoginOptions) {
    this.#options = options;
  }

  /** What to send; undefined: nothing. */
  get authorization(): Secret | undefined {
    return this.#authorization;
  }

  /**
   * Whether there is something else to say than `refused`, which the registry answered with that challenge. Of several that
   * are refused at once, one asks, and the others take its answer. Throws as `ask`, `index-response-invalid`.
   */
  async renew(challenge: string, refused: Secret | undefined): Promise<boolean> {
    if (this.#authorization !== refused) return true;
    this.#renewing ??= this.#answerTo(challenge, refused);
    const authorization = await this.#renewing.finally(() => {
      this.#renewing = undefined;
    });
    if (authorization === undefined) return false;
    this.#authorization = authorization;
    return true;
  }

  async #answerTo(challenge: string, refused: Secret | undefined): Promise<Secret | undefined> {
    const { reference, credentials, scopes, ask } = this.#options;
    if (/^basic\b/i.test(challenge)) return refused === undefined ? credentials : undefined;
    const url = parseChallenge(challenge, reference, scopes);
    if (url === undefined) return undefined;
    const subject = `the token of ${quote(new URL(url).host)} for ${quote(reference.text)}`;
    const body = await ask({ url, subject, limit: TOKEN_LIMIT, authorization: credentials });
    if (body === undefined) return undefined;
    const document = Reading.parse(body, subject);
    const token = (document.maybe("token") ?? document.get("access_token")).text(LONGEST_TOKEN);
    if (!/^[\x21-\x7e]+$/.test(token)) throw notUnderstood(subject, "it is none");
    return bearerAuthorization(token);
  }
}

/**
 * Where to ask for a token, of `Bearer realm="…",service="…",scope="…"`. Undefined for other challenges, and for a place
 * that may not be asked.
 */
export function parseChallenge(
  text: string,
  { registry, repository }: ImageReference,
  scopes?: readonly string[],
): string | undefined {
  if (!/^bearer\s/i.test(text) || text.length > 4096) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/([a-z_]+)="([^"]*)"/gi))
    fields.set(name.toLowerCase(), value);
  const url = URL.parse(fields.get("realm") ?? "");
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && registry.startsWith("http:"));
  if (url === null || !isSafe) return undefined;
  const service = fields.get("service");
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.delete("scope");
  for (const scope of scopes ?? [fields.get("scope") ?? `repository:${repository}:pull`])
    url.searchParams.append("scope", scope);
  url.username = "";
  url.password = "";
  url.hash = "";
  return url.href;
}
