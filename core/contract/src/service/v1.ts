// The first API, path by path as Thoth's user API has it, so that its clients (thamos, horus) need not know that another
// service answers. https://github.com/thoth-station/user-api/blob/master/openapi/openapi.yaml

import type { Schema } from "../schema.ts";
import { anyObject, listOf, shapeOf, text, textLike } from "../shape.ts";
import type { Answer, Operations } from "./operation.ts";
import {
  adviseInput,
  adviserResult,
  analysisLog,
  analysisStatus,
  containerImages,
  importProviders,
  packageIndexes,
  packageMetadata,
  packageNames,
  packageVersions,
  provenanceInput,
  provenanceResult,
  pythonEnvironments,
  pythonPlatforms,
  queuedAnalysis,
  unfinishedAnalysis,
  versionDependencies,
  versionEnvironments,
  versionMetadata,
} from "./v1-documents.ts";
import { imageOperations } from "./v1-images.ts";
import {
  analysis_id,
  answer,
  anyPlace,
  debug,
  dev,
  force,
  ignoringCase,
  index,
  name,
  needed,
  origin,
  page,
  parameter,
  perPage,
  place,
  read,
  sent,
  token,
  truth,
  usual,
  version,
} from "./v1-parameters.ts";

/** As HEAD is answered. */
function withoutBodies(answers: Readonly<Record<number, Answer>>): Readonly<Record<number, Answer>> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description }]) => [status, { description }]),
  );
}

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
      count: parameter(
        "stacks that are answered, the best first, at most 50; 1 where it is left out",
        textLike("^[1-9]\\d{0,8}$"),
      ),
      limit: parameter(
        "taken, and not minded: what is best is proved, however many stacks that takes to score",
        textLike("^\\d{1,9}$"),
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
  readPythonPackageMetadata: {
    method: "get",
    path: "/api/v1/python/package/metadata",
    summary: "The core metadata of a version of a package",
    query: { name, version, index },
    answers: { 200: answer("Its metadata", packageMetadata), ...read },
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
    query: { name, version, index, page, per_page: perPage },
    answers: { 200: answer("A page of environments, or all", versionEnvironments), ...read },
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

export const v1Operations = {
  ...analyses,
  ...imageOperations,
  ...packages,
  ...overview,
} as const satisfies Operations;
