// What the service offers.

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
  v2Operations,
} from "./v2.ts";
