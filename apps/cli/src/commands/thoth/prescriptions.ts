// `thoth prescriptions`: rules, checked and tried. A case says which units must hold for a stack, and so which must not.

import { bookOf, holdingUnits } from "@thoth/adviser";
import { normalizeName, parseVersion, quote, ThothError, targetEnvironment } from "@thoth/pep";
import type { Problem } from "@thoth/prescriptions";
import type { Handler, Invocation } from "../../frame/command.ts";
import { plural, printable } from "../../frame/printable.ts";
import { readCases } from "../../rules/read-cases.ts";
import { contextOf } from "../../session/known-rules.ts";
import { readRulePlace, ruleSourcesOf } from "../../session/rule-places.ts";

export const prescriptionsCommand: Handler = async (invocation) => {
  const [action, place = "rules"] = invocation.arguments as readonly [string, string?];
  switch (action) {
    case "validate":
      return await validate(invocation, place);
    case "test":
      return await tryCases(invocation, place);
    case "refresh":
      return await refresh(invocation, place);
    default:
      throw new ThothError("usage", `${quote(action)} is no action of \`thoth prescriptions\``, {
        hint: "There are `validate PLACE`, `test PLACE` and `refresh FOLDER`.",
      });
  }
};

async function refresh(invocation: Invocation, folder: string): Promise<0> {
  const { differenceText, refreshRulesIn, warnOfKept } = await import("../../knowledge/refresh-rules.ts");
  const difference = await refreshRulesIn(invocation, folder);
  warnOfKept(invocation, difference);
  invocation.terminal.document({ action: "refresh", difference });
  invocation.terminal.result(differenceText(difference).map(printable).join("\n"));
  return 0;
}

async function validate(invocation: Invocation, place: string): Promise<0 | 1> {
  const { terminal } = invocation;
  const { compilePrescriptions } = await import("@thoth/prescriptions/compile");
  const { rules } = await readRulePlace(invocation, place);
  const { errors, warnings, counts } = compilePrescriptions(rules);
  const units = Object.values(counts).reduce((sum, count) => sum + count, 0);
  terminal.document({
    action: "validate",
    ...sourcesOf(invocation),
    files: rules.length,
    units,
    counts,
    errors,
    warnings,
  });
  const lines = [...errors, ...warnings].map((problem) => lineOf(problem, errors.includes(problem)));
  lines.push(
    `${plural(units, "unit")} in ${plural(rules.length, "file")}, ${plural(errors.length, "error")}, ${plural(warnings.length, "warning")}`,
  );
  terminal.result(lines.map(printable).join("\n"));
  return errors.length > 0 ? 1 : 0;
}

function sourcesOf(invocation: Invocation) {
  const sources = ruleSourcesOf(invocation);
  return sources.length === 0 ? {} : { sources };
}

function lineOf({ file, line, column, message, code }: Problem, isError: boolean): string {
  return `${file}:${line}:${column}: ${isError ? "error" : "warning"}: ${message} [${code}]`;
}

const METADATA = /(?:^|\/)_prescription_metadata\.ya?ml$/;

async function tryCases(invocation: Invocation, place: string): Promise<0 | 1> {
  const { terminal } = invocation;
  const { compilePrescriptions } = await import("@thoth/prescriptions/compile");
  const { openPrescriptions, buildPipeline } = await import("@thoth/prescriptions");
  const { rules, cases } = await readRulePlace(invocation, place);
  const { errors } = compilePrescriptions(rules);
  if (errors.length > 0) return await validate(invocation, place);
  const tried = [];
  for (const { path, text } of cases) {
    // A case speaks of the rules in the file beside it.
    const own = rules.filter((file) => file.path === path.replace(".test.", ".") || METADATA.test(file.path));
    const prescriptions = openPrescriptions(compilePrescriptions(own).bytes);
    for (const item of readCases(path, text)) {
      const target = targetEnvironment({ pythonVersion: `${item.python}.0`, platform: "linux" });
      const context = { ...contextOf({ recommendationType: "stable" }, target), libraryUsage: item.uses };
      const stack = new Map(
        Object.entries(item.stack).map(([name, version]) => [
          normalizeName(name),
          { version: parseVersion(version) },
        ]),
      );
      const fired = holdingUnits(bookOf(buildPipeline(prescriptions, context), path), stack).map(shortName);
      const passed = fired.toSorted().join() === item.fires.toSorted().join();
      tried.push({ file: item.file, name: item.name, passed, fires: fired, expected: item.fires });
    }
  }
  const failed = tried.filter(({ passed }) => !passed);
  terminal.document({
    action: "test",
    ...sourcesOf(invocation),
    passed: tried.length - failed.length,
    failed: failed.length,
    cases: tried,
  });
  const lines = failed.map(
    ({ file, name, fires, expected }) => `${file}: ${name}: ${listed(fires)} held, not ${listed(expected)}`,
  );
  lines.push(`${tried.length - failed.length} passed, ${failed.length} failed`);
  terminal.result(lines.map(printable).join("\n"));
  return failed.length > 0 || tried.length === 0 ? 1 : 0;
}

function listed(units: readonly string[]): string {
  return units.length === 0 ? "none" : units.map((unit) => quote(unit)).join(", ");
}

/** Without the name of the prescription. */
function shortName(unit: string): string {
  return unit.slice(unit.indexOf(".") + 1);
}
