// Our own engine for several environments at once: a stack for each, all in one lock, with as few differences as can be.

import {
  differencesOf,
  type JointProduct,
  jointEntries,
  jointLockDocument,
  jointLockOf,
  jointWarnings,
  keptVersions,
  type MovedPackage,
  type PackageAdvice,
  type Product,
  type Project,
  type Universe,
} from "@thoth/adviser";
import type { Hosting, IndexSession, JointOutcome } from "@thoth/index";
import { type Pylock, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { formatSeconds, plural } from "../frame/printable.ts";
import type { Terminal } from "../frame/terminal.ts";
import type { NamedEnvironment } from "../project/target-environments.ts";
import { SEARCH_BEGINS } from "../search-begins.ts";
import { readDirectReferences, withoutDates } from "../session/direct-references.ts";
import type { JointEvidence } from "../session/joint-evidence.ts";
import { openAllAdvisories, openKnownAdvisories } from "../session/known-advisories.ts";
import { openKnownRules } from "../session/known-rules.ts";
import { openEvidenceTogether } from "../session/open-evidence.ts";
import { openSession } from "../session/open-session.ts";
import { describeEngineFailure } from "./backup-engines.ts";
import { deadlineOf } from "./deadline.ts";
import type { Knowledge, Locked, LockRequest } from "./engine.ts";
import { findMoved } from "./moved.ts";
import {
  failureOf,
  fetchHashes,
  mustBeClean,
  mustFitPython,
  projectOf,
  tooFew,
  tooSlow,
} from "./thoth-engine.ts";
import { findWaysOut } from "./ways-out.ts";

export interface JointRequest extends Omit<LockRequest, "target" | "consult" | "prove" | "search"> {
  /** Its versions are preferred to others. */
  readonly keep?: Pylock | undefined;
}

interface Side extends Pick<Knowledge, "rules" | "advisories"> {
  readonly environment: NamedEnvironment;
  readonly project: Project;
}

interface Asked extends Pick<Knowledge, "session"> {
  readonly request: JointRequest;
  readonly sides: readonly Side[];
  readonly evidence: JointEvidence | undefined;
}

export async function lockTogether(
  invocation: Invocation,
  request: JointRequest,
  environments: readonly NamedEnvironment[],
): Promise<Locked> {
  const { terminal } = invocation;
  const { settings, input } = request;
  const projects = environments.map((environment) => projectFor(request, environment));
  const references = readDirectReferences(input.requirements);
  const known = await openSides(invocation, request, { environments, projects });
  const session = await terminal.phase("open indexes", () =>
    openSession(invocation, {
      ...{ settings: settings.indexes, named: input.places, references },
      allowBuild: settings.policy.allowBuild,
    }),
  );
  let evidence: JointEvidence | undefined;
  try {
    const opened = await terminal.phase("open evidence", () =>
      openEvidenceTogether(invocation, request, {
        session,
        sides: known.map(({ environment, rules, advisories }) => ({
          ...{ target: environment.target, rules, advisories },
        })),
      }),
    );
    evidence = opened.evidence;
    const sides = known.map((side, at) => ({ ...side, ...opened.sides[at] }));
    const joint = await resolveTogether(invocation, { request, sides, session, evidence });
    if (settings.strict)
      for (const [at, product] of joint.products.entries())
        forEnvironment(environments[at] as NamedEnvironment, () => mustBeClean(product));
    evidence?.tell(joint.products);
    const hashes = await terminal.phase("fetch hashes", () => hashesOf(invocation, joint, session));
    return lockedTogether(joint, {
      names: environments.map(({ name }) => name),
      hashes,
      finish: (lock) => withoutDates(lock, references),
      moved: request.keep && movedFrom(joint, sides, session),
      advisories: sides[0]?.advisories,
    });
  } catch (error) {
    throw await describeEngineFailure(error, invocation);
  } finally {
    await terminal.phase("keep what was read", async () => {
      await evidence?.close();
      await session.close();
    });
  }
}

function projectFor({ settings, input, keep }: JointRequest, environment: NamedEnvironment): Project {
  return forEnvironment(environment, () => {
    const { target } = environment;
    const project = projectOf({ settings, input, target });
    mustFitPython({ input, target });
    if (keep === undefined) return project;
    const current = keptVersions(keep, target.target.markers);
    return { ...project, policy: { ...project.policy, current } };
  });
}

interface Posed {
  readonly environments: readonly NamedEnvironment[];
  readonly projects: readonly Project[];
}

async function openSides(
  invocation: Invocation,
  request: JointRequest,
  { environments, projects }: Posed,
): Promise<readonly Side[]> {
  const { terminal } = invocation;
  const { settings } = request;
  const advisories = await terminal.phase("open advisories", () =>
    settings.strict
      ? openAllAdvisories(invocation, settings.advisories)
      : openKnownAdvisories(invocation, settings),
  );
  const sides: Side[] = [];
  for (const [at, environment] of environments.entries()) {
    const project = projects[at] as Project;
    const rules = await terminal.phase("open rules", () =>
      openKnownRules(invocation, request, project.target),
    );
    sides.push({ environment, project, rules, advisories });
  }
  return sides;
}

function movedFrom(
  { products }: JointProduct,
  sides: readonly Side[],
  session: IndexSession,
): readonly MovedPackage[] {
  const moves = sides.map(({ environment, project }, at) => ({
    ...{ name: environment.name, project, product: products[at] as Product },
  }));
  return findMoved(moves, { knowledge: session, advisories: sides[0]?.advisories });
}

interface Finishing {
  readonly names: readonly string[];
  readonly hashes: ReadonlyMap<string, string>;
  readonly finish: (lock: Pylock) => Pylock;
  readonly moved: readonly MovedPackage[] | undefined;
  readonly advisories: Knowledge["advisories"];
}

function lockedTogether(
  joint: JointProduct,
  { names, hashes, finish, moved, advisories }: Finishing,
): Locked {
  const told = moved === undefined ? {} : { moved };
  const entries = jointEntries(joint);
  let pylock: Pylock | undefined;
  return {
    engine: "thoth",
    environments: names,
    get pylock() {
      pylock ??= finish(jointLockOf(joint, { hashes }));
      return pylock;
    },
    ...told,
    document: () => ({ ...jointLockDocument(joint, names, { hashes }), ...told }),
    packages: entries.map(({ item: { name, version } }) => ({ name, version })),
    proof: joint.proof,
    objective: joint.objective,
    warnings: jointWarnings(joint, names),
    advised: {
      packages: () => adviceOf(joint),
      stackInfo: () => joint.products[0]?.stackInfo() ?? [],
      advisories,
      unseen: undefined,
    },
  };
}

/** Of each package once: where it has several versions, of the first environment that has it. */
function adviceOf({ products }: JointProduct): readonly PackageAdvice[] {
  const advice = products.flatMap((product) => product.advice());
  return [...new Map(advice.toReversed().map((one) => [one.name, one])).values()].reverse();
}

async function hashesOf(
  invocation: Invocation,
  { products }: JointProduct,
  session: IndexSession,
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const product of products)
    for (const [url, hash] of await fetchHashes(invocation, product, session)) hashes.set(url, hash);
  return hashes;
}

