// What code uses of the packages that it imports: every name, every call with the arguments that it gives, by cell and
// line. Names mean what imports and assignments make of them, followed through the code in the order in which it runs.
// Nothing is inferred of what packages do: what a call gives is written `pandas:read_csv()`, and means what a release says.

import { CodeWalk } from "./usage-statements.ts";
import type { CodeCell, Use } from "./use.ts";

/** In the order of the cells; at most 20,000. What the code puts into a module itself (`np.float = float`) is no use of it. */
export function usageOf(cells: readonly CodeCell[]): readonly Use[] {
  const walk = new CodeWalk();
  for (const cell of cells) walk.foresee(cell);
  for (const cell of cells) walk.readCell(cell);
  return walk.finish();
}
