// What sources are asked about: packages that the command line or its files name, else those that the indexes of this
// machine were asked for before; and the flaws that advisories name.

import { existsSync, readFileSync } from "node:fs";
import type { SourceEntry, Wanted } from "@thoth/ingest";
import { type PackageName, parsePackageName } from "@thoth/pep";
import { type Invocation, listOption } from "../frame/command.ts";
import { readLock } from "../locks/read-lock.ts";
import { readProject } from "../project/read-project.ts";
import { placeUrl } from "../session/index-places.ts";
import { importedPath, shippedAdvisories } from "../session/known-advisories.ts";
import { storePath } from "../session/open-session.ts";
import { readIndexSettings } from "../settings/resolution-settings.ts";
import { ownIndexes } from "./source-settings.ts";

/** What some sources are asked about. Throws what reading the files throws. */
export async function wantedOf(
  invocation: Invocation,
  sources: readonly Pick<SourceEntry, "about">[],
): Promise<Wanted> {
  const { digestOf, wantedProjects } = await import("@thoth/ingest");
  const isWanted = (about: SourceEntry["about"]) => sources.some((source) => source.about === about);
  return {
    projects: wantedProjects(isWanted("packages") ? await wantedNames(invocation) : []),
    flaws: isWanted("flaws") ? await wantedFlaws(invocation) : { wants: () => false, digest: digestOf([]) },
  };
}

/** `--package` and `--from`, else the packages in the cache. */
async function wantedNames(invocation: Invocation): Promise<readonly PackageName[]> {
  const { options, environment, documents } = invocation;
  const names = listOption(options, "package").flatMap((text) =>
    text.split(",").map((name) => parsePackageName(name.trim())),
  );
  const files = listOption(options, "from");
  for (const file of files)
    names.push(
      ...(isLock(file)
        ? (await readLock(file, environment)).versions.map(({ name }) => name)
        : (await readProject({ files: [file], constraints: [], environment, documents })).requirements.map(
            ({ requirement }) => requirement.name,
          )),
    );
  return names.length > 0 || files.length > 0 ? names : await cachedNames(invocation);
}

/** What is pinned in a requirements file is read as requirements too. */
function isLock(file: string): boolean {
  return /(?:^|[\\/])(?:pylock(?:\.[^\\/]+)?\.toml|Pipfile\.lock)$/.test(file);
}

/** Of the index that is asked first: what only another one has is nobody else's business. */
async function cachedNames(invocation: Invocation): Promise<readonly PackageName[]> {
  const { terminal, stores, options, environment } = invocation;
  const path = storePath(readIndexSettings(options, environment).cacheDirectory);
  if (!existsSync(path)) return [];
  const store = await stores.open(path, (message) => terminal.warn(message));
  return ownIndexes(invocation).flatMap((index) => store.projectNames(placeUrl(index), "")) as PackageName[];
}

/** Those of all advisories that are here. */
async function wantedFlaws(invocation: Invocation): Promise<Wanted["flaws"]> {
  const [{ openAdvisories }, { digestOf }] = await Promise.all([
    import("@thoth/knowledge"),
    import("@thoth/ingest"),
  ]);
  const imported = importedPath(invocation);
  const advisories = openAdvisories(existsSync(imported) ? readFileSync(imported) : shippedAdvisories());
  const names = new Set<string>();
  for (const name of advisories.packages)
    for (const { aliases } of advisories.flaws(name))
      for (const alias of aliases) if (alias.startsWith("CVE-")) names.add(alias);
  return { wants: (cve) => names.has(cve), digest: digestOf([...names].sort()) };
}
