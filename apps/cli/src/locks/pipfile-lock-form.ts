// A project's lock as a Pipfile.lock.

import type { Pylock } from "@thoth/pep";
import { pipfileLockObject, pipfileObject } from "../notebook/pipfile-metadata.ts";
import type { ProjectInput } from "../project/project-input.ts";
import { minorOf } from "../project/target.ts";
import { indexPlaces } from "../session/index-places.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { mustBeFiles } from "./lock-forms.ts";

export interface PipfileLockParts {
  readonly input: ProjectInput;
  readonly settings: ResolutionSettings;
  readonly python: string;
}

export function pipfileLockText(lock: Pylock, { input, settings, python }: PipfileLockParts): string {
  mustBeFiles(lock);
  const pipfile = pipfileObject({
    packages: input.requirements.map(({ requirement }) => requirement),
    indexes: indexPlaces(settings.indexes, input.places).indexes,
    python: minorOf(python),
  });
  return `${JSON.stringify(pipfileLockObject(lock, pipfile), undefined, 4)}\n`;
}
