// The frozen crawls: every project of each as the only root, resolved in memory; a sample of them through the
// command line against an index on loopback. Answers are judged by a checker that knows nothing of the search.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Project, Resolution } from "@thoth/adviser";
import { parseRequirement, targetEnvironment } from "@thoth/pep";
import { startIndex } from "../../testkit/src/index.ts";
import { askLock } from "./lock-command.ts";
import { offersOf, readSnapshot, type Snapshot, SnapshotKnowledge } from "./snapshot.ts";
import { checkCore, checkStack, type Question } from "./stack-check.ts";
import { type LeftOut, type Outcome, runCases, type Suite, withFolder } from "./suite.ts";

/** Of the year of the crawls. */
const PYTHON = "3.8.2";
const PLATFORM = "linux";
/** Of how many roots one is also put to the command line. */
const SAMPLE = 8;

export const snapshotsSuite: Suite = {
  name: "snapshots",
  data: "pypi-snapshots",
  run: async (folder): Promise<Outcome> => {
    const outcomes: Outcome[] = [];
    for (const snapshot of readSnapshots(folder)) outcomes.push(await runSnapshot(snapshot));
    return {
      passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
      failed: outcomes.flatMap(({ failed }) => failed),
      skipped: outcomes.flatMap(({ skipped }) => skipped),
    };
  },
  leftOut: async (folder) => readSnapshots(folder).flatMap(leftOut),
};

function readSnapshots(folder: string): Snapshot[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json.gz"));
  return files.sort().map((name) => readSnapshot(join(folder, name)));
}

function leftOut({ name, unversioned }: Snapshot): LeftOut[] {
  if (unversioned.length === 0) return [];
  return [
    { id: `${name}: releases`, count: unversioned.length, reason: "their version is not one of PEP 440" },
  ];
}

async function runSnapshot(snapshot: Snapshot): Promise<Outcome> {
  const names = [...snapshot.projects.keys()].sort();
  const target = targetEnvironment({ pythonVersion: PYTHON, platform: PLATFORM });
  const questions = names.map((name): Question => ({ snapshot, target, requirements: [name] }));
  const sample = questions.filter((_, at) => at % SAMPLE === 0);
  const id = ({ requirements }: Question): string => `${snapshot.name} ${requirements.join(" ")}`;
  const knowledge = new SnapshotKnowledge(snapshot);
  const answers = new Map<Question, string>();
  const memory = await runCases(
    questions,
    async (question) => judgeInMemory(question, { knowledge, answers }),
    { id, width: 1 },
  );
  const server = await startIndex({ projects: offersOf(snapshot) });
  const commands = await withFolder((home) =>
    runCases(sample, (question) => judgeCommand(question, { indexUrl: server.indexUrl, home, answers }), {
      id: (question) => `thoth lock: ${id(question)}`,
    }),
  ).finally(() => server.close());
  return {
    passed: memory.passed + commands.passed,
    failed: [...memory.failed, ...commands.failed],
    skipped: leftOut(snapshot),
  };
}

interface Memory {
  readonly knowledge: SnapshotKnowledge;
  /** What was answered in memory, for the command line to agree with. */
  readonly answers: Map<Question, string>;
}

function judgeInMemory(question: Question, { knowledge, answers }: Memory): string | undefined {
  const step = new Resolution(projectOf(question), knowledge).step();
  switch (step.kind) {
    case "solved": {
      const pins = new Map(step.product.packages.map(({ name, version }) => [name as string, version]));
      answers.set(question, format(pins));
      if (step.product.proof !== "optimal") return "is not proved to be the best";
      return checkStack(question, pins);
    }
    case "unsatisfiable":
      answers.set(question, format(undefined));
      return checkCore(question, step.failure.core);
    default:
      return `ended with ${step.kind}`;
  }
}

interface Command {
  readonly indexUrl: string;
  readonly home: string;
  readonly answers: ReadonlyMap<Question, string>;
}

async function judgeCommand(
  question: Question,
  { indexUrl, home, answers }: Command,
): Promise<string | undefined> {
  const { requirements } = question;
  const { pins } = await askLock({ requirements, indexUrl, home, pythonVersion: PYTHON, platform: PLATFORM });
  const found = format(pins);
  if (found !== answers.get(question)) return `expected ${answers.get(question)}, found ${found}`;
  return pins === undefined ? undefined : checkStack(question, pins);
}

function format(pins: ReadonlyMap<string, string> | undefined): string {
  if (pins === undefined) return "no stack";
  return [...pins]
    .map(([name, version]) => `${name}==${version}`)
    .sort()
    .join(" ");
}

function projectOf({ target, requirements }: Question): Project {
  return {
    requirements: requirements.map((text) => ({
      requirement: parseRequirement(text),
      group: "default",
      source: "you",
    })),
    constraints: [],
    target,
    policy: {
      recommendationType: "latest",
      asOf: Date.parse("2026-01-01T00:00:00Z") / 1000,
      prerelease: "if-necessary",
      resolution: "highest",
      noBinary: new Set(),
      onlyBinary: new Set(),
      allowBuild: false,
    },
  };
}
