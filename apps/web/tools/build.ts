// Builds the pages: one script, one style, one icon, each named by what is in it, and the page that loads them. What is sent is
// compressed here, once. `manifest.json` tells the service what there is (apps/service/src/http/pages.ts).
// Usage: node apps/web/tools/build.ts

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";

const here = fileURLToPath(new URL("..", import.meta.url));
const source = join(here, "src");
const target = join(here, "dist");
/** Where the commands look for what is shipped with them. */
const shipped = fileURLToPath(new URL("../../cli/data/pages", import.meta.url));

/** Addresses under which the page is found; names in braces stand for anything. */
const PAGES = ["/", "/advice/{id}", "/compare", "/packages", "/packages/{name}", "/report", "/status"];

const common: BuildOptions = {
  absWorkingDir: here,
  bundle: true,
  write: false,
  minify: true,
  outdir: target,
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  legalComments: "external",
  logLevel: "warning",
};

const FOR_BROWSERS: BuildOptions = {
  format: "esm",
  platform: "browser",
  jsx: "transform",
  define: { "process.env.NODE_ENV": '"production"' },
};

interface File {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  readonly gzip: number;
}

interface Bundled {
  readonly code: Uint8Array;
  /** Of the libraries that are in it. */
  readonly licenses: Uint8Array;
}

async function bundled(entry: string, more: BuildOptions = {}): Promise<Bundled> {
  const { outputFiles } = await build({ ...common, ...more, entryPoints: [join(source, entry)] });
  const part = (isLegal: boolean) =>
    outputFiles?.find(({ path }) => path.endsWith(".LEGAL.txt") === isLegal)?.contents ?? new Uint8Array();
  return { code: part(false), licenses: part(true) };
}

function put(path: string, bytes: Uint8Array, type: string): File {
  const file = join(target, path);
  writeFileSync(file, bytes);
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(`${file}.gz`, gzip);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  return { path, type, bytes: bytes.length, gzip: gzip.length };
}

/** Whoever has the file of a name has all of it for ever. */
function putNamed(name: string, bytes: Uint8Array, type: string): File {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const [stem, ending] = basename(name).split(".");
  return put(`assets/${stem}-${digest}.${ending}`, bytes, type);
}

/** Into `dist`, and beside the commands, which serve it. */
export async function buildPages(): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, "assets"), { recursive: true });
  const { code, licenses } = await bundled("main.tsx", FOR_BROWSERS);
  const legal = putNamed("licenses.txt", licenses, "text/plain; charset=utf-8");
  const whole = Buffer.concat([code, Buffer.from(`/*! Licenses: /${legal.path} */\n`)]);
  const script = putNamed("main.js", whole, "text/javascript; charset=utf-8");
  const style = putNamed("style.css", (await bundled("style.css")).code, "text/css; charset=utf-8");
  const icon = putNamed("icon.svg", readFileSync(join(source, "icon.svg")), "image/svg+xml");
  const shell = readFileSync(join(source, "shell.html"), "utf8")
    .replaceAll("%script%", `/${script.path}`)
    .replaceAll("%style%", `/${style.path}`)
    .replaceAll("%icon%", `/${icon.path}`);
  const page = put("index.html", Buffer.from(shell), "text/html; charset=utf-8");
  const manifest = { pages: PAGES, page, assets: [script, style, icon, legal] };
  writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  rmSync(shipped, { recursive: true, force: true });
  cpSync(target, shipped, { recursive: true });
}

if (import.meta.main) await buildPages();
