// Tables of the README that benchmarks write.

import { readFileSync, writeFileSync } from "node:fs";
import { root } from "./measure.ts";

/** Puts the text between the README's markers of that name. */
export function writeReadme(name: string, text: string): void {
  const path = `${root}README.md`;
  const marked = new RegExp(`(<!-- bench:${name} -->\\n)[\\s\\S]*?(<!-- /bench:${name} -->)`);
  const before = readFileSync(path, "utf8");
  const after = before.replace(marked, (_, begin: string, end: string) => `${begin}${text}\n${end}`);
  if (after !== before) writeFileSync(path, after);
}
