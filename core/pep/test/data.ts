// Where corpora lie that are no part of the project, if they are there at all.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a file of the corpora and, where it is absent, the reason for which its tests are skipped. */
export function dataFile(name: string): { readonly path: string; readonly skip: string | false } {
  const folder =
    process.env["THOTH_DATA"] ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
  const path = `${folder}/${name}`;
  return { path, skip: existsSync(path) ? false : `${name} is not in the folder that THOTH_DATA names` };
}
