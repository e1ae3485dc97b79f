// An image from its layout to a registry: blobs first, a few at once, then what names them.

import { type ImageReference, Reading } from "@thoth/ingest";
import { type Attachment, referrersTag, withReferrers } from "./attachments.ts";
import { type Descriptor, type ImageDocument, INDEX_TYPE, MANIFEST_TYPE } from "./image-documents.ts";
import { pathOfBlob } from "./layout-writer.ts";
import { type BlobFate, RegistryWriter, type RegistryWriterOptions } from "./registry-writer.ts";

export interface PushRequest extends RegistryWriterOptions {
  /** The folder of the layout. */
  readonly layout: string;
  readonly configuration: Descriptor;
  readonly manifest: ImageDocument;
  readonly layers: readonly Descriptor[];
  /** Where the base came from: the same registry may have its layers already. */
  readonly from?: { readonly reference: ImageReference; readonly layers: readonly Descriptor[] } | undefined;
  /** Of the image; their blobs lie in the layout too. */
  readonly attachments?: readonly Attachment[];
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

export interface Pushed {
  /** Bytes of blobs that were sent. */
  readonly sent: number;
  /** Numbers of blobs. */
  readonly blobs: Readonly<Record<BlobFate, number>>;
}

const AT_ONCE = 3;
const MOST_REFERRERS = 10_000;

/** Throws as `RegistryWriter`. */
export async function pushImage(request: PushRequest): Promise<Pushed> {
  const { layout, configuration, manifest, layers, from, progress, reference } = request;
  const isSame = from?.reference.registry === reference.registry;
  const mounted = isSame && from.reference.repository !== reference.repository ? from : undefined;
  const writer = new RegistryWriter(request, mounted?.reference.repository);
  const blobs = new Map([...layers, configuration].map((blob) => [blob.digest, blob]));
  const waiting = [...blobs.values()].sort((left, right) => left.size - right.size);
  const total = waiting.reduce((sum, { size }) => sum + size, 0);
  const fates = { present: 0, mounted: 0, sent: 0 };
  let sent = 0;
  let done = 0;
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { digest, size } = next;
      const own = mounted?.layers.some((layer) => layer.digest === digest) === true;
      const fate = await writer.blob(
        pathOfBlob(layout, digest),
        next,
        own ? mounted.reference.repository : undefined,
      );
      fates[fate]++;
      if (fate === "sent") sent += size;
      done += size;
      progress?.(done, total);
    }
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, () =>
      work().catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      }),
    ),
  );
  await writer.putManifest(reference.version, manifest.bytes, MANIFEST_TYPE);
  await pushAttachments(writer, request);
  return { sent, blobs: fates };
}

/** A registry that lists referrers by itself says so; for others the list is kept under a tag. */
async function pushAttachments(
  writer: RegistryWriter,
  { layout, manifest, attachments = [] }: PushRequest,
): Promise<void> {
  const unlisted: Descriptor[] = [];
  for (const attachment of attachments) {
    for (const { descriptor } of attachment.blobs)
      await writer.blob(pathOfBlob(layout, descriptor.digest), descriptor);
    const { bytes, descriptor } = attachment.manifest;
    const headers = await writer.putManifest(descriptor.digest, bytes, MANIFEST_TYPE);
    if (!headers.has("oci-subject")) unlisted.push(attachment.entry);
  }
  if (unlisted.length === 0) return;
  const tag = referrersTag(manifest.descriptor.digest);
  const known = await writer.getManifest(tag, INDEX_TYPE);
  const list = withReferrers(known === undefined ? [] : entriesOf(known, tag), unlisted);
  if (list !== undefined) await writer.putManifest(tag, list.bytes, INDEX_TYPE);
}

/** Checked, and kept as they are. Throws `index-response-invalid`. */
function entriesOf(body: Buffer, tag: string): readonly Descriptor[] {
  const entries = Reading.parse(body, `the list ${tag}`).get("manifests").list(MOST_REFERRERS);
  for (const entry of entries) {
    entry.get("digest").text();
    entry.get("size").count();
    entry.get("mediaType").text();
  }
  return (JSON.parse(body.toString("utf8")) as { readonly manifests: readonly Descriptor[] }).manifests;
}
