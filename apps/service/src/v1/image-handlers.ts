// Images of the first API: what a registry tells of one, and analyses of what one holds.

import type { ImageMetadata, QueuedImageAnalysis } from "@thoth/contract/service";
import type { ImageDescription, ImageReference } from "@thoth/ingest";
import { ThothError } from "@thoth/pep";
import type { Vault } from "../access/vault.ts";
import type { Caller, Handler, Incoming } from "../http/handler.ts";
import { invalid } from "../http/incoming.ts";
import { imageOf } from "../questions/check-image.ts";
import { type RegistryCredentials, sealCredentials } from "../questions/image-question.ts";
import type { ImageQuestion } from "../questions/question.ts";
import type { Service } from "../service.ts";
import { parametersOf } from "./answers.ts";
import { type Admit, isTrue, PRIORITY } from "./ask.ts";
import { inspectedImage } from "./inspected-image.ts";
import type { DescribeImage } from "./registry-desk.ts";

export interface ImageSettings {
  readonly describe: DescribeImage;
  /** Throws `forbidden` for an image of a registry that may not be asked. */
  readonly checkImage: (image: string) => void;
  /** Undefined: no credentials are taken that would have to be kept. */
  readonly vault: Vault | undefined;
}

type Query = Incoming["query"];

export function metadataHandler({ describe, checkImage }: ImageSettings, admit: Admit): Handler {
  return async ({ caller, query, signal }) => {
    const asked = readAsked(query["image"] ?? "", registryOf(query));
    checkImage(asked.reference.text);
    admit(caller);
    const description = await describe(asked.reference, { credentials: asked.credentials, signal });
    return { status: 200, document: metadataDocument(asked.reference, description) };
  };
}

function metadataDocument({ text, version }: ImageReference, description: ImageDescription): ImageMetadata {
  const inspected = inspectedImage(description);
  return {
    ...inspected,
    name: text.replace(/(?:@[^@]+|:[^:/]+)$/, ""),
    tag: version.includes(":") ? "" : version,
    digest: inspected.Digest,
    repo_tags: inspected.RepoTags,
    created: inspected.Created,
    docker_version: inspected.DockerVersion,
    labels: inspected.Labels,
    architecture: inspected.Architecture,
    os: inspected.Os,
    layers: inspected.Layers,
  };
}

export function analyzeHandler(service: Service, settings: ImageSettings, admit: Admit): Handler {
  return async ({ caller, query }) => {
    const asked = readAsked(query["image"] ?? "", registryOf(query));
    const question = imageQuestionOf(asked, { caller, query, vault: settings.vault });
    const document = await askImage(service, question, { caller, query, admit });
    return { status: 202, document };
  };
}

/** Of one image: those of the query, which of a build has two. */
export interface GivenRegistry {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly verifyTls: string | undefined;
}

export function registryOf(query: Query, prefix = ""): GivenRegistry {
  return {
    user: query[`${prefix}registry_user`],
    password: query[`${prefix}registry_password`],
    verifyTls: query[`${prefix}${prefix === "" ? "" : "registry_"}verify_tls`],
  };
}

export interface AskedImage {
  readonly reference: ImageReference;
  readonly credentials: RegistryCredentials | undefined;
}

/** Throws `invalid-request`. */
export function readAsked(image: string, { user, password, verifyTls = "true" }: GivenRegistry): AskedImage {
  const reference = imageOf(image);
  if (!isTrue(verifyTls))
    throw new ThothError("invalid-request", "the certificates of registries are always verified", {
      hint: "Whoever runs the service can have it trust another authority by `SSL_CERT_FILE`.",
      details: { status: 400 },
    });
  if (user === undefined && password === undefined) return { reference, credentials: undefined };
  if (user === undefined || password === undefined)
    throw invalid("a user and a password for a registry are given both or none");
  return { reference, credentials: { user, password } };
}

export interface ImageAsking {
  readonly caller: Caller;
  readonly query: Query;
  readonly admit: Admit;
}

/** Throws `forbidden`, `quota-exceeded`. */
export async function askImage(
  service: Service,
  question: ImageQuestion,
  { caller, query, admit }: ImageAsking,
): Promise<QueuedImageAnalysis> {
  const { isNew, job } = await service.ask({
    tenant: caller.tenant,
    question,
    priority: PRIORITY,
    force: isTrue(query["force"]),
    admit: () => admit(caller),
  });
  (isNew ? service.metrics.misses : service.metrics.hits).inc();
  const { debug = "false", environment_type = "runtime" } = query;
  const parameters = {
    ...parametersOf(query),
    image: question.image,
    environment_type,
    debug: isTrue(debug),
    verify_tls: true,
  };
  return { analysis_id: job.id, cached: !isNew, parameters };
}

/**
 * Who asks without a token shares answers with everybody who does, so that where the others ask from is not told. Throws
 * `forbidden` for credentials that cannot be kept from others.
 */
export function imageQuestionOf(
  { reference: { text: image }, credentials }: AskedImage,
  { caller, query, vault }: Omit<ImageAsking, "admit"> & Pick<ImageSettings, "vault">,
): ImageQuestion {
  const { environment_type = "runtime", debug, origin } = query;
  const { tenant, isAnonymous, scopes } = caller;
  const echo = {
    environment_type,
    debug: isTrue(debug),
    ...(isAnonymous || origin === undefined ? {} : { origin }),
  };
  if (credentials === undefined) return { kind: "image", image, echo };
  if (isAnonymous && scopes.has("read"))
    throw new ThothError("forbidden", "everybody may read here what is asked without a token", {
      hint: "Ask with a token, so that nobody else sees what takes a user and a password.",
    });
  if (vault === undefined)
    throw new ThothError("forbidden", "this service keeps no credentials of registries", {
      hint: "Whoever runs it must set `THOTH_SECRET_KEY` first.",
    });
  return { kind: "image", image, sealed: sealCredentials(credentials, { image, tenant, vault }), echo };
}
