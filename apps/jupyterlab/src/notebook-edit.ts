// What one action changes in an open notebook. Others may change it meanwhile, the user, Lab and whoever has the same document
// open: what a command line did to the text that it got is done to the document as it is now.

import type { NotebookPanel } from "@jupyterlab/notebook";

type Model = NotebookPanel["context"]["model"];
type Cell = ReturnType<Model["cells"]["get"]>["sharedModel"];

/** A notebook as it was sent, or as it came back. */
export interface NotebookContent {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly cells: readonly { readonly source: string | readonly string[] }[];
}

/** Lab writes these too whenever a kernel starts: the last one who does is right. */
const OF_LAB: ReadonlySet<string> = new Set(["kernelspec", "language_info"]);

export class NotebookEdit {
  readonly #model: Model;
  /** By key, as it was before the first change of it and as the last one left it. */
  readonly #changes = new Map<string, { readonly before: unknown; readonly after: unknown }>();

  /** Cells that were changed, each with its source before and after. */
  readonly #sources = new Map<Cell, { readonly before: string; readonly after: string }>();

  constructor(model: Model) {
    this.#model = model;
  }

  get isEmpty(): boolean {
    return this.#changes.size === 0 && this.#sources.size === 0;
  }

  /** Does what led from `sent` to `changed`; throws an Error, with nothing done, where somebody else changed the same. */
  apply(sent: NotebookContent, changed: NotebookContent): void {
    const from = sent.metadata;
    const to = changed.metadata;
    const now = this.#model.metadata;
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
      (key) => !isSame(from[key], to[key]),
    );
    const taken = keys.find(
      (key) => !OF_LAB.has(key) && !isSame(now[key], from[key]) && !isSame(now[key], to[key]),
    );
    if (taken !== undefined)
      throw new Error(`the notebook's ${taken} were changed meanwhile: nothing was written, do it again`);
    for (const key of keys) {
      const { before } = this.#changes.get(key) ?? { before: now[key] };
      this.#changes.set(key, { before, after: to[key] });
    }
    for (const key of keys) this.#set(key, to[key]);
    this.#applySources(sent, changed);
  }

  /** Whether it could be: not where somebody changed the same since. */
  takeBack(): boolean {
    const now = this.#model.metadata;
    const isOurs = [...this.#changes].every(([key, { after }]) => OF_LAB.has(key) || isSame(now[key], after));
    if (!isOurs) return false;
    for (const [key, { before }] of this.#changes) this.#set(key, before);
    for (const [cell, { before, after }] of this.#sources)
      if (cell.getSource() === after) cell.setSource(before);
    return true;
  }

  #set(key: string, value: unknown): void {
    if (isSame(this.#model.metadata[key], value)) return;
    if (value === undefined) this.#model.deleteMetadata(key);
    else this.#model.setMetadata(key, value);
  }

  /** Only where nobody added or removed a cell meanwhile, and only cells in which nobody has typed. */
  #applySources(sent: NotebookContent, changed: NotebookContent): void {
    const { cells } = this.#model;
    if (cells.length !== sent.cells.length || cells.length !== changed.cells.length) return;
    for (const [at, cell] of changed.cells.entries()) {
      const before = sourceOf(sent.cells[at]);
      const after = sourceOf(cell);
      const { sharedModel } = cells.get(at);
      if (before === after || sharedModel.getSource() !== before) continue;
      this.#sources.set(sharedModel, { before, after });
      sharedModel.setSource(after);
    }
  }
}

function sourceOf(cell: NotebookContent["cells"][number] | undefined): string {
  return [cell?.source ?? []].flat().join("");
}

function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  const keys = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every(
      (key) => Object.hasOwn(other, key) && isSame(one[key as keyof object], other[key as keyof object]),
    )
  );
}
