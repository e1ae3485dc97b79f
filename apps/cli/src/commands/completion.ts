// Completion scripts, written from the catalogue: words are known when the script is made, files are the shell's.

import type { CommandSpec, Handler, OptionSpec, ProgramSpec } from "../frame/command.ts";
import { commonOptions } from "../frame/program.ts";

type Shell = "bash" | "zsh" | "fish";

export function completionCommand(program: ProgramSpec): Handler {
  return async ({ terminal, arguments: [shell] }) => {
    const script = completionScript(program, shell as Shell);
    terminal.document({ shell, script });
    terminal.result(script);
    return 0;
  };
}

export function completionScript(program: ProgramSpec, shell: Shell): string {
  switch (shell) {
    case "bash":
      return bashScript(program);
    case "zsh":
      return zshScript(program);
    case "fish":
      return fishScript(program);
    default:
      return shell satisfies never;
  }
}

interface Flag {
  readonly short: string | undefined;
  readonly long: string;
  readonly takesValue: boolean;
  readonly description: string;
  readonly choices: readonly string[];
}

function flagsOf(command: CommandSpec): readonly Flag[] {
  return [...(command.options ?? []), ...commonOptions].map(flagOf);
}

function flagOf({ flags, description, choices = [] }: OptionSpec): Flag {
  const long = /--[a-z-]+/.exec(flags)?.[0] ?? flags;
  const short = /^-[a-zA-Z]/.exec(flags)?.[0];
  return { short, long, takesValue: flags.includes("<"), description, choices };
}

function bashScript({ name, commands }: ProgramSpec): string {
  const cases = commands.map((command) => {
    const flags = flagsOf(command);
    const words = [
      ...flags.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long])),
      "--help",
    ];
    const choices = (command.arguments ?? []).flatMap((argument) => argument.choices ?? []);
    return `    ${command.name}) words="${[...words, ...choices].join(" ")}" ;;`;
  });
  const values = new Map<string, string>();
  for (const flag of commands.flatMap(flagsOf)) {
    if (flag.choices.length > 0)
      values.set(
        flag.long,
        `    ${flag.long}) COMPREPLY=($(compgen -W "${flag.choices.join(" ")}" -- "$current")); return ;;`,
      );
  }
  return `# bash completion for ${name}
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((command) => command.name).join(" ")} help --help --version" -- "$current"))
    return
  fi
  case $previous in
${[...values.values()].join("\n")}
  esac
  case $command in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _${name} ${name}
`;
}

function zshScript({ name, commands }: ProgramSpec): string {
  const listed = commands.map(({ name: command, summary }) => `    '${command}:${quoted(summary)}'`);
  const cases = commands.map((command) => {
    const flags = flagsOf(command).map(({ long, description, takesValue, choices }) => {
      const value = takesValue ? `:value:${choices.length > 0 ? `(${choices.join(" ")})` : "_files"}` : "";
      return `'${long}[${quoted(description).replaceAll("[", "(").replaceAll("]", ")")}]${value}'`;
    });
    const choices = (command.arguments ?? []).flatMap((argument) => argument.choices ?? []);
    const rest = choices.length > 0 ? `'*:choice:(${choices.join(" ")})'` : "'*:file:_files'";
    return `    ${command.name}) _arguments ${[...flags, rest].join(" ")} ;;`;
  });
  return `#compdef ${name}
_${name}() {
  local -a commands
  commands=(
${listed.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
_${name} "$@"
`;
}

/** For single quotes of a shell, where a colon would end a description of zsh. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(":", "\\:");
}

function fishScript({ name, commands }: ProgramSpec): string {
  const lines = [`# fish completion for ${name}`];
  const none = `not __fish_seen_subcommand_from ${commands.map((command) => command.name).join(" ")}`;
  for (const command of commands) {
    lines.push(`complete -c ${name} -n '${none}' -f -a ${command.name} -d '${fishQuoted(command.summary)}'`);
    const seen = `__fish_seen_subcommand_from ${command.name}`;
    for (const { short, long, takesValue, description, choices } of flagsOf(command)) {
      const words = [`complete -c ${name} -n '${seen}'`];
      if (short !== undefined) words.push(`-s ${short.slice(1)}`);
      words.push(`-l ${long.slice(2)}`);
      if (takesValue) words.push("-r");
      if (choices.length > 0) words.push(`-f -a '${choices.join(" ")}'`);
      lines.push(`${words.join(" ")} -d '${fishQuoted(description)}'`);
    }
    const choices = (command.arguments ?? []).flatMap((argument) => argument.choices ?? []);
    if (choices.length > 0) lines.push(`complete -c ${name} -n '${seen}' -f -a '${choices.join(" ")}'`);
  }
  return `${lines.join("\n")}\n`;
}

function fishQuoted(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
}
