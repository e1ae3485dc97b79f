// Brings nbformat 2 and 3 to 4.4 (the last without cell ids), as Jupyter's own reader does.
// https://nbformat.readthedocs.io/en/latest/changelog.html

import { ThothError } from "@thoth/pep";

type Loose = Record<string, unknown>;

const MIME_OF: ReadonlyMap<string, string> = new Map([
  ["text", "text/plain"],
  ["html", "text/html"],
  ["svg", "image/svg+xml"],
  ["png", "image/png"],
  ["jpeg", "image/jpeg"],
  ["latex", "text/latex"],
  ["json", "application/json"],
  ["javascript", "application/javascript"],
  ["pdf", "application/pdf"],
]);

export interface Upgraded {
  readonly bytes: Uint8Array;
  readonly warnings: readonly string[];
}

/** The same notebook in nbformat 4.4. `document` is what JSON.parse gave; throws `invalid-notebook`. */
export function upgradeDocument(document: unknown, major: 2 | 3): Upgraded {
  const source = asObject(document) ?? {};
  const worksheets = asList(source["worksheets"]);
  if (worksheets === undefined) throw malformed("it has no `worksheets`");
  const warnings =
    worksheets.length > 1 ? [`${worksheets.length} worksheets were joined to one list of cells`] : [];
  const cells = worksheets.flatMap((sheet) =>
    (asList(asObject(sheet)?.["cells"]) ?? []).map((cell, index) => upgradeCell(cell, { major, index })),
  );
  const metadata: Loose = { ...asObject(source["metadata"]), orig_nbformat: major };
  const language = commonLanguage(worksheets);
  if (language !== undefined && metadata["language_info"] === undefined)
    metadata["language_info"] = { name: language };
  Reflect.deleteProperty(metadata, "name");
  Reflect.deleteProperty(metadata, "signature");
  const upgraded = { cells, metadata, nbformat: 4, nbformat_minor: 4 };
  return { bytes: new TextEncoder().encode(`${JSON.stringify(upgraded, null, 1)}\n`), warnings };
}

/** The language of all code cells, if it is one and not Python: format 3 states it cell by cell. */
function commonLanguage(worksheets: readonly unknown[]): string | undefined {
  const languages = new Set<unknown>();
  for (const sheet of worksheets) {
    for (const cell of asList(asObject(sheet)?.["cells"]) ?? []) {
      if (asObject(cell)?.["cell_type"] === "code") languages.add(asObject(cell)?.["language"]);
    }
  }
  const [only] = languages;
  return languages.size === 1 && isForeign(only) ? only : undefined;
}

function isForeign(language: unknown): language is string {
  return typeof language === "string" && language !== "" && !/^i?python/i.test(language);
}

function malformed(what: string): ThothError {
  return new ThothError("invalid-notebook", `The notebook cannot be upgraded: ${what}.`, {
    details: { reason: "upgrade" },
  });
}

function asObject(value: unknown): Loose | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : undefined;
}

function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function upgradeCell(value: unknown, { major, index }: { major: 2 | 3; index: number }): Loose {
  const cell = asObject(value);
  if (cell === undefined) throw malformed(`cell ${index} is no object`);
  const metadata = { ...asObject(cell["metadata"]) };
  const type = cell["cell_type"];
  if (type === "code") return upgradeCode(cell, { metadata, major, index });
  const source = joined(cell["source"], major, index);
  if (type === "heading") {
    const level = Math.min(6, Math.max(1, Number(cell["level"]) || 1));
    return {
      cell_type: "markdown",
      metadata,
      source: lines(`${"#".repeat(level)} ${source.replaceAll("\n", " ")}`),
    };
  }
  if (type === "raw") return { cell_type: "raw", metadata, source: lines(source) };
  if (type === "markdown" || type === "html")
    return { cell_type: "markdown", metadata, source: lines(source) };
  throw malformed(`cell ${index} is of an unknown type`);
}

function upgradeCode(cell: Loose, context: { metadata: Loose; major: 2 | 3; index: number }): Loose {
  const { metadata, major, index } = context;
  if (cell["collapsed"] !== undefined) metadata["collapsed"] = cell["collapsed"] === true;
  const language = cell["language"];
  const outputs = (asList(cell["outputs"]) ?? []).map((output) => upgradeOutput(output, major));
  const source = lines(joined(cell["input"], major, index));
  const tagged = isForeign(language) ? [`%%${language}\n`, ...source] : source;
  return {
    cell_type: "code",
    execution_count: count(cell["prompt_number"]),
    metadata,
    outputs,
    source: tagged,
  };
}

function count(value: unknown): number | null {
  return Number.isInteger(value) ? (value as number) : null;
}

/** Text of a field: a string, or lines, which in format 2 lack their line ends. */
function joined(value: unknown, major: 2 | 3, index: number): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  const list = asList(value);
  if (list?.every((line) => typeof line === "string") !== true)
    throw malformed(`cell ${index} has a source that is no text`);
  const bare = major === 2 && !list.some((line) => (line as string).endsWith("\n"));
  return list.join(bare ? "\n" : "");
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function upgradeOutput(value: unknown, major: 2 | 3): Loose {
  const output = asObject(value) ?? {};
  switch (output["output_type"]) {
    case "stream":
      return {
        name: output["stream"] === "stderr" ? "stderr" : "stdout",
        output_type: "stream",
        text: text(output["text"], major),
      };
    case "pyerr":
      return {
        ename: String(output["ename"] ?? ""),
        evalue: String(output["evalue"] ?? ""),
        output_type: "error",
        traceback: (asList(output["traceback"]) ?? []).map(String),
      };
    case "pyout":
      return {
        ...rich(output, major),
        execution_count: count(output["prompt_number"]),
        output_type: "execute_result",
      };
    default:
      return { ...rich(output, major), output_type: "display_data" };
  }
}

function text(value: unknown, major: 2 | 3): string[] {
  const list = asList(value);
  if (list === undefined) return lines(String(value ?? ""));
  return major === 2 ? lines(list.map(String).join("\n")) : list.map(String);
}

function rich(output: Loose, major: 2 | 3): Loose {
  const data: Loose = {};
  for (const [name, mime] of MIME_OF) if (Object.hasOwn(output, name)) data[mime] = text(output[name], major);
  return { data, metadata: { ...asObject(output["metadata"]) } };
}
