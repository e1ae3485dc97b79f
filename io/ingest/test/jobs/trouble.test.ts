// Sources in trouble: what was known stays, the trouble has a stable code, and the next run goes on.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Change } from "@thoth/knowledge";
import { parsePackageName, ThothError } from "@thoth/pep";
import type { Fault } from "@thoth/testkit";
import { runJob, type Source, type SourceName } from "../../src/index.ts";
import { partOf } from "../../src/jobs/job-memory.ts";
import { openRig, QUICK, textOf } from "./rig.ts";

const KINDS = [
  "health",
  "repository",
  "release-note",
  "scorecard",
  "downloads",
  "exploitation",
  "attestation",
] as const;

function codeOf(subject: string): Change {
  const body = { filename: subject, lines: 1, findings: [] };
  const provenance = { source: "cache", observedAt: 0, tool: "test" };
  return { put: { owner: parsePackageName("alpha"), kind: "code", subject, body, provenance } };
}

/** Where each source is asked first. */
const PLACES: readonly (readonly [name: SourceName, path: string])[] = [
  ["index", "/simple/alpha/"],
  ["github", "/github/repos/org/alpha"],
  ["gitlab", "/gitlab/projects/group%2Fsub%2Fbeta"],
  ["scorecards", "/scorecards/projects/github.com/org/alpha"],
  ["downloads", "/downloads.json"],
  ["epss", "/epss.csv.gz"],
  ["kev", "/kev.json"],
  ["attestations", "/integrity/alpha-2.0-py3-none-any.whl"],
];

const FAULTS: readonly (readonly [words: string, fault: Fault, code: string])[] = [
  ["is too busy", { kind: "status", status: 503 }, "index-unreachable"],
  ["fails", { kind: "status", status: 500 }, "index-unreachable"],
  ["cuts off", { kind: "cut", after: 20 }, "index-unreachable"],
  ["hangs up", { kind: "reset" }, "index-unreachable"],
  ["forbids", { kind: "status", status: 403 }, "unauthorized"],
  [
    "sends a page",
    { kind: "body", body: "<html><p>Sign in</p></html>", contentType: "text/html" },
    "index-response-invalid",
  ],
  ["sends another document", { kind: "body", body: '{"message": "v2 has moved"}' }, "index-response-invalid"],
  ["sends a list", { kind: "body", body: "[[[1]]]" }, "index-response-invalid"],
  ["sends nothing", { kind: "body", body: "" }, "index-response-invalid"],
  ["sends too much", { kind: "bomb", size: 300 * 1024 * 1024 }, "limit-exceeded"],
];

