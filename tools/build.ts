// Bundles what people run: one script with our own code, one per library that only some commands need, and the
// entry that loads them with their compiled code (apps/cli/src/code-cache.ts).
// Usage: node tools/build.ts

import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}apps/cli/dist`;

/** Imports that become scripts of their own, by the script's name. */
const LATE: Readonly<Record<string, string>> = {
  "undici/lib/dispatcher/agent.js": "http-agent",
  "undici/lib/dispatcher/env-http-proxy-agent.js": "http-proxy-agent",
  yaml: "yaml",
  "@lezer/python": "python-parser",
};

/** Parts of Node that a warm run mostly does without and that are slow to load. */
const LAZY = [
  "child_process",
  "crypto",
  "fs/promises",
  "http",
  "https",
  "net",
  "stream/promises",
  "tls",
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
  logLevel: "warning",
};

const WRAPPER = "(function(exports,require,module,__filename,__dirname){";

/** One function expression, as `CodeCache` calls it. */
const script: BuildOptions = {
  ...common,
  banner: { js: `${WRAPPER}"use strict";` },
  footer: { js: "})" },
};

const lateLibraries: Plugin = {
  name: "late libraries",
  setup({ onResolve }) {
    onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
      path in LATE ? { path: `./${LATE[path]}.cjs`, external: true } : undefined,
    );
  },
};

/** A module whose exports load the real one when they are first read. */
const lazyBuiltins: Plugin = {
  name: "lazy builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^node:(${LAZY.join("|")})$`) }, ({ path, namespace }) =>
      namespace === "lazy" ? { path, external: true } : { path, namespace: "lazy" },
    );
    // On the prototype, so that esbuild finds nothing to copy.
    onLoad({ filter: /./, namespace: "lazy" }, ({ path }) => ({
      contents: `module.exports = Object.create(
        new Proxy({}, { get: (_, name) => require("${path}")[name] }));`,
    }));
  },
};

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`);
await build({
  ...script,
  entryPoints: { main: `${root}apps/cli/src/main.ts` },
  outdir: folder,
  outExtension: { ".js": ".cjs" },
  plugins: [lateLibraries, lazyBuiltins],
  // The first look at `performance` loads a part of Node that nothing else needs (1.3 ms).
  define: { "performance.now": "__now" },
  banner: {
    js: `${WRAPPER}"use strict";const __now=()=>{const t=process.hrtime();return t[0]*1e3+t[1]/1e6};`,
  },
});
for (const [path, name] of Object.entries(LATE)) {
  await build({
    ...script,
    stdin: { contents: `module.exports = require(${JSON.stringify(path)});`, resolveDir: root },
    outfile: `${folder}/${name}.cjs`,
  });
}
const digest = createHash("sha256");
for (const name of readdirSync(folder).sort()) digest.update(readFileSync(`${folder}/${name}`));
await build({
  ...common,
  entryPoints: [`${root}apps/cli/src/bundle-entry.ts`],
  outfile: `${folder}/cli.cjs`,
  define: { THOTH_BUILD: JSON.stringify(digest.digest("hex").slice(0, 12)) },
});
for (const name of ["thoth", "horus"]) chmodSync(`${root}apps/cli/bin/${name}`, 0o755);
