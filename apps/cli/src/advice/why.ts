// Why a version is there, and why another is not: the second is forced, and the project resolved again.

import type { Failure, ObjectiveLevel, PackageAdvice, Product, Project } from "@thoth/adviser";
import {
  normalizeName,
  type PackageName,
  parseRequirement,
  parseSpecifiers,
  quote,
  type Requirement,
  specifiersContain,
  ThothError,
} from "@thoth/pep";
import type { Consultation } from "../engines/engine.ts";
import type { Handler, Invocation } from "../frame/command.ts";
import { printable } from "../frame/printable.ts";
import { listFlaws } from "./flaw-words.ts";
import { reasonsOf } from "./reasons.ts";

export interface Moved {
  readonly name: PackageName;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Difference {
  readonly level: string;
  readonly from: number;
  readonly to: number;
}

export interface Why {
  readonly advice: PackageAdvice;
  /** From what the user asks for to the package. */
  readonly way: readonly PackageName[];
  /** The best stack without this release; undefined where there is none. */
  readonly otherwise:
    | { readonly moved: readonly Moved[]; readonly differences: readonly Difference[] }
    | undefined;
}

/** Throws package-not-found where the stack does not hold the package. */
async function askWhy({ project, product, resolve }: Consultation, name: PackageName): Promise<Why> {
  const advice = product.advice().find((item) => item.name === name);
  if (advice === undefined) throw notThere(name);
  const without = await resolve(supposing(project, parseRequirement(`${name}!=${advice.version}`)));
  return {
    advice,
    way: wayTo(product, name),
    otherwise: without && {
      moved: movedBetween(product, without),
      differences: differencesBetween(product, without),
    },
  };
}

function notThere(name: PackageName): ThothError {
  return new ThothError("package-not-found", `the stack does not hold ${quote(name)}`, {
    hint: "Nothing that was asked for needs it.",
    details: { package: name },
  });
}

function supposing(project: Project, constraint: Requirement): Project {
  return { ...project, suppositions: [...(project.suppositions ?? []), constraint] };
}

/** The shortest way along requirements. */
function wayTo(product: Product, name: PackageName): readonly PackageName[] {
  const direct = new Set(product.project.requirements.map(({ requirement }) => requirement.name));
  const requiredBy = new Map(product.packages.map((item) => [item.name, item.requiredBy]));
  const next = new Map<PackageName, PackageName>();
  const queue = [name];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (direct.has(at)) return follow(next, at);
    for (const parent of requiredBy.get(at) ?? []) {
      if (parent === name || next.has(parent)) continue;
      next.set(parent, at);
      queue.push(parent);
    }
  }
  return [name];
}

function follow(next: ReadonlyMap<PackageName, PackageName>, start: PackageName): PackageName[] {
  const way: PackageName[] = [];
  for (let at: PackageName | undefined = start; at !== undefined; at = next.get(at)) way.push(at);
  return way;
}

