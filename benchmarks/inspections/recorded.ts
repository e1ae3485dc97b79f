// What was recorded of a series: a file that grows by one release at a time, and is whole at any moment.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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

export const recordedFolder = fileURLToPath(new URL(".", import.meta.url));

function fileOf(folder: string, name: string): string {
  return `${folder.replace(/\/$/, "")}/${name}.json.gz`;
}

export function readRecorded(folder: string, series: Series): Recorded {
  const file = fileOf(folder, series.name);
  if (!existsSync(file)) return { series, releases: {} };
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Recorded;
}

export function writeRecorded(folder: string, recorded: Recorded): void {
  const file = fileOf(folder, recorded.series.name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, gzipSync(`${JSON.stringify(recorded)}\n`));
  renameSync(`${file}.part`, file);
}
