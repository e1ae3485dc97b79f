// Tables that benchmarks write into pages, between the markers that name them.

import { readFileSync, writeFileSync } from "node:fs";
import { root } from "./measure.ts";

export type Page =
  | "README.md"
  | "docs/advice.md"
  | "docs/container-images.md"
  | "docs/decisions/0031-queue.md"
  | "docs/healing.md"
  | "docs/inspections.md"
  | "docs/measured.md"
  | "docs/operating.md"
  | "rules/PROOFS.md";

/** Puts the text between the page's markers of that name. */
export function writeMarked(name: string, text: string, page: Page): void {
  const path = `${root}${page}`;
  const marked = new RegExp(`(<!-- bench:${name} -->\\n)[\\s\\S]*?(<!-- /bench:${name} -->)`);
  const before = readFileSync(path, "utf8");
  const after = before.replace(marked, (_, begin: string, end: string) => `${begin}${text}\n${end}`);
  if (after !== before) writeFileSync(path, after);
}
