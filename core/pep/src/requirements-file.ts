// Requirements files as pip reads them: https://pip.pypa.io/en/stable/reference/requirements-file-format/.
// The caller reads nested files; every item says in which file and line it stands.

import { parseDigest, STRONG_ALGORITHMS } from "./digests.ts";
import { quote, ThothError } from "./error.ts";
import { normalizeName } from "./name.ts";
import { type LogicalLine, type ReadVariable, readLogicalLines } from "./requirements-file-lines.ts";
import { type LineOption, parseOptions, splitOptions } from "./requirements-file-options.ts";
import { isUrl, joinPath } from "./requirements-file-paths.ts";
import { type DeclaredRequirement, parseDeclaration } from "./requirements-file-requirement.ts";
import { hideCredentials } from "./url.ts";

export interface SourcePosition {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface RequirementHash {
  readonly algorithm: string;
  /** Lower-case hexadecimal. */
  readonly digest: string;
}

export type RequirementLine = DeclaredRequirement & {
  readonly position: SourcePosition;
  readonly editable: boolean;
  readonly hashes: readonly RequirementHash[];
  /** `KEY=VALUE` for the build backend, as written. */
  readonly configSettings: readonly string[];
  readonly globalOptions: readonly string[];
};

export interface RequirementsFile {
  readonly requirements: readonly RequirementLine[];
  readonly constraints: readonly RequirementLine[];
  /** The last one given. */
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  readonly noIndex: boolean;
  /** URLs, and paths taken from the folder of the file that names them. */
  readonly findLinks: readonly string[];
  /** Names in normal form, or `:all:`. */
  readonly onlyBinary: readonly string[];
  readonly noBinary: readonly string[];
  readonly preferBinary: boolean;
  readonly requireHashes: boolean;
  /** Names in normal form, or `:all:` (also from `--pre`). */
  readonly allReleases: readonly string[];
  readonly onlyFinal: readonly string[];
  readonly trustedHosts: readonly string[];
  /** Every file read, this one first. */
  readonly files: readonly string[];
  /** Options without effect; safe to print. */
  readonly warnings: readonly string[];
}

export interface RequirementsFileContext {
  /** Path or URL of the file: the base of what it names, and what errors call it. */
  readonly name: string;
  /** The text of a nested file. What it throws is passed on. */
  readonly read?: (path: string) => string;
  /** Environment variables for `${NAME}`. None where not given. */
  readonly variable?: ReadVariable;
  /** The file itself is a constraints file. */
  readonly constraints?: boolean;
}

const limits = { depth: 40, files: 1000, lines: 200_000 } as const;

/** Throws invalid-requirement with `details.file` and `details.line`, or limit-exceeded. */
export function parseRequirementsFile(text: string, context: RequirementsFileContext): RequirementsFile {
  const reading = new Reading(context);
  reading.readFile(text, { name: context.name, constraints: context.constraints === true, including: [] });
  return reading.result();
}

interface OpenFile {
  readonly name: string;
  readonly constraints: boolean;
  /** The files that led here, the outermost first. */
  readonly including: readonly string[];
}

/** One reading of a file with all that it includes. */
class Reading {
  readonly #context: RequirementsFileContext;
  readonly #requirements: RequirementLine[] = [];
  readonly #constraints: RequirementLine[] = [];
  readonly #extraIndexUrls: string[] = [];
  readonly #findLinks: string[] = [];
  readonly #trustedHosts: string[] = [];
  readonly #files: string[] = [];
  readonly #warnings: string[] = [];
  readonly #binary = { only: new Set<string>(), no: new Set<string>() };
  readonly #releases = { all: new Set<string>(), final: new Set<string>() };
  readonly #switches = new Set<string>();
  #indexUrl: string | undefined;
  #lines = 0;

  constructor(context: RequirementsFileContext) {
    this.#context = context;
  }

