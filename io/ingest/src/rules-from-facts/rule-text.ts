// Rules that facts make, as a file of prescriptions: docs/prescriptions.md.

import type { PackageName } from "@thoth/pep";
import { stringify } from "yaml";
import type { FactRule } from "./families.ts";

/** The first line of every such file: without it a file is somebody's own. */
export const MARK =
  "# Made by `thoth prescriptions refresh` from facts; it is made again, so do not change it.\n";

/** Below the folder of rules; in a folder of its own for each project, as are the rules that people write. */
export const FACTS_FILE = "facts.yaml";

/** Undefined: there is nothing to say. */
export function formatRules(name: PackageName, rules: readonly FactRule[]): string | undefined {
  if (rules.length === 0) return undefined;
  const wraps = rules.map((rule) => unitOf(name, rule));
  return MARK + stringify({ units: { wraps } }, { lineWidth: 120, aliasDuplicateObjects: false });
}

/** No hand-written unit begins so; the hyphens of a name are kept apart, so that no two projects share a unit. */
export function unitName(project: PackageName, family: string): string {
  const parts = project.split("-").map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return `Facts${parts.join("_")}${family}Wrap`;
}

function unitOf(name: PackageName, { family, version, says, notes }: FactRule): object {
  const release = { name, ...(version === undefined ? {} : { version }) };
  return {
    name: unitName(name, family),
    type: notes === undefined ? "wrap" : "wrap.GHReleaseNotes",
    should_include: { adviser_pipeline: true },
    match: { state: { resolved_dependencies: [release] } },
    run:
      notes === undefined
        ? { justification: says?.map((saying) => ({ ...saying, package_name: name })) }
        : {
            release_notes: {
              organization: notes.organization,
              repository: notes.repository,
              ...(notes.prefix === "" ? {} : { tag_version_prefix: notes.prefix }),
            },
          },
  };
}
