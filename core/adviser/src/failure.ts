// Why no stack exists: the solver's minimal core as data and as sentences, the shortest account first.

import type { KnowledgeReader } from "@thoth/knowledge";
import type { ErrorCode, PackageName } from "@thoth/pep";
import { type CoreLine, has, isEmpty, type Solver } from "@thoth/solver";
import type { Exclusion } from "./candidates.ts";
import { ofPackages } from "./core-lines.ts";
import { describeRange, describeReleases } from "./describe.ts";
import { hintsOf } from "./hints.ts";
import { mergeLines } from "./merge.ts";
import { missedBy, refusedBy } from "./missed.ts";
import type { Project } from "./project.ts";
import type { Statement } from "./statement.ts";
import type { Universe } from "./universe.ts";

export interface Failure {
  readonly code: Extract<
    ErrorCode,
    "unsatisfiable" | "package-not-found" | "no-matching-artifact" | "build-not-allowed"
  >;
  /** The minimal core in words; at most about 4 KB together. */
  readonly sentences: readonly string[];
  /** Every line of the core, unmerged. */
  readonly full: readonly string[];
  readonly hints: readonly string[];
  /** The core as JSON data. */
  readonly core: readonly CoreStatement[];
  /** Indexes into the project's requirements that take part. */
  readonly requirements: readonly number[];
  readonly minimal: boolean;
}

export interface CoreStatement {
  /** Absent: the project itself. */
  readonly dependent?: { readonly name: string; readonly versions: readonly string[] };
  readonly requires: { readonly name: string; readonly specifiers: string; readonly constraint?: boolean };
}

export interface FailedSearch {
  readonly universe: Universe;
  readonly project: Project;
  readonly knowledge: KnowledgeReader;
  readonly solver: Solver;
}

/** What a rule says that refuses the request. */
export function refusedFailure(reason: string): Failure {
  const sentences = [`a rule refuses this: ${reason}`];
  return {
    code: "unsatisfiable",
    sentences,
    full: sentences,
    hints: [],
    core: [],
    requirements: [],
    minimal: true,
  };
}

const MAXIMUM_TEXT = 3_500;

export function explainFailure({ universe, project, knowledge, solver }: FailedSearch): Failure {
  const { lines, minimal } = solver.core();
  const statements = ofPackages(lines).map((line) => statementOf(universe, line));
  const merged = mergeLines(universe, statements);
  const names = new Set<PackageName>(merged.flatMap(({ from, to }) => packageNames(universe, from, to)));
  /** What packages need comes first, what the user asked for last; the shortest first within either. */
  const sentencesOf = (ofPackages: boolean): string[] =>
    merged
      .filter(({ from }) => (from !== undefined) === ofPackages)
      .map((statement) => sentenceOf(universe, project, statement))
      .sort(byLength);
  return {
    code: codeOf(universe, knowledge, merged),
    sentences: cut([...sentencesOf(true), ...sentencesOf(false)]),
    full: statements.map((statement) => sentenceOf(universe, project, statement)),
    hints: hintsOf({ universe, project, knowledge, statements: merged }),
    core: statements.map((statement) => dataOf(universe, statement)),
    requirements: project.requirements.flatMap(({ requirement }, at) =>
      names.has(requirement.name) ? [at] : [],
    ),
    minimal,
  };
}

function packageNames(universe: Universe, from: number | undefined, to: number): PackageName[] {
  const target = universe.packageOf(to).name;
  return from === undefined ? [target] : [universe.packageOf(from).name, target];
}

function statementOf(universe: Universe, line: CoreLine): Statement {
  const { range, optional } = line.dependency;
  return {
    from: line.package,
    releases: line.releases,
    to: line.dependency.package,
    admitted: universe.admitted(range),
    specifiers: universe.specifiersText(range),
    optional: optional === true,
  };
}

const noArtifact: ReadonlySet<Exclusion> = new Set(["platform", "python", "source-only", "wheel-only"]);

function codeOf(
  universe: Universe,
  knowledge: KnowledgeReader,
  statements: readonly Statement[],
): Failure["code"] {
  const [only] = statements;
  if (statements.length !== 1 || only === undefined || only.from !== undefined) return "unsatisfiable";
  const { name } = universe.packageOf(only.to);
  if (knowledge.project(name) === null) return "package-not-found";
  const refused = refusedBy(universe, only);
  if (refused.length > 0 && refused.every(({ reason }) => reason === "build-not-allowed"))
    return "build-not-allowed";
  const reasons = [...missedBy(universe, only).keys()];
  return reasons.length > 0 && reasons.every((reason) => noArtifact.has(reason)) && isEmpty(only.admitted)
    ? "no-matching-artifact"
    : "unsatisfiable";
}

function sentenceOf(universe: Universe, project: Project, statement: Statement): string {
  const target = describeRange(universe, statement);
  if (statement.from === undefined) {
    const { name } = universe.packageOf(statement.to);
    if (statement.optional)
      return project.constraints.some((item) => item.name === name)
        ? `your constraints allow only ${target}`
        : `the question is for ${target}`;
    const source = project.requirements.find(({ requirement }) => requirement.name === name)?.source;
    return source === undefined || source === "you" ? `you need ${target}` : `you need ${target} (${source})`;
  }
  return `${describeReleases(universe, statement.from, statement.releases)} needs ${target}`;
}

function dataOf(universe: Universe, statement: Statement): CoreStatement {
  const target = label(universe, statement.to);
  const requires = {
    name: target,
    specifiers: statement.specifiers ?? "",
    ...(statement.optional ? { constraint: true } : {}),
  };
  if (statement.from === undefined) return { requires };
  return {
    dependent: { name: label(universe, statement.from), versions: versionsIn(universe, statement) },
    requires,
  };
}

function versionsIn(universe: Universe, { from, releases }: Statement): string[] {
  const candidates = universe.candidatesOf(universe.packageOf(from as number).name);
  if (candidates === undefined || releases === undefined) return [];
  const versions: string[] = [];
  for (let candidate = 0; candidate < candidates.count; candidate++) {
    if (!has(releases, candidate)) continue;
    versions.push(candidates.record.versionText(candidates.releases[candidate] as number));
  }
  return versions;
}

function label(universe: Universe, id: number): string {
  const { name, extra } = universe.packageOf(id);
  return extra === undefined ? name : `${name}[${extra}]`;
}

function byLength(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

/** As many sentences as fit into a message that somebody reads. */
function cut(sentences: readonly string[]): string[] {
  const shown: string[] = [];
  let length = 0;
  for (const sentence of sentences) {
    length += sentence.length + 1;
    if (length > MAXIMUM_TEXT) {
      shown.push(`… and ${sentences.length - shown.length} more of the kind (\`--explain full\` shows all)`);
      break;
    }
    shown.push(sentence);
  }
  return shown;
}
