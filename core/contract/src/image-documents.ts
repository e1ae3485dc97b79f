// The document of an image: what its layers leave, and what its configuration says.

import {
  choiceOf,
  count,
  type Described,
  flag,
  listOf,
  nullable,
  seconds,
  sha256,
  shapeOf,
  text,
  type ValueOf,
} from "./shape.ts";

const texts: Described<Readonly<Record<string, string>>> = { type: "object", additionalProperties: text };
const textLists: Described<Readonly<Record<string, readonly string[]>>> = {
  type: "object",
  additionalProperties: listOf(text),
};

export const imageDocument = shapeOf("What a container image holds", {
  /** With everything that is usually left out: `docker.io/library/python:3.12-slim`. */
  image: text,
  /** Of its manifest. */
  digest: text,
  /** Of the list of images for several platforms that the name leads to. */
  "list?": text,
  /** Bytes, packed. */
  size: count,
  "created?": text,
  /** Of the Docker that made it. */
  "dockerVersion?": text,
  labels: texts,
  architecture: text,
  os: shapeOf("An operating system", { id: text, version: text }),
  /** The lowest one first. */
  layers: listOf(shapeOf("A layer", { digest: text, size: count })),
  packages: listOf(
    shapeOf("A native package", {
      kind: choiceOf("rpm", "deb", "apk"),
      name: text,
      version: text,
      architecture: text,
    }),
  ),
  pythons: listOf(shapeOf("An interpreter", { path: text, version: text })),
  distributions: listOf(shapeOf("A Python package", { name: text, version: text, path: text })),
  libraries: listOf(
    shapeOf("A native library", {
      path: text,
      machine: text,
      "soname?": text,
      needs: listOf(text),
      /** Versions of symbols that it needs, by library. */
      symbols: textLists,
      provides: listOf(text),
    }),
  ),
  environment: texts,
  /** Whether the knowledge graph has it now. */
  kept: flag,
});

export type ImageDocument = ValueOf<typeof imageDocument>;

export const notebookImageDocument = shapeOf("A container image that was made of a notebook", {
  notebook: text,
  /** Digest of the configuration: what is in the image, however it is packed. */
  image: text,
  /** Of the manifest: how it is packed too. */
  manifest: text,
  base: shapeOf("What it stands on", { digest: text, python: text, platform: text }),
  kind: choiceOf("layout", "archive", "registry"),
  /** A path, or the name of the image in its registry. */
  output: text,
  /** Bytes of all layers, packed. */
  size: count,
  /** The lowest one first. */
  layers: listOf(shapeOf("A layer", { digest: text, size: count })),
  /** Manifests of what is told beside it: a bill of materials, the provenance, the advice. */
  attachments: listOf(shapeOf("An attachment", { type: text, digest: text })),
  /** To a registry: bytes that were sent, and how many blobs came to be there in which way. */
  "pushed?": shapeOf("What was pushed", { bytes: count, sent: count, mounted: count, present: count }),
  packages: listOf(shapeOf("A package and its version", { name: text, version: text })),
});

export type NotebookImageDocument = ValueOf<typeof notebookImageDocument>;

export const s2iDocument = shapeOf("What a step of Source-to-Image did", {
  action: choiceOf("containerfile", "assemble", "run", "usage"),
  /** Where the Containerfile is, or the executed notebook. */
  "output?": text,
  "builder?": text,
  /** Files of the context, and what they are: SHA-256 over their paths, rights and bytes. */
  "files?": count,
  "context?": sha256,
  /** Relative to the root of the builder: the environment of the project. */
  "environment?": nullable(text),
  "notebooks?": listOf(
    shapeOf("A notebook with its kernel and environment", { path: text, kernel: text, environment: text }),
  ),
  "notebook?": text,
  "cells?": shapeOf("How many cells were executed", { executed: count, total: count }),
  "seconds?": seconds,
  "usage?": text,
});

export type S2iDocument = ValueOf<typeof s2iDocument>;
