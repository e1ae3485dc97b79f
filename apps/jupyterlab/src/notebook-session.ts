// One open notebook: what the panel shows of it, and what is done to it. Its metadata is changed through the open document
// alone.

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { PathExt } from "@jupyterlab/coreutils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import {
  type Action,
  type Choices,
  ENGINES,
  type Failure,
  type Flaw,
  type Offer,
  type PackageRow,
  type PanelModel,
  type Step,
  type Told,
  TYPES,
} from "@thoth/views";
import { type NotebookContent, NotebookEdit } from "./notebook-edit.ts";
import { type Ended, run } from "./run.ts";
import { shown } from "./shown.ts";

interface Status {
  readonly state:
    | "empty"
    | "imports"
    | "unlocked"
    | "original"
    | "outdated"
    | "unfit"
    | "uninstalled"
    | "ready";
  readonly packages: readonly PackageRow[];
  readonly kernel: string | null;
  readonly indexes: readonly string[];
  readonly installs: readonly { readonly cell: number; readonly requirements: readonly string[] }[];
  readonly modules: Readonly<Record<string, string>>;
}

interface Change {
  readonly from: string;
  readonly to: string;
}

interface Surroundings {
  /** Where neither the user nor the notebook says another. */
  readonly type: () => string;
  /** What the panel shows is another by now. */
  readonly changed: () => void;
  /** Somebody looks at the panel. */
  readonly isShown: () => boolean;
}

/** What a command line in a cell came to. */
export interface CommandAnswer {
  readonly status: number;
  /** As a terminal would show it. */
  readonly text: string;
  /** Takes over when the cell has ended. */
  readonly kernel?: string;
}

/** With the notebook as it was sent, and as it came back where it is another. */
interface Answer extends Ended {
  readonly sent: NotebookContent;
  readonly changed: NotebookContent | undefined;
}

/** States in which there is a lock of ours. */
const LOCKED: ReadonlySet<Status["state"]> = new Set(["outdated", "unfit", "uninstalled", "ready"]);
const LOCK_AND_INSTALL = "Lock and install";
/** Changes that an outcome names. */
const MOST_CHANGES = 8;
/** Milliseconds after the last change of the metadata until the state is asked for. */
const SETTLED = 150;

