// `thoth advise`: the greatest stacks by a stated objective, what they change, and why.

import { lockDocument, type Product, type Project, REPEAT } from "@thoth/adviser";
import type { AdvisoryReader } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { adviceDocument } from "../../advice/advice-document.ts";
import { type AdviceReport, type Candidate, reportOf } from "../../advice/advice-report.ts";
import { adviceParts } from "../../advice/advice-text.ts";
import { type FrontReport, type FrontWish, findFront, frontWishOf } from "../../advice/find-front.ts";
import { findLoosenings, type Gain } from "../../advice/find-loosenings.ts";
import { inputOf, madeFrom, type Told, toldBy } from "../../advice/made-from.ts";
import {
  isSame,
  type OldReport,
  readOldReport,
  replayDocument,
  replayOf,
  replayParts,
} from "../../advice/replay.ts";
import {
  isAlone,
  runSearch,
  type SearchReport,
  type SearchWish,
  searchWishOf,
  writePlot,
} from "../../advice/run-search.ts";
import { type Score, scoreStack, type Versions } from "../../advice/score-stack.ts";
import { wholeNumber } from "../../advice/whole-number.ts";
import type { Consultation, Knowledge, Locked, Prove } from "../../engines/engine.ts";
import { type Handler, type Invocation, type OptionValues, textOption } from "../../frame/command.ts";
import { readLock } from "../../locks/read-lock.ts";
import { singleVersions } from "../../locks/single-lock.ts";
import type { ProjectInput } from "../../project/project-input.ts";
import { withInlineEnvironment } from "../../session/request-facts.ts";
import { ruleSourcesOf } from "../../session/rule-places.ts";
import { parseAsOf } from "../../settings/as-of.ts";
import { withProjectFile } from "../../settings/project-settings.ts";
import { type ResolutionSettings, readResolutionSettings } from "../../settings/resolution-settings.ts";
import { writeAdvisedLock, writePage } from "./advise-files.ts";
import { type LockMore, lockGiven } from "./lock.ts";

export const adviseCommand: Handler = async (given) => {
  const { terminal, environment } = given;
  const old = await readOldReport(given);
  // An old report says itself where its stack was to run.
  const invocation =
    old === undefined ? await withProjectFile(given, { usualType: "stable", service: true }) : given;
  const options = await withInlineEnvironment({
    recommendationType: "stable",
    ...old?.made.options,
    ...defined(invocation.options),
  });
  const settings = settingsOf(readResolutionSettings(options, environment), old);
  if (settings.engine === "service")
    return (await import("./advise-by-service.ts")).adviseFromService({ ...invocation, options }, settings);
  if (options["wait"] === false)
    throw new ThothError("usage", "only a service can be asked without waiting for it", {
      hint: "Leave out --no-wait, or name a service by --service or THOTH_SERVICE.",
    });
  const questions = new Questions({ ...invocation, options }, settings);
  const had = await lockedVersions(invocation);
  const locking = await lockGiven(invocation, settings, {
    ...questions.asked(had),
    input: old && inputOf(old.made),
  });
  const { locked, input } = locking;
  const { told, ...answers } = questions.answers();
  const report = await terminal.phase("justify", () =>
    reportOf({
      type: settings.policy.recommendationType,
      asOf: settings.asOf,
      candidates: [candidateOf(locked), ...questions.others.map(otherCandidate)],
      advisories: locked.advised?.advisories,
      unseen: locked.advised?.unseen,
      ...answers,
      rules: ruleSourcesOf(invocation),
      made: madeFrom({ options, settings, input }, told),
      before: had ?? pinsOf(input),
    }),
  );
  await writeAdvisedLock(invocation, locking);
  if (report.search !== undefined) await writePlot(invocation, report.search);
  if (options["html"] !== undefined) await writePage(invocation, adviceDocument(report));
  if (old !== undefined)
    return tellReplay(invocation, report, { old, advisories: locked.advised?.advisories });
  if (terminal.json) await terminal.phase("write report", () => terminal.document(adviceDocument(report)));
  terminal.result(...adviceParts(terminal, report));
  return 0;
};

interface Replaying {
  readonly old: OldReport;
  readonly advisories: AdvisoryReader | undefined;
}

function tellReplay({ terminal }: Invocation, report: AdviceReport, { old, advisories }: Replaying): 0 | 1 {
  const document = adviceDocument(report);
  const replay = replayOf(old, document, advisories);
  terminal.document({ ...document, replay: replayDocument(replay) });
  terminal.result(...adviceParts(terminal, report), "", ...replayParts(replay));
  return isSame(replay) ? 0 : 1;
}

/** As of the date of the report that is asked again. */
function settingsOf(settings: ResolutionSettings, old: OldReport | undefined): ResolutionSettings {
  if (old === undefined) return settings;
  const asOf = parseAsOf(old.asOf);
  const policy = { ...settings.policy, asOf: asOf.seconds, asOfStrict: old.made.strictDate };
  return { ...settings, asOf, policy };
}

interface Answers {
  readonly gains: readonly Gain[];
  readonly search: SearchReport | undefined;
  readonly front: FrontReport | undefined;
  readonly yours: Score | undefined;
  readonly told: Told;
}

const NOTHING_TOLD: Told = { advisories: null, rules: null, projects: {} };

/** What is asked beside the best stack, and the answers. */
class Questions {
  readonly others: Product[] = [];
  readonly #invocation: Invocation;
  readonly #settings: ResolutionSettings;
  readonly #wanted: number;
  readonly #wish: SearchWish | undefined;
  readonly #frontWish: FrontWish | undefined;
  #gains: readonly Gain[] = [];
  #search: SearchReport | undefined;
  #front: FrontReport | undefined;
  #yours: Score | undefined;
  #told = NOTHING_TOLD;

