// The advisories that a resolution minds: those that the command line names, else those that were imported, else those
// that this version was shipped with.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SkippedDocument } from "@thoth/ingest";
import type { AdvisoryReader } from "@thoth/knowledge";
import type { Invocation } from "../frame/command.ts";
import type { Terminal } from "../frame/terminal.ts";
import { dataDirectory } from "../settings/directories.ts";
import { mindsKnowledge, type ResolutionSettings } from "../settings/resolution-settings.ts";
import { shippedData } from "../shipped-data.ts";
import { rememberSource } from "./sources.ts";

/** In the data directory. */
export const ADVISORIES_FILE = "advisories.bin";

const MOST_WARNINGS = 5;

type Wish = Pick<ResolutionSettings, "policy" | "advisories">;

/** Undefined where nothing that is asked could mind them. Throws file-failed, index-response-invalid, limit-exceeded. */
export async function openKnownAdvisories(
  invocation: Invocation,
  { policy, advisories }: Wish,
): Promise<AdvisoryReader | undefined> {
  // The shipped ones know no malware, and the newest of everything minds nothing else.
  return mindsKnowledge(policy) || advisories.length > 0 || existsSync(importedPath(invocation))
    ? await openAllAdvisories(invocation, advisories)
    : undefined;
}

/** Of the places, else those that were imported, else those shipped with this version. Throws as the former. */
export async function openAllAdvisories(
  invocation: Invocation,
  places: readonly string[],
): Promise<AdvisoryReader> {
  const { openAdvisories } = await import("@thoth/knowledge");
  const imported = importedPath(invocation);
  const bytes =
    places.length > 0
      ? (await readPlaces(invocation, places)).bytes
      : existsSync(imported)
        ? readFileSync(imported)
        : shippedAdvisories();
  return rememberSource(openAdvisories(bytes), bytes);
}

export function shippedAdvisories(): Buffer {
  return readFileSync(shippedData(ADVISORIES_FILE));
}

export function importedPath({ environment }: Pick<Invocation, "environment">): string {
  return join(dataDirectory(environment), ADVISORIES_FILE);
}

/** Where the imported ones come from, if they were refreshed. */
export function refreshedPath({ environment }: Pick<Invocation, "environment">): string {
  return join(dataDirectory(environment), "advisories.json");
}

interface ReadPlaces {
  /** Compiled. */
  readonly bytes: Uint8Array;
  readonly documents: number;
  readonly skipped: number;
}

/** Reads OSV documents, with a warning for those that cannot be used. */
export async function readPlaces(
  { terminal, signal }: Invocation,
  places: readonly string[],
  onProgress?: (documents: number) => void,
): Promise<ReadPlaces> {
  const { compileAdvisories, readAdvisories } = await import("@thoth/ingest");
  const all = [];
  let documents = 0;
  let skipped = 0;
  for (const place of places) {
    const read = await readAdvisories(place, {
      signal,
      onProgress: (count) => onProgress?.(documents + count),
    });
    warnOfSkipped(terminal, place, read.skipped);
    documents += read.documents;
    skipped += read.skipped.length;
    all.push(...read.advisories);
  }
  return { bytes: compileAdvisories(all), documents, skipped };
}

export function warnOfSkipped(terminal: Terminal, place: string, skipped: readonly SkippedDocument[]): void {
  for (const { name, reason } of skipped.slice(0, MOST_WARNINGS))
    terminal.warn(`${place}: ${name} was skipped: ${reason}`);
  if (skipped.length > MOST_WARNINGS)
    terminal.warn(`${place}: ${skipped.length} documents were skipped in all`);
}
