// What a stack that somebody has pays by an objective, whether or not it is the best: the project is resolved again with
// every version of it supposed.

import type { ObjectiveLevel, Policy } from "@thoth/adviser";
import { type PackageName, parseRequirement, parseVersion } from "@thoth/pep";
import type { Consultation } from "../engines/engine.ts";

export type Versions = ReadonlyMap<string, string>;

export type Score =
  | { readonly kind: "scored"; readonly objective: readonly ObjectiveLevel[] }
  /** It is no stack of the project. */
  | { readonly kind: "unfit"; readonly sentences: readonly string[] }
  | { readonly kind: "unknown" };

/** `objective`: instead of the levels of the project. */
export async function scoreStack(
  { project, ask }: Pick<Consultation, "project" | "ask">,
  versions: Versions,
  objective: Policy["objective"] = project.policy.objective,
): Promise<Score> {
  const pins = [...versions].map(([name, version]) => ({ name: name as PackageName, version }));
  const outcome = await ask({
    ...project,
    suppositions: pins.map(({ name, version }) => parseRequirement(`${name}==${version}`)),
    policy: {
      ...project.policy,
      objective,
      // What is there may be chosen again, yanked or not.
      current: new Map(pins.map(({ name, version }) => [name, parseVersion(version)])),
    },
  });
  switch (outcome.kind) {
    case "solved":
      return { kind: "scored", objective: outcome.product.objective };
    case "unsatisfiable":
      return { kind: "unfit", sentences: outcome.failure.sentences };
    case "limit":
      return { kind: "unknown" };
    default:
      return outcome satisfies never;
  }
}
