// Facts from elsewhere: what only those need who read files of others.

export { FACT_KINDS, findFactViolation, parseFact } from "./graph/parse-fact.ts";
export type { Violation } from "./graph/shape.ts";
