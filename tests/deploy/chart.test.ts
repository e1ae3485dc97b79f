// The chart: what Helm says of it, whether Kubernetes would take what it makes, and what must hold in each variant.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import {
  chart,
  find,
  type Manifest,
  podTemplateOf,
  render,
  renderText,
  runProgram,
  VARIANTS,
  type Variant,
  valuesOf,
} from "./chart.ts";
import { installGoPrograms } from "./go-programs.ts";

const found = installGoPrograms();
const skip = typeof found === "string" ? found : false;
const programs = typeof found === "string" ? { helm: "", validate: "", definitions: "" } : found;

/** The oldest and the newest one whose schemas the validator brings along and that the chart is for. */
const KUBERNETES = ["1.25", "1.30"];
const ALL_ON = [...valuesOf("everything"), "--set", "route.enabled=true"];

const home = mkdtempSync(join(tmpdir(), "thoth-chart-"));
after(() => rmSync(home, { recursive: true, force: true }));

function validate(text: string, version: string) {
  const file = join(home, `${readdirSync(home).length}.yaml`);
  writeFileSync(file, text);
  const words = ["--version", version, "--local-crds", programs.definitions, file];
  return runProgram(programs.validate, words);
}

function objectsOf(variant: Variant): Manifest[] {
  return render(programs, valuesOf(variant));
}

describe("Helm and Kubernetes", { skip }, () => {
  for (const variant of VARIANTS) {
    test(`helm lint finds nothing: ${variant}`, () => {
      const { status, said } = runProgram(programs.helm, ["lint", "--strict", chart, ...valuesOf(variant)]);
      assert.equal(status, 0, said);
      assert.doesNotMatch(said, /\[(?:ERROR|WARNING)\]/);
    });
    for (const version of KUBERNETES) {
      test(`Kubernetes ${version} takes it: ${variant}`, () => {
        const { status, said } = validate(renderText(programs, valuesOf(variant)), version);
        assert.equal(status, 0, said);
      });
    }
  }

  test("the validator refuses what Kubernetes, KEDA, the Prometheus operator and OpenShift would refuse", () => {
    const text = renderText(programs, ALL_ON);
    assert.equal(validate(text, "1.30").status, 0);
    const broken: readonly (readonly [string, string])[] = [
      ["readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true"],
      ["minReplicaCount: 1", "minReplicaCount: one"],
      ["podMetricsEndpoints:", "podMetricEndpoints:"],
      ["termination: edge", "termination: off-and-on"],
      ["enableServiceLinks: false", "enableServiceLinks: seldom"],
    ];
    for (const [right, wrong] of broken) {
      assert.ok(text.includes(right), right);
      assert.notEqual(validate(text.replace(right, wrong), "1.30").status, 0, wrong);
    }
  });

  test("values of another name or type are refused", () => {
    for (const value of [
      "api.replica=3",
      "api.replicas=none",
      "settings.HOME=/",
      "settings.THOTH_DATABASE=x",
      "worker.autoscaling.table=service_jobs; DROP TABLE service_jobs",
      "database.url=mysql://db/thoth",
      "knowledgeRefresh.schedule=daily",
    ]) {
      const { status } = runProgram(programs.helm, ["template", "thoth", chart, "--set", value]);
      assert.notEqual(status, 0, value);
    }
  });

  test("a database must be named", () => {
    const { status } = runProgram(programs.helm, [
      "template",
      "x",
      chart,
      "--set",
      "database.existingSecret=",
    ]);
    assert.notEqual(status, 0);
  });

  test("a Route that the pods do not fit is refused", () => {
    for (const words of [
      ["--set", "route.enabled=true,route.termination=reencrypt"],
      ["--set", "route.enabled=true,api.tls.existingSecret=certificate"],
    ])
      assert.notEqual(runProgram(programs.helm, ["template", "x", chart, ...words]).status, 0);
  });

  test("the notes are told in each variant", () => {
    // Helm tells them only where there is a cluster: so they are made a part of an object.
    const copy = join(home, "chart");
    cpSync(chart, copy, { recursive: true });
    writeFileSync(
      join(copy, "templates", "told.yaml"),
      `apiVersion: v1
kind: ConfigMap
metadata: { name: told, labels: { app.kubernetes.io/component: told } }
data:
  notes: |
    {{- include (print $.Template.BasePath "/NOTES.txt") . | nindent 4 }}
`,
    );
    for (const variant of VARIANTS) {
      const { data } = find(render(programs, valuesOf(variant), copy), "ConfigMap", "told");
      assert.match(data!["notes"]!, /^Thoth \d/);
      assert.doesNotMatch(data!["notes"]!, /<no value>|%!/);
    }
  });
});

