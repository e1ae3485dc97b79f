// What a project's file says where neither an option nor a variable does.

import type { JsonObject } from "@thoth/notebook";
import { type Invocation, listOption, type OptionValues, textOption } from "../frame/command.ts";
import { isTrusted } from "../remote/trusted-services.ts";
import { findProjectFile, type ProjectFile, readProjectFile } from "./project-file.ts";
import { mindsKnowledge } from "./resolution-settings.ts";

interface Wish {
  /** That of the command, where nobody names one. */
  readonly usualType: string;
  /** Whether the command can have a service choose. */
  readonly service: boolean;
}

/** The options of a command that chooses a stack. Says what of it is the file's. Throws as `readProjectFile`. */
export async function withProjectFile(invocation: Invocation, wish: Wish): Promise<Invocation> {
  const { options, terminal } = invocation;
  const found = await readForOptions(invocation);
  if (found === undefined) return invocation;
  const { file, hasOwnEnvironment } = found;
  const type = textOption(options, "recommendationType") ?? file.recommendationType;
  const service = wish.service ? serviceOf(invocation, file) : undefined;
  const policy = { recommendationType: type ?? wish.usualType, objective: options["objective"] };
  const minds = mindsKnowledge(policy) || listOption(options, "prescriptions").length > 0;
  const byService =
    (textOption(options, "service") ?? service) !== undefined && options["engine"] === undefined;
  const place = hasOwnEnvironment ? {} : { pythonVersion: file.pythonVersion, platform: file.platform };
  const used = unsaid(options, { recommendationType: file.recommendationType, ...place, service });
  const isElsewhere = options["platform"] !== undefined;
  const facts = hasOwnEnvironment || isElsewhere || byService || !minds ? {} : file.facts;
  const told = Object.keys(facts).length === 0 ? {} : { runtimeEnvironment: JSON.stringify(facts) };
  tell(terminal, file, { used, facts });
  const rest = hasOwnEnvironment ? options : { ...options, runtimeEnvironment: undefined };
  return { ...invocation, options: { ...rest, ...used, ...told } };
}

/** The service that is asked: that of an option or variable, else that of the project's file where it is trusted. */
export async function serviceNamed(invocation: Invocation): Promise<string | undefined> {
  const named = textOption(invocation.options, "service");
  if (named !== undefined) return named;
  const path = findProjectFile(invocation.folder);
  return path === undefined ? undefined : serviceOf(invocation, await readProjectFile(path));
}

interface Found {
  readonly file: ProjectFile;
  /** The user names an environment that is none of the file's. */
  readonly hasOwnEnvironment: boolean;
}

async function readForOptions({ options, folder }: Invocation): Promise<Found | undefined> {
  const path = findProjectFile(folder);
  if (path === undefined) return undefined;
  const named = textOption(options, "runtimeEnvironment");
  const file = await readProjectFile(path);
  if (named === undefined) return { file, hasOwnEnvironment: false };
  if (!file.environments.includes(named)) return { file, hasOwnEnvironment: true };
  return { file: await readProjectFile(path, named), hasOwnEnvironment: false };
}

/** Undefined where the user has this machine or another service do it, and where it is not trusted, which is said. */
function serviceOf({ options, environment, terminal }: Invocation, file: ProjectFile): string | undefined {
  const { service, path } = file;
  const isSaid = ["service", "engine", "offline"].some((name) => options[name] !== undefined);
  if (service === undefined || isSaid) return undefined;
  if (isTrusted(environment, service)) return service;
  terminal.entry(
    "service",
    `not asked: ${service}, which ${path} names, is not trusted here (\`thoth config --trust\`)`,
  );
  return undefined;
}

function unsaid(options: OptionValues, values: Readonly<Record<string, string | undefined>>) {
  const own = Object.entries(values).filter(
    ([name, value]) => value !== undefined && options[name] === undefined,
  );
  return Object.fromEntries(own) as Readonly<Record<string, string>>;
}

interface Used {
  readonly used: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
}

function tell(terminal: Invocation["terminal"], { path }: ProjectFile, { used, facts }: Used): void {
  const { pythonVersion: python, platform, recommendationType: type, service } = used;
  const parts = [
    ...(service === undefined ? [] : [`service ${service}`]),
    ...(type === undefined ? [] : [`type ${type}`]),
    ...(python === undefined ? [] : [`Python ${python}`]),
    ...(platform === undefined ? [] : [platform]),
    ...Object.keys(facts).map((key) => key.replaceAll("_", " ")),
  ];
  if (parts.length > 0) terminal.entry("settings", `of ${path}: ${parts.join(", ")}`);
}
