// What the modern API tells of packages, by a real service with an index, a knowledge graph, and advisories of a test.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findViolations, type Schema } from "@thoth/contract";
import { type PackageDocument, type StatusDocument, v2Operations } from "@thoth/contract/service";
import type { Fact, MeasurementFact } from "@thoth/knowledge";
import { normalizeName } from "@thoth/pep";
import { openGraph } from "@thoth/store";
import { buildWheel, type IndexServer, runCommand, startIndex } from "@thoth/testkit";
import { type StartedService, startService } from "./start-service.ts";

describe("packages", () => {
  let home: string;
  let data: string;
  let index: IndexServer;
  let hidden: IndexServer;
  let service: StartedService;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-packages-"));
    data = join(home, "data");
    index = await startIndex({ projects: OFFERED });
    hidden = await startIndex({ projects: { "hidden-one": [wheelOf("hidden-one", "1.0")] } });
    await learn(join(data, "home", ".local", "share", "thoth"));
    service = await startService({
      data,
      words: [
        ...["--index-url", index.indexUrl, "--workers", "1"],
        ...["--allowed-host", `+${new URL(hidden.origin).host}`],
      ],
      variables: { THOTH_SECRET_KEY: Buffer.alloc(32, 7).toString("base64") },
    });
  });
  after(async () => {
    await service?.stop();
    await index?.close();
    await hidden?.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function get<T>(path: string, token?: string): Promise<{ status: number; document: T }> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${service.url}/api/v2${path}`, { headers });
    return { status: answer.status, document: (await answer.json()) as T };
  }

  async function send<T>(method: string, path: string, { token, body }: Sent): Promise<T> {
    const answer = await fetch(`${service.url}/api/v2${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        prefer: "wait=30",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return (await answer.json()) as T;
  }

  async function packageOf(name: string): Promise<PackageDocument> {
    const { status, document } = await get<PackageDocument>(`/packages/${name}`);
    assert.equal(status, 200, JSON.stringify(document));
    assert.deepEqual(findViolations(v2Operations.readPackage.answers[200].schema as Schema, document), []);
    return document;
  }

  it("releases of the index, the newest first, whatever spelling is asked for", async () => {
    const document = await packageOf("Al.Pha");
    assert.equal(document.name, "al-pha");
    assert.deepEqual(
      document.releases.map(({ version, uploaded, yanked, files }) => [version, uploaded, yanked, files]),
      [
        ["2.0", "2025-02-03T04:05:06.000Z", true, 1],
        ["1.10", null, false, 1],
        ["1.9", "2024-03-24T00:00:00.000Z", false, 2],
      ],
    );
    assert.deepEqual(await packageOf("al_pha"), document);
    assert.deepEqual(document.imports, ["alpha", "alpha_more"]);
  });

  it("no more than a thousand releases", async () => {
    const { releases } = await packageOf("many");
    assert.equal(releases.length, 1000);
    assert.equal(releases[0]?.version, "1.1009");
  });

  it("measurements that may be compared only where they look alike", async () => {
    const { measurements } = await packageOf("al-pha");
    assert.deepEqual(
      measurements.map(({ version, median, interval, noisy }) => [version, median, interval, noisy]),
      [
        ["1.10", 2, [1.5, 2.5], false],
        ["1.9", 3, [2.5, 3.5], false],
        ["1.9", 4, [3.5, 4.5], true],
      ],
    );
    const places = measurements.map(({ environment }) => environment);
    assert.equal(places[0], places[1]);
    assert.notEqual(places[1], places[2]);
    assert.match(
      String(places[0]),
      /^debian 12, cpython 3\.11\.7, x86_64, A processor, 2 processors \([0-9a-f]{8}\)$/,
    );
    assert.deepEqual(
      new Set(measurements.map(({ indicator }) => indicator)),
      new Set(["sum aaaaaaaa (size=10)"]),
    );
  });

  it("advisories that were imported, as soon as they are, and before that those that are shipped", async () => {
    const before = await get<StatusDocument>("/status");
    assert.ok(before.document.knowledge.advisories > 1000);
    assert.ok(before.document.knowledge.rules > 100);
    assert.match(String(before.document.knowledge.newest), /^\d{4}-\d\d-\d\dT/);
    assert.ok((await packageOf("pyyaml")).advisories.length > 0);
    assert.deepEqual((await packageOf("al-pha")).advisories, []);

    const osv = join(home, "osv");
    mkdirSync(osv);
    writeFileSync(join(osv, "one.json"), FLAW);
    const imported = await runCommand("thoth", ["knowledge", "import", osv], {
      home: join(data, "home"),
      env: { XDG_DATA_HOME: undefined },
    });
    assert.equal(imported.status, 0, imported.stderr);

    const { advisories, releases } = await packageOf("al-pha");
    assert.deepEqual(advisories, [
      {
        id: "CVE-2024-1",
        aliases: ["CVE-2024-1", "PYSEC-1"],
        severity: "high",
        summary: "It reads what it should not.",
        link: advisories[0]?.link,
        fixedIn: ["1.10"],
      },
    ]);
    assert.deepEqual(
      releases.map((release) => release.advisories),
      [[], [], ["CVE-2024-1"]],
    );
    const { knowledge } = (await get<StatusDocument>("/status")).document;
    assert.deepEqual([knowledge.advisories, knowledge.newest], [1, "2025-01-01T00:00:00.000Z"]);
  });

  it("rules that mention it, and the table's imports, though no index has it", async () => {
    const { releases, rules, imports } = await packageOf("scikit-learn");
    assert.deepEqual(releases, []);
    assert.ok(rules.length > 0);
    for (const { unit, type, message, link } of rules) {
      assert.match(unit, /^thoth\./);
      assert.match(type, /^(INFO|WARNING|ERROR)$/);
      assert.notEqual(message, "");
      assert.match(link, /^https:/);
    }
    assert.ok(imports.includes("sklearn"));
  });

  it("finds names by a part of them, page by page", async () => {
    await packageOf("al-pha");
    await packageOf("alphabet");
    type Names = { readonly items: readonly string[]; readonly next: string | null };
    assert.deepEqual((await get<Names>("/packages?like=AL_pha")).document, { items: ["al-pha"], next: null });
    const first = (await get<Names>("/packages?like=al&limit=1")).document;
    assert.deepEqual(first, { items: ["al-pha"], next: "al-pha" });
    const second = (await get<Names>("/packages?like=al&limit=1&after=al-pha")).document;
    assert.deepEqual(second, { items: ["alphabet"], next: null });
    assert.deepEqual((await get<Names>("/packages?like=nobody")).document, { items: [], next: null });
  });

  it("404 for what nobody knows, and 503 where the index does not answer", async () => {
    const unknown = await get<{ code: string }>("/packages/nobody-has-this");
    assert.deepEqual([unknown.status, unknown.document.code], [404, "not-found"]);
    assert.equal((await get("/packages/-no-name-")).status, 404);
    index.spoil("/simple/broken/", { kind: "status", status: 500 });
    const broken = await get<{ code: string }>("/packages/broken");
    assert.deepEqual([broken.status, broken.document.code], [503, "index-unreachable"]);
  });

  it("nothing of what a tenant has of its own, to nobody", async () => {
    const { token } = await send<{ token: string }>("POST", "/tenants", {
      token: service.token,
      body: { name: "Theirs" },
    });
    await send("PUT", "/tenant/indexes", { token, body: { indexes: [{ url: hidden.indexUrl }] } });
    const advice = await send<{ products?: readonly object[] }>("POST", "/advice", {
      token,
      body: {
        project: { content: "hidden-one\n", form: "requirements" },
        environment: { pythonVersion: "3.11", platform: "linux" },
      },
    });
    assert.equal(advice.products?.length, 1, JSON.stringify(advice).slice(0, 500));
    for (const who of [undefined, token, service.token]) {
      assert.equal((await get("/packages/hidden-one", who)).status, 404);
      const { document } = await get<{ items: readonly string[] }>("/packages?like=hidden", who);
      assert.deepEqual(document.items, []);
    }
  });
});

