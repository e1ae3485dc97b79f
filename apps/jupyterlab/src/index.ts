// The plugin: a command in the notebook's toolbar, the Kernel menu and the palette opens one panel at the right, which
// follows the notebook that is looked at.

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, Notification, ReactWidget } from "@jupyterlab/apputils";
import { INotebookTracker, NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { ITranslator } from "@jupyterlab/translation";
import { english, Panel, type Translator } from "@thoth/views";
import * as React from "react";
import { bringMagic } from "./magic.ts";
import { NotebookSession } from "./notebook-session.ts";
import { OpenNotebook } from "./open-notebook.ts";
import { type Settings, usualChoices } from "./settings.ts";
import { styles } from "./styles.ts";

const COMMAND = "thoth:manage-dependencies";
const PLUGIN = "@thoth/jupyterlab:plugin";

class DependenciesWidget extends ReactWidget {
  readonly #current: () => NotebookSession | undefined;
  readonly #trans: Translator;

  constructor(current: () => NotebookSession | undefined, trans: Translator) {
    super();
    this.#current = current;
    this.#trans = trans;
    this.id = "thoth-dependencies";
    this.title.label = trans.__("Dependencies");
    this.title.caption = trans.__("Dependencies of the notebook");
    this.addClass("thoth-dependencies");
  }

  protected override render(): React.ReactElement {
    const session = this.#current();
    return session === undefined
      ? React.createElement(
          "p",
          { className: "thoth-panel" },
          this.#trans.__("Open a notebook to see what it needs."),
        )
      : React.createElement(Panel, { model: session.model });
  }
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: "Manage the dependencies of a notebook",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette, ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    translator: ITranslator | null,
  ) => {
    const style = document.createElement("style");
    style.textContent = styles;
    document.head.append(style);
    const trans = translator?.load("thoth") ?? english;
    let settings: Settings = {};
    const loading = registry?.load(PLUGIN).then((loaded) => {
      const take = () => {
        settings = loaded.composite;
        update();
      };
      loaded.changed.connect(take);
      take();
    });
    const sessions = new WeakMap<NotebookPanel, NotebookSession>();
    let widget: DependenciesWidget | undefined;
    const update = () => widget?.update();
    const isShown = () => widget?.isVisible === true;
    const sessionOf = (panel: NotebookPanel): NotebookSession => {
      let session = sessions.get(panel);
      if (session === undefined) {
        const usual = () => usualChoices(settings);
        session = new NotebookSession(new OpenNotebook(app, panel), {
          trans,
          usual,
          changed: update,
          isShown,
        });
        sessions.set(panel, session);
      }
      return session;
    };
    const current = (): NotebookSession | undefined =>
      tracker.currentWidget === null ? undefined : sessionOf(tracker.currentWidget);
    const look = () => {
      const panel = tracker.currentWidget;
      update();
      if (panel !== null)
        void Promise.all([panel.context.ready, loading]).then(() => sessionOf(panel).refresh());
    };
    tracker.widgetAdded.connect((_, panel) => bringMagic(panel, () => sessionOf(panel)));
    app.commands.addCommand(COMMAND, {
      label: trans.__("Manage dependencies"),
      caption: trans.__("What this notebook needs: lock it, install it, see why"),
      isEnabled: () => tracker.currentWidget !== null,
      execute: () => {
        if (widget === undefined) {
          widget = new DependenciesWidget(current, trans);
          app.shell.add(widget, "right", { rank: 700 });
          tracker.currentChanged.connect(() => {
            if (isShown()) look();
          });
        }
        app.shell.activateById(widget.id);
        look();
      },
    });
    NotebookActions.executed.connect(async (_, { notebook, error }) => {
      const panel = tracker.find(({ content }) => content === notebook);
      if (panel === undefined || error?.errorName === undefined) return;
      const offer = await sessionOf(panel).failed(error.errorName, error.errorValue ?? "");
      if (offer === undefined || isShown()) return;
      const { label, run } = offer.action;
      const callback = () => {
        void app.commands.execute(COMMAND);
        run();
      };
      Notification.warning(offer.text, { autoClose: false, actions: [{ label, callback }] });
    });
    palette?.addItem({ command: COMMAND, category: trans.__("Notebook Operations") });
  },
};

export default plugin;
