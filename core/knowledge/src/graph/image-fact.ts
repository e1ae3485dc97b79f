// What a container image holds, read from its layers; nothing of it is run.

import type { NativeLibrary } from "./artifact-facts.ts";

export interface ImageFact {
  /** Such as `docker.io/library/python:3.12-slim`. */
  readonly reference: string;
  /** Other names of the same image, sorted. */
  readonly also?: readonly string[];
  readonly digest: string;
  /** Bytes, packed. */
  readonly size: number;
  readonly created?: number;
  readonly os: { readonly id: string; readonly version: string };
  readonly architecture: string;
  /** Native packages. */
  readonly packages: readonly {
    readonly kind: "rpm" | "deb" | "apk";
    readonly name: string;
    readonly version: string;
    readonly architecture: string;
  }[];
  readonly pythons: readonly { readonly path: string; readonly version: string }[];
  readonly distributions: readonly {
    readonly name: string;
    readonly version: string;
    readonly path: string;
  }[];
  readonly libraries: readonly NativeLibrary[];
  readonly environment: Readonly<Record<string, string>>;
}
