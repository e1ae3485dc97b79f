// `thoth dependency-monkey`: stacks of a problem are tried, and the releases that break together are found, confirmed and written
// down as rules.

import { createHash } from "node:crypto";
import { type Check, placeOf, type Stack } from "@thoth/inspection";
import { normalizeName, type PackageName, quote, ThothError } from "@thoth/pep";
import { wholeNumber } from "../../advice/whole-number.ts";
import { type Handler, type Invocation, listOption, textOption } from "../../frame/command.ts";
import { plural } from "../../frame/printable.ts";
import type { Stage } from "../../frame/stage.ts";
import { readWords } from "../../inspection/given-stack.ts";
import { readResolutionSettings } from "../../settings/resolution-settings.ts";
import { type Conflict, findConflict, suspicionsOf } from "../../trial/conflicts.ts";
import { EvidenceLog } from "../../trial/evidence-log.ts";
import { explore, PREDICTORS, type Predictor } from "../../trial/explore.ts";
import { monkeyDocument, monkeyText } from "../../trial/monkey-report.ts";
import { ruleTexts, writeRule } from "../../trial/rule-text.ts";
import type { Seen } from "../../trial/seen.ts";
import type { StackInspector } from "../../trial/stack-inspector.ts";
import type { StackMaker } from "../../trial/stack-maker.ts";
import { Trials } from "../../trial/trials.ts";

/** Pins that give no new stack, for each that is wanted. */
const PATIENCE = 20;

export const dependencyMonkeyCommand: Handler = async (invocation) => {
  const { terminal, options, environment } = invocation;
  const settings = readResolutionSettings(options, environment);
  const words = (invocation.arguments[0] ?? []) as readonly string[];
  const input = await readWords(invocation, words, settings.constraints);
  const wish = readWish(invocation);
  const { pythonVersion } = settings;
  const trials = await Trials.open(invocation, { settings, input, pythonVersion });
  const { maker, direct, checks } = trials;
  const place = placeOf(trials.interpreter);
  const stage = terminal.stage("monkey");
  try {
    const log = await EvidenceLog.open(textOption(options, "report"), whereOf(place, checks));
    const inspector = await trials.inspector(log, (stack, count) =>
      stage.update(0, 0, `inspection ${count}: ${shortly(stack, direct)}`),
    );
    const seen = await tryAll(wish, { maker, inspector, direct, stage });
    const conflicts = await blame(seen, { maker, inspector, stage });
    stage.end(`${plural(inspector.count, "inspection")}, ${plural(seen.length, "stack")} explored`);
    const day = new Date().toISOString().slice(0, 10);
    const rules = await writeRules(textOption(options, "rules"), conflicts, { place, day });
    for (const conflict of conflicts)
      log.tell({ kind: "conflict", where: whereOf(place, checks), ...conflict });
    const told = {
      ...wish,
      place,
      seen,
      conflicts,
      inspections: inspector.count,
      facts: inspector.facts,
      rules,
    };
    terminal.document(monkeyDocument(told));
    terminal.result(...monkeyText(told));
    return conflicts.length > 0 ? 1 : 0;
  } finally {
    stage.end();
    await trials.close();
  }
};

interface Wish {
  readonly predictor: Predictor;
  readonly suspects: readonly PackageName[];
  readonly count: number;
  readonly seed: number;
  readonly jobs: number;
}

/** Throws usage. */
function readWish({ options }: Invocation): Wish {
  const suspects = listOption(options, "suspect").map((word) => normalizeName(word));
  const predictor = (textOption(options, "predictor") ??
    (suspects.length > 0 ? "pair" : "combinations")) as Predictor;
  if (!PREDICTORS.includes(predictor)) throw new ThothError("usage", `${quote(predictor)} is no predictor`);
  if (predictor === "pair" && new Set(suspects).size !== 2)
    throw new ThothError("usage", "the predictor `pair` needs two packages", {
      hint: "Name them as --suspect numpy --suspect pandas.",
    });
  return {
    predictor,
    suspects,
    count: wholeNumber(options, "count", { fallback: 20, least: 1, most: 100_000 }),
    seed: wholeNumber(options, "seed", { fallback: 0, least: 0, most: 2 ** 31 - 1 }),
    jobs: wholeNumber(options, "jobs", { fallback: 1, least: 1, most: 64 }),
  };
}

