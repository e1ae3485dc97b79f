// Builds the browser's part of the extension and puts the commands' bundle beside it: all that the wheel takes.
//
// JupyterLab loads one script, which tells it how to get the plugin; what Lab has itself (React, its own packages) comes from
// Lab (https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html, "prebuilt extensions").

import { createHash } from "node:crypto";
import { copyFileSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const here = fileURLToPath(new URL("..", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));
const target = join(here, "python", "thoth_jupyter");
const NAME = "@thoth/jupyterlab";

/** Modules that Lab shares. */
const SHARED = [
  "react",
  "@jupyterlab/apputils",
  "@jupyterlab/coreutils",
  "@jupyterlab/notebook",
  "@jupyterlab/services",
  "@jupyterlab/settingregistry",
  "@jupyterlab/translation",
];

/** What Lab calls: `init` with the modules that it shares, by name and version, then `get`. */
const CONTAINER = `
let scope;
const shared = {};
globalThis.__thothShared = shared;
const newest = (versions) => versions[Object.keys(versions).sort(new Intl.Collator("en", { numeric: true }).compare).at(-1)];
(window._JUPYTERLAB ??= {})[${JSON.stringify(NAME)}] = {
  init: (given) => { scope = given; },
  get: async (name) => {
    await Promise.all(${JSON.stringify(SHARED)}.map(async (one) => { shared[one] ??= (await newest(scope[one]).get())(); }));
    const plugin = require("./src/index.ts");
    return () => plugin;
  },
};
`;

const fromLab: Plugin = {
  name: "from Lab",
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(?:${SHARED.join("|")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "lab" }));
    onLoad({ filter: /.*/, namespace: "lab" }, ({ path }) => ({
      contents: `module.exports = globalThis.__thothShared[${JSON.stringify(path)}];`,
    }));
  },
};

const { outputFiles } = await build({
  stdin: { contents: CONTAINER, resolveDir: here, sourcefile: "container.js" },
  absWorkingDir: here,
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  platform: "browser",
  target: "es2022",
  jsx: "transform",
  legalComments: "none",
  loader: { ".py": "text" },
  plugins: [fromLab],
});
const code = outputFiles[0]?.contents ?? new Uint8Array();
const digest = createHash("sha256").update(code).digest("hex").slice(0, 20);
const lab = join(target, "labextension");
rmSync(lab, { recursive: true, force: true });
mkdirSync(join(lab, "static"), { recursive: true });
mkdirSync(join(lab, "schemas", NAME), { recursive: true });
writeFileSync(join(lab, "static", `remoteEntry.${digest}.js`), code);
copyFileSync(join(here, "schema", "plugin.json"), join(lab, "schemas", NAME, "plugin.json"));
const { version, description } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const load = `static/remoteEntry.${digest}.js`;
const jupyterlab = { extension: true, schemaDir: "schemas", _build: { load, extension: "./extension" } };
const manifest = JSON.stringify(
  { name: NAME, version, description, license: "Apache-2.0", jupyterlab },
  undefined,
  2,
);
writeFileSync(join(lab, "package.json"), `${manifest}\n`);
writeFileSync(join(lab, "schemas", NAME, "package.json.orig"), `${manifest}\n`);

const bundle = join(target, "bundle");
rmSync(bundle, { recursive: true, force: true });
mkdirSync(join(bundle, "dist"), { recursive: true });
for (const path of globSync(`${root}apps/cli/dist/*.{cjs,txt}`))
  copyFileSync(path, join(bundle, "dist", basename(path)));
cpSync(`${root}apps/cli/data`, join(bundle, "data"), { recursive: true });
