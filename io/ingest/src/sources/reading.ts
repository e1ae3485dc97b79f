// A JSON answer of somebody else, read place by place. What is not as it is documented is told with its place, because then
// it is not understood any more, and nothing of it may be believed.

import { quote, ThothError } from "@thoth/pep";

const utf8 = new TextDecoder("utf-8", { fatal: true });

export class Reading {
  readonly #value: unknown;
  readonly #path: string;
  readonly #subject: string;

  private constructor(value: unknown, path: string, subject: string) {
    this.#value = value;
    this.#path = path;
    this.#subject = subject;
  }

  /** `subject` names the answer in messages: `the scorecard of `psf/requests``. Throws `index-response-invalid`. */
  static parse(body: Uint8Array, subject: string): Reading {
    try {
      return new Reading(JSON.parse(utf8.decode(body)), "", subject);
    } catch {
      throw notUnderstood(subject, "it is no JSON");
    }
  }

  /** The member of that name, which must be there. */
  get(name: string): Reading {
    return this.maybe(name) ?? this.#refuse(`has no ${quote(name)}`);
  }

  /** Undefined where it is absent or null. */
  maybe(name: string): Reading | undefined {
    const members = this.#members();
    const member = Object.hasOwn(members, name) ? members[name] : null;
    if (member === null || member === undefined) return undefined;
    return new Reading(member, this.#path === "" ? name : `${this.#path}.${name}`, this.#subject);
  }

  /** At most `most` of them; more are `limit-exceeded`. */
  list(most: number): readonly Reading[] {
    return [...this.entries(most)];
  }

  /** The same, one by one: of a long list the others need no memory. */
  *entries(most: number): Generator<Reading, undefined> {
    const value = this.#value;
    if (!Array.isArray(value)) this.#refuse("is no list");
    if (value.length > most) throw this.#tooMany(most);
    for (let at = 0; at < value.length; at++)
      yield new Reading(value[at], `${this.#path}[${at}]`, this.#subject);
  }

  /** Texts by name, at most `most` of them; more are `limit-exceeded`. */
  texts(most: number): Readonly<Record<string, string>> {
    const names = Object.keys(this.#members());
    if (names.length > most) throw this.#tooMany(most);
    return Object.fromEntries(
      names.map((name) => [storable(name, 1000), this.maybe(name)?.text(10_000) ?? ""]),
    );
  }

  /** Cut at `most` characters; without what no store keeps. */
  text(most = 1000): string {
    if (typeof this.#value !== "string") return this.#refuse("is no text");
    return storable(this.#value, most);
  }

  /** A URL that a browser may be sent to. */
  address(): string {
    const text = this.text(2000);
    const url = URL.parse(text);
    return url?.protocol === "https:" || url?.protocol === "http:"
      ? url.href
      : this.#refuse("is no URL of http or https");
  }

  flag(): boolean {
    return typeof this.#value === "boolean" ? this.#value : this.#refuse("is neither true nor false");
  }

  /** From `low` to `high`. */
  number(low: number, high: number): number {
    const value = this.#value;
    if (typeof value !== "number" || !(value >= low && value <= high))
      return this.#refuse(`is no number from ${low} to ${high}`);
    return value;
  }

  count(): number {
    const value = this.number(0, Number.MAX_SAFE_INTEGER);
    return Number.isInteger(value) ? value : this.#refuse("is no whole number");
  }

  /** A count, for servers that write theirs as text too; undefined for anything else. */
  countOrNothing(): number | undefined {
    const value = this.#value;
    const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
    return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
  }

  /** Seconds since 1970. A day is its beginning; what has no zone is UTC. */
  time(): number {
    return parseTime(this.text(64)) ?? this.#refuse("is no time");
  }

  #members(): Readonly<Record<string, unknown>> {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.#refuse("is no object");
    return value as Readonly<Record<string, unknown>>;
  }

  #tooMany(most: number): ThothError {
    return new ThothError("limit-exceeded", `${this.#subject} lists more than ${most} things.`, {
      details: { limit: "entries", most },
    });
  }

  #refuse(problem: string): never {
    const place = this.#path === "" ? "it" : quote(this.#path);
    throw notUnderstood(this.#subject, `${place} ${problem}`);
  }
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Seconds since 1970; undefined for what is no time, or an earlier one. */
export function parseTime(text: string): number | undefined {
  const [, day, time = "00:00:00", zone = "Z"] = TIME.exec(text) ?? [];
  if (day === undefined) return undefined;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const milliseconds = Date.parse(`${day}T${time}${offset}`);
  return milliseconds >= 0 ? Math.floor(milliseconds / 1000) : undefined;
}

/** At most `most` characters, well-formed and without NUL. */
export function storable(text: string, most: number): string {
  return text.slice(0, most).toWellFormed().replaceAll("\0", "");
}

export function notUnderstood(subject: string, problem: string): ThothError {
  return new ThothError(
    "index-response-invalid",
    `${subject.charAt(0).toUpperCase()}${subject.slice(1)} is not what is understood here: ${problem}.`,
    { hint: "What was known before stays as it is." },
  );
}
