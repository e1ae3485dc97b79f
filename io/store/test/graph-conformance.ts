// What every store of the knowledge graph must do, whatever keeps it.

import { suite, test } from "node:test";
import { manyTests } from "./graph-many.ts";
import { modelTests } from "./graph-model-tests.ts";
import type { GraphKeeper, Run } from "./graph-place.ts";
import { processTests } from "./graph-processes.ts";
import { readerTests } from "./graph-reader.ts";
import { recordTests } from "./graph-records.ts";
import { textTests } from "./graph-texts.ts";
import { writeTests } from "./graph-writes.ts";

export function conformGraph(label: string, keeper: GraphKeeper): void {
  suite(label, () => {
    const run: Run = (name, body, { needsLasting = false } = {}) => {
      const skip = keeper.missing || (needsLasting && !keeper.isLasting ? "nothing outlives it" : false);
      test(name, { skip }, async (context) => {
        await body(keeper.makePlace(context), context);
      });
    };
    writeTests(run);
    textTests(run);
    manyTests(run);
    modelTests(run);
    recordTests(run);
    readerTests(run);
    processTests(run);
  });
}
