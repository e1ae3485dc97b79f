export { type ErrorCode, type ErrorParticulars, quote, ThothError } from "./error.ts";

// Documents
export type { IndexFile, PageContext, PageStatus, ProjectPage } from "./index-file.ts";
export { parseFindLinks, parseProjectPage } from "./project-page.ts";
export { filenameOf, quoteUrl } from "./url.ts";
