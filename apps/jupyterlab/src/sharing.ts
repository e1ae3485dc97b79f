// Handing a locked notebook on: the commands make the forms, the browser copies and saves them.

import type { ShareForm, Sharing as SharingModel, Translator } from "@thoth/views";
import type { Exported } from "./documents.ts";
import type { Ended } from "./run.ts";
import { quoted } from "./sentences.ts";

/** Undefined where it failed; the failure is shown. */
type Ask = (words: readonly string[]) => Promise<Ended | undefined>;

interface Around {
  readonly trans: Translator;
  readonly ask: Ask;
  /** Runs what was asked for, and shows what came of it. */
  readonly work: (work: () => Promise<string | undefined>) => void;
  readonly name: () => string;
}

export class Sharing {
  readonly #around: Around;
  #links: SharingModel["links"] = [];

  constructor(around: Around) {
    this.#around = around;
  }

  get model(): SharingModel {
    const { trans, work, name } = this.#around;
    const forms = formsIn(trans);
    const stem = name().replace(/\.ipynb$/i, "");
    const form = (wanted: string) => forms.find((one) => one.name === wanted) as Form;
    return {
      forms,
      links: this.#links,
      image: `horus image ${quoted(name())} -o ${quoted(`${stem}.tar`)}`,
      copy: (wanted) => work(() => this.#copy(form(wanted))),
      save: (wanted) => work(() => this.#save(form(wanted), stem)),
      link: () => work(() => this.#link()),
    };
  }

  async #exported(format: string): Promise<Exported | undefined> {
    return (await this.#around.ask(["export", "--format", format]))?.document as unknown as Exported;
  }

  async #copy({ name, label }: Form): Promise<string | undefined> {
    const { trans } = this.#around;
    const exported = await this.#exported(name);
    if (exported === undefined) return undefined;
    await copyText(exported.content);
    return trans.__("Copied: %1.", label);
  }

  async #save({ format, file }: Form, stem: string): Promise<string | undefined> {
    const { trans } = this.#around;
    const exported = await this.#exported(format);
    if (exported === undefined) return undefined;
    const name = file.replace("*", stem);
    saveText(name, exported.content);
    return trans.__("Saved by the browser: %1.", name);
  }

  async #link(): Promise<string | undefined> {
    const { trans } = this.#around;
    const exported = await this.#exported("links");
    if (exported === undefined) return undefined;
    this.#links = exported.links ?? [];
    const [warning] = exported.warnings;
    return warning ?? trans.__("The links are below Share.");
  }
}

interface Form extends ShareForm {
  /** What is saved; what is copied goes by the form's name. */
  readonly format: string;
  /** The star stands for the notebook's name. */
  readonly file: string;
}

function formsIn(trans: Translator): readonly Form[] {
  const form = (name: string, label: string, means: string, more: Partial<Form> = {}): Form => {
    return { name, label, means, isCopied: false, format: name, file: name, ...more };
  };
  return [
    form(
      "bootstrap",
      trans.__("A first cell for Colab and Kaggle"),
      trans.__("installs these packages by pip, wherever the notebook is opened"),
      { isCopied: true, format: "colab", file: "*-standalone.ipynb" },
    ),
    form("requirements", "requirements.txt", trans.__("for pip and uv, with hashes"), {
      isCopied: true,
      file: "requirements.txt",
    }),
    form("pylock", "pylock.toml", trans.__("the lock itself, for tools that read PEP 751"), {
      file: "pylock.toml",
    }),
    form("environment.yml", "environment.yml", trans.__("for conda and mamba")),
    form("pipfile-lock", "Pipfile.lock", trans.__("for pipenv"), { file: "Pipfile.lock" }),
    form("juv", trans.__("A notebook for juv"), trans.__("which runs it by uv"), { file: "*-juv.ipynb" }),
  ];
}

/** Browsers give pages without a secure connection no clipboard but the old one. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "thoth-hidden";
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    if (!isDone) throw new Error("the browser does not let this page copy: save it instead");
  }
}

function saveText(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
