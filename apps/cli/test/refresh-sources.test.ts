// `thoth knowledge refresh SOURCE…`, against sources on loopback.

import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { JobReport, RulesDifference } from "@thoth/ingest";
import { type FactKind, formatBody } from "@thoth/knowledge";
import { openGraph } from "@thoth/store";
import {
  type CommandResult,
  randomFrom,
  type SourceWorld,
  startSourceWorld,
  type WorldImage,
  type WorldProject,
} from "@thoth/testkit";
import { codeOf, documentOf, openWorkshop, type RunOptions, type Workshop } from "./workshop.ts";

const PROJECTS: readonly WorldProject[] = Array.from({ length: 12 }, (_, at) => ({
  name: `project-${at}`,
  serial: at + 1,
  versions: ["1.0", "1.1", "2.0"],
  downloads: 1000 * at,
  score: at % 10,
  repository: `https://${at % 3 === 0 ? "gitlab.com" : "github.com"}/org/project-${at}`,
}));
const IMAGES: readonly WorldImage[] = ["1.0", "2.0"].map((tag) => ({
  repository: "thoth/base",
  tag,
  layers: [
    { members: [{ name: "etc/os-release", data: `ID=debian\nVERSION_ID="${tag}"\n` }] },
    { members: [{ name: "usr/bin/tool", data: "x".repeat(100_000) }], packing: "zstd" as const },
  ],
}));
/** In the advisories that are shipped. */
const FLAWS = [
  { cve: "CVE-2023-32681", probability: 0.25, known: "2024-02-03" },
  { cve: "CVE-2018-18074", probability: 0.125 },
  { cve: "CVE-1999-0001", probability: 0.5 },
];
const KINDS: readonly FactKind[] = [
  "health",
  "repository",
  "release-note",
  "scorecard",
  "downloads",
  "exploitation",
  "attestation",
  "contents",
  "code",
  "image",
];
const SOURCES = [
  "index",
  "attestations",
  "contents",
  "github",
  "gitlab",
  "scorecards",
  "downloads",
  "epss",
  "kev",
  "images",
];
/** Of all sources. */
const FACTS = 12 * 7 + 36 + 2 + 2;

