// Brings an artifact from a server to disk. An attempt that was cut off is gone on with where it ended, if the
// server lets us; whether the pieces fit together, the hash says.

import { quote, ThothError } from "@thoth/pep";
import type { ArtifactRequest, Intake } from "./artifact-cache.ts";
import type { Report } from "./events.ts";
import { type Attempt, type HttpClient, invalid } from "./http-client.ts";
import type { IndexLimits } from "./limits.ts";
import type { AnswerHead } from "./transport.ts";

export interface DownloadOptions {
  readonly client: HttpClient;
  readonly limits: IndexLimits;
  readonly report: Report;
}

const REPORT_EVERY = 1 << 20;

export async function download(
  { client, limits, report }: DownloadOptions,
  request: ArtifactRequest,
  target: Intake,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { filename, url, size } = request;
  const subject = quote(filename);
  let reported = 0;
  let total = size;
  const take = (chunk: Buffer) => {
    const busy = target.add(chunk);
    if (target.received - reported >= REPORT_EVERY) {
      reported = target.received;
      report({ kind: "download", filename, received: reported, total });
    }
    return busy;
  };
  const answer = await client.get({
    url,
    subject,
    signal,
    headers: { "accept-encoding": "identity" },
    seconds: limits.requestSeconds + (size ?? limits.artifactBytes) / limits.slowestRate,
    attempt: (): Attempt => {
      const from = target.received;
      return {
        ...(from > 0 ? { headers: { range: `bytes=${from}-` } } : {}),
        accept: (head) => {
          if (head.status >= 300) return undefined;
          total = size ?? totalOf(head, from);
          checkLength(request, total, limits.artifactBytes);
          if (from === 0 || (head.status === 206 && startOf(head) === from)) return take;
          return restarted(target, take);
        },
      };
    },
  });
  if (answer.status >= 300) {
    throw new ThothError(
      "index-response-invalid",
      `${subject} is not where the index says: ${quote(new URL(url).host)} answers ${answer.status}.`,
      {
        details: { file: filename, status: answer.status },
      },
    );
  }
  if (answer.status === 206 && target.received === 0)
    throw invalid({ subject }, "came as a part that nobody asked for");
  report({ kind: "download", filename, received: target.received, total: target.received });
}

/** The whole file came again: what was there is dropped before the first new byte. */
function restarted(target: Intake, take: (chunk: Buffer) => Promise<void> | undefined) {
  let ready: Promise<void> | undefined;
  return (chunk: Buffer): Promise<void> | undefined => {
    if (ready !== undefined) return take(chunk);
    ready = target.restart().then(() => take(chunk));
    return ready;
  };
}

function startOf({ headers }: AnswerHead): number | undefined {
  const match = /^bytes (\d{1,15})-/i.exec(headers.get("content-range") ?? "");
  return match === null ? undefined : Number(match[1]);
}

function totalOf({ headers }: AnswerHead, from: number): number | undefined {
  const length = headers.get("content-length");
  return length === undefined || !/^\d{1,15}$/.test(length) ? undefined : from + Number(length);
}

function checkLength({ filename }: ArtifactRequest, total: number | undefined, most: number): void {
  if (total === undefined || total <= most) return;
  throw new ThothError("limit-exceeded", `${quote(filename)} is larger than the limit of ${most} bytes.`, {
    details: { limit: "artifactBytes", most, file: filename },
  });
}
