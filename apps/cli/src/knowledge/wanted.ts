// What sources are asked about: packages that the command line or its files name, else those that the indexes of this
// machine were asked for before; and the flaws that advisories name.

import { existsSync, readFileSync } from "node:fs";
import type { LockedRelease, SourceEntry, Wanted } from "@thoth/ingest";
import { type PackageName, parsePackageName, type Requirement, ThothError } from "@thoth/pep";
import { type Invocation, listOption } from "../frame/command.ts";
import { readLock } from "../locks/read-lock.ts";
import { readProject } from "../project/read-project.ts";
import { placeUrl } from "../session/index-places.ts";
import { importedPath, shippedAdvisories } from "../session/known-advisories.ts";
import { storePath } from "../session/open-session.ts";
import { given } from "../settings/directories.ts";
import { readIndexSettings } from "../settings/resolution-settings.ts";
import { IMAGES, ownIndexes } from "./source-settings.ts";

/** What some sources are asked about. Throws what reading the files throws, and `usage`. */
export async function wantedOf(
  invocation: Invocation,
  sources: readonly Pick<SourceEntry, "about">[],
): Promise<Wanted> {
  const { digestOf, wantedProjects } = await import("@thoth/ingest");
  const isWanted = (about: SourceEntry["about"]) => sources.some((source) => source.about === about);
  const { names, locked } = isWanted("packages") ? await wantedPackages(invocation) : NO_PACKAGES;
  return {
    projects: wantedProjects(names, locked),
    flaws: isWanted("flaws") ? await wantedFlaws(invocation) : { wants: () => false, digest: digestOf([]) },
    target: () => ownTarget(invocation),
    images: isWanted("images") ? await wantedImages(invocation) : [],
  };
}

/** `--image`, else those of the variable. Throws `usage` for what is no name of an image. */
async function wantedImages({ options, environment }: Invocation): Promise<readonly string[]> {
  const { parseImageReference } = await import("@thoth/ingest");
  const named = listOption(options, "image");
  const variable = given(environment, IMAGES) ?? "";
  if (named.length === 0 && /^(?:1|yes|on|true)$/i.test(variable.trim()))
    throw new ThothError("usage", `${IMAGES} names no image`, {
      hint: "Write names of images there, with commas between them, such as python:3.12-slim.",
    });
  const images = named.length > 0 ? named : variable.split(/[\s,]+/);
  return images.filter((image) => image !== "").map((image) => parseImageReference(image).text);
}

/** Of this machine's interpreter. Throws `interpreter-not-found`. */
async function ownTarget({ options, environment }: Invocation) {
  const { describeTarget } = await import("../project/target.ts");
  const { cacheDirectory } = readIndexSettings(options, environment);
  return (await describeTarget({ cacheDirectory })).target;
}

interface WantedPackages {
  readonly names: readonly PackageName[];
  readonly locked: readonly LockedRelease[];
}

const NO_PACKAGES: WantedPackages = { names: [], locked: [] };

/** `--package` and `--from`, else the packages in the cache. */
async function wantedPackages(invocation: Invocation): Promise<WantedPackages> {
  const { options, environment, documents } = invocation;
  const names = listOption(options, "package").flatMap((text) =>
    text.split(",").map((name) => parsePackageName(name.trim())),
  );
  const locked: LockedRelease[] = [];
  const files = listOption(options, "from");
  for (const file of files) {
    if (isLock(file)) {
      locked.push(...(await readLock(file, environment)).versions);
      continue;
    }
    const project = await readProject({ files: [file], constraints: [], environment, documents });
    for (const { requirement } of project.requirements) {
      const version = pinOf(requirement);
      if (version === undefined) names.push(requirement.name);
      else locked.push({ name: requirement.name, version });
    }
  }
  if (names.length > 0 || files.length > 0) return { names, locked };
  return { names: await cachedNames(invocation), locked };
}

/** The one release that a requirement admits, as those of a requirements file do that was made by a tool. */
function pinOf({ specifiers, url }: Requirement): LockedRelease["version"] | undefined {
  const [only, ...others] = specifiers.clauses;
  if (url !== undefined || only?.operator !== "==" || others.length > 0 || only.wildcard) return undefined;
  return only.parsed;
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
