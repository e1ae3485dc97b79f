// What a command says: its result on stdout, everything else on stderr. Colour and moving bars only on a
// terminal.

import { type OpenPhase, type Phase, Phases, type PhaseWork, UNHEARD } from "./phases.ts";
import { mask, printable, wrap } from "./printable.ts";
import { LABEL_WIDTH, Stage, type StageStep } from "./stage.ts";
import { type Block, blocksOf, formatTable, type Part } from "./table.ts";

/** Where text goes; tests and the resident commands gather it. */
export interface Output {
  readonly result: (text: string) => unknown;
  readonly message: (text: string) => unknown;
  /** Given the document of `--json` itself; without it the document is a result as text. */
  readonly document?: ((value: unknown) => unknown) | undefined;
  /** Messages are seen on a screen, of that many columns. */
  readonly screen: boolean;
  readonly columns?: number | undefined;
  /** Told how far the long steps are, as often as they say so. */
  readonly progress?: ((step: StageStep) => unknown) | undefined;
  /** Told what each part of the run took, once it is over. */
  readonly phase?: ((phase: Phase) => unknown) | undefined;
  /** Told what the text of a result was made from. */
  readonly blocks?: ((blocks: readonly Block[]) => unknown) | undefined;
}

export interface TerminalSettings {
  readonly output: Output;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly progress: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

const styles: Readonly<Record<Style, readonly [string, string]>> = {
  bold: ["1", "22"],
  dim: ["2", "22"],
  red: ["31", "39"],
  yellow: ["33", "39"],
  green: ["32", "39"],
  cyan: ["36", "39"],
};

export class Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Bars may move. */
  readonly live: boolean;
  readonly #output: Output;
  readonly #colour: boolean;
  readonly #width: number;
  readonly #phases: Phases | undefined;
  #stage: Stage | undefined;
  #documented = false;

  constructor(settings: TerminalSettings) {
    const { environment, output } = settings;
    this.#output = output;
    this.json = settings.json;
    this.quiet = settings.quiet;
    this.verbose = settings.verbose;
    const screen = output.screen && environment["TERM"] !== "dumb";
    this.live = screen && settings.progress && !settings.quiet;
    this.#colour = usesColour(environment, screen);
    this.#width = Math.max(40, Math.min(120, output.columns || 100));
    this.#phases = output.phase && new Phases(output.phase);
  }

  get width(): number {
    return this.#width;
  }

  /** Whether the JSON document was printed. */
  get documented(): boolean {
    return this.#documented;
  }

  /** The one JSON document of this command; ignored in the text mode. */
  document(value: unknown): void {
    if (!this.json) return;
    if (this.#documented) throw new Error("a second JSON document");
    this.#documented = true;
    if (this.#output.document !== undefined) this.#output.document(value);
    else this.#output.result(`${JSON.stringify(value, undefined, 2)}\n`);
  }

  /** The result, a part to a line; nothing in JSON mode. The caller escapes what came from outside, but in tables. */
  result(...parts: readonly Part[]): void {
    if (this.json) return;
    const heading = (text: string) => this.style("dim", text);
    const lines = parts.map((part) => (typeof part === "string" ? part : formatTable(part, { heading })));
    const text = lines.join("\n");
    this.#stage?.clear();
    this.#output.blocks?.(blocksOf(parts));
    this.#output.result(text.endsWith("\n") || text === "" ? text : `${text}\n`);
    this.#stage?.draw();
  }

  /** A message line on stderr. */
  note(text: string): void {
    if (!this.quiet) this.write(`${printable(text)}\n`);
  }

  warn(text: string): void {
    if (!this.quiet) this.write(`${this.style("yellow", "warning:")} ${printable(text)}\n`);
  }

  /** Told with `--verbose` only. */
  trace(text: string): void {
    if (this.verbose) this.write(`${this.style("dim", printable(text))}\n`);
  }

  /** A labelled paragraph of the running account: `  imports     numpy, pandas`. */
  entry(label: string, text: string, bar = ""): void {
    if (this.quiet) return;
    const lines = wrap(printable(text), this.#width - LABEL_WIDTH - (bar === "" ? 0 : 17));
    const head = this.style("cyan", `  ${`${label} `.padEnd(LABEL_WIDTH - 2)}`);
    this.write(`${head}${bar}${lines.join(`\n${" ".repeat(LABEL_WIDTH)}`)}\n`);
  }

  /** Starts a long step; its bar moves until `end`. */
  stage(label: string): Stage {
    this.#stage?.end();
    const stage = new Stage(this, label, () => {
      if (this.#stage === stage) this.#stage = undefined;
    });
    this.#stage = stage;
    stage.draw();
    return stage;
  }

  /** Does a part of the run: `name` and what is told of it hold nothing of the question. */
  async phase<T>(name: string, work: PhaseWork<T>): Promise<T> {
    return this.#phases === undefined ? await work(UNHEARD) : await this.#phases.during(name, work);
  }

  /** The same, where its end is elsewhere. */
  beginPhase(name: string): OpenPhase {
    return this.#phases?.begin(name) ?? UNHEARD;
  }

  style(style: Style, text: string): string {
    const [on, off] = styles[style];
    return this.#colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  }

  /** Raw text on stderr, above a moving bar if there is one. */
  write(text: string): void {
    this.#stage?.clear();
    this.#output.message(mask(text));
    this.#stage?.draw();
  }

  /** What a moving bar draws with. */
  draw(text: string): void {
    this.#output.message(text);
  }

  tell(step: StageStep): void {
    this.#output.progress?.({ ...step, text: mask(step.text) });
  }

  /** Ends what is still moving. */
  close(): void {
    this.#stage?.end();
  }
}

function usesColour(environment: TerminalSettings["environment"], screen: boolean): boolean {
  if ((environment["NO_COLOR"] ?? "") !== "") return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return screen;
}
