// The Python programs in the sources are those of the folder python/.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { generatedFile, renderPrograms } from "../tools/embed-programs.ts";

test("src/python-programs.ts is fresh", () => {
  assert.equal(readFileSync(generatedFile, "utf8"), renderPrograms());
});
