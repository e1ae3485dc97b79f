// Work that is looked for again and again, one piece at a time, until it is stopped.

export interface LoopOptions {
  /** True: there may be more at once. */
  readonly step: () => Promise<boolean>;
  /** Milliseconds until it looks again where there was nothing, or something failed. */
  readonly pause: number;
  /** Milliseconds between two looks of which the first found nothing, however often it is woken; 0 where it is left out. */
  readonly rest?: number;
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
      const began = performance.now();
      const more = await this.#step();
      if (more || this.#stopped) continue;
      if (!this.#woken) await this.#sleep(this.#options.pause);
      for (;;) {
        const left = (this.#options.rest ?? 0) - (performance.now() - began);
        if (left <= 0 || this.#stopped) break;
        await this.#sleep(left);
      }
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

  /** Until it is woken, or the time is over. */
  async #sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, milliseconds);
    await promise;
    clearTimeout(timer);
    this.#wake = () => undefined;
  }
}
