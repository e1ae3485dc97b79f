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

function parametersOf({ lock, manifest = "", echo = {} }: ProvenanceQuestion) {
  const { thoth } = echo;
  const requirements = { ...parsePipfileText(manifest), ...(isTable(thoth) ? { thoth } : {}) };
  const project = {
    constraints: [],
    requirements,
    requirements_locked: JSON.parse(lock) as Readonly<Record<string, unknown>>,
    runtime_environment: {},
  };
  return { whitelisted_sources: [], project };
}
