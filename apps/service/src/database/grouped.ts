// Reads of one kind that come in while one runs go together in the next. Whoever asks sees all that was kept before he asked,
// and many who ask at a time cost the database no more than a few.

interface Waiter<K, V> {
  readonly key: K;
  readonly resolve: (value: V | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Keys of one read: a statement is written for each number of them. */
const MOST = 32;

export class Grouped<K, V> {
  readonly #read: (keys: readonly K[]) => Promise<ReadonlyMap<string, V>>;
  readonly #nameOf: (key: K) => string;
  #waiting: Waiter<K, V>[] = [];
  #isReading = false;

  /** `read` gets keys of different names, and returns by name what it found. */
  constructor(nameOf: (key: K) => string, read: (keys: readonly K[]) => Promise<ReadonlyMap<string, V>>) {
    this.#nameOf = nameOf;
    this.#read = read;
  }

  async get(key: K): Promise<V | undefined> {
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (!this.#isReading) void this.#readAll();
    });
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#waiting.length > 0) await this.#readSome();
    this.#isReading = false;
  }

  async #readSome(): Promise<void> {
    const byName = new Map<string, Waiter<K, V>[]>();
    const rest: Waiter<K, V>[] = [];
    for (const waiter of this.#waiting) {
      const name = this.#nameOf(waiter.key);
      const same = byName.get(name);
      if (same !== undefined) same.push(waiter);
      else if (byName.size < MOST) byName.set(name, [waiter]);
      else rest.push(waiter);
    }
    this.#waiting = rest;
    const groups = [...byName];
    try {
      const found = await this.#read(groups.map(([, [first]]) => (first as Waiter<K, V>).key));
      for (const [name, waiters] of groups) for (const { resolve } of waiters) resolve(found.get(name));
    } catch (error) {
      for (const [, waiters] of groups) for (const { reject } of waiters) reject(error);
    }
  }
}
