// The options of a command that resolves as values that deeper code can trust: ours first, pip's where ours are
// silent, then defaults.

import { existsSync } from "node:fs";
import { type Policy, parseObjective } from "@thoth/adviser";
import { normalizeName, quote, ThothError } from "@thoth/pep";
import { flagOption, listOption, type OptionValues, textOption } from "../frame/command.ts";
import { type AsOf, now, parseAsOf } from "./as-of.ts";
import { cacheDirectory } from "./directories.ts";
import { type PipSettings, readPipSettings } from "./pip-settings.ts";

export type EngineName = "thoth" | "service" | "uv" | "pip" | "pipenv";

export interface IndexSettings {
  /** Undefined: none but `findLinks`. */
  readonly indexUrl: string | undefined;
  /** The user named it here and now: what a project file names does not count. */
  readonly isExplicit: boolean;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  readonly offline: boolean;
  readonly cacheDirectory: string;
  readonly pip: PipSettings;
}

export interface ResolutionSettings {
  readonly indexes: IndexSettings;
  readonly policy: Policy;
  /** When the answer is as of: the date asked for, else this moment. */
  readonly asOf: AsOf;
  readonly pythonVersion: string | undefined;
  readonly platform: string | undefined;
  /** Paths of constraint files. */
  readonly constraints: readonly string[];
  readonly engine: EngineName;
  /** A Thoth service that chooses stacks. */
  readonly service: string | undefined;
  /** What the user named, as opposed to what stands in for it. */
  readonly asked: {
    readonly engine: EngineName | undefined;
    readonly recommendationType: string | undefined;
  };
  /** Places of advisories that stand in for those that were imported. */
  readonly advisories: readonly string[];
  /** A stack that keeps a known vulnerability is none. */
  readonly strict: boolean;
  /** Places of rules that stand in for those shipped. */
  readonly prescriptions: readonly string[];
  /** Files with observations of the user's own. */
  readonly observations: readonly string[];
  /** What rules are told: labels, and a file with more of the environment, or its text. */
  readonly labels: readonly string[];
  readonly runtimeEnvironment: string | undefined;
  readonly timeoutSeconds: number;
  /** Undefined: as many as the search takes. */
  readonly mostSteps: number | undefined;
  readonly explainFully: boolean;
  /** Something was asked here and now that another lock may not have answered. */
  readonly isSpecific: boolean;
}

const DEFAULT_INDEX = "https://pypi.org/simple/";
const DEFAULT_TIMEOUT_SECONDS = 45;

/** A date, an engine and a type are compared with those of a lock; these are not kept in it. */
const SPECIFIC_OPTIONS = [
  "platform",
  "constraint",
  "prerelease",
  "resolution",
  "onlyBinary",
  "noBinary",
  "objective",
  "advisories",
  "strict",
  "prescriptions",
  "observations",
  "label",
  "runtimeEnvironment",
];

type Variables = Readonly<Record<string, string | undefined>>;

export function readIndexSettings(options: OptionValues, variables: Variables): IndexSettings {
  const pip = readPipSettings(variables);
  const extra = listOption(options, "extraIndexUrl");
  const ownIndex = textOption(options, "indexUrl");
  const links = listOption(options, "findLinks");
  const noIndex = options["index"] === false || (ownIndex === undefined && pip.noIndex);
  return {
    indexUrl: noIndex ? undefined : (ownIndex ?? pip.indexUrl ?? DEFAULT_INDEX),
    // An index of our own replaces pip's indexes altogether: no name may leak to one that was not named here.
    isExplicit: ownIndex !== undefined || options["index"] === false,
    extraIndexUrls: noIndex ? [] : extra.length > 0 || ownIndex !== undefined ? extra : pip.extraIndexUrls,
    findLinks: links.length > 0 || ownIndex !== undefined ? links : pip.findLinks.filter(mayExist),
    offline: flagOption(options, "offline"),
    cacheDirectory: cacheDirectory(variables, textOption(options, "cacheDir")),
    pip,
  };
}

/** pip passes over folders of its settings that are not there, and so do we. */
function mayExist(place: string): boolean {
  return place.includes("://") || existsSync(place);
}

