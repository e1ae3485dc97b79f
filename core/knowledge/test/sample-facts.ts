// One fact of each kind in which everything is told that can be.

import type { AnyFact, EnvironmentFacts, FactBodies, FactKind, NativeLibrary } from "../src/index.ts";

const SHA = "ab".repeat(32);

const ENVIRONMENT: EnvironmentFacts = {
  os: { id: "debian", version: "12" },
  python: "cpython 3.11.7",
  machine: "x86_64",
  libc: "glibc 2.36",
  cpu: { model: "A CPU", count: 2, features: ["avx2"] },
  memory: 2 ** 34,
  gpu: "none",
  limits: { cpu: 1.5 },
  missing: ["memory"],
  threads: { OMP_NUM_THREADS: "1" },
};

const LIBRARY: NativeLibrary = {
  path: "foo/_foo.so",
  machine: "x86_64",
  soname: "_foo.so",
  needs: ["libc.so.6"],
  symbols: { "libc.so.6": ["GLIBC_2.28"] },
  provides: ["FOO_1"],
};

const STACK = [["foo", "1.0"]] as const;

const BODIES: FactBodies = {
  health: {
    status: "active",
    releases: 3,
    yanked: 1,
    lastUpload: 1_700_000_000,
    firstUpload: 1_600_000_000,
    maintainers: ["somebody"],
    classifiers: ["Topic :: Internet"],
    repository: "https://forge.test/foo",
    largestFile: 12_345,
  },
  repository: {
    url: "https://forge.test/foo",
    archived: false,
    fork: true,
    stars: 5,
    forks: 1,
    watchers: 2,
    lastCommit: 1_700_000_000,
    contributors: 4,
  },
  scorecard: {
    repository: "forge.test/foo",
    date: 1_700_000_000,
    score: 7.5,
    checks: [{ name: "Fuzzing", score: -1, reason: "it could not be told" }],
  },
  downloads: { days: 30, total: 10 ** 12, rank: 1, versions: { "1.0": 5 } },
  "release-note": { tag: "v1", url: "https://forge.test/", title: "One", text: "It is out", published: 1 },
  attestation: {
    filename: "foo-1.0.tar.gz",
    publishers: [{ kind: "GitHub", repository: "foo/foo", workflow: "release.yml" }],
    predicates: ["https://docs.pypi.org/attestations/publish/v1"],
  },
  contents: {
    filename: "foo-1.0-py3-none-any.whl",
    size: 1,
    installedSize: 2,
    files: 3,
    modules: ["foo"],
    entryPoints: [{ group: "console_scripts", name: "foo", value: "foo:main" }],
    scripts: ["foo"],
    license: "MIT",
    licenseFiles: ["LICENSE"],
    libraries: [LIBRARY],
  },
  api: {
    filename: "foo-1.0-py3-none-any.whl",
    modules: {
      foo: {
        names: {
          x: { kind: "value" },
          sub: { kind: "module" },
          other: { kind: "alias", of: "foo.sub.other" },
          run: { kind: "function", parameters: [{ name: "a", kind: "either", optional: true }] },
          Foo: {
            kind: "class",
            bases: ["object"],
            parameters: [{ name: "args", kind: "rest", optional: false }],
            members: { Inner: { kind: "class", bases: [], members: { y: { kind: "value" } } } },
            dynamic: true,
          },
        },
        dynamic: false,
      },
    },
    opaque: ["foo._native"],
  },
  code: {
    filename: "foo-1.0-py3-none-any.whl",
    lines: 100,
    findings: [
      { kind: "eval", severity: "low", confidence: "high", path: "foo.py", line: 3, message: "it evaluates" },
    ],
  },
  exploitation: {
    epss: { probability: 0.5, percentile: 0.9 },
    known: { added: 1_700_000_000, ransomware: true },
  },
  image: {
    reference: "docker.io/library/python:3.12-slim",
    digest: `sha256:${SHA}`,
    size: 5,
    created: 1_700_000_000,
    os: { id: "debian", version: "12" },
    architecture: "amd64",
    packages: [{ kind: "deb", name: "libc6", version: "2.36-9", architecture: "amd64" }],
    pythons: [{ path: "/usr/local/bin/python3", version: "3.12.1" }],
    distributions: [{ name: "pip", version: "24.0", path: "/usr/local/lib/python3.12/site-packages" }],
    libraries: [LIBRARY],
    environment: { PATH: "/usr/local/bin" },
  },
  observation: {
    version: "1.0",
    beside: STACK,
    stage: "import",
    outcome: "failed",
    symptom: "ImportError: no",
    times: 2,
    environment: SHA,
    place: "cpython 3.11 x86_64-linux",
  },
  inspection: {
    stack: STACK,
    environment: ENVIRONMENT,
    check: { name: "import", sha256: SHA, parameters: { of: "foo" } },
    stages: [
      {
        stage: "run",
        outcome: "killed",
        status: -9,
        wall: 1.5,
        user: 1,
        system: 0.1,
        memory: 100,
        throttled: 0.5,
        log: "killed",
      },
    ],
  },
  measurement: {
    version: "1.0",
    indicator: "matmul",
    script: SHA,
    parameters: { size: "100" },
    metric: "rate",
    unit: "GFLOPS",
    higherIsBetter: true,
    batches: [[1, 2.5], [3]],
    median: 2.5,
    interval: [1, 3],
    outliers: 1,
    noisy: "it varies",
    stack: STACK,
    environment: ENVIRONMENT,
  },
};

const SUBJECTS: Readonly<Partial<Record<FactKind, string>>> = {
  "release-note": "1.0",
  attestation: SHA,
  contents: SHA,
  api: SHA,
  code: SHA,
  observation: SHA,
  inspection: SHA,
  measurement: SHA,
};

const OWNERS: Readonly<Partial<Record<FactKind, string>>> = {
  exploitation: "cve:CVE-2024-1234",
  image: `image:sha256:${SHA}`,
  inspection: `stack:${SHA}`,
};

export const SAMPLE_FACTS = (Object.keys(BODIES) as FactKind[]).map((kind) => ({
  owner: OWNERS[kind] ?? "foo",
  kind,
  subject: SUBJECTS[kind] ?? "",
  body: BODIES[kind],
  provenance: { source: "https://facts.test/v1", observedAt: 1_700_000_000, tool: "thoth 0.1.0" },
})) as unknown as readonly AnyFact[];
