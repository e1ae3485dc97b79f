// What the process that resolves tells of a run, as spans of the one around it. It is another process, and what it tells is
// minded no further than it fits in there: so many, of such names, at such times.

import type { PhaseEvent } from "@thoth/contract";
import type { Attributes, Span } from "./tracing.ts";

export type Phase = Omit<PhaseEvent, "id" | "event">;

const MOST = 200;
const MOST_ATTRIBUTES = 20;
const ATTRIBUTE = /^[a-z][a-z_.]{0,49}$/;

export class RunPhases {
  readonly #heard: Phase[] = [];

  hear(phase: Phase): void {
    if (this.#heard.length < MOST) this.#heard.push(phase);
  }

  tell(around: Span): void {
    const spans = new Map<number, Span>();
    // Each began after the one that it is a part of, and ended before it.
    for (const phase of this.#heard.sort((a, b) => a.number - b.number)) {
      const { number, within, name, start, seconds, attributes, failure } = phase;
      const part = {
        name,
        start,
        end: start + seconds * 1_000,
        attributes: namedAsOurs(attributes),
        failure,
      };
      spans.set(number, (spans.get(within) ?? around).part(part));
    }
  }
}

function namedAsOurs(attributes: Phase["attributes"]): Attributes {
  const known = Object.entries(attributes).filter(([name]) => ATTRIBUTE.test(name));
  return Object.fromEntries(
    known.slice(0, MOST_ATTRIBUTES).map(([name, value]) => [`thoth.run.${name}`, value]),
  );
}
