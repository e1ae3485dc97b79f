// Reads what a pip, uv, conda or pipenv command line asks for: requirements, files, options.
// https://pip.pypa.io/en/stable/cli/pip_install/ and https://docs.conda.io/projects/conda/en/stable/commands/install.html

import { quote } from "@thoth/pep";
import { condaRequirement } from "./conda-names.ts";
import { type NamedRequirement, readRequirementWord } from "./requirement-word.ts";
import type { ShellCommand, ShellWord } from "./shell-line.ts";

export interface IndexOptions {
  /** The last one given. */
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  readonly noIndex: boolean;
  readonly prereleases: boolean;
  readonly trustedHosts: readonly string[];
  /** Names, or `:all:`. */
  readonly onlyBinary: readonly string[];
  readonly noBinary: readonly string[];
}

export interface InstallLine {
  readonly program: "pip" | "conda";
  readonly requirements: readonly NamedRequirement[];
  /** Options as written, each with its value. */
  readonly flags: readonly string[];
  /** Requirement files it reads; those of constraints apart. */
  readonly files: readonly string[];
  readonly constraints: readonly string[];
  readonly index: IndexOptions;
  /** Conda's channels. */
  readonly channels: readonly string[];
  /** What of the line could not be taken, one sentence each. */
  readonly skipped: readonly string[];
  readonly warnings: readonly string[];
}

export const NO_INDEX_OPTIONS: IndexOptions = {
  extraIndexUrls: [],
  findLinks: [],
  noIndex: false,
  prereleases: false,
  trustedHosts: [],
  onlyBinary: [],
  noBinary: [],
};

/** Options that take a value; a short one may carry it without a space. */
const VALUED = new Set(
  `-r --requirement -c --constraint -i --index-url --pypi-url --extra-index-url -f --find-links -t --target --prefix
   --root --src --cache-dir --timeout --retries --proxy --cert --client-cert --trusted-host --log --log-file
   --progress-bar --platform --python-version --implementation --abi --only-binary --no-binary --upgrade-strategy
   --global-option --config-settings --config-setting -C --install-option --report --exists-action -e --editable
   --python -p --use-feature --use-deprecated --keyring-provider --root-user-action --group --uploaded-prior-to
   --build-option -b --build --build-constraint --upgrade-package -P --reinstall-package --refresh-package
   --no-build-package --only-binary-package --no-binary-package --default-index --index --index-strategy
   --resolution --prerelease --exclude-newer --link-mode --extra --override --overrides --excludes -n --name
   --channel --file --solver --pypi-mirror --categories --pre-release --revision --repodata-fn --source --tag --branch --rev`.split(
    /\s+/,
  ),
);

/** `-qr file`, `-rfile`: options without a value, then one that takes the rest or the next word. */
const CLUSTER = /^-([qvUIy]*)([rcifeCt])(.*)$/s;

const WRAPPERS = new Set([
  "sudo",
  "time",
  "nohup",
  "exec",
  "command",
  "env",
  "yes",
  "then",
  "do",
  "else",
  "if",
  "!",
]);
const PIP = /^(?:pip|pip[23](?:\.\d+)?)(?:\.exe)?$/;
const PYTHON = /^(?:python|pypy|py)[0-9.]*(?:\.exe)?$/;
const CONDA = /^(?:conda|mamba|micromamba|conda\.exe)$/;

/** Undefined where the command installs nothing. */
export function readInstallLine(command: ShellCommand): InstallLine | undefined {
  const found = installArguments(command);
  if (found === undefined) return undefined;
  const reading = new Reading(found.program);
  reading.read(found.words);
  return reading.result();
}

interface Arguments {
  readonly program: "pip" | "conda";
  readonly words: readonly ShellWord[];
}

function installArguments(command: ShellCommand): Arguments | undefined {
  let words = command;
  while (words.length > 0 && isPrelude(words[0]!.text)) words = words.slice(1);
  const program = programName(words[0]);
  if (program === undefined) return undefined;
  if (PYTHON.test(program) || isInterpreter(words[0]!.text)) {
    const module = moduleArgument(words);
    return module === undefined ? undefined : subcommand("pip", module.program, module.rest);
  }
  if (program === "uv") return uvArguments(words.slice(1));
  if (program === "pipenv" || program === "poetry") return subcommand("pip", program, words.slice(1));
  if (program === "easy_install" || program.startsWith("easy_install-"))
    return { program: "pip", words: words.slice(1) };
  if (PIP.test(program)) return subcommand("pip", "pip", words.slice(1));
  if (CONDA.test(program)) return subcommand("conda", "conda", words.slice(1));
  return undefined;
}

