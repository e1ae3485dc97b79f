// The engine `service`: a Thoth service chooses the stack. It is told requirements, the environment and what the code uses, and
// neither code nor files.

import { DEFAULT_GROUP, groupMarker, type LockDocument } from "@thoth/adviser";
import type { AdviceRequest } from "@thoth/contract/service";
import { type Pylock, pylockFromJson, ThothError } from "@thoth/pep";
import { reasonsTold, type ToldAdvice } from "../advice/report-from-document.ts";
import type { Invocation } from "../frame/command.ts";
import { type AskOptions, askService, type QueuedQuestion, queueQuestion } from "../remote/ask-service.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import type { Locked, LockRequest } from "./engine.ts";
import { constraintLines, placesOf, requirementLines } from "./tool-project.ts";

export async function lockWithService(invocation: Invocation, request: LockRequest): Promise<Locked> {
  return lockedByService(await adviseByService(invocation, request), request);
}

/** Throws `service-unreachable` where it has no stack, and what reading a lock throws. */
export function lockedByService({ products: [product] }: ServiceAdvice, request: LockRequest): Locked {
  if (product === undefined)
    throw new ThothError("service-unreachable", "the service answered without a stack");
  const { proof, objective } = product;
  const lock = withGroups(product.lock, request);
  const reasons = new Map(product.packages.map((item) => [item.name, reasonsTold(item)]));
  return {
    // It is the service's.
    engine: "thoth",
    pylock: pylockOf(lock, request),
    document: () => lock,
    packages: lock.packages.map(({ name, version }) => ({ name, version })),
    proof,
    objective,
    warnings: lock.warnings ?? [],
    reasons: (name) => reasons.get(name) ?? [],
  };
}

/** The document of `thoth advise --json`. */
type ServiceAdvice = ToldAdvice;

/** Throws as `askService`, and usage for what a service cannot be asked. */
export async function adviseByService(
  invocation: Invocation,
  request: LockRequest,
  more: ServiceMore = {},
): Promise<ServiceAdvice> {
  const { question, options } = serviceQuestion(request, more);
  const { document } = await askService(invocation, question, options);
  return document as ServiceAdvice;
}

/** Throws as `queueQuestion`, and usage for what a service cannot be asked. */
export async function queueByService(
  invocation: Invocation,
  request: LockRequest,
  more: ServiceMore = {},
): Promise<QueuedQuestion> {
  const { question, options } = serviceQuestion(request, more);
  return await queueQuestion(invocation, question, options);
}

interface ServiceQuestion {
  readonly question: AdviceRequest;
  readonly options: AskOptions;
}

function serviceQuestion(request: LockRequest, { count, had = {} }: ServiceMore): ServiceQuestion {
  const { service, timeoutSeconds } = request.settings;
  if (service === undefined)
    throw new ThothError("usage", "no service is named", { hint: "Name one by --service or THOTH_SERVICE." });
  mustBeAskable(request);
  const body = bodyOf(request);
  const counted = count === undefined ? {} : { count };
  return {
    question: { ...body, ...counted, project: { ...body.project, ...had } },
    options: { service, label: request.label ?? "resolve", seconds: Math.max(timeoutSeconds, LEAST_SECONDS) },
  };
}

export interface ServiceMore {
  /** Stacks, the best first. */
  readonly count?: number;
  /** A lock that is in use. */
  readonly had?: Pick<AdviceRequest["project"], "lock" | "lockForm">;
}

/** A service has others to serve, too. */
const LEAST_SECONDS = 600;

