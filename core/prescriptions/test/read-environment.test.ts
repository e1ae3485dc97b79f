// What a request tells of an environment, in the words of the original's configuration.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ThothError } from "@thoth/pep";
import fc from "fast-check";
import { readRuntimeEnvironment } from "../src/index.ts";

describe("an environment that is told", () => {
  it("is read whole", () => {
    const { environment, labels, pythonVersion } = readRuntimeEnvironment({
      name: "training",
      operating_system: { name: "ubi", version: "8" },
      hardware: { cpu_family: 6, cpu_model: 142, gpu_model: null, cpu_flags: ["avx2"] },
      python_version: "3.11",
      cuda_version: null,
      mkl_version: "2024.1",
      base_image: "quay.io/thoth/ubi8:v1",
      labels: { team: "thoth" },
      rpm_packages: [{ name: "glibc", version: "2.34", src: false }],
      python_packages: [{ name: "NumPy", version: "1.26.4", location: "/opt" }],
      abi: ["GLIBC_2.34"],
    });
    assert.deepEqual(environment.operatingSystem, { name: "ubi", version: "8" });
    assert.deepEqual(
      [environment.hardware?.cpuFamily, environment.hardware?.gpuModel, environment.cudaVersion],
      [6, undefined, undefined],
    );
    assert.equal(environment.mklVersion?.text, "2024.1");
    assert.deepEqual([...(environment.abiSymbols ?? [])], ["GLIBC_2.34"]);
    assert.equal(environment.rpmPackages?.[0]?.name, "glibc");
    assert.equal(environment.pythonPackages?.[0]?.name, "numpy");
    assert.deepEqual([labels, pythonVersion], [{ team: "thoth" }, "3.11"]);
  });

  it("is refused with the place of what is wrong", () => {
    const message = (value: unknown): string => {
      try {
        readRuntimeEnvironment(value);
        return "";
      } catch (error) {
        return error instanceof ThothError ? error.message : "";
      }
    };
    assert.match(message({ cuda: "12" }), /`cuda`, which is unknown/);
    assert.match(
      message({ hardware: { cpu_family: "six" } }),
      /`cpu_family` of `hardware` is not a whole number/,
    );
    assert.match(message({ labels: ["a"] }), /`labels` is no mapping/);
    assert.match(
      message({ python_packages: [{ name: "numpy" }] }),
      /`version` of an entry of `python_packages`/,
    );
  });

  it("is read or refused, whatever it is", () => {
    const keys = fc.constantFrom(
      "labels",
      "hardware",
      "cuda_version",
      "rpm_packages",
      "python_packages",
      "version",
      "__proto__",
      "name",
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        tie("table"),
        fc.array(tie("any")),
      ),
      table: fc.dictionary(fc.oneof(keys, fc.string()), tie("any")),
    })).any;
    fc.assert(
      fc.property(value, (told) => {
        try {
          readRuntimeEnvironment(told);
        } catch (error) {
          assert.ok(error instanceof ThothError && error.code === "usage", String(error));
        }
      }),
    );
  });
});
