/** What was opened, to be closed in the opposite order. */
export class OpenParts {
  readonly #closing: ((time: number) => Promise<void>)[] = [];

  add(close: (time: number) => Promise<void>): void {
    this.#closing.unshift(close);
  }

  async close(time: number): Promise<void> {
    for (const close of this.#closing.splice(0)) await close(time);
  }
}
