// Analyses that the first API was asked for, by their ids. Its clients ask without a token for what they asked for with
// one: who knows an id was told it, as its digits are random.

import type { ImageDocument } from "@thoth/contract";
import type { Handler, Incoming, Reply } from "../http/handler.ts";
import { invalid } from "../http/incoming.ts";
import { ImageAnalyses } from "../jobs/image-analyses.ts";
import { hasEnded, JOB_COLUMNS, type Job, type JobKind, type JobRow, jobOf, PREFIXES } from "../jobs/job.ts";
import { parseQuestion } from "../questions/question.ts";
import type { Service } from "../service.ts";
import { adviserResult } from "./adviser-result.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Deployment, momentOf, statusOf } from "./envelope.ts";
import { imageResult, knownImageResult } from "./image-result.ts";
import { provenanceResult } from "./provenance-result.ts";

export class AnalysisReader {
  readonly #service: Service;
  readonly #deployment: Deployment;

  constructor(service: Service, deployment: Deployment) {
    this.#service = service;
    this.#deployment = deployment;
  }

  result(kind: JobKind): Handler {
    return async (incoming) => {
      const job = await this.#find(kind, incoming);
      if (job === undefined) return notFound(incoming);
      const parameters = parametersOf(incoming);
      const status = statusOf(job);
      if (!hasEnded(job.state))
        return {
          status: 202,
          document: { error: "Analysis is still in progress", status, parameters },
        };
      const result = await this.#service.queue.result(job.id);
      if (result === undefined) {
        const error = `Analysis was not successful: ${status.reason ?? "nobody knows why"}`;
        return { status: 400, document: { error, parameters } };
      }
      const document: unknown = JSON.parse(textOf(result.document));
      return { status: 200, document: this.#told(job, document) };
    };
  }

  #told(job: Job, document: unknown): unknown {
    const deployment = this.#deployment;
    const question = parseQuestion(job.question);
    switch (question.kind) {
      case "advice":
        return adviserResult({ job, document, deployment, question });
      case "provenance":
        return provenanceResult({ job, document, deployment, question });
      case "image": {
        const { echo = {} } = question;
        return imageResult({ job, document: document as ImageDocument, deployment, echo });
      }
      default:
        return question satisfies never;
    }
  }

  /** By the digest of an image: what was analysed last, else what the knowledge graph has. */
  byHash(catalogue: Pick<Catalogue, "image">): Handler {
    const analyses = new ImageAnalyses(this.#service.database);
    return async ({ places, caller }) => {
      const { image_hash: digest = "" } = places;
      if (!DIGEST.test(digest)) throw invalid("The hash of an image is `sha256:` and 64 hexadecimal digits");
      const job = await analyses.find(digest, caller.tenant);
      const result = job && (await this.#service.queue.result(job.id));
      if (job !== undefined && result !== undefined)
        return { status: 200, document: this.#told(job, JSON.parse(textOf(result.document))) };
      const known = await catalogue.image(digest);
      if (known !== undefined) return { status: 200, document: knownImageResult(known, this.#deployment) };
      const error = "No analysis was performed for image described by the given image hash";
      return { status: 404, document: { error, parameters: { image_hash: digest } } };
    };
  }

  status(kind: JobKind): Handler {
    return async (incoming) => {
      const job = await this.#find(kind, incoming);
      if (job === undefined) return notFound(incoming);
      return { status: 200, document: { status: statusOf(job), parameters: parametersOf(incoming) } };
    };
  }

  /** A line of JSON for each line, as Python's loggers of Thoth write them. */
  log(kind: JobKind): Handler {
    return async (incoming) => {
      const job = await this.#find(kind, incoming);
      if (job === undefined) return notFound(incoming);
      const said = await this.#service.queue.lines(job.id);
      const lines = [...beginningOf(job), ...said, ...endOf(job)].map(formatLine);
      return { status: 200, document: { log: lines.join("\n"), parameters: parametersOf(incoming) } };
    };
  }

  /** Throws `invalid-request` for an id of another kind. */
  async #find(kind: JobKind, { places }: Incoming): Promise<Job | undefined> {
    const id = places["analysis_id"] ?? "";
    if (!id.startsWith(`${PREFIXES[kind]}-`)) throw invalid("Wrong analysis id provided");
    const [row] = await this.#service.database.rows<JobRow>(
      `SELECT ${JOB_COLUMNS.join(", ")} FROM service_jobs WHERE id = $1 AND kind = $2`,
      [id, kind],
    );
    // What was asked elsewhere is told there, to whom it belongs.
    return row && parseQuestion(row.question).echo !== undefined ? jobOf(row) : undefined;
  }
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

function textOf(document: Uint8Array): string {
  return Buffer.from(document).toString("utf8");
}

interface Line {
  readonly at: number;
  readonly line: string;
  readonly level?: string;
}

/** What is known of a job whether or not its worker has said anything. */
function beginningOf({ created, started, attempt }: Job): readonly Line[] {
  return [
    { at: created, line: "The analysis is queued" },
    ...(started === null ? [] : [{ at: started, line: "A worker has begun" }]),
    ...(attempt < 2
      ? []
      : [{ at: started ?? created, line: `It was begun ${attempt} times`, level: "WARNING" }]),
  ];
}

/** The last word, even where the worker's own came in later. */
function endOf({ finished, failure }: Job): readonly Line[] {
  if (finished === null) return [];
  if (failure !== null) return [{ at: finished, line: failure.message, level: "ERROR" }];
  return [{ at: finished, line: "The analysis has ended" }];
}

function formatLine({ at, line, level = "INFO" }: Line): string {
  return JSON.stringify({ asctime: momentOf(at), name: "thoth.service", levelname: level, message: line });
}

function parametersOf({ places }: Incoming) {
  return { analysis_id: places["analysis_id"] };
}

function notFound(incoming: Incoming): Reply {
  const parameters = parametersOf(incoming);
  return { status: 404, document: { error: "Requested analysis was not found", parameters } };
}
