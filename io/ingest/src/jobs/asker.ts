// Asks politely: a pause between the beginnings of two requests to one host, few at once, and whoever says "later" is left
// alone until then, by everybody who would ask. What goes wrong on the way is tried again, with growing pauses, a few times.

import type { FileHandle } from "node:fs/promises";
import type {
  Sink,
  WebAnswer,
  WebClient,
  WebRequest,
  WheelArchive,
  WheelRequest,
  WholeFileRequest,
} from "@thoth/index";
import { quote, ThothError } from "@thoth/pep";

export interface Politeness {
  /** Seconds between the beginnings of two requests to one host. */
  readonly pause: number;
  /** Requests to one host that are under way. */
  readonly atOnce: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Seconds before the second attempt; twice as many before each further one. */
  readonly backoff: number;
  /** The longest, in seconds, that a source may ask us to wait; beyond that the job ends, and goes on another time. */
  readonly patience: number;
}

export const POLITE: Politeness = { pause: 0.1, atOnce: 4, retries: 3, backoff: 0.5, patience: 60 };

/** `size`: as the index page says. */
export type WholeFile = Omit<WholeFileRequest, "signal" | "seconds"> & { readonly size: number | undefined };

/** Seconds for an answer of any length, and bytes of it in a second beyond them. */
const LEAST_SECONDS = 30;
const SLOWEST = 64 * 1024;

/** The source is not to be asked any more in this run; `cause` says why. */
export class SourceClosed extends Error {
  override readonly cause: ThothError;

  constructor(cause: ThothError) {
    super(cause.message, { cause });
    this.cause = cause;
  }
}

export interface AskerOptions {
  /** Undefined: the job has other ways to ask. */
  readonly client: WebClient | undefined;
  readonly politeness: Politeness;
  readonly signal: AbortSignal;
  /** Of `performance.now()`: when everything must be over. */
  readonly end: number;
}

export class Asker {
  readonly #options: AskerOptions;
  readonly #hosts = new Map<string, Host>();

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  get base(): string {
    return this.#client.base;
  }

  /** Throws `SourceClosed` once the time of the job is over. */
  checkTime(): void {
    this.#secondsLeft();
  }

