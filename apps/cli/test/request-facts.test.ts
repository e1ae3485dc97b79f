// Labels and environments that a command line tells rules of.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

const RULES = `units:
  sieves:
    - name: Labelled
      type: sieve
      should_include: {adviser_pipeline: true, labels: {team: ml}}
      match: {package_version: {name: beta, version: "==2.0"}}
    - name: Cuda
      type: sieve
      should_include:
        adviser_pipeline: true
        runtime_environments: {cuda_version: ">=12", hardware: [{gpu_models: [A100]}]}
      match: {package_version: {name: alpha, version: "==2.0"}}
`;
const CONFIGURATION = `host: thoth.example.org
runtime_environments:
  - name: training
    python_version: "3.11"
    cuda_version: "12.4"
    hardware: {cpu_family: 6, cpu_model: 85, gpu_model: A100}
    labels: {team: ml}
  - name: other
`;

describe("what rules are told of a request", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    shop.write("requirements.in", "alpha\nbeta\n");
    shop.write("rules.yaml", RULES);
    shop.write("training.yaml", CONFIGURATION);
  });
  after(() => shop.close());

  const run = (...words: readonly string[]) => {
    const own = [
      "--prescriptions",
      "rules.yaml",
      "--python-version",
      "3.11",
      "--index-url",
      shop.index.indexUrl,
    ];
    return shop.run("thoth", ["advise", "requirements.in", "--json", ...own, ...words], { bare: true });
  };
  const pinsOf = (document: Record<string, unknown>) => {
    const [product] = document["products"] as readonly { packages: readonly Record<string, string>[] }[];
    return product?.packages.map(({ name, version }) => `${name} ${version}`).join(", ");
  };
  const advise = async (...words: readonly string[]) => documentOf(await run(...words), "thoth advise");

  it("is its labels", async () => {
    assert.equal(pinsOf(await advise()), "alpha 2.0, beta 2.0");
    assert.equal(pinsOf(await advise("--label", "team=web; team = ml")), "alpha 1.0, beta 1.0");
    assert.equal(pinsOf(await advise("--label", "team=web")), "alpha 2.0, beta 2.0");
  });

  it("is where the stack is to run, in the words of a configuration, or of JSON", async () => {
    const told = JSON.stringify({ cuda_version: "12.4", hardware: { gpu_model: "A100" } });
    assert.equal(pinsOf(await advise("--runtime-environment", told)), "alpha 1.0, beta 2.0");
    assert.equal(
      pinsOf(await advise("--runtime-environment", '{"cuda_version": "12.4"}')),
      "alpha 2.0, beta 2.0",
    );
    assert.equal(pinsOf(await advise("--runtime-environment", "training.yaml")), "alpha 1.0, beta 1.0");
  });

  it("is kept in a report, so that the question can be asked again", async () => {
    const result = await run("--runtime-environment", "training.yaml");
    shop.write("report.json", result.stdout);
    shop.write("training.yaml", "runtime_environments: []\n");
    const words = ["advise", "--replay", "report.json", "--json", "--prescriptions", "rules.yaml"];
    const again = await shop.run("thoth", [...words, "--index-url", shop.index.indexUrl], { bare: true });
    assert.equal(again.status, 0, again.stderr);
    const { same } = documentOf(again, "thoth advise")["replay"] as { same: boolean };
    assert.equal(same, true);
  });

  it("is refused where it makes no sense", async () => {
    for (const words of [
      ["--label", "team"],
      ["--label", "=ml"],
      ["--runtime-environment", "{"],
      ["--runtime-environment", "[]"],
      ["--runtime-environment", "missing.yaml"],
      ["--runtime-environment", "training.yaml"],
      ["--runtime-environment", '{"cuda": "12"}'],
      ["--runtime-environment", '{"cuda_version": 12}'],
      ["--runtime-environment", '{"cuda_version": "twelve"}'],
      ["--runtime-environment", '{"hardware": {"cpu_family": 6.5}}'],
      ["--runtime-environment", '{"rpm_packages": [{"version": "1"}]}'],
      ["--runtime-environment", '{"python_version": "3.9"}'],
      ["--runtime-environment", '{"platform": "windows-amd64"}'],
    ])
      assert.equal(codeOf(await run(...words)), "usage", words.join(" "));
  });

  it("is said to be of no use where no rules are minded", async () => {
    const words = ["lock", "requirements.in", "--format", "json", "--label", "team=ml"];
    const { status, stderr } = await shop.run("thoth", words);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /labels and environments are for rules/);
  });
});
