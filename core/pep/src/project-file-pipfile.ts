// A Pipfile and its lock as project files.

import type { DirectSource } from "./direct-source.ts";
import { quote, ThothError } from "./error.ts";
import { convert, fieldOf, placeOf, within } from "./fields.ts";
import { normalizeName } from "./name.ts";
import { type PipfileSource, parsePipfile } from "./pipfile.ts";
import { parsePipfileLock } from "./pipfile-lock.ts";
import {
  emptyProjectFile,
  type ProjectFile,
  type ProjectFileIndex,
  type ProjectFileOptions,
} from "./project-file.ts";
import { askedNames, type Statement, sortStatements } from "./project-file-statement.ts";
import type { Requirement } from "./requirement.ts";
import type { RequirementHash } from "./requirements-file.ts";
import type { ReadVariable } from "./requirements-file-lines.ts";
import { parseSpecifiers, type Specifiers } from "./specifier.ts";

/** What a package of a Pipfile and one of its lock have in common. */
interface CategoryPackage {
  readonly requirement: Requirement;
  readonly direct?: DirectSource;
  readonly hashes?: readonly RequirementHash[];
  readonly index?: string;
  readonly path: string;
}

interface Categorised {
  readonly filename: string;
  readonly kind: "pipfile" | "pipfile-lock";
  /** The names of the tables for every use, and for development. */
  readonly main: string;
  readonly dev: string;
  readonly categories: ReadonlyMap<string, readonly CategoryPackage[]>;
  readonly sources: readonly PipfileSource[];
  readonly requires: Readonly<Record<string, string>>;
  readonly prereleases: boolean;
  readonly searchAll: boolean;
}

export function pipfileProjectFile(filename: string, text: string, options: ProjectFileOptions): ProjectFile {
  const pipfile = parsePipfile(text, filename);
  const settings = pipfile.settings ?? {};
  return categorisedFile(
    {
      ...pipfile,
      filename,
      kind: "pipfile",
      main: "packages",
      dev: "dev-packages",
      prereleases: fieldOf(settings, "allow_prereleases") === true,
      searchAll: fieldOf(settings, "install_search_all_sources") === true,
    },
    options,
  );
}

export function pipfileLockProjectFile(
  filename: string,
  text: string,
  options: ProjectFileOptions,
): ProjectFile {
  const lock = parsePipfileLock(text, filename);
  const names = { main: "default", dev: "develop" } as const;
  return categorisedFile(
    { ...lock, ...names, filename, kind: "pipfile-lock", prereleases: true, searchAll: false },
    options,
  );
}

function categorisedFile(file: Categorised, options: ProjectFileOptions): ProjectFile {
  const { filename, kind, main, dev, categories } = file;
  const statements = [main, ...askedCategories(file, options)].flatMap((category) =>
    (categories.get(category) ?? []).map((entry): Statement => {
      const { requirement, direct, hashes, index, path } = entry;
      return {
        requirement,
        ...(direct === undefined ? {} : { direct }),
        ...(hashes === undefined ? {} : { hashes }),
        ...(index === undefined ? {} : { index }),
        path,
        group: category === main ? "default" : category === dev ? "dev" : category,
      };
    }),
  );
  const requiresPython = pythonOf(file);
  const sorted = sortStatements(filename, statements);
  return {
    ...emptyProjectFile,
    kind,
    ...sorted,
    locations: sorted.locations.map(({ name, ...rest }) => {
      // Old versions of pipenv name a path by the beginning of a digest.
      return name === undefined || /^[0-9a-f]{7}$/.test(name) ? rest : { ...rest, name };
    }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    indexes: indexesOf(file, options.variable),
    prereleases: file.prereleases ? [":all:"] : [],
    trustedHosts: file.sources
      .filter(({ verifySsl }) => !verifySsl)
      .flatMap(({ url }) => URL.parse(url)?.host ?? []),
    files: [filename],
  };
}

function askedCategories(file: Categorised, options: ProjectFileOptions): readonly string[] {
  const { main, dev, categories } = file;
  const asked = new Set<string>(options.dev === true ? [dev] : []);
  for (const name of askedNames(options.groups, categories.keys())) {
    if (name === main || name === "default") continue;
    const wanted = normalizeName(name);
    const found =
      wanted === "dev" ? dev : [...categories.keys()].find((category) => normalizeName(category) === wanted);
    if (found === undefined) throw unknownCategory(file, name);
    asked.add(found);
  }
  return [...asked];
}

function unknownCategory({ filename, categories }: Categorised, name: string): ThothError {
  const known = [...categories.keys()];
  return new ThothError("invalid-project", `The file ${quote(filename)} has no packages ${quote(name)}.`, {
    hint: `It has ${quote(known.join(", "))}.`,
    details: { group: name, known: known.slice(0, 100) },
  });
}

/** The first source is asked for everything, the others for what names them, unless all are to be searched. */
function indexesOf(
  { sources, searchAll }: Categorised,
  variable: ReadVariable | undefined,
): ProjectFileIndex[] {
  return sources.map(({ name, url }, position) => ({
    ...(name === undefined ? {} : { name }),
    url: replaceVariables(url, variable),
    role: position === 0 ? "default" : searchAll ? "extra" : "explicit",
  }));
}

/** As Python's os.path.expandvars: `$NAME` and `${NAME}`, what is not set stays. */
export function replaceVariables(text: string, variable: ReadVariable = () => undefined): string {
  return text.replace(/\$(?:(\w{1,256})|\{([^}]{1,256})\})/g, (written, bare, braced) => {
    return variable(bare ?? braced) ?? written;
  });
}

function pythonOf({ filename, kind, requires }: Categorised): Specifiers | undefined {
  const full = requires["python_full_version"];
  const text = (full ?? requires["python_version"])?.trim();
  if (text === undefined || text === "*" || text === "") return undefined;
  const code = kind === "pipfile" ? "invalid-project" : "invalid-lock";
  const place = within(placeOf(code, `The file ${quote(filename)}`), "requires");
  const isBare = /^\d/.test(text);
  const bare = full === undefined && !text.endsWith(".*") ? `==${text}.*` : `==${text}`;
  return convert(isBare ? bare : text, parseSpecifiers, place);
}
