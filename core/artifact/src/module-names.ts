// Which modules the files of a distribution are, by where they lie.
// https://docs.python.org/3/reference/import.html and, for the endings of extension modules,
// https://peps.python.org/pep-3149/

/** What one file is when it is installed. */
export interface ModuleFile {
  /** `numpy.core`; for `__init__.py` the package. */
  readonly module: string;
  readonly kind: "source" | "compiled" | "native";
  /**
   * For native ones: whether the ending says that it is an extension module (`.cpython-311-…`, `.abi3.so`, `.pyd`), or only
   * that it is a library, which may be one.
   */
  readonly tagged: boolean;
}

const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const TAG = /^(?:cpython-\d|abi3(?:t)?$|cp\d|pypy\d|graalpy|nogil|\d+m-)/;

/** Undefined for a file that no `import` finds. */
export function moduleFile(path: string): ModuleFile | undefined {
  const parts = path.split("/");
  const file = parts.pop()!;
  const form = fileForm(file);
  if (form === undefined || !parts.every(isPart) || !IDENTIFIER.test(form.stem)) return undefined;
  const isPackage = form.stem === "__init__";
  if (isPackage && parts.length === 0) return undefined;
  const module = (isPackage ? parts : [...parts, form.stem]).join(".");
  return { module, kind: form.kind, tagged: form.tagged };
}

function isPart(part: string): boolean {
  return part !== "__pycache__" && IDENTIFIER.test(part);
}

interface FileForm extends Pick<ModuleFile, "kind" | "tagged"> {
  readonly stem: string;
}

function fileForm(file: string): FileForm | undefined {
  const dot = file.indexOf(".");
  if (dot <= 0) return undefined;
  const stem = file.slice(0, dot);
  const ending = file.slice(dot + 1);
  if (ending === "py" || ending === "pyw") return { stem, kind: "source", tagged: true };
  if (ending === "pyc") return { stem, kind: "compiled", tagged: true };
  if (ending === "pyd") return { stem, kind: "native", tagged: true };
  if (ending === "so") return { stem, kind: "native", tagged: false };
  const native = /^(.+)\.(?:so|pyd)$/.exec(ending);
  return native !== null && TAG.test(native[1]!) ? { stem, kind: "native", tagged: true } : undefined;
}

/** All modules and the packages that they lie in, with `__init__` or without (namespace packages), sorted. */
export function withPackages(modules: Iterable<string>): readonly string[] {
  const all = new Set<string>();
  for (const module of modules) {
    for (let name = module; !all.has(name); ) {
      all.add(name);
      const dot = name.lastIndexOf(".");
      if (dot < 0) break;
      name = name.slice(0, dot);
    }
  }
  return [...all].sort();
}
