// From the bodies of the modern API to questions.

import type { AdviceRequest, ProvenanceRequest } from "@thoth/contract/service";
import type { AdviceQuestion, ProvenanceQuestion } from "../questions/question.ts";

export function adviceQuestionOf(request: AdviceRequest): AdviceQuestion {
  const {
    project,
    environment = {},
    recommendationType = "stable",
    asOf,
    indexUrls,
    prerelease,
    dev,
    count,
    usage,
  } = request;
  return {
    kind: "advice",
    project: { ...project, content: withoutReturns(project.content) },
    ...environment,
    recommendationType,
    asOf,
    indexUrls,
    prerelease,
    dev,
    count,
    usage,
  };
}

export function provenanceQuestionOf({
  lock,
  form,
  manifest,
  indexUrls,
}: ProvenanceRequest): ProvenanceQuestion {
  return { kind: "provenance", lock, form, manifest, indexUrls };
}

/** The same question from another system is the same question. */
function withoutReturns(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
