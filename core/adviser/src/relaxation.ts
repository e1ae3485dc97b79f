// The nearest change of one requirement, or of two, that would have an answer: requirements of a failed project that take
// part in the contradiction are let go, and the host resolves what is left. Never applied unasked.

import {
  formatRequirement,
  makeSpecifiers,
  NO_SPECIFIERS,
  type PackageName,
  parseSpecifiers,
  type Specifiers,
} from "@thoth/pep";
import type { Failure } from "./failure.ts";
import { looserTexts } from "./loosening.ts";
import type { Product, Project, ProjectRequirement } from "./project.ts";

export interface Relaxation {
  /** Indices of the requirements that give way. */
  readonly requirements: readonly number[];
  readonly project: Project;
}

/** Most requirements that are tried. */
const MOST_TRIED = 6;

/** What to resolve to learn which single change helps; the requirements named last come first. */
export function relaxationsOf(project: Project, failure: Failure): readonly Relaxation[] {
  return partiesOf(project, failure).map((at) => relaxed(project, [at]));
}

/** The same for one more requirement, where a change alone left another contradiction. */
export function furtherThan(
  { requirements, project: relaxedProject }: Relaxation,
  left: Failure,
): readonly Relaxation[] {
  return partiesOf(relaxedProject, left).map((at) => {
    const { project } = relaxed(relaxedProject, [at]);
    return { requirements: [...requirements, at], project };
  });
}

/**
 * Of a change that helps: the same without the upper bounds of one of its requirements alone, and with the lowest versions
 * first. Undefined where it has none: what lies below is near where the newest of it is.
 */
export function upwardOnly(
  { requirements, project: relaxedProject }: Relaxation,
  at: number,
  project: Project,
): Relaxation | undefined {
  const { requirement } = project.requirements[at] as ProjectRequirement;
  const lower = looserTexts(requirement.specifiers.clauses).at(-1);
  if (lower === undefined) return undefined;
  const specifiers = makeSpecifiers(parseSpecifiers(lower).clauses);
  const policy = { ...relaxedProject.policy, resolution: "lowest-direct" as const };
  return { requirements, project: { ...loosen(relaxedProject, requirement.name, specifiers), policy } };
}

/** The change with one of its requirements pinned to what a product has. */
export function pinnedAt(
  { requirements, project: relaxedProject }: Relaxation,
  at: number,
  product: Product,
): Relaxation {
  const { name } = (relaxedProject.requirements[at] as ProjectRequirement).requirement;
  const version = product.packages.find((item) => item.name === name)?.version;
  const specifiers =
    version === undefined ? NO_SPECIFIERS : makeSpecifiers(parseSpecifiers(`==${version}`).clauses);
  return { requirements, project: loosen(relaxedProject, name, specifiers) };
}

/** Those that take part in the contradiction and could give way, one of each package. */
function partiesOf(project: Project, failure: Failure): readonly number[] {
  if (failure.code !== "unsatisfiable") return [];
  const seen = new Set<PackageName>();
  return failure.requirements
    .toReversed()
    .filter((at) => {
      const requirement = project.requirements[at]?.requirement;
      const canGiveWay =
        requirement !== undefined &&
        requirement.specifiers.clauses.length > 0 &&
        requirement.url === undefined &&
        !seen.has(requirement.name);
      if (canGiveWay) seen.add(requirement.name);
      return canGiveWay;
    })
    .slice(0, MOST_TRIED);
}

function relaxed(project: Project, requirements: readonly number[]): Relaxation {
  const names = requirements.map((at) => (project.requirements[at] as ProjectRequirement).requirement.name);
  return {
    requirements,
    project: names.reduce((before, name) => loosen(before, name, NO_SPECIFIERS), project),
  };
}

/** All requirements on the package give way together: `a>=2` in one file and `a<3` in another are one wish. */
function loosen(project: Project, name: PackageName, specifiers: Specifiers): Project {
  return {
    ...project,
    requirements: project.requirements.map((item) =>
      item.requirement.name === name ? { ...item, requirement: { ...item.requirement, specifiers } } : item,
    ),
  };
}

/** What each requirement that gave way would be; undefined where the product does not hold its package. */
export function changesOf(
  project: Project,
  { requirements }: Relaxation,
  product: Product,
): readonly RequirementChange[] | undefined {
  const changes = requirements.flatMap((at) => {
    const asked = project.requirements[at]?.requirement;
    const chosen = product.packages.find(({ name }) => name === asked?.name);
    if (asked === undefined || chosen === undefined) return [];
    const specifiers = makeSpecifiers(parseSpecifiers(`==${chosen.version}`).clauses);
    return [{ from: formatRequirement(asked), to: formatRequirement({ ...asked, specifiers }) }];
  });
  return changes.length === requirements.length ? changes : undefined;
}

export interface RequirementChange {
  readonly from: string;
  readonly to: string;
}

/** `pydantic==2.5.3 instead of pydantic>=2.6`, for each. */
export function describeChanges(changes: readonly RequirementChange[]): string {
  return changes.map(({ from, to }) => `\`${to}\` instead of \`${from}\``).join(" and ");
}
