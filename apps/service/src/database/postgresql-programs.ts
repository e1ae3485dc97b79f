// Where the programs of a PostgreSQL server are: on the PATH, or where packages put versions side by side, which is on none.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ThothError } from "@thoth/pep";

/** Of Debian, of the PostgreSQL project for Red Hat's systems, of Homebrew. */
const PLACES: readonly (readonly [folder: string, name: RegExp])[] = [
  ["/usr/lib/postgresql", /^(\d+)$/],
  ["/usr", /^pgsql-(\d+)$/],
  ["/opt/homebrew/opt", /^postgresql@(\d+)$/],
  ["/usr/local/opt", /^postgresql@(\d+)$/],
];
const OLDEST = 15;

/**
 * The folder of the programs of that major version, or of the newest where none is named. Throws `database-failed` with what to
 * install.
 */
export function findPostgresqlPrograms(version?: number): string {
  const found = folders()
    .map((folder) => ({ folder, is: versionOf(folder) }))
    .filter(({ is }) => (version === undefined ? is >= OLDEST : is === version))
    .toSorted((a, b) => b.is - a.is);
  const [best] = found;
  if (best !== undefined) return best.folder;
  const name = version === undefined ? "postgresql" : `postgresql-${version}`;
  throw new ThothError(
    "database-failed",
    version === undefined
      ? `there is no PostgreSQL ${OLDEST} or later on this machine`
      : `what is kept was made by PostgreSQL ${version}, which is not on this machine`,
    {
      hint: `Install it: \`sudo apt-get install ${name}\` on Debian and Ubuntu, \`postgresql-server\` on Fedora, \`postgresql@17\` of Homebrew.`,
    },
  );
}

function folders(): readonly string[] {
  const known = PLACES.flatMap(([folder, name]) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((entry) => name.test(entry))
      .map((entry) => join(folder, entry, "bin")),
  );
  return [...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""), ...known];
}

/** 0 where there is none, or it does not run. */
function versionOf(folder: string): number {
  if (!["initdb", "postgres"].every((name) => existsSync(join(folder, name)))) return 0;
  const told = spawnSync(join(folder, "postgres"), ["--version"], { encoding: "utf8" }).stdout;
  return Number(/ (\d+)/.exec(told ?? "")?.[1] ?? 0);
}
