// A table of the README or of another page, between the markers that name its benchmark.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { root } from "../measure.ts";

export function writeMarked(name: string, table: string, page = "README.md"): void {
  const path = `${root}${page}`;
  if (!existsSync(path)) return;
  const marked = new RegExp(`(<!-- bench:${name} -->\\n)[\\s\\S]*?(<!-- /bench:${name} -->)`);
  const text = readFileSync(path, "utf8");
  const written = text.replace(marked, (_, begin: string, end: string) => `${begin}${table}\n${end}`);
  if (written !== text) writeFileSync(path, written);
}
