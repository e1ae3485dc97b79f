// Commands that both programs have.

import type { CommandSpec, ProgramSpec } from "../frame/command.ts";

/** `whole`: the program that the commands belong to, known when one of them is called. */
export function sharedCommands(program: "thoth" | "horus", whole: () => ProgramSpec): readonly CommandSpec[] {
  return [
    {
      name: "completion",
      summary: "print a completion script for a shell",
      arguments: [{ name: "shell", description: "bash, zsh or fish", choices: ["bash", "zsh", "fish"] }],
      examples: [
        [`completion bash > ~/.local/share/bash-completion/completions/${program}`, "for bash"],
        [`completion zsh > "\${fpath[1]}/_${program}"`, "for zsh"],
        [`completion fish > ~/.config/fish/completions/${program}.fish`, "for fish"],
      ],
      load: async () => (await import("./completion.ts")).completionCommand(whole()),
    },
    {
      name: "version",
      summary: "print the version",
      examples: [["version --json", "for scripts"]],
      load: async () => (await import("./version.ts")).versionCommand(program),
    },
  ];
}
