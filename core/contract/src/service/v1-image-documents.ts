// Documents of the first API about images and builds. A result is what the original's package-extract found, under the names
// that it gave: https://github.com/thoth-station/package-extract

import {
  anyObject,
  choiceOf,
  count,
  type Described,
  flag,
  listOf,
  nullable,
  openShapeOf,
  shapeOf,
  text,
  textLike,
  type ValueOf,
} from "../shape.ts";
import { metadata, parameters } from "./v1-documents.ts";

/** As skopeo tells it, of which some clients know no other. */
const inspected = {
  Architecture: text,
  Created: text,
  Digest: text,
  DockerVersion: text,
  Env: listOf(text),
  Labels: anyObject,
  Layers: listOf(text),
  Os: text,
  RepoTags: listOf(text),
} as const;

export const imageMetadata = shapeOf("What a registry tells of an image", {
  ...inspected,
  name: text,
  tag: text,
  /** Of what the name leads to. */
  digest: text,
  repo_tags: listOf(text),
  /** `0001-01-01T00:00:00Z`: it does not say. */
  created: text,
  /** Empty: it does not say. */
  docker_version: text,
  labels: anyObject,
  architecture: text,
  os: text,
  layers: listOf(text),
});

export const queuedImageAnalysis = shapeOf("An analysis of an image that is queued", {
  analysis_id: text,
  cached: flag,
  parameters,
});

const textLists: Described<Readonly<Record<string, readonly string[]>>> = {
  type: "object",
  additionalProperties: listOf(text),
};

export const imageAnalysis = shapeOf("What an analysis of an image has found", {
  metadata,
  result: shapeOf("The result of an analysis of an image", {
    "operating-system": shapeOf("As os-release tells", { id: text, name: text, version_id: text }),
    "python-interpreters": listOf(
      // The link is always empty: where links lead is not told.
      shapeOf("An interpreter", { path: text, version: text, link: text }),
    ),
    "python-packages": listOf(
      shapeOf("A Python package", { package_name: text, package_version: text, location: text }),
    ),
    /** Always empty: files of code are not read. */
    "python-files": listOf(shapeOf("A file of Python", { filepath: text, sha256: text })),
    /** The same, as they were told first. */
    mercator: listOf(
      shapeOf("What was found of Python", {
        ecosystem: text,
        path: text,
        result: shapeOf("A Python package by its metadata", { name: text, version: text }),
      }),
    ),
    rpm: listOf(text),
    "rpm-dependencies": listOf(
      shapeOf("An RPM", {
        name: text,
        version: text,
        release: text,
        epoch: nullable(text),
        arch: text,
        src: flag,
        package_identifier: text,
        /** Always empty: what it needs is not read. */
        dependencies: listOf(text),
      }),
    ),
    deb: listOf(shapeOf("A package of Debian", { name: text, version: text, epoch: text, arch: text })),
    /** Always empty: what these need is not read. */
    "deb-dependencies": listOf(anyObject),
    apk: listOf(shapeOf("A package of Alpine", { name: text, version: text, arch: text })),
    /** Versions of symbols that libraries provide. */
    "system-symbols": textLists,
    "system-libraries": listOf(shapeOf("A library", { path: text, soname: nullable(text), machine: text })),
    "environment-variables": anyObject,
    /** By what says it. */
    "cuda-version": anyObject,
    /** A project that a builder of images has left there is not looked for: both are empty. */
    "aicoe-ci": shapeOf("Of a builder of images", { requirements: anyObject, requirements_lock: anyObject }),
    "skopeo-inspect": shapeOf("As skopeo tells it; of its tags the one that was asked for", inspected),
    layers: listOf(text),
    /** Bytes, packed. */
    image_size: count,
    "image-digest": text,
    "image-name": text,
    architecture: text,
  }),
});

export const buildInput = openShapeOf("A build", {
  "base_image?": nullable(text),
  "output_image?": nullable(text),
  "build_log?": nullable(
    openShapeOf("A log of a build", {
      "log?": nullable(text),
      "apiversion?": nullable(text),
      "kind?": nullable(text),
      "metadata?": {},
    }),
  ),
});

export const queuedBuildAnalysis = shapeOf("Analyses of a build that are queued", {
  base_image_analysis: nullable(queuedImageAnalysis),
  output_image_analysis: nullable(queuedImageAnalysis),
  /** Always null: no path of this API tells what an analysis of a log has found. The log itself is kept as it is. */
  buildlog_analysis: nullable(queuedImageAnalysis),
  /** Null: no log was sent. */
  buildlog_document_id: nullable(text),
});

export const ENVIRONMENT_TYPES = ["runtime", "buildtime"] as const;
export const environmentType = choiceOf(...ENVIRONMENT_TYPES);

/** With its type; no other than SHA-256 is known. */
export const imageHash = textLike("^[A-Za-z0-9:._+-]{1,200}$");

export type BuildInput = ValueOf<typeof buildInput>;
export type ImageAnalysis = ValueOf<typeof imageAnalysis>;
export type ImageMetadata = ValueOf<typeof imageMetadata>;
export type QueuedImageAnalysis = ValueOf<typeof queuedImageAnalysis>;
