// The chart as Kubernetes would get it: rendered by Helm, taken apart into objects.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import type { GoPrograms } from "./go-programs.ts";

export const deploy = fileURLToPath(new URL("../../deploy/", import.meta.url));
export const chart = `${deploy}helm/thoth`;
const VALUES = fileURLToPath(new URL("values/", import.meta.url));

/** Values files of the tests, and the chart's own values alone. */
export const VARIANTS = ["default", "minimal", "everything", "openshift"] as const;
export type Variant = (typeof VARIANTS)[number];

export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly scheme?: string };
}

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly envFrom?: readonly object[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
}

export interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly serviceAccountName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly [Container];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: Pod;
}

/** An object of Kubernetes, as far as the tests look. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has another shape, which its own schema checks.
  readonly spec?: any;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

export interface Run {
  readonly status: number | null;
  readonly said: string;
}

export function runProgram(program: string, words: readonly string[]): Run {
  const done = spawnSync(program, words, { encoding: "utf8", maxBuffer: 2 ** 26 });
  return { status: done.status, said: `${done.stdout}${done.stderr}` };
}

export function valuesOf(variant: Variant): string[] {
  return variant === "default" ? [] : ["--values", `${VALUES}${variant}.yaml`];
}

/** The text of all objects. */
export function renderText({ helm }: GoPrograms, words: readonly string[], place = chart): string {
  const all = ["template", "thoth", place, "--namespace", "advice", ...words];
  const done = spawnSync(helm, all, { encoding: "utf8", maxBuffer: 2 ** 26 });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}

export function render(programs: GoPrograms, words: readonly string[], place = chart): Manifest[] {
  return parseAllDocuments(renderText(programs, words, place))
    .map((document) => {
      assert.deepEqual(document.errors, []);
      return document.toJS() as Manifest | null;
    })
    .filter((object) => object !== null);
}

export function podTemplateOf({ kind, spec }: Manifest): PodTemplate | undefined {
  if (kind === "CronJob") return spec.jobTemplate.spec.template;
  return kind === "Deployment" || kind === "Job" ? spec.template : undefined;
}

/** The one object of a kind and a component. */
export function find(objects: readonly Manifest[], kind: string, component?: string): Manifest {
  const found = objects.filter(
    (object) =>
      object.kind === kind &&
      (component === undefined || object.metadata.labels["app.kubernetes.io/component"] === component),
  );
  assert.equal(found.length, 1, `${found.length} objects of kind ${kind} ${component ?? ""}`);
  return found[0]!;
}
