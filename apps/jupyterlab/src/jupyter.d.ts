// What is used of JupyterLab, and no more: its own declarations come with 390 packages. The browser tests show that it is so.

declare module "@jupyterlab/application" {
  import type { CommandRegistry } from "@lumino/commands";
  import type { Widget } from "@lumino/widgets";

  export interface JupyterFrontEnd {
    readonly commands: CommandRegistry;
    readonly shell: {
      add(widget: Widget, area: "right", options?: { readonly rank?: number }): void;
      activateById(id: string): void;
    };
    readonly serviceManager: {
      readonly kernelspecs: { refreshSpecs(): Promise<void> };
      readonly sessions: { refreshRunning(): Promise<void> };
    };
  }
  export interface JupyterFrontEndPlugin<T> {
    readonly id: string;
    readonly description: string;
    readonly autoStart: boolean;
    readonly requires: readonly unknown[];
    readonly optional: readonly unknown[];
    readonly activate: (app: JupyterFrontEnd, ...services: never[]) => T;
  }
}

declare module "@jupyterlab/apputils" {
  import type { Widget } from "@lumino/widgets";

  export const ICommandPalette: unknown;
  export interface ICommandPalette {
    addItem(item: { readonly command: string; readonly category: string }): void;
  }
  export class ReactWidget extends Widget {
    protected render(): unknown;
    update(): void;
  }
  export const Notification: {
    warning(
      message: string,
      options: {
        readonly autoClose: false;
        readonly actions: readonly { readonly label: string; readonly callback: () => void }[];
      },
    ): string;
  };
  export interface IKernel {
    readonly name: string;
    readonly isDisposed: boolean;
    readonly clientId: string;
    readonly status: string;
    readonly info: Promise<{ readonly language_info: { readonly name: string } }>;
    readonly statusChanged: {
      connect(slot: (sender: unknown, status: string) => void): void;
      disconnect(slot: (sender: unknown, status: string) => void): void;
    };
    registerCommTarget(
      name: string,
      opened: (
        comm: unknown,
        message: {
          readonly content: { readonly data: unknown };
          readonly parent_header: { readonly session?: string };
        },
      ) => void,
    ): void;
    requestExecute(content: {
      readonly code: string;
      readonly silent: boolean;
      readonly store_history: boolean;
    }): unknown;
  }
  export interface ISessionContext {
    readonly ready: Promise<void>;
    readonly session: { readonly kernel: IKernel | null } | null;
    readonly kernelChanged: { connect(slot: () => void): void };
    readonly statusChanged: { connect(slot: (sender: unknown, status: string) => void): void };
    changeKernel(options: { readonly name: string }): Promise<unknown>;
  }
}

declare module "@jupyterlab/coreutils" {
  export const URLExt: { join(...parts: string[]): string };
  export const PathExt: { basename(path: string): string };
}

declare module "@jupyterlab/notebook" {
  import type { ISessionContext } from "@jupyterlab/apputils";
  import type { ISignal } from "@lumino/signaling";

  export interface INotebookModel {
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly metadataChanged: ISignal;
    readonly cells: {
      readonly length: number;
      get(index: number): { readonly sharedModel: { getSource(): string; setSource(text: string): void } };
    };
    toJSON(): unknown;
    setMetadata(key: string, value: unknown): void;
    deleteMetadata(key: string): void;
  }
  export interface NotebookPanel {
    readonly isDisposed: boolean;
    readonly disposed: ISignal;
    readonly context: {
      readonly path: string;
      readonly localPath: string;
      readonly ready: Promise<void>;
      readonly model: INotebookModel;
      readonly pathChanged: ISignal;
    };
    readonly sessionContext: ISessionContext;
    /** The cells' view. */
    readonly content: object;
  }
  export const NotebookActions: {
    readonly executed: {
      connect(
        slot: (
          sender: unknown,
          done: {
            readonly notebook: object;
            readonly success: boolean;
            readonly error?: { readonly errorName?: string; readonly errorValue?: string } | null;
          },
        ) => void,
      ): void;
    };
  };
  export const INotebookTracker: unknown;
  export interface INotebookTracker {
    readonly currentWidget: NotebookPanel | null;
    readonly currentChanged: ISignal;
    readonly widgetAdded: { connect(slot: (sender: unknown, panel: NotebookPanel) => void): void };
    find(test: (panel: NotebookPanel) => boolean): NotebookPanel | undefined;
  }
}

declare module "@jupyterlab/services" {
  export namespace ServerConnection {
    interface Settings {
      readonly baseUrl: string;
    }
    function makeSettings(): Settings;
    function makeRequest(url: string, init: RequestInit, settings: Settings): Promise<Response>;
  }
}

declare module "@jupyterlab/settingregistry" {
  export const ISettingRegistry: unknown;
  export interface ISettingRegistry {
    load(plugin: string): Promise<{
      readonly composite: Readonly<Record<string, unknown>>;
      readonly changed: { connect(slot: () => void): void };
    }>;
  }
}

declare module "@jupyterlab/translation" {
  export const ITranslator: unknown;
  export interface ITranslator {
    load(domain: string): {
      __(text: string, ...parts: readonly unknown[]): string;
      _n(one: string, many: string, count: number, ...parts: readonly unknown[]): string;
    };
  }
}

declare module "@lumino/commands" {
  export interface CommandRegistry {
    execute(id: string): Promise<unknown>;
    addCommand(
      id: string,
      options: {
        readonly label: string;
        readonly caption: string;
        readonly isEnabled?: () => boolean;
        readonly execute: () => unknown;
      },
    ): void;
  }
}

declare module "@lumino/signaling" {
  export interface ISignal {
    connect(slot: () => void): void;
    disconnect(slot: () => void): void;
  }
}

declare module "@lumino/widgets" {
  export class Widget {
    id: string;
    readonly isVisible: boolean;
    readonly title: { label: string; caption: string };
    addClass(name: string): void;
  }
}

declare module "*.py" {
  const text: string;
  export default text;
}
