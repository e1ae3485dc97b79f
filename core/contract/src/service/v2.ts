// The modern API. Jobs are resources; what is asked twice is answered once.

import type { Schema } from "../schema.ts";
import { anyObject, choiceOf, count, listOf, nullable, shapeOf, text, textLike } from "../shape.ts";
import type { Answer, Operations, Parameter } from "./operation.ts";
import { SCOPES } from "./operation.ts";
import { problems } from "./problem.ts";
import {
  adviceRequest,
  comparisonDocument,
  date,
  jobDocument,
  jobEvent,
  name,
  packageDocument,
  projectName,
  provenanceRequest,
  registrationDocument,
  resultDocument,
  STATES,
  statusDocument,
  tenantDocument,
  tokenDocument,
  url,
  word,
} from "./v2-documents.ts";

function listing<S extends Schema>(title: string, item: S) {
  return shapeOf(title, { items: listOf(item), next: nullable(text) });
}

const id: Parameter = {
  description: "as it was answered",
  schema: { type: "string", pattern: "^[A-Za-z0-9._-]{1,100}$" },
};
const one: Parameter = { description: "its name", schema: projectName };
/** Where the page before has ended: the last one's time, in milliseconds since 1970, and what tells it from others. */
const after: Parameter = {
  description: "`next` of the page before",
  schema: { type: "string", pattern: "^\\d{1,15}:[A-Za-z0-9._-]{1,100}$" },
};
const afterHexadecimal: Parameter = {
  ...after,
  schema: { type: "string", pattern: "^\\d{1,15}:[0-9a-f]{1,32}$" },
};
const afterName: Parameter = { ...after, schema: projectName };
const limit: Parameter = {
  description: "items of a page, 1 to 100; 25 where it is left out",
  schema: { type: "string", pattern: "^([1-9]\\d?|100)$" },
};
const force: Parameter = {
  description: "do not take an answer that was given before",
  schema: choiceOf("true", "false"),
};
const prefer: Parameter = {
  description: "`wait=SECONDS`: the result itself, if it is there within that time (RFC 7240); at most 30",
  schema: { type: "string", pattern: "^[ -~]{0,100}$" },
};

function answer<const S extends Schema>(description: string, schema: S): Answer & { readonly schema: S } {
  return { description, schema };
}

function gone(description: string): Answer {
  return { description };
}

const asked = {
  200: answer("The result; it was there already, or came within the time to wait", resultDocument),
  202: answer("The job; its result comes later", jobDocument),
  ...problems(400, 401, 403, 408, 413, 415, 422, 429, 503),
};
const held = problems(400, 401, 403, 404, 429, 503);

