// Inspects a stack: makes its environment, imports every package of it, and runs checks in it, all isolated.

import { sitePackagesIn } from "@thoth/environment";
import { openBench } from "./bench.ts";
import { environmentFacts, placeOf, threadVariables } from "./environment-facts.ts";
import { importPackages } from "./import-packages.ts";
import {
  type Check,
  type Checked,
  type Inspection,
  type InspectionRequest,
  type Stack,
  USUAL_REPEAT,
} from "./inspection.ts";
import { type InstalledModules, installedModules } from "./installed-modules.ts";
import { makeEnvironment } from "./make-environment.ts";
import { runCheck } from "./run-check.ts";
import { type Traced, traceFailure } from "./trace-failure.ts";

/**
 * What fails is an answer. Throws isolation-unavailable, interrupted, and what is nobody's fault of the stack
 * (index-unreachable, unauthorized, limit-exceeded, file-failed, invalid-lock); then nothing is left running.
 */
export async function inspect(request: InspectionRequest): Promise<Inspection> {
  const { interpreter, limits, lock } = request;
  const threads = threadVariables(limits.processors);
  const made = await makeEnvironment(request);
  const facts = (missing: readonly string[]) => environmentFacts({ interpreter, limits, missing, threads });
  const place = placeOf(interpreter);
  const direct = request.direct ?? [];
  const { environment, stages, refused, built } = made;
  if (environment === undefined) {
    const rest = { import: undefined, imported: [], checked: [], traced: new Map() };
    const stack = stackOf(lock.packages.map(({ name, version }) => ({ name, version: version?.text ?? "" })));
    return withoutUndefined({
      stack,
      environment: await facts([]),
      place,
      made: stages,
      refused,
      direct,
      ...rest,
    });
  }
  const stack = stackOf(environment.packages);
  const bench = await openBench(request, environment, threads);
  const modules = await installedModules((await sitePackagesIn(environment.path)) ?? environment.path);
  request.report?.({ kind: "import", total: modules.length });
  const imports = await importPackages(bench, modules);
  const where = await facts([...imports.missing, ...(built ? ["build"] : [])]);
  const broken = new Set(imports.imported.filter(({ status }) => status !== 0).map((one) => one.package));
  const { repeat = USUAL_REPEAT, report } = request;
  const checked: Checked[] = [];
  for (const check of request.checks) {
    // Of a package that cannot be imported nothing more is learnt.
    const subjects = check.kind === "program" ? [] : [check.package, ...check.indicator.packages];
    if (subjects.some((name) => name !== undefined && broken.has(name))) continue;
    checked.push(
      await runCheck(withModule(check, modules), { bench, stack, environment: where, repeat, report }),
    );
  }
  const traced = traceAll(imports.imported, checked, modules);
  const found = { import: imports.stage, imported: imports.imported, checked, traced };
  return withoutUndefined({ stack, environment: where, place, made: stages, refused, direct, ...found });
}

/** What measures any package is told how it is imported. */
function withModule(check: Check, modules: readonly InstalledModules[]): Check {
  if (check.kind === "program" || check.package === undefined || !check.indicator.parameters.has("MODULE"))
    return check;
  const [module] = modules.find((one) => one.package === check.package)?.principal ?? [];
  return module === undefined ? check : { ...check, parameters: { MODULE: module, ...check.parameters } };
}

function traceAll(
  imported: Inspection["imported"],
  checked: readonly Checked[],
  modules: readonly InstalledModules[],
): ReadonlyMap<string, Traced> {
  const traced = new Map<string, Traced>();
  for (const { package: name, log } of imported)
    if (log !== undefined) traced.set(`import ${name}`, traceFailure(log, modules));
  for (const { name, stage } of checked)
    if (stage.log !== undefined) traced.set(name, traceFailure(stage.log, modules));
  return traced;
}

function stackOf(packages: readonly { readonly name: string; readonly version: string }[]): Stack {
  return packages
    .map(({ name, version }) => [name, version] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

function withoutUndefined(
  inspection: {
    readonly [Name in keyof Inspection]: Inspection[Name] | undefined;
  },
): Inspection {
  return Object.fromEntries(
    Object.entries(inspection).filter(([, value]) => value !== undefined),
  ) as unknown as Inspection;
}