interface Sent {
  readonly token?: string | undefined;
  readonly body: object;
}

function wheelOf(name: string, version: string, tag?: string) {
  return buildWheel({ name, version, ...(tag === undefined ? {} : { tag }) });
}

const SEEN = wheelOf("al-pha", "1.10");

const OFFERED = {
  "al-pha": [
    wheelOf("al-pha", "1.9"),
    wheelOf("al-pha", "1.9", "cp311-cp311-manylinux_2_17_x86_64"),
    { artifact: SEEN, uploadTime: null },
    { artifact: wheelOf("al-pha", "2.0"), uploadTime: "2025-02-03T04:05:06Z", yanked: true },
  ],
  alphabet: [wheelOf("alphabet", "1.0")],
  broken: [wheelOf("broken", "1.0")],
  many: Array.from({ length: 1010 }, (_, minor) => wheelOf("many", `1.${minor}`)),
  pyyaml: [wheelOf("pyyaml", "5.3")],
};

/** Of OSV. */
const FLAW = JSON.stringify({
  id: "PYSEC-1",
  aliases: ["CVE-2024-1"],
  summary: "It reads what it should not.",
  modified: "2025-01-01T00:00:00Z",
  published: "2024-01-01T00:00:00Z",
  severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" }],
  affected: [
    {
      package: { ecosystem: "PyPI", name: "al-pha" },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "1.10" }] }],
    },
  ],
});

