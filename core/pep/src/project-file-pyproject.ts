// pyproject.toml as a project file: the project's own table or Poetry's, dependency groups, and where uv and Poetry
// say that packages come from.

import { expandDependencyGroup } from "./dependency-groups.ts";
import { directUrl } from "./direct-source.ts";
import { quote, ThothError } from "./error.ts";
import { fieldError, type Place, placeOf, readTable, type Table, within } from "./fields.ts";
import { joinMarkers, negateMarker } from "./marker-combine.ts";
import { normalizeName, type PackageName } from "./name.ts";
import { type Poetry, type PoetryDependency, readPoetry } from "./poetry.ts";
import { emptyProjectFile, type ProjectFile, type ProjectFileOptions } from "./project-file.ts";
import { poetryGroupStatements, poetryStatements } from "./project-file-poetry.ts";
import { projectStatements } from "./project-file-project.ts";
import { setuptoolsStatements } from "./project-file-setuptools.ts";
import { addStatements, askedNames, type Statement, sortStatements } from "./project-file-statement.ts";
import { type Pyproject, readPyproject } from "./pyproject.ts";
import { readUvSettings, type UvSettings, type UvSource } from "./uv-settings.ts";

/** What the file says, by those who say it. */
interface Declarations {
  readonly filename: string;
  readonly pyproject: Pyproject;
  readonly poetry: Poetry | undefined;
  readonly uv: UvSettings;
  readonly options: ProjectFileOptions;
}

/** `table` is the whole file. */
export function pyprojectProjectFile(
  filename: string,
  table: Table,
  options: ProjectFileOptions,
): ProjectFile {
  const place = placeOf("invalid-project", `The file ${quote(filename)}`);
  const pyproject = readPyproject(table, place);
  const tool = within(place, "tool");
  const poetryTable = readTable(pyproject.tool, "poetry", tool);
  const poetry = poetryTable && readPoetry(poetryTable, within(tool, "poetry"));
  const uv = readUvSettings(readTable(pyproject.tool, "uv", tool) ?? {}, within(tool, "uv"));
  const declared: Declarations = { filename, pyproject, poetry, uv, options };
  const statements = [...mainStatements(declared, place), ...groupStatements(declared)];
  return projectFile(declared, statements);
}

