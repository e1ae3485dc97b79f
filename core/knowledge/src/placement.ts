// Which release each file of a page belongs to: the version that its name carries. Equal versions of different spelling
// are one release. Files whose name or version cannot be read are left out (the page parser warned).

import { compareVersions, normalizeName, type PackageName, tryParseVersion, type Version } from "@thoth/pep";
import { OTHER, type PageColumns, SDIST } from "./page-columns.ts";

/** What file names of the kind end in: the tags of a wheel, or nothing for an sdist. */
export interface Ending {
  /** Python and ABI tags, platform tags; undefined for an sdist. */
  readonly interpreter: string | undefined;
  readonly platform: string | undefined;
  /** Number of the tag set, once it has one. */
  tagSet: number;
}

export const UNNUMBERED = -1;

export interface Release {
  readonly version: Version;
  /** Numbers of the files on the page. */
  readonly files: number[];
  /** Of each file. */
  readonly endings: Ending[];
}

/** Newest first. */
export function placeFiles(columns: PageColumns, project: PackageName): Release[] {
  const versions = new Versions(project);
  const { beginning, beginnings, ending } = columns;
  const endings = columns.endings.map(readEnding);
  const sdist: Ending = { interpreter: undefined, platform: undefined, tagSet: UNNUMBERED };
  let number = -1;
  let release: Release | undefined;
  for (let file = 0; file < columns.files; file++) {
    const end = ending[file]!;
    if (end === OTHER) continue;
    if (beginning[file]! !== number) {
      number = beginning[file]!;
      const text = beginnings[number]!;
      release = end === SDIST ? versions.ofSdist(text) : versions.ofWheel(text);
    }
    const known = end === SDIST ? sdist : endings[end];
    if (release === undefined || known === undefined) continue;
    release.files.push(file);
    release.endings.push(known);
  }
  return newestFirst(versions.found());
}

function newestFirst(releases: Release[]): Release[] {
  releases.sort((one, other) => compareVersions(other.version, one.version));
  const merged: Release[] = [];
  for (const release of releases) {
    const last = merged.at(-1);
    if (last === undefined || compareVersions(last.version, release.version) !== 0) merged.push(release);
    else {
      for (const file of release.files) last.files.push(file);
      for (const ending of release.endings) last.endings.push(ending);
    }
  }
  return merged;
}

/** Finds releases by what file names begin with. */
class Versions {
  readonly #project: PackageName;
  readonly #releases = new Map<string, Release | undefined>();
  readonly #names = new Map<string, boolean>();

  constructor(project: PackageName) {
    this.#project = project;
  }

  found(): Release[] {
    return [...this.#releases.values()].filter((release) => release !== undefined);
  }

  /** Of `name-version-`. */
  ofWheel(beginning: string): Release | undefined {
    const nameEnd = beginning.indexOf("-");
    return this.#isOwn(beginning.slice(0, nameEnd))
      ? this.#releaseOf(beginning.slice(nameEnd + 1, -1))
      : undefined;
  }

  /** Of `name-version`. Old names may have hyphens anywhere: the project's name says where it ends. */
  ofSdist(stem: string): Release | undefined {
    for (let hyphen = stem.indexOf("-"); hyphen > 0; hyphen = stem.indexOf("-", hyphen + 1)) {
      if (!this.#isOwn(stem.slice(0, hyphen))) continue;
      const release = this.#releaseOf(stem.slice(hyphen + 1));
      if (release !== undefined) return release;
    }
    return undefined;
  }

  /** Undefined when the text is no version. */
  #releaseOf(text: string): Release | undefined {
    let release = this.#releases.get(text);
    if (release === undefined && !this.#releases.has(text)) {
      const version = tryParseVersion(text);
      release = version === undefined ? undefined : { version, files: [], endings: [] };
      this.#releases.set(text, release);
    }
    return release;
  }

  #isOwn(name: string): boolean {
    let own = this.#names.get(name);
    if (own === undefined) {
      own = normalizeName(name) === this.#project;
      this.#names.set(name, own);
    }
    return own;
  }
}

/** Of `(build-)?python-abi-platform`; undefined when the text is anything else. */
function readEnding(text: string): Ending | undefined {
  const platform = text.lastIndexOf("-");
  const abi = text.lastIndexOf("-", platform - 1);
  if (platform <= 0 || abi < 0 || platform === text.length - 1 || abi === platform - 1) return undefined;
  const python = text.lastIndexOf("-", abi - 1);
  if (abi === 0 || python === abi - 1) return undefined;
  if (python >= 0 && !isBuildTag(text.slice(0, python))) return undefined;
  return {
    interpreter: text.slice(python + 1, platform),
    platform: text.slice(platform + 1),
    tagSet: UNNUMBERED,
  };
}

/** A digit first, and no further part of the name. */
function isBuildTag(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 48 && first <= 57 && !text.includes("-");
}
