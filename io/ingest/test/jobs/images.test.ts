// What base images hold becomes facts: from a registry on loopback that wants tokens, layer over layer, and never twice.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ImageFact } from "@thoth/knowledge";
import { ARCHITECTURE, type Fault, imageDigest, SAMPLE_IMAGE, type TarMember } from "@thoth/testkit";
import { openRig, QUICK, textOf } from "./rig.ts";

const BASE = SAMPLE_IMAGE;
const LIB = "usr/lib/x86_64-linux-gnu";
const factOf = (facts: readonly { body: unknown }[]) => facts[0]?.body as ImageFact;

suite("images", () => {
  test("are what their layers leave", async (t) => {
    const rig = await openRig(t, [], [], [BASE]);
    const report = await rig.refresh("images");
    assert.deepEqual([report.outcome, report.changed, report.facts, report.failures], ["done", 1, 1, []]);
    const facts = await rig.facts("image");
    const { size, created, libraries, ...rest } = factOf(facts);
    const digest = imageDigest(BASE);
    assert.equal(facts[0]?.owner, `image:${digest}`);
    assert.ok(size > 0);
    assert.equal(created, Date.parse("2024-02-03T04:05:06Z") / 1000);
    assert.deepEqual(rest, {
      reference: `${new URL(rig.world.origin).host}/thoth/base:1.0`,
      digest,
      os: { id: "debian", version: "9" },
      architecture: ARCHITECTURE,
      packages: [
        { kind: "deb", name: "libc6", version: "2.24-11", architecture: "amd64" },
        { kind: "deb", name: "new", version: "1:2.0", architecture: "amd64" },
      ],
      pythons: [
        { path: "/usr/local/bin/python3.11", version: "3.11.7" },
        { path: "/usr/local/bin/python3.12", version: "3.11.7" },
      ],
      distributions: [
        { name: "six", version: "2.0", path: "/usr/lib/python3/dist-packages/six-2.0.egg-info" },
      ],
      environment: { PATH: "/usr/local/bin:/usr/bin", LANG: "C.UTF-8" },
    });
    assert.deepEqual(
      libraries.map(({ path, soname, provides }) => [path, soname, provides.includes("GLIBC_2.24")]),
      [[`/${LIB}/libc-2.24.so`, "libc.so.6", true]],
    );
  });

  test("are fetched once, under whatever name", async (t) => {
    const rig = await openRig(t, [], [], [BASE]);
    await rig.refresh("images");
    const blobs = () => rig.world.requests.filter(({ path }) => path.includes("/blobs/")).length;
    const before = blobs();
    assert.ok(before >= 3);
    const snapshot = await rig.graph.snapshot();
    assert.equal((await rig.refresh("images", { every: 0 })).unchanged, 1);
    assert.equal((await rig.graph.snapshot()).id, snapshot.id);
    rig.world.images.set("thoth/base:latest", { ...BASE, tag: "latest" });
    const [own = ""] = rig.images;
    rig.images = [own, own.replace(":1.0", ":latest"), own.replace(":1.0", `@${imageDigest(BASE)}`)];
    assert.deepEqual((await rig.refresh("images", { every: 0 })).failures, []);
    assert.equal(blobs(), before);
    const { reference, also = [] } = factOf(await rig.facts("image"));
    assert.deepEqual([reference, ...also], [...rig.images].sort());
    assert.equal((await rig.refresh("images", { every: 0 })).facts, 0);
    rig.world.images.set("thoth/base:1.0", { ...BASE, layers: BASE.layers.slice(0, 1) });
    assert.equal((await rig.refresh("images", { every: 0 })).changed, 1);
    assert.equal((await rig.facts("image")).length, 2);
  });

  test("are asked for with a token, which goes nowhere else", async (t) => {
    const rig = await openRig(t, [], [], [BASE]);
    const other = await openRig(t, [], [], [BASE]);
    const layer = rig.world;
    await rig.refresh("images");
    const blob = rig.world.requests.find(({ path }) => path.includes("/blobs/"))?.path ?? "";
    other.world.spoil(blob, {
      kind: "redirect",
      to: `${layer.origin.replace("127.0.0.1", "localhost")}${blob}`,
    });
    const before = layer.requests.length;
    const report = await other.refresh("images");
    assert.deepEqual([report.failures.map(({ code }) => code), report.changed], [["unauthorized"], 0]);
    for (const { headers } of layer.requests.slice(before)) assert.equal(headers.authorization, undefined);
    assert.ok(layer.requests.length > before);
  });

  /** What is told of a layer, and of a manifest. */
  const FAULTS: readonly (readonly [words: string, fault: Fault, layer: string, manifest?: string])[] = [
    ["is too busy", { kind: "status", status: 503 }, "index-unreachable"],
    ["cuts off", { kind: "cut", after: 50 }, "index-unreachable"],
    ["hangs up", { kind: "reset" }, "index-unreachable"],
    ["falls silent", { kind: "stall" }, "index-unreachable"],
    ["forbids", { kind: "status", status: 403 }, "unauthorized"],
    [
      "sends something else",
      { kind: "body", body: "<p>Sign in</p>" },
      "hash-mismatch",
      "index-response-invalid",
    ],
    ["sends too much", { kind: "flood", size: 10_000_000 }, "limit-exceeded"],
    ["does not have it", { kind: "status", status: 404 }, "index-response-invalid", "absent"],
  ];

  test("whose registry is in trouble change nothing", async (t) => {
    const rig = await openRig(t, [], [], [BASE]);
    await rig.refresh("images");
    const before = textOf(await rig.facts("image"));
    const asked = rig.world.requests.map(({ path }) => path);
    const layer = asked.filter((path) => path.includes("/blobs/"))[2] ?? "";
    rig.world.images.set("thoth/base:1.0", { ...BASE, environment: [] });
    for (const path of [layer, "/v2/thoth/base/manifests/1.0"]) {
      for (const [words, fault, code, ofManifest = code] of FAULTS) {
        rig.world.spoil(path, fault);
        const { failures, stop, absent } = await rig.refresh("images", { every: 0 });
        const told = [
          ...failures.map((failure) => failure.code),
          stop?.code,
          absent === 1 ? "absent" : undefined,
        ];
        assert.deepEqual(
          told.filter((one) => one !== undefined),
          [path === layer ? code : ofManifest],
          `${path} ${words}`,
        );
        assert.deepEqual(textOf(await rig.facts("image")), before, words);
      }
      rig.world.spoil(path);
    }
    rig.world.spoil(layer, { kind: "status", status: 429, retryAfter: "1", times: 1 });
    assert.equal((await rig.refresh("images", { every: 0 })).changed, 1);
  });

  test("of other forms are refused", async (t) => {
    const manifests: readonly unknown[] = [
      { schemaVersion: 1, fsLayers: [] },
      { schemaVersion: 2, mediaType: "application/vnd.example.new.v9+json" },
      { schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config: {}, layers: [] },
      {
        schemaVersion: 2,
        config: {
          mediaType: "application/vnd.cncf.helm.config.v1+json",
          digest: `sha256:${"0".repeat(64)}`,
          size: 1,
        },
        layers: [],
      },
    ];
    for (const manifest of manifests) {
      const rig = await openRig(t, [], [], [{ ...BASE, manifest, listed: false }]);
      const report = await rig.refresh("images");
      assert.equal(report.failures[0]?.code, "index-response-invalid", JSON.stringify(manifest));
      assert.deepEqual(await rig.facts("image"), []);
    }
    const elsewhere = await openRig(t, [], [], [{ ...BASE, architecture: "pdp11" }]);
    assert.equal((await elsewhere.refresh("images")).failures[0]?.code, "no-matching-artifact");
  });

  test("with hostile layers are refused", async (t) => {
    const layers: readonly (readonly TarMember[])[] = [
      [{ name: "../../etc/os-release", data: "ID=evil" }],
      [{ name: `${"a/".repeat(300)}x` }],
      [{ name: "usr/lib/os-release", data: "ID=x", saidSize: 5000 }],
    ];
    for (const members of layers) {
      const rig = await openRig(t, [], [], [{ ...BASE, layers: [{ members }] }]);
      const report = await rig.refresh("images");
      assert.equal(report.failures[0]?.code, "invalid-metadata", members[0]?.name.slice(0, 20));
    }
    const links = [
      { name: "a", link: { kind: "symbolic", target: "b" } as const },
      { name: "b", link: { kind: "symbolic", target: "a" } as const },
      { name: "a/etc/os-release", data: "ID=x" },
      { name: "etc", link: { kind: "symbolic", target: "../../../usr" } as const },
      { name: "usr/os-release", data: "ID=y\n" },
    ];
    const rig = await openRig(t, [], [], [{ ...BASE, layers: [{ members: links }] }]);
    const report = await rig.refresh("images", { politeness: QUICK });
    assert.deepEqual(
      [report.failures, factOf(await rig.facts("image")).os],
      [[], { id: "linux", version: "" }],
    );
  });
});
