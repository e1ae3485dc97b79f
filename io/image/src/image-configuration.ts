// What an image says of how it is run: as nobody in particular, with the notebook before one's eyes.
// https://github.com/opencontainers/image-spec/blob/main/config.md

import type { BaseImage } from "./base-image.ts";
import { CONFIGURATION_TYPE, documentOf, type ImageDocument, sorted } from "./image-documents.ts";
import { HOME, PROGRAMS, ROOT, USER } from "./image-folders.ts";

export interface ImageFacts {
  readonly base: BaseImage;
  /** The file of the notebook. */
  readonly notebook: string;
  /** Names of the packages. */
  readonly packages: ReadonlySet<string>;
  /** Seconds since 1970. */
  readonly time: number;
  readonly layers: readonly { readonly diffId: string; readonly title: string }[];
  readonly labels: Readonly<Record<string, string>>;
}

const PORT = 8888;
const NANOSECONDS = 1_000_000_000;

export function configurationOf(facts: ImageFacts): ImageDocument {
  const { base, packages, layers, labels } = facts;
  const { architecture, os, variant, environment, diffIds } = base.configuration;
  const created = timeText(facts.time);
  const server = serverOf(packages);
  const history = [
    ...baseHistory(base),
    ...layers.map(({ title }) => ({ created, created_by: `horus image: ${title}` })),
  ];
  return documentOf(CONFIGURATION_TYPE, {
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    created,
    config: {
      User: `${USER}:0`,
      ...(server === undefined ? {} : { ExposedPorts: { [`${PORT}/tcp`]: {} } }),
      Env: variablesOf(environment),
      Cmd: commandOf(facts),
      WorkingDir: `/${HOME}`,
      Labels: sorted({ ...base.configuration.labels, ...labels }),
      ...(server === undefined ? {} : { Healthcheck: healthCheck() }),
    },
    rootfs: { type: "layers", diff_ids: [...diffIds, ...layers.map(({ diffId }) => diffId)] },
    history,
  });
}

/** `2026-01-31T00:00:00Z`. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** One entry for each layer at least: readers count them. */
function baseHistory({ configuration: { history, diffIds } }: BaseImage): readonly object[] {
  const layers = history.filter((entry) => !("empty_layer" in entry)).length;
  if (layers === diffIds.length) return history;
  return diffIds.map(() => ({ created_by: "the base" }));
}

type Server = "lab" | "notebook";

function serverOf(packages: ReadonlySet<string>): Server | undefined {
  if (packages.has("jupyterlab")) return "lab";
  return packages.has("notebook") ? "notebook" : undefined;
}

/** A server where there is one, else the notebook is executed, else there is Python. */
export function commandOf({
  packages,
  notebook,
}: Pick<ImageFacts, "packages" | "notebook">): readonly string[] {
  const server = serverOf(packages);
  if (server !== undefined)
    return [
      "jupyter",
      server,
      "--ip=0.0.0.0",
      `--port=${PORT}`,
      "--no-browser",
      `--ServerApp.root_dir=/${HOME}`,
    ];
  if (packages.has("nbclient")) return ["jupyter-execute", "--inplace", `/${HOME}/${notebook}`];
  return ["python"];
}

/** Docker's and Podman's: OCI has none, and its readers pass over it. */
function healthCheck() {
  const program = `import urllib.request; urllib.request.urlopen("http://127.0.0.1:${PORT}/api", timeout=5)`;
  return {
    Test: ["CMD", `/${PROGRAMS}/python`, "-c", program],
    Interval: 30 * NANOSECONDS,
    Timeout: 10 * NANOSECONDS,
    StartPeriod: 60 * NANOSECONDS,
    Retries: 3,
  };
}

const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Those of the base, and what the environment needs. */
function variablesOf(base: readonly string[]): readonly string[] {
  const variables = new Map(
    base.filter((text) => text.includes("=")).map((text) => [text.slice(0, text.indexOf("=")), text]),
  );
  const path = variables.get("PATH")?.slice("PATH=".length) || USUAL_PATH;
  const own: Readonly<Record<string, string>> = {
    HOME: `/${HOME}`,
    PATH: `/${PROGRAMS}:${path}`,
    PYTHONNOUSERSITE: "1",
    VIRTUAL_ENV: `/${ROOT}`,
  };
  for (const [name, value] of Object.entries(own)) variables.set(name, `${name}=${value}`);
  for (const name of ["PYTHONHOME", "PYTHONPATH"]) variables.delete(name);
  return [...variables.values()].sort();
}

/** Of an image with that Python and those packages. */
export function ownLabels(facts: {
  readonly notebook: string;
  readonly lock: string;
  readonly base: string;
  readonly packages: ReadonlySet<string>;
  readonly created: string;
}): Readonly<Record<string, string>> {
  const { notebook, lock, base, packages, created } = facts;
  return {
    "org.opencontainers.image.title": notebook,
    "org.opencontainers.image.created": created,
    "org.opencontainers.image.base.digest": base,
    "io.k8s.display-name": notebook,
    ...(serverOf(packages) === undefined ? {} : { "io.openshift.expose-services": `${PORT}:http` }),
    "ninja.thoth-station.lock": lock,
  };
}
