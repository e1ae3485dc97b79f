// The first API's document of an advice, from what was asked and what the command has answered. Nothing else is looked at.

import type { AdviserResult, Remark, V1Product } from "@thoth/contract/service";
import { formatMarker } from "@thoth/pep";
import type { Job } from "../jobs/job.ts";
import type { AdviceQuestion } from "../questions/question.ts";
import {
  type AdviceDocument,
  type AdvisedProduct,
  isFailure,
  type Reason,
  type Vulnerability,
  wordsOf,
} from "./advice-document.ts";
import { type Deployment, metadataOf } from "./envelope.ts";
import { dependencyGraph, lockProject } from "./locked-project.ts";
import { isTable, type PipfileObject, parsePipfileText } from "./pipfile-object.ts";
import { constraintsOf } from "./stack-input.ts";

export interface Answered<Q> {
  readonly job: Job;
  readonly question: Q;
  /** What the command printed: an advice, or why there is none. */
  readonly document: unknown;
  readonly deployment: Deployment;
}

export function adviserResult(answered: Answered<AdviceQuestion>): AdviserResult {
  const { job, question, document, deployment } = answered;
  const parameters = parametersOf(answered);
  const metadata = metadataOf(job, deployment, { "thoth-adviser": { advise: parameters } });
  const told = remarksOf(question.echo?.["stack_info"]);
  if (isFailure(document)) {
    const words = wordsOf(document);
    const stack_info = [...told, { type: "ERROR" as const, message: words, link: "" }];
    const report = { ERROR: words, products: [], stack_info };
    return { metadata, result: { error: true, error_msg: words, parameters, report } };
  }
  const { products, unknown } = document as AdviceDocument;
  const stack_info = unique([
    ...told,
    ...(products[0]?.stackInfo ?? []),
    ...unknown.map((words): Remark => ({ type: "WARNING", message: `not known: ${words}`, link: "" })),
  ]);
  const report = {
    accepted_final_states_count: products.length,
    products: products.map((product) => productOf(product, question)),
    stack_info,
  };
  return { metadata, result: { error: false, error_msg: null, parameters, report } };
}

/** As the command line of the original's adviser; `output` ends in the id, by which some clients know it. */
function parametersOf({ job, question, deployment }: Answered<AdviceQuestion>) {
  const { recommendationType, dev = false, count = 1, usage, echo = {} } = question;
  const { runtime_environment = {}, labels = null, debug = false, origin, source_type } = echo;
  return {
    recommendation_type: recommendationType,
    requirements_format: "pipenv",
    count,
    dev,
    debug,
    labels,
    library_usage: usage?.report === undefined ? null : { report: usage.report },
    ...(origin === undefined ? {} : { origin }),
    ...(source_type === undefined ? {} : { source_type }),
    output: `${deployment.searchUrl}advise/${job.id}`,
    project: {
      constraints: constraintsOfProject(question),
      requirements: pipfileOf(question) ?? null,
      requirements_locked: lockOf(question),
      runtime_environment,
    },
  };
}

function lockOf({ project: { lock, lockForm } }: AdviceQuestion): unknown {
  return lock === undefined || lockForm !== "pipfile-lock" ? null : JSON.parse(lock);
}

function productOf(product: AdvisedProduct, question: AdviceQuestion): V1Product {
  const asked = pipfileOf(question) ?? pipfileOfAdvice(product);
  const { requirements, requirements_locked } = lockProject(asked, product);
  const place = question.echo?.["runtime_environment"];
  return {
    advised_manifest_changes: [],
    advised_runtime_environment: null,
    dependency_graph: dependencyGraph(asked, product),
    justification: justificationOf(product, question),
    project: {
      constraints: constraintsOfProject(question),
      requirements: { ...requirements },
      requirements_locked,
      runtime_environment: isTable(place) ? place : {},
    },
    score: scoreOf(product),
  };
}

/** What the stack pays on the level that counts most, turned about: the original's clients take more for better. */
function scoreOf({ objective: [first] }: AdvisedProduct): number {
  return first === undefined || first.value === 0 ? 0 : -first.value;
}

const NOTHING: Remark = {
  type: "INFO",
  message: "No issues spotted for this stack based on Thoth's database",
  link: "",
};

function justificationOf({ packages }: AdvisedProduct, { echo = {} }: AdviceQuestion): readonly Remark[] {
  const found = packages.flatMap(({ vulnerabilities, justification }) =>
    justification.map((reason) => remarkOf(reason, vulnerabilities)),
  );
  const told = remarksOf(echo["justification"]);
  const all = [...told, ...found.sort(compareRemarks)];
  return all.length === 0 ? [NOTHING] : unique(all);
}

type FoundRemark = Remark & { readonly package_name: string };

/** A flaw that a reason is about is named as the original does. */
function remarkOf(reason: Reason, flaws: readonly Vulnerability[]): FoundRemark {
  const { type, message, link = "", package_name } = reason;
  const flaw = flaws.find(({ id, link: place }) => link === place || message.includes(id));
  const cve = flaw && [flaw.id, ...flaw.aliases].find((name) => name.startsWith("CVE-"));
  return {
    type,
    message,
    link,
    package_name,
    ...(flaw === undefined ? {} : { advisory: flaw.id }),
    ...(cve === undefined ? {} : { cve_id: cve }),
  };
}

function compareRemarks(a: FoundRemark, b: FoundRemark): number {
  for (const key of ["package_name", "type", "message"] as const)
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  return 0;
}

function unique(remarks: readonly Remark[]): readonly Remark[] {
  return [...new Map(remarks.map((remark) => [JSON.stringify(remark), remark])).values()];
}

/** They were checked when they came. */
function remarksOf(value: unknown): readonly Remark[] {
  return Array.isArray(value) ? (value as readonly Remark[]) : [];
}

/** Undefined where the question came another way, and is no Pipfile. */
function pipfileOf({ project, echo = {} }: AdviceQuestion): PipfileObject | undefined {
  if (isTable(echo["pipfile"])) return echo["pipfile"] as unknown as PipfileObject;
  return project.form === "pipfile" ? parsePipfileText(project.content) : undefined;
}

/** What the user asked for himself, as the advice tells it. */
function pipfileOfAdvice({ packages }: AdvisedProduct): PipfileObject {
  const direct = packages.flatMap(({ name, requiredBy }) => {
    const own = requiredBy.find(({ name: by }) => by === null);
    return own === undefined ? [] : [[name, own.specifiers === "" ? "*" : own.specifiers]];
  });
  return { source: [], packages: Object.fromEntries(direct), "dev-packages": {}, requires: {} };
}

function constraintsOfProject({ project }: AdviceQuestion) {
  return constraintsOf(project.constraints ?? "").map(({ name, specifiers, marker }) => ({
    name,
    version: specifiers.text === "" ? "*" : specifiers.text,
    markers: marker === undefined ? "" : formatMarker(marker),
  }));
}
