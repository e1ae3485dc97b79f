// What an advice was made from, as far as it is known: enough to ask the same question again, and to tell what of it has
// changed since.

import type { LockDocument, Product } from "@thoth/adviser";
import {
  formatRequirement,
  normalizeName,
  type PackageName,
  parseRequirement,
  parseSpecifiers,
} from "@thoth/pep";
import type { Knowledge } from "../engines/engine.ts";
import type { OptionValues } from "../frame/command.ts";
import { mask } from "../frame/printable.ts";
import { VERSION } from "../frame/version.ts";
import { EMPTY_INPUT, type ProjectInput } from "../project/project-input.ts";
import { digestOf, digestOfProject } from "../session/digests.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";

/** Options without which the question would be another. */
const TELLING = [
  "pythonVersion",
  "platform",
  "prerelease",
  "resolution",
  "requiresPython",
  "recommendationType",
  "objective",
  "onlyBinary",
  "noBinary",
  "allowBuild",
  "strict",
  "label",
  "runtimeEnvironment",
] as const;

export interface MadeFrom {
  readonly thoth: string;
  /** Nothing uploaded later existed, and files without a date did not either. */
  readonly strictDate: boolean;
  readonly options: Readonly<Record<string, string | boolean | readonly string[]>>;
  readonly requirements: readonly {
    readonly requirement: string;
    readonly group: string;
    readonly source: string;
  }[];
  readonly constraints: readonly string[];
  readonly requiresPython: string | null;
  readonly prerelease: boolean;
  readonly onlyBinary: readonly string[];
  readonly noBinary: readonly string[];
  /** SHA-256 of the advisories and of the rules; null where none were minded. */
  readonly advisories: string | null;
  readonly rules: string | null;
  /** By project of the stack: SHA-256 of the files that its index listed. */
  readonly projects: Readonly<Record<string, string>>;
}

export interface Question {
  readonly options: OptionValues;
  readonly settings: ResolutionSettings;
  readonly input: ProjectInput;
}

/** What the indexes and the sources of knowledge told, while that is at hand. */
export type Told = Pick<MadeFrom, "advisories" | "rules" | "projects">;

export function toldBy({ packages }: Product, known: Knowledge, asOf: number): Told {
  const { session, advisories, rules, listing } = known;
  const digest = (name: PackageName) => {
    const record = session.project(name);
    return record === undefined || record === null ? "" : digestOfProject(record, asOf);
  };
  const projects = packages
    .map(({ name }) => [name, listing(name, () => digest(name))] as const)
    .filter(([, text]) => text !== "");
  return {
    advisories: digestOf(advisories) ?? null,
    rules: digestOf(rules) ?? null,
    projects: Object.fromEntries(projects),
  };
}

export function madeFrom({ options, settings, input }: Question, told: Told): MadeFrom {
  const telling = TELLING.flatMap((name) => {
    const value = options[name];
    return value === undefined || value === false ? [] : [[name, value] as const];
  });
  return {
    thoth: VERSION,
    strictDate: settings.policy.asOfStrict === true,
    options: Object.fromEntries(telling),
    requirements: input.requirements.map(({ requirement, group, source }) => ({
      requirement: mask(formatRequirement(requirement)),
      group,
      source,
    })),
    constraints: input.constraints.map((constraint) => mask(formatRequirement(constraint))),
    requiresPython: input.requiresPython?.text ?? null,
    prerelease: input.prerelease,
    onlyBinary: input.onlyBinary,
    noBinary: input.noBinary,
    ...told,
  };
}

/** The question as it was, but for where packages are looked for: that is said anew. */
export function inputOf(made: MadeFrom): ProjectInput {
  return {
    ...EMPTY_INPUT,
    requirements: made.requirements.map(({ requirement, group, source }) => ({
      requirement: parseRequirement(requirement),
      group,
      source,
    })),
    constraints: made.constraints.map((text) => parseRequirement(text)),
    ...(made.requiresPython === null ? {} : { requiresPython: parseSpecifiers(made.requiresPython) }),
    prerelease: made.prerelease,
    onlyBinary: made.onlyBinary,
    noBinary: made.noBinary,
  };
}

export interface Changed {
  readonly input: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Environment = LockDocument["environment"];

/** What is not as it was, in words for people; digests are cut to what tells them apart. */
export function changedInputs(
  before: { readonly made: MadeFrom; readonly environment: Environment },
  after: { readonly made: MadeFrom; readonly environment: Environment },
): readonly Changed[] {
  const changed: Changed[] = [];
  const compare = (input: string, one: string | null | undefined, other: string | null | undefined) => {
    if ((one ?? null) !== (other ?? null)) changed.push({ input, before: one ?? null, after: other ?? null });
  };
  compare("the version of thoth", before.made.thoth, after.made.thoth);
  compare("the advisories", short(before.made.advisories), short(after.made.advisories));
  compare("the rules", short(before.made.rules), short(after.made.rules));
  for (const key of [
    ...new Set([...Object.keys(before.environment), ...Object.keys(after.environment)]),
  ].sort())
    compare(`the environment's ${key}`, before.environment[key], after.environment[key]);
  for (const name of Object.keys(before.made.projects).sort()) {
    const now = after.made.projects[name];
    if (now !== undefined)
      compare(
        `what the index lists of ${normalizeName(name)}`,
        short(before.made.projects[name]),
        short(now),
      );
  }
  return changed;
}

const SHORT = 12;

function short(digest: string | null | undefined): string | null {
  return digest?.slice(0, SHORT) ?? null;
}
