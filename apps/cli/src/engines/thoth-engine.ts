// Our own engine: the adviser's resolution, hosted by the index session, with a proof and the nearest way out
// when there is no answer.

import { join } from "node:path";
import {
  asOfFor,
  describeChanges,
  type Failure,
  lockDocument,
  lockOf,
  missingHashes,
  type Policy,
  type Product,
  type Project,
  type RequirementChange,
  type Universe,
  Wishes,
} from "@thoth/adviser";
import type { HostedResolution, Hosting, IndexSession, ResolutionOutcome } from "@thoth/index";
import { type Pylock, quote, specifiersContain, ThothError } from "@thoth/pep";
import { listFlaws } from "../advice/flaw-words.ts";
import { hashOfFile } from "../files/hash-file.ts";
import type { Invocation } from "../frame/command.ts";
import { formatSeconds, plural } from "../frame/printable.ts";
import { SEARCH_BEGINS } from "../search-begins.ts";
import { type DirectReferences, readDirectReferences, withoutDates } from "../session/direct-references.ts";
import type { Evidence } from "../session/evidence.ts";
import { ExcerptShelf } from "../session/excerpt-shelf.ts";
import { openAllAdvisories, openKnownAdvisories } from "../session/known-advisories.ts";
import { openKnownRules } from "../session/known-rules.ts";
import { notKept } from "../session/learn-projects.ts";
import { openEvidence } from "../session/open-evidence.ts";
import { openSession } from "../session/open-session.ts";
import { nameSet } from "../settings/resolution-settings.ts";
import { describeEngineFailure } from "./backup-engines.ts";
import { deadlineOf } from "./deadline.ts";
import type { Consultation, Knowledge, Locked, LockRequest, Scales, Weight } from "./engine.ts";
import { type Settling, settle } from "./settle.ts";
import { findWaysOut } from "./ways-out.ts";

export async function lockWithThoth(invocation: Invocation, request: LockRequest): Promise<Locked> {
  const { settings } = request;
  const { terminal } = invocation;
  const project = projectOf(request);
  mustFitPython(request);
  const references = readDirectReferences(project.requirements);
  const { session, ruled, told, opened } = await openKnowledge(invocation, request, { project, references });
  const evidence = opened?.evidence;
  const rules = evidence?.book ?? ruled;
  const advisories = opened === undefined ? told : opened.advisories;
  const places = {
    folder: join(settings.indexes.cacheDirectory, "excerpts"),
    memory: invocation.stores.excerpts,
  };
  const shelf = new ExcerptShelf(places, { project, session, advisories, rules });
  try {
    const listing: Knowledge["listing"] = (name, digest) =>
      shelf.digest({ name, asOf: asOfFor(project.policy, name), digest });
    const resolving = { project, session, shelf, advisories, rules, evidence, listing };
    const product =
      (await request.search?.(project, resolving)) ?? (await resolveProject(invocation, request, resolving));
    if (settings.strict) mustBeClean(product);
    await request.consult?.({
      project,
      product,
      ...askAgain(invocation, request, { ...resolving, product }),
    });
    const hashes = await terminal.phase("fetch hashes", () => fetchHashes(invocation, product, session));
    let pylock: Pylock | undefined;
    return {
      engine: "thoth",
      get pylock() {
        pylock ??= withoutDates(lockOf(product, { hashes }), references);
        return pylock;
      },
      document: () => lockDocument(product, { hashes }),
      packages: product.packages.map(({ name, version }) => ({ name, version })),
      proof: product.proof,
      objective: product.objective,
      warnings: product.warnings,
      advised: {
        packages: product.advice,
        stackInfo: product.stackInfo,
        advisories,
        unseen: evidence?.unseen(product),
      },
    };
  } catch (error) {
    throw await describeEngineFailure(error, invocation);
  } finally {
    // What was read is good for the next run, whatever became of this one.
    await terminal.phase("keep what was read", async () => {
      shelf.save();
      await evidence?.close();
      await session.close();
    });
  }
}

