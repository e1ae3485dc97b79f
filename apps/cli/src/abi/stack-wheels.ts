// What the wheels of a lock hold: as the knowledge graph has it, else read where they are.

import { resolve } from "node:path";
import type { IndexSession } from "@thoth/index";
import type { ContentsFact, KnowledgeGraph } from "@thoth/knowledge";
import {
  type PackageName,
  type Pylock,
  type PylockFile,
  pylockFilename,
  selectPylock,
  type TargetEnvironment,
} from "@thoth/pep";

export interface StackWheel {
  readonly name: PackageName;
  readonly version: string;
  readonly contents: ContentsFact;
}

export interface StackWheels {
  readonly wheels: readonly StackWheel[];
  /** What could not be looked at, in words. */
  readonly unknown: readonly string[];
}

export interface StackPlaces {
  /** What paths in the lock are relative to. */
  readonly folder: string;
  readonly session: IndexSession;
  readonly graph: KnowledgeGraph | undefined;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number, name: string) => void;
}

/** Throws no-matching-artifact, invalid-lock, and what reading a wheel throws. */
export async function readStackWheels(
  lock: Pylock,
  target: TargetEnvironment,
  places: StackPlaces,
): Promise<StackWheels> {
  const wheels: StackWheel[] = [];
  const unknown: string[] = [];
  const chosen = selectPylock(lock, target);
  for (const [at, { package: entry, source }] of chosen.entries()) {
    const { name } = entry;
    places.signal.throwIfAborted();
    places.progress(at, chosen.length, name);
    const contents = source.kind === "wheel" ? await contentsOf(name, source, places) : undefined;
    if (contents !== undefined) wheels.push({ name, version: entry.version?.text ?? "", contents });
    else unknown.push(`${name}: the lock names no wheel of it that can be read here`);
  }
  return { wheels, unknown };
}

async function contentsOf(
  name: PackageName,
  file: PylockFile,
  { folder, session, graph, signal }: StackPlaces,
): Promise<ContentsFact | undefined> {
  const sha256 = file.hashes["sha256"];
  const facts =
    sha256 === undefined
      ? []
      : await graph?.read({ owners: [name], kinds: ["contents"], subjects: [sha256] });
  const [known] = facts ?? [];
  if (known?.kind === "contents") return known.body;
  const { readLocalContents, readRemoteContents } = await import("@thoth/ingest");
  if (file.path !== undefined) return await readLocalContents(resolve(folder, file.path), { signal });
  if (file.url === undefined) return undefined;
  const { url, hashes, size } = file;
  return await readRemoteContents(session, { filename: pylockFilename(file), url, hashes, size }, { signal });
}
