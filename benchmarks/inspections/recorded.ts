// What was recorded of a series: a file that grows by one release at a time, and is whole at any moment. Each processor has a
// folder of its own, since no two of them can be compared.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import type { AnyFact } from "@thoth/knowledge";
import type { Series } from "./series.ts";

export interface Recorded {
  readonly series: Series;
  readonly releases: Readonly<Record<string, Release>>;
}

export interface Release {
  /** Digest of how it was inspected: another way of inspecting does it again. */
  readonly way: string;
  /** Seconds that it took. */
  readonly seconds: number;
  /** Why there are no facts. */
  readonly failure?: string;
  readonly facts: readonly AnyFact[];
}

export const recordedRoot = fileURLToPath(new URL("recorded", import.meta.url));

/** Of this machine, such as `intel-xeon-processor`. */
export function ownFolder(root: string): string {
  const model = (cpus()[0]?.model ?? "unknown").replace(/\((r|tm)\)/gi, "").toLowerCase();
  return `${root}/${model.match(/[a-z0-9]+/g)?.join("-") ?? "unknown"}`;
}

/** On all machines; those without are left out. */
export function readAllRecorded(root: string, series: Series): readonly Recorded[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort();
  return names.map((name) => readRecorded(`${root}/${name}`, series)).filter(hasReleases);
}

function hasReleases({ releases }: Recorded): boolean {
  return Object.keys(releases).length > 0;
}

export function readRecorded(folder: string, series: Series): Recorded {
  const file = `${folder}/${series.name}.json.gz`;
  if (!existsSync(file)) return { series, releases: {} };
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Recorded;
}

export function writeRecorded(folder: string, recorded: Recorded): void {
  const file = `${folder}/${recorded.series.name}.json.gz`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, gzipSync(`${JSON.stringify(recorded)}\n`));
  renameSync(`${file}.part`, file);
}