/** What the search is given, each in a phase of its own. */
async function openKnowledge(
  invocation: Invocation,
  request: LockRequest,
  { project, references }: { readonly project: Project; readonly references: DirectReferences },
) {
  const { terminal } = invocation;
  const { settings, input } = request;
  const told = await terminal.phase("open advisories", () =>
    request.consult === undefined && !settings.strict
      ? openKnownAdvisories(invocation, settings)
      : openAllAdvisories(invocation, settings.advisories),
  );
  const ruled = await terminal.phase("open rules", () => openKnownRules(invocation, request, project.target));
  const session = await terminal.phase("open indexes", () =>
    openSession(invocation, {
      settings: settings.indexes,
      named: input.places,
      allowBuild: settings.policy.allowBuild,
      references,
      builder: request.target.interpreter,
    }),
  );
  const known = { rules: ruled, session, advisories: told };
  const opened = await terminal.phase("open evidence", () => openEvidence(invocation, request, known));
  return { session, ruled, told, opened };
}

export function projectOf({
  settings,
  input,
  target,
}: Pick<LockRequest, "settings" | "input" | "target">): Project {
  const policy: Policy = {
    ...settings.policy,
    prerelease:
      input.prerelease && settings.policy.prerelease === "if-necessary"
        ? "allow"
        : settings.policy.prerelease,
    onlyBinary: union(settings.policy.onlyBinary, nameSet(input.onlyBinary)),
    noBinary: union(settings.policy.noBinary, nameSet(input.noBinary)),
  };
  return { requirements: input.requirements, constraints: input.constraints, target: target.target, policy };
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return b.size === 0 ? a : new Set([...a, ...b]);
}

/** The project's own bound on Python is a requirement like any other. */
export function mustFitPython({ input, target }: Pick<LockRequest, "input" | "target">): void {
  const { requiresPython } = input;
  const { pythonVersion } = target.target;
  if (requiresPython === undefined || specifiersContain(requiresPython, pythonVersion, { prereleases: true }))
    return;
  throw new ThothError(
    "unsatisfiable",
    `the project needs Python ${quote(requiresPython.text)}, and this is Python ${pythonVersion.text}`,
    { hint: "Name another Python with --python-version.", details: { requiresPython: requiresPython.text } },
  );
}

interface Resolving extends Knowledge {
  readonly project: Project;
  readonly shelf: ExcerptShelf;
  readonly evidence: Evidence | undefined;
  /** The answer. */
  answered?: Universe;
}

/** Of an excerpt whose search takes longer than what `SEARCH_BEGINS` sets off. */
const MANY_RELEASES = 140;

