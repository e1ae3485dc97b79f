// The command line of a program, from its commands' descriptions. Options of a command are declared only when
// that command was called, and its code is loaded only then.

import { type ExitStatus, exitStatusOf } from "@thoth/contract";
import { ThothError } from "@thoth/pep";
import { Argument, Command, CommanderError, Option } from "commander";
import { type Documents, onDisk } from "../files/documents.ts";
import type { CommandSpec, OptionSpec, OptionValues, ProgramSpec } from "./command.ts";
import { watchInterruption } from "./interruption.ts";
import { withNotebookOfCell } from "./notebook-word.ts";
import { printableLines } from "./printable.ts";
import { processOutput } from "./process-output.ts";
import { reportFailure } from "./report-failure.ts";
import { Stores } from "./stores.ts";
import { type Output, Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** Options of every command. */
export const commonOptions: readonly OptionSpec[] = [
  { flags: "--json", description: "print exactly one JSON document on stdout", variable: "THOTH_JSON" },
  { flags: "-q, --quiet", description: "print the result and failures only", variable: "THOTH_QUIET" },
  {
    flags: "-v, --verbose",
    description: "tell requests and reasons; show stack traces",
    variable: "THOTH_VERBOSE",
  },
  { flags: "--no-progress", description: "no moving bars", variable: "THOTH_NO_PROGRESS" },
];

/** What surrounds a command: where it writes, what it shares with others of the process. */
interface Surroundings {
  readonly output: Output;
  readonly stores: Stores;
  readonly documents: Documents;
  readonly signal: AbortSignal;
  readonly interrupted: () => boolean;
  readonly grace: (milliseconds: number) => void;
  readonly folder?: string;
}

interface Chosen {
  readonly spec: CommandSpec;
  readonly values: readonly (string | readonly string[] | undefined)[];
  readonly options: OptionValues;
}

/** Runs one command line as the process; `words` are what follows the program's name. */
export async function runProgram(spec: ProgramSpec, words: readonly string[]): Promise<ExitStatus> {
  const output = processOutput();
  let about: readonly string[];
  try {
    about = withNotebookOfCell(spec, words, process.env);
  } catch (error) {
    return reportUsage(error, words, output);
  }
  const interruption = watchInterruption();
  const stores = new Stores();
  const { signal, interrupted, grace } = interruption;
  try {
    const folder = process.cwd();
    const around = { output, stores, documents: onDisk, signal, interrupted, grace, folder };
    return await answer(spec, about, around);
  } finally {
    await stores.close();
    interruption.stop();
  }
}

/** Runs one command line inside a process that lives on. */
export async function runResident(
  spec: ProgramSpec,
  words: readonly string[],
  around: Omit<Surroundings, "interrupted" | "grace" | "folder">,
): Promise<ExitStatus> {
  const interrupted = () => around.signal.aborted;
  return answer(spec, words, { ...around, interrupted, grace: () => undefined });
}

async function answer(
  spec: ProgramSpec,
  words: readonly string[],
  around: Surroundings,
): Promise<ExitStatus> {
  let chosen: Chosen | undefined;
  const program = buildProgram(spec, words, {
    choose: (found) => {
      chosen = found;
    },
    output: around.output,
  });
  try {
    program.parse(words.length === 0 ? ["--help"] : [...words], { from: "user" });
  } catch (error) {
    return reportUsage(error, words, around.output);
  }
  return chosen === undefined ? 0 : runChosen(chosen, around);
}

async function runChosen({ spec, values, options }: Chosen, around: Surroundings): Promise<ExitStatus> {
  const { output, stores, documents, signal, grace, folder } = around;
  const terminal = terminalFor(options, output);
  try {
    const handler = await spec.load();
    const status = await handler({
      terminal,
      arguments: values,
      options,
      environment: process.env,
      signal,
      grace,
      stores,
      documents,
      folder,
    });
    terminal.close();
    return status;
  } catch (error) {
    const failure = around.interrupted()
      ? new ThothError("interrupted", "interrupted", { cause: error })
      : error;
    return reportFailure(failure, terminal);
  }
}

function terminalFor(options: OptionValues, output: Output): Terminal {
  return new Terminal({
    // A lock that is printed as JSON is a JSON answer, and so is its failure.
    json: options["json"] === true || (options["format"] === "json" && options["output"] === undefined),
    quiet: options["quiet"] === true,
    verbose: options["verbose"] === true,
    progress: options["progress"] !== false,
    environment: process.env,
    output,
  });
}

interface Building {
  readonly choose: (chosen: Chosen) => void;
  readonly output: Output;
}

function buildProgram(spec: ProgramSpec, words: readonly string[], { choose, output }: Building): Command {
  const program = new Command(spec.name);
  const writers = { writeOut: output.result, writeErr: () => undefined };
  program
    .description(spec.summary)
    .version(VERSION, "-V, --version", "print the version")
    .helpCommand("help [command]", "tell how a command is used")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput(writers);
  const called = words.filter((word) => !word.startsWith("-"));
  // Where the command stands first, no other has a say.
  const own = spec.commands.filter(({ name }) => name === words[0]);
  for (const command of own.length === 0 ? spec.commands : own) {
    const child = program.command(command.name).description(command.summary);
    child.exitOverride().configureOutput(writers);
    if (called.includes(command.name))
      declare(child, spec.name, { ...command, options: optionsOf(command, words) }, choose);
  }
  return program;
}

function declare(child: Command, program: string, spec: CommandSpec, choose: (chosen: Chosen) => void): void {
  for (const { name, description, choices } of spec.arguments ?? []) {
    const argument = new Argument(/^[<[]/.test(name) ? name : `<${name}>`, description);
    child.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  for (const option of spec.options ?? []) child.addOption(declareOption(option));
  const width = Math.max(...spec.examples.map(([line]) => line.length));
  const examples = spec.examples.map(([line, does]) => `  $ ${program} ${line.padEnd(width)}  ${does}`);
  child.addHelpText("after", `\nExample${examples.length === 1 ? "" : "s"}:\n${examples.join("\n")}`);
  child.action((...given: unknown[]) => {
    const values = given.slice(0, (spec.arguments ?? []).length) as (
      | string
      | readonly string[]
      | undefined
    )[];
    choose({ spec, values, options: child.opts() });
  });
}

const FLAG = /(?<![\w-])--?[a-z][\w-]*/gi;

/** Where all flags of a call are known, those options alone that have a say in it: to declare one costs 30 µs. */
function optionsOf(spec: CommandSpec, words: readonly string[]): readonly OptionSpec[] {
  const all = [...(spec.options ?? []), ...commonOptions];
  const given = words.filter((word) => /^-./.test(word)).map((word) => word.split("=", 1)[0] as string);
  const known: string[] = [];
  const concerned = all.filter(({ flags, variable, fallback }) => {
    const own = flags.match(FLAG) ?? [];
    const isSet = variable !== undefined && process.env[variable] !== undefined;
    // What begins with `--no-` holds where it is not given.
    const hasSay =
      isSet || fallback !== undefined || own.some((flag) => flag.startsWith("--no-") || given.includes(flag));
    if (hasSay) known.push(...own);
    return hasSay;
  });
  return given.every((flag) => known.includes(flag)) ? concerned : all;
}

function declareOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  const { variable } = spec;
  if (variable !== undefined) {
    option.description += ` (env: ${variable})`;
    if (saysSomething(process.env[variable], option.isBoolean())) option.env(variable);
  }
  if (spec.fallback !== undefined) option.default(spec.fallback);
  if (spec.choices !== undefined) option.choices([...spec.choices]);
  if (spec.repeatable === true) option.argParser(collect(variable));
  return option;
}

/** An empty variable is none, and a switch may be set to "no". */
function saysSomething(value: string | undefined, isSwitch: boolean): boolean {
  if (value === undefined || value === "") return false;
  return !isSwitch || !["0", "false", "no", "off"].includes(value.toLowerCase());
}

/** Gathers repeated values; a variable holds several, separated by blanks. */
function collect(variable: string | undefined): (value: string, previous: unknown) => readonly string[] {
  const fromEnvironment = variable === undefined ? undefined : process.env[variable];
  return (value, previous) => {
    const earlier = Array.isArray(previous) ? (previous as readonly string[]) : [];
    if (value !== fromEnvironment || earlier.length > 0) return [...earlier, value];
    return value.split(/\s+/).filter((item) => item !== "");
  };
}

/** Help and version end here too, having printed themselves. */
function reportUsage(error: unknown, words: readonly string[], output: Output): ExitStatus {
  const terminal = terminalFor(
    { json: words.includes("--json"), verbose: words.includes("--verbose") || words.includes("-v") },
    output,
  );
  if (!(error instanceof CommanderError)) return reportFailure(error, terminal);
  if (error.exitCode === 0 || error.code === "commander.help") return 0;
  const message = error.message.replace(/^error: /, "").trim();
  const [first = "", ...more] = message.split("\n");
  const hint = more.length === 0 ? undefined : more.join(" ").replace(/^\((.*)\)$/, "$1");
  reportFailure(new ThothError("usage", printableLines(withBackticks(first)), { hint }), terminal);
  return exitStatusOf("usage");
}

/** Commander quotes what was given with apostrophes. */
function withBackticks(text: string): string {
  return text.replace(/'([^']*)'/g, "`$1`").replace(/\.$/, "");
}
