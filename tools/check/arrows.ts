// Which package may import which: three floors, and only along the arrows of the table. A package is entered by
// its public surface alone, and says in its package.json what it uses.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Module, resolveRelative } from "./modules.ts";

const CORE = [
  "pep",
  "solver",
  "knowledge",
  "python",
  "artifact",
  "prescriptions",
  "adviser",
  "notebook",
  "contract",
];
const IO = ["index", "store", "ingest", "environment", "inspection", "image"];
const EVERYTHING = [...CORE, ...IO];

/** What the sources of a package may import; a package that is not here does not exist yet. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "core/pep": [],
  "core/solver": [],
  "core/knowledge": ["pep"],
  "core/prescriptions": ["pep"],
  "core/adviser": ["pep", "solver", "knowledge", "prescriptions"],
  "core/python": ["pep", "knowledge"],
  "core/artifact": ["pep", "knowledge", "python"],
  "core/notebook": ["pep", "python"],
  "core/contract": ["pep"],
  "io/index": CORE,
  "io/store": CORE,
  "io/ingest": [...CORE, "index", "store"],
  "io/environment": [...CORE, "index"],
  "io/inspection": [...CORE, "index", "environment", "store"],
  "io/image": [...CORE, "index", "environment", "ingest"],
  "apps/cli": [...EVERYTHING, "service", "views"],
  "apps/service": EVERYTHING,
  "apps/views": ["contract"],
  "apps/jupyterlab": ["contract", "views"],
  "apps/web": ["contract", "views"],
  testkit: ["pep"],
};

/** What tests of a package may import besides: they look at what people see, so they start what serves it. */
const TESTED: Readonly<Record<string, readonly string[]>> = { "apps/web": ["service"] };

/** Floors without a package of their own: they may enter wherever they need. */
const BESIDE = ["tools/", "tests/", "benchmarks/", "docs/", "examples/"];

export function checkArrows(modules: readonly Module[], root: string): string[] {
  return modules.flatMap((module) => {
    if (BESIDE.some((folder) => module.path.startsWith(folder))) return [];
    const home = packageOf(module.path);
    if (home === undefined)
      return [`${module.path}: belongs to no package of the table in tools/check/arrows.ts`];
    return checkModule(module, { home, declared: declaredBy(home, root), root });
  });
}

interface Home {
  readonly home: string;
  /** What its package.json declares. */
  readonly declared: ReadonlySet<string>;
  readonly root: string;
}

function checkModule(module: Module, { home, declared, root }: Home): string[] {
  const allowed = allowedFrom(module.path, home);
  return module.imports.flatMap(({ specifier, line }) => {
    const place = `${module.path}:${line}`;
    if (specifier.startsWith("node:")) return [];
    if (specifier.startsWith("."))
      return checkRelative(module.path, specifier, home).map((text) => `${place}: ${text}`);
    const own = /^@thoth\/([^/]+)(\/.*)?$/.exec(specifier);
    if (own === null) {
      const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
      const known = declared.has(name) || (isTest(module.path) && DEVELOPMENT.has(name));
      return known ? [] : [`${place}: \`${name}\` is not among the dependencies of ${home}`];
    }
    const [, name = "", deep] = own;
    if (deep !== undefined && !offers(name, deep, root))
      return [`${place}: \`${specifier}\` reaches past the public surface of @thoth/${name}`];
    return allowed.has(name) ? [] : [`${place}: ${home} must not import @thoth/${name}`];
  });
}

/** A second entrance that the package itself names. */
function offers(name: string, deep: string, root: string): boolean {
  const home = Object.keys(ARROWS).find((folder) => folder.endsWith(`/${name}`)) ?? name;
  const { exports = {} } = JSON.parse(readFileSync(join(root, home, "package.json"), "utf8")) as {
    readonly exports?: Readonly<Record<string, string>>;
  };
  return Object.hasOwn(exports, `.${deep}`);
}

/** What every package's tests may use. */
const DEVELOPMENT = new Set(["axe-core", "esbuild", "fast-check", "playwright-core", "yaml"]);

function allowedFrom(path: string, home: string): ReadonlySet<string> {
  const own = home.split("/").at(-1) ?? home;
  const allowed = new Set([...(ARROWS[home] ?? []), own]);
  if (!isTest(path)) return allowed;
  // Tests may also use the testkit, and what lies on the floors below the package's own.
  const below = home.startsWith("core/") ? CORE : EVERYTHING;
  for (const name of ["testkit", ...below, ...(TESTED[home] ?? [])]) allowed.add(name);
  return allowed;
}

function checkRelative(path: string, specifier: string, home: string): string[] {
  const target = resolveRelative(path, specifier);
  if (!target.startsWith(`${home}/`)) return [`\`${specifier}\` leaves the package ${home}`];
  if (!/\.(?:tsx?|py|json)$/.test(specifier)) return [`\`${specifier}\` must end in .ts`];
  if (
    path.startsWith(`${home}/src/`) &&
    !target.startsWith(`${home}/src/`) &&
    !target.startsWith(`${home}/python/`)
  ) {
    return [`\`${specifier}\`: what is shipped must not need what is not`];
  }
  return [];
}

function isTest(path: string): boolean {
  return /\/(?:test|tools)\//.test(path) || path.startsWith("benchmarks/");
}

function packageOf(path: string): string | undefined {
  return Object.keys(ARROWS).find((folder) => path.startsWith(`${folder}/`));
}

function declaredBy(home: string, root: string): ReadonlySet<string> {
  const text = readFileSync(join(root, home, "package.json"), "utf8");
  // Peers are there where the package runs: JupyterLab brings its own.
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(text) as {
    dependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  };
  const main = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devDependencies?: Record<string, string>;
  };
  const development = home === "benchmarks" ? Object.keys(main.devDependencies ?? {}) : [];
  return new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies), ...development]);
}

/** Without what stands behind the package's name. */
function packageIn(specifier: string): string {
  return /^@thoth\/[^/]+/.exec(specifier)?.[0] ?? specifier;
}

/** Packages of ours that a package.json does not declare, or declares for nothing. */
export function checkDeclarations(modules: readonly Module[], root: string): string[] {
  return Object.keys(ARROWS).flatMap((home) => {
    const sources = modules.filter(({ path }) => path.startsWith(`${home}/src/`));
    if (sources.length === 0) return [];
    const used = new Set(
      sources.flatMap(({ imports }) => imports.map(({ specifier }) => packageIn(specifier))),
    );
    const declared = declaredBy(home, root);
    const missing = [...used].filter(
      (name) => name.startsWith("@thoth/") && !declared.has(name) && !isSelf(name, home),
    );
    return missing.sort().map((name) => `${home}/package.json: \`${name}\` is used and not declared`);
  });
}

function isSelf(name: string, home: string): boolean {
  return name === `@thoth/${home.split("/").at(-1)}`;
}
