// PostgreSQL refuses to run as root: then it runs as a user that may do less, who must be able to reach its folder.

import { chmodSync, chownSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";

export interface Unprivileged {
  readonly uid: number;
  readonly gid: number;
}

/** In the order of preference; the first is made by packages of PostgreSQL. */
const NAMES = ["postgres", "nobody"];

/** Undefined where this process is not root's. Throws `database-failed`. */
export function unprivilegedUser(): Unprivileged | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of NAMES) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new ThothError("database-failed", `there is neither of the users ${NAMES.map(quote).join(" and ")}`, {
    hint: "Run it as a user that is not root.",
  });
}

/**
 * Lets the user through `folder`, and sees whether he gets there: the folder is given to his group, whose members may pass and
 * see nothing. Throws `usage`.
 */
export function openThePath(folder: string, user: Unprivileged): void {
  if (!mayPass(folder, user)) {
    chownSync(folder, 0, user.gid);
    chmodSync(folder, (statSync(folder).mode & 0o707) | 0o010);
  }
  for (let at = dirname(resolve(folder)); ; at = dirname(at)) {
    if (!mayPass(at, user))
      throw new ThothError(
        "usage",
        `PostgreSQL does not run as root, and no other user can pass ${quote(at)}`,
        {
          hint: "Name a folder with `--data` that others can reach, or run it as a user that is not root.",
        },
      );
    if (at === dirname(at)) return;
  }
}

function mayPass(folder: string, { uid, gid }: Unprivileged): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const shift = owner === uid ? 6 : group === gid ? 3 : 0;
  return ((mode >> shift) & 1) === 1;
}
