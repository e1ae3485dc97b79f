// The graph as a plain list of all that was ever so: what the stores are compared with.

import { isDeepStrictEqual } from "node:util";
import type { AnyFact, FactKey, FactKind, FactQuery, OwnersQuery, Write } from "@thoth/knowledge";

type State = ReadonlyMap<string, AnyFact>;

export class GraphModel {
  /** By number of the snapshot. */
  readonly states: State[] = [new Map()];

  /** Number of the newest snapshot. */
  write({ changes }: Pick<Write, "changes">): number {
    const before = this.states.at(-1) as State;
    const after = new Map(before);
    // Of several changes of one fact the last counts, and what it is compared with is what was known before.
    for (const change of changes) {
      if ("drop" in change) after.delete(textOf(change.drop));
      else after.set(textOf(change.put), change.put);
    }
    for (const [text, fact] of after) {
      const known = before.get(text);
      if (known !== undefined && isDeepStrictEqual(known.body, fact.body)) after.set(text, known);
    }
    const same = after.size === before.size && [...after].every(([text, fact]) => before.get(text) === fact);
    if (!same) this.states.push(after);
    return this.states.length - 1;
  }

  read({ owners, kinds, subjects }: FactQuery, at: number): AnyFact[] {
    return this.#factsOf(at)
      .filter(
        ({ owner, kind, subject }) =>
          owners.includes(owner) &&
          (kinds === undefined || kinds.includes(kind)) &&
          (subjects === undefined || subjects.includes(subject)),
      )
      .sort((a, b) => order(a.owner, b.owner) || order(a.kind, b.kind) || order(a.subject, b.subject));
  }

  owners({ kind, after = "", limit }: OwnersQuery, at: number): string[] {
    const found = new Set(
      this.#factsOf(at).flatMap((fact) =>
        fact.kind === kind && order(fact.owner, after) > 0 ? fact.owner : [],
      ),
    );
    return [...found].sort(order).slice(0, limit);
  }

  count(kind: FactKind): number {
    return this.#factsOf(this.states.length - 1).filter((fact) => fact.kind === kind).length;
  }

  #factsOf(at: number): AnyFact[] {
    return [...(this.states[at] as State).values()];
  }
}

function textOf({ owner, kind, subject }: FactKey): string {
  return JSON.stringify([owner, kind, subject]);
}

function order(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
