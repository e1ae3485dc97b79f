// What a file is, by its name and by what is in it, and what of it is sent.

import type { AdviceRequest } from "@thoth/contract/service";

export type Form = AdviceRequest["project"]["form"];
export type LockForm = NonNullable<AdviceRequest["project"]["lockForm"]>;

export type GivenFile =
  | { readonly kind: "project"; readonly name: string; readonly form: Form; readonly content: string }
  | { readonly kind: "lock"; readonly name: string; readonly form: LockForm; readonly content: string }
  | { readonly kind: "unknown"; readonly name: string; readonly why: string };

export const FORM_NAMES: Readonly<Record<Form, string>> = {
  requirements: "requirements.txt",
  pipfile: "Pipfile",
  pyproject: "pyproject.toml",
  notebook: "notebook",
};

/** Bytes: more is no project. */
export const MOST_BYTES = 8_000_000;

export function recognizeFile(name: string, text: string): GivenFile {
  const base = name.split(/[\\/]/).at(-1) ?? name;
  if (text.includes("\0")) return { kind: "unknown", name, why: "it is no text" };
  const lock = lockFormOf(base, text);
  if (lock !== undefined) return { kind: "lock", name, form: lock, content: text };
  const form = formByName(base) ?? formByContent(text);
  if (form !== "notebook") return { kind: "project", name, form, content: text };
  const content = notebookCode(text);
  return content === undefined
    ? { kind: "unknown", name, why: "it is no notebook that can be read" }
    : { kind: "project", name, form, content };
}

function formByName(name: string): Form | undefined {
  if (/\.ipynb$/i.test(name)) return "notebook";
  if (/^Pipfile$/i.test(name)) return "pipfile";
  if (/^pyproject\.toml$/i.test(name)) return "pyproject";
  return /\.(?:txt|in)$/i.test(name) ? "requirements" : undefined;
}

/** Of text without a name, such as what was pasted. */
export function formByContent(text: string): Form {
  const start = text.trimStart();
  if (start.startsWith("{") && /"cells"\s*:/.test(start)) return "notebook";
  if (/^\s*\[(?:project|build-system|dependency-groups|tool\.[^\]]+)\]\s*$/m.test(text)) return "pyproject";
  if (/^\s*(?:\[\[source\]\]|\[(?:packages|dev-packages|requires)\])\s*$/m.test(text)) return "pipfile";
  return "requirements";
}

function lockFormOf(name: string, text: string): LockForm | undefined {
  if (/^Pipfile\.lock$/i.test(name)) return "pipfile-lock";
  if (/^pylock(?:\.[^.]+)?\.toml$/i.test(name) || /^\s*lock-version\s*=/m.test(text)) return "pylock";
  const isPipfileLock = text.trimStart().startsWith("{") && /"pipfile-spec"\s*:/.test(text);
  return isPipfileLock ? "pipfile-lock" : undefined;
}

interface Cell {
  readonly cell_type?: unknown;
  readonly source?: unknown;
  readonly id?: unknown;
}

/** Code and what the notebook says of itself; outputs, pictures and prose stay here. Undefined where it is no notebook. */
export function notebookCode(text: string): string | undefined {
  let notebook: Readonly<Record<string, unknown>>;
  try {
    notebook = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { cells, metadata, nbformat, nbformat_minor } = notebook ?? {};
  if (!Array.isArray(cells) || typeof nbformat !== "number") return undefined;
  // Every cell stays in its place, so that "cell 4" is the reader's fourth.
  const kept = (cells as readonly Cell[]).map(({ cell_type, source, id }) =>
    cell_type === "code"
      ? { cell_type, execution_count: null, id, metadata: {}, outputs: [], source }
      : { cell_type: "markdown", id, metadata: {}, source: "" },
  );
  return JSON.stringify({ cells: kept, metadata: metadata ?? {}, nbformat, nbformat_minor });
}

/** The version of Python that a project says it is for; undefined where it does not. */
export function pythonIn(form: Form, content: string): string | undefined {
  switch (form) {
    case "notebook":
      return /"version"\s*:\s*"(3\.\d{1,2})[."]/.exec(languageOf(content))?.[1];
    case "pipfile":
      return /^\s*python_(?:full_)?version\s*=\s*"(3\.\d{1,2})[."]/m.exec(content)?.[1];
    case "pyproject":
      return /^\s*requires-python\s*=\s*"[^"]*(?:>=|~=|==)\s*(3\.\d{1,2})/m.exec(content)?.[1];
    case "requirements":
      return undefined;
    default:
      return form satisfies never;
  }
}

function languageOf(content: string): string {
  try {
    const { metadata } = JSON.parse(content) as { readonly metadata?: { readonly language_info?: unknown } };
    return JSON.stringify(metadata?.language_info ?? {});
  } catch {
    return "";
  }
}

/** The name that a requirement begins with, normalized. https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function nameOf(requirement: string): string | undefined {
  const name = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)/.exec(requirement)?.[1];
  return name?.toLowerCase().replace(/[-_.]+/g, "-");
}

export interface Change {
  readonly from: string;
  readonly to: string;
}

/** The question with other requirements; undefined where its form is not one line for each. */
export function changed(question: AdviceRequest, changes: readonly Change[]): AdviceRequest | undefined {
  const { project } = question;
  if (project.form !== "requirements") return undefined;
  const lines = project.content.split("\n");
  for (const { from, to } of changes) {
    const name = nameOf(from);
    const at = lines.findIndex((line) => nameOf(line) === name);
    if (name === undefined || at < 0) return undefined;
    lines[at] = to;
  }
  return { ...question, project: { ...project, content: lines.join("\n") } };
}
