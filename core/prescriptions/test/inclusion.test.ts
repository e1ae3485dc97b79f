// `should_include`: what is read, what is refused, and when it holds.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalizeName, parseVersion } from "@thoth/pep";
import {
  type BootUnit,
  evaluateInclusion,
  type PipelineContext,
  type RuntimeEnvironment,
} from "../src/index.ts";
import { parseText, places, ruleText } from "./rules.ts";

function boot(shouldInclude: string) {
  return parseText(ruleText("boots", `type: boot\nshould_include: {${shouldInclude}}\nrun: {}`));
}

function holds(shouldInclude: string, context: Partial<PipelineContext>): boolean {
  const { value, errors } = boot(shouldInclude);
  assert.deepEqual(errors, []);
  return evaluateInclusion((value[0] as BootUnit).inclusion, { pipeline: "adviser", ...context });
}

type Case = readonly [shouldInclude: string, context: Partial<PipelineContext>, holds: boolean];

const MONKEY: Partial<PipelineContext> = { pipeline: "dependency-monkey", decisionType: "random" };
const STABLE: Partial<PipelineContext> = { recommendationType: "stable" };

const conditions: readonly Case[] = [
  ["", {}, false],
  ["adviser_pipeline: true", {}, true],
  ["adviser_pipeline: true", MONKEY, false],
  ["adviser_pipeline: yes", {}, true],
  ["times: 1, adviser_pipeline: true", {}, true],
  ["times: 0, adviser_pipeline: true", {}, false],
  ["dependency_monkey_pipeline: true", {}, false],
  ["dependency_monkey_pipeline: true", MONKEY, true],
  ["adviser_pipeline: true, authenticated: true", {}, false],
  ["adviser_pipeline: true, authenticated: true", { authenticated: true }, true],
  ["adviser_pipeline: true, authenticated: false", {}, true],
  ["adviser_pipeline: true, authenticated: false", { authenticated: true }, false],
  ["adviser_pipeline: true, authenticated: null", { authenticated: true }, true],
  ["adviser_pipeline: true, labels: {a: b, c: d}", {}, false],
  ["adviser_pipeline: true, labels: {a: b, c: d}", { labels: { c: "d" } }, true],
  ["adviser_pipeline: true, labels: {a: b}", { labels: { a: "c" } }, false],
  ["adviser_pipeline: true, labels: {toString: b}", { labels: {} }, false],
  ["adviser_pipeline: true, recommendation_types: [stable, latest]", STABLE, true],
  ["adviser_pipeline: true, recommendation_types: [latest]", STABLE, false],
  ["adviser_pipeline: true, recommendation_types: [latest]", {}, false],
  ["adviser_pipeline: true, recommendation_types: {not: [latest]}", STABLE, true],
  ["adviser_pipeline: true, recommendation_types: {not: [stable]}", STABLE, false],
  ["adviser_pipeline: true, decision_types: [all]", STABLE, true],
  ["dependency_monkey_pipeline: true, decision_types: [all]", MONKEY, false],
  ["dependency_monkey_pipeline: true, decision_types: [random]", MONKEY, true],
  ["dependency_monkey_pipeline: true, decision_types: {not: [random]}", MONKEY, false],
  ["dependency_monkey_pipeline: true, recommendation_types: [latest]", MONKEY, true],
  ["adviser_pipeline: true, library_usage: {m: [m.a]}", {}, false],
  ["adviser_pipeline: true, library_usage: {m: [m.a]}", { libraryUsage: { m: ["m.x", "m.a"] } }, true],
  ["adviser_pipeline: true, library_usage: {m: [m.a, m.b]}", { libraryUsage: { m: ["m.a"] } }, false],
  ["adviser_pipeline: true, library_usage: {m: [m.a], n: [n.a]}", { libraryUsage: { m: ["m.a"] } }, false],
  ["adviser_pipeline: true, library_usage: {m: ['m.a.*']}", { libraryUsage: { m: ["m.a.b"] } }, true],
  ["adviser_pipeline: true, library_usage: {m: ['m.a.*']}", { libraryUsage: { m: ["m.a"] } }, true],
  ["adviser_pipeline: true, library_usage: {m: ['m.a.*']}", { libraryUsage: { m: ["m.ab"] } }, false],
  ["adviser_pipeline: true, library_usage: {constructor: [name]}", { libraryUsage: {} }, false],
];

const FEDORA: RuntimeEnvironment = { operatingSystem: { name: "fedora", version: "35" } };
const CUDA: RuntimeEnvironment = { cudaVersion: parseVersion("11.1"), pythonVersion: parseVersion("3.9") };
const IMAGE: RuntimeEnvironment = { baseImage: "quay.io/a/b:v1.2" };
const INTEL: RuntimeEnvironment = {
  hardware: { cpuFamily: 6, cpuModel: 142, cpuFlags: new Set(["avx2", "avx512f"]) },
};
const RPMS: RuntimeEnvironment = {
  rpmPackages: [{ name: "git", arch: "x86_64", version: "2.31", src: false }, { name: "vim" }],
};
const INSTALLED: RuntimeEnvironment = {
  pythonPackages: [
    { name: normalizeName("jinja2"), version: parseVersion("3.0.1"), location: "/opt/app-root/lib" },
    { name: normalizeName("jinja2"), version: parseVersion("2.0") },
  ],
};
const ABI: RuntimeEnvironment = { abiSymbols: new Set(["GLIBC_2.4", "CXXABI_1.3"]) };

