// What a source distribution states without running anything: PKG-INFO of version 2.2 or later whose fields are
// not dynamic (https://packaging.python.org/en/latest/specifications/core-metadata/#dynamic), else the project
// table of pyproject.toml (https://packaging.python.org/en/latest/specifications/pyproject-toml/).

import {
  type CoreMetadata,
  formatMarker,
  formatRequirement,
  formatSpecifiers,
  type ProjectTable,
  parseMetadata,
  parsePyproject,
  type Requirement,
  ThothError,
} from "@thoth/pep";

/** The fields that resolving reads. */
export interface StaticMetadata {
  readonly name: string;
  /** Undefined where only a build would tell. */
  readonly version: string | undefined;
  readonly requiresDist: readonly string[];
  readonly requiresPython: string | undefined;
  readonly providesExtra: readonly string[];
}

const NEEDED = ["requires-dist", "requires-python", "provides-extra"];

/** Undefined when it may change in a build. Throws `invalid-metadata` or `limit-exceeded`. */
export function readPackageInfo(bytes: Buffer): StaticMetadata | undefined {
  const metadata = parseMetadata(bytes);
  return isStatic(metadata) ? metadata : undefined;
}

function isStatic({ metadataVersion, dynamic }: CoreMetadata): boolean {
  const [major = 0, minor = 0] = metadataVersion.split(".").map(Number);
  const promised = major > 2 || (major === 2 && minor >= 2);
  return promised && !NEEDED.some((field) => dynamic.includes(field));
}

/** Undefined when there is no project table, or something that is needed is dynamic. */
export function readProjectStatement(bytes: Buffer): StaticMetadata | undefined {
  let project: ProjectTable | undefined;
  try {
    project = parsePyproject(bytes.toString("utf8")).project;
  } catch (error) {
    if (error instanceof ThothError && error.code !== "limit-exceeded") return undefined;
    throw error;
  }
  if (project === undefined) return undefined;
  const { name, version, dynamic, requiresPython } = project;
  if (["dependencies", "optional-dependencies", "requires-python"].some((field) => dynamic.has(field)))
    return undefined;
  const extras = [...project.optionalDependencies];
  return {
    name,
    version: dynamic.has("version") ? undefined : version?.text,
    requiresDist: [
      ...project.dependencies.map(formatRequirement),
      ...extras.flatMap(([extra, { requirements }]) => requirements.map((item) => underExtra(item, extra))),
    ],
    requiresPython: requiresPython === undefined ? undefined : formatSpecifiers(requiresPython),
    providesExtra: extras.map(([extra]) => extra),
  };
}

/** A requirement of an extra as Requires-Dist states it. */
function underExtra(requirement: Requirement, extra: string): string {
  const { marker, ...rest } = requirement;
  const condition = marker === undefined ? "" : `(${formatMarker(marker)}) and `;
  return `${formatRequirement(rest)} ; ${condition}extra == "${extra}"`;
}
