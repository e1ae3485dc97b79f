// Buckets of tokens: whoever asks takes one, and they come back with time. A bucket that is full is like one that is not
// there, so the least used ones can be forgotten. https://en.wikipedia.org/wiki/Token_bucket

import { ThothError } from "@thoth/pep";
import { BoundedMap } from "./bounded-map.ts";

export interface Rate {
  /** Of a full bucket. */
  readonly burst: number;
  readonly perMinute: number;
}

/** Milliseconds of a clock that only goes forward. */
export type Clock = () => number;

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE = 60_000;
const MOST_BUCKETS = 20_000;

export class RateLimiter {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #buckets: BoundedMap<string, Bucket>;

  constructor(rate: Rate, clock: Clock, most = MOST_BUCKETS) {
    this.#rate = rate;
    this.#clock = clock;
    this.#buckets = new BoundedMap(most);
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Throws `quota-exceeded`, with the seconds until there is a token again. */
  take(key: string): void {
    this.check(key);
    const bucket = this.#filled(key);
    bucket.tokens--;
    this.#buckets.set(key, bucket);
  }

  /** The same without taking one. */
  check(key: string): void {
    const { tokens } = this.#filled(key);
    if (tokens >= 1) return;
    const retryAfter = Math.max(1, Math.ceil(((1 - tokens) * MINUTE) / this.#rate.perMinute / 1000));
    throw tooOften(`more than ${this.#rate.perMinute} requests a minute`, retryAfter);
  }

  #filled(key: string): Bucket {
    const now = this.#clock();
    const { burst, perMinute } = this.#rate;
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perMinute) / MINUTE);
    bucket.at = now;
    return bucket;
  }
}

/** `retryAfter`: seconds. */
export function tooOften(what: string, retryAfter: number): ThothError {
  return new ThothError("quota-exceeded", `too much is asked: ${what}`, {
    hint: "Ask again after the time of `Retry-After`.",
    details: { retryAfter },
  });
}
