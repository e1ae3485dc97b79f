// Bundles what people run: one script with our own code, one per library that only some commands need, and the
// entry that loads them with their compiled code (apps/cli/src/code-cache.ts).
// Usage: node tools/build.ts

import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { buildPages } from "../apps/web/tools/build.ts";
import { compilePrescriptions } from "../core/prescriptions/src/compile.ts";
import { readPrescriptions } from "../io/ingest/src/read-prescriptions.ts";
import { precompile } from "./precompile.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}apps/cli/dist`;

/** Libraries that become scripts of their own, by the script's name: loaded where they are imported, */
const LATE_CLASSES: Readonly<Record<string, string>> = {
  "undici/lib/dispatcher/agent.js": "http-agent",
  "undici/lib/dispatcher/env-http-proxy-agent.js": "http-proxy-agent",
};
/** or when something of theirs is first used. */
const LATE: Readonly<Record<string, string>> = {
  yaml: "yaml",
  "ae-cvss-calculator": "cvss",
  "@lezer/python": "python-parser",
  pg: "postgres",
  "@thoth/service/open-telemetry": "open-telemetry",
};

/** Packages of ours that `thoth lock` does without: scripts too. */
const OWN_LATE: Readonly<Record<string, string>> = {
  "@thoth/notebook": "notebook",
  "@thoth/python": "python",
  "@thoth/environment": "environment",
  "@thoth/ingest": "ingest",
  "@thoth/inspection": "inspection",
  "@thoth/service": "service",
  "@thoth/prescriptions/compile": "prescriptions",
};

/** What only other commands than `thoth lock` import when they are called: one script. */
const OTHER_COMMANDS =
  /^apps\/cli\/src\/(commands\/(?!catalogue\.ts|thoth\/lock\.ts)|engines\/(?!thoth-)|notebook\/|session\/(?:api|graph)-evidence\.ts)|^io\/store\/src\/graph\//;
/** A main script with the command besides, which stands in for the other one where the command is run. */
const ADVISE = "apps/cli/src/commands/thoth/advise.ts";

/** Parts of Node that a warm run mostly does without and that are slow to load. */
const LAZY = [
  "child_process",
  "crypto",
  "fs/promises",
  "http",
  "https",
  "net",
  "os",
  "stream/promises",
  "sqlite",
  "tls",
  "tty",
  "v8",
  "zlib",
];

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "external",
  loader: { ".py": "text" },
  define: { "import.meta.dirname": "__dirname" },
  logLevel: "warning",
};

const WRAPPER = "(function(exports,require,module,__filename,__dirname){";

/** One function expression, as `CodeCache` calls it. */
const script: BuildOptions = {
  ...common,
  banner: { js: `${WRAPPER}"use strict";` },
  footer: { js: "})" },
  // What is compiled so has nobody who would answer `import()`: it is `require`, and a promise.
  supported: { "dynamic-import": false },
};

const lateClasses: Plugin = {
  name: "late classes",
  setup({ onResolve }) {
    onResolve({ filter: oneOf(Object.keys(LATE_CLASSES)) }, ({ path }) => ({
      path: `./${LATE_CLASSES[path]}.cjs`,
      external: true,
    }));
  },
};

/** Modules whose exports load the real one, `real(path)`, when they are first read. */
function lazily(name: string, filter: RegExp, real: (path: string) => string): Plugin {
  return {
    name,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./, namespace: name }, ({ path }) => ({ path, external: true }));
      onResolve({ filter }, ({ path }) => ({ path, namespace: name }));
      // On the prototype, so that esbuild finds nothing to copy.
      onLoad({ filter: /./, namespace: name }, ({ path }) => ({
        contents: `let real;
          module.exports = Object.create(new Proxy({}, { get: (_, name) => (real ??= ${real(path)})[name] }));`,
      }));
    },
  };
}

const lazyBuiltins = lazily(
  "lazy builtins",
  new RegExp(`^node:(${LAZY.join("|")})$`),
  (path) => `require("${path}")`,
);
const lateLibraries = lazily(
  "late libraries",
  oneOf(Object.keys(LATE)),
  (path) => `require("./${LATE[path]}.cjs")`,
);
const lazyPackages = lazily(
  "lazy packages",
  oneOf(Object.keys(OWN_LATE)),
  (path) => `require("./${OWN_LATE[path]}.cjs")`,
);

/** Imports that wait for a command are left to the script of the others, as far as they lie there and are not `included`. */
const otherCommands = (included?: string): Plugin => ({
  name: "other commands",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^\./ }, async ({ path, resolveDir, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      const real = nameOf((await resolve(path, { resolveDir, kind: "import-statement" })).path);
      if (!OTHER_COMMANDS.test(real) || real === included) return undefined;
      others.add(real);
      return { path: real, namespace: "other" };
    });
    onResolve({ filter: /./, namespace: "other" }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: "other" }, ({ path }) => ({
      contents: `module.exports = Object.create(require("./commands.cjs")["${path}"]);`,
    }));
  },
});

