// What stands behind an import: Python itself, a file beside the notebook, a platform, or a distribution for which
// there is evidence. https://docs.python.org/3/reference/import.html

import { normalizeName } from "@thoth/pep";
import {
  isUnresolvable,
  platformOf,
  prefixes,
  reportedModule,
  tableProviders,
  topOf,
} from "./distribution.ts";
import { GENERIC_NAMES, NAMESPACES, SUCCESSORS } from "./known-names.ts";
import { everStandard, standardLibrary } from "./standard-library.ts";

export interface EvidenceContext {
  readonly pythonVersion: string;
  isLocalModule(name: string): boolean;
  readonly installed?: ReadonlyMap<string, readonly string[]>;
  /** Modules of files that cells write. */
  readonly written: ReadonlySet<string>;
  /** Normalised names that install commands and metadata give, and who gives each. */
  readonly named: ReadonlyMap<string, string>;
}

export interface Found {
  readonly module: string;
  readonly distribution: string;
  /** `installed`, `table`, or who named it: `pip`, `conda`, `metadata`, `pep723`. */
  readonly evidence: string;
}

export type Origin =
  | { readonly kind: "standard" }
  /** In the standard library of another Python only. */
  | { readonly kind: "gone"; readonly module: string; readonly successor?: string }
  | { readonly kind: "local"; readonly module: string; readonly written: boolean }
  | { readonly kind: "platform"; readonly module: string; readonly platform: string }
  | { readonly kind: "found"; readonly providers: readonly Found[] }
  | { readonly kind: "unknown"; readonly module: string; readonly candidates: readonly string[] };

/** Names by which notebooks import what a platform or the kernel itself defines. */
const NEVER_ASKED = new Set(["__main__", "__future__", "antigravity", "this"]);

export function originOf(path: string, context: EvidenceContext): Origin {
  const top = topOf(path);
  if (NEVER_ASKED.has(top) || standardLibrary(context.pythonVersion).has(top)) return { kind: "standard" };
  if (context.written.has(top)) return { kind: "local", module: top, written: true };
  if (context.isLocalModule(top)) return { kind: "local", module: top, written: false };
  const platform = platformOf(path);
  if (platform !== undefined) return { kind: "platform", ...platform };
  const providers = providersOf(path, context);
  if (providers.length > 0) return { kind: "found", providers };
  if (everStandard().has(top)) return gone(top);
  const module = reportedModule(path);
  return { kind: "unknown", module, candidates: isUnresolvable(path) ? [] : candidatesOf(module) };
}

function gone(module: string): Origin {
  const successor = SUCCESSORS.get(module);
  return { kind: "gone", module, ...(successor === undefined ? {} : { successor }) };
}

/** What might be meant; the reader decides, nothing of it is installed. */
function candidatesOf(module: string): string[] {
  if (GENERIC_NAMES.has(module.toLowerCase()) || /^_|^test|test(?:s|ing)?$/i.test(module)) return [];
  return [normalizeName(module.replaceAll(".", "-"))];
}

function providersOf(path: string, context: EvidenceContext): Found[] {
  const listed = tableProviders(path);
  if (listed.length === 0) return unlisted(path, context);
  return listed.map(({ module, distribution, alternatives }) => {
    const choices = [distribution, ...alternatives];
    const named = choices.find((name) => context.named.has(name));
    if (named !== undefined) return { module, distribution: named, evidence: context.named.get(named)! };
    const present = installedOf(module, context).find((name) => choices.includes(name));
    if (present !== undefined) return { module, distribution: present, evidence: "installed" };
    return { module, distribution, evidence: "table" };
  });
}

/** A module that the table does not hold: what is installed, or what the notebook itself installs. */
function unlisted(path: string, context: EvidenceContext): Found[] {
  for (const prefix of prefixes(path)) {
    if (NAMESPACES.has(prefix)) break;
    const [only, ...others] = installedOf(prefix, context);
    if (only !== undefined && others.length === 0)
      return [{ module: reportedModule(path), distribution: only, evidence: "installed" }];
  }
  const module = reportedModule(path);
  const name = namedProvider(path, context.named);
  return name === undefined ? [] : [{ module, distribution: name, evidence: context.named.get(name)! }];
}

function installedOf(module: string, { installed }: EvidenceContext): string[] {
  return (installed?.get(module) ?? []).map(normalizeName);
}

/** `import foo` where the notebook installs `foo`, `python-foo`, `foo-python`, `pyfoo` or `foo.bar`. */
function namedProvider(path: string, named: ReadonlyMap<string, string>): string | undefined {
  for (const prefix of prefixes(path)) {
    if (NAMESPACES.has(prefix)) return undefined;
    const name = normalizeName(prefix.replaceAll(".", "-"));
    if (named.has(name)) return name;
  }
  const top = normalizeName(topOf(path));
  const plain = top.replaceAll("-", "");
  for (const name of named.keys()) {
    const bare = name.replace(/^(?:python|py)-?|-?(?:python|py|client|sdk)[0-9]?$/g, "").replaceAll("-", "");
    if (bare === plain || name.replaceAll("-", "") === plain || plain === `py${bare}`) return name;
  }
  return undefined;
}
