// The first API: Thoth's user API, answered so that its clients need not know the difference.

import { openApiOf, v1Operations } from "@thoth/contract/service";
import { quote } from "@thoth/pep";
import type { Api, Handler, Handlers } from "../http/handler.ts";
import { invalid } from "../http/incoming.ts";
import type { Service } from "../service.ts";
import { EXPOSED, failedReply } from "./answers.ts";
import { type Admit, adviseHandler, provenanceHandler } from "./ask.ts";
import { asking } from "./asking.ts";
import { buildHandler, buildLogHandler } from "./build-handlers.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Deployment } from "./envelope.ts";
import { analyzeHandler, type ImageSettings, metadataHandler } from "./image-handlers.ts";
import { listEnvironments, listImages, listIndexes, listPlatforms } from "./overview-handlers.ts";
import {
  listDependencies,
  listPackages,
  listProviders,
  listVersionEnvironments,
  listVersions,
  readFields,
  readMetadata,
} from "./package-handlers.ts";
import { AnalysisReader } from "./read-analysis.ts";

export interface V1Settings {
  readonly catalogue: Catalogue;
  /** Such as `production`. */
  readonly deployment: string;
  /** Where people look at results; the clients build addresses from it. */
  readonly searchUrl: string;
  readonly mostBytes: number;
  readonly admit: Admit;
  readonly images: ImageSettings;
  /** Of a GitHub app; undefined: there is none. */
  readonly webhook: Handler | undefined;
}

export function makeV1(service: Service, settings: V1Settings): Api {
  const { catalogue, deployment, searchUrl, mostBytes } = settings;
  const { version } = service;
  const told: Deployment = { name: deployment, version, searchUrl: searchUrl.replace(/\/*$/, "/") };
  const handlers: Handlers<typeof v1Operations> = {
    ...analysisHandlers(service, told, settings),
    hearKebechetWebhook: hearing(settings.webhook),
    ...packageHandlers(catalogue),
    listPythonPackageIndexes: listIndexes(catalogue),
    listPythonEnvironments: listEnvironments,
    listPythonPlatforms: listPlatforms,
    listContainerImages: listImages(catalogue, told),
    ...selfHandlers(version),
  };
  return {
    operations: v1Operations,
    handlers,
    failed: failedReply,
    mostBytes,
    headers: headersOf(told),
    preflight: PREFLIGHT,
  };
}

function analysisHandlers(
  service: Service,
  deployment: Deployment,
  { admit, images, catalogue }: V1Settings,
) {
  const analyses = new AnalysisReader(service, deployment);
  return {
    adviseOnPython: adviseHandler(service, admit),
    readAdvise: analyses.result("advice"),
    readAdviseLog: analyses.log("advice"),
    readAdviseStatus: analyses.status("advice"),
    checkProvenanceOfPython: provenanceHandler(service, admit),
    readProvenance: analyses.result("provenance"),
    readProvenanceLog: analyses.log("provenance"),
    readProvenanceStatus: analyses.status("provenance"),
    readImageMetadata: asking(metadataHandler(images, admit), "the registry"),
    analyzeImage: analyzeHandler(service, images, admit),
    readImageAnalysis: analyses.result("image"),
    readImageAnalysisByHash: analyses.byHash(catalogue),
    readImageAnalysisLog: analyses.log("image"),
    readImageAnalysisStatus: analyses.status("image"),
    analyzeBuild: buildHandler(service, images, admit),
    readBuildLog: buildLogHandler(service),
  };
}

function packageHandlers(catalogue: Catalogue) {
  return {
    listPythonPackages: asking(listPackages(catalogue)),
    listPythonPackageVersions: asking(listVersions(catalogue)),
    readPythonPackageVersionMetadata: asking(readMetadata(catalogue)),
    readPythonPackageMetadata: asking(readFields(catalogue)),
    listPythonPackageDependencies: asking(listDependencies(catalogue)),
    listPythonPackageVersionEnvironments: asking(listVersionEnvironments(catalogue)),
    listPythonImportProviders: asking(listProviders(catalogue)),
  };
}

/** Where nobody hears it, that is told, and not taken for a failure. */
function hearing(webhook: Handler | undefined): Handler {
  return async (incoming) => {
    if (webhook === undefined)
      return { status: 501, document: { error: "This service is no GitHub app", parameters: {} } };
    for (const name of ["x-github-event", "x-github-delivery", "x-hub-signature-256"])
      if (incoming.headers[name] === undefined) throw invalid(`the header ${quote(name)} is missing`);
    return await webhook(incoming);
  };
}

function selfHandlers(version: string) {
  const document = openApiOf(v1Operations, { title: "Thoth User API", version });
  const paths = [...new Set(Object.values(v1Operations).map(({ path }) => path))].sort();
  return {
    listPaths: async () => ({ status: 200, document: { paths } }),
    tellVersion: async () => ({ status: 200 }),
    readOpenApi: async () => ({ status: 200, document }),
  } satisfies Record<string, Handler>;
}

/** The browser side of the original's notebook extension asks from other origins. */
function headersOf({ version, searchUrl }: Deployment): Readonly<Record<string, string>> {
  return {
    "x-thoth-version": version,
    "x-user-api-service-version": version,
    "x-thoth-search-ui-url": searchUrl,
    "access-control-allow-origin": "*",
    "access-control-expose-headers": EXPOSED.join(", "),
  };
}

const PREFLIGHT: Readonly<Record<string, string>> = {
  "access-control-allow-headers": "authorization, content-type, x-request-id",
  "access-control-max-age": "600",
};
