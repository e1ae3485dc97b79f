export { parseNotebook } from "./notebook.ts";
