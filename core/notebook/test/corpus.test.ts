import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { runNotebookCorpus } from "./corpus.ts";

const data = process.env["THOTH_DATA"] ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const folder = join(data, "notebooks");
const skip = existsSync(folder) ? false : "notebooks is not in the folder that THOTH_DATA names";

it("real notebooks are read as their oracle says", { skip }, () => {
  const { passed, failed } = runNotebookCorpus(folder);
  assert.deepEqual(failed, []);
  assert.ok(passed > 0);
});
