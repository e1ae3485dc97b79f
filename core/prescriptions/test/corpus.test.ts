// Half of the rules that the original project published: all of them are read, quick and slow reading agree, and
// what is compiled says what was read. Times are printed; no test asserts one.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { dataFolder, missingData } from "@thoth/testkit";
import { compilePrescriptions } from "../src/compile.ts";
import { encodeInclusion, encodeUnit } from "../src/encode-unit.ts";
import { buildPipeline, openPrescriptions, type PrescriptionFile } from "../src/index.ts";
import { parsePrescriptionFile } from "../src/parse-file.ts";
import { readPlainYaml } from "../src/parse-plain.ts";
import { readYaml } from "../src/parse-yaml.ts";
import { readTarGz } from "./read-tar.ts";

const folder = dataFolder();
const archive =
  (existsSync(folder) ? readdirSync(folder) : []).find((name) => /prescriptions.*\.tar\.gz$/.test(name)) ??
  "thoth-prescriptions.tar.gz";

function timed<T>(what: string, action: () => T): T {
  const start = performance.now();
  const result = action();
  console.log(`${what}: ${(performance.now() - start).toFixed(1)} ms`);
  return result;
}

describe("the published rules", { skip: missingData(archive) }, () => {
  let files: PrescriptionFile[] = [];

  it("are read without an error", () => {
    files = timed("reading the archive", () => readTarGz(join(folder, archive)));
    const { bytes, counts, errors, warnings } = timed("compiling", () => compilePrescriptions(files));
    assert.deepEqual(errors, []);
    const kinds = Map.groupBy(warnings, ({ code }) => code);
    for (const [code, list] of kinds) console.log(`${code}: ${list.length}`);
    console.log(`${files.length} files, ${bytes.length} bytes:`, counts);
    assert.ok(files.length > 30_000);
  });

  it("mean the same by the quick reader and by the library", () => {
    let left = 0;
    timed("both readers", () => {
      for (const { path, text } of files) {
        const plain = readPlainYaml(text);
        const { value, faults } = readYaml(text);
        assert.deepEqual(faults, [], path);
        if (plain === undefined) left++;
        else assert.deepEqual(plain, value, path);
      }
    });
    console.log(`left to the library: ${left}`);
    assert.ok(left < files.length / 100);
  });

  it("are the same when opened", () => {
    const { bytes } = compilePrescriptions(files.toReversed());
    const opened = timed("opening", () => openPrescriptions(bytes));
    const texts = new Map<string, string>();
    for (const file of files) {
      for (const unit of parsePrescriptionFile(file, { name: "thoth", release: "dev+git" }).value) {
        texts.set(`${unit.kind} ${unit.name}`, encodeUnit(unit) + encodeInclusion(unit.inclusion));
      }
    }
    assert.equal(opened.size, texts.size);
    for (let number = 0; number < opened.size; number++) {
      const unit = opened.unit(number);
      const text = encodeUnit(unit) + encodeInclusion(unit.inclusion);
      assert.equal(text, texts.get(`${unit.kind} ${unit.name}`));
    }
  });

  it("are found by package", () => {
    const prescriptions = openPrescriptions(compilePrescriptions(files).bytes);
    for (let round = 0; round < 3; round++) {
      const pipeline = timed("building a pipeline", () =>
        buildPipeline(prescriptions, {
          pipeline: "adviser",
          recommendationType: "security",
          runtimeEnvironment: { operatingSystem: { name: "fedora", version: "35" } },
        }),
      );
      const found = timed("looking up every package", () =>
        prescriptions.names.reduce((sum, name) => sum + pipeline.wrapsOf(name as never).length, 0),
      );
      assert.ok(found > 30_000);
    }
  });
});
