// One open notebook: what the panel shows of it, and what is done to it. Its metadata is changed through the open document
// alone.

import {
  type Action,
  type Change,
  type Choices,
  type Editing,
  enginesIn,
  type Failure,
  type Found,
  type Offer,
  type Option,
  type PanelModel,
  type Told,
  type Translator,
  typesIn,
} from "@thoth/views";
import { LOCKED, type Locked, type Status } from "./documents.ts";
import type { Block } from "./html-output.ts";
import { Knowing } from "./knowing.ts";
import { missingModule } from "./missing-module.ts";
import type { OpenNotebook } from "./open-notebook.ts";
import { type Ended, Unreachable } from "./run.ts";
import { type Answer, Runs } from "./runs.ts";
import { changesIn, errorOf, failureOf, lockText, messageOf, stateText } from "./sentences.ts";
import { Sharing } from "./sharing.ts";
import { allShown } from "./shown.ts";

export interface Surroundings {
  readonly trans: Translator;
  /** Where neither the user nor the notebook says another. */
  readonly usual: () => Choices;
  /** What the panel shows is another by now. */
  readonly changed: () => void;
  /** Somebody looks at the panel. */
  readonly isShown: () => boolean;
}

/** What a command line in a cell came to. */
export interface CommandAnswer {
  readonly status: number;
  /** As a terminal would show it: what was said on the way, and the result. */
  readonly said: string;
  readonly text: string;
  /** What the result's text was made from. */
  readonly blocks: readonly Block[];
  /** Takes over when the cell has ended. */
  readonly kernel?: string;
}

/** Milliseconds after the last change of the metadata until the state is asked for. */
const SETTLED = 150;
/** And after the server could not be reached. */
const RETRIED = 2000;

