// `--proof FILE`: what was proved is written down, for `thoth verify-proof` or anybody else to check.

import type { Evidence, Project } from "@thoth/adviser";
import { claimOf } from "@thoth/adviser/certificate";
import { formatRequirement, ThothError } from "@thoth/pep";
import type { Claim } from "@thoth/solver/certificate";
import { replaceFile } from "../../files/replace-file.ts";
import type { Invocation } from "../../frame/command.ts";
import { plural } from "../../frame/printable.ts";
import { VERSION } from "../../frame/version.ts";
import { formatProof } from "../../proof/proof-file.ts";
import type { ResolutionSettings } from "../../settings/resolution-settings.ts";

/** Writes the file anew with each answer: the best stack first. Throws usage. */
export function openProof(
  { terminal }: Invocation,
  { asOf, engine, policy }: ResolutionSettings,
  path: string,
): (project: Project, evidence: Evidence) => Promise<void> {
  if (engine !== "thoth")
    throw new ThothError("usage", `the engine \`${engine}\` proves nothing`, {
      hint: "Leave out --engine, or --proof.",
    });
  const claims: Claim[] = [];
  return async ({ requirements, constraints, target }, evidence) => {
    claims.push(claimOf(evidence));
    const header = {
      createdBy: `thoth ${VERSION}`,
      asOf: asOf.text,
      recommendationType: policy.recommendationType,
      environment: { ...target.markers },
      requirements: requirements.map(({ requirement }) => formatRequirement(requirement)),
      constraints: constraints.map(formatRequirement),
    };
    await replaceFile(path, formatProof(header, claims));
    const [first] = claims;
    if (claims.length === 1)
      terminal.entry("proof", `of ${plural(first?.steps.length ?? 0, "step")}, written to ${path}`);
  };
}
