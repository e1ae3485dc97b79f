// What holds for a project, and where each setting comes from: a variable, the project's file, or nobody.

import type { ConfigDocument } from "@thoth/contract";
import type { JsonValue } from "@thoth/notebook";
import type { Invocation } from "../../frame/command.ts";
import type { Part } from "../../frame/table.ts";
import { isObject } from "../../notebook/metadata-keys.ts";
import { describeTarget } from "../../project/target.ts";
import { isTrusted } from "../../remote/trusted-services.ts";
import { cacheDirectory, given } from "../../settings/directories.ts";
import type { ProjectFile } from "../../settings/project-file.ts";

type Setting = ConfigDocument["settings"][number];

/** Throws interpreter-not-found where neither variable nor file names a Python, and this machine has none. */
export async function effectiveSettings(
  { environment }: Invocation,
  file: ProjectFile,
): Promise<readonly Setting[]> {
  const chosen = (name: string, variable: string, own: string | undefined): Setting => {
    const told = given(environment, variable);
    if (told !== undefined) return { name, value: told, from: "variable", note: variable };
    return own === undefined ? { name, value: null, from: "default" } : { name, value: own, from: "file" };
  };
  const service = chosen("service", "THOTH_SERVICE", file.service);
  const python = chosen("python-version", "THOTH_PYTHON_VERSION", file.pythonVersion);
  const platform = chosen("platform", "THOTH_PLATFORM", file.platform);
  const type = chosen("recommendation-type", "THOTH_RECOMMENDATION_TYPE", file.recommendationType);
  const isOpen = python.value === null || platform.value === null;
  const here = isOpen ? await describeTarget({ cacheDirectory: cacheDirectory(environment) }) : undefined;
  return [
    withTrust(service, environment),
    type.value === null ? { ...type, value: "stable", note: "`thoth lock`: latest" } : type,
    ofMachine(python, here?.python),
    ofMachine(platform, here?.platform),
    ...Object.entries(file.facts).map(
      ([key, value]): Setting => ({
        name: key.replaceAll("_", "-"),
        value: textOf(value),
        from: "file",
        note: "for rules, where this machine chooses",
      }),
    ),
  ];
}

function withTrust(service: Setting, environment: Invocation["environment"]): Setting {
  if (service.value === null) return { ...service, note: "this machine chooses stacks itself" };
  if (service.from !== "file") return service;
  return isTrusted(environment, service.value)
    ? { ...service, note: "trusted: it is asked, and given THOTH_TOKEN" }
    : { ...service, note: "not trusted, so it is not asked; `thoth config --trust` lets it be" };
}

function ofMachine(setting: Setting, here: string | undefined): Setting {
  return setting.value === null ? { ...setting, value: here ?? null, note: "this machine's" } : setting;
}

function textOf(value: JsonValue | undefined): string {
  if (!isObject(value)) return Array.isArray(value) ? value.join(" ") : String(value);
  const { name, version } = value;
  if (typeof name === "string") return typeof version === "string" ? `${name} ${version}` : name;
  return Object.entries(value)
    .filter(([, part]) => part !== null)
    .map(([key, part]) => `${key.replaceAll("_", " ")} ${textOf(part)}`)
    .join(", ");
}

export function configDocument(
  { path, environments, unused }: ProjectFile,
  settings: readonly Setting[],
  written: boolean,
): ConfigDocument {
  return { file: path, written, settings, environments, unused };
}

export function configParts(
  { path, environments, unused }: ProjectFile,
  settings: readonly Setting[],
): readonly Part[] {
  const [, ...others] = environments;
  const rows = settings.map(({ name, value, from, note }) => [
    name,
    value ?? "none",
    from === "file" ? path : from === "variable" ? (note ?? "") : "default",
    from === "variable" ? "" : (note ?? ""),
  ]);
  return [
    { headings: ["setting", "value", "from", ""], rows },
    ...(others.length === 0
      ? []
      : ["", `other environments, by \`--runtime-environment NAME\`: ${others.join(", ")}`]),
    ...(unused.length === 0
      ? []
      : ["", `in ${path}, but of no use here: ${unused.map(whyUnused).join(", ")}`]),
  ];
}

function whyUnused(key: string): string {
  return key === "tls_verify" ? "tls_verify (certificates are always checked)" : key;
}
