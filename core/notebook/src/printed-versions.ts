// Versions in what a cell has printed: `print(numpy.__version__)`, `sys.version`, what pip says at its end, and the lines of
// `%watermark`. A number that merely looks like a version counts nothing.

export interface PythonEvidence {
  /** `3.7`, or `3.7.4` where the patch level is told. */
  readonly version: string;
  readonly source: string;
}

export interface VersionEvidence {
  /** As it is printed: a distribution's or a module's name. */
  readonly name: string;
  readonly version: string;
  readonly source: string;
}

export interface OutputText {
  /** Of the cell. */
  readonly source: string;
  /** What it put out. */
  readonly text: string;
}

const VERSION = String.raw`\d+(?:\.\d+)+(?:(?:a|b|rc|\.post|\.dev)\d+)?`;

export function printedVersions(output: OutputText): {
  readonly pythons: readonly PythonEvidence[];
  readonly versions: readonly VersionEvidence[];
} {
  return {
    pythons: printedPythons(output),
    versions: [...installedByPip(output), ...namedAttribute(output), ...watermark(output)],
  };
}

function printedPythons({ source, text }: OutputText): PythonEvidence[] {
  const found: PythonEvidence[] = [];
  const add = (pattern: RegExp, words: string): void => {
    const version = pattern.exec(text)?.[1];
    if (version !== undefined) found.push({ version, source: words });
  };
  if (/\bsys\.version\b/.test(source)) add(/\b([23]\.\d+\.\d+)\+? [(|]/, "what `sys.version` printed");
  if (/\bplatform\.python_version\(/.test(source))
    add(/\b([23]\.\d+\.\d+)\b/, "what `python_version()` printed");
  if (/^\s*%watermark\b/m.test(source))
    add(/^(?:CPython|Python version\s*:)\s*([23]\.\d+\.\d+)\b/m, "what `%watermark` printed");
  return found;
}

/** https://pip.pypa.io/en/stable/cli/pip_install/ */
function installedByPip({ text }: OutputText): VersionEvidence[] {
  const lines = text.matchAll(/^Successfully installed ([^\n]{1,20000})$/gm);
  const pin = new RegExp(`^([A-Za-z0-9][\\w.-]*?)-(${VERSION}|\\d+)$`);
  return [...lines].flatMap(([, words = ""]) =>
    words.split(/\s+/).flatMap((word) => {
      const [, name, version] = pin.exec(word) ?? [];
      return name === undefined || version === undefined
        ? []
        : [{ name, version, source: "what pip installed" }];
    }),
  );
}

const ALIASES: Readonly<Record<string, string>> = {
  mpl: "matplotlib",
  np: "numpy",
  pd: "pandas",
  plt: "matplotlib",
  sns: "seaborn",
  tf: "tensorflow",
  xgb: "xgboost",
};

/** One `module.__version__` in a cell, and one version in its output. */
function namedAttribute({ source, text }: OutputText): VersionEvidence[] {
  const names = [...source.matchAll(/\b([A-Za-z_]\w*)\.__version__\b/g)];
  const versions = [...text.matchAll(new RegExp(`(?<![\\w.])${VERSION}(?![\\w.])`, "g"))];
  if (names.length !== 1 || versions.length !== 1) return [];
  const [name, version] = [names[0]?.[1] as string, versions[0]?.[0] as string];
  const imported = new RegExp(`\\bimport\\s+([\\w.]+)\\s+as\\s+${name}\\b`).exec(source)?.[1]?.split(".")[0];
  const module = imported ?? (Object.hasOwn(ALIASES, name) ? (ALIASES[name] as string) : name);
  return [{ name: module, version, source: `what \`${name}.__version__\` printed` }];
}

/** https://github.com/rasbt/watermark */
function watermark({ source, text }: OutputText): VersionEvidence[] {
  if (!/^\s*%watermark\b/m.test(source)) return [];
  const lines = text.matchAll(new RegExp(`^([A-Za-z][\\w.-]*?)\\s*[ :=]+\\s*v?(${VERSION})$`, "gm"));
  return [...lines].flatMap(([, name = "", version = ""]) =>
    /^(?:C?Python|Python version|compiler|system|release)$/i.test(name)
      ? []
      : [{ name, version, source: "what `%watermark` printed" }],
  );
}
