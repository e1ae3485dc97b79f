// What the `[project]` table asks for, with the extras that are wanted.

import { quote, ThothError } from "./error.ts";
import { formatMarker, type Marker } from "./marker.ts";
import { joinMarkers } from "./marker-combine.ts";
import { type ExtraName, parseExtraName } from "./name.ts";
import { addStatements, type Statement } from "./project-file-statement.ts";
import type { ProjectTable } from "./pyproject-project.ts";
import type { Requirement } from "./requirement.ts";

interface WantedExtra {
  readonly name: ExtraName;
  /** Under which the project asks for it itself. */
  readonly marker: Marker | undefined;
}

const mostExtras = 10_000;

/** A project may ask for its own extras, `name[extra]`: that is what the extra asks for. */
export function projectStatements(project: ProjectTable, extras: readonly string[]): readonly Statement[] {
  const found: Statement[] = [];
  const wanted: WantedExtra[] = extras.map((name) => ({ name: parseExtraName(name), marker: undefined }));
  const take = (requirements: readonly Requirement[], path: string, outer: Marker | undefined) => {
    const statements: Statement[] = [];
    requirements.forEach((requirement, position) => {
      const marker = joinMarkers([outer, requirement.marker]);
      if (requirement.name === project.name) {
        for (const name of requirement.extras) wanted.push({ name, marker });
        if (wanted.length > mostExtras) throw tooManyExtras(project);
        return;
      }
      statements.push({
        requirement: marker === undefined ? requirement : { ...requirement, marker },
        path: `${path}[${position}]`,
        group: "default",
      });
    });
    addStatements(found, statements);
  };
  take(project.dependencies, "project.dependencies", undefined);
  const done = new Set<string>();
  for (const { name, marker } of wanted) {
    const key = `${name};${marker === undefined ? "" : formatMarker(marker)}`;
    if (done.has(key)) continue;
    done.add(key);
    const extra = project.optionalDependencies.get(name);
    if (extra === undefined) throw unknownExtra(name, displayNames(project));
    take(extra.requirements, `project.optional-dependencies.${extra.displayName}`, marker);
  }
  return found;
}

function displayNames({ optionalDependencies }: ProjectTable): readonly string[] {
  return Array.from(optionalDependencies.values(), ({ displayName }) => displayName);
}

function tooManyExtras({ displayName }: ProjectTable): ThothError {
  return new ThothError(
    "limit-exceeded",
    `The project ${quote(displayName)} asks for too many of its extras.`,
    {
      details: { limit: "extras", allowed: mostExtras },
    },
  );
}

export function unknownExtra(name: string, known: readonly string[]): ThothError {
  return new ThothError("invalid-project", `The project has no extra ${quote(name)}.`, {
    hint: known.length === 0 ? "It has no extras." : `It has ${quote(known.join(", "))}.`,
    details: { extra: name, known: known.slice(0, 100) },
  });
}
