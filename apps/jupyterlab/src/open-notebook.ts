// The open document of a notebook: whatever is changed is changed in it, and never in the file behind it.

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { PathExt } from "@jupyterlab/coreutils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { type NotebookContent, NotebookEdit } from "./notebook-edit.ts";

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

  get metadata(): NotebookContent["metadata"] {
    return this.#panel.context.model.metadata;
  }

  /** As it would be saved now. */
  get content(): NotebookContent {
    return this.#panel.context.model.toJSON() as NotebookContent;
  }

  /** What is about to be changed. */
  edit(): NotebookEdit {
    return new NotebookEdit(this.#panel.context.model);
  }

  onMetadataChanged(act: () => void): void {
    this.#panel.context.model.metadataChanged.connect(act);
  }

  onClosed(act: () => void): void {
    this.#panel.disposed.connect(act);
  }

  /** A kernel that was made just now. Where that is cancelled, the one from before comes back. */
  async switchTo(kernel: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { sessionContext } = this.#panel;
    const before = sessionContext.session?.kernel?.name;
    const { kernelspecs, sessions } = this.#app.serviceManager;
    // A server that was started anew has no session of the notebook: where Lab knows that, it starts one.
    await Promise.all([kernelspecs.refreshSpecs(), sessions.refreshRunning()]);
    signal?.throwIfAborted();
    await sessionContext.changeKernel({ name: kernel });
    if (signal?.aborted !== true) return;
    if (before !== undefined) await sessionContext.changeKernel({ name: before });
    signal.throwIfAborted();
  }
}