suite("a source in trouble", () => {
  for (const [name, path] of PLACES)
    test(name, async (t) => {
      const rig = await openRig(t);
      await rig.refresh("index");
      for (const [source] of PLACES) await rig.refresh(source);
      const before = textOf(await rig.facts(...KINDS));
      const snapshot = await rig.graph.snapshot();
      // What it had to say has changed, so that it is not "not modified".
      for (const project of [...rig.world.projects.values()])
        rig.world.projects.set(project.name, { ...project, serial: 99, stars: 99, score: 1, downloads: 7 });
      rig.world.flaws[0] = { cve: "CVE-2024-0001", probability: 0.125, known: "2024-03-04" };
      for (const [words, fault, code] of FAULTS) {
        rig.world.spoil(path, fault);
        const report = await rig.refresh(name, { every: 0 });
        const told = [...report.failures.map((failure) => failure.code), report.stop?.code].filter(
          (one) => one !== undefined,
        );
        assert.deepEqual(told, [code], `${name} ${words}`);
        assert.deepEqual(textOf(await rig.facts(...KINDS)), before, `${name} ${words}`);
      }
      assert.deepEqual(await rig.graph.snapshot(), snapshot);
      rig.world.spoil(path);
      const healed = await rig.refresh(name, { every: 0 });
      assert.deepEqual([healed.outcome, healed.failed], ["done", 0]);
    });

  test("that recovers is asked again, politely", async (t) => {
    const rig = await openRig(t);
    rig.world.spoil(
      "/simple/alpha/",
      { kind: "status", status: 503, times: 1 },
      { kind: "status", status: 429, retryAfter: "0", times: 1 },
    );
    const report = await rig.refresh("index");
    assert.deepEqual([report.changed, report.failed], [3, 0]);
  });

  test("that wants to be left alone for long is left alone by all", async (t) => {
    const rig = await openRig(t);
    rig.world.spoil("*", { kind: "status", status: 429, retryAfter: "3600" });
    const report = await rig.refresh("index", { concurrency: 1 });
    assert.deepEqual([report.outcome, report.stop?.code], ["stopped", "index-unreachable"]);
    assert.match(report.stop?.message ?? "", /wait 3600 s/);
    assert.equal(rig.world.requests.length, 1);
    rig.world.spoil("*");
    assert.equal((await rig.refresh("index")).changed, 3);
  });

  test("GitHub's way to say so", async (t) => {
    const rig = await openRig(t);
    await rig.refresh("index");
    const headers = {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 1800),
    };
    const { world } = rig;
    const path = "/github/repos/org/alpha";
    world.spoil(path, { kind: "status", status: 403, headers });
    const report = await rig.refresh("github");
    assert.deepEqual([report.outcome, report.stop?.code], ["stopped", "index-unreachable"]);
  });

  test("that fails for one thing fails for that one alone", async (t) => {
    const rig = await openRig(t);
    rig.world.spoil("/simple/beta/", { kind: "status", status: 403 });
    const report = await rig.refresh("index");
    assert.deepEqual([report.outcome, report.changed, report.failed], ["done", 2, 1]);
    assert.deepEqual([report.failures[0]?.key, report.failures[0]?.code], ["beta", "unauthorized"]);
    rig.world.spoil("/simple/beta/");
    const second = await rig.refresh("index");
    assert.deepEqual([second.fresh, second.changed], [2, 1]);
  });

  test("that has vanished is left alone soon, and things that fail never keep others from being asked for", async (t) => {
    const many = Array.from({ length: 40 }, (_, at) => ({ name: `p${at}`, serial: 1, versions: ["1.0"] }));
    const rig = await openRig(t, many);
    rig.world.spoil("*", { kind: "reset" });
    const report = await rig.refresh("index", { concurrency: 1, politeness: { ...QUICK, retries: 0 } });
    assert.deepEqual([report.outcome, report.failed, report.stop?.code], ["stopped", 5, "index-unreachable"]);
    assert.equal(rig.world.requests.length, 5);
    rig.world.spoil("*");
    for (const { key } of report.failures)
      rig.world.spoil(`/simple/${key}/`, { kind: "status", status: 403 });
    const second = await rig.refresh("index", { concurrency: 1 });
    assert.deepEqual([second.changed, second.failed], [35, 5]);
  });

  test("that sends one at a time what takes for ever costs its time and no more", async (t) => {
    const rig = await openRig(t);
    rig.world.spoil("*", { kind: "slow", bytes: 1, everyMs: 50 });
    const report = await rig.refresh("index", { seconds: 1 });
    assert.equal(report.outcome, "stopped");
    assert.ok(["limit-exceeded", "index-unreachable"].includes(report.stop?.code ?? ""), report.stop?.code);
    rig.world.spoil("*");
    assert.equal((await rig.refresh("index")).changed, 3);
  });

  test("documents that have forgotten most of what they knew are not believed", async (t) => {
    const flaws = Array.from({ length: 60 }, (_, at) => ({
      cve: `CVE-2024-${1000 + at}`,
      probability: 0.5,
    }));
    const rig = await openRig(t, [], flaws);
    rig.wantsFlaw = () => true;
    assert.equal((await rig.refresh("epss")).facts, 60);
    rig.world.flaws.length = 10;
    const report = await rig.refresh("epss", { every: 0 });
    assert.deepEqual([report.failures[0]?.code, report.facts], ["index-response-invalid", 0]);
    assert.equal((await rig.facts("exploitation")).length, 60);
    rig.world.flaws.push(...flaws.slice(10, 59));
    assert.equal((await rig.refresh("epss", { every: 0 })).facts, 1);
    assert.equal((await rig.facts("exploitation")).length, 59);
  });
});