async function resolveProject(
  invocation: Invocation,
  request: LockRequest,
  resolving: Resolving,
): Promise<Product> {
  const { HostedResolution } = await import("@thoth/index");
  const { terminal, signal } = invocation;
  const { timeoutSeconds, mostSteps } = request.settings;
  const deadline = deadlineOf(timeoutSeconds, signal, mostSteps);
  const stage = terminal.stage(request.label ?? "resolve");
  stage.update(0, 0, "asking the index");
  // A proof names every release that it speaks of.
  const excerpt =
    request.prove === undefined
      ? await terminal.phase("read what was kept", () => resolving.shelf.load())
      : undefined;
  if (excerpt === undefined || excerpt.releaseCount >= MANY_RELEASES)
    (process as NodeJS.EventEmitter).emit(SEARCH_BEGINS);
  try {
    const { project, session, advisories, rules, evidence } = resolving;
    const identity = evidence?.identity;
    const likely = excerpt?.projectNames ?? project.requirements.map(({ requirement }) => requirement.name);
    if (evidence !== undefined) await terminal.phase("look up evidence", () => evidence.prepare(likely));
    const options = { advisories, rules };
    const make: Settling["make"] = ({ anew }) =>
      new HostedResolution(project, session, anew ? options : { ...options, excerpt });
    const hosting: Hosting = {
      budget: deadline,
      signal: deadline.signal,
      onStep: ({ projects, metadata }) =>
        stage.update(0, 0, `${plural(projects, "project")}, metadata of ${plural(metadata, "release")}`),
    };
    const answer = await terminal.phase("search", async (phase) => {
      const found = await settle({ make, hosting, evidence, terminal });
      phase.set({ outcome: found.kind, steps: deadline.steps, ...session.asked });
      if (found.kind === "unsatisfiable") phase.fail(found.failure.code);
      return found;
    });
    switch (answer.kind) {
      case "solved":
        stage.end(summaryOf(answer.product, stage.seconds));
        evidence?.tell(answer.product);
        if (evidence?.identity === identity) resolving.shelf.keep(answer.excerpt);
        resolving.answered = answer.evidence().universe;
        await request.prove?.(resolving.project, answer.evidence());
        return answer.product;
      case "limit":
        if (answer.best === undefined || request.prove !== undefined)
          throw mostSteps === undefined ? tooSlow(timeoutSeconds) : tooFew(mostSteps);
        stage.end(`${summaryOf(answer.best, stage.seconds)}; the budget was spent before a proof`);
        if (evidence !== undefined && request.usage !== undefined)
          terminal.warn(
            "whether this stack has all that the code uses was not looked at to the end; --timeout gives it more time",
          );
        return answer.best;
      case "unsatisfiable": {
        await request.prove?.(resolving.project, answer.evidence());
        const { failure } = answer;
        const ways = await terminal.phase("find ways out", () => findWaysOut(resolving, failure, signal));
        throw failureOf(request, failure, ways);
      }
      default:
        return answer satisfies never;
    }
  } catch (error) {
    stage.end();
    if (deadline.signal.aborted && !signal.aborted) throw tooSlow(timeoutSeconds, error);
    throw error;
  }
}

/** Throws unsatisfiable where the best stack keeps a known vulnerability. */
export function mustBeClean(product: Product): void {
  const flawed = product.advice().filter(({ flaws }) => flaws.length > 0);
  if (flawed.length === 0) return;
  const lines = flawed.map(({ name, version, flaws }) => `  ${name} ${version} keeps ${listFlaws(flaws)}`);
  throw new ThothError("unsatisfiable", ["the best stack keeps known vulnerabilities", ...lines].join("\n"), {
    hint: "Without --strict it is given; `thoth advise` tells which requirement costs most.",
    details: { vulnerabilities: flawed.flatMap(({ name, flaws }) => flaws.map(({ id }) => `${name} ${id}`)) },
  });
}

function askAgain(
  { signal, terminal }: Invocation,
  { settings, prove }: LockRequest,
  resolving: Resolving & { readonly product: Product },
): Omit<Consultation, "project" | "product"> {
  const { project: answered, product, session, shelf, advisories, rules, evidence } = resolving;
  // Whatever is asked of the same environment was mostly read for the first answer.
  const aroundOf = ({ target, policy }: Project) => {
    const isKept = prove === undefined && answered.target === target && answered.policy === policy;
    const kept = isKept ? { excerpt: shelf.load(), kin: resolving.answered } : {};
    return { isKept, options: { advisories, rules, ...kept } };
  };
  const within = () => {
    const deadline = deadlineOf(settings.timeoutSeconds, signal);
    return { budget: deadline, signal: deadline.signal };
  };
  const ask = async (project: Project, time = within()) => {
    const { HostedResolution } = await import("@thoth/index");
    const { isKept, options } = aroundOf(project);
    const make: Settling["make"] = ({ anew }) =>
      new HostedResolution(project, session, anew ? { advisories, rules } : options);
    const answer = await settle({ make, hosting: time, evidence, terminal });
    if (isKept && answer.kind === "solved") shelf.keep(() => answer.excerpt("before"));
    return answer;
  };
  const resolve: Consultation["resolve"] = async (project) => productOf(await ask(project));
  const loosen: Consultation["loosen"] = (ways) => {
    const wishes = new Wishes(ways, rules, product.objective);
    const { isKept, options } = aroundOf(answered);
    const time = within();
    let hosted: HostedResolution | undefined;
    const found = new Map<string, Weight | undefined>();
    const weigh: Scales["weigh"] = async (loosening) => {
      const { name } = loosening;
      if (!wishes.has(name)) return productOf(await ask(loosening.project, time));
      const { HostedResolution } = await import("@thoth/index");
      const make: Settling["make"] = ({ anew }) => {
        const kept = anew ? { advisories, rules } : options;
        hosted = new HostedResolution(answered, session, { ...kept, wishes });
        return hosted;
      };
      hosted ??= make({ anew: false });
      const left = hosted.leaves(name, loosening);
      if (left !== undefined && left === hosted.leaves(name)) return product;
      const known = found.get(`${name} ${left}`);
      if (left !== undefined && known !== undefined) return known;
      hosted.turnTo(loosening);
      let turned: HostedResolution | undefined = hosted;
      const again: Settling["make"] = (how) => {
        const next = turned ?? make(how);
        if (turned === undefined) next.turnTo(loosening);
        turned = undefined;
        return next;
      };
      const answer = await settle({ make: again, hosting: time, evidence, terminal });
      if (isKept && answer.kind === "solved") shelf.keep(() => answer.excerpt("before"));
      const weight = productOf(answer);
      found.set(`${name} ${left}`, weight);
      return weight;
    };
    return {
      weigh,
      get late() {
        return time.budget.spent(0);
      },
    };
  };
  return { ask, resolve, loosen, known: resolving };
}

