// Bundles what people run: one file per application, minified names kept, ready for the compile cache.
// Usage: node tools/build.ts

import { chmodSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

mkdirSync(`${root}apps/cli/dist`, { recursive: true });
await build({
  entryPoints: { cli: `${root}apps/cli/src/bundle-entry.ts`, main: `${root}apps/cli/src/main.ts` },
  outdir: `${root}apps/cli/dist`,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "external",
  loader: { ".py": "text" },
  logLevel: "warning",
});
for (const name of ["thoth", "horus"]) chmodSync(`${root}apps/cli/bin/${name}`, 0o755);
