export { type ErrorCode, type ErrorParticulars, quote, ThothError } from "./error.ts";
