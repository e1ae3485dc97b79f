// The service as it was before its newest migration: built from the repository's history, with today's libraries.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const MIGRATIONS = "apps/service/src/database/migrations.ts";
const SERVICE = "apps/service/src/serve.ts";
/** Not every commit of the past can be built. */
const MOST_TRIED = 3;
const MOST_LOOKED_AT = 50;

export interface OlderVersion {
  readonly commit: string;
  /** The bundled command. */
  readonly cli: string;
}

/** Undefined where there is no history, or none that can be built. */
export function buildOlderVersion(folder: string): OlderVersion | undefined {
  const newest = commits(MOST_LOOKED_AT, "HEAD", MIGRATIONS).find(
    (commit) => entriesIn(`${commit}^`) < entriesIn(commit),
  );
  if (newest === undefined) return undefined;
  for (const commit of commits(MOST_TRIED, `${newest}^`, SERVICE)) {
    const place = join(folder, commit.slice(0, 12));
    if (build(commit, place)) return { commit, cli: join(place, "apps", "cli", "dist", "cli.cjs") };
  }
  return undefined;
}

function commits(most: number, from: string, path: string): readonly string[] {
  const words = ["log", `-${most}`, "--format=%H", from, "--", path];
  const { status, stdout } = spawnSync("git", words, { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.split("\n").filter((line) => line !== "") : [];
}

/** How many migrations there were. */
function entriesIn(commit: string): number {
  const { stdout } = spawnSync("git", ["show", `${commit}:${MIGRATIONS}`], { cwd: root, encoding: "utf8" });
  return (stdout.match(/^ {2}\((?:dialect)?\) => \[/gm) ?? []).length;
}

function build(commit: string, place: string): boolean {
  mkdirSync(place, { recursive: true });
  const archive = spawnSync("git", ["archive", commit], { cwd: root, maxBuffer: 1024 * 1024 * 1024 });
  if (archive.status !== 0) return false;
  execFileSync("tar", ["-x", "-C", place], { input: archive.stdout });
  linkLibraries(place);
  const built = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "tools/build.ts"], {
    cwd: place,
    stdio: "ignore",
  });
  return built.status === 0;
}

/** Of others as they are today, of ours as they were. */
function linkLibraries(place: string): void {
  const libraries = join(place, "node_modules");
  mkdirSync(join(libraries, "@thoth"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== "@thoth" && !name.startsWith("."))
      symlinkSync(join(root, "node_modules", name), join(libraries, name));
  for (const group of ["core", "io", "apps"])
    for (const name of readdirSync(join(place, group)))
      symlinkSync(join(place, group, name), join(libraries, "@thoth", name));
  for (const name of ["testkit", "benchmarks"])
    symlinkSync(join(place, name), join(libraries, "@thoth", name));
}
