// Wheel tags: expansion of compressed sets, and the tags an interpreter on given platforms accepts, best first.
// https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/

import { quote, ThothError } from "./error.ts";

/** Most tags that one compressed set may stand for. */
const MOST_TAGS = 4096;

export interface Interpreter {
  readonly python: readonly [major: number, minor: number];
  /** `cp` (the default), or `pp`, `graalpy` and so on. */
  readonly implementation?: string;
  /** Best first. */
  readonly platforms: readonly string[];
  /** CPython without the global lock: another ABI, PEP 703. */
  readonly freeThreaded?: boolean;
  /** ABI tags of an interpreter other than CPython, such as `pypy310_pp73`; `none` is always added. */
  readonly abis?: readonly string[];
}

/** Each `python-abi-platform` that `text` stands for, lower case, each once. Throws `invalid-wheel` with `details.position`. */
export function parseTagSet(text: string): readonly string[] {
  const components = text
    .toLowerCase()
    .split("-")
    .map((component) => component.split("."));
  const [pythons, abis, platforms] = components;
  if (components.length !== 3 || pythons === undefined || abis === undefined || platforms === undefined) {
    throw invalidTag(text, text.length, "it does not have three parts");
  }
  const empty = text.search(/^[-.]|[-.](?=[-.]|$)/);
  if (empty >= 0) throw invalidTag(text, empty, "a part of it is empty");
  if (!pythons.every(isIdentifier)) throw invalidTag(text, 0, "its first part names no interpreter");
  if (pythons.length * abis.length * platforms.length > MOST_TAGS) {
    throw new ThothError("limit-exceeded", `${quote(text, 60)} stands for too many tags`, {
      details: { limit: "tags", maximum: MOST_TAGS },
    });
  }
  if (pythons.length === 1 && abis.length === 1 && platforms.length === 1) return [text.toLowerCase()];
  const tags = new Set<string>();
  for (const python of pythons) {
    for (const abi of abis) for (const platform of platforms) tags.add(`${python}-${abi}-${platform}`);
  }
  return [...tags];
}

/** Every tag that fits, best first. */
export function compatibleTags(interpreter: Interpreter): string[] {
  const { platforms, implementation = "cp" } = interpreter;
  const [major, minor] = interpreter.python;
  const name = `${implementation}${major}${minor}`;
  const own = implementation === "cp" ? cpythonTags(interpreter, name) : genericTags(interpreter, name);
  const pure: string[] = [];
  const pythons = pythonRange(major, minor);
  for (const python of pythons) for (const platform of platforms) pure.push(`${python}-none-${platform}`);
  if (implementation === "cp") pure.push(`${name}-none-any`);
  if (implementation === "pp") pure.push("pp3-none-any");
  for (const python of pythons) pure.push(`${python}-none-any`);
  return [...new Set([...own, ...pure])];
}

function cpythonTags(
  { python: [major, minor], platforms, freeThreaded = false }: Interpreter,
  name: string,
): string[] {
  const flags = freeThreaded ? "t" : oldFlags(major, minor);
  const stable = freeThreaded ? "abi3t" : "abi3";
  const hasStable = major > 3 || (major === 3 && minor >= 2);
  const abis = [`${name}${flags}`, ...(hasStable ? [stable] : []), "none"];
  const tags = abis.flatMap((abi) => platforms.map((platform) => `${name}-${abi}-${platform}`));
  if (!hasStable) return tags;
  for (let older = minor - 1; older >= 2; older--) {
    for (const platform of platforms) tags.push(`cp${major}${older}-${stable}-${platform}`);
  }
  return tags;
}

/** Builds of old had `m` for their allocator and `u` for wide characters; both are what Linux had. */
function oldFlags(major: number, minor: number): string {
  if (major < 3 || (major === 3 && minor < 3)) return "mu";
  return major === 3 && minor < 8 ? "m" : "";
}

function genericTags({ platforms, abis = [] }: Interpreter, name: string): string[] {
  const all = abis.includes("none") ? abis : [...abis, "none"];
  return all.flatMap((abi) => platforms.map((platform) => `${name}-${abi}-${platform}`));
}

/** `py311`, `py3`, `py310` … `py30`. */
function pythonRange(major: number, minor: number): string[] {
  const names = [`py${major}${minor}`, `py${major}`];
  for (let older = minor - 1; older >= 0; older--) names.push(`py${major}${older}`);
  return names;
}

function isIdentifier(text: string): boolean {
  return /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(text);
}

function invalidTag(text: string, position: number, why: string): ThothError {
  return new ThothError("invalid-wheel", `The tag ${quote(text)} is not valid: ${why}`, {
    details: { position, text: text.slice(0, 200) },
  });
}
