// Whether versions may be to blame that a cell failed, and which packages are suspected: by what Python said, by the code that
// stands in the traceback, and by what the cell uses. What is the notebook's own fault is recognised without any inspection.

import type { CellFailure } from "@thoth/environment";
import { type InstalledModules, traceFailure } from "@thoth/inspection";
import type { Use } from "@thoth/python";

export type Cause =
  /** `why`: in words that follow "because". */
  | { readonly kind: "notebook"; readonly why: string }
  | {
      readonly kind: "versions";
      /** The most suspicious first. */
      readonly suspects: readonly string[];
      /** How many of them the failure names itself. */
      readonly named: number;
      /** It is the kind of failure that other versions make. */
      readonly likely: boolean;
      /** It failed in the code of a package, and not only where the notebook called it. */
      readonly inside: boolean;
      /** What the notebook uses that the failure names, such as `numpy:float`. */
      readonly used?: string;
    };

/** Never of versions, wherever they are raised. */
const WORLD = new Set([
  "FileNotFoundError",
  "IsADirectoryError",
  "NotADirectoryError",
  "PermissionError",
  "ConnectionError",
  "ConnectionRefusedError",
  "ConnectionResetError",
  "HTTPError",
  "KeyboardInterrupt",
  "MemoryError",
  "NameResolutionError",
  "SystemExit",
  "TimeoutError",
  "URLError",
  "gaierror",
]);
/** Of the notebook, where no package's code is in the traceback. */
const OWN = new Set([
  "AssertionError",
  "IndentationError",
  "IndexError",
  "KeyError",
  "NameError",
  "RecursionError",
  "SyntaxError",
  "TabError",
  "UnboundLocalError",
  "ZeroDivisionError",
]);
/** What it says when a name, a parameter or a module is not there any more. */
const LIKELY = new Set(["AttributeError", "ImportError", "ModuleNotFoundError", "TypeError"]);
const BUILT_IN =
  /'(?:NoneType|bool|bytes|dict|float|function|generator|int|list|set|str|tuple)' object (?:has no attribute|is not)/;
const MOST_SUSPECTS = 4;
/** A class of so many packages tells nothing. */
const MOST_DEFINERS = 2;

export interface Scene {
  readonly failure: CellFailure;
  /** Without colours. */
  readonly traceback: string;
  readonly modules: readonly InstalledModules[];
  readonly uses: readonly Use[];
  /** Packages that define the class which the message names. */
  readonly definers: readonly string[];
  /** The code of all cells up to the failing one. */
  readonly code: string;
}

export function causeOf({ failure, traceback, modules, uses, definers, code }: Scene): Cause {
  const { name, value } = failure;
  if (WORLD.has(name))
    return { kind: "notebook", why: "it is about files, network or memory, and not about packages" };
  const told = framesOf(traceback);
  const owners = new Map(
    modules.flatMap(({ package: owner, tops }) => tops.map((top) => [top, owner] as const)),
  );
  const inside = framesIn(told, owners) > 0;
  if (!inside && OWN.has(name)) return { kind: "notebook", why: "it was raised by the notebook's own code" };
  const missing = /^No module named '([A-Za-z_]\w*)/.exec(value)?.[1];
  if (!inside && missing !== undefined && !owners.has(missing))
    return { kind: "notebook", why: `no package that has the module \`${missing}\` is asked for` };
  if (!inside && isOfNotebook(value, code))
    return { kind: "notebook", why: "what it names was defined by the notebook, or is built into Python" };
  const traced = namedBy({ failure, traceback, modules });
  const inCell = uses.filter(({ cell }) => cell === failure.cell);
  const used = inCell.flatMap(({ paths }) => paths).find((path) => isNamed(path, value));
  const defining = definers.length <= MOST_DEFINERS ? definers : [];
  const suspects = [
    ...(used === undefined ? [] : [ownerOf(used, owners)]),
    ...traced,
    ...defining,
    ...[...inCell, ...uses.filter(({ cell }) => cell < (failure.cell ?? 0))].flatMap(({ paths }) =>
      paths.map((path) => ownerOf(path, owners)),
    ),
  ].filter((owner) => owner !== undefined);
  const distinct = [...new Set(suspects)].slice(0, MOST_SUSPECTS);
  if (distinct.length === 0) return { kind: "notebook", why: "no package has a part in it" };
  const named = new Set([...traced, ...defining, ...(used === undefined ? [] : [ownerOf(used, owners)])]);
  return {
    kind: "versions",
    suspects: distinct,
    named: distinct.filter((one) => named.has(one)).length,
    likely: LIKELY.has(name) || (inside && /numpy\.\w+ size changed|binary incompat|compiled/i.test(value)),
    inside: framesIn(told, owners) > 1 || traced.length > 1,
    ...(used === undefined ? {} : { used }),
  };
}

/** `Engine` of `'Engine' object has no attribute 'execute'`. */
export function classIn(value: string): string | undefined {
  return /^(?:type object )?'([A-Za-z_]\w*)' (?:object )?(?:has no|is not|does not)/.exec(value)?.[1];
}

/** Packages that the failure names, those in whose code it was first. */
export function namedBy({ failure, traceback, modules }: Pick<Scene, "failure" | "traceback" | "modules">) {
  const { name, value } = failure;
  if (WORLD.has(name)) return [];
  return traceFailure(`${framesOf(traceback)}\n${name}: ${value}`, modules).packages;
}

/** The traceback as Python itself writes it: IPython writes `File path:line, in name(…)`. */
function framesOf(traceback: string): string {
  return traceback.replace(
    /^File (?:<)?([^\n"]*?\.(?:py|pyx|pxd|pyi))>?:(\d+)(?:, in ([\w.]+).*)?$/gm,
    (_, path: string, line: string, where = "<module>") => `  File "${path}", line ${line}, in ${where}`,
  );
}

/** Frames of packages of the stack, but those of what runs the cells. */
function framesIn(traceback: string, owners: ReadonlyMap<string, string>): number {
  return [...traceback.matchAll(/File "[^"\n]*site-packages\/([A-Za-z_]\w*)/g)].filter(
    ([, top = ""]) => owners.has(top) && !RUNNERS.has(top),
  ).length;
}

const RUNNERS = new Set(["IPython", "ipykernel", "jupyter_client", "traitlets", "tornado"]);

/** `Model` of `'Model' object has no attribute 'fit'` is a class of the notebook. */
function isOfNotebook(value: string, code: string): boolean {
  if (BUILT_IN.test(value)) return true;
  const match = /^'(\w+)' object|^type object '(\w+)'|^([\w.]+)\(\)/.exec(value);
  const named = match?.slice(1).find((group) => group !== undefined);
  if (named === undefined) return false;
  return new RegExp(`^\\s*(?:class|(?:async )?def)\\s+${named}\\b`, "m").test(code);
}

/** Whether the message names the last part of what is used, or the path is of a keyword's function that it names. */
function isNamed(path: string, value: string): boolean {
  const parts = path.split(/[:.]/).map((part) => part.replace("()", ""));
  const last = parts.at(-1) ?? "";
  return last !== "" && new RegExp(`['"\`]${last}['"\`]|\\b${last}(?:\\.__init__)?\\(\\)`).test(value);
}

function ownerOf(path: string, owners: ReadonlyMap<string, string>): string | undefined {
  return owners.get(path.split(/[:.]/, 1)[0] ?? "");
}
