// The first API, path by path as Thoth's user API has it, so that its clients (thamos, horus) need not know that another
// service answers. https://github.com/thoth-station/user-api/blob/master/openapi/openapi.yaml

import type { Schema } from "../schema.ts";
import { anyObject, listOf, shapeOf, text, textLike } from "../shape.ts";
import type { Answer, Operations, Parameter } from "./operation.ts";
import {
  adviseInput,
  adviserResult,
  analysisLog,
  analysisStatus,
  containerImages,
  importProviders,
  packageIndexes,
  packageNames,
  packageVersions,
  provenanceInput,
  provenanceResult,
  pythonEnvironments,
  pythonPlatforms,
  queuedAnalysis,
  unfinishedAnalysis,
  v1Failure,
  versionDependencies,
  versionEnvironments,
  versionMetadata,
} from "./v1-documents.ts";

const WHY = {
  400: "What was sent is not what the operation takes, or the analysis has failed.",
  401: "The token is not known.",
  403: "What is asked for is not allowed here.",
  404: "There is no such thing.",
  408: "The request was not sent within its time.",
  415: "The body is of another type.",
  429: "Too much at a time: come back after `Retry-After` seconds.",
  503: "A part that is needed is not there: come back after `Retry-After` seconds.",
} as const;

function failures(...statuses: readonly (keyof typeof WHY)[]): Readonly<Record<number, Answer>> {
  return Object.fromEntries(
    statuses.map((status) => [status, { description: WHY[status], schema: v1Failure }]),
  );
}

/** As HEAD is answered. */
function withoutBodies(answers: Readonly<Record<number, Answer>>): Readonly<Record<number, Answer>> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description }]) => [status, { description }]),
  );
}

function ignoringCase(...words: readonly string[]): Schema {
  const both = (letter: string) => (/[a-z]/.test(letter) ? `[${letter.toUpperCase()}${letter}]` : letter);
  return textLike(`^(${words.map((word) => [...word].map(both).join("")).join("|")})$`);
}

/** Longest text of a parameter that is free. */
const shortText = textLike("^[^\\u0000-\\u001f]{0,500}$");

function parameter(description: string, schema: Schema = shortText): Parameter {
  return { description, schema };
}

function needed(description: string, schema: Schema = shortText): Parameter {
  return { description, schema, required: true };
}

const truth = textLike("^([Tt]rue|[Ff]alse)$");
const packageName = textLike("^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$");

const dev = parameter("whether packages for development are minded too", truth);
const debug = parameter("told again in the answer", truth);
const force = parameter("whether an answer that was given before is not taken", truth);
const origin = parameter("the repository that asks", textLike("^[^\\u0000-\\u001f]{0,2000}$"));
const token = parameter("who asks", textLike("^[!-~]{1,1000}$"));
const page = parameter("from 0", textLike("^\\d{1,6}$"));
const perPage = parameter(
  "items of a page, 1 to 100; 25 where it is left out",
  textLike("^([1-9]\\d?|100)$"),
);
const osName = parameter("such as `rhel`");
const osVersion = parameter("such as `9`");
const pythonVersion = parameter("such as `3.11`");
const place = { os_name: osName, os_version: osVersion, python_version: pythonVersion } as const;
/** Taken because the clients send them. */
const anyPlace = {
  os_name: parameter("not minded: the answer is the same everywhere"),
  os_version: parameter("not minded"),
  python_version: parameter("not minded"),
} as const;
const name = needed("of the package", packageName);
const version = needed("of the package", textLike("^[0-9A-Za-z.!+_-]{1,100}$"));
const index = needed("URL of its index");

const analysis_id: Parameter = {
  description: "as it was answered",
  schema: textLike("^[A-Za-z0-9._-]{1,100}$"),
};

function answer<const S extends Schema>(description: string, schema: S): Answer & { readonly schema: S } {
  return { description, schema };
}

/** Of any request: a parameter that nobody knows, a token that is none. */
const usual = failures(400, 401, 429, 503);
const read = { ...failures(404), ...usual };
const sent = { ...failures(403, 408, 415), ...usual };

function analysisOperations<const Kind extends string>(kind: Kind, what: string, result: Schema) {
  const path = `/api/v1/${kind}/python/{analysis_id}`;
  const common = { method: "get", places: { analysis_id } } as const;
  return {
    result: {
      ...common,
      path,
      summary: `What ${what} has found`,
      answers: {
        200: answer("The result", result),
        202: answer("It is not there yet", unfinishedAnalysis),
        ...read,
      },
    },
    log: {
      ...common,
      path: `${path}/log`,
      summary: `What ${what} has said`,
      answers: { 200: answer("Lines of JSON", analysisLog), ...read },
    },
    status: {
      ...common,
      path: `${path}/status`,
      summary: `How far ${what} is`,
      answers: { 200: answer("The status", analysisStatus), ...read },
    },
  } as const;
}

const advise = analysisOperations("advise", "an adviser", adviserResult);
const provenance = analysisOperations("provenance", "a provenance check", provenanceResult);

