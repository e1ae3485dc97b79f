// What code uses of packages, told by whoever reads the code to whoever chooses the packages.

import { choiceOf, count, type Described, flag, listOf, shapeOf, text, type ValueOf } from "./shape.ts";

const namesByModule: Described<Readonly<Record<string, readonly string[]>>> = {
  type: "object",
  additionalProperties: listOf(text),
};

export const codeUsage = shapeOf("What code uses of packages", {
  /** By top module, qualified: `{ numpy: ["numpy.array", "numpy.float"] }`. Rules are about these. */
  "report?": namesByModule,
  /** Each place, so that a release that lacks what is used there can be told from others. */
  "uses?": listOf(
    shapeOf("A use", {
      /** A module, or behind a colon what is taken from it: `pandas:read_csv().append`. */
      paths: listOf(text),
      how: choiceOf("import", "from", "read", "call"),
      cell: count,
      /** In the cell, from 0. */
      line: count,
      "call?": shapeOf("The arguments of a call", { positionals: count, keywords: listOf(text), open: flag }),
      "guarded?": flag,
    }),
  ),
});

export type CodeUsage = ValueOf<typeof codeUsage>;
