// pip's own settings, honoured where ours are silent: its files, then its variables, the later winning.
// https://pip.pypa.io/en/stable/topics/configuration/

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { given } from "./directories.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export interface PipSettings {
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  readonly noIndex: boolean;
  readonly trustedHosts: readonly string[];
  readonly certificates?: string;
  readonly clientCertificate?: string;
  readonly proxy?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly retries?: number;
  readonly prerelease: boolean;
  readonly onlyBinary: readonly string[];
  readonly noBinary: readonly string[];
  readonly constraints: readonly string[];
}

/** Sections that count for us, the later overriding the earlier. */
const SECTIONS = ["global", "install", ":env:"];
const MAXIMUM_FILE = 1_048_576;

/** Reads files that exist and can be read; others are none of our business. */
export function readPipSettings(variables: Variables): PipSettings {
  const sections = new Map<string, Map<string, string>>();
  for (const path of configurationFiles(variables)) {
    const text = readOptional(path);
    if (text !== undefined) readConfiguration(text, sections);
  }
  sections.set(":env:", fromVariables(variables));
  const values = new Map(SECTIONS.flatMap((section) => [...(sections.get(section) ?? [])]));
  return settingsOf(values);
}

function settingsOf(values: ReadonlyMap<string, string>): PipSettings {
  const text = (name: string) => values.get(name)?.trim() || undefined;
  const list = (name: string) => (values.get(name) ?? "").split(/\s+/).filter((item) => item !== "");
  const indexUrl = text("index-url") ?? text("pypi-url");
  const certificates = text("cert");
  const clientCertificate = text("client-cert");
  const proxy = text("proxy");
  const timeout = numberOf(text("timeout") ?? text("default-timeout"));
  const retries = numberOf(text("retries"));
  return {
    ...(indexUrl === undefined ? {} : { indexUrl }),
    extraIndexUrls: list("extra-index-url"),
    findLinks: list("find-links"),
    noIndex: isTrue(text("no-index")),
    trustedHosts: list("trusted-host"),
    ...(certificates === undefined ? {} : { certificates }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(retries === undefined ? {} : { retries }),
    prerelease: isTrue(text("pre")),
    onlyBinary: names(values.get("only-binary")),
    noBinary: names(values.get("no-binary")),
    constraints: list("constraint"),
  };
}

function names(value: string | undefined): string[] {
  return (value ?? "").split(/[\s,]+/).filter((item) => item !== "" && item !== ":none:");
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) || value < 0 ? undefined : value;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && ["1", "true", "yes", "on", "y", "t"].includes(text.toLowerCase());
}

/** `PIP_INDEX_URL` sets `index-url`. */
function fromVariables(variables: Variables): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(variables)) {
    if (!/^PIP_/i.test(name) || value === undefined || value === "") continue;
    const key = name.slice(4).toLowerCase().replaceAll("_", "-");
    if (key !== "config-file") values.set(key, value);
  }
  return values;
}

function configurationFiles(variables: Variables): string[] {
  const single = given(variables, "PIP_CONFIG_FILE");
  if (single === "/dev/null" || single?.toLowerCase() === "nul") return [];
  const home = given(variables, "HOME") ?? homedir();
  const files = [...globalFiles(variables), ...userFiles(variables, home)];
  const environment = given(variables, "VIRTUAL_ENV");
  if (environment !== undefined)
    files.push(join(environment, process.platform === "win32" ? "pip.ini" : "pip.conf"));
  if (single !== undefined) files.push(single);
  return files;
}

function globalFiles(variables: Variables): string[] {
  if (process.platform === "win32")
    return [join(given(variables, "PROGRAMDATA") ?? "C:\\ProgramData", "pip", "pip.ini")];
  if (process.platform === "darwin") return ["/Library/Application Support/pip/pip.conf"];
  const folders = (given(variables, "XDG_CONFIG_DIRS") ?? "/etc/xdg")
    .split(":")
    .filter((folder) => folder !== "");
  return [...folders.map((folder) => join(folder, "pip", "pip.conf")), "/etc/pip.conf"];
}

function userFiles(variables: Variables, home: string): string[] {
  if (process.platform === "win32") {
    return [join(home, "pip", "pip.ini"), join(given(variables, "APPDATA") ?? home, "pip", "pip.ini")];
  }
  const files = [join(home, ".pip", "pip.conf")];
  if (process.platform === "darwin")
    files.push(join(home, "Library", "Application Support", "pip", "pip.conf"));
  return [...files, join(given(variables, "XDG_CONFIG_HOME") ?? join(home, ".config"), "pip", "pip.conf")];
}

function readOptional(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return text.length > MAXIMUM_FILE ? undefined : text;
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}

/** The format of Python's configparser: sections, `key = value`, indented continuation lines. */
export function readConfiguration(text: string, sections: Map<string, Map<string, string>>): void {
  let section = new Map<string, string>();
  let key: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const content = line.trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    if (/^\s/.test(line) && key !== undefined) {
      section.set(key, `${section.get(key) ?? ""}\n${content}`);
      continue;
    }
    if (content.startsWith("[") && content.endsWith("]")) {
      const name = content.slice(1, -1);
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      key = undefined;
      continue;
    }
    const at = content.search(/[=:]/);
    if (at <= 0) continue;
    key = content.slice(0, at).trim().toLowerCase().replaceAll("_", "-").replace(/^-+/, "");
    section.set(key, content.slice(at + 1).trim());
  }
}
