// The report that a document of `thoth advise --json` tells, so that what a service has found is shown as what this machine
// finds.

import { normalizeName } from "@thoth/pep";
import type { RuleSource } from "../session/rule-places.ts";
import { parseAsOf } from "../settings/as-of.ts";
import type { AdviceReport, Line, ProductReport } from "./advice-report.ts";
import type { AdvicePage, AdvisedStack } from "./html-report.ts";
import { secondsOfDay } from "./known.ts";
import type { Reason } from "./reasons.ts";

/** What is read of the document; it fits its schema. */
export interface ToldAdvice extends AdvicePage {
  readonly products: readonly ToldStack[];
}

interface ToldStack extends AdvisedStack {
  readonly lock: ReturnType<ProductReport["lock"]>;
  readonly relaxations: readonly (AdvisedStack["relaxations"][number] & { readonly package_name: string })[];
}

type ToldPackage = AdvisedStack["packages"][number];

/** Undefined where it has no stack. */
export function reportOfDocument(document: ToldAdvice): Omit<AdviceReport, "made"> | undefined {
  const [best, ...others] = document.products;
  if (best === undefined) return undefined;
  const { recommendationType, asOf, knowledge, rules = [], unknown } = document;
  const newest = knowledge.newest === null ? 0 : secondsOfDay(knowledge.newest);
  return {
    type: recommendationType as AdviceReport["type"],
    asOf: parseAsOf(asOf),
    products: [productOf(best), ...others.map(productOf)],
    advisories: { count: knowledge.advisories, newest },
    gains: best.relaxations.map(gainOf),
    rules: rules as readonly RuleSource[],
    unknown,
  };
}

function productOf({ proof, objective, packages, stackInfo = [], lock }: ToldStack): ProductReport {
  return {
    proof,
    objective,
    lines: packages.map(lineOf),
    stackInfo: stackInfo.map(({ type, message, link }) => ({ type: type as Reason["type"], message, link })),
    lock: () => lock,
  };
}

function lineOf(told: ToldPackage): Line {
  const { name, version, before, requiredBy, pays, vulnerabilities, vulnerabilitiesBefore = [] } = told;
  const demands = requiredBy.map(({ name: by, specifiers }) => ({
    by: by === null ? undefined : normalizeName(by),
    specifiers,
  }));
  return {
    advice: { name: normalizeName(name), version, demands, pays, flaws: vulnerabilities },
    before,
    had: vulnerabilitiesBefore,
    reasons: reasonsTold(told),
  };
}

export function reasonsTold({ justification }: Pick<ToldPackage, "justification">): readonly Reason[] {
  return justification.map(({ type, message, link }) => ({
    type: type as Reason["type"],
    message,
    ...(link === undefined ? {} : { link }),
  }));
}

function gainOf(told: ToldStack["relaxations"][number]) {
  const { requirement, instead, level, before, after, vulnerabilities, proof } = told;
  const loosening = { name: normalizeName(told.package_name), from: requirement, to: instead };
  return { loosening, level, before, after, flaws: vulnerabilities, proof };
}
