// What is read of a release beside what its modules have when they run.

import type { ApiFact } from "@thoth/knowledge";
import { type Found, isPublic, Resolver, surfaceOf } from "@thoth/python";
import { ask, type Environment } from "./environments.ts";

interface LiveName {
  readonly kind: "module" | "class" | "function" | "value";
  readonly parameters?: readonly (readonly [name: string, kind: string, optional: boolean])[] | null;
  readonly members?: readonly string[];
}

export interface Comparison {
  modules: number;
  /** Public names that the modules have; of them read, not told, and denied. */
  names: number;
  found: number;
  untold: number;
  denied: string[];
  /** Public names that were read, and those of them that the modules have. */
  read: number;
  right: number;
  /** Signatures that both tell, and those of them with the same names in the same order. */
  signatures: number;
  alike: number;
  /** Public members of classes; not told, and denied. */
  members: number;
  untoldMembers: number;
  deniedMembers: string[];
}

export function compare(fact: ApiFact, environment: Environment): Comparison {
  const resolver = new Resolver(surfaceOf(fact));
  const modules = [...Object.keys(fact.modules), ...fact.opaque].filter(isPublic);
  const live = JSON.parse(ask(environment, "live.py", { input: modules.join("\n") })) as Record<
    string,
    Record<string, LiveName>
  >;
  const figures: Comparison = {
    modules: Object.keys(live).length,
    names: 0,
    found: 0,
    untold: 0,
    denied: [],
    read: 0,
    right: 0,
    signatures: 0,
    alike: 0,
    members: 0,
    untoldMembers: 0,
    deniedMembers: [],
  };
  for (const [module, names] of Object.entries(live)) {
    for (const [name, each] of Object.entries(names)) {
      figures.names++;
      const found = resolver.resolve(`${module}:${name}`);
      if (found.kind === "missing" && found.doubt === undefined) figures.denied.push(`${module}:${name}`);
      else if (found.kind === "missing" || found.kind === "unknown") figures.untold++;
      else figures.found++;
      compareSignature(found, each, figures);
      if (found.kind !== "class") continue;
      for (const member of each.members ?? []) {
        figures.members++;
        const inner = resolver.resolve(`${module}:${name}.${member}`);
        if (inner.kind !== "missing") continue;
        if (inner.doubt === undefined) figures.deniedMembers.push(`${module}:${name}.${member}`);
        else figures.untoldMembers++;
      }
    }
    countRead(fact, module, { names, figures });
  }
  return figures;
}

function compareSignature(found: Found, live: LiveName, figures: Comparison): void {
  const said =
    found.kind === "function" ? found.function : found.kind === "class" ? found.class.class : undefined;
  if (said?.parameters === undefined || said.loose === true || !live.parameters) return;
  if (live.kind !== "function" && live.kind !== "class") return;
  figures.signatures++;
  const theirs = live.parameters.map(([name]) => name).join();
  if (theirs === said.parameters.map(({ name }) => name).join()) figures.alike++;
}

function countRead(
  fact: ApiFact,
  module: string,
  { names, figures }: { names: Record<string, LiveName>; figures: Comparison },
): void {
  for (const [name, meaning] of Object.entries(fact.modules[module]?.names ?? {})) {
    if (name.startsWith("_") || (meaning.kind === "alias" && meaning.typing === true)) continue;
    figures.read++;
    if (Object.hasOwn(names, name)) figures.right++;
  }
}
