// From what the first API's clients send to a question, and from there to an analysis.

import type { AdviseInput, ProvenanceInput } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import type { Caller, Handler, Incoming, Reply } from "../http/handler.ts";
import { invalid } from "../http/incoming.ts";
import type { AdviceQuestion, ProvenanceQuestion, Question } from "../questions/question.ts";
import type { Service } from "../service.ts";
import { parametersOf } from "./answers.ts";
import { formatPipfileObject, isTable, type PipfileObject } from "./pipfile-object.ts";
import { platformTag, pythonVersionOf } from "./runtime-environment.ts";
import { constraintsOf, formatConstraints, stackOf } from "./stack-input.ts";

/** Called before a question is worked on that was not asked before. Throws `quota-exceeded`. */
export type Admit = (caller: Caller) => void;

export function adviseHandler(service: Service, admit: Admit): Handler {
  return async (incoming) => {
    const input = incoming.body as AdviseInput;
    const { labels = null, runtime_environment = null } = input;
    return await ask(service, incoming, {
      question: () => adviceQuestionOf(incoming, input),
      admit,
      told: { labels, runtime_environment },
    });
  };
}

export function provenanceHandler(service: Service, admit: Admit): Handler {
  return async (incoming) => {
    const question = () => provenanceQuestionOf(incoming, incoming.body as ProvenanceInput);
    return await ask(service, incoming, { question, admit, told: {} });
  };
}

/** As many as an advice can have. */
const MOST_STACKS = 50;

/** Somebody waits for it. */
export const PRIORITY = 1;

interface Asking {
  readonly question: () => Question;
  readonly admit: Admit;
  /** Told again beside the parameters of the query. */
  readonly told: object;
}

async function ask(service: Service, incoming: Incoming, { question, admit, told }: Asking): Promise<Reply> {
  const { caller, query } = incoming;
  mustBeAuthenticated(incoming);
  const force = isTrue(query["force"]);
  const { tenant } = caller;
  const { isNew, job } = await service.ask({
    tenant,
    question: question(),
    priority: PRIORITY,
    force,
    admit: () => admit(caller),
  });
  (isNew ? service.metrics.misses : service.metrics.hits).inc();
  const document = {
    analysis_id: job.id,
    cached: !isNew,
    authenticated: !caller.isAnonymous,
    parameters: { ...parametersOf(query), ...told },
  };
  return { status: 202, document };
}

/** Throws `unauthorized`. */
function mustBeAuthenticated({ caller, body }: Incoming): void {
  const { kebechet_metadata: bot } = body as ProvenanceInput;
  if (bot == null || !caller.isAnonymous) return;
  throw new ThothError("unauthorized", "`kebechet_metadata` is taken with a token only");
}

/** Throws `invalid-request`. */
export function adviceQuestionOf(incoming: Incoming, input: AdviseInput): AdviceQuestion {
  const { query } = incoming;
  if (input.callback_info != null)
    throw invalid("`callback_info` is not taken here: `/api/v2/advice` has callbacks");
  const { pipfile, lock } = stackOf(input.application_stack);
  const place = input.runtime_environment ?? {};
  const constraints = constraintsOf(input.constraints ?? "");
  if (Object.keys(pipfile.packages).length === 0 && !(isTrue(query["dev"]) && hasDevelopment(pipfile)))
    throw invalid("the Pipfile asks for no package");
  return {
    kind: "advice",
    project: {
      content: formatPipfileObject(ownIndexes(pipfile) === undefined ? withoutPlaces(pipfile) : pipfile),
      form: "pipfile",
      ...(lock === undefined ? {} : { lock, lockForm: "pipfile-lock" }),
      ...(constraints.length === 0 ? {} : { constraints: formatConstraints(constraints) }),
    },
    pythonVersion: pythonVersionOf(place, pipfile.requires["python_version"]),
    platform: platformTag(place),
    recommendationType: query["recommendation_type"]?.toLowerCase() as AdviceQuestion["recommendationType"],
    indexUrls: ownIndexes(pipfile),
    prerelease: allowsPrereleases(pipfile) ? "allow" : undefined,
    dev: isTrue(query["dev"]),
    count: query["count"] === undefined ? undefined : Math.min(Number(query["count"]), MOST_STACKS),
    usage: usageOf(input),
    echo: {
      ...echoOf(incoming, input),
      pipfile,
      labels: input.labels ?? undefined,
      runtime_environment: place,
    },
  };
}

function hasDevelopment(pipfile: PipfileObject): boolean {
  return Object.keys(pipfile["dev-packages"]).length > 0;
}

/** Throws `invalid-request`. */
export function provenanceQuestionOf(incoming: Incoming, input: ProvenanceInput): ProvenanceQuestion {
  const { pipfile, lock } = stackOf(input.application_stack);
  if (lock === undefined) throw invalid("there is no Pipfile.lock: nothing says where its files come from");
  return {
    kind: "provenance",
    lock,
    form: "pipfile-lock",
    manifest: formatPipfileObject(pipfile),
    echo: { ...echoOf(incoming, input), pipfile },
  };
}

/**
 * What the answer tells again. Who asks without a token shares answers with everybody who does, so that where the others
 * ask from is not told.
 */
function echoOf({ query, caller }: Incoming, input: ProvenanceInput): Readonly<Record<string, unknown>> {
  const { justification, stack_info, kebechet_metadata } = input;
  const { source_type } = query;
  // That is how the clients say that they do not know.
  const origin = query["origin"] === "None" ? undefined : query["origin"];
  return {
    debug: isTrue(query["debug"]),
    ...(justification == null ? {} : { justification }),
    ...(stack_info == null ? {} : { stack_info }),
    ...(caller.isAnonymous
      ? {}
      : {
          origin,
          source_type: source_type?.toLowerCase(),
          kebechet_metadata: kebechet_metadata ?? undefined,
        }),
  };
}

/** The service asks the indexes that it knows; where a package was found is told in the answer. */
function withoutPlaces(pipfile: PipfileObject): PipfileObject {
  const bare = (entries: PipfileObject["packages"]) =>
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [
        name,
        isTable(entry) ? { ...entry, index: undefined } : entry,
      ]),
    );
  return {
    ...pipfile,
    source: [],
    packages: bare(pipfile.packages),
    "dev-packages": bare(pipfile["dev-packages"]),
  };
}

/** Whoever wants no other indexes than his own says so. */
function ownIndexes({ thoth, source }: PipfileObject): readonly string[] | undefined {
  return thoth?.["disable_index_adjustment"] === true ? source.map(({ url }) => url) : undefined;
}

function allowsPrereleases({ thoth }: PipfileObject): boolean {
  const allowed = thoth?.["allow_prereleases"];
  return isTable(allowed) && Object.values(allowed).includes(true);
}

function usageOf({ library_usage: usage }: AdviseInput): AdviceQuestion["usage"] {
  if (usage == null || Object.keys(usage.report).length === 0) return undefined;
  const report = Object.entries(usage.report).map(([module, names]) => [module, [...new Set(names)].sort()]);
  return { report: Object.fromEntries(report) };
}

export function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === "true";
}