describe("thoth knowledge refresh SOURCE", () => {
  let shop: Workshop;
  let world: SourceWorld;
  let graphs = 0;

  before(async () => {
    shop = await openWorkshop();
    world = await startSourceWorld(PROJECTS, { flaws: FLAWS, images: IMAGES, latencyMs: 2 });
    shop.write("requirements.in", PROJECTS.map(({ name }) => `${name}\n`).join(""));
  });
  after(async () => {
    await world.close();
    await shop.close();
  });

  const newGraph = () => join(shop.home, `graph-${graphs++}.sqlite`);
  const refresh = (graph: string, words: readonly string[], options: RunOptions = {}) =>
    shop.run("thoth", ["knowledge", "refresh", ...words, "--json"], {
      ...options,
      env: { ...world.variables, THOTH_SOURCE_PAUSE: "0", THOTH_DATABASE: graph, ...options.env },
    });
  const everything = [...SOURCES, "--from", "requirements.in"];

  async function contentsOf(place: string): Promise<readonly string[]> {
    const graph = await openGraph(place);
    const texts: string[] = [];
    for (const kind of KINDS) {
      const owners = await graph.owners({ kind, limit: 1000 });
      for (const { owner, subject, body } of await graph.read({ owners, kinds: [kind] }))
        texts.push(`${owner} ${kind} ${subject} ${formatBody(body)}`);
    }
    await graph.close();
    return texts;
  }

  it("asks each source once, keeps what it says, and does nothing the second time", async () => {
    const graph = newGraph();
    const first = await refresh(graph, everything);
    assert.equal(first.status, 0, first.stderr);
    const { sources } = documentOf(first, "thoth knowledge") as unknown as { sources: JobReport[] };
    assert.deepEqual(
      sources.map(({ source, outcome, items, changed, facts, failed }) => [
        source,
        outcome,
        items,
        changed,
        facts,
        failed,
      ]),
      [
        ["index", "done", 12, 12, 12, 0],
        ["attestations", "done", 12, 12, 12, 0],
        ["contents", "done", 12, 12, 24, 0],
        ["github", "done", 8, 8, 32, 0],
        ["gitlab", "done", 4, 4, 16, 0],
        ["scorecards", "done", 12, 12, 12, 0],
        ["downloads", "done", 1, 1, 12, 0],
        ["epss", "done", 1, 1, 2, 0],
        ["kev", "done", 1, 1, 1, 0],
        ["images", "done", 2, 2, 2, 0],
      ],
    );
    assert.equal((await contentsOf(graph)).length, FACTS);
    const asked = world.requests.length;
    const words = await shop.run("thoth", ["knowledge", "refresh", ...everything], {
      env: { ...world.variables, THOTH_DATABASE: graph },
    });
    assert.equal(words.status, 0);
    assert.equal(world.requests.length, asked);
    assert.match(words.stdout, /^index +nothing to do: 12 packages asked recently enough$/m);
    assert.match(words.stdout, /^contents +nothing to do: 12 packages asked recently enough$/m);
    assert.match(words.stdout, /^images +nothing to do: 2 images asked recently enough$/m);
    assert.match(words.stdout, /^github +nothing to do: 8 repositories asked recently enough$/m);
  });

  it("says what could not be asked, and goes on", async () => {
    const graph = newGraph();
    world.spoil("/simple/project-3/", { kind: "status", status: 403 });
    world.spoil("/kev.json", { kind: "body", body: "<p>Moved</p>" });
    const words = ["index", "kev", "downloads", "--from", "requirements.in"];
    const { sources } = documentOf(await refresh(graph, words), "thoth knowledge") as unknown as {
      sources: JobReport[];
    };
    assert.deepEqual(
      sources.map(({ source, failed, failures }) => [source, failed, failures[0]?.key, failures[0]?.code]),
      [
        ["index", 1, "project-3", "unauthorized"],
        ["downloads", 0, undefined, undefined],
        ["kev", 1, "kev", "index-response-invalid"],
      ],
    );
    world.spoil("/simple/project-3/");
    world.spoil("/kev.json");
    const again = await refresh(graph, words);
    assert.deepEqual(
      (again.json as { sources: JobReport[] }).sources.map(({ fresh, changed }) => [fresh, changed]),
      [
        [11, 1],
        [1, 0],
        [0, 1],
      ],
    );
  });

  it("stops with 1 where a source wants to be left alone", async () => {
    world.spoil("*", { kind: "status", status: 429, retryAfter: "7200" });
    const result = await refresh(newGraph(), ["index", "--package", "project-1"]);
    world.spoil("*");
    assert.equal(result.status, 1);
    const [report] = (result.json as { sources: JobReport[] }).sources;
    assert.deepEqual([report?.outcome, report?.stop?.code], ["stopped", "index-unreachable"]);
  });

  it("sends tokens to their source alone, and shows them to nobody", async () => {
    const graph = newGraph();
    const words = ["index", "github", "gitlab", "scorecards", "--from", "requirements.in", "--verbose"];
    const tokens = { THOTH_GITHUB_TOKEN: "ghp_geheim", THOTH_GITLAB_TOKEN: "glpat-geheim" };
    world.tokens.length = 0;
    const before = world.requests.length;
    const result = await refresh(graph, words, { env: tokens });
    assert.ok(!/geheim/.test(result.stdout + result.stderr));
    assert.deepEqual([...new Set(world.tokens)].sort(), ["Bearer ghp_geheim", "Bearer glpat-geheim"]);
    for (const { path, headers } of world.requests.slice(before)) {
      const own = path.startsWith("/github/")
        ? "Bearer ghp_geheim"
        : path.startsWith("/gitlab/")
          ? "Bearer glpat-geheim"
          : undefined;
      assert.equal(headers.authorization, own, path);
    }
    const bad = await refresh(graph, ["github", "--package", "project-1"], {
      env: { THOTH_GITHUB_TOKEN: "geheim\ngeheim" },
    });
    assert.equal(codeOf(bad), "usage");
    assert.ok(!/geheim/.test(bad.stdout + bad.stderr));
  });

  it("can be interrupted, and goes on", async () => {
    const graph = newGraph();
    const asked = world.requests.length;
    const result = await refresh(graph, everything, {
      started: ({ child }) => {
        const wait = setInterval(() => {
          if (world.requests.length < asked + 20) return;
          clearInterval(wait);
          child.kill("SIGINT");
        }, 1);
        child.once("close", () => clearInterval(wait));
      },
    });
    assert.equal(result.status, 130);
    assert.equal(codeOf(result), "interrupted");
    const { sources } = (await refresh(graph, everything)).json as { sources: JobReport[] };
    assert.ok(sources.every(({ outcome, failed }) => outcome === "done" && failed === 0));
  });

  it("asks what the command line says, and nothing that it does not understand", async () => {
    const asked = world.requests.length;
    const graph = newGraph();
    for (const words of [
      ["scorecard", "--package", "a"],
      ["index", "--package", "a b"],
      ["index", "--package", "a", "--every", "soon"],
      ["index", "--package", "a", "--every", "10"],
      ["index"],
      ["contents"],
      ["images", "--image", "Not An Image"],
      ["images", "--image", "a:b:c"],
    ])
      assert.ok(
        ["usage", "invalid-requirement"].includes(codeOf(await refresh(graph, words))),
        words.join(" "),
      );
    assert.equal(codeOf(await refresh(graph, ["index", "--package", "a", "--offline"])), "index-unreachable");
    const yes = { THOTH_SOURCE_IMAGES: "yes" };
    assert.equal(codeOf(await refresh(graph, ["images"], { env: yes })), "usage");
    assert.equal(codeOf(await refresh(graph, ["images"], { env: { THOTH_SOURCE_IMAGES: "" } })), "usage");
    const env = { THOTH_SOURCE_INDEX: "file:///etc/passwd" };
    assert.equal(codeOf(await refresh(graph, ["index", "--package", "a"], { env })), "usage");
    assert.equal(world.requests.length, asked);
    assert.ok(!existsSync(graph));
  });

  it("asks about what commands have asked the index for, there and nowhere else", async () => {
    shop.write("own.in", "alpha\n");
    assert.equal((await shop.run("thoth", ["lock", "own.in", "--format", "json"])).status, 0);
    const asked = shop.index.requests.length;
    const url = shop.index.indexUrl.replace("//", "//me:geheim@");
    const env = { THOTH_SOURCE_INDEX: undefined, THOTH_INDEX_URL: url };
    const result = await refresh(newGraph(), ["index"], { env });
    const [report] = (result.json as { sources: JobReport[] }).sources;
    assert.deepEqual([report?.place, report?.items, report?.changed], [shop.index.indexUrl, 2, 2]);
    assert.deepEqual(
      shop.index.requests
        .slice(asked)
        .map(({ path }) => path)
        .filter((path) => path.startsWith("/simple/"))
        .sort(),
      ["/simple/alpha/", "/simple/beta/"],
    );
    assert.ok(!/geheim/.test(result.stdout + result.stderr));
    const folder = await refresh(newGraph(), ["index", "--package", "a"], {
      env: { ...env, THOTH_INDEX_URL: shop.folder },
    });
    assert.equal(codeOf(folder), "usage");
  });

  it("asks what variables configure where nothing is named, and of flaws without any package", async () => {
    const graph = newGraph();
    const empty = { THOTH_CACHE_DIR: join(shop.home, "nothing") };
    const flaws = await refresh(graph, ["epss", "kev"], { env: empty });
    const changed = (result: CommandResult) =>
      (result.json as { sources: JobReport[] }).sources.map((report) => [
        report.source,
        report.outcome,
        report.items,
      ]);
    assert.deepEqual(changed(flaws), [
      ["epss", "done", 1],
      ["kev", "done", 1],
    ]);
    const none = Object.fromEntries(SOURCES.map((name) => [`THOTH_SOURCE_${name.toUpperCase()}`, undefined]));
    const { THOTH_SOURCE_INDEX, THOTH_SOURCE_EPSS } = world.variables;
    const silent = await refresh(graph, [], {
      env: {
        ...none,
        ...empty,
        THOTH_SOURCE_INDEX,
        THOTH_SOURCE_EPSS,
        THOTH_ADVISORY_SOURCE: `${world.origin}/none`,
      },
    });
    assert.equal(silent.status, 1);
    assert.deepEqual(changed(silent), [
      ["advisories", "stopped", 0],
      ["index", "done", 0],
      ["epss", "done", 1],
    ]);
  });

  it("runs two at a time, of which one gives way", async () => {
    const graph = newGraph();
    const both = await Promise.all([refresh(graph, everything), refresh(graph, everything)]);
    for (const { status, json } of both) {
      assert.ok(status === 0 || status === 1, String(status));
      for (const { outcome, stop, failed } of (json as { sources: JobReport[] }).sources)
        assert.ok(outcome === "done" ? failed === 0 : stop?.code === "job-running", JSON.stringify(stop));
    }
    assert.equal((await refresh(graph, everything)).status, 0);
    assert.equal((await contentsOf(graph)).length, FACTS);
  });

  it("makes rules of what it knows, which others read", async () => {
    const graph = newGraph();
    const env = { THOTH_DATABASE: graph };
    const run = (...words: string[]) => shop.run("thoth", ["prescriptions", ...words, "--json"], { env });
    assert.equal(codeOf(await run("refresh", "facts")), "usage");
    await refresh(graph, everything);
    const made = documentOf(await run("refresh", "facts"), "thoth prescriptions") as {
      difference: RulesDifference;
    };
    assert.equal(made.difference.added.length, 12);
    const checked = documentOf(await run("validate", "facts"), "thoth prescriptions");
    assert.deepEqual([checked["errors"], checked["warnings"]], [[], []]);
    assert.equal(
      checked["units"],
      made.difference.units.reduce((sum, { units }) => sum + units, 0),
    );
    const again = documentOf(await run("refresh", "facts"), "thoth prescriptions") as {
      difference: RulesDifference;
    };
    assert.deepEqual(again.difference, { ...made.difference, added: [], unchanged: 12 });
    const one = await run("refresh", "facts", "--package", "project-1", "--as-of", "2024-01-03");
    const { difference } = documentOf(one, "thoth prescriptions") as { difference: RulesDifference };
    assert.deepEqual(difference.changed, ["project-1/facts.yaml"]);
    assert.equal(codeOf(await run("refresh", "facts", "--package", "nobody")), "usage");
  });

  it("ends with the same graph as an undisturbed run, killed at twenty random moments", {
    timeout: 240_000,
  }, async () => {
    const undisturbed = newGraph();
    let asked = world.requests.length;
    assert.equal((await refresh(undisturbed, everything)).status, 0);
    const requests = world.requests.length - asked;
    const wanted = await contentsOf(undisturbed);
    const random = randomFrom(Date.now() % 2 ** 31);
    const graph = newGraph();
    let killed = 0;
    for (let kill = 0; kill < 20; kill++) {
      // At most so many more than the first run needed: once all is there, nobody is asked and nothing can be killed.
      if (kill % 4 === 0) for (const end of ["", "-wal", "-shm"]) rmSync(`${graph}${end}`, { force: true });
      asked = world.requests.length;
      const after_ = asked + random(Math.floor(requests / 5)) + 1;
      const milliseconds = random(12);
      const result = await refresh(graph, everything, {
        started: ({ child }) => {
          const wait = setInterval(() => {
            if (world.requests.length < after_ || child.exitCode !== null) return;
            clearInterval(wait);
            setTimeout(() => child.kill("SIGKILL"), milliseconds);
          }, 1);
          child.once("close", () => clearInterval(wait));
        },
      });
      if (result.status === 137) killed++;
      else assert.equal(result.status, 0, result.stderr);
    }
    assert.ok(killed >= 10, `${killed}`);
    const last = await refresh(graph, everything);
    assert.equal(last.status, 0, last.stderr);
    assert.deepEqual(await contentsOf(graph), wanted);
    asked = world.requests.length;
    const { sources } = (await refresh(graph, everything)).json as { sources: JobReport[] };
    assert.ok(sources.every(({ items, fresh, facts }) => items === fresh && facts === 0));
    assert.equal(world.requests.length, asked);
  });
});
