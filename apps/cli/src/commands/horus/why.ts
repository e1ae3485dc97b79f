// `horus why` and `horus why-not`: one package of a notebook's stack, explained.

import { libraryUsage } from "@thoth/notebook";
import { normalizeName, parseRequirement, quote, ThothError } from "@thoth/pep";
import { askWhy, askWhyNot, whyDocument, whyLines, whyNotDocument, whyNotLines } from "../../advice/why.ts";
import type { Consultation } from "../../engines/engine.ts";
import { lockWithThoth } from "../../engines/thoth-engine.ts";
import type { Handler, Invocation } from "../../frame/command.ts";
import { printable } from "../../frame/printable.ts";
import { notebookInput, requirementsOf } from "../../notebook/lock-notebook.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import { discoverRequirements } from "../../notebook/notebook-requirements.ts";
import { lockTarget, settingsOf } from "../../notebook/prepare-notebook.ts";

export const whyCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const name = normalizeName(parseRequirement(invocation.arguments[1] as string).name);
  const why = await consult(invocation, (consultation) => askWhy(consultation, name));
  terminal.document(whyDocument(why));
  terminal.result(whyLines(why).map(printable).join("\n"));
  return 0;
};

export const whyNotCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const text = invocation.arguments[1] as string;
  const wish = parseRequirement(text);
  if (wish.specifiers.clauses.length === 0 || wish.url !== undefined)
    throw new ThothError("usage", `${quote(text)} names no version`, {
      hint: "Write it as `numpy==1.26.4`.",
    });
  const answer = await consult(invocation, (consultation) => askWhyNot(consultation, wish));
  terminal.document(whyNotDocument(text, answer));
  terminal.result(whyNotLines(text, answer).map(printable).join("\n"));
  return 0;
};

async function consult<Answer>(
  invocation: Invocation,
  ask: (consultation: Consultation) => Promise<Answer>,
): Promise<Answer> {
  const settings = settingsOf(invocation);
  const file = await openNotebook(notebookArgumentOf(invocation));
  const target = await lockTarget(file, settings);
  const discovery = discoverRequirements(file, target.python, invocation.environment);
  const requirements = requirementsOf(invocation, file, discovery);
  const input = await notebookInput(invocation, requirements, settings);
  const answers: Answer[] = [];
  await lockWithThoth(invocation, {
    settings,
    input,
    target,
    subject: "the notebook's requirements",
    libraryUsage: () => libraryUsage(file.notebook),
    consult: async (consultation) => {
      answers.push(await ask(consultation));
    },
  });
  return answers[0] as Answer;
}