const PROVENANCE = { source: "test", observedAt: 1_700_000_000, tool: "test" };
const OWNER = normalizeName("al-pha");

function measured(subject: string, more: Partial<MeasurementFact>): Fact<"measurement"> {
  const body: MeasurementFact = {
    version: "1.9",
    indicator: "sum",
    script: "a".repeat(64),
    parameters: { size: "10" },
    metric: "time",
    unit: "s",
    higherIsBetter: false,
    batches: [[3, 3]],
    median: 3,
    interval: [2.5, 3.5],
    outliers: 0,
    stack: [["al-pha", "1.9"]],
    environment: {
      os: { id: "debian", version: "12" },
      python: "cpython 3.11.7",
      machine: "x86_64",
      libc: "glibc 2.36",
      cpu: { model: "A processor", count: 2, features: [] },
      memory: 2 ** 33,
      limits: {},
      missing: [],
      threads: {},
    },
    ...more,
  };
  return { owner: OWNER, kind: "measurement", subject, body, provenance: PROVENANCE };
}

/** The knowledge graph of a service without a server for it. */
async function learn(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const graph = await openGraph(join(folder, "graph.sqlite"));
  const old = measured("1", {});
  const elsewhere = { ...old.body.environment, memory: 2 ** 34 };
  const contents: Fact<"contents"> = {
    owner: OWNER,
    kind: "contents",
    subject: createHash("sha256").update(SEEN.bytes).digest("hex"),
    body: {
      filename: SEEN.filename,
      size: SEEN.bytes.length,
      installedSize: 1,
      files: 3,
      modules: ["alpha", "alpha.inner", "alpha_more"],
      entryPoints: [],
      scripts: [],
      licenseFiles: [],
      libraries: [],
      opaque: [],
    },
    provenance: PROVENANCE,
  };
  const facts = [
    old,
    measured("2", { version: "1.10", median: 2, interval: [1.5, 2.5] }),
    measured("3", { median: 4, interval: [3.5, 4.5], noisy: "it spreads", environment: elsewhere }),
    contents,
  ];
  await graph.write({ changes: facts.map((put) => ({ put })), at: 1_700_000_000, source: "test" });
  await graph.close();
}