  /** Throws usage. */
  constructor(invocation: Invocation, settings: ResolutionSettings) {
    this.#invocation = invocation;
    this.#settings = settings;
    this.#wanted = countOf(invocation.options);
    this.#wish = searchWishOf(invocation, this.#wanted);
    this.#frontWish = frontWishOf(invocation);
    mustBeOurs(settings, this.#wish !== undefined || this.#frontWish !== undefined);
    if (isAlone(invocation) && invocation.options["proof"] !== undefined)
      throw new ThothError("usage", "a learned search alone proves nothing", {
        hint: "Leave out --no-exact, or --proof.",
      });
  }

  asked(had: Versions | undefined): Pick<LockMore, "consult" | "search"> {
    const wish = this.#wish;
    const consult: LockMore["consult"] = (consultation, prove) => this.#consult(consultation, had, prove);
    if (wish === undefined || !isAlone(this.#invocation)) return { consult };
    return { consult, search: (project, known) => this.#searchAlone(wish, project, known) };
  }

  answers(): Answers {
    return {
      gains: this.#gains,
      search: this.#search,
      front: this.#front,
      yours: this.#yours,
      told: this.#told,
    };
  }

  async #consult(
    consultation: Consultation,
    had: Versions | undefined,
    prove: Prove | undefined,
  ): Promise<void> {
    const { product, known } = consultation;
    const { terminal, options } = this.#invocation;
    // It takes a look at every file of every project, and a table does not tell it.
    if (terminal.json || options["replay"] !== undefined)
      this.#told = await terminal.phase("name what was read", () =>
        toldBy(product, known, this.#settings.asOf.seconds),
      );
    if (had !== undefined)
      this.#yours = await terminal.phase("score the given stack", () => scoreStack(consultation, had));
    // Without a proof there is nothing to hold other stacks against.
    if (this.#search !== undefined) return;
    if (this.#wish !== undefined)
      this.#search = await runSearch(this.#invocation, this.#wish, { ...consultation, proved: product });
    if (this.#frontWish !== undefined)
      this.#front = await findFront(consultation, this.#frontWish, {
        invocation: this.#invocation,
        seconds: this.#settings.timeoutSeconds,
        before: had,
      });
    if (this.#wanted > 1)
      this.others.push(
        ...(await terminal.phase("find next best stacks", () =>
          findOthers(consultation, this.#wanted, prove),
        )),
      );
    if (options["relax"] !== false)
      this.#gains = await terminal.phase("try loosenings", () => findLoosenings(consultation, terminal));
  }

  async #searchAlone(wish: SearchWish, project: Project, known: Knowledge): Promise<Product> {
    this.#search = await runSearch(this.#invocation, wish, { project, known });
    const [best, ...more] = this.#search.found;
    this.others.push(...more);
    if (best === undefined) throw nothingFound(this.#search);
    return best;
  }
}

function defined(options: OptionValues): OptionValues {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Only our own engine has a problem that another search could be run on. */
function mustBeOurs({ engine }: ResolutionSettings, asks: boolean): void {
  if (!asks || engine === "thoth") return;
  throw new ThothError("usage", `the engine ${quote(engine)} answers no further questions`, {
    hint: "Leave out --engine.",
  });
}

function nothingFound({ predictor, stacks }: SearchReport): ThothError {
  return new ThothError("limit-exceeded", `${predictor} found no stack`, {
    hint: "Leave out --no-exact: the exact search finds one, or says why there is none.",
    details: { limit: "stacks", stacks },
  });
}

const MOST_PRODUCTS = 50;

function countOf(options: OptionValues): number {
  return wholeNumber(options, "count", { fallback: 1, least: 1, most: MOST_PRODUCTS });
}

/** The next best stacks, each another than those before; fewer where there are no more. */
async function findOthers(
  { project, product, ask }: Consultation,
  wanted: number,
  prove: Prove | undefined,
): Promise<Product[]> {
  const found = [product];
  while (found.length < wanted) {
    const apartFrom = found.map(
      ({ packages }) => new Map(packages.map(({ name, version }) => [name, version])),
    );
    const answer = await ask({ ...project, apartFrom });
    const next =
      answer.kind === "solved" ? answer.product : answer.kind === "limit" ? answer.best : undefined;
    const [repeat, ...objective] = next?.objective ?? [];
    if (next === undefined || repeat?.level !== REPEAT || repeat.value > 0) break;
    found.push({ ...next, objective });
    if (answer.kind === "solved") await prove?.({ ...project, apartFrom }, answer.evidence());
  }
  return found.slice(1);
}

function candidateOf({ proof, objective, advised, document }: Locked): Candidate {
  return {
    proof,
    objective,
    advice: () => advised?.packages() ?? [],
    stackInfo: () => advised?.stackInfo() ?? [],
    document,
  };
}

function otherCandidate(product: Product): Candidate {
  const { proof, objective, advice, stackInfo } = product;
  return { proof, objective, advice, stackInfo, document: () => lockDocument(product) };
}

/** The versions of the lock that the user names; without one, what the requirements pin is compared. */
async function lockedVersions({ options, environment }: Invocation): Promise<Versions | undefined> {
  const path = textOption(options, "lock");
  if (path === undefined) return undefined;
  return singleVersions(path, await readLock(path, environment));
}

function pinsOf({ requirements }: ProjectInput): ReadonlyMap<string, string> {
  const pins = new Map<string, string>();
  for (const { requirement } of requirements) {
    const [only, ...others] = requirement.specifiers.clauses;
    if (only?.operator === "==" && !only.wildcard && others.length === 0 && only.parsed !== undefined)
      pins.set(requirement.name, only.parsed.text);
  }
  return pins;
}