function projectFile(
  { filename, pyproject, poetry, uv }: Declarations,
  statements: readonly Statement[],
): ProjectFile {
  const enriching = new Map(
    poetry?.dependencies.map((dependency) => [dependency.requirement.name, dependency]),
  );
  const sourced: Statement[] = [];
  for (const statement of statements) addStatements(sourced, withSource(statement, uv, enriching));
  const sorted = sortStatements(filename, sourced);
  const name = pyproject.project?.name ?? poetry?.name;
  const requiresPython = pyproject.project?.requiresPython ?? poetry?.python;
  return {
    ...emptyProjectFile,
    kind: "pyproject",
    ...(name === undefined ? {} : { name }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...sorted,
    constraints: uv.constraints.map((requirement, position) => ({
      requirement,
      source: `${filename}: tool.uv.constraint-dependencies[${position}]`,
      group: "default",
      editable: false,
      hashes: [],
    })),
    indexes: [...(poetry?.indexes ?? []), ...uv.indexes],
    noIndex: uv.noIndex,
    findLinks: uv.findLinks,
    noBinary: uv.noBinary,
    onlyBinary: uv.onlyBinary,
    prereleases: [...uv.prereleases, ...sorted.prereleases],
    files: [filename],
    warnings: [...pyproject.warnings, ...uv.warnings],
  };
}

/** What the project itself needs. */
function mainStatements(
  { pyproject, poetry, options, filename }: Declarations,
  place: Place,
): readonly Statement[] {
  const { project } = pyproject;
  if (project === undefined) {
    const extras = askedNames(options.extras, poetry?.extras.keys() ?? []);
    return poetry === undefined ? noProject(extras, place) : poetryStatements(poetry, extras);
  }
  const dynamic = project.dynamic.has("dependencies");
  if (dynamic && poetry !== undefined && poetry.dependencies.length > 0) {
    return poetryStatements(poetry, askedNames(options.extras, poetry.extras.keys()));
  }
  const extras = askedNames(options.extras, project.optionalDependencies.keys());
  const elsewhere = project.dynamic.has("optional-dependencies") ? extras : [];
  const stated = projectStatements(project, elsewhere.length > 0 ? [] : extras);
  if (!dynamic && elsewhere.length === 0) return stated;
  const found = setuptoolsStatements(pyproject, { filename, extras: elsewhere, place, load: options.load });
  if (found !== undefined) return [...found, ...stated];
  const field = `project.${dynamic ? "dependencies" : "optional-dependencies"}`;
  throw new ThothError(
    place.code,
    fieldError(within(place, field), "is dynamic: only a build can tell").message,
    {
      hint: "Give a file that lists them.",
      details: { path: field },
    },
  );
}

/** A file without a project may still have groups. */
function noProject(extras: readonly string[], place: Place): readonly Statement[] {
  if (extras.length === 0) return [];
  throw fieldError(within(place, "project"), "is missing, so there are no extras");
}

/** Groups of PEP 735, of Poetry, and what older files of uv keep for development. */
function groupStatements(declared: Declarations): readonly Statement[] {
  const { pyproject, poetry, uv, options } = declared;
  const dev = normalizeName("dev");
  const known = new Set<PackageName>([
    ...pyproject.dependencyGroups.keys(),
    ...(poetry?.groups.keys() ?? []),
  ]);
  if (uv.devDependencies.length > 0) known.add(dev);
  const asked = new Set(askedNames(options.groups, known).map(normalizeName));
  if (options.dev === true && known.has(dev)) asked.add(dev);
  const found: Statement[] = [];
  for (const name of asked) {
    const isElsewhere = poetry?.groups.has(name) === true || (name === dev && uv.devDependencies.length > 0);
    if (!isElsewhere || pyproject.dependencyGroups.has(name)) {
      addStatements(found, expandDependencyGroup(pyproject.dependencyGroups, name).map(toStatement));
    }
    if (poetry !== undefined) addStatements(found, poetryGroupStatements(poetry, name));
    if (name === dev) addStatements(found, uvDevStatements(uv, dev));
  }
  return found;
}

function uvDevStatements({ devDependencies }: UvSettings, group: PackageName): readonly Statement[] {
  return devDependencies.map((requirement, position) => {
    return { requirement, group, path: `tool.uv.dev-dependencies[${position}]` };
  });
}

function toStatement({
  requirement,
  group,
  path,
}: ReturnType<typeof expandDependencyGroup>[number]): Statement {
  return { requirement, group, path };
}

/** A requirement with the place that uv or Poetry name for its package beside it; several where markers differ. */
function withSource(
  statement: Statement,
  uv: UvSettings,
  enriching: ReadonlyMap<PackageName, PoetryDependency>,
): readonly Statement[] {
  const { requirement } = statement;
  if (requirement.url !== undefined || statement.direct !== undefined) return [statement];
  const sources = uv.sources.get(requirement.name) ?? [];
  if (sources.length > 0)
    return [...sources.map((source) => fromSource(statement, source)), ...elsewhere(statement, sources)];
  // Beside a project's own table, Poetry's only says where a package comes from.
  const enriched = enriching.get(requirement.name);
  if (enriched === undefined) return [statement];
  const { direct, index, prereleases } = enriched;
  const url = direct && directUrl(direct);
  return [
    {
      ...statement,
      requirement: url === undefined ? requirement : { ...requirement, url },
      ...(direct === undefined ? {} : { direct }),
      ...(index === undefined ? {} : { index }),
      prereleases: statement.prereleases === true || prereleases,
    },
  ];
}

/** Where no source applies, the package comes from an index as ever. */
function elsewhere(statement: Statement, sources: readonly UvSource[]): readonly Statement[] {
  const others = sources.map(({ marker }) => marker && negateMarker(marker));
  if (others.includes(undefined)) return [];
  const marker = joinMarkers([statement.requirement.marker, ...others]);
  return marker === undefined ? [] : [{ ...statement, requirement: { ...statement.requirement, marker } }];
}

function fromSource(statement: Statement, { direct, index, marker }: UvSource): Statement {
  const { requirement } = statement;
  const joined = joinMarkers([requirement.marker, marker]);
  const url = direct && directUrl(direct);
  return {
    ...statement,
    requirement: {
      ...requirement,
      ...(url === undefined ? {} : { url }),
      ...(joined === undefined ? {} : { marker: joined }),
    },
    ...(direct === undefined ? {} : { direct }),
    ...(index === undefined ? {} : { index }),
  };
}
