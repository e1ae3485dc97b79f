// The documents of commands on locks of whatever program.

import type { Schema } from "./schema.ts";
import { choiceOf, count, listOf, shapeOf, text } from "./shape.ts";

const lockFormat = choiceOf("pylock", "requirements", "pipfile-lock", "poetry", "uv", "pdm");

export const lockConvertDocument: Schema = shapeOf("A lock in another format", {
  lock: text,
  from: lockFormat,
  to: choiceOf("requirements", "pylock", "pipfile-lock"),
  content: text,
  losses: listOf(text),
  "path?": text,
});

export const lockVerifyDocument: Schema = shapeOf("Whether a lock is that of its project, and for a Python", {
  lock: text,
  format: lockFormat,
  python: text,
  packages: count,
  findings: listOf(
    shapeOf("What does not fit", {
      id: choiceOf("LOCK-OF-OTHER-PROJECT", "LOCK-OF-OTHER-PYTHON"),
      justification: text,
    }),
  ),
  checked: listOf(text),
  unknown: listOf(text),
});