/** `sudo`, `-H`, `VARIABLE=value` and the like before the program. */
function isPrelude(text: string): boolean {
  return WRAPPERS.has(text) || /^-[A-Za-z]$/.test(text) || /^[A-Za-z_]\w*=/.test(text);
}

function programName(word: ShellWord | undefined): string | undefined {
  return word?.text.split(/[/\\]/).at(-1)?.toLowerCase();
}

/** `{sys.executable}`, `$sys.executable`, `$PYTHON`. */
function isInterpreter(text: string): boolean {
  return /^["']?(?:\{\s*(?:sys\.executable|python\w*)\s*\}|\$\{?(?:sys\.executable|python\w*)\}?)["']?$/i.test(
    text,
  );
}

function moduleArgument(words: ShellCommand): { program: string; rest: ShellCommand } | undefined {
  for (let at = 1; at < words.length; at++) {
    const { text } = words[at]!;
    if (text === "-m" || text === "-mpip") {
      const program = text === "-m" ? words[at + 1]?.text : "pip";
      const rest = words.slice(text === "-m" ? at + 2 : at + 1);
      return program === "pip" || program === "uv" || program === "conda" ? { program, rest } : undefined;
    }
    if (!text.startsWith("-")) return undefined;
  }
  return undefined;
}

function uvArguments(words: ShellCommand): Arguments | undefined {
  const rest = withoutOptions(words);
  if (rest[0]?.text === "pip") return subcommand("pip", "pip", rest.slice(1));
  return rest[0]?.text === "add" ? { program: "pip", words: rest.slice(1) } : undefined;
}

function withoutOptions(words: ShellCommand): ShellCommand {
  let at = 0;
  while (at < words.length && words[at]!.text.startsWith("-")) at += VALUED.has(words[at]!.text) ? 2 : 1;
  return words.slice(at);
}

function subcommand(program: "pip" | "conda", name: string, words: ShellCommand): Arguments | undefined {
  if (name === "uv") return uvArguments(words);
  let at = 0;
  while (at < words.length && words[at]!.text.startsWith("-")) at += VALUED.has(words[at]!.text) ? 2 : 1;
  const verb = words[at]?.text;
  const installs =
    verb === "install" || (name === "poetry" && verb === "add") || (program === "conda" && verb === "update");
  if (!installs) return undefined;
  // Options before the verb hold for it as well.
  return { program, words: [...words.slice(0, at), ...words.slice(at + 1)] };
}

class Reading {
  readonly program: "pip" | "conda";
  readonly requirements: NamedRequirement[] = [];
  readonly flags: string[] = [];
  readonly files: string[] = [];
  readonly constraints: string[] = [];
  readonly channels: string[] = [];
  readonly skipped: string[] = [];
  readonly warnings: string[] = [];
  indexUrl: string | undefined;
  readonly extraIndexUrls: string[] = [];
  readonly findLinks: string[] = [];
  readonly trustedHosts: string[] = [];
  readonly onlyBinary: string[] = [];
  readonly noBinary: string[] = [];
  noIndex = false;
  prereleases = false;

  constructor(program: "pip" | "conda") {
    this.program = program;
  }

  read(words: ShellCommand): void {
    let onlyNames = false;
    for (let at = 0; at < words.length; at++) {
      const word = words[at]!;
      if (word.text === "--" && !onlyNames) onlyNames = true;
      else if (word.text.startsWith("-") && word.text.length > 1 && !onlyNames)
        at += this.#option(word, words[at + 1]);
      else {
        const more = specifierLength(words, at);
        this.#item(joinedSpecifier(words.slice(at, at + more + 1)), false);
        at += more;
      }
    }
  }

