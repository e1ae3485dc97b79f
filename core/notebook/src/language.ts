// Which language a notebook is written in, from what its metadata says and, where that is silent or doubtful, from
// its cells.

import type { Cell, JsonObject } from "./cell.ts";
import { type Evidence, pythonEvidence } from "./python-evidence.ts";

export interface LanguageVerdict {
  readonly kind: "python" | "ambiguous" | "refused";
  /** Language of the metadata, lower case. */
  readonly stated?: string;
  readonly kernelName?: string;
  /** Language for which the notebook is refused. */
  readonly refused?: string;
  /** One sentence: what was assumed and why. */
  readonly because: string;
}

const PYTHON = /^(?:i?python[0-9.]*|py[23]?|python \(.*\)|pyspark[0-9]*|micropython)$/;
const PYTHON_KERNEL = /python|pyodide|ipykernel|conda|venv|^py[0-9-]/;

/** Kernels that call their language Python although a plain Python does not run their cells. */
const OTHER_SYNTAX = /^(?:sage|sagemath|xonsh|coconut|hy|mojo|sos)\b/;

/** Kernel names that tell the language where nothing else does. */
const KERNEL_LANGUAGES: ReadonlyMap<RegExp, string> = new Map([
  [/^(?:ir|irkernel|r|xr)$/, "r"],
  [/^julia/, "julia"],
  [/^xcpp|^xeus-cling|^cling|^cpp/, "c++"],
  [/^(?:bash|zsh|calysto_bash|shell)$/, "bash"],
  [/^(?:java|ijava|rapaio)/, "java"],
  [/^(?:javascript|nodejs|jslab|tslab|typescript|deno)/, "javascript"],
  [/^(?:scala|almond|apache_toree_scala|spylon|spark-?kernel|sparkkernel)/, "scala"],
  [/^(?:octave|matlab|imatlab|scilab|xoctave)/, "matlab"],
  [/^(?:\.net-csharp|csharp|icsharp)/, "c#"],
  [/^(?:\.net-fsharp|fsharp|ifsharp)/, "f#"],
  [/^(?:\.net-powershell|powershell)/, "powershell"],
  [/^(?:ruby|iruby)/, "ruby"],
  [/^(?:haskell|ihaskell)/, "haskell"],
  [/^(?:gophernotes|gonb|go)$/, "go"],
  [/^(?:rust|evcxr)/, "rust"],
  [/^(?:stata|nbstata)/, "stata"],
  [
    /^(?:sas|sparkrkernel|kotlin|clojure|clojupyter|perl|iperl|lua|ilua|ocaml-jupyter|prolog|maxima|gnuplot|tcl)/,
    "another language",
  ],
  [/^(?:sagemath|sage|sos|xonsh|coconut|hy|calysto_hy|mojo)\b/, "another language"],
]);

export function judgeLanguage(metadata: JsonObject, cells: readonly Cell[]): LanguageVerdict {
  const info = field(metadata, "language_info", "name");
  const spec = field(metadata, "kernelspec", "language");
  const name = field(metadata, "kernelspec", "name", false);
  const kernel = name === undefined || name === "" ? {} : { kernelName: name };
  const byKernel = languageOfKernel(name?.toLowerCase());
  const stated = info ?? spec ?? (byKernel === undefined && name !== undefined ? "python" : byKernel);
  if (stated === undefined) return judgeSilent(cells);
  const foreign = [spec, info, byKernel].find((language) => language !== undefined && !PYTHON.test(language));
  if (foreign === undefined) return { kind: "python", stated: "python", ...kernel, because: "" };
  const agreed = [info, spec, byKernel].every((language) => language === undefined || !PYTHON.test(language));
  return judgeForeign(foreign, { agreed, stated, kernel, cells });
}

interface Foreign {
  readonly agreed: boolean;
  readonly stated: string;
  readonly kernel: { readonly kernelName?: string };
  readonly cells: readonly Cell[];
}

/** Metadata name a language that is not Python; cells that are surely Python make it a matter of doubt. */
function judgeForeign(foreign: string, { agreed, stated, kernel, cells }: Foreign): LanguageVerdict {
  const evidence = pythonEvidence(cells);
  const subset = OTHER_SYNTAX.test(foreign) && foreign !== "coconut";
  const enough = agreed
    ? evidence.strong > 0 && evidence.broken === 0
    : evidence.broken === 0 && evidence.strong > 0;
  if (subset || !enough) return { kind: "refused", stated, refused: foreign, ...kernel, because: "" };
  const because = `The metadata say \`${foreign}\`, but every cell is plain Python: Python is assumed`;
  return { kind: "ambiguous", stated, ...kernel, because };
}

function judgeSilent(cells: readonly Cell[]): LanguageVerdict {
  const evidence = pythonEvidence(cells);
  if (!looksLikeShell(evidence)) return { kind: "python", because: "" };
  const because = "The metadata name no language and the cells look like shell commands: Python is assumed";
  return { kind: "ambiguous", because };
}

function looksLikeShell(evidence: Evidence): boolean {
  return (
    evidence.strong === 0 && evidence.shell > 0 && evidence.shell * 2 >= evidence.code && evidence.broken > 0
  );
}

function languageOfKernel(name: string | undefined): string | undefined {
  if (name === undefined || name === "" || PYTHON_KERNEL.test(name)) return undefined;
  for (const [pattern, language] of KERNEL_LANGUAGES) if (pattern.test(name)) return language;
  return undefined;
}

function field(metadata: JsonObject, key: string, inner: string, lower = true): string | undefined {
  const outer = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  if (typeof outer !== "object" || outer === null || !Object.hasOwn(outer, inner)) return undefined;
  const value = (outer as JsonObject)[inner];
  if (typeof value !== "string" || value.trim() === "") return undefined;
  return lower ? value.trim().toLowerCase() : value;
}
