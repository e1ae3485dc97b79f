// Where the corpora lie: the folder that `THOTH_DATA` names, else `../shared/data` beside the checkout.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

export function dataFolder(): string {
  const named = process.env["THOTH_DATA"];
  return named === undefined || named === "" ? resolve(checkout, "../shared/data") : resolve(named);
}

/** For the `skip` of a test: the reason why the corpus at `path` cannot be read, or false. */
export function missingData(path: string): string | false {
  return existsSync(join(dataFolder(), path)) ? false : `${path} is not in the data folder`;
}
