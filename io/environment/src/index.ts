// Environments
export { createEnvironment } from "./create-environment.ts";
export type { ArtifactRequest } from "./environment-plan.ts";
export type {
  ArtifactSource,
  Environment,
  EnvironmentEvent,
  EnvironmentRequest,
} from "./environment-request.ts";
// Interpreters
export { type Interpreter, probeInterpreter, targetOf } from "./interpreter.ts";
export {
  findInterpreters,
  type SearchOptions,
  selectInterpreter,
} from "./interpreter-search.ts";
