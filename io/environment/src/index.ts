// Environments
export type { BuildContext } from "./build-sdist.ts";
// Other programs
export { endGroup, startProcess } from "./child-process.ts";
export { buildMetadata, createEnvironment } from "./create-environment.ts";
export type { ArtifactRequest } from "./environment-plan.ts";
export type {
  Environment,
  EnvironmentEvent,
  EnvironmentRequest,
} from "./environment-request.ts";
export { type InstalledPackage, installedPackages, sitePackagesIn } from "./installed.ts";
// Interpreters
export { type Interpreter, probeInterpreter, targetOf } from "./interpreter.ts";
export {
  findInterpreters,
  type SearchOptions,
  selectInterpreter,
} from "./interpreter-search.ts";
// Kernels
export {
  checkKernel,
  checkKernelName,
  findKernel,
  installKernelspec,
  type Kernel,
  type KernelPlaces,
  type KernelRequest,
  type KernelState,
  listKernels,
  removeKernel,
  userDataFolder,
} from "./kernelspec.ts";
// Execution
export {
  type CellFailure,
  type RunEvent,
  type RunRequest,
  type RunResult,
  runNotebook,
} from "./run-notebook.ts";
export {
  type DeclaredMetadata,
  type ExpectedWheel,
  InspectedWheel,
  inspectWheel,
  verifyWheel,
  WHEEL_LIMITS,
  type WheelLimits,
} from "./verify-wheel.ts";
export type { RecordedFile } from "./wheel-record.ts";
