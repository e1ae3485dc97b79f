// How one stack did: everything that failed in it, each by what was tried, its symptom and the packages that it was traced to.

import type { Inspection, Stack, Verdict } from "@thoth/inspection";

export interface Failure {
  /** `install`, `build`, `import NAME`, or the name of a check. */
  readonly what: string;
  readonly stage: "build" | "install" | "import" | "run";
  readonly symptom: string;
  readonly packages: readonly string[];
}

export interface Seen {
  readonly stack: Stack;
  readonly failures: readonly Failure[];
}

export function seenOf(inspection: Inspection): Seen {
  const { made, refused, imported, checked, traced, stack } = inspection;
  const failures: Failure[] = [];
  for (const { stage, outcome, log = "" } of made)
    if (outcome !== "passed")
      failures.push({
        what: stage,
        stage,
        symptom: lastLine(log),
        packages: refused === undefined ? [] : [refused],
      });
  for (const { package: name, status, log = "" } of imported) {
    if (status === 0) continue;
    const what = `import ${name}`;
    const trace = traced.get(what);
    const packages = trace === undefined || trace.packages.length === 0 ? [name] : trace.packages;
    failures.push({ what, stage: "import", symptom: trace?.symptom ?? lastLine(log), packages });
  }
  for (const { name, stage } of checked) {
    if (stage.outcome === "passed") continue;
    const trace = traced.get(name);
    const symptom = trace?.symptom ?? (lastLine(stage.log ?? "") || stage.outcome);
    failures.push({ what: name, stage: "run", symptom, packages: trace?.packages ?? [] });
  }
  return { stack, failures };
}

/** Whether a stack fails as another did: in the same attempt, by the same words. */
export function verdictOf({ failures }: Seen, { what, stage, symptom }: Failure): Verdict {
  // What could not be made says nothing of what would have run.
  const unmade = failures.find((one) => one.stage === "install" || one.stage === "build");
  if (unmade !== undefined && unmade.stage !== stage) return "other";
  const same = failures.find((one) => one.what === what);
  if (same === undefined) return "passes";
  return likeness(same.symptom) === likeness(symptom) ? "fails" : "other";
}

/** The first line of a symptom, without what differs from release to release: numbers, advice, places in memory and files. */
export function likeness(symptom: string): string {
  return (symptom.split("\n", 1)[0] ?? "")
    .replace(/\([^()]*site-packages[^()]*\)/g, "")
    .replace(/0x[0-9a-f]+|\d+(?:\.\d+)*/gi, "#")
    .replace(/\s+/g, " ")
    .replace(/\s*(?:Did you mean:.*|[.;:,]\s*)$/, "")
    .slice(0, 120);
}

/** A symptom without paths of this machine. */
export function withoutPaths(symptom: string): string {
  return symptom.replace(/ ?\((?:[^()]*\/)+[^()]*\)/g, "").replace(/(?:~|\/)[^\s'"]*\/site-packages\//g, "");
}

function lastLine(log: string): string {
  return (log.trimEnd().split("\n").at(-1) ?? "").slice(0, 300);
}