  /** How many words behind the option belong to it. */
  #option(word: ShellWord, next: ShellWord | undefined): number {
    const equals = word.text.startsWith("--") ? word.text.indexOf("=") : -1;
    if (equals > 0) {
      this.#set(word.text.slice(0, equals), { text: word.text.slice(equals + 1), variable: word.variable });
      return 0;
    }
    const cluster = this.program === "pip" ? CLUSTER.exec(word.text) : null;
    if (cluster !== null) {
      const [, plain, letter, value] = cluster;
      if (plain !== "") this.flags.push(`-${plain}`);
      if (value === "") {
        this.#set(`-${letter}`, next);
        return next === undefined ? 0 : 1;
      }
      this.#set(`-${letter}`, { text: value!.replace(/^=/, ""), variable: word.variable });
      return 0;
    }
    if (!this.#takesValue(word.text) || next === undefined) {
      this.#set(word.text, undefined);
      return 0;
    }
    this.#set(word.text, next);
    return 1;
  }

  #takesValue(option: string): boolean {
    // To conda `-c` is a channel, and `-p` and `-n` name an environment.
    return VALUED.has(option);
  }

  #set(option: string, value: ShellWord | undefined): void {
    const text = value?.text ?? "";
    this.flags.push(value === undefined ? option : `${option} ${text}`);
    if (value?.variable === true) {
      this.skipped.push(`${quote(`${option} ${text}`)} holds a variable`);
      return;
    }
    if (this.program === "conda") this.#condaOption(option, text);
    else if (option === "-e" || option === "--editable") this.#item({ text, variable: false }, true);
    else this.#pipOption(option, text);
  }

  #condaOption(option: string, text: string): void {
    if (option === "-c" || option === "--channel") this.channels.push(text);
    else if (option === "--file" || option === "-f") this.files.push(text);
  }

  #pipOption(option: string, text: string): void {
    switch (option) {
      case "-r":
      case "--requirement":
        this.files.push(text);
        break;
      case "-c":
      case "--constraint":
        this.constraints.push(text);
        break;
      case "-i":
      case "--index-url":
      case "--pypi-url":
      case "--default-index":
        this.indexUrl = text;
        break;
      case "--extra-index-url":
      case "--index":
        this.extraIndexUrls.push(text);
        break;
      case "-f":
      case "--find-links":
        this.findLinks.push(text);
        break;
      case "--trusted-host":
        this.trustedHosts.push(text);
        break;
      case "--only-binary":
        for (const name of text.split(",")) this.onlyBinary.push(name);
        break;
      case "--no-binary":
        for (const name of text.split(",")) this.noBinary.push(name);
        break;
      case "--no-index":
        this.noIndex = true;
        break;
      case "--pre":
        this.prereleases = true;
        break;
      default:
    }
  }

  #item(word: ShellWord, editable: boolean): void {
    if (word.text === "") return;
    if (word.variable) {
      this.skipped.push(`${quote(word.text)} holds a variable`);
      return;
    }
    const read =
      this.program === "conda" ? condaRequirement(word.text) : readRequirementWord(word.text, editable);
    if (read.kind === "skipped") this.skipped.push(read.reason);
    else {
      this.requirements.push(read);
      if (read.warning !== undefined) this.warnings.push(read.warning);
    }
  }

  result(): InstallLine {
    const { program, requirements, flags, files, constraints, channels, skipped, warnings } = this;
    const { extraIndexUrls, findLinks, trustedHosts, onlyBinary, noBinary, noIndex, prereleases } = this;
    const lists = { extraIndexUrls, findLinks, trustedHosts, onlyBinary, noBinary };
    const index = {
      ...(this.indexUrl === undefined ? {} : { indexUrl: this.indexUrl }),
      ...lists,
      noIndex,
      prereleases,
    };
    return { program, requirements, flags, files, constraints, channels, skipped, warnings, index };
  }
}

const LOOSE = /^(?:[<>=!~]=|[<>]|===)[\w.*+!,<>=~-]*$/;
const OPERATOR = /^(?:[<>=!~]=|[<>]|===)$/;

/** How many words behind a name are its specifier: pip refuses `numpy == 1.2`, but what was meant is clear. */
function specifierLength(words: ShellCommand, at: number): number {
  let next = at + 1;
  while (next < words.length && LOOSE.test(words[next]!.text))
    next += OPERATOR.test(words[next]!.text) ? 2 : 1;
  return Math.min(next, words.length) - at - 1;
}

function joinedSpecifier(words: ShellCommand): ShellWord {
  return { text: words.map((word) => word.text).join(""), variable: words.some((word) => word.variable) };
}
