// `thoth why` and `thoth why-not`: one package of a project's stack, explained.

import { normalizeName, parseRequirement, quote, ThothError } from "@thoth/pep";
import { askWhy, askWhyNot, whyDocument, whyLines, whyNotDocument, whyNotLines } from "../../advice/why.ts";
import type { Consultation } from "../../engines/engine.ts";
import type { Handler, Invocation } from "../../frame/command.ts";
import { printable } from "../../frame/printable.ts";
import { readResolutionSettings } from "../../settings/resolution-settings.ts";
import { lockGiven } from "./lock.ts";

export const whyCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const [text, files] = argumentsOf(invocation);
  const name = normalizeName(parseRequirement(text).name);
  const why = await consult(invocation, files, (consultation) => askWhy(consultation, name));
  terminal.document(whyDocument(why));
  terminal.result(whyLines(why).map(printable).join("\n"));
  return 0;
};

export const whyNotCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const [text, files] = argumentsOf(invocation);
  const wish = parseRequirement(text);
  if (wish.specifiers.clauses.length === 0 || wish.url !== undefined)
    throw new ThothError("usage", `${quote(text)} names no version`, {
      hint: "Write it as `numpy==1.26.4`.",
    });
  const answer = await consult(invocation, files, (consultation) => askWhyNot(consultation, wish));
  terminal.document(whyNotDocument(text, answer));
  terminal.result(whyNotLines(text, answer).map(printable).join("\n"));
  return 0;
};

function argumentsOf({ arguments: words }: Invocation): readonly [string, readonly string[]] {
  return [words[0] as string, (words[1] ?? []) as readonly string[]];
}

async function consult<Answer>(
  invocation: Invocation,
  files: readonly string[],
  ask: (consultation: Consultation) => Promise<Answer>,
): Promise<Answer> {
  const settings = readResolutionSettings(invocation.options, invocation.environment);
  const answers: Answer[] = [];
  await lockGiven(invocation, settings, {
    files,
    consult: async (consultation) => {
      answers.push(await ask(consultation));
    },
  });
  const [answer] = answers;
  if (answer === undefined)
    throw new ThothError("usage", "only the engine thoth can say why", { hint: "Leave --engine out." });
  return answer;
}
