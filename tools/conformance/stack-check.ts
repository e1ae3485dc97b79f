// An independent check of answers: it shares the parsers with the adviser, and nothing of its search. A stack must
// satisfy every requirement of every member; the core of a refusal must be true and admit no stack.

import type { CoreStatement } from "@thoth/adviser";
import {
  evaluateMarker,
  filterAdmitted,
  normalizeName,
  type PackageName,
  parseRequirement,
  parseSpecifiers,
  parseVersion,
  type Requirement,
  specifiersContain,
  type TargetEnvironment,
} from "@thoth/pep";
import type { Snapshot } from "./snapshot.ts";

export interface Question {
  readonly snapshot: Snapshot;
  readonly target: TargetEnvironment;
  readonly requirements: readonly string[];
}

/** What is wrong with `pins` as an answer; undefined where nothing is. */
export function checkStack(question: Question, pins: ReadonlyMap<string, string>): string | undefined {
  const reached = new Map<string, Set<string>>();
  const open: { readonly name: PackageName; readonly extras: ReadonlySet<string> }[] = [];
  const demand = (requirement: Requirement, who: string): string | undefined => {
    const { name, specifiers, extras } = requirement;
    const pin = pins.get(name);
    if (pin === undefined) return `${who} needs ${name}, which is not in the stack`;
    if (!specifiersContain(specifiers, parseVersion(pin)))
      return `${who} needs ${name}${specifiers.text}, the stack has ${pin}`;
    const known = reached.get(name);
    const fresh = extras.filter((extra) => known?.has(extra) !== true);
    if (known !== undefined && fresh.length === 0) return undefined;
    const all = new Set([...(known ?? []), ...fresh]);
    reached.set(name, all);
    open.push({ name, extras: all });
    return undefined;
  };
  for (const text of question.requirements) {
    const problem = demand(parseRequirement(text), "the project");
    if (problem !== undefined) return problem;
  }
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { name, extras } = item;
    const declared = declaredBy(question, name, pins.get(name) ?? "");
    if (declared === undefined) return `${name} ${pins.get(name)} does not exist`;
    for (const requirement of declared) {
      if (!isActive(requirement, question.target, extras)) continue;
      const problem = demand(requirement, name);
      if (problem !== undefined) return problem;
    }
  }
  const spare = [...pins.keys()].filter((name) => !reached.has(name));
  return spare.length === 0 ? undefined : `nothing needs ${spare.join(", ")}`;
}

function declaredBy(
  { snapshot }: Question,
  name: string,
  version: string,
): readonly Requirement[] | undefined {
  const release = snapshot.projects.get(name as PackageName)?.find((one) => one.version === version);
  return release?.dependencies.map((text) => parseRequirement(text, { lenient: true }));
}

function isActive({ marker }: Requirement, target: TargetEnvironment, extras: ReadonlySet<string>): boolean {
  if (marker === undefined) return true;
  if (extras.size === 0) return evaluateMarker(marker, target.markers, extras);
  return evaluateMarker(marker, target.markers, extras);
}

const MOST_NODES = 200_000;

/** What is wrong with `core` as a reason why there is no stack; undefined where nothing is. */
export function checkCore(question: Question, core: readonly CoreStatement[]): string | undefined {
  for (const statement of core) {
    const problem = checkStatement(question, statement);
    if (problem !== undefined) return problem;
  }
  const search = new CoreSearch(question.snapshot, core);
  const found = search.find();
  if (found === "given up") return "the core is too large to be checked";
  return found === undefined
    ? undefined
    : `the core admits ${[...found].map(([name, version]) => `${name}==${version}`).join(" ")}`;
}

/** Whether the releases named do say what the statement says of them. */
function checkStatement(question: Question, { dependent, requires }: CoreStatement): string | undefined {
  const wanted = splitLabel(requires.name).name;
  const says = (requirement: Requirement): boolean =>
    requirement.name === wanted && requirement.specifiers.text === requires.specifiers;
  if (dependent === undefined) {
    const found = question.requirements.some((text) => says(parseRequirement(text)));
    return found ? undefined : `the project does not ask for ${requires.name}${requires.specifiers}`;
  }
  const { name, extra } = splitLabel(dependent.name);
  const extras = new Set(extra === undefined ? [] : [extra]);
  for (const version of dependent.versions) {
    const declared = declaredBy(question, name, version) ?? [];
    const active = declared.filter((requirement) => isActive(requirement, question.target, extras));
    if (!active.some(says))
      return `${dependent.name} ${version} does not need ${requires.name}${requires.specifiers}`;
  }
  return undefined;
}

/** Every way to satisfy the statements of a core, one demand after another. */
class CoreSearch {
  readonly #core: readonly { readonly statement: CoreStatement; readonly admitted: ReadonlySet<string> }[];
  #nodes = 0;

  constructor(snapshot: Snapshot, core: readonly CoreStatement[]) {
    this.#core = core.map((statement) => {
      const { name } = splitLabel(statement.requires.name);
      const versions = (snapshot.projects.get(name as PackageName) ?? []).map(({ version }) =>
        parseVersion(version),
      );
      const specifiers = parseSpecifiers(statement.requires.specifiers);
      const admitted = filterAdmitted(specifiers, versions, { read: (version) => version }).map(
        ({ text }) => text,
      );
      return { statement, admitted: new Set(admitted) };
    });
  }

  find(): ReadonlyMap<string, string> | "given up" | undefined {
    const stack: ReadonlyMap<string, string>[] = [new Map()];
    for (let chosen = stack.pop(); chosen !== undefined; chosen = stack.pop()) {
      if (++this.#nodes > MOST_NODES) return "given up";
      const next = this.#branches(chosen);
      if (next === undefined) return chosen;
      stack.push(...next);
    }
    return undefined;
  }

  /** The choices that satisfy the first open demand; undefined where no demand is open. */
  #branches(chosen: ReadonlyMap<string, string>): ReadonlyMap<string, string>[] | undefined {
    for (const { statement, admitted } of this.#core) {
      const { dependent, requires } = statement;
      const from = dependent === undefined ? "" : chosen.get(dependent.name);
      if (from === undefined || (dependent !== undefined && !dependent.versions.includes(from))) continue;
      const { name } = splitLabel(requires.name);
      const already = chosen.get(requires.name) ?? chosen.get(name);
      if (already !== undefined && !admitted.has(already))
        return requires.constraint === true && !chosen.has(name) ? undefined : [];
      if (chosen.has(requires.name) || requires.constraint === true) continue;
      const versions = already === undefined ? [...admitted] : [already];
      return versions.map((version) => new Map([...chosen, [requires.name, version], [name, version]]));
    }
    return undefined;
  }
}

function splitLabel(label: string): { readonly name: string; readonly extra: string | undefined } {
  const parts = /^([^[]+)\[(.+)\]$/.exec(label);
  if (parts === null) return { name: normalizeName(label), extra: undefined };
  return { name: parts[1] ?? "", extra: parts[2] };
}
