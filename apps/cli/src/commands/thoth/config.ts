// `thoth config`: makes the file of a project's settings, shows what holds and where it comes from, and whom it may ask.

import type { JsonObject, JsonValue } from "@thoth/notebook";
import { quote, ThothError } from "@thoth/pep";
import { readGivenFile } from "../../files/read-file.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { flagOption, type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { placeOf } from "../../remote/service-place.ts";
import { setTrust } from "../../remote/trusted-services.ts";
import { detectedEnvironment } from "../../settings/detected.ts";
import { cacheDirectory } from "../../settings/directories.ts";
import {
  findProjectFile,
  PROJECT_FILE,
  type ProjectFile,
  parseProjectFile,
  readProjectFile,
} from "../../settings/project-file.ts";
import { configDocument, configParts, effectiveSettings } from "./config-report.ts";

export const configCommand: Handler = async (invocation) => {
  const { terminal, options, environment } = invocation;
  const there = findProjectFile(invocation.folder);
  const changes = changesOf(invocation);
  const written =
    there === undefined ? await make(invocation, changes) : await change(invocation, there, changes);
  const path = there ?? PROJECT_FILE;
  const file = await readProjectFile(path);
  const trust = trustOf(invocation, file);
  if (trust !== undefined) await setTrust(environment, trust.service, trust.isGiven);
  const settings = await effectiveSettings(invocation, file);
  terminal.document(configDocument(file, settings, written));
  terminal.result(...configParts(file, settings));
  if (written) terminal.entry("settings", `written to ${path}`);
  else if (Object.keys(options).length === 0)
    terminal.note(`Change ${path} with an editor, or by \`thoth config --write\`.`);
  return 0;
};

/** What the user says is to be in the file. Throws usage. */
function changesOf({ options }: Invocation): JsonObject {
  const service = textOption(options, "service");
  if (service !== undefined) placeOf(service);
  const named: Readonly<Record<string, string | undefined>> = {
    host: service,
    python_version: textOption(options, "pythonVersion"),
    platform: textOption(options, "platform"),
    recommendation_type: textOption(options, "recommendationType"),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as JsonObject;
}

const HEAD = "# Settings of this project for Thoth: `thoth config` tells what holds.\n";

async function make({ options, environment }: Invocation, changes: JsonObject): Promise<true> {
  if ((flagOption(options, "trust") || flagOption(options, "distrust")) && changes["host"] === undefined)
    throw new ThothError("usage", "no file of settings names a service here", {
      hint: "Name one: `thoth config --service https://thoth.example.com`.",
    });
  const { host, ...wished } = changes;
  const detected = await detectedEnvironment({
    pythonVersion: textOption(options, "pythonVersion"),
    platform: textOption(options, "platform"),
    cacheDirectory: cacheDirectory(environment),
  });
  const { yamlText } = await import("../../locks/yaml-form.ts");
  const chosen = { ...detected, recommendation_type: "stable", ...wished };
  const content = { ...(host === undefined ? {} : { host }), runtime_environments: [chosen] };
  const text = HEAD + yamlText(content as JsonObject);
  await parseProjectFile(text, PROJECT_FILE);
  await replaceFile(PROJECT_FILE, text, { compare: true, expected: undefined });
  return true;
}

/** Whether it was changed. */
async function change({ options }: Invocation, path: string, changes: JsonObject): Promise<boolean> {
  const isAsked = flagOption(options, "write");
  if (Object.keys(changes).length === 0) {
    if (isAsked)
      throw new ThothError("usage", "nothing is named that would be written", {
        hint: "Name it: `thoth config --write --python-version 3.12`.",
      });
    return false;
  }
  if (!isAsked)
    throw new ThothError("usage", `${quote(path)} is there already`, { hint: "Add --write to change it." });
  await readProjectFile(path);
  const before = await readGivenFile(path);
  const { readConfigYaml, withYamlValues } = await import("../../locks/yaml-form.ts");
  const old = new TextDecoder().decode(before);
  const { runtime_environments: environments } = readConfigYaml(old, path);
  const isFirst = !Array.isArray(environments) || environments.length === 0;
  const { host, ...wished } = changes;
  const values: [readonly (string | number)[], JsonValue][] = Object.entries(wished).map(([key, value]) => [
    ["runtime_environments", 0, key],
    value as JsonValue,
  ]);
  const text = withYamlValues(old, [
    ...(host === undefined ? [] : [[["host"], host] as const]),
    ...(isFirst && values.length > 0 ? [[["runtime_environments"], [{ name: "default" }]] as const] : []),
    ...values,
  ]);
  await parseProjectFile(text, path);
  await replaceFile(path, text, { compare: true, expected: before });
  return true;
}

interface Trust {
  readonly service: string;
  readonly isGiven: boolean;
}

/** Whoever names a service himself trusts it. */
function trustOf({ options }: Invocation, { service, path }: ProjectFile): Trust | undefined {
  const isGiven = !flagOption(options, "distrust");
  if (isGiven && !flagOption(options, "trust") && textOption(options, "service") === undefined)
    return undefined;
  if (service === undefined)
    throw new ThothError("usage", `${quote(path)} names no service`, {
      hint: "Name one: `thoth config --write --service https://thoth.example.com`.",
    });
  return { service, isGiven };
}
