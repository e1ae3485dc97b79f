// What a lock tells of a release, gathered from its project's record: every artifact that a machine with this
// Python might install.

import type { ProjectRecord } from "@thoth/knowledge";
import type { TargetEnvironment } from "@thoth/pep";
import type { Candidates } from "./candidates.ts";
import { asOfFor, type ChosenFile, type ChosenRelease, type Policy } from "./project.ts";
import { fitsInterpreter } from "./tag-fit.ts";

export interface Circumstances {
  readonly target: TargetEnvironment;
  readonly policy: Policy;
}

export function describeCandidate(
  { record, releases, installs }: Candidates,
  candidate: number,
  around: Circumstances,
): ChosenRelease {
  const release = releases[candidate] as number;
  const installed = installs[candidate] as number;
  const listed: { readonly file: number; readonly filename: string }[] = [];
  for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++) {
    if (file === installed || isListed(record, file, around))
      listed.push({ file, filename: record.filename(file) });
  }
  listed.sort((a, b) => (a.filename < b.filename ? -1 : 1));
  return {
    version: record.versionText(release),
    index: record.index,
    status: record.status.status,
    yanked: record.isYanked(installed),
    requiresPython: record.requiresPython(installed),
    files: listed.map(({ file, filename }) => describeFile(record, file, filename)),
    installs: listed.findIndex(({ file }) => file === installed),
  };
}

/** It exists as of the policy's date, and is an sdist or a wheel for this Python. */
function isListed(record: ProjectRecord, file: number, { target, policy }: Circumstances): boolean {
  const time = record.uploadTime(file);
  if (time > asOfFor(policy, record.name) || (time === 0 && policy.asOfStrict === true)) return false;
  const interpreter = record.interpreter(file);
  return interpreter === undefined || fitsInterpreter(interpreter, target);
}

function describeFile(record: ProjectRecord, file: number, filename: string): ChosenFile {
  return {
    filename,
    url: record.url(file),
    hashes: record.hashes(file),
    size: record.size(file),
    uploaded: record.uploadTime(file),
    isSdist: record.isSdist(file),
  };
}
