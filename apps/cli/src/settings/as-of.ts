// The date that `--as-of` names. A day without a time means its end: what was uploaded on that day exists.

import { quote, ThothError } from "@thoth/pep";

export interface AsOf {
  /** Seconds since 1970. */
  readonly seconds: number;
  /** ISO 8601 in UTC, as locks record it. */
  readonly text: string;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** A notebook's own evidence says when: of commands that lock one. */
export function isAutomatic(text: string | undefined): boolean {
  return text?.trim() === "auto";
}

/** Times without a zone are UTC. Throws usage. */
export function parseAsOf(text: string): AsOf {
  const wanted = text.trim();
  const day = DATE.exec(wanted);
  let milliseconds = Number.NaN;
  if (day !== null) milliseconds = Date.parse(`${wanted}T23:59:59Z`);
  else if (TIME.test(wanted)) {
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/i.test(wanted) ? wanted : `${wanted}Z`;
    milliseconds = Date.parse(zoned.replace(" ", "T").toUpperCase());
  }
  const real = day === null || new Date(milliseconds).getUTCDate() === Number(day[3]);
  if (Number.isNaN(milliseconds) || !real || milliseconds < 0) {
    throw new ThothError("usage", `${quote(text)} is no date`, {
      hint: isAutomatic(text)
        ? "Notebooks are dated by themselves where they are locked: `horus lock`, `thoth lock NOTEBOOK`."
        : "Write it as 2026-11-20, or with a time as 2026-11-20T12:00:00Z.",
    });
  }
  return fromSeconds(Math.floor(milliseconds / 1_000));
}

export function fromSeconds(seconds: number): AsOf {
  return { seconds, text: new Date(seconds * 1_000).toISOString().replace(".000Z", "Z") };
}

/** This moment. */
export function now(): AsOf {
  return fromSeconds(Math.floor(Date.now() / 1_000));
}
