// Keeps, while a syntax tree is walked, the conditions above the node at hand, without ever climbing the tree: the
// cost is that of the walk, however deep or long a statement is.

import { MAXIMUM_TREE_DEPTH, type SyntaxNodeRef } from "./syntax.ts";

/** A condition under which a statement runs. */
export interface Guard {
  readonly kind: "try" | "handler" | "then" | "else" | "case";
  /** Tells one `try` or `if` of the cell from another. */
  readonly group: number;
  /** Text of the condition of an `if`. */
  readonly condition: string;
}

interface Frame {
  readonly kind: "try" | "if";
  readonly depth: number;
  readonly group: number;
  clause: string;
  /** Of an `if`: the conditions so far. */
  readonly conditions: string[];
  /** Of a `try`: it has a handler. */
  readonly handled: boolean;
}

interface Body {
  readonly depth: number;
  readonly outer: readonly Guard[];
}

/** A stretch of text with conditions; inner ones come later. */
export interface GuardedStretch {
  readonly from: number;
  readonly to: number;
  readonly guards: readonly Guard[];
}

const MAXIMUM_GUARDS = 16;
const LONGEST_CONDITION = 400;
const MAXIMUM_CONDITIONS = 20;
const ALWAYS = /^(?:True|1|\(?__name__\s*==\s*["']__main__["']\)?)$/;

export class GuardTracker {
  readonly #text: string;
  readonly #frames: Frame[] = [];
  readonly #bodies: Body[] = [];
  readonly stretches: GuardedStretch[] = [];
  depth = 0;
  guards: readonly Guard[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  enter(reference: SyntaxNodeRef): void {
    this.depth++;
    const frame = this.#frames.at(-1);
    if (frame !== undefined && this.depth === frame.depth + 1) this.#child(frame, reference);
    if (this.depth > MAXIMUM_TREE_DEPTH) return;
    const { name } = reference;
    if (name === "TryStatement") {
      this.#open("try", reference, reference.node.getChild("except") !== null);
    } else if (name === "IfStatement") this.#open("if", reference, false);
    else if (name === "MatchClause")
      this.#push(reference, { kind: "case", group: reference.from, condition: "" });
  }

  leave(): void {
    if (this.#frames.at(-1)?.depth === this.depth) this.#frames.pop();
    const body = this.#bodies.at(-1);
    if (body?.depth === this.depth) {
      this.guards = body.outer;
      this.#bodies.pop();
    }
    this.depth--;
  }

  #open(kind: "try" | "if", { from }: SyntaxNodeRef, handled: boolean): void {
    this.#frames.push({ kind, depth: this.depth, group: from, clause: kind, conditions: [], handled });
  }

  #child(frame: Frame, reference: SyntaxNodeRef): void {
    const { name } = reference;
    if (name === "Body") {
      const guard = frame.kind === "try" ? tryGuard(frame) : ifGuard(frame);
      if (guard !== undefined) this.#push(reference, guard);
    } else if (/^(?:try|except|else|finally|if|elif)$/.test(name)) frame.clause = name;
    else if (frame.kind === "if" && !reference.type.isError && frame.conditions.length < MAXIMUM_CONDITIONS) {
      const end = Math.min(reference.to, reference.from + LONGEST_CONDITION);
      frame.conditions.push(this.#text.slice(reference.from, end));
    }
  }

  #push({ from, to }: SyntaxNodeRef, guard: Guard): void {
    this.#bodies.push({ depth: this.depth, outer: this.guards });
    this.guards = [...this.guards.slice(1 - MAXIMUM_GUARDS), guard];
    this.stretches.push({ from, to, guards: this.guards });
  }
}

function tryGuard({ clause, handled, group }: Frame): Guard | undefined {
  if (clause === "finally" || !handled) return undefined;
  return { kind: clause === "except" ? "handler" : "try", group, condition: "" };
}

function ifGuard({ clause, conditions, group }: Frame): Guard | undefined {
  if (clause === "else") return { kind: "else", group, condition: conditions.join(" or ") };
  const condition = conditions.at(-1) ?? "";
  return ALWAYS.test(condition) ? undefined : { kind: "then", group, condition };
}
