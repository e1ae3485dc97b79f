// What the service offers.

export {
  type ChangedDocument,
  changedDocument,
  type EndedDocument,
  endedDocument,
} from "./callback-documents.ts";
export {
  type AnyCall,
  addressOf,
  type CallOf,
  type ClientOf,
  type ClientOptions,
  clientOf,
  fits,
  type OutcomeOf,
  type Refusal,
  type Request,
  type Response,
  requestOf,
  type Send,
} from "./client.ts";
export { type OpenApiOptions, openApiOf } from "./open-api.ts";
export {
  type Answer,
  type Operation,
  type Operations,
  type Parameter,
  SCOPES,
  type Scope,
} from "./operation.ts";
export { PROBLEM_TYPE, problemDocument } from "./problem.ts";
export { remoteDocuments } from "./remote-documents.ts";
export { v1Operations } from "./v1.ts";
export {
  type AdviseInput,
  type AdviserResult,
  type ContainerImages,
  type EnvironmentOfV1,
  type PackageMetadata,
  type ProvenanceInput,
  type ProvenanceResult,
  type Remark,
  type RuntimeEnvironment,
  STATES_OF_V1,
  type V1Metadata,
  type V1Product,
  type V1Project,
  type VersionMetadata,
} from "./v1-documents.ts";
export type {
  BuildInput,
  ImageAnalysis,
  ImageMetadata,
  QueuedImageAnalysis,
} from "./v1-image-documents.ts";
export { v2Operations } from "./v2.ts";
export {
  type AdviceRequest,
  adviceRequest,
  type ComparisonDocument,
  type JobDocument,
  KINDS,
  type PackageDocument,
  type ProvenanceRequest,
  type RegistrationDocument,
  STATES,
  type StatusDocument,
  type TenantDocument,
  type TokenDocument,
} from "./v2-documents.ts";
