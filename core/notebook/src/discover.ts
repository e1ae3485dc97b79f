// What a notebook needs: from its metadata, its script block, the install commands in its cells, and its imports.
// An import becomes a requirement only on evidence; for the others the reader is asked.

import {
  formatRequirement,
  formatSpecifiers,
  parseRequirement,
  parseScriptMetadata,
  quote,
  type Requirement,
  ThothError,
} from "@thoth/pep";
import { type CellFacts, type NotebookFacts, readCellFacts, type SkippedCell } from "./cell-facts.ts";
import { discoverExtensions } from "./discover-extensions.ts";
import {
  branchesOf,
  type DiscoveredImport,
  describe,
  ImportList,
  type UsedPath,
  usedPaths,
  verdictOf,
} from "./discover-imports.ts";
import {
  discoverInstalls,
  type InstallCommand,
  type Installs,
  joinIndexOptions,
  writtenRequirements,
} from "./discover-installs.ts";
import { isKnownDistribution, tableProviders } from "./distribution.ts";
import type { EvidenceContext } from "./import-evidence.ts";
import type { IndexOptions } from "./install-line.ts";
import { type MetadataRequirements, metadataRequirements } from "./metadata-requirements.ts";
import type { Notebook } from "./notebook.ts";
import { RequirementSet } from "./requirement-set.ts";
import { runtimeNeeds } from "./runtime-needs.ts";
import { type WrittenModules, writtenModules } from "./written-modules.ts";

export interface DiscoveryContext {
  /** Python that will run the notebook, such as `3.12`. */
  readonly pythonVersion: string;
  /** Whether a module of that name lies beside the notebook. */
  isLocalModule(name: string): boolean;
  /** Top-level module → distributions, from what is really installed or indexed. */
  readonly installed?: ReadonlyMap<string, readonly string[]>;
}

export interface PipCommand {
  readonly cell: number;
  readonly via: string;
  /** PEP 508 text, names in normal form. */
  readonly requirements: readonly string[];
  readonly flags: readonly string[];
  readonly conditional: boolean;
}

export interface RequirementsFileUse {
  readonly cell: number;
  readonly path: string;
  readonly constraints: boolean;
}

export interface Question {
  readonly module: string;
  readonly candidates: readonly string[];
}

export interface Discovery {
  readonly language: string;
  readonly requirements: readonly string[];
  readonly imports: readonly DiscoveredImport[];
  readonly pip: readonly PipCommand[];
  readonly conda: readonly (PipCommand & { readonly channels: readonly string[] })[];
  readonly skipped: readonly SkippedCell[];
  readonly questions: readonly Question[];
  readonly warnings: readonly string[];
  /** Format it was upgraded from. */
  readonly upgraded?: readonly [number, number];
  readonly repairs?: readonly string[];
  readonly indexOptions: IndexOptions;
  /** Files beside the notebook that its install commands read; the caller reads them. */
  readonly files: readonly RequirementsFileUse[];
  readonly metadataRequirements?: MetadataRequirements;
  /** Of the script block, or of the metadata. */
  readonly requiresPython?: string;
}