export class NotebookSession {
  readonly #notebook: OpenNotebook;
  readonly #around: Surroundings;
  readonly #runs: Runs;
  readonly #knowing: Knowing;
  readonly #sharing: Sharing;
  #status: Status | undefined;
  /** As the user chose. */
  #choices: Partial<Choices> = {};
  #told: Told | undefined;
  #editing: Editing | undefined;
  #failure: Failure | undefined;
  /** Why the state could not be asked for. */
  #lost: Failure | undefined;
  #outcome: string | undefined;
  #changes: readonly Change[] = [];
  /** A module that a cell did not find, and the package that provides it. */
  #missing: { readonly module: string; readonly distribution: string } | undefined;
  #found: readonly Found[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(notebook: OpenNotebook, around: Surroundings) {
    this.#notebook = notebook;
    this.#around = around;
    this.#runs = new Runs(notebook, around.changed);
    this.#knowing = new Knowing(around.trans, (words, signal) =>
      this.#runs.run([...words, "--json"], signal),
    );
    this.#sharing = new Sharing({
      trans: around.trans,
      name: () => notebook.name,
      ask: (words) => this.#step(words),
      work: (work) => void this.#work(work),
    });
    notebook.onMetadataChanged(() => this.#later(SETTLED));
    notebook.onClosed(() => {
      clearTimeout(this.#timer);
      this.#runs.cancel();
    });
  }

  get model(): PanelModel {
    const { trans } = this.#around;
    // The translator is what it is.
    return { ...allShown(this.#model), trans };
  }

  get #model(): Omit<PanelModel, "trans"> {
    const { trans } = this.#around;
    const { steps, log, canUndo } = this.#runs;
    const hasLock = LOCKED.has(this.#status?.state ?? "empty");
    const [action, instead] = this.#actions();
    const failure = this.#failure ?? this.#lost;
    const { remark } = this.#knowing;
    return {
      title: this.#notebook.name,
      state: stateText(trans, this.#status, failure),
      packages: this.#knowing.marked(this.#status?.packages ?? []),
      choices: this.#chosen,
      offers: this.#offers(),
      changes: this.#changes,
      log,
      found: this.#found,
      ...(action && { action }),
      ...(instead && { instead }),
      ...(remark !== undefined && { remark: { text: remark, action: this.#renewal } }),
      ...(this.#told && { told: this.#told }),
      ...(this.#editing && { editing: this.#editing }),
      ...(steps && { work: { steps, cancel: () => this.#runs.cancel() } }),
      ...(failure && { failure }),
      ...(this.#outcome !== undefined && { outcome: this.#outcome }),
      ...(hasLock && { sharing: this.#sharing.model }),
      ...(canUndo && { undo: { label: trans.__("Undo"), run: () => this.#undo() } }),
      search: (text) => this.#search(text),
      add: (requirement) => void this.#work(() => this.#requirements("--add", requirement)),
      edit: (name) => void this.#change(name),
      remove: (name) => void this.#work(() => this.#requirements("--remove", name)),
      why: (name) => void this.#work(() => this.#tell(trans.__("Why %1", name), ["why", name])),
      choose: (choices) => {
        this.#choices = { ...this.#choices, ...choices };
        this.#around.changed();
      },
    };
  }

  /** Asks for the state anew, unless something is being done to it. */
  async refresh(): Promise<void> {
    if (this.#runs.isBusy || this.#notebook.isClosed) return;
    const { signal } = new AbortController();
    try {
      const ended = await this.#runs.run(["status", "--json"], signal);
      const isTold = ended.status === 0;
      if (isTold) this.#status = ended.document as unknown as Status;
      this.#lost = isTold ? undefined : failureOf(this.#around.trans, ended);
      this.#around.changed();
      const hasLock = LOCKED.has(this.#status?.state ?? "empty");
      await this.#knowing.refresh(hasLock, signal);
    } catch (error) {
      this.#lost = { message: messageOf(this.#around.trans, error), ways: [] };
      if (error instanceof Unreachable) this.#later(RETRIED);
    }
    this.#around.changed();
  }

  #later(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#around.isShown()) void this.refresh();
    }, milliseconds);
  }

  /** A cell ended with an error; what helps, where something does. */
  async failed(name: string, value: string): Promise<Offer | undefined> {
    const module = missingModule(name, value);
    if (module === undefined) return undefined;
    await this.refresh();
    // What the code itself imports is known best.
    const distribution = this.#status?.modules[module] ?? (await this.#knowing.provider(module));
    this.#missing = distribution === undefined ? undefined : { module, distribution };
    this.#around.changed();
    return this.#addition();
  }

  /** A command line of a cell. */
  async command(words: readonly string[]): Promise<CommandAnswer> {
    if (this.#runs.isBusy) return failedWith("something is being done to this notebook already");
    const said: string[] = [];
    try {
      return await this.#runs.during(async () => {
        const ended = await this.#runs.run(words, this.#runs.signal, { hear: (text) => said.push(text) });
        const { status, document, blocks } = ended;
        const text = document === null ? ended.text : `${JSON.stringify(document, undefined, 2)}\n`;
        const answer = { status, said: said.join(""), text, blocks };
        if (ended.changed === undefined) return answer;
        this.#runs.apply(ended);
        const { kernelspec } = ended.changed.metadata as { kernelspec?: { name?: unknown } };
        const kernel = words[0] === "set-kernel" ? kernelspec?.name : undefined;
        return { ...answer, ...(typeof kernel === "string" && { kernel }) };
      });
    } catch (error) {
      return failedWith(messageOf(this.#around.trans, error));
    } finally {
      this.#around.changed();
    }
  }

  async switchTo(kernel: string): Promise<void> {
    await this.#notebook.switchTo(kernel);
    await this.refresh();
  }

  /** By the user, by the notebook, or as usual. */
  get #chosen(): Choices {
    const { advice } = (this.#notebook.metadata["thoth"] ?? {}) as {
      advice?: { recommendation_type?: unknown };
    };
    const { trans, usual: ask } = this.#around;
    const usual = ask();
    const type = oneOf(typesIn(trans), advice?.recommendation_type);
    const engine = oneOf(enginesIn(trans), this.#notebook.metadata["dependency_resolution_engine"]);
    return { ...usual, type: type ?? usual.type, engine: engine ?? usual.engine, ...this.#choices };
  }

  /** Of the package that provides the module that a cell did not find. */
  #addition(): Offer | undefined {
    const { trans } = this.#around;
    if (this.#missing === undefined) return undefined;
    const { module, distribution } = this.#missing;
    const { packages = [] } = this.#status ?? {};
    const isAsked = packages.some(({ name, asked }) => name === distribution && asked !== undefined);
    return {
      text: trans.__("A cell found no module %1. The package %2 provides it.", module, distribution),
      action: {
        label: isAsked ? trans.__("Lock and install") : trans.__("Add %1 and install", distribution),
        run: () =>
          void this.#work(async () => {
            if (!isAsked && (await this.#requirements("--add", distribution)) === undefined) return undefined;
            return this.#lockAndInstall();
          }),
      },
    };
  }

  #offers(): readonly Offer[] {
    const { trans } = this.#around;
    const { installs = [] } = this.#status ?? {};
    const addition = this.#addition();
    const offers = addition === undefined ? [] : [addition];
    if (installs.length > 0) {
      const text = trans._n(
        "A cell installs packages when the notebook runs. As requirements they would be locked.",
        "%1 cells install packages when the notebook runs. As requirements they would be locked.",
        installs.length,
      );
      const convert = () => void this.#work(() => this.#convert());
      offers.push({ text, action: { label: trans.__("Convert"), run: convert } });
    }
    return offers;
  }

  /** What helps, and what one may want instead. */
  #actions(): readonly Action[] {
    const { trans } = this.#around;
    const lock = { label: trans.__("Lock only"), run: () => void this.#work(() => this.#lock()) };
    const whole = {
      label: trans.__("Lock and install"),
      run: () => void this.#work(() => this.#lockAndInstall()),
    };
    switch (this.#status?.state) {
      case "imports":
      case "unlocked":
      case "original":
      case "outdated":
      case "unfit":
        return this.#chosen.review ? [lock, whole] : [whole, lock];
      case "uninstalled":
        return [
          {
            label: trans.__("Make this environment"),
            run: () => void this.#work(() => this.#install()),
          },
        ];
      default:
        return [];
    }
  }

  /** Brings what is known of vulnerabilities up to date, for all notebooks of this machine. */
  get #renewal(): Action {
    const { trans } = this.#around;
    const refresh = async () => {
      const words = ["knowledge", "refresh", "--json"];
      const ended = await this.#runs.run(words, this.#runs.signal, { program: "thoth" });
      if (ended.status === 0) return trans.__("The advisories are up to date.");
      this.#failure = failureOf(trans, ended);
      return undefined;
    };
    return { label: trans.__("Get newer advisories"), run: () => void this.#work(refresh) };
  }

  async #requirements(flag: "--add" | "--remove", text: string): Promise<string | undefined> {
    const { trans } = this.#around;
    const ended = await this.#step(["requirements"], [flag, text]);
    return ended && (flag === "--add" ? trans.__("%1 was added.", text) : trans.__("%1 was removed.", text));
  }

  async #convert(): Promise<string | undefined> {
    const ended = await this.#step(["convert"]);
    if (ended === undefined) return undefined;
    return this.#around.trans.__("What the cells installed is a requirement now.");
  }

  async #lock(): Promise<string | undefined> {
    const had = new Map((this.#status?.packages ?? []).map(({ name, locked }) => [name, locked ?? ""]));
    const { type, engine, python, platform, prerelease, asOf } = this.#chosen;
    const given = [
      ["--python-version", python.trim()],
      ["--platform", platform],
      ["--prerelease", prerelease === "if-necessary" ? "" : prerelease],
      ["--as-of", asOf.trim()],
    ].filter(([, value]) => value !== "");
    const options = ["--recommendation-type", type, "--engine", engine, ...given.flat()];
    const ended = await this.#step(["lock"], options as string[]);
    if (ended?.document == null) return undefined;
    const { packages, gone } = ended.document as unknown as Locked;
    const locked: Locked = { gone, packages: packages.filter(({ elsewhere }) => elsewhere !== true) };
    this.#changes = changesIn(locked, had);
    return lockText(this.#around.trans, locked);
  }

  async #lockAndInstall(): Promise<string | undefined> {
    const changes = await this.#lock();
    const ready = changes === undefined ? undefined : await this.#install();
    return ready && `${ready} ${changes}`;
  }

  /** What a command says, beside the packages. */
  async #tell(title: string, words: readonly string[]): Promise<undefined> {
    const said: string[] = [];
    const ended = await this.#runs.run(words, this.#runs.signal, { hear: (text) => said.push(text) });
    const text = ended.status === 0 ? ended.text : said.join("");
    const close = () => {
      this.#told = undefined;
      this.#around.changed();
    };
    this.#told = { title, text: text.trim(), close };
  }

  async #install(): Promise<string | undefined> {
    const { trans } = this.#around;
    const ended = await this.#step(["set-kernel"]);
    const kernel = ended?.document?.["kernel"];
    if (typeof kernel !== "string") return undefined;
    const step = { label: trans.__("kernel"), done: 0, total: 0, text: kernel, over: false };
    this.#runs.progress(step);
    await this.#notebook.switchTo(kernel, this.#runs.signal);
    this.#runs.progress({ ...step, over: true });
    this.#missing = undefined;
    return trans.__("The kernel %1 is ready.", kernel);
  }

  /** Opens what changes the versions of a package. */
  async #change(name: string): Promise<void> {
    const { trans } = this.#around;
    const asked = this.#status?.packages.find((row) => row.name === name)?.asked;
    const [, head = name, specifiers = "", marker = ""] =
      /^([\w.-]+\s*(?:\[[^\]]*\])?)\s*([^;]*?)\s*(;.*)?$/s.exec(asked ?? name) ?? [];
    const close = () => {
      this.#editing = undefined;
      this.#around.changed();
    };
    const editing: Editing = {
      name,
      specifiers,
      apply: (text) => {
        close();
        void this.#work(() => this.#requirements("--add", `${head}${text}${marker}`));
      },
      whyNot: (version) =>
        void this.#work(() =>
          this.#tell(trans.__("Why not %1 %2", name, version), ["why-not", `${name}==${version}`]),
        ),
      close,
    };
    this.#editing = editing;
    this.#around.changed();
    const versions = await this.#knowing.versions(name);
    // Something else may be looked at by now.
    if (this.#editing !== editing) return;
    this.#editing = { ...editing, versions };
    this.#around.changed();
  }

  #search(text: string): void {
    void this.#knowing.search(text).then((found) => {
      if (found === undefined) return;
      this.#found = found;
      this.#around.changed();
    });
  }

  /** Runs what was asked for, and shows what came of it. */
  async #work(work: () => Promise<string | undefined>): Promise<void> {
    if (this.#runs.isBusy) return;
    this.#failure = undefined;
    this.#outcome = undefined;
    await this.#runs.during(async () => {
      try {
        this.#outcome = await work();
      } catch (error) {
        if (this.#runs.isCancelled) this.#outcome = this.#around.trans.__("Cancelled.");
        else this.#failure = { message: messageOf(this.#around.trans, error), ways: [] };
      }
    });
    await this.refresh();
  }

  /** Undefined where it failed; the failure is shown. */
  async #step(words: readonly string[], options: readonly string[] = []): Promise<Answer | undefined> {
    const ended = await this.#runs.run([...words, "--json"], this.#runs.signal, { options });
    if (ended.status !== 0) {
      this.#failure = { ...failureOf(this.#around.trans, ended), ways: this.#waysOf(ended) };
      return undefined;
    }
    this.#runs.apply(ended);
    return ended;
  }

  /** Changes of requirements that were seen to have an answer; and types that leave less out. */
  #waysOf(ended: Ended): readonly Action[] {
    const { trans } = this.#around;
    const { code, details } = errorOf(ended);
    const ways = (details?.changes ?? []).map((all) => ({
      label: trans.__("Use %1", all.map(({ to }) => to).join(trans.__(" and "))),
      run: () =>
        void this.#work(async () => {
          for (const { to } of all)
            if ((await this.#requirements("--add", to)) === undefined) return undefined;
          return this.#lockAndInstall();
        }),
    }));
    const { type } = this.#chosen;
    if (code !== "unsatisfiable" || type === "latest" || type === "testing") return ways;
    const run = () => {
      this.#choices = { ...this.#choices, type: "latest" };
      void this.#work(() => this.#lockAndInstall());
    };
    return [...ways, { label: trans.__("Take the type latest, which leaves less out"), run }];
  }

  #undo(): void {
    const { trans, changed } = this.#around;
    this.#outcome = this.#runs.undo()
      ? trans.__("As it was before. The kernel stays.")
      : trans.__("The same was changed since: nothing was taken back.");
    this.#changes = [];
    changed();
  }
}

/** A notebook may name what there is not. */
function oneOf(options: readonly Option[], stated: unknown): string | undefined {
  return options.find(([name]) => name === stated)?.[0];
}

function failedWith(said: string): CommandAnswer {
  return { status: 3, said, text: "", blocks: [] };
}