export class NotebookSession {
  readonly #app: JupyterFrontEnd;
  readonly #panel: NotebookPanel;
  readonly #changed: () => void;
  #status: Status | undefined;
  /** As the user chose. */
  #choices: Partial<Choices> = {};
  #told: Told | undefined;
  readonly #usualType: () => string;
  #steps: readonly Step[] | undefined;
  #controller: AbortController | undefined;
  #failure: Failure | undefined;
  #outcome: string | undefined;
  /** What the action that is going on changes. */
  #edit: NotebookEdit;
  /** What the last action changed. */
  #last: NotebookEdit | undefined;
  /** Known against the locked versions, by package. */
  #flaws: ReadonlyMap<string, readonly Flaw[]> = new Map();
  #remark: string | undefined;
  /** A module that a cell did not find. */
  #missing: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: JupyterFrontEnd, panel: NotebookPanel, { type, changed, isShown }: Surroundings) {
    this.#app = app;
    this.#panel = panel;
    this.#usualType = type;
    this.#changed = changed;
    const { model } = panel.context;
    this.#edit = new NotebookEdit(model);
    const settle = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        if (isShown()) void this.refresh();
      }, SETTLED);
    };
    model.metadataChanged.connect(settle);
    panel.disposed.connect(() => {
      clearTimeout(this.#timer);
      this.#controller?.abort();
    });
  }

  get model(): PanelModel {
    const action = this.#action();
    const work =
      this.#steps === undefined
        ? undefined
        : { steps: this.#steps, cancel: () => this.#controller?.abort(new DOMException("", "AbortError")) };
    return {
      title: shown(PathExt.basename(this.#path)),
      state: shown(this.#sentence()),
      packages: (this.#status?.packages ?? []).map((row) => {
        const flaws = this.#flaws.get(row.name);
        return flaws === undefined ? row : { ...row, flaws };
      }),
      ...(this.#remark !== undefined && { remark: this.#remark }),
      choices: { type: this.#recommendationType, engine: this.#engine, python: this.#choices.python ?? "" },
      offers: this.#offers(),
      ...(action && { action }),
      ...(action?.label === LOCK_AND_INSTALL && {
        instead: { label: "Lock only", run: () => void this.#work(() => this.#lock()) },
      }),
      ...(this.#told && { told: this.#told }),
      ...(work && { work }),
      ...(this.#failure && { failure: this.#failure }),
      ...(this.#outcome !== undefined && { outcome: this.#outcome }),
      ...(this.#last && { undo: { label: "Undo", run: () => this.#undo() } }),
      add: (requirement) => void this.#work(() => this.#requirements("--add", requirement)),
      remove: (name) => void this.#work(() => this.#requirements("--remove", name)),
      why: (name) => void this.#work(() => this.#why(name)),
      choose: (choices) => {
        this.#choices = { ...this.#choices, ...choices };
        this.#changed();
      },
    };
  }

  /** Asks for the state anew, unless something is being done to it. */
  async refresh(): Promise<void> {
    if (this.#steps !== undefined || this.#panel.isDisposed) return;
    const { signal } = new AbortController();
    try {
      const ended = await this.#run(["status", "--json"], signal);
      if (ended.status === 0) this.#status = ended.document as unknown as Status;
      else this.#failure = failureOf(ended);
      this.#changed();
      await this.#audit(signal);
    } catch (error) {
      this.#failure = { message: messageOf(error), ways: [] };
    }
    this.#changed();
  }

  /** What is known against the lock, where there is one. */
  async #audit(signal: AbortSignal): Promise<void> {
    const hasLock = LOCKED.has(this.#status?.state ?? "empty");
    const document = hasLock ? (await this.#run(["audit", "--json"], signal)).document : undefined;
    const { vulnerabilities = [], unknown = [] } = (document ?? {}) as {
      vulnerabilities?: (Flaw & { readonly package_name: string })[];
      unknown?: string[];
    };
    this.#flaws = Map.groupBy(vulnerabilities, (flaw) => flaw.package_name);
    this.#remark = unknown[0] === undefined ? undefined : `Not known: ${unknown[0]}`;
  }

  /** A cell ended with an error; what helps, where something does. */
  async failed(name: string, value: string): Promise<Offer | undefined> {
    const module =
      name === "ModuleNotFoundError" ? /^No module named '([\w.]+)'/.exec(value)?.[1] : undefined;
    if (module === undefined) return undefined;
    this.#missing = module.split(".")[0];
    await this.refresh();
    return this.#addition();
  }

  /** A command line of a cell. */
  async command(words: readonly string[]): Promise<CommandAnswer> {
    if (this.#steps !== undefined)
      return { status: 3, text: "something is being done to this notebook already" };
    this.#steps = [];
    this.#controller = new AbortController();
    this.#changed();
    const said: string[] = [];
    try {
      const ended = await this.#run(words, this.#controller.signal, [], (text) => said.push(text));
      const text = said.join("") + ended.text;
      if (ended.changed === undefined) return { status: ended.status, text };
      const edit = new NotebookEdit(this.#panel.context.model);
      edit.apply(ended.sent, ended.changed);
      this.#last = edit;
      const { kernelspec } = ended.changed.metadata as { kernelspec?: { name?: unknown } };
      const kernel = words[0] === "set-kernel" ? kernelspec?.name : undefined;
      return { status: ended.status, text, ...(typeof kernel === "string" && { kernel }) };
    } catch (error) {
      return { status: 3, text: messageOf(error) };
    } finally {
      this.#steps = undefined;
      this.#controller = undefined;
      this.#changed();
    }
  }

  async switchTo(kernel: string): Promise<void> {
    await this.#app.serviceManager.kernelspecs.refreshSpecs();
    await this.#panel.sessionContext.changeKernel({ name: kernel });
    await this.refresh();
  }

  get #recommendationType(): string {
    const { advice } = (this.#panel.context.model.metadata["thoth"] ?? {}) as {
      advice?: { recommendation_type?: unknown };
    };
    return this.#choices.type ?? oneOf(TYPES, advice?.recommendation_type) ?? this.#usualType();
  }

  get #engine(): string {
    const stated = this.#panel.context.model.metadata["dependency_resolution_engine"];
    return this.#choices.engine ?? oneOf(ENGINES, stated) ?? "thoth";
  }

  get #path(): string {
    return this.#panel.context.localPath;
  }

  #sentence(): string {
    if (this.#status === undefined) return "Looking at the notebook …";
    const { state, packages, kernel } = this.#status;
    const asked = packages.filter((row) => row.asked !== undefined).length;
    switch (state) {
      case "empty":
        return "Nothing is known of what this notebook needs.";
      case "imports":
        return `The code imports ${counted(asked)}. The notebook has no lock.`;
      case "unlocked":
        return "This notebook has no lock.";
      case "original":
        return `The notebook has a lock of ${counted(packages.length)} that names no files. Lock it again, and it installs anywhere.`;
      case "outdated":
        return "The requirements changed after the lock was made.";
      case "unfit":
        return "The lock does not fit this machine.";
      case "uninstalled":
        return `The notebook brings a lock of ${counted(packages.length)} from ${this.#status.indexes.join(", ")}. Nothing is installed until you say so.`;
      case "ready":
        return `All is well: ${counted(packages.length)}, locked and installed in the kernel ${kernel ?? ""}.`;
      default:
        return state satisfies never;
    }
  }

  /** Of the package that provides the module that a cell did not find. */
  #addition(): Offer | undefined {
    const { modules = {}, packages = [] } = this.#status ?? {};
    const distribution = this.#missing === undefined ? undefined : modules[this.#missing];
    if (distribution === undefined) return undefined;
    const isAsked = packages.some(({ name, asked }) => name === distribution && asked !== undefined);
    return {
      text: `A cell found no module ${this.#missing}. The package ${distribution} provides it.`,
      action: {
        label: isAsked ? LOCK_AND_INSTALL : `Add ${distribution} and install`,
        run: () =>
          void this.#work(async () => {
            if (!isAsked && (await this.#requirements("--add", distribution)) === undefined) return undefined;
            return this.#lockAndInstall();
          }),
      },
    };
  }

  #offers(): readonly Offer[] {
    const { installs = [] } = this.#status ?? {};
    const addition = this.#addition();
    const offers = addition === undefined ? [] : [addition];
    if (installs.length > 0) {
      const cells = installs.length === 1 ? "A cell installs" : `${installs.length} cells install`;
      offers.push({
        text: `${cells} packages when the notebook runs. As requirements they would be locked.`,
        action: { label: "Convert", run: () => void this.#work(() => this.#convert()) },
      });
    }
    return offers;
  }

  #action(): Action | undefined {
    switch (this.#status?.state) {
      case "imports":
      case "unlocked":
      case "original":
      case "outdated":
      case "unfit":
        return { label: LOCK_AND_INSTALL, run: () => void this.#work(() => this.#lockAndInstall()) };
      case "uninstalled":
        return { label: "Make this environment", run: () => void this.#work(() => this.#install()) };
      default:
        return undefined;
    }
  }

  async #requirements(flag: "--add" | "--remove", text: string): Promise<string | undefined> {
    const ended = await this.#step(["requirements"], [flag, text]);
    return ended && (flag === "--add" ? `${text} was added.` : `${text} was removed.`);
  }

  async #convert(): Promise<string | undefined> {
    const ended = await this.#step(["convert"]);
    if (ended === undefined) return undefined;
    return "What the cells installed is a requirement now.";
  }

  async #lock(): Promise<string | undefined> {
    const had = versionsOf(this.#status);
    const { python = "" } = this.#choices;
    const ended = await this.#step(
      ["lock"],
      [
        "--recommendation-type",
        this.#recommendationType,
        "--engine",
        this.#engine,
        ...(python.trim() === "" ? [] : ["--python-version", python.trim()]),
      ],
    );
    const packages = ended?.document?.["packages"] as { name: string; version: string }[] | undefined;
    return packages && changesIn(had, new Map(packages.map(({ name, version }) => [name, version])));
  }

  async #lockAndInstall(): Promise<string | undefined> {
    const changes = await this.#lock();
    const ready = changes === undefined ? undefined : await this.#install();
    return ready && `${ready} ${changes}`;
  }

  async #why(name: string): Promise<string | undefined> {
    const { signal } = this.#controller as AbortController;
    const said: string[] = [];
    const ended = await this.#run(["why", name], signal, [], (text) => said.push(text));
    const text = ended.status === 0 ? ended.text : said.join("");
    const close = () => {
      this.#told = undefined;
      this.#changed();
    };
    this.#told = { title: `Why ${name}`, text: text.trim(), close };
    return undefined;
  }

  async #install(): Promise<string | undefined> {
    const ended = await this.#step(["set-kernel"]);
    const kernel = ended?.document?.["kernel"];
    if (typeof kernel !== "string") return undefined;
    await this.#app.serviceManager.kernelspecs.refreshSpecs();
    await this.#panel.sessionContext.changeKernel({ name: kernel });
    this.#missing = undefined;
    return `The kernel ${kernel} is ready.`;
  }

  /** Runs what was asked for, and shows what came of it. */
  async #work(work: () => Promise<string | undefined>): Promise<void> {
    if (this.#steps !== undefined) return;
    this.#edit = new NotebookEdit(this.#panel.context.model);
    this.#steps = [];
    this.#controller = new AbortController();
    this.#failure = undefined;
    this.#outcome = undefined;
    this.#changed();
    try {
      this.#outcome = await work();
    } catch (error) {
      if (this.#controller.signal.aborted) this.#outcome = "Cancelled.";
      else this.#failure = { message: messageOf(error), ways: [] };
    }
    if (!this.#edit.isEmpty) this.#last = this.#edit;
    this.#steps = undefined;
    this.#controller = undefined;
    await this.refresh();
  }

  /** Undefined where it failed; the failure is shown. */
  async #step(words: readonly string[], options: readonly string[] = []): Promise<Answer | undefined> {
    const { signal } = this.#controller as AbortController;
    const ended = await this.#run([...words, "--json"], signal, options);
    if (ended.status !== 0) {
      this.#failure = { ...failureOf(ended), ways: this.#waysOf(ended) };
      return undefined;
    }
    if (ended.changed !== undefined) this.#edit.apply(ended.sent, ended.changed);
    return ended;
  }

  /** Changes of requirements that were seen to have an answer. */
  #waysOf({ document }: Ended): readonly Action[] {
    const { changes = [] } =
      (document?.["error"] as { details?: { changes?: Change[][] } } | undefined)?.details ?? {};
    return changes.map((all) => ({
      label: `Use ${all.map(({ to }) => to).join(" and ")}`,
      run: () =>
        void this.#work(async () => {
          for (const { to } of all)
            if ((await this.#requirements("--add", to)) === undefined) return undefined;
          return this.#lockAndInstall();
        }),
    }));
  }

  async #run(
    words: readonly string[],
    signal: AbortSignal,
    options: readonly string[] = [],
    hear?: (text: string) => void,
  ): Promise<Answer> {
    const path = this.#path;
    const sent = this.#panel.context.model.toJSON() as NotebookContent;
    const request = {
      program: "horus",
      words: [...words, ...options],
      notebook: path,
      notebooks: { [path]: JSON.stringify(sent) },
    } as const;
    for await (const event of run(request, signal)) {
      if (event.event === "ended") {
        const [text] = Object.values(event.documents);
        const changed = text === undefined ? undefined : (JSON.parse(text) as NotebookContent);
        return { ...event, sent, changed };
      }
      if (event.event === "refused" || event.event === "lost") throw new Error(event.message);
      if (event.event === "step") this.#progress(event);
      if (event.event === "message") hear?.(event.text);
    }
    throw new Error("the server ended the answer before its end");
  }

  #progress({ label, done, total, text, over }: Step): void {
    if (this.#steps === undefined) return;
    const step = { label, done, total, text, over };
    const at = this.#steps.findIndex((one) => one.label === label);
    this.#steps = at < 0 ? [...this.#steps, step] : this.#steps.with(at, step);
    this.#changed();
  }

  #undo(): void {
    this.#outcome = this.#last?.takeBack()
      ? "As it was before. The kernel stays."
      : "The same was changed since: nothing was taken back.";
    this.#last = undefined;
    this.#changed();
  }
}

function versionsOf(status: Status | undefined): ReadonlyMap<string, string> {
  const locked = status?.packages.flatMap(({ name, locked }) =>
    locked === undefined ? [] : [[name, locked] as const],
  );
  return new Map(locked);
}

/** What a new lock has that the one before had not. */
function changesIn(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  if (before.size === 0) return `${counted(after.size)} locked.`;
  const changed = [...after].flatMap(([name, version]) => {
    const had = before.get(name);
    if (had === version) return [];
    return [had === undefined ? `${name} ${version} is new` : `${name} ${had} → ${version}`];
  });
  const gone = [...before.keys()].filter((name) => !after.has(name)).map((name) => `${name} is gone`);
  const all = [...changed, ...gone];
  if (all.length === 0) return "The lock has the same versions as before.";
  const more = all.length > MOST_CHANGES ? `, and ${all.length - MOST_CHANGES} more` : "";
  return `Changed: ${all.slice(0, MOST_CHANGES).join(", ")}${more}.`;
}

function counted(count: number): string {
  return count === 1 ? "1 package" : `${count} packages`;
}

function failureOf({ document }: Ended): Failure {
  const { message = "the command failed", hint } =
    (document?.["error"] as { message?: string; hint?: string } | undefined) ?? {};
  return { message: shown(message), ways: [], ...(hint !== undefined && { hint: shown(hint) }) };
}

function messageOf(error: unknown): string {
  return shown(error instanceof Error ? error.message : String(error));
}

/** A notebook may name what there is not. */
function oneOf(choices: typeof ENGINES, stated: unknown): string | undefined {
  return choices.find(([name]) => name === stated)?.[0];
}
