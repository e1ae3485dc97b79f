// What a command line tells rules of a request beside its Python and platform: labels, and more of where the stack is to run.

import { quote, ThothError } from "@thoth/pep";
import type { PipelineContext, RuntimeEnvironment } from "@thoth/prescriptions";
import { readGivenText } from "../files/read-file.ts";
import { type OptionValues, textOption } from "../frame/command.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";

const MOST_BYTES = 4 * 1024 * 1024;

export interface RequestFacts {
  readonly labels: Readonly<Record<string, string>>;
  readonly environment: RuntimeEnvironment;
  /** Facts of the same text are the same. */
  readonly identity: string;
}

type Told = Pick<ResolutionSettings, "labels" | "runtimeEnvironment">;

/** Undefined where nothing is told. Throws usage for what is none, and where it is told of another Python or platform. */
export async function readRequestFacts(
  { labels, runtimeEnvironment }: Told,
  own: RuntimeEnvironment,
): Promise<RequestFacts | undefined> {
  if (labels.length === 0 && runtimeEnvironment === undefined) return undefined;
  const { readRuntimeEnvironment } = await import("@thoth/prescriptions");
  const text = runtimeEnvironment === undefined ? "{}" : await environmentText(runtimeEnvironment);
  const told = readRuntimeEnvironment(JSON.parse(text));
  const { platform } = told.environment;
  mustAgree("Python", told.pythonVersion, own.pythonVersion?.text);
  mustAgree("the platform", platform, own.platform);
  const named = { ...told.labels, ...Object.fromEntries(labels.flatMap(readLabels)) };
  return {
    labels: named,
    environment: { ...told.environment, ...own },
    identity: JSON.stringify([text, Object.entries(named).sort()]),
  };
}

export function contextWith(context: PipelineContext, facts: RequestFacts | undefined): PipelineContext {
  return facts === undefined
    ? context
    : { ...context, labels: facts.labels, runtimeEnvironment: facts.environment };
}

/** The options with what a file tells in its place, so that the question can be asked again. */
export async function withInlineEnvironment(options: OptionValues): Promise<OptionValues> {
  const place = textOption(options, "runtimeEnvironment");
  return place === undefined ? options : { ...options, runtimeEnvironment: await environmentText(place) };
}

/** JSON. A configuration of several environments tells of its first one. */
async function environmentText(place: string): Promise<string> {
  if (place.trimStart().startsWith("{")) return JSON.stringify(parseInline(place));
  const { readConfigYaml } = await import("../locks/yaml-form.ts");
  const value = readConfigYaml(await readGivenText(place, MOST_BYTES), place);
  const several = value["runtime_environments"];
  if (several === undefined) return JSON.stringify(value);
  if (!Array.isArray(several) || several.length === 0)
    throw new ThothError("usage", `${quote(place)} has no runtime environment`);
  return JSON.stringify(several[0]);
}

function parseInline(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ThothError("usage", `${quote(text)} is no JSON`, { cause });
  }
}

/** `team=ml`, or several apart by semicolons. */
function readLabels(text: string): [string, string][] {
  return text.split(";").map((part) => {
    const [, name, value] = /^\s*([^=]+?)\s*=\s*(\S.*?)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined)
      throw new ThothError("usage", `${quote(part)} is no label`, { hint: "Write it as --label team=ml." });
    return [name, value];
  });
}

function mustAgree(what: string, told: string | undefined, own: string | undefined): void {
  if (told === undefined || own === undefined || told === own) return;
  throw new ThothError("usage", `the environment is for ${what} ${told}, and the request for ${own}`, {
    hint: "Name the same one with --python-version and --platform.",
  });
}