  readFile(text: string, file: OpenFile): void {
    this.#files.push(file.name);
    if (this.#files.length > limits.files) throw exceeded("files", limits.files, file.name);
    if (file.including.length > limits.depth) throw exceeded("depth", limits.depth, file.name);
    const lines = readLogicalLines(text, this.#context.variable ?? (() => undefined));
    this.#lines += lines.length;
    if (this.#lines > limits.lines) throw exceeded("lines", limits.lines, file.name);
    for (const line of lines) this.#readLine(line, file);
  }

  result(): RequirementsFile {
    return {
      requirements: this.#requirements,
      constraints: this.#constraints,
      ...(this.#indexUrl === undefined ? {} : { indexUrl: this.#indexUrl }),
      extraIndexUrls: this.#extraIndexUrls,
      noIndex: this.#switches.has("no-index"),
      findLinks: this.#findLinks,
      onlyBinary: [...this.#binary.only],
      noBinary: [...this.#binary.no],
      preferBinary: this.#switches.has("prefer-binary"),
      requireHashes: this.#switches.has("require-hashes"),
      allReleases: [...this.#releases.all],
      onlyFinal: [...this.#releases.final],
      trustedHosts: this.#trustedHosts,
      files: this.#files,
      warnings: this.#warnings,
    };
  }

  #readLine(line: LogicalLine, file: OpenFile): void {
    const { requirement, options: optionText } = splitOptions(line.text);
    const options = parseOptions(optionText);
    if (typeof options === "string") throw lineError(line, file, options);
    const editable = options.find((option) => option.name === "editable");
    if (requirement !== "" || editable !== undefined) {
      const isEditable = requirement === "";
      this.#addRequirement(isEditable ? editable!.value : requirement, { options, line, file, isEditable });
      return;
    }
    const nested = options.filter(({ name }) => name === "requirement" || name === "constraint");
    if (nested.length === 0) for (const option of options) this.#applyOption(option, line, file);
    else {
      if (options.length > 1) this.#warn(line, file, "only the first file of a line is read");
      const first = nested.find(({ name }) => name === "requirement") ?? nested[0]!;
      this.#include(first, line, file);
    }
  }

  #warn(line: LogicalLine, file: OpenFile, problem: string): void {
    if (this.#warnings.length < 100)
      this.#warnings.push(`Line ${line.number} of ${quote(file.name)}: ${problem}.`);
  }

  #addRequirement(
    text: string,
    given: { options: readonly LineOption[]; line: LogicalLine; file: OpenFile; isEditable: boolean },
  ): void {
    const { options, line, file, isEditable } = given;
    const declared = parseDeclaration(text, isEditable);
    if (typeof declared === "string") throw lineError(line, file, hideCredentials(declared));
    const valuesOf = (name: string) =>
      options.filter((option) => option.name === name).map(({ value }) => value);
    const entry: RequirementLine = {
      ...declared,
      position: { file: file.name, line: line.number },
      editable: isEditable,
      hashes: valuesOf("hash").map((value) => parseHash(value, line, file)),
      configSettings: valuesOf("config-settings"),
      globalOptions: valuesOf("global-option"),
    };
    const own = ["hash", "config-settings", "global-option", "editable"];
    const idle = options.find(({ name }) => !own.includes(name));
    if (idle !== undefined) this.#warn(line, file, `--${idle.name} has no effect after a requirement`);
    if (file.constraints) checkConstraint(entry, line, file);
    (file.constraints ? this.#constraints : this.#requirements).push(entry);
  }

  #include(option: LineOption, line: LogicalLine, file: OpenFile): void {
    const path = joinPath(file.name, option.value);
    if (path === joinPath("", file.name) || file.including.includes(path)) {
      throw lineError(line, file, `${quote(path)} includes itself`);
    }
    const { read } = this.#context;
    if (read === undefined) throw lineError(line, file, `${quote(path)} cannot be read from here`);
    const constraints = option.name === "constraint";
    this.readFile(read(path), {
      name: path,
      constraints,
      including: [...file.including, joinPath("", file.name)],
    });
  }

  #applyOption({ name, value }: LineOption, line: LogicalLine, file: OpenFile): void {
    switch (name) {
      case "index-url":
        this.#indexUrl = value;
        return;
      case "extra-index-url":
        this.#extraIndexUrls.push(value);
        return;
      case "find-links":
        this.#findLinks.push(isUrl(value) ? value : joinPath(file.name, value));
        return;
      case "trusted-host":
        this.#trustedHosts.push(value);
        return;
      case "no-binary":
        applyNames(value, this.#binary.no, this.#binary.only);
        return;
      case "only-binary":
        applyNames(value, this.#binary.only, this.#binary.no);
        return;
      case "all-releases":
        applyNames(value, this.#releases.all, this.#releases.final);
        return;
      case "only-final":
        applyNames(value, this.#releases.final, this.#releases.all);
        return;
      case "pre":
        applyNames(":all:", this.#releases.all, this.#releases.final);
        return;
      case "no-require-hashes":
        this.#switches.delete("require-hashes");
        return;
      case "no-index":
      case "prefer-binary":
      case "require-hashes":
        this.#switches.add(name);
        return;
      default:
        this.#warn(line, file, `--${name} has no effect here`);
    }
  }
}

/** `:all:` forgets what was said before, `:none:` empties, a name moves from the other list to this one. */
function applyNames(value: string, target: Set<string>, other: Set<string>): void {
  const names = value.split(",").map((name) => name.trim());
  const all = names.lastIndexOf(":all:");
  if (all !== -1) {
    other.clear();
    target.clear();
    target.add(":all:");
    if (!names.includes(":none:", all)) return;
  }
  for (const name of names.slice(all + 1)) {
    if (name === ":none:") target.clear();
    else if (name !== "") {
      other.delete(normalizeName(name));
      target.add(normalizeName(name));
    }
  }
}

function parseHash(value: string, line: LogicalLine, file: OpenFile): RequirementHash {
  const colon = value.indexOf(":");
  const algorithm = value.slice(0, Math.max(colon, 0));
  if (!STRONG_ALGORITHMS.includes(algorithm)) {
    throw lineError(line, file, `${quote(value)} must begin with \`sha256:\`, \`sha384:\` or \`sha512:\``);
  }
  const digest = parseDigest(algorithm, value.slice(colon + 1));
  if (digest !== undefined) return { algorithm, digest };
  throw lineError(line, file, `${quote(value)} is no digest of ${algorithm}`);
}

function checkConstraint(entry: RequirementLine, line: LogicalLine, file: OpenFile): void {
  if (entry.editable) throw lineError(line, file, "a constraint cannot be editable");
  if (entry.kind === "location" && entry.name === undefined)
    throw lineError(line, file, "a constraint needs a name");
  const extras = entry.kind === "requirement" ? entry.requirement.extras : entry.extras;
  if (extras.length > 0) throw lineError(line, file, "a constraint cannot have extras");
}

function lineError(line: LogicalLine, file: OpenFile, problem: string): ThothError {
  const where = `Line ${line.number} of ${quote(file.name)}`;
  const message = `${where}, ${quote(hideCredentials(line.written))}, is wrong: ${problem}.`;
  return new ThothError("invalid-requirement", message, { details: { file: file.name, line: line.number } });
}

function exceeded(limit: keyof typeof limits, allowed: number, file: string): ThothError {
  return new ThothError(
    "limit-exceeded",
    `The requirements file ${quote(file)} exceeds the limit of ${allowed} ${limit}.`,
    {
      details: { limit, allowed, file },
    },
  );
}
