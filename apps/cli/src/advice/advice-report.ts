// What `thoth advise` answers, as data: products with the reasons for each package, what loosening a requirement would gain,
// and what nobody looked at.

import type { LockDocument, PackageAdvice, RecommendationType, RuleJustification } from "@thoth/adviser";
import type { AdvisoryReader, Flaw } from "@thoth/knowledge";
import { type PackageName, parseVersion } from "@thoth/pep";
import { plural } from "../frame/printable.ts";
import type { Unseen } from "../session/evidence.ts";
import type { RuleSource } from "../session/rule-places.ts";
import type { AsOf } from "../settings/as-of.ts";
import type { FrontReport } from "./find-front.ts";
import type { Gain } from "./find-loosenings.ts";
import { unknownOf } from "./known.ts";
import type { MadeFrom } from "./made-from.ts";
import { type Reason, reasonsOf } from "./reasons.ts";
import type { SearchReport } from "./run-search.ts";
import type { Score } from "./score-stack.ts";

export type KnownFlaw = Pick<Flaw, "id" | "aliases" | "severity" | "link" | "fixedIn">;

export interface Line {
  readonly advice: Pick<PackageAdvice, "name" | "version" | "demands" | "pays"> & {
    readonly flaws: readonly KnownFlaw[];
  };
  /** The version that the user has. */
  readonly before: string | undefined;
  /** Known flaws of that version. */
  readonly had: readonly KnownFlaw[];
  readonly reasons: readonly Reason[];
}

/** A stack, however it was found. */
export interface Candidate {
  readonly proof: "optimal" | "feasible";
  readonly objective: LockDocument["objective"];
  readonly advice: () => readonly PackageAdvice[];
  readonly stackInfo: () => readonly RuleJustification[];
  readonly document: () => LockDocument;
}

export interface ProductReport {
  readonly proof: Candidate["proof"];
  readonly objective: Candidate["objective"];
  readonly lines: readonly Line[];
  /** What rules say of the stack as a whole. */
  readonly stackInfo: readonly RuleJustification[];
  readonly lock: Candidate["document"];
}

export interface AdviceReport {
  readonly type: RecommendationType;
  readonly asOf: AsOf;
  /** The best first. */
  readonly products: readonly [ProductReport, ...ProductReport[]];
  /** How many are known, and the time of the newest in seconds since 1970; 0: of none. */
  readonly advisories: Pick<AdvisoryReader, "count" | "newest"> | undefined;
  readonly gains: readonly Gain[];
  readonly search?: SearchReport | undefined;
  readonly rules: readonly RuleSource[];
  readonly front?: FrontReport | undefined;
  /** Of the lock that the user named. */
  readonly yours?: Score | undefined;
  readonly made: MadeFrom;
  readonly unknown: readonly string[];
}

export interface ReportParts {
  readonly type: RecommendationType;
  readonly asOf: AsOf;
  readonly candidates: readonly [Candidate, ...Candidate[]];
  readonly advisories: AdvisoryReader | undefined;
  /** Undefined: nobody looked for any. */
  readonly unseen: readonly Unseen[] | undefined;
  readonly gains: readonly Gain[];
  readonly search?: SearchReport | undefined;
  /** Repositories of rules that were read. */
  readonly rules: readonly RuleSource[];
  readonly front?: FrontReport | undefined;
  readonly yours?: Score | undefined;
  readonly made: MadeFrom;
  readonly before: ReadonlyMap<string, string>;
}

export function reportOf({ candidates, before, unseen, ...parts }: ReportParts): AdviceReport {
  const { advisories, asOf } = parts;
  const had = (name: PackageName) =>
    flawsOf(advisories, { name, version: before.get(name), asOf: asOf.seconds });
  const reportOn = ({ proof, objective, advice, stackInfo, document }: Candidate): ProductReport => {
    const lines = advice().map((item): Line => {
      const flaws = had(item.name);
      return { advice: item, before: before.get(item.name), had: flaws, reasons: reasonsOf(item, flaws) };
    });
    return { proof, objective, lines, stackInfo: stackInfo(), lock: document };
  };
  const [first, ...others] = candidates;
  const best = reportOn(first);
  const unknown = [
    ...unknownOf(advisories, asOf.seconds),
    ...unseenOf(unseen, best.lines.length),
    "attestations that the index does not tell",
  ];
  return { ...parts, products: [best, ...others.map(reportOn)], unknown };
}

function unseenOf(unseen: readonly Unseen[] | undefined, packages: number): string[] {
  const nothing: readonly Unseen[] = ["inspections", "measurements", "scorecards"].map((what) => ({
    what,
    packages,
  }));
  const byCount = Map.groupBy(
    (unseen ?? nothing).filter((item) => item.packages > 0),
    (item) => item.packages,
  );
  return [...byCount].map(
    ([count, items]) =>
      `${items.map(({ what }) => what).join(", ")} of ${plural(count, "package")}: none are here`,
  );
}

interface Release {
  readonly name: PackageName;
  readonly version: string | undefined;
  /** Seconds since 1970. */
  readonly asOf: number;
}

function flawsOf(advisories: AdvisoryReader | undefined, { name, version, asOf }: Release): readonly Flaw[] {
  if (advisories === undefined || version === undefined) return [];
  const parsed = parseVersion(version);
  return advisories.flaws(name).filter((flaw) => flaw.published <= asOf && flaw.affects(parsed));
}

export function flawsIn(lines: readonly Line[]): number {
  return lines.reduce((sum, { advice }) => sum + advice.flaws.length, 0);
}
