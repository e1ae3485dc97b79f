// Documents of the modern API.

import { adviceDocument } from "../advice-documents.ts";
import { codeUsage } from "../code-usage.ts";
import { imageDocument } from "../image-documents.ts";
import { provenanceDocument } from "../provenance-documents.ts";
import type { Schema } from "../schema.ts";
import {
  choiceOf,
  count,
  flag,
  listOf,
  nullable,
  number,
  shapeOf,
  text,
  textLike,
  type ValueOf,
} from "../shape.ts";
import { errorDocument, justification } from "../shared-documents.ts";
import { SCOPES } from "./operation.ts";

const recommendationType = choiceOf("latest", "stable", "testing", "security", "performance");
export const name = textLike("^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$");
export const projectName = textLike("^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$");
/** Of a header. */
export const word = textLike("^[!-~]{1,200}$");
export const url = textLike("^https?://[^\\s]{1,2000}$");
export const date = textLike("^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?Z)?$");

export const STATES = ["ready", "running", "done", "failed", "dead", "cancelled"] as const;
export const KINDS = ["advice", "provenance", "image"] as const;

export const jobDocument = shapeOf("A job", {
  id: text,
  kind: choiceOf(...KINDS),
  state: choiceOf(...STATES),
  created: text,
  started: nullable(text),
  finished: nullable(text),
  attempt: count,
  /** How far it is, while it runs. */
  progress: nullable(shapeOf("A step", { label: text, done: count, total: count })),
  /** Why it has no result. */
  failure: nullable(shapeOf("A failure", { code: text, message: text, "hint?": text })),
  /** Places of the API. */
  links: shapeOf("Where more is", { self: text, result: text, events: text, log: text }),
});

/** Its data is a job document, as text. */
export const jobEvent = shapeOf("An event", { event: choiceOf("job"), data: text });

const project = shapeOf("What advice is asked for", {
  /** Text of a file. */
  content: text,
  form: choiceOf("requirements", "pipfile", "pyproject", "notebook"),
  /** Text of a lock that is in use. */
  "lock?": text,
  "lockForm?": choiceOf("pylock", "pipfile-lock", "requirements"),
  /** In the form of requirements.txt. */
  "constraints?": text,
});

const environment = shapeOf("Where the stack shall run", {
  "pythonVersion?": textLike("^3\\.\\d{1,2}$"),
  "platform?": textLike("^[a-z0-9_]{1,60}$"),
});

export const adviceRequest = shapeOf("A question for advice", {
  project,
  "environment?": environment,
  "recommendationType?": recommendationType,
  "asOf?": date,
  "indexUrls?": listOf(url),
  "prerelease?": choiceOf("if-necessary", "allow", "disallow"),
  "dev?": flag,
  "count?": count,
  "usage?": codeUsage,
  /** Higher ones are begun first, of the same tenant. */
  "priority?": count,
  /** Where the job's state is sent when it has ended. */
  "callback?": shapeOf("Who is told", { url, "secret?": text }),
});

export const provenanceRequest = shapeOf("A question where locked files come from", {
  lock: text,
  form: choiceOf("pylock", "pipfile-lock", "requirements"),
  "manifest?": text,
  "indexUrls?": listOf(url),
});

export const resultDocument: Schema = {
  title: "What a job has found: a document of the command, or its failure",
  anyOf: [adviceDocument, provenanceDocument, errorDocument, imageDocument],
};

const changed = shapeOf("A package that two results have different", {
  name: text,
  from: nullable(text),
  to: nullable(text),
  reasons: listOf(justification),
});

export const comparisonDocument = shapeOf("Two results side by side", {
  before: text,
  after: text,
  same: count,
  changed: listOf(changed),
  levels: listOf(
    shapeOf("A level of the objective", { level: text, before: nullable(number), after: nullable(number) }),
  ),
});

export const packageDocument = shapeOf("What is known of a package", {
  name: text,
  summary: nullable(text),
  releases: listOf(
    shapeOf("A release", {
      version: text,
      uploaded: nullable(text),
      yanked: flag,
      files: count,
      advisories: listOf(text),
    }),
  ),
  advisories: listOf(
    shapeOf("A known vulnerability", {
      id: text,
      aliases: listOf(text),
      severity: choiceOf("critical", "high", "medium", "low", "unknown"),
      summary: text,
      link: text,
      fixedIn: listOf(text),
    }),
  ),
  measurements: listOf(
    shapeOf("A measurement", {
      version: text,
      indicator: text,
      metric: text,
      unit: text,
      higherIsBetter: flag,
      median: number,
      interval: listOf(number),
      noisy: flag,
      environment: text,
    }),
  ),
  rules: listOf(shapeOf("A rule that mentions it", { unit: text, type: text, message: text, link: text })),
  imports: listOf(text),
});

export const tokenDocument = shapeOf("A token, without its secret", {
  id: text,
  name,
  tenant: text,
  scopes: listOf(choiceOf(...SCOPES)),
  created: text,
  expires: nullable(text),
  revoked: nullable(text),
  used: nullable(text),
});

export const tenantDocument = shapeOf("A tenant", {
  id: text,
  name,
  created: text,
  /** Questions that are worked on at a time, and new ones a minute. */
  quota: shapeOf("What it may use", { jobs: count, perMinute: count }),
  indexes: listOf(url),
});

export const registrationDocument = shapeOf("A lock that is watched", {
  id: text,
  name,
  recommendationType,
  created: text,
  /** When it was last advised anew, and by which job. */
  advised: nullable(shapeOf("The newest advice", { at: text, job: text })),
  callback: nullable(url),
  /** Why it could not be advised the last time. */
  "failure?": shapeOf("A failure", { code: text, message: text }),
});

export const statusDocument = shapeOf("How the service does", {
  version: text,
  knowledge: shapeOf("What it knows", { advisories: count, newest: nullable(text), rules: count }),
  queue: shapeOf("Jobs", { ready: count, running: count, dead: count, oldestSeconds: number }),
  workers: listOf(shapeOf("A worker", { id: text, version: text, seen: text, jobs: count })),
});

export type JobDocument = ValueOf<typeof jobDocument>;
export type AdviceRequest = ValueOf<typeof adviceRequest>;
export type ProvenanceRequest = ValueOf<typeof provenanceRequest>;
export type ComparisonDocument = ValueOf<typeof comparisonDocument>;
export type PackageDocument = ValueOf<typeof packageDocument>;
export type TokenDocument = ValueOf<typeof tokenDocument>;
export type TenantDocument = ValueOf<typeof tenantDocument>;
export type RegistrationDocument = ValueOf<typeof registrationDocument>;
export type StatusDocument = ValueOf<typeof statusDocument>;
