// What pictures and tables of a report show and where, for whoever draws them: React, or a page without a script.

export { differenceText, type Stack } from "./differences.ts";
export {
  BOTTOM,
  diamond,
  type Front,
  HEIGHT,
  introOf,
  LEFT,
  type Mark,
  marksOf,
  type Pair,
  type Plan,
  planOf,
  RIGHT,
  TOP,
  WIDTH,
} from "./front-plan.ts";
export {
  BOX_HEIGHT,
  type Box,
  byName,
  edgePath,
  flawPath,
  type GraphPackage,
  isChanged,
  type Kind,
  kindOf,
  type Layout,
  LEGEND,
  layOut,
  type Node,
  nameOf,
  neighbour,
  versionOf,
} from "./graph-layout.ts";
export { meaningOf } from "./levels.ts";
export { type Payer, payersOf } from "./payers.ts";
