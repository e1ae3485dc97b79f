import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type IndexServer, makeTarGz, makeZip, startIndex } from "@thoth/testkit";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

interface Sketch {
  readonly id: string;
  readonly fixed?: string;
  readonly modified?: string;
  readonly more?: object;
}

function osv({ id, fixed = "2.0", modified = "2026-01-01T00:00:00Z", more = {} }: Sketch) {
  const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }];
  const affected = [{ package: { ecosystem: "PyPI", name: "beta" }, ranges }];
  return { name: `${id}.json`, data: JSON.stringify({ id, modified, affected, ...more }) };
}

const FIRST = [osv({ id: "GHSA-1" }), osv({ id: "GHSA-2" }), osv({ id: "GHSA-3" })];
const MALWARE = {
  affected: [{ package: { ecosystem: "PyPI", name: "beta" }, versions: ["2.0"] }],
  aliases: ["GHSA-9"],
};
const SECOND = [
  osv({ id: "GHSA-1", fixed: "1.0", modified: "2026-02-01T00:00:00Z" }),
  osv({ id: "GHSA-2", more: { withdrawn: "2026-02-01T00:00:00Z" } }),
  osv({ id: "GHSA-3" }),
  osv({ id: "MAL-1", more: MALWARE }),
];

describe("thoth knowledge refresh", () => {
  let shop: Workshop;
  let server: IndexServer;
  let data: string;

  const serve = (bytes: Uint8Array) => server.offer("all", [{ filename: "all", bytes, metadata: "" }]);
  const refresh = (...words: readonly string[]) =>
    shop.run("thoth", ["knowledge", "refresh", "--json", ...words], {
      env: { THOTH_ADVISORY_SOURCE: server.urlOf("all") },
    });
  const stateOf = () =>
    readdirSync(data).map((name) => {
      const { ino, mtimeMs } = statSync(join(data, name));
      return [name, ino, mtimeMs, readFileSync(join(data, name)).toString("base64")];
    });

  before(async () => {
    shop = await openWorkshop();
    server = await startIndex();
    data = join(shop.home, "data", "thoth");
  });
  after(async () => {
    await server.close();
    await shop.close();
  });

  it("brings what a server has, and says so", async () => {
    serve(makeZip(FIRST));
    const document = documentOf(await refresh(), "thoth knowledge");
    assert.equal(document["origin"], "refreshed");
    assert.equal(document["source"], server.urlOf("all"));
    assert.equal(document["advisories"], 3);
    const { outcome, added, before: former } = document["refresh"] as Record<string, unknown>;
    assert.deepEqual([outcome, added], ["changed", 3]);
    assert.ok((former as { advisories: number }).advisories > 1000);
  });

  it("asks once where nothing has changed, and writes nothing", async () => {
    const state = stateOf();
    const asked = server.requests.length;
    const { refresh: told } = documentOf(await refresh(), "thoth knowledge") as {
      refresh: Record<string, unknown>;
    };
    assert.deepEqual(
      [told["outcome"], told["added"], told["changed"], told["withdrawn"]],
      ["unchanged", 0, 0, 0],
    );
    assert.deepEqual(
      server.requests.slice(asked).map(({ status }) => status),
      [304],
    );
    assert.deepEqual(stateOf(), state);
  });

  it("tells what is new, changed and withdrawn", async () => {
    serve(makeTarGz(SECOND));
    const { refresh: told, advisories } = documentOf(await refresh(), "thoth knowledge") as {
      refresh: Record<string, unknown>;
      advisories: number;
    };
    assert.deepEqual([told["added"], told["changed"], told["withdrawn"], advisories], [1, 1, 1, 3]);
    const words = await shop.run("thoth", ["knowledge", "status"]);
    assert.ok(words.stdout.includes(`(refreshed from ${server.urlOf("all")})`), words.stdout);
  });

  it("forbids malware from then on", async () => {
    shop.write("requirements.in", "beta\n");
    const words = ["lock", "requirements.in", "--format", "json"];
    const { packages } = (await shop.run("thoth", words)).json as { packages: readonly object[] };
    assert.deepEqual(
      packages.map((one) => (one as { version: string }).version),
      ["1.0"],
    );
  });

  it("leaves everything as it was where it fails", async () => {
    const state = stateOf();
    serve(makeZip([...SECOND, osv({ id: "GHSA-5" })]));
    for (const [fault, code] of [
      [{ kind: "cut", after: 50 }, "index-unreachable"],
      [{ kind: "body", body: "<html>Sign in</html>" }, "index-response-invalid"],
      [{ kind: "body", body: makeZip(FIRST).subarray(0, -9) }, "index-response-invalid"],
      [{ kind: "body", body: makeZip([{ name: "a.txt", data: "" }]) }, "index-response-invalid"],
    ] as const) {
      server.spoil("/files/all", fault);
      const result = await refresh();
      assert.equal(result.status, 3);
      assert.equal(codeOf(result), code);
    }
    server.spoil("/files/all");
    assert.deepEqual(stateOf(), state);
  });

  it("refuses what is older than what is here", async () => {
    const state = stateOf();
    serve(makeZip(FIRST));
    assert.equal(codeOf(await refresh()), "index-response-invalid");
    assert.deepEqual(stateOf(), state);
  });

  it("can be interrupted, and killed", async () => {
    const state = stateOf();
    server.spoil("/files/all", { kind: "slow", bytes: 20, everyMs: 100 });
    for (const [signal, status] of [
      ["SIGINT", 130],
      ["SIGKILL", 137],
    ] as const) {
      const asked = server.requests.length;
      const result = await shop.run("thoth", ["knowledge", "refresh", server.urlOf("all")], {
        started: ({ child }) => {
          const wait = setInterval(() => {
            if (server.requests.length === asked) return;
            clearInterval(wait);
            child.kill(signal);
          }, 20);
        },
      });
      assert.equal(result.status, status);
      assert.deepEqual(stateOf(), state);
      const left = join(shop.home, "cache", "thoth", "advisories");
      if (signal === "SIGINT") assert.deepEqual(readdirSync(left), []);
    }
    server.spoil("/files/all");
  });

  it("asks for everything after another import", async () => {
    shop.write("one.json", osv({ id: "GHSA-7" }).data);
    const imported = await shop.run("thoth", ["knowledge", "import", "one.json", "--json"]);
    assert.equal(documentOf(imported, "thoth knowledge")["origin"], "imported");
    const asked = server.requests.length;
    assert.equal(documentOf(await refresh(), "thoth knowledge")["origin"], "refreshed");
    assert.deepEqual(
      server.requests.slice(asked).map(({ status }) => status),
      [200],
    );
  });

  it("asks nothing offline, and knows what a source is", async () => {
    const asked = server.requests.length;
    assert.equal(codeOf(await refresh("--offline")), "index-unreachable");
    assert.equal(codeOf(await refresh("one.json")), "usage");
    assert.equal(codeOf(await refresh("file:///one.zip")), "usage");
    assert.equal(codeOf(await refresh(server.urlOf("all"), server.urlOf("all"))), "usage");
    assert.equal(codeOf(await refresh("--timeout", "soon")), "usage");
    assert.equal(server.requests.length, asked);
  });

  it("is what old knowledge is told to be helped by", async () => {
    const result = await shop.run("thoth", ["knowledge", "status", "--json"], {
      env: { THOTH_DATA_DIR: join(shop.home, "empty") },
    });
    const document = documentOf(result, "thoth knowledge");
    assert.equal(document["origin"], "shipped");
    assert.match(String(document["unknown"]), /`thoth knowledge refresh`/);
    assert.ok(!existsSync(join(shop.home, "empty")));
  });
});
