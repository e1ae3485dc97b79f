// The documents that an image is made of, written the same for the same content.
// https://github.com/opencontainers/image-spec: descriptor.md, manifest.md, config.md, image-index.md

import { blobDigest, type Packing } from "@thoth/ingest";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly artifactType?: string;
  readonly platform?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
export const CONFIGURATION_TYPE = "application/vnd.oci.image.config.v1+json";
export const EMPTY_TYPE = "application/vnd.oci.empty.v1+json";

const LAYER_TYPES: Readonly<Record<Packing, string>> = {
  none: "application/vnd.oci.image.layer.v1.tar",
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
};

export function layerType(packing: Packing): string {
  return LAYER_TYPES[packing];
}

/** A document, and how others name it. */
export interface ImageDocument {
  readonly bytes: Buffer;
  readonly descriptor: Descriptor;
}

export function documentOf(mediaType: string, value: unknown): ImageDocument {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, descriptor: { mediaType, digest: blobDigest(bytes), size: bytes.length } };
}

/** `artifactType` and `subject` are for what is attached to an image. */
export function manifestOf(parts: {
  readonly configuration: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
}): ImageDocument {
  const { configuration, layers, annotations, artifactType, subject } = parts;
  return documentOf(MANIFEST_TYPE, {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    ...(artifactType === undefined ? {} : { artifactType }),
    config: configuration,
    layers,
    ...(subject === undefined ? {} : { subject }),
    annotations,
  });
}

/** Sorted by name, whoever wrote them in which order. */
export function sorted(entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(entries).sort(([left], [right]) => (left < right ? -1 : 1)));
}