const environments: readonly (readonly [rule: string, environment: RuntimeEnvironment, holds: boolean])[] = [
  ["", {}, true],
  ["operating_systems: []", {}, true],
  ["operating_systems: [{}]", {}, true],
  ["operating_systems: [{name: rhel}, {name: fedora}]", FEDORA, true],
  ["operating_systems: [{name: fedora, version: '34'}]", FEDORA, false],
  ["operating_systems: [{version: '35'}]", FEDORA, true],
  ["operating_systems: [{name: fedora}]", {}, false],
  ["cuda_version: '>=11'", CUDA, true],
  ["cuda_version: '<11'", CUDA, false],
  ["cuda_version: '>=0.0'", {}, false],
  ["cuda_version: null", CUDA, false],
  ["cuda_version: null", {}, true],
  ["python_version: ==3.9", CUDA, true],
  ["python_version: ==3", CUDA, false],
  ["cudnn_version: null, cuda_version: ==11.1", CUDA, true],
  ["mkl_version: '>1'", { mklVersion: parseVersion("2") }, true],
  ["openblas_version: '>1'", { openblasVersion: parseVersion("1") }, false],
  ["openmpi_version: ''", { openmpiVersion: parseVersion("1") }, true],
  ["platforms: [linux-x86_64]", { platform: "linux-x86_64" }, true],
  ["platforms: [linux-x86_64]", {}, false],
  ["platforms: [null]", {}, true],
  ["platforms: {not: [null]}", {}, false],
  ["platforms: {not: [win]}", { platform: "linux-x86_64" }, true],
  ["base_images: ['quay.io/a/b:v1.2']", IMAGE, true],
  ["base_images: ['quay.io/a/b:v1.1', 'quay.io/a/b']", IMAGE, true],
  ["base_images: ['quay.io/a/b:v1.*']", IMAGE, true],
  ["base_images: ['quay.io/a/b:v2*']", IMAGE, false],
  ["base_images: ['quay.io/a/b:v1.2']", { baseImage: "quay.io/a/b" }, false],
  ["base_images: ['quay.io/a/b']", { baseImage: "quay.io/a/b" }, true],
  ["base_images: ['localhost:5000/b']", { baseImage: "localhost:5000/b" }, true],
  ["base_images: ['localhost:5000/b:1']", { baseImage: "localhost:5000/b:1" }, true],
  ["base_images: ['quay.io/a/b']", { baseImage: "quay.io/a/b@sha256:00" }, true],
  ["base_images: [null]", {}, true],
  ["base_images: [null]", IMAGE, false],
  ["base_images: {not: [null]}", IMAGE, true],
  ["base_images: {not: ['quay.io/a/b:v1.2']}", IMAGE, false],
  ["base_images: {not: ['quay.io/a/c']}", IMAGE, true],
  ["hardware: [{cpu_families: [13]}, {cpu_families: [6]}]", INTEL, true],
  ["hardware: [{cpu_families: [6], cpu_models: [13]}]", INTEL, false],
  ["hardware: [{cpu_families: [6], cpu_models: [1, 142]}]", INTEL, true],
  ["hardware: [{cpu_models: {not: [142]}}]", INTEL, false],
  ["hardware: [{gpu_models: [null]}]", INTEL, true],
  ["hardware: [{gpu_models: null}]", INTEL, true],
  ["hardware: [{gpu_models: {not: [null]}}]", INTEL, false],
  ["hardware: [{cpu_models: [null]}]", {}, true],
  ["hardware: {not: [{cpu_families: [6]}]}", INTEL, false],
  ["hardware: [{cpu_flags: [avx2, avx512]}]", INTEL, true],
  ["hardware: [{cpu_flags: [sse9]}]", INTEL, false],
  ["hardware: [{cpu_flags: {not: [sse9]}}]", INTEL, true],
  ["hardware: [{cpu_flags: {not: [avx2]}}]", INTEL, false],
  ["hardware: [{cpu_flags: {not: [avx2]}}]", {}, false],
  ["abi: [GLIBC_2.4]", ABI, true],
  ["abi: [GLIBC_2.4, GLIBC_2.5]", ABI, false],
  ["abi: {not: [GLIBC_2.5]}", ABI, true],
  ["abi: {not: [GLIBC_2.5, GLIBC_2.4]}", ABI, false],
  ["abi: [GLIBC_2.4]", {}, false],
  ["abi: {not: [GLIBC_2.4]}", {}, false],
  ["abi: [GLIBC_2.4], rpm_packages: [{package_name: git}]", ABI, false],
  ["rpm_packages: [{package_name: git}]", RPMS, true],
  ["rpm_packages: [{package_name: git, arch: x86_64, package_version: '2.31', src: false}]", RPMS, true],
  ["rpm_packages: [{package_name: git, release: '1'}]", RPMS, false],
  ["rpm_packages: [{package_name: git}, {package_name: emacs}]", RPMS, false],
  ["rpm_packages: {not: [{package_name: emacs}]}", RPMS, true],
  ["rpm_packages: {not: [{package_name: git}, {package_name: emacs}]}", RPMS, false],
  ["rpm_packages: {not: [{package_name: git}]}", {}, false],
  ["python_packages: [{name: jinja2}]", INSTALLED, true],
  ["python_packages: [{name: jinja2, version: '>=3'}]", INSTALLED, true],
  ["python_packages: [{name: jinja2, version: '>=4'}]", INSTALLED, false],
  ["python_packages: [{name: jinja2, location: '^/opt/app-root/.*'}]", INSTALLED, true],
  ["python_packages: [{name: jinja2, version: '<3', location: '^/opt/.*'}]", INSTALLED, false],
  ["python_packages: [{name: jinja2, location: /opt}]", INSTALLED, false],
  ["python_packages: [{name: jinja2, location: null}]", INSTALLED, true],
  ["python_packages: {not: [{name: flask}]}", INSTALLED, true],
  ["python_packages: {not: [{name: flask}, {name: jinja2}]}", INSTALLED, false],
  ["python_packages: [{name: jinja2}]", {}, false],
];

