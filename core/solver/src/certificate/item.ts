// A value of a JSON document and where it stands there, so that whatever is wrong with it can be told.

/** The document is not of its form. */
export class Malformed extends Error {
  /** JSON pointer (RFC 6901). */
  readonly at: string;

  constructor(at: string, what: string) {
    super(`what stands at \`${at}\` ${what}`);
    this.at = at;
  }
}

const MOST_ITEMS = 1 << 22;
const LONGEST_TEXT = 1 << 20;

export class Item {
  readonly value: unknown;
  readonly at: string;

  constructor(value: unknown, at = "") {
    this.value = value;
    this.at = at;
  }

  malformed(what: string): Malformed {
    return new Malformed(this.at === "" ? "/" : this.at, what);
  }

  /** The members of an object that has all of `required`, perhaps some of `optional`, and no others. */
  members<R extends string, O extends string = never>(
    required: readonly R[],
    optional: readonly O[] = [],
  ): Readonly<Record<R, Item>> & Readonly<Partial<Record<O, Item>>> {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.malformed("is no object");
    const known: readonly string[] = [...required, ...optional];
    const found: Record<string, Item> = Object.create(null);
    for (const [name, member] of Object.entries(value)) {
      if (!known.includes(name)) throw this.malformed(`has a member ${printable(name)}, which nothing knows`);
      found[name] = new Item(member, `${this.at}/${name}`);
    }
    for (const name of required) if (found[name] === undefined) throw this.malformed(`has no ${name}`);
    return found as Readonly<Record<R, Item>> & Readonly<Partial<Record<O, Item>>>;
  }

  list(most = MOST_ITEMS): Item[] {
    if (!Array.isArray(this.value)) throw this.malformed("is no list");
    if (this.value.length > most) throw this.malformed(`has more than ${most} members`);
    return this.value.map((value, i) => new Item(value, `${this.at}/${i}`));
  }

  text(): string {
    if (typeof this.value !== "string") throw this.malformed("is no text");
    if (this.value.length > LONGEST_TEXT) throw this.malformed("is too long");
    return this.value;
  }

  natural(most = Number.MAX_SAFE_INTEGER): number {
    const { value } = this;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || Object.is(value, -0))
      throw this.malformed("is no natural number");
    if (value > most) throw this.malformed("is too great");
    return value;
  }

  isNull(): boolean {
    return this.value === null;
  }

  isText(text: string): boolean {
    return this.value === text;
  }

  /** True; nothing else is written. */
  isTrue(): true {
    if (this.value !== true) throw this.malformed("is not true");
    return true;
  }

  /** The member `kind` of an object, one of `kinds`. */
  kind<K extends string>(kinds: readonly K[]): K {
    const { value } = this;
    const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
    const found = kinds.find((one) => one === kind);
    if (found === undefined) throw this.malformed(`has no kind that is one of ${kinds.join(", ")}`);
    return found;
  }
}

/** Enough of a name from outside to recognise it. */
function printable(name: string): string {
  return JSON.stringify(name.slice(0, 40)).replace(/[^\x20-\x7e]/g, "?");
}
