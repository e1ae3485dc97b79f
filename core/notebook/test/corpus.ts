// Judges the corpus of real notebooks in memory, for the tests and for `npm run conformance -- notebooks`.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Discovery, editMetadata, type JsonValue, type Notebook, parseNotebook } from "@thoth/notebook";
import { ThothError } from "@thoth/pep";
import {
  discoverEntry,
  nameOf,
  type OracleEntry,
  packagesOf,
  readEntry,
  readOracle,
  scoreOf,
  wantedOf,
} from "./oracle.ts";

export interface CorpusOutcome {
  readonly passed: number;
  readonly failed: readonly { readonly id: string; readonly message: string }[];
}

/** Verdicts that refuse the notebook, and the code of the refusal. */
const REFUSALS: Readonly<Record<string, string>> = {
  invalid: "invalid-notebook",
  "refuse-language": "unsupported-language",
};

export function runNotebookCorpus(folder: string): CorpusOutcome {
  const failed: { id: string; message: string }[] = [];
  let passed = 0;
  for (const entry of readOracle(folder)) {
    for (const [name, message] of judge(folder, entry)) {
      if (message === undefined) passed++;
      else failed.push({ id: `${name} ${entry.file}`, message });
    }
  }
  return { passed, failed };
}

function judge(folder: string, entry: OracleEntry): [string, string | undefined][] {
  let notebook: Notebook;
  try {
    notebook = readEntry(folder, entry);
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    const owed = REFUSALS[entry.verdict];
    return [
      ["verdict", error.code === owed ? undefined : `is ${entry.verdict}, but was refused: ${error.code}`],
    ];
  }
  const discovery = discoverEntry(folder, entry, notebook);
  return [
    ["verdict", verdictProblem(entry, notebook, discovery)],
    ["imports", importsProblem(entry, discovery)],
    ["distributions", distributionsProblem(entry, discovery)],
    ["pip", pipProblem(entry, discovery)],
    ["metadata", metadataProblem(entry, discovery)],
    ["bytes", bytesProblem(readFileSync(join(folder, entry.file)), notebook)],
  ];
}

function verdictProblem(entry: OracleEntry, notebook: Notebook, discovery: Discovery): string | undefined {
  if (entry.verdict !== notebook.verdict) return `expected ${entry.verdict}, found ${notebook.verdict}`;
  if (entry.verdict === "upgrade" && discovery.upgraded === undefined) return "the upgrade is not told";
  if (entry.verdict === "repairable" && discovery.repairs === undefined) return "the repair is not told";
  if (entry.verdict === "ambiguous-language" && discovery.warnings.length === 0)
    return "the doubt is not told";
  return undefined;
}

/** Kinds that each class of the oracle may have. */
const KINDS = {
  required: ["required", "guarded", "dynamic"],
  guarded: ["guarded", "required", "unknown"],
  dynamic: ["dynamic", "required", "guarded", "unknown"],
  in_written_files: ["written", "required", "guarded", "unknown", "local"],
  local: ["local"],
  local_written_by_notebook: ["local"],
  local_missing: ["unknown"],
  unresolvable: ["unknown"],
} as const;

