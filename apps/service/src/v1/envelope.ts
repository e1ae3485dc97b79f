// What every document of the first API says of how it came to be.

import { release } from "node:os";
import type { V1Metadata } from "@thoth/contract/service";
import { hasEnded, type Job } from "../jobs/job.ts";

/** What is told of the service itself. */
export interface Deployment {
  /** Such as `production`; stands for the name of the machine too, which is nobody's business. */
  readonly name: string;
  readonly version: string;
  /** Where people look at results; ends in a slash. */
  readonly searchUrl: string;
}

const MILLISECONDS = 1000;

/** What is told of a job that has ended. */
export type Ended = Pick<Job, "id" | "kind" | "created" | "started" | "finished">;

const ANALYZERS: Readonly<Record<Job["kind"], string>> = {
  advice: "thoth-adviser",
  provenance: "thoth-provenance-checker",
  image: "thoth-package-extract",
};

export function metadataOf(
  job: Ended,
  { name, version }: Deployment,
  args: Readonly<Record<string, unknown>>,
): V1Metadata {
  const finished = job.finished ?? job.created;
  return {
    analyzer: ANALYZERS[job.kind],
    analyzer_version: version,
    arguments: args,
    datetime: momentOf(finished),
    distribution: DISTRIBUTION,
    document_id: job.id,
    duration: Math.max(0, Math.round((finished - (job.started ?? finished)) / MILLISECONDS)),
    hostname: name,
    os_release: { id: DISTRIBUTION.id, version: DISTRIBUTION.version },
    python: INTERPRETER,
    thoth_deployment_name: name,
    timestamp: Math.round(finished / MILLISECONDS),
  };
}

const [major = "0", minor = "0", build = "0"] = release().split(/[.-]/);
/** The kernel: containers differ in little else. */
const DISTRIBUTION: V1Metadata["distribution"] = {
  codename: "",
  id: process.platform,
  like: "",
  version: `${major}.${minor}`,
  version_parts: { build_number: build, major, minor },
};

/** Advice is not made by Python: what stands in its place says so. */
const INTERPRETER: V1Metadata["python"] = (() => {
  const [one = 0, two = 0, three = 0] = process.versions.node.split(".").map(Number);
  return {
    api_version: Number(process.versions.modules),
    implementation_name: "nodejs",
    major: one,
    minor: two,
    micro: three,
    releaselevel: "final",
    serial: 0,
  };
})();

/** As Python's `datetime.isoformat()`. */
export function momentOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "+00:00");
}

export type StateOfV1 = "pending" | "running" | "failed" | "error" | "terminated";

const STATES: Readonly<Record<Job["state"], StateOfV1>> = {
  ready: "pending",
  running: "running",
  done: "terminated",
  failed: "failed",
  dead: "error",
  cancelled: "failed",
};

export function statusOf({ state, failure, started, finished }: Job) {
  const at = (moment: number | null) => (moment === null ? null : momentOf(moment));
  return {
    state: STATES[state],
    reason: state === "cancelled" ? "it was cancelled" : (failure?.message ?? null),
    started_at: at(started),
    finished_at: hasEnded(state) ? at(finished) : null,
  };
}
