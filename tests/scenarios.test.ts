// Every scenario of the folder, through the adviser as the command asks it. THOTH_SCENARIO: a part of the names to run.

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bookOf, type Product, REPEAT, type RuleBook } from "@thoth/adviser";
import { parseRequirement, targetEnvironment } from "@thoth/pep";
import { buildPipeline, openPrescriptions } from "@thoth/prescriptions";
import { compilePrescriptions } from "@thoth/prescriptions/compile";
import { MemoryKnowledge, projectOf, resolve } from "../core/adviser/test/memory.ts";
import { readScenario, type Scenario } from "./scenario.ts";

const FOLDER = fileURLToPath(new URL("scenarios", import.meta.url));
const METADATA = "prescription: {name: scenario, release: v1}\n";

/** The rules, and what is wrong with them. Their lists may be turned round, which must change nothing. */
function readRules({ rules, request }: Scenario, turned: boolean): { book: RuleBook; problems: string[] } {
  const units = Object.entries(rules as Record<string, unknown[]>).map(
    ([list, all]) => [list, turned ? all.toReversed() : all] as const,
  );
  const { bytes, errors, warnings } = compilePrescriptions([
    { path: "_prescription_metadata.yaml", text: METADATA },
    { path: "rules.yaml", text: JSON.stringify({ units: Object.fromEntries(units) }) },
  ]);
  const book = bookOf(buildPipeline(openPrescriptions(bytes), request.context), "scenario");
  return { book, problems: [...errors, ...warnings].map(({ code }) => code).sort() };
}

type Answer = { readonly products: readonly Product[] } | { readonly refused: readonly string[] };

function answerTo(scenario: Scenario, rules: RuleBook, some?: (count: number) => number): Answer {
  const { index, places, requirements, develop, constraints, request, count } = scenario;
  const knowledge = new MemoryKnowledge(index, false, places);
  const own = projectOf(
    requirements,
    { recommendationType: request.type, prerelease: request.prerelease },
    constraints,
  );
  const project = {
    ...own,
    target: targetEnvironment({ pythonVersion: `${request.python}.0`, platform: "linux" }),
    requirements: [
      ...own.requirements,
      ...develop.map((text) => ({ requirement: parseRequirement(text), group: "dev", source: "you" })),
    ],
  };
  const products: Product[] = [];
  while (products.length < count) {
    const apartFrom = products.map(
      ({ packages }) => new Map(packages.map(({ name, version }) => [name, version])),
    );
    const step = resolve(knowledge, apartFrom.length === 0 ? project : { ...project, apartFrom }, {
      rules,
      ...(some === undefined ? {} : { some }),
    });
    if (step.kind === "unsatisfiable") return { refused: step.failure.sentences };
    assert.ok(step.kind === "solved");
    const repeat = step.product.objective.find(({ level }) => level === REPEAT);
    if ((repeat?.value ?? 0) > 0) break;
    products.push(step.product);
  }
  return { products };
}

function shown(answer: Answer): unknown {
  if ("refused" in answer) return answer;
  return answer.products.map((product) => ({
    stack: product.packages.map(({ name, version }) => `${name}==${version}`).join(" "),
    paid: Object.fromEntries(
      product.objective.filter(({ value }) => value > 0).map(({ level, value }) => [level, value]),
    ),
    justification: product.advice().flatMap(({ name, rules }) =>
      rules.flatMap(({ justification }) =>
        justification.map(({ type, message, link, packageName }) => ({
          type,
          message,
          link,
          package: packageName ?? name,
        })),
      ),
    ),
  }));
}

function stackInfoOf(answer: Answer): unknown {
  const [best] = "products" in answer ? answer.products : [];
  return best?.stackInfo().map(({ type, message, link }) => ({ type, message, link })) ?? [];
}

function tryScenario(scenario: Scenario): void {
  const { book, problems } = readRules(scenario, false);
  assert.deepEqual(problems, scenario.problems.toSorted());
  const answer = answerTo(scenario, book);
  const expected = scenario.refused === undefined ? scenario.products : { refused: scenario.refused };
  assert.deepEqual(shown(answer), expected);
  assert.deepEqual(stackInfoOf(answer), scenario.stackInfo);
  if ("products" in answer) for (const { proof } of answer.products) assert.equal(proof, "optimal");
  // Neither the order of the rules nor that in which facts arrive matters.
  const turned = answerTo(scenario, readRules(scenario, true).book, () => 1);
  assert.deepEqual(shown(turned), expected);
  assert.deepEqual(stackInfoOf(turned), scenario.stackInfo);
}

const wanted = process.env["THOTH_SCENARIO"] ?? "";
const files = globSync(`${FOLDER}/*/*.yaml`).sort();

describe("scenarios", () => {
  for (const file of files.filter((path) => path.includes(wanted))) {
    it(relative(FOLDER, file), () => tryScenario(readScenario(readFileSync(file, "utf8"))));
  }

  it("are read strictly", () => {
    const good = "what: w\nindex: {}\nrequirements: []\nrules: {}\nproducts: []\n";
    assert.equal(readScenario(good).what, "w");
    assert.throws(() => readScenario(`${good}surprise: 1\n`), /unknown key `surprise`/);
    assert.throws(() => readScenario(good.replace("index: {}", "index: {a: {'1': {needs: []}}}")), /`needs`/);
    assert.throws(() => readScenario(`${good}refused: [no]\n`), /either/);
  });
});
