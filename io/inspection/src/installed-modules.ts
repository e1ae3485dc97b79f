// Which modules the packages of an environment bring, read from what their installation recorded; nothing is imported.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file

import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { normalizeName } from "@thoth/pep";

export interface InstalledModules {
  /** In normal form. */
  readonly package: string;
  /** All that can be imported at the top, sorted. */
  readonly tops: readonly string[];
  /** Those that stand for the package: what is imported to see whether it works. */
  readonly principal: readonly string[];
}

const RECORD_BYTES = 32 << 20;
/** What some packages leave at the top by mistake, and nobody imports. */
const STRAY =
  /^(?:tests?|testing|docs?|examples?|benchmarks?|scripts?|tools?|conftest|setup|build|dist|data)$/;
const IDENTIFIER = /^[A-Za-z_]\w*$/;
const MOST = 3;

/** Sorted by package. */
export async function installedModules(sitePackages: string): Promise<readonly InstalledModules[]> {
  const found: InstalledModules[] = [];
  for (const entry of (await readdir(sitePackages)).sort()) {
    const [, name] = /^(.+)-[^-]+\.dist-info$/.exec(entry) ?? [];
    if (name !== undefined)
      found.push(modulesOf(normalizeName(name), await readStart(join(sitePackages, entry, "RECORD"))));
  }
  return found;
}

async function readStart(path: string): Promise<string> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, RECORD_BYTES));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Of the text of a RECORD. */
export function modulesOf(name: string, record: string): InstalledModules {
  /** Modules and packages by dotted name; of a package without `__init__` only what lies below. */
  const modules = new Set<string>();
  for (const line of record.split("\n")) {
    const path = line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : line.split(",", 1)[0]!;
    const module = moduleAt(path);
    if (module !== undefined) modules.add(module);
  }
  const least = [...modules].filter((module) => !hasParent(module, modules)).sort();
  const tops = [...new Set(least.map((module) => module.split(".", 1)[0]!))].sort();
  return { package: name, tops, principal: principalOf(name, least) };
}

/** `a.b` of `a/b/__init__.py`, `a/b.py` and `a/b.cpython-311-x86_64-linux-gnu.so`. */
function moduleAt(path: string): string | undefined {
  const parts = path.replaceAll("\\", "/").split("/");
  const file = parts.pop()!;
  const [, stem] =
    /^([^.]+)(?:\.(?:cpython|pypy|abi3)[^.]*|\.[\w-]*linux[\w-]*)?\.(?:py|so|pyd)$/.exec(file) ?? [];
  if (stem === undefined) return undefined;
  const names = stem === "__init__" ? parts : [...parts, stem];
  return names.length > 0 && names.length < 20 && names.every((part) => IDENTIFIER.test(part))
    ? names.join(".")
    : undefined;
}

function hasParent(module: string, modules: ReadonlySet<string>): boolean {
  const parts = module.split(".");
  return parts.some((_, at) => at > 0 && modules.has(parts.slice(0, at).join(".")));
}

/** The one that is called as the package is, else its public ones at the least depth. */
function principalOf(name: string, least: readonly string[]): readonly string[] {
  const called = least.find((module) => normalizeName(module.replaceAll(".", "-")) === name);
  if (called !== undefined) return [called];
  const open = least.filter((module) =>
    module.split(".").every((part) => !part.startsWith("_") && !STRAY.test(part)),
  );
  const depth = Math.min(...open.map((module) => module.split(".").length));
  return open.filter((module) => module.split(".").length === depth).slice(0, MOST);
}