export function discover(notebook: Notebook, context: DiscoveryContext): Discovery {
  const facts = readCellFacts(notebook);
  const installs = discoverInstalls(facts.cells, context.pythonVersion);
  const asked = new Asked(notebook, facts, installs);
  const written = writtenModules(facts.cells);
  const evidence: EvidenceContext = {
    pythonVersion: context.pythonVersion,
    isLocalModule: (name) => context.isLocalModule(name),
    ...(context.installed === undefined ? {} : { installed: context.installed }),
    written: written.modules,
    named: asked.named,
  };
  const imports = readImports(facts, evidence, written);
  for (const { distribution, leftOut } of imports.list) {
    if (distribution !== undefined && leftOut === undefined)
      asked.set.add(parseRequirement(distribution), "code");
  }
  const requirements = asked.set
    .list()
    .filter(({ name }) => name !== "pip")
    .map(formatRequirement);
  const ambiguous = notebook.upgradedFrom === undefined ? {} : { upgraded: notebook.upgradedFrom };
  return {
    language: notebook.language,
    requirements,
    imports: imports.list,
    ...commandLists(installs.commands),
    skipped: [...facts.skipped, ...installs.skipped, ...asked.skipped].toSorted(
      (one, other) => one.cell - other.cell,
    ),
    questions: imports.questions,
    warnings: [...notebook.warnings, ...asked.warnings, ...asked.set.warnings, ...imports.warnings],
    ...ambiguous,
    ...(notebook.repaired.length === 0 ? {} : { repairs: notebook.repaired }),
    indexOptions: joinIndexOptions(installs.commands),
    files: asked.files,
    ...(asked.metadata === undefined ? {} : { metadataRequirements: asked.metadata }),
    ...(asked.requiresPython === undefined ? {} : { requiresPython: asked.requiresPython }),
  };
}

function commandLists(commands: readonly InstallCommand[]): Pick<Discovery, "pip" | "conda"> {
  const pip: PipCommand[] = [];
  const conda: Discovery["conda"][number][] = [];
  for (const { cell, via, install, verdict } of commands) {
    const requirements = install.requirements.map(({ requirement }) => formatRequirement(requirement));
    const entry = { cell, via, requirements, flags: install.flags, conditional: verdict !== "always" };
    if (install.program === "pip") pip.push(entry);
    else conda.push({ ...entry, channels: install.channels });
  }
  return { pip, conda };
}

/** What the notebook asks for by name, outside of its imports. */
class Asked {
  readonly set = new RequirementSet();
  readonly named = new Map<string, string>();
  readonly files: RequirementsFileUse[] = [];
  readonly skipped: SkippedCell[] = [];
  readonly warnings: string[] = [];
  readonly metadata: MetadataRequirements | undefined;
  requiresPython: string | undefined;

  constructor(notebook: Notebook, facts: NotebookFacts, installs: Installs) {
    this.metadata = metadataRequirements(notebook.metadata);
    for (const { requirement } of this.metadata?.requirements ?? []) this.#take(requirement, "metadata");
    this.warnings.push(...(this.metadata?.warnings ?? []));
    if (this.metadata?.pythonVersion !== undefined)
      this.requiresPython = `==${this.metadata.pythonVersion}.*`;
    for (const cell of facts.cells) this.#script(cell);
    for (const command of installs.commands) this.#command(command, facts.cells);
  }

  #take(requirement: Requirement, source: "metadata" | "pep723" | "pip" | "conda"): void {
    if (!this.named.has(requirement.name)) this.named.set(requirement.name, source);
    this.set.add(requirement, source);
  }

  /** A PEP 723 block stands in a cell of its own, or at the head of one. */
  #script({ cell, plain }: CellFacts): void {
    if (plain.body !== "python" || !plain.python.includes("# /// script")) return;
    try {
      const script = parseScriptMetadata(plain.python);
      if (script === undefined) return;
      for (const requirement of script.dependencies) this.#take(requirement, "pep723");
      if (script.requiresPython !== undefined) this.requiresPython = formatSpecifiers(script.requiresPython);
    } catch (error) {
      if (!(error instanceof ThothError)) throw error;
      this.skipped.push({ cell, reason: error.message });
    }
  }

  #command({ cell, install, verdict }: InstallCommand, cells: readonly CellFacts[]): void {
    const { program, requirements, files, constraints, warnings } = install;
    this.warnings.push(...warnings);
    for (const { requirement } of requirements) {
      if (verdict === "never") {
        if (!this.named.has(requirement.name)) this.named.set(requirement.name, program);
      } else this.#take(requirement, program);
    }
    if (verdict === "never") return;
    for (const path of files) this.#file({ cell, path, constraints: false }, { cells, program });
    for (const path of constraints) this.files.push({ cell, path, constraints: true });
  }

  #file(use: RequirementsFileUse, from: { cells: readonly CellFacts[]; program: "pip" | "conda" }): void {
    const inside = from.program === "pip" ? writtenRequirements(from.cells, use.path) : undefined;
    for (const requirement of inside ?? []) this.#take(requirement, "pip");
    if (inside !== undefined) return;
    this.files.push(use);
    this.skipped.push({
      cell: use.cell,
      reason: `${quote(use.path)} is a file that the notebook does not hold`,
    });
  }
}