export const v2Operations = {
  askAdvice: {
    method: "post",
    path: "/api/v2/advice",
    summary: "Recommend a stack",
    scope: "ask",
    query: { force },
    headers: { prefer },
    body: adviceRequest,
    answers: asked,
  },
  askProvenance: {
    method: "post",
    path: "/api/v2/provenance",
    summary: "Tell where the files of a lock come from",
    scope: "ask",
    query: { force },
    headers: { prefer },
    body: provenanceRequest,
    answers: asked,
  },
  listJobs: {
    method: "get",
    path: "/api/v2/jobs",
    summary: "Jobs of this tenant, the newest first",
    scope: "read",
    query: { after, limit, state: { description: "only those", schema: choiceOf(...STATES) } },
    answers: {
      200: answer("A page of jobs", listing("Jobs", jobDocument)),
      ...problems(400, 401, 403, 429, 503),
    },
  },
  readJob: {
    method: "get",
    path: "/api/v2/jobs/{id}",
    summary: "A job",
    places: { id },
    answers: { 200: answer("The job", jobDocument), ...held },
  },
  cancelJob: {
    method: "delete",
    path: "/api/v2/jobs/{id}",
    summary: "End a job that nobody needs any more; with a token, as strangers who ask the same share theirs",
    scope: "ask",
    places: { id },
    answers: { 200: answer("The job; what has ended stays as it is", jobDocument), ...held },
  },
  readResult: {
    method: "get",
    path: "/api/v2/jobs/{id}/result",
    summary: "What a job has found",
    places: { id },
    headers: { prefer },
    answers: {
      200: answer("The result", resultDocument),
      202: answer("It is not there yet", jobDocument),
      ...held,
      ...problems(409),
    },
  },
  readLog: {
    method: "get",
    path: "/api/v2/jobs/{id}/log",
    summary: "What a job has said",
    places: { id },
    answers: {
      200: answer("Lines", shapeOf("A log", { lines: listOf(shapeOf("A line", { at: text, text })) })),
      ...held,
    },
  },
  watchJob: {
    method: "get",
    path: "/api/v2/jobs/{id}/events",
    summary: "Progress as server-sent events, until the job has ended",
    places: { id },
    answers: {
      200: { description: "Events", schema: jobEvent, type: "text/event-stream" },
      ...held,
    },
  },
  compareResults: {
    method: "get",
    path: "/api/v2/comparison",
    summary: "Two results side by side",
    query: { before: { ...id, required: true }, after: { ...id, required: true } },
    answers: { 200: answer("The comparison", comparisonDocument), ...held, ...problems(409) },
  },
  findPackages: {
    method: "get",
    path: "/api/v2/packages",
    summary: "Packages that are known",
    query: {
      like: {
        description: "part of the name",
        schema: { type: "string", pattern: "^[A-Za-z0-9._-]{1,100}$" },
      },
      after: afterName,
      limit,
    },
    answers: { 200: answer("A page of names", listing("Packages", text)), ...problems(400, 401, 429, 503) },
  },
  readPackage: {
    method: "get",
    path: "/api/v2/packages/{name}",
    summary: "What is known of a package",
    places: { name: one },
    answers: { 200: answer("The package", packageDocument), ...held },
  },
  readStatus: {
    method: "get",
    path: "/api/v2/status",
    summary: "How the service does",
    answers: { 200: answer("The state", statusDocument), ...problems(400, 401, 429, 503) },
  },
  makeTenant: {
    method: "post",
    path: "/api/v2/tenants",
    summary: "Make a tenant, with a first token",
    scope: "admin",
    body: shapeOf("A tenant to be", {
      name,
      "quota?": shapeOf("What it may use", { jobs: count, perMinute: count }),
    }),
    answers: {
      201: answer(
        "The tenant and its token, which is told only here",
        shapeOf("A new tenant", { tenant: tenantDocument, token: text }),
      ),
      ...problems(400, 401, 403, 409, 413, 415, 422, 429, 503),
    },
  },
  readTenant: {
    method: "get",
    path: "/api/v2/tenant",
    summary: "The tenant of the token",
    scope: "read",
    answers: { 200: answer("The tenant", tenantDocument), ...problems(400, 401, 403, 429, 503) },
  },
  changeIndexes: {
    method: "put",
    path: "/api/v2/tenant/indexes",
    summary: "Name the private indexes of the tenant; the operator must have allowed their hosts",
    scope: "write",
    body: shapeOf("Indexes", {
      indexes: listOf(shapeOf("An index", { url, "username?": text, "password?": text })),
    }),
    answers: {
      200: answer("The tenant", tenantDocument),
      ...problems(400, 401, 403, 413, 415, 422, 429, 503),
    },
  },
  changeRules: {
    method: "put",
    path: "/api/v2/tenant/rules/{id}",
    summary: "Keep a file of rules that only this tenant's questions mind",
    scope: "write",
    places: { id },
    body: shapeOf("Rules", { text }),
    answers: {
      200: answer("How many units it has", shapeOf("Rules", { units: count })),
      ...problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
    },
  },
  removeRules: {
    method: "delete",
    path: "/api/v2/tenant/rules/{id}",
    summary: "Forget a file of rules",
    scope: "write",
    places: { id },
    answers: { 204: gone("It is gone"), ...held },
  },
  changeObservations: {
    method: "put",
    path: "/api/v2/tenant/observations/{id}",
    summary: "Keep observations and measurements that only this tenant's questions mind",
    scope: "write",
    places: { id },
    body: shapeOf("Observations", {
      /** What `thoth knowledge export` writes, in base64. */
      content: textLike("^[A-Za-z0-9+/]*={0,2}$"),
    }),
    answers: {
      200: answer("How many facts it has", shapeOf("Observations", { facts: count })),
      ...problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
    },
  },
  removeObservations: {
    method: "delete",
    path: "/api/v2/tenant/observations/{id}",
    summary: "Forget a file of observations",
    scope: "write",
    places: { id },
    answers: { 204: gone("It is gone"), ...held },
  },
  listTokens: {
    method: "get",
    path: "/api/v2/tokens",
    summary: "Tokens of this tenant",
    scope: "write",
    answers: {
      200: answer("Tokens", listing("Tokens", tokenDocument)),
      ...problems(400, 401, 403, 429, 503),
    },
  },
  makeToken: {
    method: "post",
    path: "/api/v2/tokens",
    summary: "Make a token",
    scope: "write",
    body: shapeOf("A token to be", { name, scopes: listOf(choiceOf(...SCOPES)), "expires?": date }),
    answers: {
      201: answer(
        "The token and its secret, which is told only here",
        shapeOf("A new token", { token: tokenDocument, secret: text }),
      ),
      ...problems(400, 401, 403, 413, 415, 422, 429, 503),
    },
  },
  revokeToken: {
    method: "delete",
    path: "/api/v2/tokens/{id}",
    summary: "Revoke a token",
    scope: "write",
    places: { id },
    answers: { 200: answer("The token", tokenDocument), ...held },
  },
  readAudit: {
    method: "get",
    path: "/api/v2/audit",
    summary: "Who did what, the newest first",
    scope: "write",
    query: { after: afterHexadecimal, limit },
    answers: {
      200: answer(
        "A page",
        listing(
          "What was done",
          shapeOf("An act", { at: text, actor: text, action: text, subject: text, request: text }),
        ),
      ),
      ...problems(400, 401, 403, 429, 503),
    },
  },
  watchLock: {
    method: "post",
    path: "/api/v2/locks",
    summary: "Watch a lock: when new knowledge changes its best stack, it is advised anew",
    scope: "ask",
    body: shapeOf("A lock to be watched", {
      name,
      question: adviceRequest,
      "callback?": shapeOf("Who is told", { url, secret: text }),
    }),
    answers: {
      201: answer("It is watched", registrationDocument),
      ...problems(400, 401, 403, 409, 413, 415, 422, 429, 503),
    },
  },
  listLocks: {
    method: "get",
    path: "/api/v2/locks",
    summary: "Locks that are watched",
    scope: "read",
    query: { after: afterHexadecimal, limit },
    answers: {
      200: answer("A page of locks", listing("Locks", registrationDocument)),
      ...problems(400, 401, 403, 429, 503),
    },
  },
  forgetLock: {
    method: "delete",
    path: "/api/v2/locks/{id}",
    summary: "Watch a lock no more",
    scope: "ask",
    places: { id },
    answers: { 204: gone("It is gone"), ...held },
  },
  hearGitHub: {
    method: "post",
    path: "/api/v2/hooks/github",
    summary: "A webhook of a GitHub app, signed as GitHub signs",
    headers: {
      "x-github-event": { description: "its kind", schema: word, required: true },
      "x-github-delivery": { description: "what is sent again has the same", schema: word, required: true },
      "x-hub-signature-256": { description: "of the body", schema: word, required: true },
    },
    body: anyObject,
    answers: {
      202: answer("It is minded", shapeOf("What follows", { jobs: listOf(text) })),
      ...problems(400, 401, 404, 413, 415, 422, 429, 503),
    },
  },
} as const satisfies Operations;