async function resolveTogether(invocation: Invocation, asked: Asked): Promise<JointProduct> {
  const { terminal, signal } = invocation;
  const { request, sides, session, evidence } = asked;
  const { timeoutSeconds, mostSteps } = request.settings;
  const deadline = deadlineOf(timeoutSeconds, signal, mostSteps);
  const stage = terminal.stage(request.label ?? "resolve");
  stage.update(0, 0, "asking the index");
  (process as NodeJS.EventEmitter).emit(SEARCH_BEGINS);
  try {
    if (evidence !== undefined) {
      const direct = request.input.requirements.map(({ requirement }) => requirement.name);
      await terminal.phase("look up evidence", () => evidence.prepare(direct));
    }
    const hosting: Hosting = {
      budget: deadline,
      signal: deadline.signal,
      wait: (work) => terminal.phase("read metadata", work),
      onStep: ({ projects, metadata }) =>
        stage.update(
          0,
          0,
          `${plural(sides.length, "environment")}, ${plural(projects, "project")}, metadata of ${plural(metadata, "release")}`,
        ),
    };
    const answer = await terminal.phase("search", async (phase) => {
      const found = await settleTogether(asked, hosting, terminal);
      phase.set({ outcome: found.kind, steps: deadline.steps, ...session.asked });
      return found;
    });
    const joint = await productOf(invocation, asked, answer);
    if (joint === undefined) throw mostSteps === undefined ? tooSlow(timeoutSeconds) : tooFew(mostSteps);
    stage.end(summaryOf(joint, stage.seconds));
    return joint;
  } catch (error) {
    stage.end();
    if (deadline.signal.aborted && !signal.aborted) throw tooSlow(timeoutSeconds, error);
    throw error;
  }
}

/** Asked again for as long as something is found that speaks against the answer. */
async function settleTogether(
  { sides, session, evidence }: Asked,
  hosting: Hosting,
  terminal: Terminal,
): Promise<JointOutcome> {
  const { runJointResolution } = await import("@thoth/index");
  for (;;) {
    const found = await runJointResolution(sides, session, hosting);
    if (found.kind !== "solved" || evidence === undefined) return found;
    const { joint, universes } = found;
    const answers = joint.products.map((product, at) => ({ product, universe: universes[at] as Universe }));
    const isNew = await terminal.phase("look up evidence", () => evidence.learn(answers));
    if (!isNew) return found;
  }
}

/** Undefined where the time was too short for any. */
async function productOf(
  { terminal, signal }: Invocation,
  { request, sides, session }: Asked,
  answer: JointOutcome,
): Promise<JointProduct | undefined> {
  if (answer.kind === "solved") return answer.joint;
  if (answer.kind === "limit") return answer.best;
  const { failure } = answer;
  const { project, rules, advisories, environment } = sides[answer.environment] as Side;
  const ways = await terminal.phase("find ways out", () =>
    findWaysOut({ project, session, advisories, rules }, failure, signal),
  );
  return forEnvironment(environment, () => {
    throw failureOf(request, failure, ways);
  });
}

/** Says of a failure which environment it is about. */
function forEnvironment<T>({ name, words }: NamedEnvironment, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    const { code, message, hint, details, cause } = error;
    throw new ThothError(code, `for ${words}: ${message}`, {
      hint,
      details: { ...details, environment: name },
      cause,
    });
  }
}

function summaryOf(joint: JointProduct, seconds: number): string {
  const entries = jointEntries(joint);
  const names = new Set(entries.map(({ item }) => item.name));
  const different = differencesOf(entries);
  const how = joint.proof === "optimal" ? "optimal (proved)" : "the best found so far";
  const apart =
    different.length === 0
      ? "each in one version"
      : `${different.length} of them in several versions (${different.slice(0, 5).join(", ")}${different.length > 5 ? ", …" : ""})`;
  const environments = plural(joint.products.length, "environment");
  return `${plural(names.size, "package")} for ${environments}, ${apart}, ${how} in ${formatSeconds(seconds)}`;
}
