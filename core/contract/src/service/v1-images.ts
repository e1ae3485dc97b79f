// Operations of the first API on images and builds, and the webhook of its bot.

import { anyObject, shapeOf, textLike } from "../shape.ts";
import type { Operations, Parameter } from "./operation.ts";
import { analysisLog, analysisStatus, unfinishedAnalysis } from "./v1-documents.ts";
import {
  buildInput,
  environmentType,
  imageAnalysis,
  imageHash,
  imageMetadata,
  queuedBuildAnalysis,
  queuedImageAnalysis,
} from "./v1-image-documents.ts";
import {
  analysis_id,
  answer,
  debug,
  failures,
  force,
  needed,
  origin,
  parameter,
  read,
  sent,
  truth,
  usual,
} from "./v1-parameters.ts";

const user = parameter("for its registry; with a password alone", textLike("^[^\\u0000-\\u001f:]{1,500}$"));
const password = parameter("for its registry", textLike("^[^\\u0000-\\u001f]{1,4000}$"));
const verifyTls = parameter("certificates are always verified: `false` is refused", truth);
const image = needed("its name, with its registry where that is another one than Docker Hub", {
  ...textLike("^[^\\u0000-\\u001f]{1,512}$"),
});
const environment_type = parameter(
  "told again in the answer; `runtime` where it is left out",
  environmentType,
);
const registry = { registry_user: user, registry_password: password, verify_tls: verifyTls } as const;

const images = {
  readImageMetadata: {
    method: "post",
    path: "/api/v1/image/metadata",
    summary: "What a registry tells of an image",
    scope: "ask",
    query: { image, ...registry },
    answers: { 200: answer("What it tells", imageMetadata), ...failures(403), ...usual },
  },
  analyzeImage: {
    method: "post",
    path: "/api/v1/analyze",
    summary: "Tell what an image holds",
    scope: "ask",
    query: { image, ...registry, environment_type, origin, debug, force },
    answers: { 202: answer("It is queued", queuedImageAnalysis), ...failures(403), ...usual },
  },
  readImageAnalysis: {
    method: "get",
    path: "/api/v1/analyze/{analysis_id}",
    summary: "What an analysis of an image has found",
    places: { analysis_id },
    answers: {
      200: answer("The result", imageAnalysis),
      202: answer("It is not there yet", unfinishedAnalysis),
      ...read,
    },
  },
  readImageAnalysisByHash: {
    method: "get",
    path: "/api/v1/analyze/by-hash/{image_hash}",
    summary: "What is known of the image with that digest, of its manifest or of a list that names it",
    places: { image_hash: { description: "`sha256:` and its 64 digits", schema: imageHash } },
    answers: { 200: answer("The newest result", imageAnalysis), ...read },
  },
  readImageAnalysisLog: {
    method: "get",
    path: "/api/v1/analyze/{analysis_id}/log",
    summary: "What an analysis of an image has said",
    places: { analysis_id },
    answers: { 200: answer("Lines of JSON", analysisLog), ...read },
  },
  readImageAnalysisStatus: {
    method: "get",
    path: "/api/v1/analyze/{analysis_id}/status",
    summary: "How far an analysis of an image is",
    places: { analysis_id },
    answers: { 200: answer("The status", analysisStatus), ...read },
  },
} as const satisfies Operations;

const builds = {
  analyzeBuild: {
    method: "post",
    path: "/api/v1/build-analysis",
    summary:
      "Tell what the images of a build hold, and keep its log. `buildlog_analysis` is null: no path of this API tells what it has found",
    scope: "ask",
    query: {
      base_registry_user: user,
      base_registry_password: password,
      base_registry_verify_tls: verifyTls,
      output_registry_user: user,
      output_registry_password: password,
      output_registry_verify_tls: verifyTls,
      environment_type,
      origin,
      debug,
      force,
    },
    body: buildInput,
    answers: { 202: answer("They are queued", queuedBuildAnalysis), ...sent },
  },
  readBuildLog: {
    method: "get",
    path: "/api/v1/buildlog/{document_id}",
    summary: "The log of a build, as it was sent",
    places: { document_id: { description: "as it was answered", schema: textLike("^[a-z0-9-]{1,100}$") } },
    answers: { 200: answer("The log", anyObject), ...read },
  },
} as const satisfies Operations;

const word = textLike("^[!-~]{1,200}$");
const header = (description: string): Parameter => ({ description, schema: word });

const bot = {
  hearKebechetWebhook: {
    method: "post",
    path: "/api/v1/kebechet-webhook",
    summary: "A webhook of a GitHub app, signed as GitHub signs; `/api/v2/hooks/github` is the same",
    headers: {
      "x-github-event": header("its kind"),
      "x-github-delivery": header("what is sent again has the same"),
      "x-hub-signature-256": header("of the body"),
    },
    body: anyObject,
    answers: {
      202: answer(
        "It is minded",
        shapeOf("What follows", { jobs: { type: "array", items: { type: "string" } } }),
      ),
      ...sent,
      ...failures(501),
    },
  },
} as const satisfies Operations;

export const imageOperations = { ...images, ...builds, ...bot } as const satisfies Operations;
