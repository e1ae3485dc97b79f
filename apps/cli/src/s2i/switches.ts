// The variables by which a build was steered in the images of the original, with their meaning and defaults.

import { quote, ThothError } from "@thoth/pep";
import { listOption, type OptionValues, textOption } from "../frame/command.ts";
import { given } from "../settings/directories.ts";
import type { Builder } from "./builder.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export interface Switches {
  /** `missing`: only what has no lock. */
  readonly advise: "always" | "missing" | "never";
  /** Advise, and install the lock of the repository nevertheless. */
  readonly dryRun: boolean;
  readonly configCheck: boolean;
  readonly forceConfig: boolean;
  readonly provenanceCheck: boolean;
  /** Where advice fails, or cannot be installed, the lock of the repository is. */
  readonly errorFallback: boolean;
  /** Packages for development too. */
  readonly dev: boolean;
  /** Somebody would look for the project itself among its packages. */
  readonly wantsProject: boolean;
  readonly keepWheels: boolean;
  /** Whose lock is wanted, where there are several. */
  readonly manager: "pipenv" | "micropipenv" | undefined;
  /** The file of the lock, where several are there. */
  readonly lock: string | undefined;
}

export interface Steering {
  readonly switches: Switches;
  /** Of the commands that do the steps. */
  readonly options: OptionValues;
  readonly environment: Variables;
  /** What was said, and changes nothing here. */
  readonly notes: readonly string[];
}

/** Of what is set and has no meaning here, and why. */
const WITHOUT_MEANING: Readonly<Record<string, string>> = {
  THOTH_FROM_MASTER: "the builder image holds one version, and no build fetches another",
  THAMOS_CONFIG_TEMPLATE: "put a `.thoth.yaml` into the project, or set THOTH_FORCE_GENERATE_CONFIG=1",
  THAMOS_CONFIG_EXPAND_ENV: "there are no templates",
  THAMOS_FORCE: "no answer of a service is taken again",
  THAMOS_DISABLE_TLS_WARNING: "certificates are always checked",
  THAMOS_REQUIREMENTS_FORMAT: "the files of the project tell their format",
  UPGRADE_PIP_TO_LATEST: "no pip is installed",
};

export function readSteering(kind: Builder["kind"], options: OptionValues, variables: Variables): Steering {
  const off = isOn(variables, "THOTH_OFF");
  const dryRun = off || isOn(variables, "THOTH_DRY_RUN");
  const advise = off ? "never" : adviseOf(kind, variables);
  const switches: Switches = {
    advise,
    dryRun,
    configCheck: !off && isOn(variables, "THOTH_CONFIG_CHECK", true),
    forceConfig: isOn(variables, "THOTH_FORCE_GENERATE_CONFIG"),
    // As in the original: not where advice has asked the indexes itself, and not by itself in images for notebooks.
    provenanceCheck:
      !off && advise !== "always" && !dryRun && isOn(variables, "THOTH_PROVENANCE_CHECK", kind === "python"),
    errorFallback: isOn(variables, "THOTH_ERROR_FALLBACK"),
    dev: isOn(variables, "THAMOS_DEV"),
    wantsProject: !isSaid(variables, "DISABLE_SETUP_PY_PROCESSING"),
    keepWheels: isOn(variables, "THOTH_S2I_KEEP_WHEELS"),
    manager: isSaid(variables, "ENABLE_PIPENV")
      ? "pipenv"
      : isSaid(variables, "ENABLE_MICROPIPENV")
        ? "micropipenv"
        : undefined,
    lock: given(variables, "THOTH_S2I_LOCK"),
  };
  const notes = Object.entries(WITHOUT_MEANING)
    .filter(([name]) => isSaid(variables, name))
    .map(([name, why]) => `${name} has no meaning here: ${why}`);
  return { switches, options: optionsOf(options, variables), environment: environmentOf(variables), notes };
}

function adviseOf(kind: Builder["kind"], variables: Variables): Switches["advise"] {
  // Images for notebooks took the lock of a notebook as it is; where there is none, it needs one all the same.
  if (given(variables, "THOTH_ADVISE") === undefined) return kind === "notebook" ? "missing" : "always";
  return isOn(variables, "THOTH_ADVISE") ? "always" : "never";
}

/** An option that is named, or its own variable, comes first. */
function optionsOf(options: OptionValues, variables: Variables): OptionValues {
  const labels = given(variables, "THAMOS_LABELS")
    ?.split(";")
    .filter((label) => label.trim() !== "");
  const host = given(variables, "THOTH_HOST");
  const told = {
    service: host === undefined || host.includes("://") ? host : `https://${host}`,
    recommendationType: given(variables, "THAMOS_RECOMMENDATION_TYPE")?.toLowerCase(),
    runtimeEnvironment: given(variables, "THAMOS_RUNTIME_ENVIRONMENT"),
    timeout: given(variables, "THAMOS_TIMEOUT"),
  };
  const unsaid = Object.entries(told).filter(
    ([name, value]) => value !== undefined && textOption(options, name) === undefined,
  );
  const label = listOption(options, "label");
  return {
    ...options,
    ...Object.fromEntries(unsaid),
    ...(label.length > 0 || labels === undefined ? {} : { label: labels.map((one) => one.trim()) }),
  };
}

function environmentOf(variables: Variables): Variables {
  const token = given(variables, "THOTH_TOKEN") ?? given(variables, "THAMOS_TOKEN");
  return token === undefined ? variables : { ...variables, THOTH_TOKEN: token };
}

/** Throws usage: a word that is neither would turn something on or off unseen. */
export function isOn(variables: Variables, name: string, usual = false): boolean {
  const value = given(variables, name);
  if (value === undefined) return usual;
  if (["1", "true", "yes", "on"].includes(value.toLowerCase())) return true;
  if (["0", "false", "no", "off"].includes(value.toLowerCase())) return false;
  throw new ThothError("usage", `${quote(value)} in ${name} is neither 1 nor 0`, {
    hint: `Set ${name}=1 or ${name}=0.`,
  });
}

/** Of variables that say what they say by being there, though not by a plain no. */
function isSaid(variables: Variables, name: string): boolean {
  const value = given(variables, name);
  return value !== undefined && !["0", "false", "no", "off"].includes(value.toLowerCase());
}
