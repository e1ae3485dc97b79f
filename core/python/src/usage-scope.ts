// What names mean while code is followed: a map for each scope, joined where ways through the code meet.

import type { Meaning } from "./use.ts";

/** Undefined: bound to something that is not known. */
export type Bound = Meaning | undefined;

const MOST_MEANINGS = 4;

/** What may be either. */
export function joinMeanings(one: Bound, other: Bound): Bound {
  if (one === undefined || other === undefined) return undefined;
  const all = [...new Set([...one, ...other])];
  return all.length > MOST_MEANINGS ? undefined : all;
}

export class Scope {
  readonly outer: Scope | undefined;
  /** Names of a function or comprehension end with it; a class's are not seen from functions in it. */
  readonly kind: "module" | "function" | "class" | "comprehension";
  names: Map<string, Bound>;
  /** All that a name was ever bound to, for what runs at another time. */
  readonly ever = new Map<string, Bound>();
  /** Of the module: what names mean that nothing has bound yet, such as by an import in a later cell. */
  readonly later = new Map<string, Bound>();
  /** Names that belong to the module although they are assigned here. */
  readonly foreign = new Set<string>();

  constructor(kind: Scope["kind"], outer?: Scope) {
    this.kind = kind;
    this.outer = outer;
    this.names = new Map();
  }

  bind(name: string, meaning: Bound): void {
    this.names.set(name, meaning);
    const before = this.ever.get(name);
    this.ever.set(name, this.ever.has(name) ? joinMeanings(before, meaning) : meaning);
  }

  /** What a name means here; undefined also where nothing binds it. */
  lookup(name: string): Bound {
    if (this.names.has(name)) return this.names.get(name);
    for (let scope = this.outer; scope !== undefined; scope = scope.outer) {
      if (scope.kind === "class") continue;
      if (this.kind === "function" && scope.ever.has(name)) return scope.ever.get(name);
      if (scope.names.has(name)) return scope.names.get(name);
      if (scope.outer === undefined) return scope.later.get(name);
    }
    return this.later.get(name);
  }

  /** As it is now, to come back to. */
  fork(): Map<string, Bound> {
    return new Map(this.names);
  }

  /** Either what is known now, or that. */
  join(other: ReadonlyMap<string, Bound>): void {
    for (const name of new Set([...this.names.keys(), ...other.keys()])) {
      if (this.names.has(name) && other.has(name))
        this.names.set(name, joinMeanings(this.names.get(name), other.get(name)));
      else if (other.has(name)) this.names.set(name, other.get(name));
    }
  }
}
