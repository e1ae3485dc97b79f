// What a release lacks of what code uses, as a term of the search and in words.

import type { RuleJustification, RuleTerm } from "@thoth/adviser";
import { normalizeName, type PackageName, parseSpecifiers } from "@thoth/pep";
import type { Finding, Use } from "@thoth/python";
import { plural } from "../frame/printable.ts";

/** Without the place: code moves, and what it needs stays. */
export type Lack = Omit<Finding, "cell" | "line">;

/** Points for each name that is lacking, as of a failure that is beyond doubt, by 1000. */
const SCORE = -1;

/** Undefined where nothing is lacking. What is doubtful is told and costs nothing. */
export function termOfLacks(
  name: PackageName,
  version: string,
  { lacks, uses }: { readonly lacks: readonly Lack[]; readonly uses: readonly Use[] },
): RuleTerm | undefined {
  if (lacks.length === 0) return undefined;
  const certain = new Set(lacks.filter((lack) => lack.certain).map((lack) => `${lack.owner} ${lack.name}`));
  return {
    unit: `code with ${name} ${version}`,
    score: certain.size * SCORE,
    counts: "breakage",
    forbids: undefined,
    when: [{ name: normalizeName(name), specifiers: parseSpecifiers(`==${version}`), prereleases: true }],
    justification: once(lacks.map((lack) => justificationOf(`${name} ${version}`, lack, uses))),
  };
}

/** What is lacking is told where it is used first, however often it is. */
function once(all: readonly RuleJustification[]): readonly RuleJustification[] {
  return [...new Map(all.map((each) => [each.message, each])).values()];
}

function justificationOf(release: string, lack: Lack, uses: readonly Use[]): RuleJustification {
  const use = uses.find((one) => isMeant(one, lack));
  const where = use === undefined ? "the code" : `cell ${use.cell + 1}, line ${use.line + 1},`;
  const doubt = lack.certain ? "" : " as far as its sources tell";
  return {
    type: lack.certain ? "ERROR" : "INFO",
    message: `${where} ${sentenceOf(lack, release)}${doubt}`,
    link: "",
    packageName: release.slice(0, release.indexOf(" ")),
  };
}

function sentenceOf({ kind, owner, path, name, takes }: Lack, release: string): string {
  // What people wrote, and not the private module where it is made.
  const callee = path.includes("()") ? owner : path.replace(":", ".");
  switch (kind) {
    case "module-missing":
      return `imports ${joined(owner, name)}, which ${release} does not have`;
    case "name-missing":
      return `uses ${joined(owner, name)}, which ${release} does not have`;
    case "keyword-missing":
      return `passes ${name}= to ${callee}, which does not take it in ${release}`;
    case "too-many-positionals":
      return `gives ${callee} ${plural(Number(name), "argument")} by position, and it takes ${takes ?? "fewer"} in ${release}`;
    default:
      return kind satisfies never;
  }
}

function joined(owner: string, name: string): string {
  return owner === "" || name.startsWith(`${owner}.`) ? name : `${owner}.${name}`;
}

function isMeant({ paths, call }: Use, { kind, path, name }: Lack): boolean {
  if (!paths.includes(path)) return false;
  if (kind === "keyword-missing") return call?.keywords.includes(name) === true;
  if (kind === "too-many-positionals") return String(call?.positionals) === name;
  return true;
}