  get #client(): WebClient {
    const { client } = this.#options;
    if (client === undefined) throw new Error("a job without a client asks for a document");
    return client;
  }

  /** Throws as `WebClient.get`, and `SourceClosed`. */
  async ask(request: Omit<WebRequest, "signal" | "seconds">): Promise<WebAnswer> {
    const { signal } = this.#options;
    return await this.#persist(request.url, () =>
      this.#client.get({ ...request, signal, seconds: this.#secondsLeft() }),
    );
  }

  /** Throws as `WebClient.wheelMetadata`, and `SourceClosed`. */
  async askWheel(wheel: Omit<WheelRequest, "signal">): Promise<Buffer | undefined> {
    const { signal } = this.#options;
    return await this.#persist(wheel.url, () => this.#client.wheelMetadata({ ...wheel, signal }));
  }

  /**
   * The body of an answer, as it comes; `begin` is called for each attempt. Throws as `WebClient.receive`, and
   * `SourceClosed`.
   */
  async askStream(
    request: Omit<WebRequest, "signal" | "seconds">,
    begin: () => Sink,
  ): Promise<Omit<WebAnswer, "body">> {
    const { signal } = this.#options;
    return await this.#persist(request.url, () =>
      this.#client.receive({ ...request, signal, seconds: this.#secondsFor(request.limit) }, begin()),
    );
  }

  /** A wheel with that hash, which must be closed. Throws as `WebClient.fetchWheel`, `index-response-invalid`, `SourceClosed`. */
  async askWheelWhole(wheel: WholeFile): Promise<WheelArchive> {
    const found = await this.#persist(wheel.url, () => this.#client.fetchWheel(this.#whole(wheel)));
    return found ?? missing(wheel, "is not where the index page says");
  }

  /** Any file, likewise. */
  async askFile(file: WholeFile): Promise<FileHandle> {
    const found = await this.#persist(file.url, () => this.#client.fetchFile(this.#whole(file)));
    return found ?? missing(file, "is not where the index page says");
  }

  #whole(file: WholeFile): WholeFileRequest {
    const { signal } = this.#options;
    return { ...file, signal, seconds: this.#secondsFor(file.size ?? file.most) };
  }

  /** Reads parts of a wheel that stays where it is. Throws as `WebClient.openWheel`, `index-response-invalid`, `SourceClosed`. */
  async withParts<T>(
    wheel: Omit<WheelRequest, "signal">,
    read: (wheel: WheelArchive, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { signal } = this.#options;
    return await this.#persist(wheel.url, async () => {
      const opened = await this.#client.openWheel({ ...wheel, signal });
      if (opened === undefined)
        return missing(wheel, "is too large to be fetched whole, and its server knows no ranges");
      try {
        return await read(opened, signal);
      } finally {
        await opened.close();
      }
    });
  }

  /** Until so many bytes must be here, however slowly they come. */
  #secondsFor(bytes: number): number {
    return Math.min(this.#secondsLeft(), LEAST_SECONDS + bytes / SLOWEST);
  }

  async #persist<T>(url: string, work: () => Promise<T>): Promise<T> {
    const host = this.#hostOf(url);
    const { retries, backoff } = this.#options.politeness;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once(host, work);
      } catch (error) {
        const asked = retryAfterOf(error);
        if (asked !== undefined) this.#closeFor(host, asked, error as ThothError);
        if (attempt >= retries || !isWorthAnother(error)) throw error;
        if (asked === undefined) await this.#rest(backoff * 2 ** attempt, error as ThothError);
      }
    }
  }

  async #once<T>(host: Host, work: () => Promise<T>): Promise<T> {
    const leave = await host.enter(this.#options.politeness, (seconds) => this.#rest(seconds));
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Nobody asks the host for so long. */
  #closeFor(host: Host, seconds: number, error: ThothError): void {
    if (seconds > Math.min(this.#options.politeness.patience, this.#secondsLeft()))
      throw new SourceClosed(error);
    host.closeUntil(performance.now() + seconds * 1000);
  }

  #hostOf(url: string): Host {
    const { host } = new URL(url);
    const known = this.#hosts.get(host) ?? new Host();
    this.#hosts.set(host, known);
    return known;
  }

  #secondsLeft(): number {
    const left = (this.#options.end - performance.now()) / 1000;
    if (left > 0) return left;
    throw new SourceClosed(
      new ThothError("limit-exceeded", "The time for this source is over.", {
        hint: "Run it again: it goes on where it stopped. `--timeout` gives it more time.",
        details: { limit: "seconds" },
      }),
    );
  }

  async #rest(seconds: number, error?: ThothError): Promise<void> {
    if (seconds > this.#secondsLeft() && error !== undefined) throw new SourceClosed(error);
    await pauseFor(seconds, this.#options.signal);
  }
}

class Host {
  #next = 0;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  /** Resolves when it is polite to send a request, to the function that says that it is over. */
  async enter({ pause, atOnce }: Politeness, rest: (seconds: number) => Promise<void>): Promise<() => void> {
    if (this.#inside >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside++;
    const leave = () => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#inside--;
      else next();
    };
    try {
      for (let now = performance.now(); this.#next > now; now = performance.now())
        await rest((this.#next - now) / 1000);
      this.#next = performance.now() + pause * 1000;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  closeUntil(time: number): void {
    this.#next = Math.max(this.#next, time);
  }
}

/** Seconds. */
function retryAfterOf(error: unknown): number | undefined {
  const seconds = error instanceof ThothError ? error.details?.["retryAfter"] : undefined;
  return typeof seconds === "number" ? seconds : undefined;
}

/** Where it would end the same way, however often. */
const FINAL = new Set<unknown>(["certificate", "forbidden"]);

function isWorthAnother(error: unknown): boolean {
  return (
    error instanceof ThothError &&
    error.code === "index-unreachable" &&
    !FINAL.has(error.details?.["failure"])
  );
}

function pauseFor(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** What a body is, where an answer must have one. Throws `index-response-invalid`. */
export function bodyOf(answer: WebAnswer, subject: string): Buffer {
  if (answer.body !== undefined && answer.status !== 204) return answer.body;
  throw new ThothError(
    "index-response-invalid",
    `${quote(new URL(answer.url).host)} has no content for ${subject}: it answers ${answer.status}.`,
    { details: { status: answer.status } },
  );
}

function missing(
  { url, filename }: { readonly url: string; readonly filename: string },
  problem: string,
): never {
  throw new ThothError("index-response-invalid", `${quote(filename)} ${problem}.`, {
    details: { host: new URL(url).host, file: filename },
  });
}
