// What a command is to the frame: data that tells its arguments, options and examples, and a way to load its code
// once it has been chosen.

import type { Documents } from "../files/documents.ts";
import type { Stores } from "./stores.ts";
import type { Terminal } from "./terminal.ts";

export interface ArgumentSpec {
  /** `name` required, `[name]` optional, `[name...]` any number. */
  readonly name: string;
  readonly description: string;
  /** What completion offers: files that end so. */
  readonly files?: readonly string[];
  readonly choices?: readonly string[];
}

export interface OptionSpec {
  /** As commander reads them: `-o, --output <file>`. */
  readonly flags: string;
  readonly description: string;
  /** The environment variable that stands in where the option is absent. */
  readonly variable?: string;
  readonly choices?: readonly string[];
  readonly fallback?: string;
  readonly repeatable?: boolean;
  /** Several values after one flag: `--add A B C`. */
  readonly variadic?: boolean;
}

/** Values by the camel-cased long name of their option. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Invocation {
  readonly terminal: Terminal;
  readonly arguments: readonly (string | readonly string[] | undefined)[];
  readonly options: OptionValues;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** How long it may take to end when the signal is aborted, in milliseconds; called before. A resident process waits anyway. */
  readonly grace: (milliseconds: number) => void;
  readonly stores: Stores;
  /** Where notebooks are read and written. */
  readonly documents: Documents;
  /** Where whoever called it works; that of a resident process says nothing of those who ask it. */
  readonly folder?: string | undefined;
}

/** 0 done, 1 answered with a no. Everything else is thrown. */
export type Handler = (invocation: Invocation) => Promise<0 | 1>;

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Each a whole command line and what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  readonly load: () => Promise<Handler>;
}

export interface ProgramSpec {
  readonly name: "thoth" | "horus";
  readonly summary: string;
  readonly commands: readonly CommandSpec[];
}

/** The text of an option that takes one value. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

export function flagOption(options: OptionValues, name: string): boolean {
  return options[name] === true;
}

export function listOption(options: OptionValues, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
