// Programs of others, written in Go, that the chart is tried with, and definitions of the kinds of objects that clusters
// learn from them: made and fetched once into a folder of the project's own, by the Go of this machine.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../.cache/deploy-peers", import.meta.url));

/** Without being told, a Helm that is made so takes Kubernetes to be 1.20. */
const VERSION = Object.entries({ Major: 1, Minor: 30 })
  .map(([part, number]) => `-X helm.sh/helm/v3/pkg/chartutil.k8sVersion${part}=${number}`)
  .join(" ");

/** What follows `go install`. */
const PROGRAMS: readonly (readonly string[])[] = [
  ["-ldflags", VERSION, "helm.sh/helm/v3/cmd/helm@v3.22.0"],
  ["sigs.k8s.io/kubectl-validate@v0.0.4"],
];

/** Files of modules. */
const DEFINITIONS: Readonly<Record<string, readonly string[]>> = {
  "github.com/kedacore/keda/v2@v2.21.0": [
    "config/crd/bases/keda.sh_scaledobjects.yaml",
    "config/crd/bases/keda.sh_triggerauthentications.yaml",
  ],
  "github.com/prometheus-operator/prometheus-operator@v0.85.0": [
    "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
    "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
  ],
  "github.com/openshift/api@v0.0.0-20251015095338-264e80a2b6e7": [
    "route/v1/zz_generated.crd-manifests/routes.crd.yaml",
  ],
};

const LONGEST = 1_800_000;

export interface GoPrograms {
  readonly helm: string;
  readonly validate: string;
  /** A folder of CustomResourceDefinitions. */
  readonly definitions: string;
}

/** The programs, made where they are not there; or in a sentence why there are none. */
export function installGoPrograms(): GoPrograms | string {
  const programs = {
    helm: join(folder, "bin", "helm"),
    validate: join(folder, "bin", "kubectl-validate"),
    definitions: join(folder, "definitions"),
  };
  const stamp = join(folder, "holds.json");
  const holds = JSON.stringify([PROGRAMS, DEFINITIONS]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === holds) return programs;
  if (spawnSync("go", ["version"], { stdio: "ignore" }).status !== 0) return "no Go that makes helm";
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(programs.definitions, { recursive: true });
    console.error("making helm and kubectl-validate, which takes minutes …");
    for (const words of PROGRAMS) go("install", ...words);
    for (const [module, files] of Object.entries(DEFINITIONS))
      fetchFiles(module, files, programs.definitions);
    writeFileSync(stamp, holds);
    return programs;
  } catch (error) {
    return `helm could not be made: ${(error as Error).message}`;
  }
}

function fetchFiles(module: string, files: readonly string[], into: string): void {
  const { Dir } = JSON.parse(go("mod", "download", "-json", module)) as { readonly Dir: string };
  for (const file of files) copyFileSync(join(Dir, file), join(into, basename(file)));
}

/** Away from the repository, so that no `go.mod` has a say. */
function go(...words: readonly string[]): string {
  const done = spawnSync("go", words, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LONGEST,
    env: { ...process.env, GOBIN: join(folder, "bin"), CGO_ENABLED: "0" },
  });
  if (done.status === 0) return done.stdout;
  const [said = "it took too long"] = (done.stderr || done.stdout).trim().split("\n").slice(-1);
  throw new Error(`\`go ${words.join(" ")}\` failed: ${said}`);
}
