// Asks `thoth advise` and `thoth audit` for what is counted. Each stack is a process of its own, against the index that
// the environment names; the shipped advisories are used, whatever was imported on this machine.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { normalizeName, parseRequirement } from "@thoth/pep";
import { root, workshop } from "../measure.ts";
import { type Case, countKnown, type Failure, failed, type Known, type Pins, type Stack } from "./answers.ts";

export const PLATFORM = "manylinux_2_28_x86_64";

/** The levels of `latest`, and after them what is to be counted, which cannot change the choice. */
const NEWEST =
  "prerelease, lag(direct), rank(direct), lag(rest), rank(rest), vulnerability(>=high), vulnerability(all)";
const MOST_STEPS = 5;

export interface RequirementSet {
  readonly name: string;
  readonly kind: Case["kind"];
  readonly points: readonly { readonly asOf: string; readonly python: string }[];
  readonly allowBuild?: boolean;
}

interface Advice {
  readonly products: readonly Product[];
  readonly knowledge: { readonly newest: string };
}

interface Product {
  readonly proof: string;
  readonly objective: readonly { level: string; value: number; bound: number }[];
  readonly packages: readonly { name: string; version: string; vulnerabilities: readonly Flaw[] }[];
  readonly relaxations: readonly {
    package_name: string;
    requirement: string;
    instead: string;
    vulnerabilities: number;
  }[];
}

interface Flaw {
  readonly severity: string;
}

interface Audit {
  readonly vulnerabilities: readonly (Flaw & { package_name: string })[];
}

/** What is asked of one set at one date. */
interface Question {
  readonly file: string;
  readonly words: readonly string[];
}

interface Asked {
  readonly pins: Pins;
  readonly stack: Stack;
  readonly relaxations: Product["relaxations"];
  readonly newest: string;
}

const folder = `${workshop}/quality`;
const cache = process.env["THOTH_CACHE_DIR"] ?? `${folder}/cache`;
const environment = { ...process.env, THOTH_DATA_DIR: `${folder}/nothing-imported` };

export function loadSets(): readonly RequirementSet[] {
  const text = readFileSync(fileURLToPath(new URL("sets.json", import.meta.url)), "utf8");
  return JSON.parse(text) as RequirementSet[];
}

/** All answers on a set at each of its dates, and the day of the newest advisory. */
export function askSet(set: RequirementSet): { readonly cases: readonly Case[]; readonly newest: string } {
  mkdirSync(folder, { recursive: true });
  let newest = "";
  const cases = set.points.map((point) => {
    const asked = askCase(set, point);
    newest = asked.newest || newest;
    return asked.answers;
  });
  return { cases, newest };
}

function askCase(
  { name, kind, allowBuild = false }: RequirementSet,
  { asOf, python }: RequirementSet["points"][number],
): { answers: Case; newest: string } {
  const place = ["--as-of", asOf, "--python-version", python, "--platform", PLATFORM];
  const question = {
    file: fileURLToPath(new URL(`${name}.in`, import.meta.url)),
    // Builds that were allowed once must not change answers to which none was.
    words: [
      ...place,
      "--cache-dir",
      allowBuild ? `${cache}-builds` : cache,
      ...(allowBuild ? ["--allow-build"] : []),
    ],
  };
  const newest = advise(question, {}, ["latest", "--objective", NEWEST, "--no-relax"]);
  const pins = failed(newest) ? {} : newest.pins;
  const security = advise(question, pins, ["security", "--no-relax"]);
  const answers: Case = {
    set: name,
    kind,
    asOf,
    python,
    pins,
    newest: stackOf(newest),
    security: stackOf(security),
    least: askLeast(question),
    ...(kind === "pinned" && { relaxed: relax(question, pins) }),
  };
  return { answers, newest: failed(security) ? "" : security.newest };
}

/** Each of the two levels alone, so that no level before it takes part. */
function askLeast(question: Question): Case["least"] {
  const ask = (level: string) => advise(question, {}, ["security", "--objective", level, "--no-relax"]);
  const grave = ask("vulnerability(>=high)");
  const all = ask("vulnerability(all)");
  if (failed(grave)) return grave;
  if (failed(all)) return all;
  return { grave: grave.stack.objective[0]!, all: all.stack.objective[0]! };
}

