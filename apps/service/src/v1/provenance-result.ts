// The first API's document of a provenance check.

import type { ProvenanceResult } from "@thoth/contract/service";
import type { ProvenanceQuestion } from "../questions/question.ts";
import { isFailure, wordsOf } from "./advice-document.ts";
import type { Answered } from "./adviser-result.ts";
import { metadataOf } from "./envelope.ts";
import { isTable, parsePipfileText } from "./pipfile-object.ts";

interface ProvenanceDocument {
  readonly findings: readonly {
    readonly type: "ERROR" | "WARNING" | "INFO";
    readonly id: string;
    readonly justification: string;
  }[];
}

export function provenanceResult(answered: Answered<ProvenanceQuestion>): ProvenanceResult {
  const { job, question, document, deployment } = answered;
  const parameters = parametersOf(question);
  const metadata = metadataOf(job, deployment, { "thoth-adviser": { provenance: parameters } });
  const failure = isFailure(document) ? wordsOf(document) : null;
  const report = failure === null ? (document as ProvenanceDocument).findings : [];
  const { requirements, requirements_locked } = parameters.project;
  return {
    metadata,
    result: {
      error: failure !== null,
      error_msg: failure,
      input: { requirements, requirements_locked },
      parameters,
      report,
    },
  };
}

function parametersOf({ lock, form, manifest, echo = {} }: ProvenanceQuestion) {
  const { pipfile } = echo;
  const project = {
    constraints: [],
    requirements: isTable(pipfile) ? pipfile : { ...parsePipfileText(manifest ?? "") },
    requirements_locked:
      form === "pipfile-lock" ? (JSON.parse(lock) as Readonly<Record<string, unknown>>) : null,
    runtime_environment: {},
  };
  return { whitelisted_sources: [], project };
}
