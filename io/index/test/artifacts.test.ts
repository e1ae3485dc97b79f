import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { buildWheel, type Fault, startIndex } from "@thoth/testkit";
import { codeOf, failureOf, openRig, temporaryFolder } from "./rig.ts";

const wheel = buildWheel({ name: "foo", version: "1.0", files: { "foo.bin": randomBytes(3_000_000) } });
const sha256 = createHash("sha256").update(wheel.bytes).digest("hex");
const { filename } = wheel;

/** Files below the cache but the store's. */
async function leftovers(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, "artifacts"), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

suite("artifacts", () => {
  test("are fetched once, verified, and found again by their hash", async (t) => {
    const index = await startIndex({ projects: { foo: [wheel] } });
    t.after(() => index.close());
    const { session, folder, events } = await openRig(t, { indexes: [index.indexUrl] });
    const request = { filename, url: index.urlOf(filename), hashes: { sha256 }, size: wheel.bytes.length };
    const [one, two] = await Promise.all([session.artifact(request), session.artifact(request)]);
    assert.equal(one, two);
    assert.equal(basename(one), filename);
    assert.deepEqual(await readFile(one), Buffer.from(wheel.bytes));
    assert.equal(await session.artifact(request), one);
    assert.equal(index.requests.length, 1);
    assert.ok(events.some((event) => event.kind === "download" && event.received === wheel.bytes.length));
    assert.deepEqual(await leftovers(folder), [filename]);
    const found = await session.fetchArtifact({ filename, url: index.urlOf(filename), hashes: {} });
    assert.equal(found.sha256, sha256);
  });

  test("of another content are refused, with file, expected and found", async (t) => {
    const index = await startIndex({ projects: { foo: [wheel] } });
    t.after(() => index.close());
    const { session, folder } = await openRig(t, { indexes: [index.indexUrl] });
    const url = index.urlOf(filename);
    const failure = await failureOf(() =>
      session.artifact({ filename, url, hashes: { sha256: "0".repeat(64) } }),
    );
    assert.equal(failure.code, "hash-mismatch");
    assert.deepEqual(
      { ...failure.details, host: "" },
      { file: filename, host: "", algorithm: "sha256", expected: "0".repeat(64), found: sha256 },
    );
    const weak = { sha256, md5: "0".repeat(32) };
    assert.equal(await codeOf(() => session.artifact({ filename, url, hashes: weak })), "hash-mismatch");
    assert.deepEqual(await leftovers(folder), []);
  });

  test("damaged in the cache are fetched anew", async (t) => {
    const index = await startIndex({ projects: { foo: [wheel] } });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    const request = { filename, url: index.urlOf(filename), hashes: { sha256 } };
    const path = await session.artifact(request);
    await writeFile(path, "damaged");
    assert.equal(await session.artifact(request), path);
    assert.deepEqual(await readFile(path), Buffer.from(wheel.bytes));
  });

  test("cut off are gone on with where they ended", async (t) => {
    const faults: Fault[] = [
      { kind: "cut", after: 2_000_000, times: 1 },
      { kind: "reset", after: 1_500_000, times: 2 },
      { kind: "status", status: 503, times: 1 },
    ];
    for (const fault of faults) {
      for (const ranges of ["honoured", "ignored"] as const) {
        const index = await startIndex({
          projects: { foo: [wheel] },
          ranges,
          faults: { [`/files/${filename}`]: fault },
        });
        t.after(() => index.close());
        const { session } = await openRig(t, { indexes: [index.indexUrl] });
        const path = await session.artifact({ filename, url: index.urlOf(filename), hashes: { sha256 } });
        assert.deepEqual(await readFile(path), Buffer.from(wheel.bytes), JSON.stringify(fault));
        await index.close();
      }
    }
  });

  test("longer than they should be are refused, and nothing is left", async (t) => {
    const flood: Fault = { kind: "flood", size: 50_000_000 };
    const index = await startIndex({ projects: { foo: [wheel] }, faults: { [`/files/${filename}`]: flood } });
    t.after(() => index.close());
    const { session, folder } = await openRig(t, {
      indexes: [index.indexUrl],
      limits: { artifactBytes: 4_000_000 },
    });
    const url = index.urlOf(filename);
    assert.equal(await codeOf(() => session.artifact({ filename, url, hashes: {} })), "limit-exceeded");
    assert.equal(
      await codeOf(() => session.artifact({ filename, url, hashes: {}, size: 1000 })),
      "limit-exceeded",
    );
    assert.deepEqual(await leftovers(folder), []);
  });

  test("that come too slowly are given up", async (t) => {
    const slow: Fault = { kind: "slow", bytes: 10, everyMs: 50 };
    const index = await startIndex({ projects: { foo: [wheel] }, faults: { [`/files/${filename}`]: slow } });
    t.after(() => index.close());
    const limits = { requestSeconds: 0.5, slowestRate: 10_000_000, stallSeconds: 5 };
    const { session, folder } = await openRig(t, { indexes: [index.indexUrl], limits });
    const request = { filename, url: index.urlOf(filename), hashes: { sha256 }, size: wheel.bytes.length };
    assert.equal(await codeOf(() => session.artifact(request)), "index-unreachable");
    assert.deepEqual(await leftovers(folder), []);
  });

  test("that are not there, or need a password, are said to", async (t) => {
    const index = await startIndex({
      projects: { foo: [wheel] },
      faults: { "/files/secret.whl": { kind: "status", status: 403 } },
    });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    const fetch = (path: string) => () =>
      session.artifact({ filename, url: `${index.origin}${path}`, hashes: {} });
    assert.equal(await codeOf(fetch("/files/nothing.whl")), "index-response-invalid");
    assert.equal(await codeOf(fetch("/files/secret.whl")), "unauthorized");
  });

  test("with names that are paths are refused", async (t) => {
    const { session } = await openRig(t);
    for (const name of ["../x.whl", "a/b.whl", "..", "", "a\\b", "x\0"]) {
      assert.equal(
        await codeOf(() => session.artifact({ filename: name, url: "http://127.0.0.1:1/", hashes: {} })),
        "path-escape",
      );
    }
  });

  test("of this machine are copied and verified likewise", async (t) => {
    const source = await temporaryFolder(t);
    const path = join(source, filename);
    await writeFile(path, wheel.bytes);
    const { session, folder } = await openRig(t, { offline: true });
    const url = pathToFileURL(path).href;
    const copy = await session.artifact({ filename, url, hashes: { sha256 } });
    assert.notEqual(copy, path);
    await rm(path);
    assert.deepEqual(await readFile(copy), Buffer.from(wheel.bytes));
    assert.equal(await codeOf(() => session.artifact({ filename, url, hashes: {} })), "file-failed");
    assert.deepEqual(await leftovers(folder), [filename]);
  });

  test("offline come from the cache, or not at all", async (t) => {
    const { session } = await openRig(t, { offline: true });
    const request = { filename, url: "https://packages.test/foo.whl", hashes: { sha256 } };
    assert.equal(await codeOf(() => session.artifact(request)), "index-unreachable");
  });

  test("half fetched by a process that died are swept away after a day", async (t) => {
    const index = await startIndex({ projects: { foo: [wheel] } });
    t.after(() => index.close());
    const { session, folder } = await openRig(t, { indexes: [index.indexUrl] });
    const partial = join(folder, "artifacts", "partial");
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, "old"), "x");
    await writeFile(join(partial, "new"), "x");
    const before = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    await utimes(join(partial, "old"), before, before);
    await session.artifact({ filename, url: index.urlOf(filename), hashes: { sha256 } });
    assert.deepEqual((await readdir(partial)).sort(), ["new"]);
  });

  test("where the cache cannot be written are an error, and nothing is left behind", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, "artifacts"), "a file where a folder should be");
    const index = await startIndex({ projects: { foo: [wheel] } });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl], cacheDirectory: folder });
    const failure = await failureOf(() =>
      session.artifact({ filename, url: index.urlOf(filename), hashes: {} }),
    );
    assert.equal(failure.code, "file-failed");
    assert.deepEqual(await readdir(folder), ["artifacts"]);
  });

  const noUlimit = process.platform === "win32" && "needs a shell with ulimit";
  test("that the disk has no room for are an error, and nothing is left behind", {
    skip: noUlimit,
  }, async (t) => {
    const folder = await temporaryFolder(t);
    const index = await startIndex({ projects: { foo: [wheel] } });
    t.after(() => index.close());
    const program = `
      import { IndexSession } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      import { openStore } from "@thoth/store";
      const session = new IndexSession({ indexes: [], findLinks: [], store: openStore(":memory:"), variables: {},
        cacheDirectory: ${JSON.stringify(folder)}, offline: false, allowBuild: false });
      const file = { filename: ${JSON.stringify(filename)}, url: ${JSON.stringify(index.urlOf(filename))}, hashes: {} };
      await session.artifact(file).then(() => console.log("done"), (error) => console.log(error.code, error.details.reason));
      await session.close();`;
    const words = ["--disable-warning=ExperimentalWarning", "--input-type=module-typescript", "-e", program];
    // No file of this process may grow beyond 1 MiB.
    const script = 'trap "" XFSZ; ulimit -f 2048; exec "$@"';
    const child = spawn("sh", ["-c", script, "sh", process.execPath, ...words], {
      cwd: new URL("..", import.meta.url),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    await once(child, "close");
    assert.match(output, /^file-failed (?:EFBIG|ENOSPC)\n$/);
    assert.deepEqual(await leftovers(folder), []);
  });
});
