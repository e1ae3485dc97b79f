// Options that take a whole number within bounds.

import { quote, ThothError } from "@thoth/pep";
import { type OptionValues, textOption } from "../frame/command.ts";

export interface Bounds {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

/** Throws usage. */
export function wholeNumber(options: OptionValues, name: string, { fallback, least, most }: Bounds): number {
  const text = textOption(options, name);
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || text?.trim() === "" || value < least || value > most)
    throw new ThothError("usage", `${quote(text ?? "")} is no value of \`--${flagOf(name)}\``, {
      hint: `Write a whole number from ${least} to ${most}.`,
    });
  return value;
}

export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
