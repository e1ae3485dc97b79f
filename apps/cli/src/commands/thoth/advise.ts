// `thoth advise`: the greatest stacks by a stated objective, what they change, and why.

import { lockDocument, type Product, type Project, REPEAT } from "@thoth/adviser";
import { quote, ThothError } from "@thoth/pep";
import { adviceDocument } from "../../advice/advice-document.ts";
import { type AdviceReport, type Candidate, reportOf } from "../../advice/advice-report.ts";
import { adviceText } from "../../advice/advice-text.ts";
import { type FrontReport, findFront, frontWishOf } from "../../advice/find-front.ts";
import { findLoosenings, type Gain } from "../../advice/find-loosenings.ts";
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
import { replaceFile } from "../../files/replace-file.ts";
import { type Handler, type Invocation, type OptionValues, textOption } from "../../frame/command.ts";
import { formOfFile, type LockForm } from "../../locks/lock-forms.ts";
import { readLock } from "../../locks/read-lock.ts";
import type { ProjectInput } from "../../project/project-input.ts";
import { ruleSourcesOf } from "../../session/rule-places.ts";
import { type ResolutionSettings, readResolutionSettings } from "../../settings/resolution-settings.ts";
import { formText, type GivenProject, lockGiven } from "./lock.ts";

export const adviseCommand: Handler = async (invocation) => {
  const { terminal, environment } = invocation;
  const options: OptionValues = { recommendationType: "stable", ...defined(invocation.options) };
  const settings = readResolutionSettings(options, environment);
  const wanted = countOf(options);
  const wish = searchWishOf(invocation, wanted);
  const frontWish = frontWishOf(invocation);
  mustBeOurs(settings, wish !== undefined || frontWish !== undefined);
  const had = await lockedVersions(invocation);
  let gains: readonly Gain[] = [];
  const others: Product[] = [];
  let search: SearchReport | undefined;
  let front: FrontReport | undefined;
  let yours: Score | undefined;
  const consult = async (consultation: Consultation, prove: Prove | undefined) => {
    if (search !== undefined) return;
    if (wish !== undefined)
      search = await runSearch(invocation, wish, { ...consultation, proved: consultation.product });
    if (had !== undefined) yours = await scoreStack(consultation, had);
    if (frontWish !== undefined)
      front = await findFront(consultation, frontWish, {
        invocation,
        seconds: settings.timeoutSeconds,
        before: had,
      });
    others.push(...(await findOthers(consultation, wanted, prove)));
    if (options["relax"] !== false) gains = await findLoosenings(consultation, terminal);
  };
  const alone = async (wanted: SearchWish, project: Project, known: Knowledge) => {
    search = await runSearch(invocation, wanted, { project, known });
    const [best, ...more] = search.found;
    others.push(...more);
    if (best === undefined) throw nothingFound(search);
    return best;
  };
  const given = await lockGiven(invocation, settings, {
    consult,
    ...(wish !== undefined && isAlone(invocation)
      ? { search: (project: Project, known: Knowledge) => alone(wish, project, known) }
      : {}),
  });
  const { locked } = given;
  const report = reportOf({
    type: settings.policy.recommendationType,
    asOf: settings.asOf,
    candidates: [candidateOf(locked), ...others.map(otherCandidate)],
    advisories: locked.advised?.advisories,
    gains,
    search,
    rules: ruleSourcesOf(invocation),
    front,
    yours,
    before: had ?? pinsOf(given.input),
  });
  await write(invocation, given);
  if (search !== undefined) await writePlot(invocation, search);
  await writePage(invocation, report);
  terminal.document(adviceDocument(report));
  terminal.result(adviceText(terminal, report));
  return 0;
};

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
  return { proof, objective, advice: () => advised?.packages() ?? [], document };
}

function otherCandidate(product: Product): Candidate {
  const { proof, objective, advice } = product;
  return { proof, objective, advice, document: () => lockDocument(product) };
}

/** The versions of the lock that the user names; without one, what the requirements pin is compared. */
async function lockedVersions({ options, environment }: Invocation): Promise<Versions | undefined> {
  const path = textOption(options, "lock");
  if (path === undefined) return undefined;
  const { versions } = await readLock(path, environment);
  return new Map(versions.map(({ name, version }) => [name, version.text]));
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

async function writePage(
  { terminal, options, arguments: [files] }: Invocation,
  report: AdviceReport,
): Promise<void> {
  const output = textOption(options, "html");
  if (output === undefined) return;
  const { adviceHtml } = await import("../../advice/html-report.ts");
  const words = [
    "thoth advise",
    ...((files ?? []) as readonly string[]),
    "--recommendation-type",
    report.type,
    "--as-of",
    report.asOf.text,
  ];
  await replaceFile(output, adviceHtml({ ...adviceDocument(report), command: words.join(" ") }));
  terminal.entry("page", `written to ${output}`);
}

async function write({ terminal, options }: Invocation, given: GivenProject): Promise<void> {
  const output = textOption(options, "output");
  if (output === undefined) return;
  const form = (textOption(options, "format") ?? formOfFile(output) ?? "pylock") as LockForm;
  await replaceFile(output, await formText(form, given.locked, given));
  terminal.entry("lock", `written to ${output}`);
}
