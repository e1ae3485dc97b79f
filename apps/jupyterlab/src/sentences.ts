// What the panel says of what the commands answered.

import type { Change, Failure, Translator } from "@thoth/views";
import type { FailureDocument, Locked, Status } from "./documents.ts";
import { type Ended, Unreachable } from "./run.ts";

/** Changes that an outcome names. */
const MOST_CHANGES = 8;

export function packagesText(trans: Translator, count: number): string {
  return trans._n("%1 package", "%1 packages", count);
}

/** With the failure that is shown below it. */
export function stateText(
  trans: Translator,
  status: Status | undefined,
  failure: Failure | undefined,
): string {
  if (status === undefined)
    return failure === undefined
      ? trans.__("Looking at the notebook …")
      : trans.__("It cannot be told what this notebook needs.");
  const { state, packages, kernel, indexes } = status;
  const amount = packagesText(trans, packages.length);
  switch (state) {
    case "empty":
      return trans.__("Nothing is known of what this notebook needs.");
    case "imports": {
      const asked = packages.filter((row) => row.asked !== undefined).length;
      return trans.__("The code imports %1. The notebook has no lock.", packagesText(trans, asked));
    }
    case "unlocked":
      return trans.__("This notebook has no lock.");
    case "original":
      return trans.__(
        "The notebook has a lock of %1 that names no files. Lock it again, and it installs anywhere.",
        amount,
      );
    case "outdated":
      return trans.__("The requirements changed after the lock was made.");
    case "unfit":
      return trans.__("The lock does not fit this machine.");
    case "uninstalled":
      return trans.__(
        "The notebook brings a lock of %1 from %2. Nothing is installed until you say so.",
        amount,
        indexes.join(", "),
      );
    case "ready":
      return trans.__("All is well: %1, locked and installed in the kernel %2.", amount, kernel ?? "");
    default:
      return state satisfies never;
  }
}

/** What there is to be told of a new lock: other versions than before, if there was a lock, and reasons. */
export function changesIn({ packages, gone }: Locked, had: ReadonlyMap<string, string>): readonly Change[] {
  const wasLocked = !isFirst({ packages, gone });
  const told = packages.flatMap(({ name, version, before, justification = [] }): Change[] => {
    const isOther = wasLocked && before !== version;
    if (!isOther && justification.length === 0) return [];
    const reasons = justification.map(({ message, link }) => ({ text: message, ...(link && { link }) }));
    return [{ name, version, reasons, ...(before !== undefined && { before }) }];
  });
  const missed = gone.map((name) => ({ name, before: had.get(name) ?? "", reasons: [] }));
  return [...told, ...missed];
}

function isFirst({ packages, gone }: Locked): boolean {
  return gone.length === 0 && packages.every(({ before }) => before === undefined);
}

/** In one sentence. */
export function lockText(trans: Translator, locked: Locked): string {
  const { packages, gone } = locked;
  if (isFirst(locked)) return trans.__("%1 locked.", packagesText(trans, packages.length));
  const moved = packages.flatMap(({ name, version, before }) => {
    if (before === version) return [];
    return [
      before === undefined ? trans.__("%1 %2 is new", name, version) : `${name} ${before} → ${version}`,
    ];
  });
  const all = [...moved, ...gone.map((name) => trans.__("%1 is gone", name))];
  if (all.length === 0) return trans.__("The lock has the same versions as before.");
  const some = all.slice(0, MOST_CHANGES).join(", ");
  const more = all.length - MOST_CHANGES;
  return more > 0 ? trans.__("Changed: %1, and %2 more.", some, more) : trans.__("Changed: %1.", some);
}

export function errorOf({ document }: Ended): FailureDocument {
  return (document?.["error"] as FailureDocument | undefined) ?? {};
}

export function failureOf(trans: Translator, ended: Ended): Failure {
  const { message = trans.__("the command failed"), hint } = errorOf(ended);
  return { message, ways: [], ...(hint !== undefined && { hint }) };
}

export function messageOf(trans: Translator, error: unknown): string {
  if (error instanceof Unreachable)
    return trans.__(
      "The server cannot be reached. What was done so far is kept: go on when it is there again.",
    );
  return error instanceof Error ? error.message : String(error);
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