describe("what holds in each variant", { skip }, () => {
  for (const variant of VARIANTS) {
    test(`pods may do nothing that they need not: ${variant}`, () => {
      const pods = objectsOf(variant).flatMap((object) => podTemplateOf(object)?.spec ?? []);
      assert.ok(pods.length >= 2);
      for (const pod of pods) {
        assert.equal(pod.automountServiceAccountToken, false);
        assert.equal(pod.enableServiceLinks, false);
        assert.equal(pod.securityContext["runAsNonRoot"], true);
        assert.deepEqual(pod.securityContext["seccompProfile"], { type: "RuntimeDefault" });
        for (const { securityContext: may, volumeMounts } of pod.containers) {
          assert.equal(may["readOnlyRootFilesystem"], true);
          assert.equal(may["allowPrivilegeEscalation"], false);
          assert.deepEqual(may["capabilities"], { drop: ["ALL"] });
          const places = volumeMounts.map(({ mountPath }) => mountPath);
          assert.ok(places.includes("/tmp") && places.includes("/var/lib/thoth"));
        }
        // OpenShift chooses the user, and other clusters take the image's.
        assert.doesNotMatch(JSON.stringify(pod), /runAsUser|runAsGroup/);
      }
    });

    test(`no secret is outside of a Secret: ${variant}`, () => {
      const others = objectsOf(variant).filter(({ kind }) => kind !== "Secret");
      assert.doesNotMatch(JSON.stringify(others), /postgresql:\/\//);
    });

    test(`selectors find pods, and names are unique: ${variant}`, () => {
      const objects = objectsOf(variant);
      const labels = objects.flatMap((object) => {
        const template = podTemplateOf(object);
        return template === undefined ? [] : [template.metadata.labels];
      });
      const selectors = objects.flatMap(({ kind, spec }) => {
        if (kind === "Service") return [spec.selector];
        if (kind === "NetworkPolicy") return [spec.podSelector.matchLabels];
        return ["Deployment", "PodDisruptionBudget", "PodMonitor"].includes(kind)
          ? [spec.selector.matchLabels]
          : [];
      });
      for (const selector of selectors) {
        const wanted = Object.entries(selector as Record<string, string>);
        const chosen = labels.filter((one) => wanted.every(([name, value]) => one[name] === value));
        assert.equal(chosen.length, 1, JSON.stringify(selector));
      }
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      assert.deepEqual(names, [...new Set(names)]);
    });
  }
});

describe("what each part does", { skip }, () => {
  test("the API is stopped gracefully and never all at once", () => {
    const api = find(objectsOf("default"), "Deployment", "api");
    assert.deepEqual(api.spec.strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
    const { terminationGracePeriodSeconds, containers } = podTemplateOf(api)!.spec;
    const [{ lifecycle, livenessProbe, readinessProbe, startupProbe }] = containers;
    const waits = Number(lifecycle!.preStop.exec.command[1]);
    // A request may wait 30 seconds for its result.
    assert.ok(waits > 0 && terminationGracePeriodSeconds! >= waits + 30);
    assert.equal(livenessProbe!.httpGet.path, "/healthz");
    assert.equal(startupProbe!.httpGet.path, "/healthz");
    assert.equal(readinessProbe!.httpGet.path, "/readyz");
  });

  test("who scales a Deployment is alone in it", () => {
    const everything = objectsOf("everything");
    assert.equal(find(everything, "Deployment", "api").spec.replicas, undefined);
    assert.equal(find(everything, "Deployment", "worker").spec.replicas, undefined);
    assert.equal(find(everything, "HorizontalPodAutoscaler").spec.scaleTargetRef.name, "advice-api");
    assert.equal(find(everything, "ScaledObject").spec.scaleTargetRef.name, "advice-worker");
    const minimal = objectsOf("minimal");
    assert.equal(find(minimal, "Deployment", "api").spec.replicas, 1);
    assert.equal(minimal.filter(({ kind }) => /Autoscaler|Scaled/.test(kind)).length, 0);
  });

  test("the API alone goes through the pooler", () => {
    const keys = objectsOf("everything").flatMap((object) =>
      (podTemplateOf(object)?.spec.containers ?? []).map(({ args, env }) => [
        args[0],
        env.find(({ name }) => name === "THOTH_DATABASE")?.valueFrom?.secretKeyRef,
      ]),
    );
    assert.deepEqual(
      keys.sort(([a], [b]) => String(a).localeCompare(String(b))),
      [
        ["knowledge", { name: "database", key: "direct" }],
        ["serve", { name: "database", key: "pooled" }],
        ["serve", { name: "database", key: "direct" }],
        ["worker", { name: "database", key: "direct" }],
      ].sort(([a], [b]) => String(a).localeCompare(String(b))),
    );
    const { secretTargetRef } = find(objectsOf("everything"), "TriggerAuthentication").spec;
    assert.deepEqual(secretTargetRef, [{ parameter: "connection", name: "database", key: "direct" }]);
  });

  test("workers reach public addresses, the API none", () => {
    const objects = objectsOf("default");
    const blocks = (component: string) =>
      find(objects, "NetworkPolicy", component).spec.egress.flatMap((rule: { to?: { ipBlock?: object }[] }) =>
        (rule.to ?? []).flatMap(({ ipBlock }) => ipBlock ?? []),
      );
    assert.deepEqual(blocks("api"), []);
    assert.deepEqual(blocks("migration"), []);
    const [ipv4, ipv6] = blocks("worker");
    assert.equal(ipv4.cidr, "0.0.0.0/0");
    for (const range of ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"])
      assert.ok(ipv4.except.includes(range), range);
    assert.equal(ipv6.cidr, "2000::/3");
    const worker = find(objects, "NetworkPolicy", "worker").spec;
    assert.deepEqual(worker.ingress[0].ports, [{ protocol: "TCP", port: 9090 }]);
  });

  test("a hook needs nothing that is made after it", () => {
    const objects = render(programs, ["--set", "database.url=postgresql://thoth:secret@db/thoth"]);
    const isHook = ({ metadata }: Manifest) =>
      metadata.annotations?.["helm.sh/hook"] === "pre-install,pre-upgrade";
    const hooks = objects.filter(isHook);
    const job = find(hooks, "Job", "migration");
    const pod = podTemplateOf(job)!.spec;
    assert.deepEqual(pod.containers[0].args, ["serve", "--migrate-only"]);
    assert.equal(pod.serviceAccountName, undefined);
    assert.equal(pod.containers[0].envFrom, undefined);
    const secret = find(hooks, "Secret");
    const reference = pod.containers[0].env.find(({ name }) => name === "THOTH_DATABASE")?.valueFrom
      ?.secretKeyRef;
    assert.equal(reference?.name, secret.metadata.name);
    assert.ok(reference !== undefined && reference.key in secret.stringData!);
    const weight = ({ metadata }: Manifest) => Number(metadata.annotations?.["helm.sh/hook-weight"]);
    for (const other of hooks.filter(({ kind }) => kind !== "Job")) assert.ok(weight(other) < weight(job));
  });

  test("callers are told apart behind proxies", () => {
    const proxies = (...words: readonly string[]) => {
      const [{ env }] = podTemplateOf(find(render(programs, words), "Deployment", "api"))!.spec.containers;
      return env.find(({ name }) => name === "THOTH_PROXIES")?.value;
    };
    assert.equal(proxies(), "0");
    assert.equal(proxies("--set", "ingress.enabled=true"), "1");
    assert.equal(proxies("--set", "ingress.enabled=true,api.proxies=0"), "0");
    assert.equal(proxies(...valuesOf("everything")), "2");
    assert.equal(proxies(...valuesOf("openshift")), "1");
    const passing = [...valuesOf("openshift"), "--set", "route.termination=passthrough"];
    assert.equal(proxies(...passing), "0");
  });

  test("pods listen where they are reached, and only workers work", () => {
    for (const [component, workers] of [
      ["api", "0"],
      ["worker", "1"],
    ] as const) {
      const [{ env }] = podTemplateOf(find(objectsOf("default"), "Deployment", component))!.spec.containers;
      assert.equal(env.find(({ name }) => name === "THOTH_HOST")?.value, "0.0.0.0");
      assert.equal(env.find(({ name }) => name === "THOTH_WORKERS")?.value, workers);
    }
  });

  test("what is refreshed lies where the processes that resolve look, and reaches the others by the database alone", () => {
    for (const variant of ["everything", "default"] as const)
      for (const [kind, component] of [
        ["Deployment", "worker"],
        ["CronJob", "knowledge"],
      ] as const) {
        const { containers, volumes } = podTemplateOf(find(objectsOf(variant), kind, component))!.spec;
        const told = (wanted: string) => containers[0].env.find(({ name }) => name === wanted)?.value;
        assert.equal(told("THOTH_DATA_DIR"), `${told("THOTH_SERVICE_DATA")}/home/.local/share/thoth`);
        assert.ok(volumes.every((volume) => !("persistentVolumeClaim" in volume)));
        const database = containers[0].env.find(({ name }) => name === "THOTH_DATABASE");
        assert.notEqual(database, undefined);
      }
  });

  test("pods that speak HTTPS are probed and monitored so", () => {
    const objects = objectsOf("openshift");
    const [{ args, livenessProbe, readinessProbe }] = podTemplateOf(find(objects, "Deployment", "api"))!.spec
      .containers;
    assert.deepEqual(args.slice(0, 5), [
      "serve",
      "--tls-cert",
      "/etc/thoth/tls/tls.crt",
      "--tls-key",
      "/etc/thoth/tls/tls.key",
    ]);
    for (const probe of [livenessProbe, readinessProbe]) assert.equal(probe!.httpGet.scheme, "HTTPS");
    assert.equal(find(objects, "ServiceMonitor").spec.endpoints[0].scheme, "https");
    assert.equal(find(objects, "Route").spec.port.targetPort, find(objects, "Service").spec.ports[0].name);
  });
});
