// Documents that tell what indexes have of packages, before anything is resolved.

import type { Schema } from "./schema.ts";
import { choiceOf, count, flag, listOf, normalizedName, nullable, shapeOf, text } from "./shape.ts";

/** A day. */
const date: Schema = { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" };

/** What the index says of the project as a whole. */
const projectStatus = choiceOf("active", "archived", "deprecated", "quarantined");

/** Why a version does not fit. */
const exclusion = choiceOf(
  "date",
  "platform",
  "python",
  "prerelease",
  "yanked",
  "source-only",
  "wheel-only",
  "quarantined",
  "malware",
  "rule",
);

export const versionsDocument: Schema = shapeOf("The versions of a package as one environment sees them", {
  package: normalizedName,
  /** Where they are from. */
  index: text,
  status: projectStatus,
  "statusReason?": text,
  /** What they are judged for, such as `3.12.1`. */
  python: text,
  /** What is asked of the package, such as `numpy>=2`. */
  asked: nullable(text),
  locked: nullable(text),
  /** The newest that fits. */
  newest: nullable(text),
  /** The newest first. */
  versions: listOf(
    shapeOf("A version of a package", {
      version: text,
      uploaded: nullable(date),
      fits: flag,
      "reason?": exclusion,
      /** The same in words that follow the version. */
      "why?": text,
      /** Whether what is asked of the package admits it. */
      admitted: flag,
      /** It fits by its source distribution alone: installing it builds it. */
      built: flag,
      yanked: flag,
      prerelease: flag,
      /** How many are known. */
      vulnerabilities: count,
    }),
  ),
  /** What is not known. */
  unknown: listOf(text),
});

export const searchDocument: Schema = shapeOf("Names of packages that a text may mean", {
  text,
  names: listOf(
    shapeOf("A name of a package", {
      name: normalizedName,
      /** `provides`: a module of the name that was asked for. */
      match: choiceOf("exact", "prefix", "part", "provides"),
      /** The newest version, where it is known without asking. */
      version: nullable(text),
    }),
  ),
  /** Whether there is a package of exactly this name; unknown where nobody was or could be asked. */
  exact: choiceOf("found", "absent", "unknown"),
});

export const outdatedDocument: Schema = shapeOf("What became of what a notebook has locked", {
  notebook: text,
  python: text,
  packages: listOf(
    shapeOf("A locked package and what its index has now", {
      name: normalizedName,
      locked: nullable(text),
      /** The newest version that fits. */
      newest: nullable(text),
      /** Whether that is newer than what is locked. */
      outdated: flag,
      /** Of the file that is installed here; null: not known. */
      yanked: nullable(flag),
      gone: nullable(flag),
      status: nullable(projectStatus),
      /** Nothing is kept of it, or it comes from no index that was asked. */
      unknown: flag,
    }),
  ),
});
