// Where manifests and blobs of an image are had: a registry, or whatever else keeps them by their digests.

import type { Sink } from "@thoth/index";
import type { Blob, FetchedManifest } from "./manifest.ts";

export interface ImageSource {
  /** Undefined: there is none. */
  manifest(version: string): Promise<FetchedManifest | undefined>;
  /** A small one, with its digest checked. */
  blob(blob: Blob): Promise<Buffer>;
  /** As it comes; its digest is for the caller to check. `begin` is called for each attempt. */
  stream(blob: Blob, begin: () => Sink): Promise<void>;
}
