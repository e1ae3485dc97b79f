// Whether a release offers what code uses: modules, names, keywords, places for arguments. A finding is certain only where
// all that could offer the name is understood; anything else is a remark.

import type { ApiParameter } from "@thoth/knowledge";
import { type ClassReference, type Found, type Missing, Resolver } from "./resolve-name.ts";
import { takesNothing } from "./standard-bases.ts";
import type { Surface } from "./surface.ts";
import type { CallArguments, Use } from "./use.ts";

export interface Finding {
  readonly kind: "module-missing" | "name-missing" | "keyword-missing" | "too-many-positionals";
  /** As in `Use`. */
  readonly path: string;
  readonly cell: number;
  readonly line: number;
  /** The code fails there with this release; else it may. */
  readonly certain: boolean;
  /** Dotted path of what lacks it, in the release: a module, a class, or what is called. */
  readonly owner: string;
  /** The module, name or keyword that is lacking; for positionals, how many are given. */
  readonly name: string;
  /** Positional arguments that it takes at most. */
  readonly takes?: number;
}

export type Match =
  | { readonly kind: "matched"; readonly findings: readonly Finding[] }
  /** Texts to supply before it can be told. */
  | { readonly kind: "needs"; readonly paths: readonly string[] };

/**
 * Findings in the order of the uses, one for each name and line. `before`: another release of the project, which the code
 * is known to work with or was written for; what it offered and this one does not is missed where objects could hold it.
 */
export function matchUsage(usage: readonly Use[], surface: Surface, before?: Surface): Match {
  const resolver = new Resolver(surface);
  const earlier = before === undefined ? undefined : new Resolver(before);
  const findings = new Map<string, Finding>();
  const patched = patchesOf(usage, resolver, surface);
  for (const use of usage) {
    for (const finding of findingsOf(use, { resolver, earlier })) {
      if (patched.has(`${finding.owner}.${finding.name}`)) continue;
      const key = [finding.kind, finding.path, finding.name, finding.cell, finding.line].join(" ");
      const known = findings.get(key);
      if (known === undefined || (finding.certain && !known.certain)) findings.set(key, finding);
    }
  }
  const paths = [...new Set([...surface.needs(), ...(before?.needs() ?? [])])];
  if (paths.length > 0) return { kind: "needs", paths };
  return { kind: "matched", findings: [...findings.values()] };
}

/** Of a finding, what is true wherever the code stands. */
export type Lacking = Pick<Finding, "kind" | "path" | "owner" | "name" | "certain">;

/**
 * What a neighbouring release lacks for certain, where this one does not tell it: nothing says what a function gives, and an object
 * of the class of which the neighbour tells lacks the name here, too; or members of the class may be made at run time, and
 * `before` had it in its text, as this one has not.
 */
export function matchElsewhere(usage: readonly Use[], { surface, elsewhere, before }: Neighbours): Match {
  const resolver = new Resolver(surface);
  const earlier = before === undefined ? undefined : new Resolver(before);
  const known = new Map(
    elsewhere.flatMap((each) => (each.certain && each.kind === "name-missing" ? [[each.path, each]] : [])),
  );
  const findings = new Map<string, Finding>();
  for (const use of usage) {
    const [path = "", ...others] = use.paths;
    const lacking = known.get(path);
    if (lacking === undefined || others.length > 0 || use.guarded === true) continue;
    const found = lostHere(path, lacking, resolver);
    if (found === undefined || (found.doubt === "dynamic" && !isMethod(found, earlier))) continue;
    findings.set(`${path} ${use.cell} ${use.line}`, missingFinding(path, found, use, true));
  }
  const paths = [...surface.needs(), ...(before?.needs() ?? [])];
  return paths.length > 0 ? { kind: "needs", paths } : { kind: "matched", findings: [...findings.values()] };
}

export interface Neighbours {
  readonly surface: Surface;
  readonly elsewhere: readonly Lacking[];
  readonly before?: Surface;
}

function lostHere(path: string, { owner, name }: Lacking, resolver: Resolver): Missing | undefined {
  const found = resolver.resolve(path);
  if (found.kind === "missing") return found.doubt === "dynamic" ? found : undefined;
  const place = found.kind === "unknown" ? resolver.locate(owner) : undefined;
  if (place?.kind !== "class") return undefined;
  const member = resolver.memberOfClass(place.class, name, false);
  return member.kind === "missing" ? member : undefined;
}

function isMethod({ owner, name }: Missing, earlier: Resolver | undefined): boolean {
  const place = earlier?.locate(owner);
  if (place?.kind !== "class") return false;
  return earlier?.memberOfClass(place.class, name, false).kind === "function";
}

/** What a name leads to in a release; `unknown` also where texts are needed first, which the surface then tells. */
export function resolveName(surface: Surface, path: string): Found {
  return new Resolver(surface).resolve(path);
}

/** What modules that the code imports put into others, such as `sklearn.experimental.enable_iterative_imputer`. */
function patchesOf(usage: readonly Use[], resolver: Resolver, surface: Surface): ReadonlySet<string> {
  const patches = new Set<string>();
  for (const { how, paths } of usage) {
    if (how !== "import" && how !== "from") continue;
    for (const path of paths) {
      const found = resolver.resolve(path);
      const state = found.kind === "module" ? surface.module(found.name) : undefined;
      if (state?.kind === "read") for (const each of state.module.patches ?? []) patches.add(each);
    }
  }
  return patches;
}

