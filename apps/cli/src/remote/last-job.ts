// The job that was asked last, so that one need not type its id.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ThothError } from "@thoth/pep";
import { type Invocation, textOption } from "../frame/command.ts";
import { dataDirectory } from "../settings/directories.ts";

interface Last {
  readonly service: string;
  readonly job: string;
}

type Environment = Invocation["environment"];

function placeOf(environment: Environment): string {
  return join(dataDirectory(environment), "last-job.json");
}

/** Where it cannot be kept, its id is to be typed. */
export function keepLastJob(environment: Environment, last: Last): void {
  try {
    mkdirSync(dataDirectory(environment), { recursive: true });
    writeFileSync(placeOf(environment), JSON.stringify(last));
  } catch {
    // Nothing else depends on it.
  }
}

/** The one that is named, else the last one, at the service that is named, else where it was asked. Throws usage. */
export function chosenJob({ arguments: [given], options, environment }: Invocation): Last {
  const service = textOption(options, "service");
  const last = readLast(environment);
  const job = typeof given === "string" ? given : last?.job;
  if (job === undefined || (service ?? last?.service) === undefined)
    throw new ThothError("usage", "no service was asked from this machine yet", {
      hint: "Name the job, and the service by --service or THOTH_SERVICE.",
    });
  return { job, service: service ?? (last as Last).service };
}

function readLast(environment: Environment): Last | undefined {
  try {
    const { service, job } = JSON.parse(readFileSync(placeOf(environment), "utf8")) as Partial<Last>;
    return typeof service === "string" && typeof job === "string" ? { service, job } : undefined;
  } catch {
    return undefined;
  }
}
