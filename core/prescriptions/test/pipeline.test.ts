// Files become one, and one becomes the units of a request.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalizeName, ThothError } from "@thoth/pep";
import { randomFrom } from "@thoth/testkit";
import { compilePrescriptions } from "../src/compile.ts";
import {
  buildPipeline,
  openPrescriptions,
  type PipelineContext,
  type PrescriptionFile,
} from "../src/index.ts";
import { places, ruleText } from "./rules.ts";

const ADVISER = "should_include: {adviser_pipeline: true}";
const PIN = "run: {score: 0.1}";

function file(path: string, list: string, body: string, name = path.replace(/\W/g, "_")): PrescriptionFile {
  return { path, text: ruleText(list, body, name) };
}

const METADATA: PrescriptionFile = {
  path: "_prescription_metadata.yaml",
  text: "prescription: {name: thoth, release: r1}\n",
};

const FILES: readonly PrescriptionFile[] = [
  METADATA,
  file("boot.yaml", "boots", `type: boot\n${ADVISER}\nrun: {}`),
  file("boot-of-a.yaml", "boots", `type: boot\n${ADVISER}\nmatch: {package_name: a}\nrun: {}`),
  file(
    "pseudonym.yaml",
    "pseudonyms",
    `type: pseudonym\n${ADVISER}\nmatch: {package_version: {name: a}}\nrun: {yield: {package_version: {name: b}}}`,
  ),
  file(
    "sieve.yaml",
    "sieves",
    `type: sieve\n${ADVISER}\nmatch: [{package_version: {name: a}}, {package_version: {develop: true}}]`,
  ),
  file(
    "skip.yaml",
    "sieves",
    `type: sieve.SkipPackage\n${ADVISER}\nmatch: [{package_name: a}, {package_name: b}]`,
  ),
  file("step.yaml", "steps", `type: step\n${ADVISER}\nmatch: {package_version: {name: a}}\n${PIN}`),
  file("generic.yaml", "steps", `type: step\n${ADVISER}\nmatch: {package_version: {develop: true}}\n${PIN}`),
  file(
    "group.yaml",
    "steps",
    `type: step.Group\n${ADVISER}\nmatch: {group: [{package_version: {name: a}}, {package_version: {name: c}}]}\nrun: {not_acceptable: never}`,
  ),
  file(
    "stride.yaml",
    "strides",
    `type: stride\n${ADVISER}\nmatch: {state: {resolved_dependencies: [{name: a}]}}\nrun: {not_acceptable: never}`,
  ),
  file(
    "wrap.yaml",
    "wraps",
    `type: wrap\n${ADVISER}\nmatch: [{state: {resolved_dependencies: [{develop: true}, {name: a}]}}, {state: {resolved_dependencies: [{name: b}]}}]\nrun: {}`,
  ),
  file(
    "all.yaml",
    "wraps",
    `type: wrap\n${ADVISER}\nrun: {advised_manifest_changes: {specifiers: x, __proto__: 1}}`,
  ),
  file(
    "notes.yaml",
    "wraps",
    `type: wrap.GHReleaseNotes\n${ADVISER}\nmatch: {state: {resolved_dependencies: {name: c}}}\nrun: {release_notes: {organization: o, repository: r}}`,
  ),
  file("monkey.yaml", "wraps", "type: wrap\nshould_include: {dependency_monkey_pipeline: true}\nrun: {}"),
];

function pipelineOf(files: Iterable<PrescriptionFile>, context: Partial<PipelineContext> = {}) {
  const { bytes, errors } = compilePrescriptions(files);
  assert.deepEqual(errors, []);
  return buildPipeline(openPrescriptions(bytes), { pipeline: "adviser", ...context });
}

function names(units: readonly { readonly name: string }[]): string[] {
  return units.map(({ name }) => name.replace(/^thoth\.|_yaml$/g, ""));
}

