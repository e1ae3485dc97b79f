// What a project's file says, as input of a resolution.

import { pathToFileURL } from "node:url";
import {
  NO_SPECIFIERS,
  type ProjectFile,
  type ProjectFileLocation,
  type ProjectFileOptions,
  quote,
  type Requirement,
  readProjectFile,
  ThothError,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from "@thoth/pep";
import { loadNested } from "./nested-file.ts";
import type { ProjectInput } from "./project-input.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export interface FileText {
  readonly text: string;
  /** Path of the file, or how errors call it. */
  readonly name: string;
  readonly environment: Variables;
}

export type FileChoice = Pick<ProjectFileOptions, "extras" | "groups" | "dev">;

/** Throws invalid-requirement, invalid-project, usage, limit-exceeded. */
export function readFileInput({ text, name, environment }: FileText, choice: FileChoice = {}): ProjectInput {
  return inputOf(
    readProjectFile(name, text, {
      ...choice,
      load: loadNested,
      variable: (variable) => environment[variable],
    }),
  );
}

/** What a constraints file says. */
export function readConstraints({ text, name, environment }: FileText): readonly Requirement[] {
  const variable = (wanted: string) => environment[wanted];
  const file = readProjectFile(name, text, { load: loadNested, variable, constraints: true });
  return file.constraints.map(({ requirement }) => requirement);
}

export function inputOf(file: ProjectFile): ProjectInput {
  const places = file.indexes.filter(({ role }) => role !== "explicit");
  const first = places.find(({ role }) => role === "default");
  return {
    requirements: [
      ...file.requirements.map(({ requirement, group, source }) => ({ requirement, group, source })),
      ...file.locations.map((location) => ({
        requirement: requirementAt(location),
        group: location.group,
        source: location.source,
      })),
    ],
    constraints: file.constraints.map(({ requirement }) => requirement),
    ...(file.requiresPython === undefined ? {} : { requiresPython: file.requiresPython }),
    places: {
      ...(first === undefined ? {} : { indexUrl: first.url }),
      extraIndexUrls: file.indexes.filter((place) => place !== first).map(({ url }) => url),
      findLinks: file.findLinks,
      noIndex: file.noIndex,
      trustedHosts: file.trustedHosts,
    },
    noBinary: file.noBinary,
    onlyBinary: file.onlyBinary,
    prerelease: file.prereleases.includes(":all:"),
    warnings: [...file.warnings, ...doubts(file)],
  };
}

/** A wheel or source distribution tells its name; a folder or repository does not. */
function requirementAt({ location, name, extras, marker, source }: ProjectFileLocation): Requirement {
  const filename = location.split(/[?#]/, 1)[0]?.split(/[\\/]/).at(-1) ?? "";
  const found = name ?? tryParseWheelFilename(filename)?.name ?? tryParseSdistFilename(filename)?.name;
  if (found === undefined) {
    throw new ThothError(
      "invalid-requirement",
      `${quote(location)} is not the place of a wheel or source distribution`,
      {
        hint: "Build a wheel of it and name that.",
        details: { source },
      },
    );
  }
  return {
    name: found,
    displayName: found,
    extras: [...extras].sort(),
    specifiers: NO_SPECIFIERS,
    url: /^[a-z][a-z0-9+.-]+:/i.test(location) ? location : pathToFileURL(location).href,
    ...(marker === undefined ? {} : { marker }),
  };
}

/** What the files ask and a resolution does not do. */
function doubts({ prereleases, requirements, requireHashes }: ProjectFile): string[] {
  const names = prereleases.filter((name) => name !== ":all:");
  const bound = requirements.filter(({ index }) => index !== undefined);
  return [
    ...(names.length === 0
      ? []
      : [`pre-releases of ${names.join(", ")} alone cannot be allowed: use --prerelease allow`]),
    ...bound.map(
      ({ requirement, index }) =>
        `${requirement.name} is not bound to the index ${index}: the first index that knows it is asked`,
    ),
    ...(requireHashes
      ? ["the hashes of the file are not carried over: the lock has those of the index"]
      : []),
  ];
}
