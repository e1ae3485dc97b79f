// Performance indicators: folders with `indicator.yaml`, which says what it is, and `run.py`, which measures.
// docs/inspections.md tells how to write one.

import { createHash } from "node:crypto";
import { open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { parse } from "yaml";

export interface Metric {
  readonly unit: string;
  readonly higherIsBetter: boolean;
}

export interface Indicator {
  /** That of its folder. */
  readonly name: string;
  readonly summary: string;
  /** All are needed, in normal form; the first is the one that is measured. `*`: any package. Empty: Python itself. */
  readonly packages: readonly string[];
  readonly metrics: ReadonlyMap<string, Metric>;
  /** Names of variables, with what they are where nobody says. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Time that one process of it may take. */
  readonly seconds: number;
  readonly script: string;
  /** Of the script, in hexadecimal digits. */
  readonly sha256: string;
}

const DESCRIPTION_BYTES = 1 << 16;
const SCRIPT_BYTES = 1 << 20;
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const PARAMETER = /^[A-Z][A-Z0-9_]{0,63}$/;
const MOST = 64;

/** Those that come with Thoth. */
export function ownIndicators(): string {
  return join(import.meta.dirname, "..", "indicators");
}

/** By name, sorted. A later folder replaces what an earlier one calls the same. Throws invalid-indicator. */
export async function loadIndicators(folders: readonly string[]): Promise<ReadonlyMap<string, Indicator>> {
  const found = new Map<string, Indicator>();
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw invalid(folder, "it is no folder that can be read", cause);
    });
    for (const entry of entries)
      if (entry.isDirectory() && !entry.name.startsWith("."))
        found.set(entry.name, await loadIndicator(join(folder, entry.name)));
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function loadIndicator(folder: string): Promise<Indicator> {
  const [description, script] = await Promise.all([
    readBounded(folder, "indicator.yaml", DESCRIPTION_BYTES),
    readBounded(folder, "run.py", SCRIPT_BYTES),
  ]);
  return parseIndicator({ folder, description, script });
}

export interface IndicatorText {
  readonly folder: string;
  readonly description: string;
  readonly script: string;
}

/** Throws invalid-indicator. */
export function parseIndicator({ folder, description, script }: IndicatorText): Indicator {
  const name = basename(folder);
  if (!NAME.test(name)) throw invalid(folder, "its name has more than a-z, 0-9 and -");
  let fields: unknown;
  try {
    fields = parse(description, { maxAliasCount: 0 });
  } catch (cause) {
    throw invalid(folder, "indicator.yaml is no YAML", cause);
  }
  const { summary, packages, metrics, parameters, seconds } = mapOf(fields, folder, "indicator.yaml");
  if (typeof summary !== "string" || summary.length > 500) throw invalid(folder, "it has no short `summary`");
  if (!Array.isArray(packages) || packages.length > MOST || !packages.every(isPackage))
    throw invalid(folder, "`packages` is no list of names in normal form");
  if (seconds !== undefined && !(typeof seconds === "number" && seconds > 0 && seconds <= 3600))
    throw invalid(folder, "`seconds` is no number up to 3600");
  return {
    name,
    summary,
    packages,
    metrics: metricsOf(metrics, folder),
    parameters: parametersOf(parameters ?? {}, folder),
    seconds: typeof seconds === "number" ? seconds : 120,
    script,
    sha256: createHash("sha256").update(script).digest("hex"),
  };
}

function metricsOf(value: unknown, folder: string): ReadonlyMap<string, Metric> {
  const entries = Object.entries(mapOf(value, folder, "metrics")).map(([name, metric]) => {
    const { unit, "higher-is-better": higherIsBetter } = mapOf(metric, folder, `metrics.${name}`);
    if (!NAME.test(name) || typeof unit !== "string" || typeof higherIsBetter !== "boolean")
      throw invalid(folder, `the metric ${quote(name)} has no \`unit\` or \`higher-is-better\``);
    return [name, { unit, higherIsBetter }] as const;
  });
  if (entries.length === 0 || entries.length > MOST) throw invalid(folder, "it has no metric, or too many");
  return new Map(entries);
}

function parametersOf(value: unknown, folder: string): ReadonlyMap<string, string> {
  const entries = Object.entries(mapOf(value, folder, "parameters"));
  for (const [name, text] of entries)
    if (!PARAMETER.test(name) || name.startsWith("THOTH_") || typeof text !== "string" || text.length > 1000)
      throw invalid(folder, `the parameter ${quote(name)} is no upper-case name of a text`);
  if (entries.length > MOST) throw invalid(folder, "it has too many parameters");
  return new Map(entries as [string, string][]);
}

function isPackage(value: unknown): boolean {
  return typeof value === "string" && (value === "*" || NAME.test(value));
}

function mapOf(value: unknown, folder: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalid(folder, `${what} is no mapping`);
}

async function readBounded(folder: string, name: string, most: number): Promise<string> {
  const file = await open(join(folder, name), "r").catch((cause: unknown) => {
    throw invalid(folder, `${name} cannot be read`, cause);
  });
  try {
    const info = await file.stat();
    if (!info.isFile() || info.size > most)
      throw invalid(folder, `${name} is no file of at most ${most} bytes`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

function invalid(folder: string, why: string, cause?: unknown): ThothError {
  return new ThothError("invalid-indicator", `${quote(folder)} is no indicator: ${why}`, {
    hint: "docs/inspections.md tells what an indicator is.",
    cause,
  });
}