function findingsOf(use: Use, { resolver, earlier }: Releases): Finding[] {
  const all = use.paths.map((path) => ({ path, found: resolver.resolve(path) }));
  // A name whose making fails already does not come to this use.
  const alive = all.filter(({ path, found }) => found.kind !== "missing" || isLast(found, path));
  if (alive.length === 0) return [];
  const lost = alive.flatMap(({ path, found }) => (found.kind === "missing" ? [{ path, found }] : []));
  if (lost.length > 0) {
    const [first] = lost;
    const sure =
      lost.length === alive.length && lost.every(({ found }) => isSure(found, use, { resolver, earlier }));
    return [missingFinding(first!.path, first!.found, use, sure)];
  }
  const { call } = use;
  if (call === undefined) return [];
  const problems = alive.map(({ path, found }) => callFindings(path, found, use, { call, resolver }));
  const [one, ...others] = problems;
  if (one === undefined || others.some((each) => each.length === 0)) return [];
  return others.length === 0 ? one : one.map((finding) => ({ ...finding, certain: false }));
}

/** What is missing is the last of the path. */
function isLast({ what, name, owner }: Missing, path: string): boolean {
  const bare = path.replace(/\(\)/g, "");
  if (what === "module") return !path.includes(":") || bare.split(":", 1)[0] !== owner;
  return bare.endsWith(`.${name}`) || bare.endsWith(`:${name}`);
}

interface Releases {
  readonly resolver: Resolver;
  readonly earlier: Resolver | undefined;
}

function isSure(missing: Missing, use: Use, { resolver, earlier }: Releases): boolean {
  if (use.guarded === true) return false;
  if (missing.doubt === undefined) return true;
  return earlier !== undefined && wasThere(missing, resolver, earlier);
}

/** Another release offered it, and what it led to there is no more where it was. */
function wasThere(missing: Missing, resolver: Resolver, earlier: Resolver): boolean {
  const owner = earlier.locate(missing.owner);
  const ofObject = missing.doubt === "items" || missing.doubt === "stores";
  const offered =
    owner.kind === "class" && ofObject
      ? earlier.memberOfClass(owner.class, missing.name, false)
      : earlier.step(owner, missing.name);
  if (missing.doubt === "items") return offered.kind !== "missing" && offered.kind !== "unknown";
  // What was a value may still be one; a method is not stored under a computed name.
  if (missing.doubt === "stores") return offered.kind === "function";
  if (offered.kind !== "function" && offered.kind !== "class") return false;
  const now = resolver.locate(offered.kind === "class" ? offered.class.path : offered.path);
  return now.kind === "missing" && now.doubt === undefined;
}

function missingFinding(path: string, { what, owner, name }: Missing, use: Use, certain: boolean): Finding {
  const { cell, line } = use;
  const kind = what === "module" ? "module-missing" : "name-missing";
  return { kind, path, cell, line, certain, owner, name };
}

interface Call {
  readonly call: CallArguments;
  readonly resolver: Resolver;
}

function callFindings(path: string, found: Found, use: Use, { call, resolver }: Call): Finding[] {
  const target = signatureOf(found, resolver);
  if (target === undefined) return [];
  const { parameters, loose, owner } = target;
  const certain = !loose && use.guarded !== true;
  const base = { path, cell: use.cell, line: use.line, certain, owner };
  const findings: Finding[] = [];
  if (!parameters.some(({ kind }) => kind === "keywords")) {
    for (const name of call.keywords) {
      const parameter = parameters.find((each) => each.name === name && each.kind !== "rest");
      if (parameter === undefined) findings.push({ ...base, kind: "keyword-missing", name });
      // Stubs and sources differ in what they call positional only.
      else if (parameter.kind === "positional")
        findings.push({ ...base, kind: "keyword-missing", name, certain: false });
    }
  }
  const takes = parameters.filter(({ kind }) => kind === "positional" || kind === "either").length;
  const rest = parameters.some(({ kind }) => kind === "rest");
  if (!rest && call.positionals > takes + (target.unbound ? 1 : 0))
    findings.push({ ...base, kind: "too-many-positionals", name: String(call.positionals), takes });
  return findings;
}

interface Signature {
  readonly parameters: readonly ApiParameter[];
  readonly loose: boolean;
  readonly owner: string;
  readonly unbound: boolean;
}

function signatureOf(found: Found, resolver: Resolver): Signature | undefined {
  if (found.kind === "function") {
    const { parameters, loose } = found.function;
    return { parameters, loose: loose === true, owner: found.path, unbound: found.unbound === true };
  }
  return found.kind === "class" ? constructorOf(found.class, resolver) : undefined;
}

/** Of the nearest class that says how it is made. */
function constructorOf(reference: ClassReference, resolver: Resolver): Signature | undefined {
  let loose = false;
  for (const base of resolver.lineage(reference)) {
    if (typeof base === "string") {
      if (!takesNothing(base)) return undefined;
      continue;
    }
    loose ||= base.class.loose === true;
    const { parameters } = base.class;
    if (parameters !== undefined) return { parameters, loose, owner: reference.path, unbound: false };
  }
  // Nothing says how it is made: objects of it take no arguments, unless what makes them was not seen.
  return undefined;
}
