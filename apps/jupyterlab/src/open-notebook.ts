// The open document of a notebook: whatever is changed is changed in it, and never in the file behind it.

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { PathExt } from "@jupyterlab/coreutils";
import type { NotebookPanel } from "@jupyterlab/notebook";

export type Metadata = Readonly<Record<string, unknown>>;

export class OpenNotebook {
  readonly #app: JupyterFrontEnd;
  readonly #panel: NotebookPanel;

  constructor(app: JupyterFrontEnd, panel: NotebookPanel) {
    this.#app = app;
    this.#panel = panel;
  }

  get isClosed(): boolean {
    return this.#panel.isDisposed;
  }

  /** As the contents manager names it. */
  get path(): string {
    return this.#panel.context.localPath;
  }

  get name(): string {
    return PathExt.basename(this.path);
  }

  get metadata(): Metadata {
    return { ...this.#panel.context.model.metadata };
  }

  /** As it would be saved now. */
  get text(): string {
    return JSON.stringify(this.#panel.context.model.toJSON());
  }

  onMetadataChanged(act: () => void): void {
    this.#panel.context.model.metadataChanged.connect(act);
  }

  onClosed(act: () => void): void {
    this.#panel.disposed.connect(act);
  }

  /** Only what differs: whatever was edited meanwhile stays. */
  setMetadata(metadata: Metadata): void {
    const { model } = this.#panel.context;
    const had = model.metadata;
    for (const key of new Set([...Object.keys(had), ...Object.keys(metadata)])) {
      if (JSON.stringify(had[key]) === JSON.stringify(metadata[key])) continue;
      if (metadata[key] === undefined) model.deleteMetadata(key);
      else model.setMetadata(key, metadata[key]);
    }
  }

  /** The metadata of a notebook's text. */
  takeMetadata(text: string): void {
    this.setMetadata((JSON.parse(text) as { metadata: Metadata }).metadata);
  }

  /** Its cells: only those that differ, and only where nobody added or removed one meanwhile. */
  takeSources(text: string): void {
    const { cells } = this.#panel.context.model;
    const sources = (JSON.parse(text) as { cells: { source: string | string[] }[] }).cells.map(
      ({ source }) => (typeof source === "string" ? source : source.join("")),
    );
    if (sources.length !== cells.length) return;
    for (const [at, source] of sources.entries()) {
      const { sharedModel } = cells.get(at);
      if (sharedModel.getSource() !== source) sharedModel.setSource(source);
    }
  }

  /** A kernel that was made just now. Where that is cancelled, the one from before comes back. */
  async switchTo(kernel: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { sessionContext } = this.#panel;
    const before = sessionContext.session?.kernel?.name;
    await this.#app.serviceManager.kernelspecs.refreshSpecs();
    signal?.throwIfAborted();
    await sessionContext.changeKernel({ name: kernel });
    if (signal?.aborted !== true) return;
    if (before !== undefined) await sessionContext.changeKernel({ name: before });
    signal.throwIfAborted();
  }
}
