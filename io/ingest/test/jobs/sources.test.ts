// What sources say becomes facts: each in its own protocol, from a server on loopback.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { AnyFact } from "@thoth/knowledge";
import { buildWheel, startIndex } from "@thoth/testkit";
import { openRig, PROJECTS, textOf } from "./rig.ts";

const time = (text: string) => Date.parse(text) / 1000;
const brief = (facts: readonly AnyFact[]) => facts.map(({ owner, subject, body }) => [owner, subject, body]);

suite("sources", () => {
  test("index: how projects do", async (t) => {
    const rig = await openRig(t);
    const report = await rig.refresh("index");
    assert.deepEqual([report.outcome, report.items, report.changed, report.facts], ["done", 3, 3, 3]);
    const uploaded = time("2024-01-02T03:04:05Z");
    const common = {
      lastUpload: uploaded,
      firstUpload: uploaded,
      classifiers: ["Programming Language :: Python :: 3"],
    };
    assert.deepEqual(brief(await rig.facts("health")), [
      [
        "alpha",
        "",
        {
          ...common,
          status: "active",
          releases: 5,
          yanked: 1,
          maintainers: ["Ann of alpha", "Bob, too"],
          repository: "https://github.com/Org/Alpha",
          newest: "2.0",
          largestFile: 5_000_000,
        },
      ],
      [
        "beta",
        "",
        {
          ...common,
          status: "archived",
          reason: "use alpha",
          releases: 1,
          yanked: 0,
          maintainers: ["Ann of beta", "Bob, too"],
          repository: "https://gitlab.com/group/sub/beta",
          newest: "0.1",
          largestFile: 4096,
        },
      ],
      [
        "gamma",
        "",
        {
          ...common,
          status: "active",
          releases: 1,
          yanked: 0,
          maintainers: ["Ann of gamma", "Bob, too"],
          newest: "1.0",
          largestFile: 4096,
        },
      ],
    ]);
    const [fact] = await rig.facts("health");
    assert.equal(fact?.provenance.source, `${rig.world.variables["THOTH_SOURCE_INDEX"]}alpha/`);
    assert.equal(fact?.provenance.observedAt, rig.now);
  });

  test("index: of many only those are asked for whose serial has grown", async (t) => {
    const many = Array.from({ length: 70 }, (_, at) => ({
      name: `project-${at}`,
      serial: at + 1,
      versions: ["1.0"],
    }));
    const rig = await openRig(t, many);
    assert.equal((await rig.refresh("index")).changed, 70);
    rig.world.projects.set("project-5", { name: "project-5", serial: 100, versions: ["1.0", "2.0"] });
    rig.now += 7200;
    const before = rig.world.requests.length;
    const report = await rig.refresh("index");
    assert.deepEqual([report.changed, report.unchanged, report.facts], [1, 69, 1]);
    assert.deepEqual(
      rig.world.requests.slice(before).map(({ path }) => path),
      ["/simple/", "/simple/project-5/", "/files/project_5-2.0-py3-none-any.whl.metadata"],
    );
  });

  test("index: one that offers no metadata apart has them in its wheels", async (t) => {
    const wheel = buildWheel({
      name: "alpha",
      version: "1.0",
      metadataText: [
        "Metadata-Version: 2.2",
        "Name: alpha",
        "Version: 1.0",
        "Author: Ann",
        "Project-URL: Source, https://github.com/org/alpha",
        "",
        "",
      ].join("\n"),
    });
    for (const [ranges, repository] of [
      ["honoured", "https://github.com/org/alpha"],
      ["refused", undefined],
    ] as const) {
      const index = await startIndex({ projects: { alpha: [wheel] }, metadata: false, ranges });
      t.after(() => index.close());
      const rig = await openRig(t);
      rig.wanted = ["alpha"];
      assert.equal((await rig.refresh("index", { base: index.indexUrl })).changed, 1);
      const [fact] = await rig.facts("health");
      assert.ok(fact?.kind === "health");
      assert.equal(fact.body.repository, repository);
      assert.deepEqual(fact.body.maintainers, repository === undefined ? [] : ["Ann"]);
    }
  });

  test("github: repositories, and notes of all pages of releases", async (t) => {
    const rig = await openRig(t);
    await rig.refresh("index");
    const report = await rig.refresh("github");
    assert.deepEqual([report.items, report.changed, report.facts], [1, 1, 6]);
    assert.deepEqual(brief(await rig.facts("repository")), [
      [
        "alpha",
        "",
        {
          url: "https://github.com/org/alpha",
          archived: false,
          fork: false,
          stars: 10,
          forks: 2,
          watchers: 3,
          contributors: 7,
          lastCommit: time("2024-05-06T07:08:09Z"),
        },
      ],
    ]);
    const notes = await rig.facts("release-note");
    assert.deepEqual(
      notes.map(({ subject }) => subject),
      ["1.0", "1.1", "2.0", "2.1", "3.0rc1"],
    );
    assert.deepEqual(notes[0]?.body, {
      tag: "v1.0",
      url: "https://github.com/org/alpha/releases/tag/v1.0",
      title: "alpha 1.0",
      text: "What is new in 1.0",
      published: time("2024-01-02T03:04:05Z"),
    });
    rig.now += 7200;
    const before = rig.world.requests.length;
    const second = await rig.refresh("github");
    assert.deepEqual([second.changed, second.unchanged, second.facts], [0, 1, 0]);
    assert.deepEqual(
      rig.world.requests.slice(before).map(({ status }) => status),
      [304, 304],
    );
  });

  test("github: a note of a release that is gone goes, once all releases were told", async (t) => {
    const rig = await openRig(t);
    await rig.refresh("index");
    await rig.refresh("github");
    const [alpha] = PROJECTS;
    assert.ok(alpha !== undefined);
    rig.world.projects.set("alpha", { ...alpha, versions: ["1.0", "2.0"] });
    rig.now += 7200;
    assert.equal((await rig.refresh("github")).facts, 3);
    assert.deepEqual(
      (await rig.facts("release-note")).map(({ subject }) => subject),
      ["1.0", "2.0"],
    );
  });

  test("gitlab: groups within groups, tags that name the project", async (t) => {
    const rig = await openRig(t);
    await rig.refresh("index");
    assert.equal((await rig.refresh("gitlab")).facts, 2);
    const [repository] = await rig.facts("repository");
    assert.deepEqual(repository?.body, {
      url: "https://gitlab.com/group/sub/beta",
      archived: true,
      fork: false,
      stars: 10,
      forks: 1,
      lastCommit: time("2024-05-06T05:08:09Z"),
    });
    const [note] = await rig.facts("release-note");
    assert.deepEqual([note?.owner, note?.subject], ["beta", "0.1"]);
  });

  test("scorecards, with those that there are not", async (t) => {
    const rig = await openRig(t);
    await rig.refresh("index");
    const report = await rig.refresh("scorecards");
    assert.deepEqual([report.items, report.changed, report.absent], [1, 1, 0]);
    const [card] = await rig.facts("scorecard");
    assert.deepEqual(card?.body, {
      repository: "github.com/org/alpha",
      date: time("2024-06-03T00:00:00Z"),
      score: 7.5,
      checks: [
        { name: "Maintained", score: 10, reason: "commits of the last 90 days" },
        { name: "Signed-Releases", score: -1, reason: "no releases found" },
      ],
    });
  });

  test("downloads: equal numbers have equal ranks; other projects are none of our business", async (t) => {
    const rig = await openRig(t);
    rig.wanted = ["alpha", "gamma"];
    await rig.refresh("downloads");
    assert.deepEqual(brief(await rig.facts("downloads")), [
      ["alpha", "", { days: 30, total: 5000, rank: 1 }],
      ["gamma", "", { days: 30, total: 900, rank: 2 }],
    ]);
    rig.wanted = ["alpha", "beta", "gamma"];
    // Fresh, but somebody else is wanted now.
    assert.equal((await rig.refresh("downloads")).facts, 1);
  });

  test("epss and kev say two halves of one fact", async (t) => {
    const rig = await openRig(t);
    assert.equal((await rig.refresh("epss")).facts, 2);
    assert.equal((await rig.refresh("kev")).facts, 1);
    const both = {
      epss: { probability: 0.25, percentile: 0.5 },
      known: { added: time("2024-02-03T00:00:00Z"), ransomware: false },
    };
    const second = { epss: { probability: 0.5, percentile: 0.5 } };
    assert.deepEqual(brief(await rig.facts("exploitation")), [
      ["cve:CVE-2024-0001", "", both],
      ["cve:CVE-2024-0002", "", second],
    ]);
    rig.world.flaws[0] = { cve: "CVE-2024-0001", probability: 0.3 };
    rig.now += 7200;
    await rig.refresh("epss");
    await rig.refresh("kev");
    assert.deepEqual(brief(await rig.facts("exploitation")), [
      ["cve:CVE-2024-0001", "", { epss: { probability: 0.3, percentile: 0.5 } }],
      ["cve:CVE-2024-0002", "", second],
    ]);
  });

  test("attestations: what is claimed of the files of the newest release", async (t) => {
    const rig = await openRig(t);
    assert.equal((await rig.refresh("attestations")).facts, 3);
    const [fact] = await rig.facts("attestation");
    assert.deepEqual(fact?.body, {
      filename: "alpha-2.0-py3-none-any.whl",
      publishers: [{ kind: "GitHub", repository: "org/alpha", workflow: "release.yml" }],
      predicates: ["https://docs.pypi.org/attestations/publish/v1"],
    });
  });

  test("asked twice, they say the same and nothing is written", async (t) => {
    const rig = await openRig(t);
    const names = [
      "index",
      "github",
      "gitlab",
      "scorecards",
      "downloads",
      "epss",
      "kev",
      "attestations",
    ] as const;
    for (const name of names) await rig.refresh(name);
    const kinds = ["health", "repository", "release-note", "scorecard", "downloads", "exploitation"] as const;
    const before = textOf(await rig.facts(...kinds));
    const snapshot = await rig.graph.snapshot();
    for (const every of [3600, 0])
      for (const name of names) {
        const asked = rig.world.requests.length;
        const report = await rig.refresh(name, { every });
        assert.deepEqual([report.outcome, report.changed, report.facts], ["done", 0, 0], name);
        if (every > 0) assert.equal(rig.world.requests.length, asked);
        const statuses = rig.world.requests.slice(asked).map(({ status }) => status);
        assert.ok(
          statuses.every((status) => status === 304),
          `${name} ${statuses}`,
        );
      }
    assert.deepEqual(await rig.graph.snapshot(), snapshot);
    assert.deepEqual(textOf(await rig.facts(...kinds)), before);
  });
});
