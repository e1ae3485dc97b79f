// What a lock changes in a notebook's metadata: the original's keys, so that its programs read the notebook, and
// ours beside them.

import type { JsonObject, JsonValue } from "@thoth/notebook";
import { type Pylock, pylockToJson } from "@thoth/pep";
import type { Locked } from "../engines/engine.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { KEYS } from "./metadata-keys.ts";
import type { MetadataChanges } from "./notebook-file.ts";
import { pipfileLockObject } from "./pipfile-metadata.ts";

export interface LockParts {
  readonly locked: Pick<Locked, "engine" | "pylock" | "proof" | "objective">;
  /** The object of the key `requirements`. */
  readonly pipfile: JsonObject;
  /** False: the notebook states its requirements already, and they stay as they are written. */
  readonly writePipfile: boolean;
  readonly settings: ResolutionSettings;
  /** Names of those that the lock is to be for from now on, where others than one machine were asked for. */
  readonly environments?: readonly string[] | undefined;
}

export function lockEdits({
  locked,
  pipfile,
  writePipfile,
  settings,
  environments,
}: LockParts): MetadataChanges {
  const changes = new Map<string, JsonValue | undefined>();
  changes.set(KEYS.engine, locked.engine);
  if (writePipfile) changes.set(KEYS.requirements, JSON.stringify(pipfile));
  changes.set(KEYS.lock, JSON.stringify(pipfileLockObject(locked.pylock, pipfile)));
  // It names the analysis that the lock before came from.
  changes.set(KEYS.analysis, undefined);
  changes.set(KEYS.thoth, {
    version: 1,
    lock: pylockToJson(portable(locked.pylock)) as JsonObject,
    advice: {
      ...(environments === undefined ? {} : { environments: [...environments] }),
      recommendation_type: settings.policy.recommendationType,
      as_of: settings.asOf.text,
      snapshot: null,
      proof: locked.proof,
      objective: locked.objective.map(({ level, value, bound }) => ({ level, value, bound })),
      created: settings.asOf.text,
    },
  });
  return changes;
}

/** Warnings of a reader belong to no file. */
function portable({ warnings: _, ...lock }: Pylock): Pylock {
  return lock;
}
