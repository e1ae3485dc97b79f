// What a lock read is kept for the next of the kind, and given up as soon as anything may have changed.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { buildWheel, type IndexServer, runCommand, startIndex } from "@thoth/testkit";

const fromSource = process.env["THOTH_FROM_SOURCE"] === "1";
const skip = fromSource ? "the sources keep no excerpts" : false;

interface Bench {
  readonly index: IndexServer;
  /** Pins of a lock of these requirements, and whether the store was opened. */
  lock(requirements: string, ...words: string[]): Promise<{ pins: string; opened: boolean }>;
  readonly excerpts: string;
}

const wheel = (name: string, version: string, requires: string[] = []) =>
  buildWheel({ name, version, requires });

/** `cacheControl` says how long pages stay fresh. */
async function open(t: TestContext, cacheControl: string): Promise<Bench> {
  const home = mkdtempSync(join(tmpdir(), "thoth-excerpts-"));
  const cache = join(home, "kept");
  mkdirSync(cache);
  const projects = {
    alpha: [wheel("alpha", "1.0", ["beta"]), wheel("alpha", "2.0", ["beta>=2"])],
    beta: [wheel("beta", "1.0"), wheel("beta", "2.0")],
  };
  const index = await startIndex({ projects, cacheControl });
  t.after(async () => {
    await index.close();
    rmSync(home, { recursive: true, force: true });
  });
  const store = join(cache, "knowledge.sqlite");
  return {
    index,
    excerpts: join(cache, "excerpts"),
    async lock(requirements, ...words) {
      const args = ["lock", "-", "--format", "json", "--index-url", index.indexUrl, "--cache-dir", cache];
      const done = await runCommand("thoth", [...args, ...words], { home, stdin: requirements });
      assert.equal(done.status, 0, done.stderr);
      const { packages } = done.json as { packages: { name: string; version: string }[] };
      // A new file keeps no log; whoever opens it next turns the log on, which its header says.
      return {
        pins: packages.map(({ name, version }) => `${name} ${version}`).join(", "),
        opened: readFileSync(store)[18] === 2,
      };
    },
  };
}

describe("an excerpt", { skip }, () => {
  it("answers the same question without the store", async (t) => {
    const bench = await open(t, "max-age=600");
    const first = { pins: "alpha 2.0, beta 2.0", opened: false };
    assert.deepEqual(await bench.lock("alpha"), first);
    const asked = bench.index.requests.length;
    assert.deepEqual(await bench.lock("alpha"), first);
    assert.deepEqual(await bench.lock("alpha", "--offline"), first);
    assert.equal(bench.index.requests.length, asked);
    // The same packages with a bound that nobody has seen: the record tells.
    assert.deepEqual(await bench.lock("alpha<2"), { pins: "alpha 1.0, beta 2.0", opened: true });
  });

  it("is given up when a page is fetched anew, by whatever command", async (t) => {
    const bench = await open(t, "no-cache");
    assert.equal((await bench.lock("alpha")).pins, "alpha 2.0, beta 2.0");
    bench.index.offer("beta", [wheel("beta", "1.0"), wheel("beta", "2.0"), wheel("beta", "3.0")]);
    assert.equal((await bench.lock("alpha", "--offline")).pins, "alpha 2.0, beta 2.0");
    assert.equal((await bench.lock("beta")).pins, "beta 3.0");
    assert.equal((await bench.lock("alpha", "--offline")).pins, "alpha 2.0, beta 3.0");
    bench.index.offer("beta", [wheel("beta", "2.5")]);
    assert.equal((await bench.lock("alpha")).pins, "alpha 2.0, beta 2.5");
  });

  it("is given up when other flaws are known, as many and as old", async (t) => {
    const bench = await open(t, "max-age=600");
    const advisories = join(bench.excerpts, "..", "osv.json");
    const tell = (name: string) => {
      const facts = { id: "PYSEC-1", modified: "2024-01-01T00:00:00Z", published: "2024-01-01T00:00:00Z" };
      const affected = [{ package: { ecosystem: "PyPI", name }, versions: ["2.0"] }];
      writeFileSync(advisories, JSON.stringify({ ...facts, affected }));
    };
    const words = ["--advisories", advisories, "--objective", "vulnerability(all), lag(direct)"];
    tell("alpha");
    assert.equal((await bench.lock("alpha", ...words)).pins, "alpha 1.0, beta 2.0");
    tell("betas");
    assert.equal((await bench.lock("alpha", ...words)).pins, "alpha 2.0, beta 2.0");
  });

  it("that is damaged, or made for another question, is not read", async (t) => {
    const bench = await open(t, "max-age=600");
    await bench.lock("alpha");
    const [name = ""] = readdirSync(bench.excerpts);
    const path = join(bench.excerpts, name);
    const whole = readFileSync(path);
    const damages = [
      whole.subarray(0, whole.length - 1),
      Buffer.alloc(0),
      Buffer.alloc(whole.length),
      Buffer.from("nonsense".repeat(2)),
      Buffer.concat([Buffer.from([255, 255, 255, 255]), Buffer.from([255, 255, 255, 255])]),
      whole.map((byte, at) => (at === whole.length >> 2 ? byte ^ 0xff : byte)),
    ];
    for (const damage of damages) {
      writeFileSync(path, damage);
      assert.equal((await bench.lock("alpha", "--offline")).pins, "alpha 2.0, beta 2.0");
    }
    await bench.lock("alpha");
    assert.equal(
      (await bench.lock("alpha", "--python-version", "3.9", "--offline")).pins,
      "alpha 2.0, beta 2.0",
    );
    assert.equal(readdirSync(bench.excerpts).length, 2);
  });
});
