// Where the native files of a stack would be loaded: this machine, an environment on it, or an image of which the knowledge
// graph tells; and which wheels would get there.

import { existsSync } from "node:fs";
import { machine } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "@thoth/artifact";
import type { ContentsFact, ImageFact, KnowledgeGraph, Owner } from "@thoth/knowledge";
import { parseVersion, quote, type TargetEnvironment, ThothError, targetEnvironment } from "@thoth/pep";
import { type Invocation, textOption } from "../frame/command.ts";
import { findTarget } from "../project/target.ts";
import { readIndexSettings } from "../settings/resolution-settings.ts";

export interface AbiPlace {
  readonly kind: "image" | "environment" | "machine";
  /** In words: `debian 12`, `this machine`. */
  readonly name: string;
  readonly machine: string;
  readonly python: string;
  /** Of an image. */
  readonly digest?: string;
  /** Takes the wheels that would be installed there first, and else those that only something there forbids. */
  readonly target: TargetEnvironment;
  surroundings(wheels: readonly ContentsFact[]): Promise<Surroundings>;
}

/** Throws usage, interpreter-not-found, what the graph throws. */
export async function findPlace(
  invocation: Invocation,
  graph: KnowledgeGraph | undefined,
): Promise<AbiPlace> {
  const { options } = invocation;
  const image = textOption(options, "image");
  const folder = textOption(options, "environment");
  if (image === undefined) return await placeHere(invocation, folder);
  if (folder !== undefined) throw new ThothError("usage", "`--image` and `--environment` do not go together");
  return await placeInImage(invocation, await findImage(graph, image));
}

async function placeHere(invocation: Invocation, folder: string | undefined): Promise<AbiPlace> {
  const { options, environment } = invocation;
  if (process.platform !== "linux")
    throw new ThothError("usage", "only Linux tells which libraries it has", {
      hint: "Name an image with `--image`.",
    });
  const { cacheDirectory } = readIndexSettings(options, environment);
  const pythonVersion = folder === undefined ? textOption(options, "pythonVersion") : pythonOf(folder);
  const { target, interpreter } = await findTarget({ pythonVersion, cacheDirectory });
  const { readSurroundings } = await import("@thoth/ingest");
  return {
    kind: folder === undefined ? "machine" : "environment",
    name: folder ?? "this machine",
    machine: machine(),
    python: interpreter.version,
    target: widened(target, interpreter.version, machine()),
    surroundings: (wheels) => readSurroundings(wheels, folder === undefined ? [] : [join(folder, "lib")]),
  };
}

/** Throws `usage`. */
function pythonOf(folder: string): string {
  const path = join(folder, "bin", "python");
  if (existsSync(path)) return path;
  throw new ThothError("usage", `${quote(folder)} is no environment: it has no ${quote("bin/python")}`, {
    hint: "Name the folder of a virtual or conda environment.",
  });
}

async function placeInImage({ options }: Invocation, image: ImageFact): Promise<AbiPlace> {
  const { glibcOf } = await import("@thoth/artifact");
  const { libraries, os, digest, pythons } = image;
  const own = machineOf(image);
  const python = textOption(options, "pythonVersion") ?? newestPython(pythons);
  if (python === undefined || !/^\d+\.\d+(?:\.\d+)?$/.test(python))
    throw new ThothError("usage", `which Python is meant in ${quote(image.reference)} is not known`, {
      hint: "Name its version with `--python-version`, such as 3.12.",
    });
  const glibc = glibcOf(libraries);
  const platform =
    glibc === undefined ? `musllinux_1_2_${own}` : `manylinux_${glibc.replace(".", "_")}_${own}`;
  return {
    kind: "image",
    name: `${os.id} ${os.version}`.trim(),
    machine: own,
    python,
    digest,
    target: widened(targetEnvironment({ pythonVersion: python, platform }), python, own),
    surroundings: async () => ({ kind: "libraries", machine: own, libraries }),
  };
}

const PAGE = 500;

/** By a name or the digest; of several with one name, as when a tag has moved, the newest. Throws `usage`. */
async function findImage(graph: KnowledgeGraph | undefined, text: string): Promise<ImageFact> {
  const { parseImageReference } = await import("@thoth/ingest");
  const isDigest = /^sha256:[0-9a-f]{64}$/.test(text);
  const name = isDigest ? text : parseImageReference(text).text;
  const found: ImageFact[] = [];
  let after: Owner | undefined;
  do {
    const owners = await graph?.owners({
      kind: "image",
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    const facts = owners === undefined ? [] : await graph?.read({ owners, kinds: ["image"] });
    for (const { kind, body } of facts ?? [])
      if (kind === "image" && [body.digest, body.reference, ...(body.also ?? [])].includes(name))
        found.push(body);
    after = owners?.length === PAGE ? owners.at(-1) : undefined;
  } while (after !== undefined);
  found.sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
  if (found[0] !== undefined) return found[0];
  throw new ThothError("usage", `nothing is known of the image ${quote(text)}`, {
    hint: isDigest
      ? "`thoth knowledge refresh images --image NAME` asks a registry for one."
      : `\`thoth knowledge refresh images --image ${name}\` asks its registry.`,
  });
}

const MACHINES: ReadonlyMap<string, string> = new Map([
  ["amd64", "x86_64"],
  ["arm64", "aarch64"],
  ["386", "i686"],
  ["arm", "armv7l"],
]);

/** As platform tags have it. */
function machineOf({ architecture }: ImageFact): string {
  return MACHINES.get(architecture) ?? architecture;
}

function newestPython(pythons: ImageFact["pythons"]): string | undefined {
  const plain = pythons.map(({ version }) => version.replace(/(?:a|b|rc)\d+$/, ""));
  return plain.sort((a, b) => numberOf(b) - numberOf(a))[0];
}

function numberOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = parseVersion(version).release.map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}

/** Wheels for newer systems too, after those that fit: what they lack is the question. */
function widened(target: TargetEnvironment, pythonVersion: string, own: string): TargetEnvironment {
  const tags = new Map(target.tags);
  for (const platform of [`manylinux_2_200_${own}`, `musllinux_1_200_${own}`]) {
    const { tags: others } = targetEnvironment({ pythonVersion, platform });
    for (const tag of others.keys()) if (!tags.has(tag)) tags.set(tag, tags.size);
  }
  return { ...target, tags };
}
