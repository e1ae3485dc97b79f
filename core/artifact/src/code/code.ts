// A look at the code of a release, wheel or source distribution: lines, secrets, and code that runs where nobody looks. Like
// the reader of contents it asks for members one by one.

import type { CodeFact } from "@thoth/knowledge";
import { parsePyproject, ThothError } from "@thoth/pep";
import type { Member, MemberReader } from "../contents.ts";
import type { Finding } from "./finding.ts";
import { LONGEST_SOURCE, readSource } from "./python-source.ts";
import { findSecrets } from "./secrets.ts";
import { findInPathFile, findSuspicious } from "./suspicious.ts";

export interface ReleaseMembers {
  readonly filename: string;
  readonly members: readonly Member[];
}

/** Files that are looked at, and their bytes together. */
const MOST_FILES = 50_000;
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_FINDINGS = 1000;
const LONGEST_TEXT = 4 * 1024 * 1024;
/** Texts in which secrets are found: settings and scripts. */
const TEXTS =
  /\.(?:cfg|conf|env|ini|json|pem|key|sh|toml|txt|yaml|yml|ipynb|pypirc)$|(?:^|\/)\.(?:env|pypirc|netrc|npmrc)$/;
const utf8 = new TextDecoder("utf-8");

/**
 * Paths of a source distribution are told without its top folder. Findings stand in the order of paths and lines; of more
 * than 1,000 the first. Throws `limit-exceeded`.
 */
export function* codeOf(release: ReleaseMembers): MemberReader<CodeFact> {
  const { members } = release;
  const wanted = members.filter(({ name, size }) => isCodeMember(name) && size <= LONGEST_TEXT);
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  if (wanted.length > MOST_FILES) throw exceeded("files", MOST_FILES);
  if (bytes > MOST_BYTES) throw exceeded("bytes", MOST_BYTES);
  const top = topFolder(release);
  const backend = yield* ownBackend(members, top);
  const findings: Finding[] = [];
  let lines = 0;
  for (const { name } of [...wanted].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const content = yield name;
    if (content === undefined) continue;
    const path = name.slice(top.length);
    const installs = top !== "" && (path === "setup.py" || backend.has(path));
    const looked = lookAt({ path, text: utf8.decode(content), installs });
    lines += looked.lines;
    findings.push(...looked.findings);
  }
  return { filename: release.filename, lines, findings: findings.slice(0, MOST_FINDINGS) };
}

/** Whether a member of that name is asked for, where it is no longer than 4 MiB. */
export function isCodeMember(name: string): boolean {
  return /\.(?:pyw?|pth)$/.test(name) || TEXTS.test(name);
}

/** The one folder in which a source distribution has all of its files, with its slash; empty for a wheel. */
export function topFolder({ filename, members }: ReleaseMembers): string {
  const first = members[0]?.name ?? "";
  const top = first.slice(0, first.indexOf("/") + 1);
  const isSdist =
    !filename.endsWith(".whl") && top !== "" && members.every(({ name }) => name.startsWith(top));
  return isSdist ? top : "";
}

/** Files of a build backend that lies in the source distribution itself. https://peps.python.org/pep-0517/ */
function* ownBackend(members: readonly Member[], top: string): MemberReader<ReadonlySet<string>> {
  const name = `${top}pyproject.toml`;
  const member = members.find((one) => one.name === name);
  const bytes = top === "" || member === undefined || member.size > LONGEST_TEXT ? undefined : yield name;
  if (bytes === undefined) return new Set();
  try {
    const { buildSystem } = parsePyproject(utf8.decode(bytes));
    const folders = buildSystem?.backendPath ?? [];
    const module = (buildSystem?.buildBackend ?? "").split(":")[0]!.replaceAll(".", "/");
    return new Set(folders.flatMap((folder) => backendFiles(folder.replace(/^\.\/?|\/$/g, ""), module)));
  } catch (error) {
    if (error instanceof ThothError) return new Set();
    throw error;
  }
}

function backendFiles(folder: string, module: string): string[] {
  const stem = folder === "" ? module : `${folder}/${module}`;
  return [`${stem}.py`, `${stem}/__init__.py`];
}

export interface Look {
  readonly lines: number;
  readonly findings: readonly Finding[];
}

/** One file by its name; `lines` is 0 for what is no Python. */
export function lookAt(file: {
  readonly path: string;
  readonly text: string;
  readonly installs: boolean;
}): Look {
  const secrets = findSecrets(file.path, file.text);
  if (file.path.endsWith(".pth"))
    return { lines: 0, findings: [...secrets, ...findInPathFile(file.path, file.text)] };
  if (!/\.pyw?$/.test(file.path)) return { lines: 0, findings: secrets };
  const source = readSource(file.text.slice(0, LONGEST_SOURCE + 1));
  const findings = [...secrets, ...findSuspicious(file, source)].sort((a, b) => a.line - b.line);
  return { lines: source.lines, findings };
}

function exceeded(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `The release exceeds the limit of ${most} for ${limit} of code.`, {
    details: { limit, most },
  });
}
