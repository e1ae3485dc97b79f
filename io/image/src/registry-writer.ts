// Gives blobs and manifests to a registry. What it has is not sent again, what another of its repositories has is mounted,
// and a large blob goes in pieces, so that after a cut only the rest is sent.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push

import { closeSync, openSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Exchanged, type Method, retryAfter, type Secret, type WebClient } from "@thoth/index";
import { type ImageReference, RegistryLogin } from "@thoth/ingest";
import { quote, ThothError } from "@thoth/pep";
import type { Descriptor } from "./image-documents.ts";

export interface RegistryWriterOptions {
  readonly client: WebClient;
  readonly reference: ImageReference;
  /** Of the registry, and of whom it names for tokens. */
  readonly credentials?: Secret | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of a piece; of shorter blobs all is sent at once. */
  readonly piece?: number;
}

/** How a blob came to be there. */
export type BlobFate = "present" | "mounted" | "sent";

interface Sent {
  readonly method: Method;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly accept?: string;
}

/** Some registries refuse smaller ones. */
const PIECE = 6 * 1024 * 1024;
const LIMIT = 8 * 1024 * 1024;
const SECONDS = 900;
/** Attempts after a cut, and the seconds before the first of them. */
const RETRIES = 4;
const BACKOFF = 0.5;
/** Seconds that a registry may ask us to wait. */
const LONGEST_PAUSE = 60;
const BYTES = "application/octet-stream";

export class RegistryWriter {
  readonly #options: RegistryWriterOptions;
  readonly #login: RegistryLogin;
  /** For pieces, as many as were ever sent at once: of what is large, nothing is left to be collected. */
  readonly #memories: Buffer[] = [];

