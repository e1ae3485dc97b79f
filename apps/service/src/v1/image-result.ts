// The first API's document of an analysis of an image, as the original's package-extract told it.

import type { ImageDocument } from "@thoth/contract";
import type { ImageAnalysis } from "@thoth/contract/service";
import type { KnownImage } from "./catalogue.ts";
import { type Deployment, type Ended, metadataOf } from "./envelope.ts";
import { type Inspected, inspectedImage } from "./inspected-image.ts";

export interface AnsweredImage {
  readonly job: Ended;
  readonly echo: Readonly<Record<string, unknown>>;
  readonly document: Omit<ImageDocument, "kept">;
  readonly deployment: Deployment;
}

export function imageResult({ job, echo, document, deployment }: AnsweredImage): ImageAnalysis {
  const { debug = false, environment_type = "runtime", origin = null } = echo;
  const args = {
    "thoth-package-extract": { verbose: debug, metadata: { environment_type, origin, is_external: true } },
    "extract-image": { image: document.image },
  };
  const { image, digest, size, os, architecture, layers, pythons, environment } = document;
  return {
    metadata: metadataOf(job, deployment, args),
    result: {
      "operating-system": { id: os.id, name: os.id, version_id: os.version },
      "python-interpreters": pythons.map(({ path, version }) => ({ path, version, link: "" })),
      ...pythonPackages(document),
      ...nativePackages(document),
      ...libraries(document),
      "environment-variables": environment,
      "cuda-version": CUDA in environment ? { [CUDA]: environment[CUDA] } : {},
      "aicoe-ci": { requirements: {}, requirements_lock: {} },
      "skopeo-inspect": inspectedOf(document),
      layers: layers.map((layer) => layer.digest),
      image_size: size,
      "image-digest": digest,
      "image-name": image,
      architecture,
    },
  };
}

/** Of an image that was read for the knowledge graph, whoever has asked for it. */
export function knownImageResult({ image, observedAt }: KnownImage, deployment: Deployment): ImageAnalysis {
  const { reference, digest, created, also: _, ...rest } = image;
  const at = observedAt * 1000;
  const job: Ended = {
    id: digest.replace(/^sha256:/, ""),
    kind: "image",
    created: at,
    started: at,
    finished: at,
  };
  const document = {
    ...rest,
    image: reference,
    digest,
    ...(created === undefined ? {} : { created: new Date(created * 1000).toISOString() }),
    layers: [],
    labels: {},
  };
  return imageResult({ job, echo: {}, document, deployment });
}

type Document = AnsweredImage["document"];

const CUDA = "CUDA_VERSION";

function inspectedOf(document: Document): Inspected {
  const { image, environment, layers } = document;
  const tag = /^[^@]+:([^/:@]+)$/.exec(image)?.[1];
  return inspectedImage({
    ...document,
    layers: layers.map((layer) => layer.digest),
    os: "linux",
    tags: tag === undefined ? [] : [tag],
    variables: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  });
}

function pythonPackages({ distributions }: Document) {
  return {
    "python-packages": distributions.map(({ name, version, path }) => ({
      package_name: name,
      package_version: version,
      location: path,
    })),
    "python-files": [],
    mercator: distributions.map(({ name, version, path }) => ({
      ecosystem: "Python-Dist",
      path,
      result: { name, version },
    })),
  };
}

function nativePackages({ packages }: Document) {
  const of = (kind: Document["packages"][number]["kind"]) => packages.filter((one) => one.kind === kind);
  const rpms = of("rpm").map(partsOf);
  return {
    rpm: rpms.map(identifierOf),
    "rpm-dependencies": rpms.map((parts) => ({
      ...parts,
      src: false,
      package_identifier: identifierOf(parts),
      dependencies: [],
    })),
    deb: of("deb")
      .map(partsOf)
      .map(({ name, version, release, epoch, arch }) => ({
        name,
        version: release === "" ? version : `${version}-${release}`,
        epoch: epoch ?? "",
        arch,
      })),
    "deb-dependencies": [],
    apk: of("apk").map(({ name, version, architecture: arch }) => ({ name, version, arch })),
  };
}

/** Of `[epoch:]version[-release]`. */
function partsOf({ name, version: text, architecture: arch }: Document["packages"][number]) {
  const [, epoch = null, version = "", release = ""] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(text) ?? [];
  return { name, version, release, epoch, arch };
}

/** As `rpm -qa` shows it. */
function identifierOf({ name, version, release, arch }: ReturnType<typeof partsOf>): string {
  return `${name}-${version}-${release}${arch === "" ? "" : `.${arch}`}`;
}

function libraries({ libraries: found }: Document) {
  const symbols = new Map<string, Set<string>>();
  for (const { soname, path, provides } of found) {
    if (provides.length === 0) continue;
    const name = soname ?? path.slice(path.lastIndexOf("/") + 1);
    const known = symbols.get(name) ?? new Set();
    symbols.set(name, known);
    for (const symbol of provides) known.add(symbol);
  }
  const sorted = [...symbols].map(([name, provided]) => [name, [...provided].sort()] as const);
  return {
    "system-symbols": Object.fromEntries(sorted),
    "system-libraries": found.map(({ path, soname = null, machine }) => ({ path, soname, machine })),
  };
}
