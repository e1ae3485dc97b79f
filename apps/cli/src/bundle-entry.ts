// What the launchers start: turns the compile cache on, then loads the bundle, so that the bundle itself is compiled
// once a machine (airflow's lock, warm: 205 to 190 ms).

import { createRequire, enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheDirectory } from "./settings/directories.ts";

enableCompileCache(join(cacheDirectory(process.env), "compiled"));
createRequire(__filename)("./main.cjs");