/** What the main script has is taken from there, so that each module is there once. */
const fromMain: Plugin = {
  name: "modules of the main script",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[.@]/ }, async ({ path, resolveDir, kind, namespace, pluginData }) => {
      if (pluginData === fromMain || namespace === "main") return undefined;
      const real = nameOf((await resolve(path, { resolveDir, kind, pluginData: fromMain })).path);
      if (!inMain.has(real)) return undefined;
      shared.add(real);
      return { path: real, namespace: "main" };
    });
    onResolve({ filter: /./, namespace: "main" }, ({ path }) => ({ path, external: true }));
    // On the prototype too.
    onLoad({ filter: /./, namespace: "main" }, ({ path }) => ({
      contents: `module.exports = Object.create(require("./main.cjs")["${path}"]);`,
    }));
  },
};

function nameOf(path: string): string {
  return relative(root, path).replaceAll("\\", "/");
}

/** The text of a script whose exports load the modules `names` when they are read. */
function exporting(names: Iterable<string>): string {
  return [...names]
    .toSorted()
    .map((name) => `Object.defineProperty(exports, "${name}", { get: () => require("./${name}") });`)
    .join("\n");
}

function oneOf(names: readonly string[]): RegExp {
  return new RegExp(`^(${names.join("|")})$`);
}

/** Stands for all that the bundle is made of. */
const digest = createHash("sha256");
for (const name of globSync(
  ["{core,io,apps}/*/src/**/*", "rules/**/*", "package-lock.json", "tools/build.ts"],
  {
    cwd: root,
  },
).sort())
  if (statSync(root + name).isFile()) digest.update(name).update(readFileSync(root + name));
const number = digest.digest("hex").slice(0, 12);
const THOTH_BUILD = JSON.stringify(number);

await compileRules();

/** The project's own rules, as the commands open them. */
async function compileRules(): Promise<void> {
  const { rules } = await readPrescriptions(`${root}rules`);
  const { bytes, errors } = compilePrescriptions(rules);
  for (const { file, line, message } of errors) console.error(`rules/${file}:${line}: ${message}`);
  if (errors.length > 0) throw new Error("the rules have errors");
  mkdirSync(`${root}apps/cli/data`, { recursive: true });
  writeFileSync(`${root}apps/cli/data/prescriptions.bin`, bytes);
}

/** Indicators, as `thoth inspect` finds them. */
cpSync(`${root}io/inspection/indicators`, `${root}apps/cli/data/indicators`, { recursive: true });

/** What `thoth serve` shows to people. */
await buildPages();

mkdirSync(folder, { recursive: true });
for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()))
  rmSync(`${folder}/${name}`);
/** Modules by their paths: what only the other commands want, what the main script has, and what of it others want. */
const others = new Set<string>();
const inMain = new Set<string>();
const shared = new Set<string>();

for (const name of Object.keys((await buildMain()).inputs)) inMain.add(name);
// What the command that has a main script of its own leaves to the others.
await buildMain(undefined, ADVISE);
await build({
  ...script,
  stdin: { contents: exporting(others), resolveDir: root },
  outfile: `${folder}/commands.cjs`,
  plugins: [lateClasses, lateLibraries, lazyPackages, fromMain, lazyBuiltins],
});
for (const [path, name] of Object.entries(OWN_LATE)) {
  await build({
    ...script,
    stdin: { contents: `module.exports = require("${path}");`, resolveDir: root },
    outfile: `${folder}/${name}.cjs`,
    plugins: [lateClasses, lateLibraries, fromMain, lazyBuiltins],
  });
}
await buildMain("main.cjs");
await buildMain("advise.cjs", ADVISE);

/** Without a name nothing is written. */
async function buildMain(name?: string, included?: string): Promise<Metafile> {
  const { metafile } = await build({
    ...script,
    write: name !== undefined,
    metafile: true,
    stdin: { contents: `${exporting(shared)}\nrequire("./apps/cli/src/main.ts");`, resolveDir: root },
    outfile: `${folder}/${name}`,
    plugins: [otherCommands(included), lateClasses, lateLibraries, lazyPackages, lazyBuiltins],
    // The first look at `performance` loads a part of Node that nothing else needs (1.3 ms).
    define: { ...common.define, "performance.now": "__now", THOTH_BUILD },
    banner: {
      js: `${WRAPPER}"use strict";const __now=()=>{const t=process.hrtime();return t[0]*1e3+t[1]/1e6};`,
    },
  });
  return metafile;
}
for (const [path, name] of Object.entries({ ...LATE_CLASSES, ...LATE })) {
  await build({
    ...script,
    stdin: { contents: `module.exports = require(${JSON.stringify(path)});`, resolveDir: root },
    outfile: `${folder}/${name}.cjs`,
  });
}
await build({
  ...common,
  entryPoints: [`${root}apps/cli/src/bundle-entry.ts`],
  outfile: `${folder}/cli.cjs`,
  plugins: [lazyBuiltins],
  define: { THOTH_BUILD },
});
chmodSync(`${root}apps/cli/bin/thoth`, 0o755);
try {
  const launcher = `${root}apps/cli/bin/thoth`;
  await precompile({ launcher, folder: `${folder}/compiled`, build: number });
} catch (error) {
  // The first run of each command compiles.
  console.error(`no code was compiled ahead: ${error instanceof Error ? error.message : String(error)}`);
}
