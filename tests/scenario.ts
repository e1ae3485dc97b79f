// A scenario: a small index, a request with rules, and the stacks that must come of it (docs/scenarios.md).

import { parseVersion } from "@thoth/pep";
import { type PipelineContext, readRuntimeEnvironment } from "@thoth/prescriptions";
import { parse } from "yaml";
import type { Index } from "../core/adviser/test/memory.ts";

export interface Said {
  readonly type: "INFO" | "WARNING" | "ERROR";
  readonly message: string;
  readonly link: string;
}

export interface ExpectedProduct {
  /** `name==version` of each package, by name. */
  readonly stack: string;
  /** Every level of the objective that costs something. */
  readonly paid: Readonly<Record<string, number>>;
  readonly justification: readonly (Said & { readonly package: string })[];
}

export interface Scenario {
  readonly what: string;
  readonly index: Index;
  /** The index of projects that are on another one than the rest. */
  readonly places: Readonly<Record<string, string>>;
  readonly requirements: readonly string[];
  readonly develop: readonly string[];
  readonly constraints: readonly string[];
  readonly request: Request;
  readonly count: number;
  /** The lists of units, as in a file of rules. */
  readonly rules: object;
  /** Codes of what is wrong with the rules. */
  readonly problems: readonly string[];
  readonly products: readonly ExpectedProduct[];
  readonly stackInfo: readonly Said[];
  /** Instead of products: what the failure says. */
  readonly refused: readonly string[] | undefined;
}

export interface Request {
  readonly python: string;
  readonly type: "latest" | "stable" | "testing" | "security" | "performance";
  readonly prerelease: "if-necessary" | "allow" | "disallow";
  readonly context: PipelineContext;
}

type Table = Readonly<Record<string, unknown>>;

/** Throws where a key is unknown. */
export function readScenario(text: string): Scenario {
  const table = tableOf(parse(text, { schema: "core", maxAliasCount: 0 }), "the scenario", {
    needed: ["what", "index", "requirements", "rules"],
    free: [
      "places",
      "develop",
      "constraints",
      "request",
      "count",
      "problems",
      "products",
      "stack_info",
      "refused",
    ],
  });
  if ((table["products"] === undefined) === (table["refused"] === undefined))
    throw new Error("a scenario expects either `products` or that it is `refused`");
  return {
    what: table["what"] as string,
    index: readIndex(table["index"]),
    places: (table["places"] ?? {}) as Scenario["places"],
    requirements: table["requirements"] as string[],
    develop: (table["develop"] ?? []) as string[],
    constraints: (table["constraints"] ?? []) as string[],
    request: readRequest(table["request"] ?? {}),
    count: (table["count"] ?? 1) as number,
    rules: table["rules"] as object,
    problems: (table["problems"] ?? []) as string[],
    products: ((table["products"] ?? []) as unknown[]).map(readProduct),
    stackInfo: ((table["stack_info"] ?? []) as unknown[]).map((one) =>
      readSaid(one, []),
    ) as unknown as Said[],
    refused: table["refused"] as string[] | undefined,
  };
}

function tableOf(
  value: unknown,
  what: string,
  { needed = [], free = [] }: { needed?: readonly string[]; free?: readonly string[] },
): Table {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${what} is no mapping`);
  const unknown = Object.keys(value).filter((key) => !needed.includes(key) && !free.includes(key));
  const missing = needed.filter((key) => !(key in value));
  if (unknown.length > 0) throw new Error(`${what} has the unknown key \`${unknown[0]}\``);
  if (missing.length > 0) throw new Error(`${what} lacks \`${missing[0]}\``);
  return value as Table;
}

function readIndex(value: unknown): Index {
  const projects = Object.entries(value as Readonly<Record<string, Table>>).map(([name, releases]) => [
    name,
    Object.fromEntries(
      Object.entries(releases).map(([version, release]) => [
        version,
        tableOf(release ?? {}, `${name} ${version}`, { free: ["requires", "extras", "uploaded", "yanked"] }),
      ]),
    ),
  ]);
  return Object.fromEntries(projects) as Index;
}

function readSaid(value: unknown, more: readonly string[]): Table {
  return tableOf(value, "what is said", { needed: ["type", "message", "link", ...more] });
}

function readProduct(value: unknown): ExpectedProduct {
  const table = tableOf(value, "a product", { needed: ["stack"], free: ["paid", "justification"] });
  return {
    stack: table["stack"] as string,
    paid: (table["paid"] ?? {}) as ExpectedProduct["paid"],
    justification: ((table["justification"] ?? []) as unknown[]).map((one) =>
      readSaid(one, ["package"]),
    ) as unknown as ExpectedProduct["justification"],
  };
}

function readRequest(value: unknown): Request {
  const free = ["python", "type", "prerelease", "labels", "uses", "authenticated", "environment", "pipeline"];
  const table = tableOf(value, "the request", { free: [...free, "decision_type", "built_in_units"] });
  const type = (table["type"] ?? "stable") as Request["type"];
  const python = (table["python"] ?? "3.12") as string;
  return {
    python,
    type,
    prerelease: (table["prerelease"] ?? "if-necessary") as Request["prerelease"],
    context: {
      pipeline: (table["pipeline"] ?? "adviser") as PipelineContext["pipeline"],
      recommendationType: type,
      decisionType: table["decision_type"] as PipelineContext["decisionType"],
      labels: table["labels"] as PipelineContext["labels"],
      libraryUsage: table["uses"] as PipelineContext["libraryUsage"],
      authenticated: table["authenticated"] as boolean | undefined,
      builtInUnits: new Set((table["built_in_units"] ?? []) as string[]),
      runtimeEnvironment: {
        ...readRuntimeEnvironment(table["environment"] ?? {}).environment,
        pythonVersion: parseVersion(python),
      },
    },
  };
}
