// `horus why` and `horus why-not`: one package of a notebook's stack, explained.

import { libraryUsage, notebookUsage } from "@thoth/notebook";
import { whyHandler, whyNotHandler } from "../../advice/why.ts";
import type { Consultation } from "../../engines/engine.ts";
import { lockWithThoth } from "../../engines/thoth-engine.ts";
import type { Invocation } from "../../frame/command.ts";
import { notebookInput, requirementsOf } from "../../notebook/lock-notebook.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import { discoverRequirements } from "../../notebook/notebook-requirements.ts";
import { lockTarget, settingsOf } from "../../notebook/prepare-notebook.ts";

export const whyCommand = whyHandler(consult, 1);
export const whyNotCommand = whyNotHandler(consult, 1);

async function consult<Answer>(
  invocation: Invocation,
  ask: (consultation: Consultation) => Promise<Answer>,
): Promise<Answer> {
  const settings = settingsOf(invocation);
  const file = await openNotebook(invocation, notebookArgumentOf(invocation));
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
    usage: () => notebookUsage(file.notebook),
    consult: async (consultation) => {
      answers.push(await ask(consultation));
    },
  });
  return answers[0] as Answer;
}