suite("a job", () => {
  test("stops when it is told to, and goes on where it was", async (t) => {
    const many = Array.from({ length: 60 }, (_, at) => ({ name: `p${at}`, serial: 1, versions: ["1.0"] }));
    const rig = await openRig(t, many);
    const controller = new AbortController();
    const reason = new Error("enough");
    const stopping = rig.refresh("index", {
      signal: controller.signal,
      progress: ({ done }) => {
        if (done === 30) controller.abort(reason);
      },
    });
    await assert.rejects(stopping, (error) => error === reason);
    const written = (await rig.facts("health")).length;
    assert.ok(written > 0 && written <= 30, String(written));
    const report = await rig.refresh("index");
    assert.deepEqual([report.fresh, report.changed], [written, 60 - written]);
  });

  test("does not run twice at a time", async (t) => {
    const rig = await openRig(t);
    rig.world.spoil("/simple/alpha/", { kind: "slow", bytes: 40, everyMs: 20 });
    const isRunning = (error: unknown) => error instanceof ThothError && error.code === "job-running";
    let second: Promise<unknown> | undefined;
    const first = await rig.refresh("index", {
      progress: () => {
        second ??= assert.rejects(rig.refresh("index"), isRunning);
      },
    });
    await second;
    assert.equal(first.changed, 3);
    assert.equal((await rig.refresh("index")).fresh, 3);
  });

  test("of a run that was killed goes on at once; of another machine's when its word has ended", async (t) => {
    const rig = await openRig(t);
    const leave = (machine: string, number: number) =>
      rig.graph.write({
        changes: [],
        at: rig.now,
        source: "index",
        state: {
          job: "index/lock",
          value: JSON.stringify({ machine, process: number, run: "x", until: rig.now + 60 }),
        },
      });
    const { hostname } = await import("node:os");
    // No process has this number.
    await leave(hostname(), 2 ** 22 + 1);
    assert.equal((await rig.refresh("index")).changed, 3);
    await leave("elsewhere", 1);
    await assert.rejects(rig.refresh("index"), { code: "job-running" });
    rig.now += 61;
    assert.equal((await rig.refresh("index")).fresh, 3);
    assert.equal(await rig.graph.jobState("index/lock"), undefined);
  });

  test("whose memory cannot be read asks for everything anew", async (t) => {
    const rig = await openRig(t);
    await rig.refresh("index");
    const { jobs } = await rig.graph.summary();
    assert.equal(jobs.length, 3);
    for (const { job } of jobs)
      await rig.graph.write({
        changes: [],
        at: rig.now,
        source: "index",
        state: {
          job,
          value: '[["alpha", {"at": 1e99, "known": {"etag": []}}], 7, {"__proto__": 1}',
        },
      });
    const report = await rig.refresh("index");
    assert.deepEqual([report.unchanged, report.facts], [3, 0]);
  });

  test("asks sources of any kind, such as files of projects, a few at a time", async (t) => {
    const rig = await openRig(t);
    let running = 0;
    let most = 0;
    const source: Source = {
      name: "contents",
      place: "cache",
      items: async () => Array.from({ length: 50 }, (_, at) => ({ key: `alpha/alpha-${at}.whl` })),
      ask: async ({ key }, { known }) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return known["seen"] === 1
          ? { kind: "unchanged", known }
          : { kind: "told", changes: [codeOf(key)], known: { seen: 1 } };
      },
    };
    const run = (options = {}) =>
      runJob(source, rig.graph, {
        signal: new AbortController().signal,
        now: () => rig.now,
        every: 0,
        seconds: 60,
        concurrency: 3,
        ...options,
      });
    const first = await run();
    assert.deepEqual([first.changed, first.facts, most], [50, 50, 3]);
    assert.equal((await run()).unchanged, 50);
    const late = await run({ seconds: 0 });
    assert.deepEqual([late.outcome, late.stop?.code], ["stopped", "limit-exceeded"]);
  });

  test("writes what one thing has to say in parts, and remembers it with the last of them", async (t) => {
    const rig = await openRig(t);
    const source: Source = {
      name: "contents",
      place: "cache",
      items: async () => [{ key: "all" }],
      ask: async () => ({
        kind: "told",
        changes: Array.from({ length: 1234 }, (_, at) => codeOf(`file-${at}`)),
        known: { seen: 1 },
      }),
    };
    const options = { signal: new AbortController().signal, now: () => rig.now, every: 3600, seconds: 60 };
    assert.equal((await runJob(source, rig.graph, options)).facts, 1234);
    assert.equal((await rig.graph.snapshot()).id, 3);
    assert.equal((await runJob(source, rig.graph, options)).fresh, 1);
  });

  test("remembers as much as a store keeps, and asks for the rest again", async (t) => {
    const rig = await openRig(t);
    const keys: string[] = [];
    for (let at = 0; keys.length < 1200; at++) if (partOf(`p${at}`) === "00") keys.push(`p${at}`);
    const source: Source = {
      name: "contents",
      place: "cache",
      items: async () => keys.map((key) => ({ key })),
      ask: async () => ({ kind: "unchanged", known: { etag: "x".repeat(1000) } }),
    };
    const options = { signal: new AbortController().signal, now: () => rig.now, every: 3600, seconds: 60 };
    assert.equal((await runJob(source, rig.graph, options)).unchanged, 1200);
    const again = await runJob(source, rig.graph, options);
    assert.ok(again.fresh > 700 && again.fresh < 1000, String(again.fresh));
    assert.equal(again.fresh + again.unchanged, 1200);
  });

  test("ends with what is a mistake of ours", async (t) => {
    const rig = await openRig(t);
    const source: Source = {
      name: "contents",
      place: "cache",
      items: async () => [{ key: "all" }],
      ask: () => Promise.reject(new TypeError("a mistake")),
    };
    const options = { signal: new AbortController().signal, now: () => rig.now, every: 0, seconds: 60 };
    await assert.rejects(runJob(source, rig.graph, options), TypeError);
    assert.equal(await rig.graph.jobState("contents/lock"), undefined);
  });

  test("whose clock was set back asks again", async (t) => {
    const rig = await openRig(t);
    await rig.refresh("index");
    rig.now -= 10_000;
    assert.equal((await rig.refresh("index")).unchanged, 3);
  });
});
