// What makes advisories of documents: apart from the rest, because the calculator of scores takes long to load.

export { type CompileOptions, compileAdvisories } from "./advisories/compile-advisories.ts";
export {
  type OsvAdvisory,
  type OsvAffected,
  type OsvEvent,
  type OsvResult,
  parseOsv,
} from "./advisories/osv.ts";
export { rateScore, scoreVector } from "./advisories/severity.ts";
