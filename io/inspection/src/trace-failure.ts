// Which packages a failure comes from, by what Python said: the innermost code that belongs to a package of the stack,
// and the package whose module, name or layout it did not find as it wanted it.

import type { InstalledModules } from "./installed-modules.ts";

export interface Traced {
  /** The last line of the traceback, or of what was said. */
  readonly symptom: string;
  /** Names of at most two packages, the one whose code failed first; empty where no code of a package is named. */
  readonly packages: readonly string[];
}

const SYMPTOM_LENGTH = 300;
const FRAME = /File "[^"\n]*site-packages\/([A-Za-z_]\w*)/g;
/** Modules that a message names: quoted, before `size changed`, or that something was compiled for. */
const NAMED =
  /['"`]([A-Za-z_]\w*)(?:\.\w+)*['"`]|\b([a-z_]\w*)\.\w+ size changed|compiled (?:using|against|with) ([A-Za-z]\w*)/g;

export function traceFailure(log: string, modules: readonly InstalledModules[]): Traced {
  const owners = ownersOf(modules);
  const symptom = symptomOf(log);
  // What crashes tells its innermost call first.
  const crash = log.lastIndexOf("Fatal Python error");
  const traceback = log.slice(
    Math.max(0, crash === -1 ? log.lastIndexOf("Traceback (most recent call last)") : crash),
  );
  const frames = [...traceback.matchAll(FRAME)].flatMap(([, top]) => owners.get(top!.toLowerCase()) ?? []);
  if (crash === -1) frames.reverse();
  const [inner] = frames;
  const named = [...`${symptom}\n${crash === -1 ? traceback.slice(-2000) : ""}`.matchAll(NAMED)]
    .flatMap(
      ([, quoted, sized, compiled]) => owners.get((quoted ?? sized ?? compiled ?? "").toLowerCase()) ?? [],
    )
    .filter((name) => name !== inner);
  if (inner === undefined) return { symptom, packages: named.slice(0, 1) };
  // Who called it is part of it only where nothing is named: a package may fail by itself.
  return { symptom, packages: [inner, ...named.slice(0, 1)] };
}

function ownersOf(modules: readonly InstalledModules[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { package: name, tops } of modules)
    for (const top of tops) if (!owners.has(top.toLowerCase())) owners.set(top.toLowerCase(), name);
  return owners;
}

function symptomOf(log: string): string {
  const lines = log.split("\n").map((line) => line.trimEnd());
  const fatal = lines.find((line) => line.startsWith("Fatal Python error"));
  const raised = lines.findLast((line) =>
    /^[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit)\b/.test(line),
  );
  return (fatal ?? raised ?? lines.findLast((line) => line !== "") ?? "")
    .slice(0, SYMPTOM_LENGTH)
    .toWellFormed();
}
