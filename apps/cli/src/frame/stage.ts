// One long step on a terminal: a label, a bar, a few words. Without a terminal only its last line is written.

import { cutTo, printable } from "./printable.ts";

/** Where the text of a stage begins. */
export const LABEL_WIDTH = 14;

/** What a stage draws on. */
export interface StageScreen {
  readonly live: boolean;
  readonly width: number;
  style(style: "cyan" | "green", text: string): string;
  draw(text: string): void;
  entry(label: string, text: string, bar?: string): void;
  tell(step: StageStep): void;
}

/** How far a long step is. */
export interface StageStep {
  readonly label: string;
  readonly done: number;
  /** 0: not known yet. */
  readonly total: number;
  /** What is at hand, or once it is over what came of it. */
  readonly text: string;
  readonly over: boolean;
}

const BAR_WIDTH = 16;
const REDRAW_MILLISECONDS = 80;

export class Stage {
  readonly #screen: StageScreen;
  readonly #label: string;
  readonly #ended: () => void;
  readonly #started = performance.now();
  #done = 0;
  #total = 0;
  #text = "";
  #drawn = false;
  #lastDraw = 0;
  #open = true;

  constructor(screen: StageScreen, label: string, ended: () => void) {
    this.#screen = screen;
    this.#label = label;
    this.#ended = ended;
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1_000;
  }

  /** `total` 0: not known yet. */
  update(done: number, total: number, text: string): void {
    this.#done = done;
    this.#total = total;
    this.#text = text;
    this.#tell(text, false);
    if (!this.#screen.live || performance.now() - this.#lastDraw < REDRAW_MILLISECONDS) return;
    this.clear();
    this.draw();
  }

  /** Ends the step and says what came of it; without words it disappears. */
  end(text?: string): void {
    if (!this.#open) return;
    this.clear();
    this.#open = false;
    this.#ended();
    this.#tell(text ?? "", true);
    if (text === undefined) return;
    const bar = this.#screen.live ? `${this.#screen.style("green", "█".repeat(BAR_WIDTH))} ` : "";
    this.#screen.entry(this.#label, text, bar);
  }

  #tell(text: string, over: boolean): void {
    this.#screen.tell({ label: this.#label, done: this.#done, total: this.#total, text, over });
  }

  clear(): void {
    if (!this.#drawn) return;
    this.#screen.draw("\r\u001b[2K");
    this.#drawn = false;
  }

  draw(): void {
    if (!this.#open || !this.#screen.live) return;
    const filled =
      this.#total > 0 ? Math.round((BAR_WIDTH * Math.min(this.#done, this.#total)) / this.#total) : 0;
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const room = this.#screen.width - LABEL_WIDTH - BAR_WIDTH - 2;
    const label = this.#screen.style("cyan", `  ${`${this.#label} `.padEnd(LABEL_WIDTH - 2)}`);
    this.#screen.draw(`${label}${bar} ${cutTo(printable(this.#text), room)}`);
    this.#drawn = true;
    this.#lastDraw = performance.now();
  }
}
