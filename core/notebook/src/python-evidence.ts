// How much the cells of a notebook look like Python, for metadata that say nothing or something doubtful.

import { readPython } from "@thoth/python";
import type { Cell } from "./cell.ts";
import { plainCell } from "./ipython.ts";

export interface Evidence {
  /** Code cells that hold something. */
  readonly code: number;
  /** Cells with syntax that hardly any other language shares: `from … import`, `import … as`, `def …:`, `%pip`. */
  readonly strong: number;
  /** Cells that are no Python. */
  readonly broken: number;
  /** Cells that begin with a command of a Unix shell. */
  readonly shell: number;
}

const SHELL =
  /^(?:ls|pwd|cd|cat|mkdir|rmdir|rm|mv|cp|echo|grep|head|tail|touch|chmod|sudo|apt-get|find|curl|wget|git|man|which|export|sed|awk|tar|ssh)(?:\s+[^\s=(.].*|\s*)$/;
const SAMPLE_CELLS = 200;
const SAMPLE_LENGTH = 20_000;

export function pythonEvidence(cells: readonly Cell[]): Evidence {
  const counts = { code: 0, strong: 0, broken: 0, shell: 0 };
  for (const cell of cells.filter(({ type }) => type === "code").slice(0, SAMPLE_CELLS)) {
    const source = cell.source.slice(0, SAMPLE_LENGTH);
    if (source.trim() === "") continue;
    counts.code++;
    const plain = plainCell(source);
    if (plain.body !== "python") continue;
    const facts = readPython(plain.python);
    const definition = facts.definitions > 0 && /^\s*(?:async\s+)?(?:def|class)\s.*:/m.test(plain.python);
    const renamed = /^\s*import\s+[\w.]+\s+as\s+\w+\s*$/m.test(plain.python);
    const pip = plain.commands.some(
      ({ kind, name }) => kind === "magic" && (name === "pip" || name === "conda"),
    );
    if (facts.errors > 0) counts.broken++;
    else if (definition || renamed || pip || facts.imports.some(({ form }) => form === "from"))
      counts.strong++;
    if (startsLikeShell(plain.python)) counts.shell++;
  }
  return counts;
}

function startsLikeShell(text: string): boolean {
  const first = text.split("\n").find((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  return first !== undefined && SHELL.test(first.trim());
}
