// An image from its layout to a registry: blobs first, a few at once, then what names them.

import type { ImageReference } from "@thoth/ingest";
import { type Descriptor, type ImageDocument, MANIFEST_TYPE } from "./image-documents.ts";
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
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

export interface Pushed {
  /** Bytes of blobs that were sent. */
  readonly sent: number;
  /** Numbers of blobs. */
  readonly blobs: Readonly<Record<BlobFate, number>>;
}

const AT_ONCE = 4;

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
  return { sent, blobs: fates };
}
