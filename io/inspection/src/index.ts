// Inspections
// Indicators

// Guilt
export { classOwners } from "./class-owner.ts";
export { environmentFacts, placeOf } from "./environment-facts.ts";
export {
  type Charge,
  findGuilty,
  type Guilty,
  goodOf,
  rangeOf,
  type Sentence,
} from "./guilt/find-guilty.ts";
export { type Conflict, mineConflicts, nearestPassing, type SeenStack } from "./guilt/mine-conflicts.ts";
export { newestOfSeries } from "./guilt/release-range.ts";
export { type Court, changedBetween, compareReleases, type Pins, type Verdict } from "./guilt/trial.ts";
export { type Indicator, loadIndicators, type Metric, ownIndicators, parseIndicator } from "./indicators.ts";
export { inspect } from "./inspect.ts";
export {
  type Check,
  type Checked,
  type Imported,
  type Inspection,
  type InspectionEvent,
  type InspectionRequest,
  type Repeat,
  type Stack,
  USUAL_REPEAT,
} from "./inspection.ts";
export { factsOf, stackDigest } from "./inspection-facts.ts";
export { type InstalledModules, installedModules } from "./installed-modules.ts";
// Isolation
export { type Limits, usualLimits } from "./sandbox/limits.ts";
export { type IsolatedRequest, type IsolatedResult, runIsolated } from "./sandbox/run-isolated.ts";
export { type Sandbox, sandboxOf } from "./sandbox/sandbox-of.ts";
// Failures
export { type Traced, traceFailure } from "./trace-failure.ts";
