export {
  type Finding,
  type Lacking,
  type Match,
  matchElsewhere,
  matchUsage,
  type Neighbours,
  resolveName,
} from "./match-usage.ts";
export { type OldSyntax, oldSyntax } from "./old-syntax.ts";
export type { Guard } from "./python-guards.ts";
export {
  type CallUse,
  type ImportUse,
  type Literal,
  LONGEST_CELL,
  type PythonFacts,
  readPython,
} from "./python-tree.ts";
export { factOf, isPublic, readSurface, type SourceFile } from "./read-surface.ts";
export { type ClassReference, type Found, type Missing, Resolver } from "./resolve-name.ts";
export { type StatementLine, statementLines } from "./statement-lines.ts";
export { type ModuleState, ReleaseSources, type Surface, surfaceOf } from "./surface.ts";
export { usageOf } from "./usage.ts";
export type { CallArguments, CodeCell, Meaning, Use } from "./use.ts";
