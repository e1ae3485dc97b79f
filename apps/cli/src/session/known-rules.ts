// The rules that a resolution minds: those that the command line names, else those shipped with this version.

import { readFileSync } from "node:fs";
import type { Policy, RuleBook } from "@thoth/adviser";
import { parseVersion, type TargetEnvironment } from "@thoth/pep";
import type { Prescriptions } from "@thoth/prescriptions";
import type { Invocation } from "../frame/command.ts";
import { plural } from "../frame/printable.ts";
import { mindsKnowledge, type ResolutionSettings } from "../settings/resolution-settings.ts";
import { shippedData } from "../shipped-data.ts";
import { contextWith, readRequestFacts } from "./request-facts.ts";
import { readRulePlace } from "./rule-places.ts";
import { rememberSource, sourcesOf } from "./sources.ts";

/** Written by `tools/build.ts` from the folder `rules`. */
export const RULES_FILE = "prescriptions.bin";

interface Wish {
  readonly settings: Pick<ResolutionSettings, "policy" | "prescriptions" | "labels" | "runtimeEnvironment">;
  readonly libraryUsage?: () => Readonly<Record<string, readonly string[]>>;
}

/** Undefined where the objective minds no rules and none were named. */
export async function openKnownRules(
  invocation: Invocation,
  { settings, libraryUsage }: Wish,
  target: TargetEnvironment,
): Promise<RuleBook | undefined> {
  const { policy, prescriptions } = settings;
  if (!mindsKnowledge(policy) && prescriptions.length === 0) {
    if (settings.labels.length > 0 || settings.runtimeEnvironment !== undefined)
      invocation.terminal.warn(
        `labels and environments are for rules, which the type ${policy.recommendationType} does not mind`,
      );
    return undefined;
  }
  const { buildPipeline } = await import("@thoth/prescriptions");
  const { bookOf } = await import("@thoth/adviser");
  const opened = await openRules(invocation, prescriptions);
  const usage = libraryUsage?.();
  const plain = { ...contextOf(policy, target), libraryUsage: usage };
  const facts = await readRequestFacts(settings, plain.runtimeEnvironment);
  // Those shipped are part of the build.
  const digest = prescriptions.length === 0 ? "shipped" : (await import("./digests.ts")).digestOf(opened);
  const pipeline = buildPipeline(opened, contextWith(plain, facts));
  const book = bookOf(pipeline, JSON.stringify([digest, usage, facts?.identity]));
  return rememberSource(book, ...sourcesOf(opened));
}

export async function openRules(invocation: Invocation, places: readonly string[]): Promise<Prescriptions> {
  const { openPrescriptions } = await import("@thoth/prescriptions");
  const keep = (bytes: Uint8Array) => rememberSource(openPrescriptions(bytes), bytes);
  if (places.length === 0) return keep(readFileSync(shippedData(RULES_FILE)));
  const { compilePrescriptions } = await import("@thoth/prescriptions/compile");
  const files = [];
  for (const place of places) {
    const { rules } = await readRulePlace(invocation, place);
    files.push(
      ...(places.length === 1
        ? rules
        : rules.map((file) => ({ ...file, path: `${labelOf(place)}/${file.path}` }))),
    );
  }
  const { bytes, errors } = compilePrescriptions(files);
  for (const { file, line, message } of errors.slice(0, 3))
    invocation.terminal.warn(`${file}:${line}: ${message}`);
  if (errors.length > 3)
    invocation.terminal.warn(
      `${plural(errors.length, "error")} in the rules; \`thoth prescriptions validate\` tells them all`,
    );
  return keep(bytes);
}

/** Hidden files are no rules, but `../rules` is not hidden. */
function labelOf(place: string): string {
  return place.replace(/(^|\/)\.+/g, "$1");
}

export function contextOf(
  { recommendationType }: Pick<Policy, "recommendationType">,
  target: TargetEnvironment,
) {
  const { platform_system: system = "", platform_machine: machine = "" } = target.markers as Readonly<
    Record<string, string>
  >;
  const [major, minor] = target.pythonVersion.release;
  return {
    pipeline: "adviser" as const,
    recommendationType,
    runtimeEnvironment: {
      pythonVersion: parseVersion(`${major}.${minor}`),
      platform: `${system.toLowerCase()}-${machine}`,
    },
  };
}
