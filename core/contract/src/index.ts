// Every document that crosses a process, and what an exit status says.

export { type CodeUsage, codeUsage } from "./code-usage.ts";
export type { ConfigDocument } from "./config-document.ts";
export { type DocumentName, documents } from "./documents.ts";
export { type ExitStatus, exitStatusOf } from "./exit-status.ts";
export type { ImageDocument, NotebookImageDocument, S2iDocument } from "./image-documents.ts";
export { type PhaseEvent, residentEvent, residentEvents, residentRequest } from "./resident-documents.ts";
export { findViolations, type Schema, type Violation } from "./schema.ts";
export type { Described, ValueOf } from "./shape.ts";