const analyses = {
  adviseOnPython: {
    method: "post",
    path: "/api/v1/advise/python",
    summary: "Recommend a stack",
    scope: "ask",
    query: {
      recommendation_type: needed(
        "what the stack shall be good at",
        ignoringCase("stable", "testing", "latest", "performance", "security"),
      ),
      origin,
      source_type: parameter(
        "the program that asks",
        ignoringCase("cli", "s2i", "github_app", "kebechet", "jupyter_notebook", "none"),
      ),
      dev,
      debug,
      force,
      token,
    },
    body: adviseInput,
    answers: { 202: answer("It is queued", queuedAnalysis), ...sent },
  },
  readAdvise: advise.result,
  readAdviseLog: advise.log,
  readAdviseStatus: advise.status,
  checkProvenanceOfPython: {
    method: "post",
    path: "/api/v1/provenance/python",
    summary: "Tell where the files of a lock come from",
    scope: "ask",
    query: { origin, debug, force, token },
    body: provenanceInput,
    answers: { 202: answer("It is queued", queuedAnalysis), ...sent },
  },
  readProvenance: provenance.result,
  readProvenanceLog: provenance.log,
  readProvenanceStatus: provenance.status,
} as const satisfies Operations;

const packages = {
  listPythonPackages: {
    method: "get",
    path: "/api/v1/python/package",
    summary: "Packages that are known",
    query: { page, per_page: perPage, like: parameter("part of the name"), ...anyPlace },
    answers: { 200: answer("A page of names", packageNames), ...usual },
  },
  listPythonPackageVersions: {
    method: "get",
    path: "/api/v1/python/package/versions",
    summary: "Versions of a package, the newest first where no order is asked for",
    query: {
      name,
      order_by: parameter("by version", textLike("^(ASC|DESC)$")),
      page,
      per_page: perPage,
      ...place,
    },
    answers: { 200: answer("A page of versions, or all", packageVersions), ...read },
  },
  readPythonPackageVersionMetadata: {
    method: "get",
    path: "/api/v1/python/package/version/metadata",
    summary: "What a version of a package says of itself",
    query: { name, version, index, ...anyPlace },
    answers: { 200: answer("Its metadata", versionMetadata), ...read },
  },
  listPythonPackageDependencies: {
    method: "get",
    path: "/api/v1/python/package/dependencies",
    summary: "What a version of a package needs",
    query: {
      name,
      version,
      index,
      marker_evaluation_result: parameter("only dependencies whose markers hold there, or do not", truth),
      ...place,
    },
    answers: { 200: answer("Its dependencies", versionDependencies), ...read },
  },
  listPythonPackageVersionEnvironments: {
    method: "get",
    path: "/api/v1/python/package/version/environments",
    summary: "Where a version of a package can be installed",
    query: { name, version, index },
    answers: { 200: answer("Environments", versionEnvironments), ...read },
  },
  listPythonImportProviders: {
    method: "get",
    path: "/api/v1/python/imports",
    summary: "Packages that provide an import",
    query: { import_name: needed("such as `yaml`", textLike("^[^\\u0000-\\u001f]{1,200}$")) },
    answers: { 200: answer("Packages", importProviders), ...read },
  },
} as const satisfies Operations;

const overview = {
  listPythonPackageIndexes: {
    method: "get",
    path: "/api/v1/python-package-index",
    summary: "Indexes that are asked",
    answers: { 200: answer("Indexes", packageIndexes), ...usual },
  },
  listPythonEnvironments: {
    method: "get",
    path: "/api/v1/python/environment",
    summary: "Environments that advice is given for",
    answers: { 200: answer("Environments", pythonEnvironments), ...usual },
  },
  listPythonPlatforms: {
    method: "get",
    path: "/api/v1/python/platform",
    summary: "Platforms that advice is given for",
    answers: { 200: answer("Platforms", pythonPlatforms), ...usual },
  },
  listContainerImages: {
    method: "get",
    path: "/api/v1/container-images",
    summary: "Container images that are known",
    query: {
      page,
      per_page: perPage,
      ...place,
      cuda_version: parameter("such as `11.8`"),
      image_name: parameter("part of its name"),
      library_name: parameter("a shared library in it"),
      symbol: parameter("a versioned symbol that it provides"),
      package_name: parameter("a Python package in it"),
      rpm_package_name: parameter("an RPM in it"),
    },
    answers: { 200: answer("A page of images", containerImages), ...usual },
  },
  listPaths: {
    method: "get",
    path: "/api/v1",
    summary: "Paths of this API",
    answers: { 200: answer("Paths", shapeOf("Paths of the API", { paths: listOf(text) })), ...usual },
  },
  tellVersion: {
    method: "head",
    path: "/api/v1",
    summary: "The version of the service, in a header",
    answers: {
      200: { description: "It is there; `X-Thoth-Version` tells its version" },
      ...withoutBodies(usual),
    },
  },
  readOpenApi: {
    method: "get",
    path: "/api/v1/openapi.json",
    summary: "This description",
    answers: { 200: answer("An OpenAPI document", anyObject), ...usual },
  },
} as const satisfies Operations;

export const v1Operations = { ...analyses, ...packages, ...overview } as const satisfies Operations;