function importsProblem(entry: OracleEntry, discovery: Discovery): string | undefined {
  const problems: string[] = [];
  const explained = new Set<string>();
  const expect = (module: string, kinds: readonly string[]): void => {
    const found = discovery.imports.filter((item) => isSame(item.module, module));
    for (const item of found) explained.add(item.module);
    if (!found.some(({ kind }) => kinds.includes(kind))) {
      problems.push(
        `${module}: expected ${kinds.join(" or ")}, found ${found.map(({ kind }) => kind).join() || "nothing"}`,
      );
    }
  };
  for (const [key, kinds] of Object.entries(KINDS))
    for (const module of entry.imports[key as keyof typeof KINDS]) expect(module, kinds);
  for (const module of Object.keys(entry.imports.platform)) expect(module, ["platform"]);
  const { allowed } = wantedOf(entry);
  for (const { module, kind, distribution = "" } of discovery.imports) {
    // The oracle lists what written files import among the distributions, if not among the modules.
    if (kind === "written" && allowed.has(distribution)) continue;
    if (!explained.has(module) && kind !== "magic" && kind !== "runtime")
      problems.push(`${module}: ${kind}, but the oracle has none`);
  }
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** A module and a part of it: namespaces are told more or less deeply. */
function isSame(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

function distributionsProblem(entry: OracleEntry, discovery: Discovery): string | undefined {
  const wanted = wantedOf(entry);
  const runtime = new Set(
    discovery.imports.flatMap(({ kind, distribution }) => (kind === "runtime" ? [distribution] : [])),
  );
  const { missing, extra } = scoreOf(discovery.requirements.map(nameOf), wanted);
  const wrong = extra.filter((name) => !runtime.has(name));
  if (missing.length === 0 && wrong.length === 0) return undefined;
  return `missing ${missing.join(", ") || "nothing"}; too many ${wrong.join(", ") || "none"}`;
}

function pipProblem(entry: OracleEntry, discovery: Discovery): string | undefined {
  const found = discovery.pip.filter(({ requirements }) => requirements.length > 0);
  if (found.length !== entry.pip.length) return `expected ${entry.pip.length} lines, found ${found.length}`;
  for (const [at, wanted] of entry.pip.entries()) {
    const { cell, via, requirements, flags, conditional } = found[at]!;
    const asText = JSON.stringify(requirements.toSorted());
    if (asText !== JSON.stringify(wanted.requirements.toSorted())) return `line ${at}: ${asText}`;
    if (wanted.cell !== undefined && wanted.cell !== cell) return `line ${at}: cell ${cell}`;
    if (wanted.via !== undefined && wanted.via !== via) return `line ${at}: ${via}`;
    if (conditional !== wanted.conditional) return `line ${at}: conditional ${conditional}`;
    if (wanted.flags !== undefined && JSON.stringify(wanted.flags) !== JSON.stringify(flags))
      return `line ${at}: ${flags.join(" ")}`;
  }
  return undefined;
}

function metadataProblem(entry: OracleEntry, discovery: Discovery): string | undefined {
  const script = entry.pep723?.["requires-python"];
  if (script !== undefined && discovery.requiresPython !== script)
    return `requires-python ${discovery.requiresPython}`;
  const names = new Set(discovery.requirements.map(nameOf));
  const wanted = [...Object.keys(packagesOf(entry)), ...(entry.pep723?.dependencies ?? []).map(nameOf)];
  const lost = wanted.filter((name) => !names.has(nameOf(name)));
  return lost.length === 0 ? undefined : `lost ${lost.join(", ")}`;
}

/** A key that is added and taken away again leaves the same bytes; with the key every other value is as before. */
function bytesProblem(file: Uint8Array, notebook: Notebook): string | undefined {
  const before = notebook.upgradedFrom === undefined ? file : notebook.bytes;
  const value: JsonValue = { version: 1, text: 'é"\\\n', list: [1, null, { a: [] }] };
  const added = editMetadata(before, new Map([["thoth-corpus", value]]));
  const removed = editMetadata(added, new Map([["thoth-corpus", undefined]]));
  const without = parseNotebook(added);
  if (JSON.stringify(without.metadata["thoth-corpus"]) !== JSON.stringify(value))
    return "the key was not written";
  if (without.cells.some(({ source }, at) => source !== notebook.cells[at]!.source)) return "a cell changed";
  if (Buffer.compare(removed, before) !== 0 && Object.keys(notebook.metadata).length > 0)
    return "other bytes changed";
  const plain = (bytes: Uint8Array): unknown =>
    JSON.parse(new TextDecoder().decode(bytes), (key, inner) => (key === "thoth-corpus" ? undefined : inner));
  return JSON.stringify(plain(added)) === JSON.stringify(plain(before)) ? undefined : "other values changed";
}