describe("conditions", () => {
  for (const [place, [rule, context, expected]] of conditions.entries()) {
    it(`${place}: {${rule}} ${expected ? "holds" : "does not hold"}`, () => {
      assert.equal(holds(rule, context), expected);
    });
  }
});

describe("conditions on the environment", () => {
  for (const [place, [rule, runtimeEnvironment, expected]] of environments.entries()) {
    it(`${place}: {${rule}} ${expected ? "holds" : "does not hold"}`, () => {
      const condition = `adviser_pipeline: true, runtime_environments: {${rule}}`;
      assert.equal(holds(condition, { runtimeEnvironment }), expected);
    });
  }
});

/** What is written between `should_include: {` (its value begins at column 22 of line 5) and `}`. */
const invalid: readonly (readonly [rule: string, problems: readonly string[]])[] = [
  ["times: 2", ["wrong-type 5:29"]],
  ["times: true", ["wrong-type 5:29"]],
  ["adviser_pipeline: 'yes'", ["wrong-type 5:40"]],
  ["authenticated: 1", ["wrong-type 5:37"]],
  ["labels: {}", ["invalid-value 5:30"]],
  ["labels: {a: ''}", ["invalid-value 5:34"]],
  ["labels: [a]", ["wrong-type 5:30"]],
  ["recommendation_types: []", ["invalid-value 5:44"]],
  ["recommendation_types: [STABLE]", ["invalid-value 5:45"]],
  ["recommendation_types: {but: [stable]}", ["unknown-key 5:45", "missing-key 5:44"]],
  ["decision_types: [some]", ["invalid-value 5:39"]],
  ["dependencies: {boot: [A]}", ["unknown-key 5:37"]],
  ["dependencies: {boots: []}", ["invalid-value 5:44"]],
  ["dependencies: {boots: ['a b']}", ["invalid-name 5:45"]],
  ["library_usage: {m: []}", ["invalid-value 5:41"]],
  ["platforms: [a]", ["unknown-key 5:22"]],
  ["runtime_environments: {operating_systems: [{version: 33}]}", ["wrong-type 5:75"]],
  ["runtime_environments: {platform: [a]}", ["unknown-key 5:45"]],
  ["runtime_environments: {hardware: []}", ["invalid-value 5:55"]],
  ["runtime_environments: {hardware: [{cpu_models: ['6']}]}", ["wrong-type 5:70"]],
  ["runtime_environments: {hardware: [{cpu_flags: ['AVX 2']}]}", ["invalid-value 5:69"]],
  ["runtime_environments: {cuda_version: 11}", ["wrong-type 5:59"]],
  ["runtime_environments: {cuda_version: '11'}", ["invalid-specifier 5:59"]],
  ["runtime_environments: {rpm_packages: [{arch: a}]}", ["missing-key 5:60"]],
  ["runtime_environments: {python_packages: [{name: A_b}]}", ["invalid-name 5:70"]],
  ["runtime_environments: {python_packages: [{name: a, location: '(a+)+b'}]}", ["invalid-value 5:83"]],
  ["runtime_environments: {base_images: [3]}", ["wrong-type 5:59"]],
];

describe("conditions that are refused", () => {
  for (const [rule, problems] of invalid) {
    it(`{${rule}}`, () => {
      const { value, errors } = boot(rule);
      assert.deepEqual(places(errors), problems);
      assert.deepEqual(value, []);
    });
  }
});
