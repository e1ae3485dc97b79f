// `thoth why` and `thoth why-not`: one package of a project's stack, explained.

import { ThothError } from "@thoth/pep";
import { whyHandler, whyNotHandler } from "../../advice/why.ts";
import type { Consultation } from "../../engines/engine.ts";
import type { Invocation } from "../../frame/command.ts";
import { withProjectFile } from "../../settings/project-settings.ts";
import { readResolutionSettings } from "../../settings/resolution-settings.ts";
import { lockGiven } from "./lock.ts";

export const whyCommand = whyHandler(consult, 0);
export const whyNotCommand = whyNotHandler(consult, 0);

async function consult<Answer>(
  given: Invocation,
  ask: (consultation: Consultation) => Promise<Answer>,
): Promise<Answer> {
  // Why is told by this machine: a service gives no reasons for what it did not choose.
  const invocation = await withProjectFile(given, { usualType: "latest", service: false });
  const files = (invocation.arguments[1] ?? []) as readonly string[];
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
