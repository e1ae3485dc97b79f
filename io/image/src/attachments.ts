// What is told of an image beside it: documents that name it as their subject, which registries list as its referrers.
// https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage

import {
  type Descriptor,
  documentOf,
  EMPTY_TYPE,
  type ImageDocument,
  INDEX_TYPE,
  manifestOf,
} from "./image-documents.ts";

export interface Attachment {
  /** What it is of: its manifest names the image. */
  readonly manifest: ImageDocument;
  /** The document, and the empty configuration that every such manifest has. */
  readonly blobs: readonly ImageDocument[];
  /** As lists of referrers have it. */
  readonly entry: Descriptor;
}

export interface AttachedDocument {
  /** Media type of the document. */
  readonly type: string;
  readonly value: unknown;
  readonly title: string;
}

/** `created`: as `2026-01-31T00:00:00Z`. */
export function attach(
  { type, value, title }: AttachedDocument,
  subject: Descriptor,
  created: string,
): Attachment {
  const document = documentOf(type, value);
  const configuration = documentOf(EMPTY_TYPE, {});
  const annotations = { "org.opencontainers.image.created": created };
  const layer = { ...document.descriptor, annotations: { "org.opencontainers.image.title": title } };
  const { mediaType, digest, size } = subject;
  const manifest = manifestOf({
    artifactType: type,
    configuration: configuration.descriptor,
    layers: [layer],
    subject: { mediaType, digest, size },
    annotations,
  });
  return {
    manifest,
    blobs: [configuration, document],
    entry: { ...manifest.descriptor, artifactType: type, annotations },
  };
}

/** The tag under which registries without a list of referrers keep one. */
export function referrersTag(digest: string): string {
  return digest.replace(":", "-");
}

/** Such a list with more in it: what it had stays, in its order. Undefined where it has them all. */
export function withReferrers(
  known: readonly Descriptor[],
  entries: readonly Descriptor[],
): ImageDocument | undefined {
  const digests = new Set(known.map(({ digest }) => digest));
  const added = entries.filter(({ digest }) => !digests.has(digest));
  if (added.length === 0) return undefined;
  return documentOf(INDEX_TYPE, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...known, ...added] });
}
