// What a search asks for in numbers, as what a host can fetch.

import type { Needs, ProjectRecord } from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";
import type { StepResult } from "@thoth/solver";
import type { Universe } from "./universe.ts";

export type Asked = Pick<Extract<StepResult, { kind: "needs" }>, "packages" | "releases">;

export function needsOf(universe: Universe, { packages, releases }: Asked): Needs {
  const projects = new Set<PackageName>(packages.map((id) => universe.packageOf(id).name));
  const metadata: { project: ProjectRecord; file: number }[] = [];
  const asked = new Set<string>();
  for (const { package: id, release } of releases) {
    const { name } = universe.packageOf(id);
    const candidates = universe.candidatesOf(name);
    const file = candidates?.installs[release];
    if (candidates === undefined || file === undefined || asked.has(`${name} ${file}`)) continue;
    asked.add(`${name} ${file}`);
    metadata.push({ project: candidates.record, file });
  }
  return { projects: [...projects], metadata };
}
