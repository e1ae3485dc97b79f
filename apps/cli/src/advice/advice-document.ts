// The report of `thoth advise` as the JSON document that `contract` describes.

import type { AdviceReport, KnownFlaw, Line, ProductReport } from "./advice-report.ts";
import type { Gain } from "./find-loosenings.ts";
import { frontDocument } from "./front-report.ts";
import { dayOf } from "./known.ts";
import { searchDocument } from "./search-report.ts";
import { yoursDocument } from "./yours.ts";

export function adviceDocument(report: AdviceReport) {
  const { type, asOf, products, advisories, gains, rules, unknown, search, front, yours, made } = report;
  return {
    recommendationType: type,
    asOf: asOf.text,
    products: products.map((product, at) => productDocument(product, at === 0 ? gains : [])),
    knowledge: {
      advisories: advisories?.count ?? 0,
      newest: advisories === undefined || advisories.newest === 0 ? null : dayOf(advisories.newest),
    },
    ...(rules.length === 0 ? {} : { rules }),
    unknown,
    made,
    ...(yours === undefined ? {} : { yours: yoursDocument(yours, products[0].objective) }),
    ...(front === undefined ? {} : { front: frontDocument(front) }),
    ...(search === undefined ? {} : { search: searchDocument(search) }),
  };
}

function productDocument(
  { proof, objective, lines, stackInfo, lock }: ProductReport,
  gains: readonly Gain[],
) {
  return {
    proof,
    objective,
    packages: lines.map(packageDocument),
    stackInfo: stackInfo.map(({ type, message, link }) => ({ type, message, link })),
    lock: lock(),
    relaxations: gains.map(({ loosening, level, before, after, flaws, proof: shown }) => ({
      package_name: loosening.name,
      requirement: loosening.from,
      instead: loosening.to,
      level,
      before,
      after,
      vulnerabilities: flaws,
      proof: shown,
    })),
  };
}

function flawDocument({ id, aliases, severity, link, fixedIn }: KnownFlaw) {
  return { id, aliases, severity, link, fixedIn };
}

function packageDocument({ advice, before, had, reasons }: Line) {
  const { name, version, demands, pays, flaws } = advice;
  return {
    name,
    version,
    ...(before === undefined ? {} : { before, vulnerabilitiesBefore: had.map(flawDocument) }),
    requiredBy: demands.map(({ by, specifiers }) => ({ name: by ?? null, specifiers })),
    pays,
    vulnerabilities: flaws.map(flawDocument),
    justification: reasons.map(({ type, message, link, packageName }) => ({
      type,
      message,
      ...(link === undefined ? {} : { link }),
      package_name: packageName ?? name,
    })),
  };
}
