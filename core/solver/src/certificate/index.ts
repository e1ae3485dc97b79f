export { checkDerivation, type Verdict } from "../check.ts";
export type { Claim, ClaimedPackage, ClaimedStep } from "./claim.ts";
export { formatSet, parseSet } from "./claim.ts";
export { Item, Malformed } from "./item.ts";
export { type ReadClaim, readClaim } from "./read-claim.ts";
export { type Labels, writeClaim } from "./write-claim.ts";
