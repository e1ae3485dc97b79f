// Asks a registry of container images: manifests, and blobs by their digests, with the tokens that it wants.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

import { createHash } from "node:crypto";
import type { AnswerHead, Secret, Sink, WebRequest } from "@thoth/index";
import { quote, ThothError } from "@thoth/pep";
import { type Asker, bodyOf } from "../jobs/asker.ts";
import { notUnderstood, Reading } from "../sources/reading.ts";
import { isAbsent } from "../sources/validators.ts";
import { DIGEST, type ImageReference } from "./image-reference.ts";
import type { ImageSource } from "./image-source.ts";
import { type Blob, type FetchedManifest, MANIFEST_TYPES } from "./manifest.ts";
import { RegistryLogin } from "./registry-login.ts";

const MANIFEST_LIMIT = 8 * 1024 * 1024;
const TAGS_LIMIT = 4 * 1024 * 1024;
const MOST_TAGS = 10_000;

type Request = Omit<WebRequest, "signal" | "seconds">;

export class Registry implements ImageSource {
  readonly #asker: Asker;
  readonly #reference: ImageReference;
  readonly #login: RegistryLogin;

  /** `credentials`: of the registry, and of whom it names for tokens; as `basicAuthorization` makes them. */
  constructor(asker: Asker, reference: ImageReference, credentials?: Secret) {
    this.#asker = asker;
    this.#reference = reference;
    this.#login = new RegistryLogin({
      reference,
      credentials,
      ask: async (request) => bodyOf(await asker.ask(request), request.subject),
    });
  }

  /** Undefined: it has none. Throws as `Asker.ask`, `hash-mismatch`. */
  async manifest(version: string): Promise<FetchedManifest | undefined> {
    const subject = `the manifest of ${quote(this.#reference.text)}`;
    const request = { url: this.#url("manifests", version), subject, limit: MANIFEST_LIMIT };
    const answer = await this.#authorized((own) =>
      this.#asker.ask({ ...request, ...own, accept: MANIFEST_TYPES.join(", ") }),
    );
    if (isAbsent(answer)) return undefined;
    const body = bodyOf(answer, subject);
    const digest = digestOf(body);
    const told = DIGEST.test(version) ? version : answer.headers.get("docker-content-digest");
    if (told?.startsWith("sha256:") === true && told !== digest) throw otherDigest(subject, told, digest);
    return { body, digest, contentType: (answer.headers.get("content-type") ?? "").split(";", 1)[0]!.trim() };
  }

  /** Of the repository, as far as the registry tells them at once. Throws as `Asker.ask`, `index-response-invalid`. */
  async tags(): Promise<readonly string[]> {
    const subject = `the tags of ${quote(this.#reference.text)}`;
    const url = new URL(`${this.#reference.repository}/tags/list`, this.#reference.registry).href;
    const answer = await this.#authorized((own) =>
      this.#asker.ask({ url, subject, limit: TAGS_LIMIT, ...own }),
    );
    if (isAbsent(answer)) return [];
    const tags = Reading.parse(bodyOf(answer, subject), subject).maybe("tags")?.list(MOST_TAGS) ?? [];
    return tags.map((tag) => tag.text(200));
  }

  /** A blob that is small. Throws as `Asker.ask`, `hash-mismatch`, `index-response-invalid` where it is not there. */
  async blob({ digest, size }: Blob): Promise<Buffer> {
    const parts: Buffer[] = [];
    await this.stream({ digest, size }, () => {
      parts.length = 0;
      return (chunk) => {
        parts.push(chunk);
        return undefined;
      };
    });
    const body = Buffer.concat(parts);
    if (digestOf(body) !== digest) throw otherDigest(this.#blobSubject(digest), digest, digestOf(body));
    return body;
  }

  /** A blob as it comes; its digest is for the caller to check. `begin` is called for each attempt. Throws as `blob`. */
  async stream({ digest, size }: Blob, begin: () => Sink): Promise<void> {
    const subject = this.#blobSubject(digest);
    const request = { url: this.#url("blobs", digest), subject, limit: size };
    const answer = await this.#authorized((own) => this.#asker.askStream({ ...request, ...own }, begin));
    if (isAbsent(answer)) throw notUnderstood(subject, "the registry does not have it");
  }

  #blobSubject(digest: string): string {
    return `${quote(digest.slice(0, 19))} of ${quote(this.#reference.text)}`;
  }

  #url(kind: "manifests" | "blobs", name: string): string {
    return new URL(`${this.#reference.repository}/${kind}/${name}`, this.#reference.registry).href;
  }

  /** Asks; where the registry wants a token, or a newer one, with that. */
  async #authorized<T>(ask: (own: Pick<Request, "authorization" | "refusesFor">) => Promise<T>): Promise<T> {
    let challenge: string | undefined;
    const refusesFor = ({ status, headers }: AnswerHead) => {
      if (status === 401) challenge = headers.get("www-authenticate");
      return undefined;
    };
    const { authorization } = this.#login;
    try {
      return await ask({ authorization, refusesFor });
    } catch (error) {
      if (!(error instanceof ThothError) || error.code !== "unauthorized") throw error;
      if (!(await this.#login.renew(challenge ?? "", authorization))) throw error;
    }
    return await ask({ authorization: this.#login.authorization });
  }
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function otherDigest(subject: string, expected: string, found: string): ThothError {
  return new ThothError("hash-mismatch", `What is sent as ${subject} is not what was promised.`, {
    details: { algorithm: "sha256", expected, found },
  });
}
