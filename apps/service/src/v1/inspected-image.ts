// An image as skopeo tells it: the form that clients of the first API know.

import type { ImageMetadata } from "@thoth/contract/service";

export type Inspected = Pick<
  ImageMetadata,
  "Architecture" | "Created" | "Digest" | "DockerVersion" | "Env" | "Labels" | "Layers" | "Os" | "RepoTags"
>;

interface Told {
  readonly architecture: string;
  readonly created?: string | undefined;
  readonly digest: string;
  readonly dockerVersion?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly layers: readonly string[];
  readonly os: string;
  readonly tags: readonly string[];
  /** As `NAME=VALUE`. */
  readonly variables: readonly string[];
}

/** What stands where an image does not say when it was made. */
const NEVER = "0001-01-01T00:00:00Z";

export function inspectedImage(image: Told): Inspected {
  return {
    Architecture: image.architecture,
    Created: image.created ?? NEVER,
    Digest: image.digest,
    DockerVersion: image.dockerVersion ?? "",
    Env: image.variables,
    Labels: image.labels,
    Layers: image.layers,
    Os: image.os,
    RepoTags: image.tags,
  };
}