describe("a pipeline", () => {
  const pipeline = pipelineOf(FILES);
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => normalizeName(name)) as [
    never,
    never,
    never,
    never,
  ];

  it("has the units of each kind and package", () => {
    assert.deepEqual(names(pipeline.boots), ["boot_of_a", "boot"]);
    assert.deepEqual(names(pipeline.bootsOf(a)), ["boot_of_a"]);
    assert.deepEqual(names(pipeline.bootsOf("")), ["boot"]);
    assert.deepEqual(names(pipeline.groups), ["group"]);
    assert.deepEqual(names(pipeline.strides), ["stride"]);
    assert.deepEqual(names(pipeline.genericSieves), ["sieve"]);
    assert.deepEqual(names(pipeline.genericSteps), ["generic"]);
    assert.deepEqual(names(pipeline.genericWraps), ["all"]);
    assert.deepEqual(names(pipeline.pseudonymsOf(a)), ["pseudonym"]);
    assert.deepEqual(names(pipeline.sievesOf(a)), ["sieve"]);
    assert.deepEqual(names(pipeline.skipsOf(b)), ["skip"]);
    assert.deepEqual(names(pipeline.stepsOf(a)), ["step"]);
    assert.deepEqual(names(pipeline.groupsOf(c)), ["group"]);
    assert.deepEqual(names(pipeline.wrapsOf(a)), ["wrap"]);
    assert.deepEqual(names(pipeline.wrapsOf(c)), ["notes"]);
  });

  it("has nothing of a package that no rule names", () => {
    for (const list of [
      pipeline.sievesOf(d),
      pipeline.skipsOf(d),
      pipeline.stepsOf(d),
      pipeline.wrapsOf(d),
    ]) {
      assert.deepEqual(list, []);
    }
    assert.deepEqual(pipeline.pseudonymsOf("__proto__" as never), []);
  });

  it("gives a unit as one object under all its names", () => {
    assert.equal(pipeline.wrapsOf(a)[0], pipeline.wrapsOf(b)[0]);
    assert.equal(pipeline.skipsOf(a)[0], pipeline.skipsOf(b)[0]);
  });

  it("keeps the author's own JSON as it was", () => {
    const [wrap] = pipeline.genericWraps;
    assert.deepEqual(wrap?.run.advisedManifestChanges, JSON.parse('{"specifiers":"x","__proto__":1}'));
  });

  it("is another for another request", () => {
    const monkey = pipelineOf(FILES, { pipeline: "dependency-monkey" });
    assert.deepEqual(names(monkey.genericWraps), ["monkey"]);
    assert.deepEqual(monkey.boots, []);
  });

  it("is that of its request alone, whatever others of the same rules have asked", () => {
    const opened = openPrescriptions(compilePrescriptions(FILES).bytes);
    const monkey = buildPipeline(opened, { pipeline: "dependency-monkey" });
    const adviser = buildPipeline(opened, { pipeline: "adviser" });
    assert.deepEqual(names(monkey.genericWraps), ["monkey"]);
    assert.deepEqual(names(adviser.genericWraps), ["all"]);
    assert.deepEqual(names(monkey.wrapsOf(a)), []);
    assert.deepEqual(names(adviser.wrapsOf(a)), ["wrap"]);
    assert.equal(adviser.boots, adviser.boots);
  });

  it("names what it was made of", () => {
    assert.deepEqual(pipeline.sources, [{ name: "thoth", release: "r1" }]);
    assert.deepEqual(pipeline.boots[0]?.prescription, { name: "thoth", release: "r1" });
  });
});

describe("dependencies on other units", () => {
  const needing = (path: string, list: string, name: string) =>
    file(
      path,
      "boots",
      `type: boot\nshould_include: {adviser_pipeline: true, dependencies: {${list}: [${name}]}}\nrun: {}`,
    );
  const boots = (files: readonly PrescriptionFile[], context?: Partial<PipelineContext>) =>
    names(pipelineOf([METADATA, ...files], context).boots).sort();

  it("are followed to the end", () => {
    const base = file("base.yaml", "wraps", `type: wrap\n${ADVISER}\nrun: {}`);
    const files = [needing("c.yaml", "boots", "thoth.b_yaml"), needing("b.yaml", "boots", "thoth.a_yaml")];
    const first = needing("a.yaml", "wraps", "thoth.base_yaml");
    assert.deepEqual(boots([...files, first, base]), ["a", "b", "c"]);
    assert.deepEqual(boots([...files, first]), []);
  });
  it("hold for no circle", () => {
    assert.deepEqual(
      boots([needing("a.yaml", "boots", "thoth.b_yaml"), needing("b.yaml", "boots", "thoth.a_yaml")]),
      [],
    );
  });
  it("look at the kind", () => {
    const base = file("base.yaml", "wraps", `type: wrap\n${ADVISER}\nrun: {}`);
    assert.deepEqual(boots([base, needing("a.yaml", "boots", "thoth.base_yaml")]), []);
  });
  it("may be on units that the adviser brings", () => {
    const files = [needing("a.yaml", "steps", "CvePenalizationStep")];
    assert.deepEqual(boots(files), []);
    assert.deepEqual(boots(files, { builtInUnits: new Set(["CvePenalizationStep"]) }), ["a"]);
  });
});