function bodyOf(request: LockRequest): AdviceRequest {
  const { settings, input, target } = request;
  const { policy, asOf } = settings;
  const constraints = constraintLines(request);
  const report = request.libraryUsage?.();
  const uses = request.usage?.();
  const prerelease = input.prerelease && policy.prerelease === "if-necessary" ? "allow" : policy.prerelease;
  return {
    project: {
      content: requirementLines(request),
      form: "requirements",
      ...(constraints === "" ? {} : { constraints }),
    },
    environment: { pythonVersion: target.python, platform: target.platform },
    recommendationType: policy.recommendationType,
    ...(policy.asOfStrict === true
      ? { asOf: new Date(asOf.seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z") }
      : {}),
    ...(namesIndexes(request) ? { indexUrls: placesOf(request).indexes.map(withoutCredentials) } : {}),
    ...(prerelease === "if-necessary" ? {} : { prerelease }),
    ...(report === undefined && uses === undefined ? {} : { usage: { report, uses } }),
  };
}

/** They stay here: a service has those that its tenant has given it. */
function withoutCredentials(index: string): string {
  const url = URL.parse(index);
  if (url === null) return index;
  url.username = "";
  url.password = "";
  return url.href;
}

/** A service has indexes of its own: it is told of others only where the user or the project names them. */
function namesIndexes({ settings, input }: LockRequest): boolean {
  const { isExplicit, extraIndexUrls, pip } = settings.indexes;
  const { indexUrl, extraIndexUrls: extra } = input.places;
  const isNamed = isExplicit || extraIndexUrls.length > 0 || pip.indexUrl !== undefined;
  return isNamed || indexUrl !== undefined || extra.length > 0;
}

const ASKED_HERE: readonly (readonly [(settings: ResolutionSettings) => boolean, string])[] = [
  [({ indexes }) => indexes.offline, "--offline"],
  [({ indexes }) => indexes.findLinks.length > 0, "--find-links"],
  [({ policy }) => policy.resolution !== "highest", "--resolution"],
  [({ policy }) => policy.onlyBinary.size > 0, "--only-binary"],
  [({ policy }) => policy.noBinary.size > 0, "--no-binary"],
  [({ policy }) => policy.allowBuild, "--allow-build"],
  [({ policy }) => policy.objective !== undefined, "--objective"],
  [({ strict }) => strict, "--strict"],
  [({ advisories }) => advisories.length > 0, "--advisories"],
  [({ prescriptions }) => prescriptions.length > 0, "--prescriptions"],
  [({ labels }) => labels.length > 0, "--label"],
  [({ observations }) => observations.length > 0, "--observations"],
  [({ runtimeEnvironment }) => runtimeEnvironment !== undefined, "--runtime-environment"],
];

/** Throws usage for what would not be minded. */
function mustBeAskable({ settings, input }: LockRequest): void {
  const [, option] = ASKED_HERE.find(([isAsked]) => isAsked(settings)) ?? [];
  if (option !== undefined)
    throw new ThothError("usage", `a service cannot be asked with ${option}`, {
      hint: `Leave out ${option}, or add --engine thoth: then this machine does it.`,
    });
  if (input.places.findLinks.length > 0)
    throw new ThothError(
      "usage",
      "a service cannot look into the places of `--find-links` that the project names",
      {
        hint: "Add --engine thoth: then this machine does it.",
      },
    );
}

/** The groups of requirements from which each package is reached. */
function groupsOf(
  { packages }: LockDocument,
  { input }: LockRequest,
): ReadonlyMap<string, ReadonlySet<string>> {
  const requires = new Map(packages.map(({ name, requires: names }) => [String(name), names]));
  const groups = new Map<string, Set<string>>();
  for (const { requirement, group } of input.requirements) {
    const waiting: string[] = [requirement.name];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const known = groups.get(name) ?? new Set();
      if (known.has(group) || !requires.has(name)) continue;
      groups.set(name, known.add(group));
      waiting.push(...(requires.get(name) ?? []));
    }
  }
  return groups;
}

/** What the service chose, with the groups that it does not know of. */
function withGroups(lock: LockDocument, request: LockRequest): LockDocument {
  const groups = groupsOf(lock, request);
  const packages = lock.packages.map((item) => {
    const marker = groupMarker([...(groups.get(item.name) ?? [])].sort());
    return marker === undefined ? item : { ...item, marker };
  });
  return { ...lock, packages };
}

/** In the form that is installed; it is hostile until it is read as a lock. */
function pylockOf({ packages, environment }: LockDocument, { target, input }: LockRequest): Pylock {
  const markers = environment as Readonly<Record<string, string>>;
  const known = ENVIRONMENT.filter((name) => typeof markers[name] === "string");
  const groups = [...new Set(input.requirements.map(({ group }) => group))].filter(
    (group) => group !== DEFAULT_GROUP,
  );
  return pylockFromJson({
    "lock-version": "1.0",
    environments: [
      known.map((name) => `${name} == '${(markers[name] ?? "").replaceAll("'", "")}'`).join(" and "),
    ],
    "requires-python": `==${target.python}.*`,
    ...(groups.length === 0 ? {} : { "dependency-groups": groups.sort(), "default-groups": groups }),
    "created-by": "thoth",
    packages: packages.map(({ name, version, index, marker, artifacts, requires }) => {
      const files = artifacts.map(({ filename, url, sha256, size }) => ({
        name: filename,
        url,
        ...(size === undefined ? {} : { size }),
        hashes: { sha256 },
      }));
      const wheels = files.filter((file) => file.name.endsWith(".whl"));
      const [sdist] = files.filter((file) => !file.name.endsWith(".whl"));
      return {
        name,
        version,
        ...(marker === undefined ? {} : { marker }),
        ...(requires.length === 0 ? {} : { dependencies: requires.map((required) => ({ name: required })) }),
        ...(index === "" ? {} : { index }),
        ...(sdist === undefined ? {} : { sdist }),
        ...(wheels.length === 0 ? {} : { wheels }),
      };
    }),
  });
}

/** For which a lock of a service is: what may differ between machines and is not asked of it. */
const ENVIRONMENT = ["implementation_name", "platform_machine", "python_version", "sys_platform"];
