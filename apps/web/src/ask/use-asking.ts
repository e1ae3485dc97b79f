// Asks a question, and goes to its answer.

import type { AdviceRequest } from "@thoth/contract/service";
import * as React from "react";
import { api, type Refusal } from "../api/client.ts";
import { addressOf, navigate } from "../frame/place.ts";
import { keepDraft, keepQuestion } from "./own-questions.ts";

const NO_PLACE: Refusal = {
  kind: "refused",
  status: 200,
  code: "invalid-answer",
  message: "the service answered without saying where the answer is kept",
};

export function useAsking() {
  const [refusal, setRefusal] = React.useState<Refusal>();
  const [isAsking, setAsking] = React.useState(false);
  /** `name`: of the file, where it was one. */
  const ask = async (question: AdviceRequest, name = "") => {
    setAsking(true);
    setRefusal(undefined);
    keepDraft(question);
    const outcome = await api.askAdvice({ body: question });
    setAsking(false);
    if (outcome.kind === "refused") return setRefusal(outcome);
    const id = outcome.job ?? (outcome.status === 202 ? outcome.value.id : undefined);
    if (id === undefined) return setRefusal(NO_PLACE);
    keepQuestion({ id, title: name === "" ? titleOf(question) : name, question });
    navigate(addressOf.advice(id));
  };
  return { ask, refusal, isAsking };
}

const MOST_NAMED = 3;

function titleOf({ project: { content, form } }: AdviceRequest): string {
  if (form !== "requirements") return form;
  const lines = content.split("\n").filter((line) => /^\s*[A-Za-z0-9]/.test(line));
  const more = lines.length > MOST_NAMED ? ` and ${lines.length - MOST_NAMED} more` : "";
  return lines.slice(0, MOST_NAMED).join(", ").slice(0, 90) + more;
}
