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

/** Helm tells them only where there is a cluster: so they are made a part of an object. */
function notesOf(words: readonly string[]): string {
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
  return find(render(programs, words, copy), "ConfigMap", "told").data!["notes"]!;
}

function objectsOf(variant: Variant): Manifest[] {
  return render(programs, valuesOf(variant));
}

interface Block {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** Addresses that a component may reach at any port, or some. */
function openedTo(objects: readonly Manifest[], component: string): readonly Block[] {
  const rules = find(objects, "NetworkPolicy", component).spec.egress as readonly {
    readonly to?: readonly { readonly ipBlock?: Block }[];
  }[];
  return rules.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
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
      "networkPolicy.apiPublic=perhaps",
      "api.searchUrl=pages.example.com",
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
    for (const variant of VARIANTS) {
      const notes = notesOf(valuesOf(variant));
      assert.match(notes, /^Thoth \d/);
      assert.doesNotMatch(notes, /<no value>|%!/);
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

  test("who asks an index reaches public addresses on port 443, and no private one", () => {
    const objects = objectsOf("default");
    assert.deepEqual(openedTo(objects, "migration"), []);
    for (const component of ["api", "worker", "knowledge"]) {
      const [ipv4, ipv6] = openedTo(objects, component);
      assert.equal(ipv4?.cidr, "0.0.0.0/0");
      for (const range of ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"])
        assert.ok(ipv4.except?.includes(range), `${component} ${range}`);
      assert.equal(ipv6?.cidr, "2000::/3");
      const ports = find(objects, "NetworkPolicy", component).spec.egress.at(-1).ports;
      assert.deepEqual(ports, [{ protocol: "TCP", port: 443 }]);
    }
    const worker = find(objects, "NetworkPolicy", "worker").spec;
    assert.deepEqual(worker.ingress[0].ports, [{ protocol: "TCP", port: 9090 }]);
  });

  /** The index alone is inside: whatever else is asked for decides. */
  const inside = "https://pypi.tools.svc.cluster.local/simple";
  const asks = (settings: Readonly<Record<string, string>>, more: object = {}) => {
    const file = join(home, "settings.json");
    writeFileSync(file, JSON.stringify({ settings, ...more }));
    return ["--values", file];
  };
  const closed: readonly Readonly<Record<string, string>>[] = [
    { THOTH_INDEX_URL: inside },
    { THOTH_INDEX_URL: "http://pypi/simple" },
    { THOTH_INDEX_URL: "https://10.1.2.3/simple" },
    { THOTH_INDEX_URL: "https://user:hush@172.20.0.1:443/simple" },
    { THOTH_INDEX_URL: "https://[fd00::1]/simple" },
    { THOTH_INDEX_URL: "https://pypi.example.com:8443/simple" },
    { THOTH_INDEX_URL: "http://pypi.example.com/simple" },
    { THOTH_INDEX_URL: inside, THOTH_CALLBACK_HOSTS: "+hooks.tools.svc +10.0.0.7:8080" },
    { THOTH_INDEX_URL: inside, THOTH_OIDC_ISSUER: "https://keycloak.sso.svc/realms/thoth" },
    { THOTH_INDEX_URL: inside, THOTH_GITHUB_APP: "77", THOTH_GITHUB_API: "https://github.corp.internal/api" },
    { THOTH_INDEX_URL: inside, THOTH_GITHUB_API: "https://api.github.com" },
  ];
  const opened: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["an index", {}],
    ["an index", { THOTH_INDEX_URL: "https://pypi.example.com/simple" }],
    ["an index", { THOTH_INDEX_URL: "https://pypi.example.com:443/simple" }],
    ["an index", { THOTH_INDEX_URL: "https://user:hush@172.32.0.1/simple" }],
    ["an index", { THOTH_INDEX_URL: inside, THOTH_EXTRA_INDEX_URL: `${inside} https://pypi.org/simple` }],
    [
      "hosts that are called back",
      { THOTH_INDEX_URL: inside, THOTH_CALLBACK_HOSTS: "+10.0.0.7 *.example.com" },
    ],
    ["an identity provider", { THOTH_INDEX_URL: inside, THOTH_OIDC_ISSUER: "https://login.example.com/" }],
    ["GitHub", { THOTH_INDEX_URL: inside, THOTH_GITHUB_APP: "77" }],
  ];

  test("the API reaches public addresses where its settings name something there", () => {
    for (const settings of closed) {
      const objects = render(programs, asks(settings));
      assert.deepEqual(openedTo(objects, "api"), [], JSON.stringify(settings));
      assert.equal(openedTo(objects, "worker").length, 2);
    }
    for (const [whom, settings] of opened) {
      assert.equal(openedTo(render(programs, asks(settings)), "api").length, 2, JSON.stringify(settings));
      const notes = notesOf(asks(settings));
      assert.ok(notes.includes(`reaches port 443 of public addresses, where it asks: ${whom}.`), notes);
      assert.doesNotMatch(notes, /hush/);
    }
    const env = [{ name: "THOTH_OIDC_ISSUER", value: "https://login.example.com/" }];
    const own = asks({ THOTH_INDEX_URL: inside }, { api: { env } });
    assert.equal(openedTo(render(programs, own), "api").length, 2);
  });

  test("the API reaches public addresses, or none, where that is said", () => {
    for (const [, settings] of opened) {
      const words = [...asks(settings), "--set", "networkPolicy.apiPublic=false"];
      assert.deepEqual(openedTo(render(programs, words), "api"), []);
      assert.match(notesOf(words), /does not reach public addresses, since networkPolicy.apiPublic is false/);
    }
    const words = [...asks({ THOTH_INDEX_URL: inside }), "--set", "networkPolicy.apiPublic=true"];
    assert.equal(openedTo(render(programs, words), "api").length, 2);
    assert.match(notesOf(words), /though nothing in `settings` needs it/);
  });

  test("the first API tells what it is called and where people see the pages", () => {
    const told = (...words: readonly string[]) => {
      const [{ env }] = podTemplateOf(find(render(programs, words), "Deployment", "api"))!.spec.containers;
      return ["THOTH_DEPLOYMENT", "THOTH_SEARCH_URL"].map(
        (name) => env.find((one) => one.name === name)?.value,
      );
    };
    const set = (values: string) => ["--set", values];
    assert.deepEqual(told(), [undefined, undefined]);
    const both = set(
      "api.deployment=ours,api.searchUrl=https://pages.example.com/thoth/,ingress.enabled=true",
    );
    assert.deepEqual(told(...both), ["ours", "https://pages.example.com/thoth/"]);
    assert.equal(told(...set("ingress.enabled=true"))[1], "https://thoth.example.com/");
    assert.equal(
      told(...set("ingress.enabled=true,ingress.tls.enabled=false"))[1],
      "http://thoth.example.com/",
    );
    assert.equal(told(...valuesOf("openshift"))[1], "https://thoth.apps.example.com/");
    assert.equal(told(...set("route.enabled=true"))[1], undefined);
    // What is in the ConfigMap is not overruled by what is made up.
    assert.equal(
      told(...set("ingress.enabled=true,settings.THOTH_SEARCH_URL=https://x.example.com/"))[1],
      undefined,
    );
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