/** What the outcome of a stack depends on beside it. */
function whereOf(place: string, checks: readonly Check[]): string {
  const scripts = checks.map((check) => (check.kind === "program" ? check.script : ""));
  return `${place} ${createHash("sha256").update(JSON.stringify(scripts)).digest("hex").slice(0, 16)}`;
}

function shortly(stack: Stack, direct: readonly string[]): string {
  return stack
    .filter(([name]) => direct.includes(name))
    .slice(0, 4)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

interface Work {
  readonly maker: StackMaker;
  readonly inspector: StackInspector;
  readonly stage: Stage;
}

/** Looks at as many distinct stacks as are wanted, or as there are. */
async function tryAll(
  wish: Wish,
  work: Work & { readonly direct: readonly string[] },
): Promise<readonly Seen[]> {
  const { maker, inspector, direct, stage } = work;
  stage.update(0, 0, "the newest stack");
  const newest = await maker.best();
  if (newest === undefined)
    throw new ThothError("unsatisfiable", "no stack satisfies the requirements", {
      hint: "`thoth lock` tells why.",
    });
  const names = [
    ...direct,
    ...newest.map(([name]) => name).filter((name) => !direct.includes(name as PackageName)),
  ];
  const { predictor, suspects, seed, count, jobs } = wish;
  const releases = (name: string) => maker.releases(name);
  const pins = explore(predictor, { newest, names, suspects, releases, seed });
  const known = new Set<string>();
  const next = async (): Promise<Stack | undefined> => {
    for (let tries = 0; tries < PATIENCE * count; tries++) {
      if (known.size >= count) return undefined;
      const { value, done } = await pins.next();
      if (done === true) return undefined;
      const stack = await maker.resolve(value, newest);
      const key = JSON.stringify(stack);
      if (stack === undefined || known.has(key)) continue;
      known.add(key);
      return stack;
    }
    return undefined;
  };
  const seen: Seen[] = [];
  const look = async () => {
    for (let stack = await next(); stack !== undefined; stack = await next())
      seen.push(await inspector.look(maker, stack));
  };
  await Promise.all(Array.from({ length: jobs }, look));
  return seen;
}

/** Most kinds of failures that are looked into. */
const MOST_SUSPICIONS = 12;
const MOST_INSPECTIONS = 40;

async function blame(seen: readonly Seen[], { maker, inspector, stage }: Work): Promise<readonly Conflict[]> {
  const conflicts: Conflict[] = [];
  const told = new Set<string>();
  for (const suspicion of suspicionsOf(seen).slice(0, MOST_SUSPICIONS)) {
    stage.update(0, 0, `who is to blame: ${suspicion.failure.symptom.slice(0, 60)}`);
    const conflict = await findConflict({ maker, inspector, most: MOST_INSPECTIONS }, suspicion, seen);
    const key = JSON.stringify(conflict?.members);
    if (conflict === undefined || told.has(key)) continue;
    told.add(key);
    conflicts.push(conflict);
  }
  return conflicts;
}

async function writeRules(
  folder: string | undefined,
  conflicts: readonly Conflict[],
  where: { readonly place: string; readonly day: string },
): Promise<readonly string[]> {
  if (folder === undefined) return [];
  const written: string[] = [];
  for (const { members, companions, failure, stack, confirmed } of conflicts) {
    if (!confirmed) continue;
    const { symptom, stage } = failure;
    written.push(
      await writeRule(folder, ruleTexts({ members, companions, symptom, stage, stack, ...where }), where.day),
    );
  }
  return written;
}
