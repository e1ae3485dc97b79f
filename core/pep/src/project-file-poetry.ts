// What Poetry's tables ask for, with the extras and groups that are wanted.

import { type PackageName, parseExtraName } from "./name.ts";
import type { Poetry, PoetryDependency } from "./poetry.ts";
import { unknownExtra } from "./project-file-project.ts";
import type { Statement } from "./project-file-statement.ts";

export function poetryStatements(poetry: Poetry, extras: readonly string[]): readonly Statement[] {
  const optional = new Set<PackageName>();
  for (const name of extras) {
    const names = poetry.extras.get(parseExtraName(name));
    if (names === undefined) throw unknownExtra(name, [...poetry.extras.keys()]);
    for (const wanted of names) optional.add(wanted);
  }
  return poetry.dependencies
    .filter((dependency) => !dependency.optional || optional.has(dependency.requirement.name))
    .map((dependency) => asStatement(dependency, "default"));
}

/** A group and the groups that it includes, each once. */
export function poetryGroupStatements(poetry: Poetry, asked: PackageName): readonly Statement[] {
  const wanted = new Set([asked]);
  const found: Statement[] = [];
  for (const name of wanted) {
    const group = poetry.groups.get(name);
    for (const included of group?.includes ?? []) wanted.add(included);
    for (const dependency of group?.dependencies ?? []) found.push(asStatement(dependency, asked));
  }
  return found;
}

function asStatement(dependency: PoetryDependency, group: string): Statement {
  const { requirement, direct, index, prereleases, path } = dependency;
  return {
    requirement,
    ...(direct === undefined ? {} : { direct }),
    ...(index === undefined ? {} : { index }),
    prereleases,
    path,
    group,
  };
}
