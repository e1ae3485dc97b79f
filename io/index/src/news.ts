// Tells a host that something arrived, once for all that arrives together.

export class News {
  #arrived = false;
  #failure: { readonly error: unknown } | undefined;
  #waiting: (() => void) | undefined;

  get arrived(): boolean {
    return this.#arrived || this.#failure !== undefined;
  }

  arrive(): void {
    this.#arrived = true;
    this.#waiting?.();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#waiting?.();
  }

  /** Resolves when something arrived since the last call; at once when nothing is on its way. */
  async next(expected: boolean, signal?: AbortSignal): Promise<void> {
    if (!this.#arrived && this.#failure === undefined && expected) await this.#wait(signal);
    // Answers that are already here are taken along.
    if (expected) await new Promise((resolve) => setImmediate(resolve));
    this.#arrived = false;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal?.reason);
      this.#waiting = () => {
        signal?.removeEventListener("abort", stop);
        this.#waiting = undefined;
        resolve();
      };
      signal?.addEventListener("abort", stop, { once: true });
    });
  }
}
