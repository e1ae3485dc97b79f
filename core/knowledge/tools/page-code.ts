// Makes WebAssembly of assembly/ and keeps it as text, so that what imports it needs no compiler and no file.
// Usage: node core/knowledge/tools/page-code.ts

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** As far as it is needed; with the package's own types its standard library would become that of this project. */
interface Compiler {
  main(
    options: readonly string[],
    files: {
      readFile(name: string): string | null;
      writeFile(name: string, contents: Uint8Array | string): void;
      listFiles(folder: string): string[];
    },
  ): Promise<{ readonly error: Error | null; readonly stderr: object }>;
}
const COMPILER: string = "assemblyscript/asc";

const source = fileURLToPath(new URL("../assembly/", import.meta.url));
export const generatedFile = fileURLToPath(new URL("../src/page-code.ts", import.meta.url));
const COLUMNS = 100;

export async function renderPageCode(): Promise<string> {
  const compiler = (await import(COMPILER)) as Compiler;
  let code: Uint8Array | undefined;
  const { error, stderr } = await compiler.main(
    [
      "page.ts",
      "--outFile",
      "page.wasm",
      "-O3",
      "--runtime",
      "stub",
      "--noAssert",
      "--enable",
      "simd",
      "--use",
      "abort=",
    ],
    {
      readFile: (name) => readSource(name),
      writeFile: (_, contents) => {
        if (typeof contents !== "string") code = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || code === undefined)
    throw new Error(`assembly/ cannot be compiled:\n${String(stderr)}`);
  const text = Buffer.from(code).toString("base64");
  const lines = text.match(new RegExp(`.{1,${COLUMNS}}`, "g")) ?? [];
  return `// Made of assembly/ by tools/page-code.ts. Do not edit.

/** WebAssembly in Base64. */
export const PAGE_CODE =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`;
}

/** The compiler adds an ending to names that have one. */
function readSource(name: string): string | null {
  try {
    return readFileSync(source + name.replace(/\.ts\.ts$/, ".ts"), "utf8");
  } catch {
    return null;
  }
}

if (import.meta.main) writeFileSync(generatedFile, await renderPageCode());