export function movedBetween(before: Product, after: Product): Moved[] {
  const versions = (product: Product) =>
    new Map(product.packages.map(({ name, version }) => [name, version]));
  const [from, to] = [versions(before), versions(after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort()
    .filter((name) => from.get(name) !== to.get(name))
    .map((name) => ({ name, from: from.get(name) ?? null, to: to.get(name) ?? null }));
}

export function differencesBetween(before: Product, after: Product): Difference[] {
  return before.objective.flatMap(({ level, value }: ObjectiveLevel, at) => {
    const to = after.objective[at]?.value ?? value;
    return to === value ? [] : [{ level, from: value, to }];
  });
}

export type WhyNot =
  | { readonly kind: "chosen"; readonly version: string }
  | {
      readonly kind: "worse";
      readonly version: string;
      readonly moved: readonly Moved[];
      readonly differences: readonly Difference[];
    }
  | { readonly kind: "impossible"; readonly failure: Failure };

/** Throws package-not-found where the stack does not hold the package. */
async function askWhyNot({ project, product, ask }: Consultation, wish: Requirement): Promise<WhyNot> {
  const chosen = product.packages.find(({ name }) => name === wish.name);
  if (chosen === undefined) throw notThere(wish.name);
  const [pin] = parseSpecifiers(`==${chosen.version}`).clauses;
  if (pin?.parsed !== undefined && specifiersContain(wish.specifiers, pin.parsed, { prereleases: true }))
    return { kind: "chosen", version: chosen.version };
  const answer = await ask(supposing(project, wish));
  if (answer.kind === "unsatisfiable") return { kind: "impossible", failure: answer.failure };
  const forced = answer.kind === "solved" ? answer.product : answer.best;
  if (forced === undefined)
    throw new ThothError("limit-exceeded", "no stack with it was found in time", {
      hint: "Give it more with --timeout.",
    });
  return {
    kind: "worse",
    version: forced.packages.find(({ name }) => name === wish.name)?.version ?? "",
    moved: movedBetween(product, forced),
    differences: differencesBetween(product, forced),
  };
}

function whyLines({ advice, way, otherwise }: Why): string[] {
  const { name, version, demands, pays, flaws } = advice;
  const asked = demands.map(
    ({ by, specifiers }) => `${by ?? "you"} ${specifiers === "" ? "(any version)" : specifiers}`,
  );
  return [
    `${name} ${version}`,
    `  needed by   ${asked.join(", ")}`,
    ...(way.length > 1 ? [`  way         ${way.join(" → ")}`] : []),
    ...reasonsOf(advice).map(
      ({ message, link, isRule }) => `  reason      ${message}${isRule === true && link ? ` ↗ ${link}` : ""}`,
    ),
    ...(pays.length === 0
      ? []
      : [`  pays        ${pays.map(({ level, cost }) => `${level} ${cost}`).join(" · ")}`]),
    ...(flaws.length === 0 ? ["  known       no vulnerability"] : [`  known       ${listFlaws(flaws)}`]),
    ...otherwiseLines(name, version, otherwise),
  ];
}

function otherwiseLines(name: string, version: string, otherwise: Why["otherwise"]): string[] {
  if (otherwise === undefined)
    return [`  without it  there is no stack: nothing but ${version} of ${name} will do`];
  return [
    `  without it  ${movedText(otherwise.moved)}`,
    `              ${differenceText(otherwise.differences)}`,
  ];
}

function whyNotLines(wish: string, answer: WhyNot): string[] {
  switch (answer.kind) {
    case "chosen":
      return [`${wish} is in the stack: ${answer.version}`];
    case "impossible":
      return [
        `${wish}: there is no stack with it`,
        ...answer.failure.sentences.map((sentence) => `  ${sentence}`),
        ...answer.failure.hints.map((hint) => `  hint: ${hint}`),
      ];
    case "worse":
      return [
        `${wish}: there is a stack with it (${answer.version}), and it is worse`,
        `  moves  ${movedText(answer.moved)}`,
        `  costs  ${differenceText(answer.differences)}`,
      ];
    default:
      return answer satisfies never;
  }
}

function movedText(moved: readonly Moved[]): string {
  return moved.length === 0
    ? "nothing moves"
    : moved.map(({ name, from, to }) => `${name} ${from ?? "(new)"} → ${to ?? "(gone)"}`).join(", ");
}

function differenceText(differences: readonly Difference[]): string {
  return differences.length === 0
    ? "the objective is the same; ties go to the newest, in the order in which packages appear"
    : differences.map(({ level, from, to }) => `${level} ${from} → ${to}`).join(" · ");
}

function whyDocument({ advice, way, otherwise }: Why): unknown {
  return {
    name: advice.name,
    version: advice.version,
    requiredBy: advice.demands.map(({ by, specifiers }) => ({ name: by ?? null, specifiers })),
    way,
    pays: advice.pays,
    newest: advice.newest?.version ?? advice.version,
    vulnerabilities: advice.flaws.map(({ id }) => id),
    rules: advice.rules.map(({ unit }) => unit),
    otherwise: otherwise ?? null,
  };
}

function whyNotDocument(wish: string, answer: WhyNot): unknown {
  switch (answer.kind) {
    case "chosen":
      return { wish, answer: "chosen", version: answer.version };
    case "worse":
      return {
        wish,
        answer: "worse",
        version: answer.version,
        moved: answer.moved,
        differences: answer.differences,
      };
    case "impossible":
      return { wish, answer: "impossible", sentences: answer.failure.sentences, hints: answer.failure.hints };
    default:
      return answer satisfies never;
  }
}

/** Resolves what the command is asked about, and puts the question. */
export type Consult = <Answer>(
  invocation: Invocation,
  ask: (consultation: Consultation) => Promise<Answer>,
) => Promise<Answer>;

/** The package stands at place `at` of the command's arguments. */
export function whyHandler(consult: Consult, at: number): Handler {
  return async (invocation) => {
    const { terminal } = invocation;
    const name = normalizeName(parseRequirement(invocation.arguments[at] as string).name);
    const why = await consult(invocation, (consultation) => askWhy(consultation, name));
    terminal.document(whyDocument(why));
    terminal.result(whyLines(why).map(printable).join("\n"));
    return 0;
  };
}

export function whyNotHandler(consult: Consult, at: number): Handler {
  return async (invocation) => {
    const { terminal } = invocation;
    const text = invocation.arguments[at] as string;
    const wish = parseRequirement(text);
    if (wish.specifiers.clauses.length === 0 || wish.url !== undefined)
      throw new ThothError("usage", `${quote(text)} names no version`, {
        hint: "Write it as `numpy==1.26.4`.",
      });
    const answer = await consult(invocation, (consultation) => askWhyNot(consultation, wish));
    terminal.document(whyNotDocument(text, answer));
    terminal.result(whyNotLines(text, answer).map(printable).join("\n"));
    return 0;
  };
}