interface ReadImports {
  readonly list: readonly DiscoveredImport[];
  readonly questions: readonly Question[];
  readonly warnings: readonly string[];
}

function readImports(facts: NotebookFacts, evidence: EvidenceContext, written: WrittenModules): ReadImports {
  const paths = usedPaths(facts.cells, evidence, written.isLive);
  const groups = branchesOf(paths);
  const imports = new ImportList();
  const questions = new Map<string, readonly string[]>();
  const warnings = new Set<string>();
  for (const used of paths) {
    const verdict = verdictOf(used, groups, evidence.pythonVersion);
    for (const entry of describe(used, verdict)) imports.add(entry);
    if (used.origin.kind === "unknown" && verdict !== "never" && !used.idle)
      questions.set(used.origin.module, used.origin.candidates);
    if (used.origin.kind === "gone" && verdict === "always" && !used.idle)
      warnings.add(goneWarning(used, evidence, imports));
  }
  const extensions = discoverExtensions(facts.cells, evidence);
  for (const entry of extensions.imports) imports.add(entry);
  for (const module of extensions.unknown) questions.set(module, []);
  addRuntimeNeeds(imports, { facts, paths, evidence });
  const list = imports.list();
  return {
    list,
    questions: [...questions].map(([module, candidates]) => ({ module, candidates })),
    warnings: [...warnings],
  };
}

/** `distutils` comes back with setuptools; for the others there is only a word of warning. */
function goneWarning(
  { origin, cell }: UsedPath,
  { pythonVersion }: EvidenceContext,
  imports: ImportList,
): string {
  const { module, successor } = origin as Extract<UsedPath["origin"], { kind: "gone" }>;
  if (module === "distutils") {
    imports.add({ module, distribution: "setuptools", kind: "required", evidence: "table", cell });
    return `\`distutils\` is no part of Python ${pythonVersion}: setuptools provides it`;
  }
  const hint = successor === undefined ? "" : `; the distribution ${quote(successor)} carries it on`;
  return `${quote(module)} is no part of Python ${pythonVersion}${hint}`;
}

function addRuntimeNeeds(
  imports: ImportList,
  from: { facts: NotebookFacts; paths: readonly UsedPath[]; evidence: EvidenceContext },
): void {
  const main = from.facts.cells.filter(
    ({ plain }) => plain.body === "python" || plain.body === "python-process",
  );
  const distributions = new Set(
    imports
      .list()
      .flatMap(({ distribution, leftOut }) =>
        distribution === undefined || leftOut !== undefined ? [] : [distribution],
      ),
  );
  const needs = runtimeNeeds({
    distributions,
    modules: new Set(from.paths.filter(({ idle }) => !idle).map(({ path }) => path)),
    words: new Set(main.flatMap(({ python }) => [...python.words])),
    environment: new Map(main.flatMap(({ python }) => [...python.environment])),
    calls: main.flatMap(({ python }) => python.calls),
  });
  for (const { distribution, because } of needs) {
    if (!isKnownDistribution(distribution)) continue;
    const module = moduleOf(distribution);
    imports.add({ module, distribution, kind: "runtime", evidence: because, cell: main[0]?.cell ?? 0 });
  }
}

function moduleOf(distribution: string): string {
  const same = distribution.replaceAll("-", "_");
  return tableProviders(same)[0]?.distribution === distribution ? same : distribution;
}