describe("compiling", () => {
  it("counts kinds", () => {
    const { counts } = compilePrescriptions(FILES);
    assert.deepEqual(counts, {
      boot: 2,
      pseudonym: 1,
      sieve: 1,
      "sieve.SkipPackage": 1,
      step: 2,
      "step.SkipPackage": 0,
      "step.AddPackage": 0,
      "step.Group": 1,
      stride: 1,
      wrap: 3,
      "wrap.GHReleaseNotes": 1,
    });
  });

  it("does not depend on the order of files", () => {
    const { bytes } = compilePrescriptions(FILES);
    const random = randomFrom(1);
    for (let round = 0; round < 20; round++) {
      const files = [...FILES];
      for (let at = files.length - 1; at > 0; at--) {
        const other = random(at + 1);
        [files[at], files[other]] = [files[other]!, files[at]!];
      }
      assert.deepEqual(compilePrescriptions(files).bytes, bytes);
    }
  });

  it("takes the metadata of the nearest folder", () => {
    const files = [
      { path: "x/_prescription_metadata.yaml", text: "prescription: {name: x}\n" },
      file("x/y/z.yaml", "boots", `type: boot\n${ADVISER}\nrun: {}`, "Z"),
      file("w.yaml", "boots", `type: boot\n${ADVISER}\nrun: {}`, "W"),
    ];
    assert.deepEqual(names(pipelineOf(files).boots), ["UNKNOWN.W", "x.Z"]);
  });

  it("passes over other and hidden files", () => {
    const bad = "units: 3\n";
    const files = ["README.rst", ".git/a.yaml", "a/.b.yaml", ".c.yaml"].map((path) => ({ path, text: bad }));
    assert.deepEqual(compilePrescriptions(files).errors, []);
  });

  it("refuses a name or a path that another file has", () => {
    const one = file("a.yaml", "boots", `type: boot\n${ADVISER}\nrun: {}`, "One");
    const two = { ...one, path: "b.yaml" };
    const { errors, counts } = compilePrescriptions([two, one, one]);
    assert.deepEqual(places(errors), ["duplicate-file 1:1", "duplicate-name 3:11"]);
    assert.deepEqual(
      errors.map((error) => error.file),
      ["a.yaml", "b.yaml"],
    );
    assert.equal(counts.boot, 1);
  });

  it("tells what is wrong with metadata", () => {
    const text = "prescription: {name: 'a b', version: 1}\n";
    const { errors } = compilePrescriptions([{ path: "_prescription_metadata.yaml", text }]);
    assert.deepEqual(places(errors), ["unknown-key 1:29", "wrong-type 1:22"]);
  });

  it("makes nothing of nothing", () => {
    const { bytes } = compilePrescriptions([]);
    assert.deepEqual(buildPipeline(openPrescriptions(bytes), { pipeline: "adviser" }).boots, []);
  });

  it("opens bytes anywhere in a buffer", () => {
    const { bytes } = compilePrescriptions(FILES);
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    assert.equal(openPrescriptions(moved.subarray(3)).size, FILES.length - 1);
  });

  it("refuses other bytes", () => {
    const { bytes } = compilePrescriptions(FILES);
    const damaged = [
      new Uint8Array(0),
      bytes.subarray(0, 40),
      bytes.subarray(0, -1),
      bytes.with(7, 99),
      bytes.with(12, 0),
    ];
    for (const one of damaged) {
      assert.throws(
        () => openPrescriptions(one),
        (error) => error instanceof ThothError && error.code === "file-failed",
      );
    }
  });
});
