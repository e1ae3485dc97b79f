// Writes docs/commands.md from the catalogues: what every command takes, with its examples.
// Usage: node apps/cli/tools/commands-page.ts

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { catalogue } from "../src/commands/catalogue.ts";
import type { CommandSpec, OptionSpec, ProgramSpec } from "../src/frame/command.ts";
import { commonOptions } from "../src/frame/program.ts";

export const generatedFile = fileURLToPath(new URL("../../../docs/commands.md", import.meta.url));

export function renderCommandsPage(): string {
  const head = [
    "# Commands",
    "",
    "Written by `apps/cli/tools/commands-page.ts` from the commands themselves: change those, not this page.",
    "",
    "Every command also takes these:",
    "",
    optionTable(commonOptions),
  ];
  return `${[...head, ...programPage(catalogue.horus), ...programPage(catalogue.thoth)].join("\n")}\n`;
}

function programPage({ name, summary, commands }: ProgramSpec): string[] {
  return ["", `## ${name}`, "", summary, ...commands.flatMap((command) => commandPage(name, command))];
}

function commandPage(
  program: string,
  { name, summary, arguments: taken = [], options = [], examples }: CommandSpec,
): string[] {
  const words = [
    program,
    name,
    ...taken.map((argument) => (/^[<[]/.test(argument.name) ? argument.name : `<${argument.name}>`)),
  ];
  const lines = [
    "",
    `### ${program} ${name}`,
    "",
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    "",
    "```",
    words.join(" "),
    "```",
  ];
  if (taken.length > 0) {
    lines.push("");
    for (const argument of taken) lines.push(`* \`${argument.name}\`: ${argument.description}`);
  }
  if (options.length > 0) lines.push("", optionTable(options));
  lines.push("", ...examples.map(([line, does]) => `* \`${program} ${line}\`: ${does}`));
  return lines;
}

function optionTable(options: readonly OptionSpec[]): string {
  const rows = options.map(({ flags, description, variable, choices, fallback }) => {
    const more = [
      ...(choices === undefined ? [] : [choices.map((choice) => `\`${choice}\``).join(", ")]),
      ...(fallback === undefined ? [] : [`default \`${fallback}\``]),
    ];
    const text = more.length === 0 ? description : `${description} (${more.join("; ")})`;
    return `| \`${cell(flags)}\` | ${cell(text)} | ${variable === undefined ? "" : `\`${variable}\``} |`;
  });
  return ["| option | does | variable |", "|---|---|---|", ...rows].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(generatedFile, renderCommandsPage());
