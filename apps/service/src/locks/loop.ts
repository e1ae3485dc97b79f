// Work that is looked for again and again, one piece at a time, until it is stopped.

export interface LoopOptions {
  /** True: there may be more at once. */
  readonly step: () => Promise<boolean>;
  /** Milliseconds until it looks again where there was nothing, or something failed. */
  readonly pause: number;
  readonly failed: (error: unknown) => void;
}

export class Loop {
  readonly #options: LoopOptions;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Somebody said that there is work while the last piece was looked for. */
  #woken = false;
  #wake: () => void = () => undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Resolves when the piece that is being worked on is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      const more = await this.#step();
      if (!more && !this.#stopped) await this.#pause();
    }
  }

  async #step(): Promise<boolean> {
    try {
      return await this.#options.step();
    } catch (error) {
      this.#options.failed(error);
      // Whoever wakes it does not know that it fails: it waits all the same.
      this.#woken = false;
      return false;
    }
  }

  async #pause(): Promise<void> {
    if (this.#woken) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, this.#options.pause);
    await promise;
    clearTimeout(timer);
    this.#wake = () => undefined;
  }
}