function productOf(answer: ResolutionOutcome): Product | undefined {
  if (answer.kind === "unsatisfiable") return undefined;
  return answer.kind === "solved" ? answer.product : answer.best;
}

function summaryOf({ packages, proof }: Product, seconds: number): string {
  const how = proof === "optimal" ? "optimal (proved)" : "the best found so far";
  return `${plural(packages.length, "package")}, ${how} in ${formatSeconds(seconds)}`;
}

export function tooSlow(seconds: number, cause?: unknown): ThothError {
  return new ThothError("limit-exceeded", `the resolution did not end within ${formatSeconds(seconds)}`, {
    hint: "Give it more time with --timeout, or pin what you know.",
    details: { limit: "time", seconds },
    cause,
  });
}

export function tooFew(steps: number): ThothError {
  return new ThothError("limit-exceeded", `no stack was found within ${plural(steps, "step")}`, {
    hint: "Give the search more with --max-steps, or pin what you know.",
    details: { limit: "steps", steps },
  });
}

export function failureOf(
  { settings, subject }: Pick<LockRequest, "settings" | "subject">,
  failure: Failure,
  changes: readonly (readonly RequirementChange[])[],
): ThothError {
  const ways = changes.map(describeChanges);
  if (settings.indexes.offline && failure.code === "package-not-found")
    return notKept(failure.core[0]?.requires.name ?? "a package");
  const sentences = settings.explainFully ? failure.full : failure.sentences;
  const [only] = sentences;
  const message =
    failure.code !== "unsatisfiable" && sentences.length === 1 && only !== undefined
      ? only
      : [`no stack satisfies ${subject}`, ...sentences.map((sentence) => `  ${sentence}`)].join("\n");
  const hints = [...ways.map((way) => `This would do: ${way}.`), ...failure.hints];
  return new ThothError(failure.code, message, {
    hint: hints.length === 0 ? undefined : hints.join("\n"),
    details: {
      sentences: failure.sentences,
      core: failure.core,
      minimal: failure.minimal,
      requirements: failure.requirements,
      waysOut: ways,
      changes,
      ...(settings.explainFully ? { full: failure.full } : {}),
    },
  });
}

/** SHA-256 by URL of the files that must be locked and for which no index tells it: they are fetched once. */
export async function fetchHashes(
  invocation: Invocation,
  product: Product,
  session: IndexSession,
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  const files = missingHashes(product);
  if (files.length === 0) return hashes;
  const stage = invocation.terminal.stage("hashes");
  try {
    for (const file of files) {
      stage.update(hashes.size, files.length, file.filename);
      hashes.set(file.url, await hashOfFile(await session.artifact(file, invocation.signal)));
    }
    stage.end(`of ${plural(files.length, "file")} computed, which the index does not tell`);
  } catch (error) {
    stage.end();
    throw error;
  }
  return hashes;
}
