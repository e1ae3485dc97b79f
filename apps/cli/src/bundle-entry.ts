// What the launchers start: loads the bundle with the code that an earlier run of the same command left.

import { join } from "node:path";
import { CodeCache } from "./code-cache.ts";
import { cacheDirectory } from "./settings/directories.ts";

/** Written in by `tools/build.ts`. */
declare const THOTH_BUILD: string;

const [program = "", command = "", ...words] = process.argv.slice(2);
const network = words.includes("--offline") ? "offline" : "";
const occasion = [program, command, network].filter((word) => /^[a-z-]{1,20}$/.test(word)).join("-");
const folder = join(cacheDirectory(process.env), "compiled");
new CodeCache({ folder, build: THOTH_BUILD, occasion }).load(join(__dirname, "main.cjs"));