export function readResolutionSettings(options: OptionValues, variables: Variables): ResolutionSettings {
  const indexes = readIndexSettings(options, variables);
  const asOfText = textOption(options, "asOf");
  const asOf = asOfText === undefined ? now() : parseAsOf(asOfText);
  const constraints = listOption(options, "constraint");
  const engine = textOption(options, "engine") as EngineName | undefined;
  const service = textOption(options, "service");
  return {
    indexes,
    policy: readPolicy(options, indexes.pip, asOf, asOfText !== undefined),
    asOf,
    pythonVersion: textOption(options, "pythonVersion"),
    platform: textOption(options, "platform"),
    constraints: constraints.length > 0 ? constraints : indexes.pip.constraints,
    engine: engine ?? (service === undefined ? "thoth" : "service"),
    service,
    asked: { engine, recommendationType: textOption(options, "recommendationType") },
    advisories: readAdvisoryPlaces(options),
    strict: flagOption(options, "strict"),
    prescriptions: listOption(options, "prescriptions"),
    observations: listOption(options, "observations"),
    labels: listOption(options, "label"),
    runtimeEnvironment: textOption(options, "runtimeEnvironment"),
    timeoutSeconds: readSeconds(textOption(options, "timeout")),
    mostSteps: readSteps(textOption(options, "maxSteps")),
    explainFully: textOption(options, "explain") === "full",
    isSpecific: SPECIFIC_OPTIONS.some((name) => options[name] !== undefined),
  };
}

interface Minding {
  readonly recommendationType: string;
  readonly objective?: unknown;
}

/** The objective may ask for more than how new a stack is: for what is known of its releases. */
export function mindsKnowledge({ recommendationType, objective }: Minding): boolean {
  return (recommendationType !== "latest" && recommendationType !== "testing") || objective !== undefined;
}

export function readAdvisoryPlaces(options: OptionValues): readonly string[] {
  return listOption(options, "advisories");
}

function readPolicy(options: OptionValues, pip: PipSettings, asOf: AsOf, asked: boolean): Policy {
  const type = (textOption(options, "recommendationType") ?? "latest") as Policy["recommendationType"];
  const objective = textOption(options, "objective");
  const prerelease = textOption(options, "prerelease") ?? (pip.prerelease ? "allow" : "if-necessary");
  const onlyBinary = listOption(options, "onlyBinary");
  // To the parser, `--no-binary` is the opposite of an option `--binary`.
  const noBinary = listOption(options, "binary");
  const silent = onlyBinary.length === 0 && noBinary.length === 0;
  return {
    recommendationType: type,
    ...(objective === undefined ? {} : { objective: parseObjective(objective) }),
    asOf: asOf.seconds,
    asOfStrict: asked,
    prerelease: prerelease as Policy["prerelease"],
    resolution: (textOption(options, "resolution") ?? "highest") as Policy["resolution"],
    onlyBinary: nameSet(silent ? pip.onlyBinary : onlyBinary),
    noBinary: nameSet(silent ? pip.noBinary : noBinary),
    allowBuild: flagOption(options, "allowBuild"),
    requiresPython: textOption(options, "requiresPython") === "lower" ? "lower" : "full",
  };
}

/** `a,b :all:` as pip reads it; `:none:` empties what came before. */
export function nameSet(values: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const name of values.flatMap((value) => value.split(/[\s,]+/))) {
    if (name === ":none:") names.clear();
    else if (name !== "") names.add(name === ":all:" ? name : normalizeName(name));
  }
  return names;
}

function readSteps(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const steps = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(steps) || steps <= 0)
    throw new ThothError("usage", `${quote(text)} is no number of steps`, { hint: "Write it as 100000." });
  return steps;
}

/** Throws usage. */
export function readSeconds(text: string | undefined, fallback = DEFAULT_TIMEOUT_SECONDS): number {
  if (text === undefined) return fallback;
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds <= 0 || seconds > 86_400) {
    throw new ThothError("usage", `${quote(text)} is no time in seconds`, { hint: "Write it as 60." });
  }
  return seconds;
}
