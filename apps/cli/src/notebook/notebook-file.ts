// A notebook's file: read and understood once, written whole, only its metadata, and only if nobody else wrote it
// meanwhile.

import type { JsonValue, Notebook } from "@thoth/notebook";
import { quote, ThothError } from "@thoth/pep";
import type { Documents } from "../files/documents.ts";
import type { Invocation } from "../frame/command.ts";

export interface NotebookFile {
  readonly path: string;
  /** As it lies there. */
  readonly bytes: Uint8Array;
  readonly documents: Documents;
  readonly notebook: Notebook;
  /** The file on disk could not be changed: what is here goes into the output alone. */
  readonly isAside?: boolean;
}

/** Larger ones are refused by the parser; this only keeps them from being read. */
const MAXIMUM_BYTES = 400 * 1024 * 1024;

/** Throws usage, invalid-notebook, unsupported-language, limit-exceeded, file-failed. */
export async function openNotebook(
  { documents }: Pick<Invocation, "documents">,
  path: string,
): Promise<NotebookFile> {
  checkName(path);
  const bytes = await documents.read(path, MAXIMUM_BYTES);
  const { parseNotebook } = await import("@thoth/notebook");
  return { path, bytes, documents, notebook: parseNotebook(bytes) };
}

function checkName(path: string): void {
  if (!path.endsWith(".ipynb")) {
    throw new ThothError("usage", `${quote(path)} is no notebook: its name does not end in .ipynb`, {
      hint: "For requirements files and projects there is `thoth lock`.",
      details: { path },
    });
  }
}

/** Opens a notebook that will be changed: nobody else of us changes it until `work` is done. */
export async function changeNotebook<T extends 0 | 1>(
  invocation: Invocation,
  path: string,
  work: (file: NotebookFile) => Promise<T>,
): Promise<T> {
  checkName(path);
  const { documents, terminal, signal } = invocation;
  const guard = await documents.guard(path, {
    signal,
    onWait: () => terminal.note(`waiting for another horus that is at work on ${quote(path)}`),
  });
  try {
    return await work(await openNotebook(invocation, path));
  } finally {
    await guard.release();
  }
}

export type MetadataChanges = ReadonlyMap<string, JsonValue | undefined>;

export interface WriteOptions {
  /** Where the file may not be written, go on with what it would have become. */
  readonly mayStay?: boolean | undefined;
}

/** The notebook with changed metadata as it then lies there. Throws lock-out-of-date when it was replaced. */
export async function writeMetadata(
  file: NotebookFile,
  changes: MetadataChanges,
  options: WriteOptions = {},
): Promise<NotebookFile & { readonly changed: boolean }> {
  const { editMetadata } = await import("@thoth/notebook");
  const bytes = editMetadata(file.notebook, changes);
  if (Buffer.compare(bytes, file.bytes) === 0) return { ...file, changed: false };
  const { path, documents } = file;
  const edited = { path, bytes, documents, notebook: withMetadata(file.notebook, bytes, changes) };
  try {
    await documents.write(path, bytes, file.bytes);
  } catch (error) {
    if (options.mayStay === true && isForbidden(error)) return { ...edited, isAside: true, changed: false };
    throw error;
  }
  return { ...edited, changed: true };
}

/** The notebook as it reads now; where its cells stand in the bytes is not known any more. */
function withMetadata(notebook: Notebook, bytes: Uint8Array, changes: MetadataChanges): Notebook {
  const metadata = new Map(Object.entries(notebook.metadata));
  for (const [key, value] of changes) {
    if (value === undefined) metadata.delete(key);
    else metadata.set(key, value);
  }
  return { ...notebook, bytes, metadata: Object.fromEntries(metadata) };
}

const FORBIDDEN: ReadonlySet<unknown> = new Set(["read-only", "EACCES", "EPERM", "EROFS"]);

/** Nobody wants that file written, as opposed to a disk that is full. */
function isForbidden(error: unknown): boolean {
  return (
    error instanceof ThothError && error.code === "file-failed" && FORBIDDEN.has(error.details?.["reason"])
  );
}

/** The notebook that a command line names first. */
export function notebookArgumentOf({ arguments: [path] }: Invocation): string {
  return path as string;
}