/** Takes the relaxation of the greatest gain, again and again, as someone would who edits the requirements. */
function relax(question: Question, pins: Pins): NonNullable<Case["relaxed"]> {
  const file = `${folder}/relaxed.in`;
  writeFileSync(file, readFileSync(question.file, "utf8"));
  const steps: { from: string; to: string; promised: number; found: number }[] = [];
  let asked = advise({ ...question, file }, pins, ["security"]);
  while (!failed(asked) && asked.relaxations[0] !== undefined && steps.length < MOST_STEPS) {
    const { package_name, requirement, instead, vulnerabilities } = asked.relaxations[0];
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const edited = lines.map((line) => (nameOf(line) === package_name ? instead : line));
    writeFileSync(file, `${edited.join("\n")}\n`);
    asked = advise({ ...question, file }, pins, ["security"]);
    const found = failed(asked) ? Number.NaN : countKnown(asked.stack.known);
    steps.push({ from: requirement, to: instead, promised: vulnerabilities, found });
  }
  return { steps, stack: stackOf(asked) };
}

function nameOf(line: string): string {
  return normalizeName(parseRequirement(line).name);
}

function stackOf(asked: Asked | Failure): Stack | Failure {
  return failed(asked) ? asked : asked.stack;
}

function advise({ file, words }: Question, base: Pins, type: readonly string[]): Asked | Failure {
  const lock = `${folder}/pylock.toml`;
  rmSync(lock, { force: true });
  const begin = performance.now();
  const text = thoth([
    "advise",
    file,
    ...words,
    "--recommendation-type",
    ...type,
    "--output",
    lock,
    "--json",
  ]);
  const seconds = Math.round((performance.now() - begin) / 10) / 100;
  const answer = JSON.parse(text) as Advice | { error: { code: string; message: string } };
  if ("error" in answer) return { failure: answer.error.code, message: firstLine(answer.error.message) };
  const product = answer.products[0]!;
  const pins = Object.fromEntries(product.packages.map(({ name, version }) => [name, version]));
  const audit = JSON.parse(thoth(["audit", lock, "--json"])) as Audit;
  const stack: Stack = {
    changes: difference(base, pins),
    proof: product.proof,
    objective: product.objective.map(({ level, value, bound }) => [level, value, bound] as const),
    known: count(product.packages.flatMap((one) => one.vulnerabilities.map((flaw) => [one.name, flaw]))),
    later: count(audit.vulnerabilities.map((flaw) => [flaw.package_name, flaw])),
    seconds,
  };
  return { pins, stack, relaxations: product.relaxations, newest: answer.knowledge.newest };
}

/** One document; tried again where there is none, since the program may be rebuilt at the moment. */
function thoth(words: readonly string[], tries = 3): string {
  const done = spawnSync(`${root}node_modules/.bin/thoth`, words, {
    encoding: "utf8",
    env: environment,
    maxBuffer: 1 << 28,
  });
  if (done.stdout.trimStart().startsWith("{")) return done.stdout;
  if (tries === 1)
    throw new Error(`thoth ${words.join(" ")} gave no document: ${done.stderr.slice(0, 2000)}`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
  return thoth(words, tries - 1);
}

/** Of a message, what may be kept: no addresses and places. */
function firstLine(message: string): string {
  const line = message.split("\n").slice(0, 2).join(";").replace(/\s+/g, " ");
  return line
    .replace(/ \(\/[^)]*\)/g, "")
    .replace(/https?:\/\/\S+/g, "…")
    .slice(0, 200);
}

/** Empty where nothing is told apart from. */
function difference(base: Pins, pins: Pins): Stack["changes"] {
  if (Object.keys(base).length === 0) return {};
  const names = [...new Set([...Object.keys(base), ...Object.keys(pins)])].sort();
  return Object.fromEntries(
    names.filter((name) => base[name] !== pins[name]).map((name) => [name, pins[name] ?? null]),
  );
}

function count(flaws: readonly (readonly [name: string, flaw: Flaw])[]): Known {
  const known: Record<string, [all: number, grave: number]> = {};
  for (const [name, { severity }] of flaws) {
    known[name] ??= [0, 0];
    known[name][0] += 1;
    if (severity === "high" || severity === "critical") known[name][1] += 1;
  }
  return known;
}
