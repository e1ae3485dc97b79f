// The nearest change of one requirement that would have an answer: each requirement of a failed project that takes
// part in the contradiction is loosened in turn, and the host resolves what is left. Never applied unasked.

import { formatRequirement, makeSpecifiers, NO_SPECIFIERS, parseSpecifiers } from "@thoth/pep";
import type { Failure } from "./failure.ts";
import type { Product, Project, ProjectRequirement } from "./project.ts";

export interface Relaxation {
  /** Index of the requirement that is loosened. */
  readonly requirement: number;
  /** The project with any version of that package. */
  readonly project: Project;
}

/** Most changes that are tried. */
const MOST_TRIED = 6;

/** What to resolve to learn which single change helps; the requirements named last come first. */
export function relaxationsOf(project: Project, failure: Failure): readonly Relaxation[] {
  if (failure.code !== "unsatisfiable") return [];
  return failure.requirements
    .filter((at) => {
      const requirement = project.requirements[at]?.requirement;
      return (
        requirement !== undefined &&
        requirement.specifiers.clauses.length > 0 &&
        requirement.url === undefined
      );
    })
    .reverse()
    .slice(0, MOST_TRIED)
    .map((at) => ({ requirement: at, project: loosen(project, at) }));
}

/** All requirements on the package give way together: `a>=2` in one file and `a<3` in another are one wish. */
function loosen(project: Project, at: number): Project {
  const { name } = (project.requirements[at] as ProjectRequirement).requirement;
  return {
    ...project,
    requirements: project.requirements.map((item) =>
      item.requirement.name === name
        ? { ...item, requirement: { ...item.requirement, specifiers: NO_SPECIFIERS } }
        : item,
    ),
  };
}

/** `pydantic==2.5.3 instead of pydantic>=2.6`, or undefined when the product does not hold the package. */
export function describeRelaxation(
  project: Project,
  { requirement }: Relaxation,
  product: Product,
): string | undefined {
  const asked = project.requirements[requirement]?.requirement;
  const chosen = product.packages.find(({ name }) => name === asked?.name);
  if (asked === undefined || chosen === undefined) return undefined;
  const specifiers = makeSpecifiers(parseSpecifiers(`==${chosen.version}`).clauses);
  return `\`${formatRequirement({ ...asked, specifiers })}\` instead of \`${formatRequirement(asked)}\``;
}