  /** `from`: the repository of which blobs are mounted: a token must be for it too. */
  constructor(options: RegistryWriterOptions, from?: string) {
    const { client, reference, credentials, signal } = options;
    this.#options = options;
    this.#login = new RegistryLogin({
      ...{ reference, credentials },
      scopes: [
        `repository:${reference.repository}:pull,push`,
        ...(from === undefined ? [] : [`repository:${from}:pull`]),
      ],
      ask: async (request) => {
        const { status, body } = await client.exchange({ ...request, signal, seconds: SECONDS });
        return status === 200 ? body : undefined;
      },
    });
  }

  /** Throws as `WebClient.exchange`, `unauthorized`, `index-response-invalid`. */
  async blob(path: string, { digest, size }: Descriptor, from?: string): Promise<BlobFate> {
    const head = await this.#persist(() => this.#ask({ method: "HEAD", url: this.#url(`blobs/${digest}`) }));
    if (head.status === 200) return "present";
    this.#expect(head, [404], "to tell what it has");
    if (from !== undefined && (await this.#mount(digest, from))) return "mounted";
    const { piece = PIECE } = this.#options;
    const memory = this.#memories.pop() ?? Buffer.allocUnsafeSlow(piece);
    const file = openSync(path, "r");
    try {
      await this.#upload({ file, digest, size }, memory);
    } finally {
      closeSync(file);
      this.#memories.push(memory);
    }
    return "sent";
  }

  /** Its headers. Throws as `blob`. */
  async putManifest(version: string, bytes: Uint8Array, type: string): Promise<Exchanged["headers"]> {
    const url = this.#url(`manifests/${version}`);
    const sent = { method: "PUT" as const, url, body: bytes, headers: { "content-type": type } };
    const answer = await this.#persist(() => this.#ask(sent));
    return this.#expect(answer, [201, 202], "the manifest").headers;
  }

  /** Undefined where there is none. Throws as `blob`. */
  async getManifest(version: string, accept: string): Promise<Buffer | undefined> {
    const url = this.#url(`manifests/${version}`);
    const answer = await this.#persist(() => this.#ask({ method: "GET", url, accept }));
    if (answer.status === 404) return undefined;
    return this.#expect(answer, [200], `the manifest ${quote(version)}`).body;
  }

  async #mount(digest: string, from: string): Promise<boolean> {
    const url = new URL(this.#url("blobs/uploads/"));
    url.searchParams.set("mount", digest);
    url.searchParams.set("from", from);
    const answer = await this.#persist(() => this.#ask({ method: "POST", url: url.href }));
    // Anything else than 201 means: send it yourself.
    return answer.status === 201;
  }

  async #upload(blob: OpenBlob, memory: Buffer): Promise<void> {
    const { digest, size } = blob;
    const piece = memory.length;
    const begun = await this.#persist(() => this.#ask({ method: "POST", url: this.#url("blobs/uploads/") }));
    let place = this.#placeOf(this.#expect(begun, [202], "an upload"));
    let done = 0;
    let failures = 0;
    while (size > piece && done < size) {
      try {
        const end = Math.min(size, done + piece);
        place = await this.#sendPiece(place, readPart(blob, memory.subarray(0, end - done), done), done);
        done = end;
        failures = 0;
      } catch (error) {
        if (!isPassing(error) || failures >= RETRIES) throw error;
        await this.#rest(failures++, error instanceof PieceLost ? error.pause : 0);
        [place, done] = await this.#resume(place, done);
      }
    }
    const url = new URL(place);
    url.searchParams.set("digest", digest);
    const body = size > piece ? Buffer.alloc(0) : readPart(blob, memory.subarray(0, size), 0);
    const put = { method: "PUT" as const, url: url.href, body, headers: { "content-type": BYTES } };
    this.#expect(await this.#persist(() => this.#ask(put)), [201, 204], quote(digest.slice(0, 19)));
  }

  async #sendPiece(place: string, body: Buffer, start: number): Promise<string> {
    const headers = { "content-type": BYTES, "content-range": `${start}-${start + body.length - 1}` };
    const answer = await this.#ask({ method: "PATCH", url: place, body, headers });
    const pause = retryAfter(answer.headers.get("retry-after")) ?? 0;
    const isLost = answer.status >= 500 || answer.status === 416 || answer.status === 429;
    if (isLost && pause <= LONGEST_PAUSE) throw new PieceLost(pause);
    return this.#placeOf(this.#expect(answer, [202], "a piece"));
  }

  /** Where to go on, and from which byte. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#resuming-an-upload */
  async #resume(place: string, sent: number): Promise<[place: string, done: number]> {
    const answer = await this.#persist(() => this.#ask({ method: "GET", url: place }));
    this.#expect(answer, [204, 202], "the rest of an upload");
    const last = /^(?:bytes=)?0-(\d{1,15})$/.exec(answer.headers.get("range") ?? "")?.[1];
    // Without a byte some write `0-0`, as they do with one: what was sent before tells which it is.
    const done = last === undefined || (last === "0" && sent === 0) ? 0 : Number(last) + 1;
    return [answer.headers.has("location") ? this.#placeOf(answer) : place, done];
  }

  #placeOf({ headers }: Exchanged): string {
    const { registry } = this.#options.reference;
    const url = URL.parse(headers.get("location") ?? "", registry);
    const own = new URL(registry);
    const isSafe = url !== null && (url.protocol === "https:" || url.origin === own.origin);
    if (isSafe && url.username === "" && url.password === "") return url.href;
    throw this.#refused("does not say where to send a blob");
  }

  #url(rest: string): string {
    const { repository, registry } = this.#options.reference;
    return new URL(`${repository}/${rest}`, registry).href;
  }

  /** Again after a cut or where the registry is too busy, with growing pauses, or those that it asks for. */
  async #persist(ask: () => Promise<Exchanged>): Promise<Exchanged> {
    for (let attempt = 0; ; attempt++) {
      let asked = 0;
      try {
        const answer = await ask();
        const isBusy = answer.status === 429 || answer.status >= 500;
        if (!isBusy || attempt >= RETRIES) return answer;
        asked = retryAfter(answer.headers.get("retry-after")) ?? 0;
        // A long pause is for whoever started this to choose.
        if (asked > LONGEST_PAUSE) return answer;
      } catch (error) {
        if (!isPassing(error) || attempt >= RETRIES) throw error;
      }
      await this.#rest(attempt, asked);
    }
  }

  /** `asked`: seconds that the registry wants to be left alone. */
  async #rest(attempt: number, asked = 0): Promise<void> {
    const { signal } = this.#options;
    await sleep(
      Math.max(BACKOFF * 2 ** attempt, asked) * 1000,
      undefined,
      signal === undefined ? {} : { signal },
    );
  }

  /** Once more with a token, or a newer one, where the registry wants that. */
  async #ask(sent: Sent): Promise<Exchanged> {
    const used = this.#login.authorization;
    const first = await this.#send(sent, used);
    if (first.status !== 401) return first;
    const challenge = first.headers.get("www-authenticate") ?? "";
    if (!(await this.#login.renew(challenge, used))) return first;
    return await this.#send(sent, this.#login.authorization);
  }

  async #send({ accept, ...sent }: Sent, authorization: Secret | undefined): Promise<Exchanged> {
    const { client, reference, signal } = this.#options;
    const isOwn = new URL(sent.url).origin === new URL(reference.registry).origin;
    return await client.exchange({
      ...sent,
      ...(accept === undefined ? {} : { accept }),
      authorization: isOwn ? authorization : undefined,
      subject: `a place for ${quote(reference.text)}`,
      limit: LIMIT,
      seconds: SECONDS,
      signal,
    });
  }

  #expect(answer: Exchanged, statuses: readonly number[], what: string): Exchanged {
    if (statuses.includes(answer.status)) return answer;
    if (answer.status === 401 || answer.status === 403) {
      const { text } = this.#options.reference;
      throw new ThothError("unauthorized", `${quote(text)} may not be written (status ${answer.status}).`, {
        hint: "Log in with `podman login` or `docker login`, or take a name that is yours.",
        details: { status: answer.status },
      });
    }
    throw this.#refused(`refuses ${what} (status ${answer.status})`, answer.status);
  }

  #refused(why: string, status?: number): ThothError {
    const { host } = new URL(this.#options.reference.registry);
    return new ThothError("index-response-invalid", `The registry ${quote(host)} ${why}.`, {
      ...(status === undefined ? {} : { details: { host, status } }),
    });
  }
}

interface OpenBlob {
  readonly file: number;
  readonly digest: string;
  readonly size: number;
}

/** The registry did not take a piece; it says how much it has. */
class PieceLost extends Error {
  /** Seconds that it wants to be left alone. */
  readonly pause: number;

  constructor(pause: number) {
    super("a piece was not taken");
    this.pause = pause;
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof PieceLost) return true;
  if (!(error instanceof ThothError) || error.code !== "index-unreachable") return false;
  return error.details?.["failure"] !== "certificate" && error.details?.["failure"] !== "forbidden";
}

/** Fills the bytes with what begins at that place. */
function readPart({ file }: OpenBlob, bytes: Buffer, start: number): Buffer {
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(file, bytes, at, bytes.length - at, start + at);
    if (read === 0) throw new Error("a blob is shorter than it was");
    at += read;
  }
  return bytes;
}
