import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { suite, type TestContext, test } from "node:test";
import type { ProjectRecord } from "@thoth/knowledge";
import { openStore } from "../src/index.ts";
import { conform, INDEX, metadataOf, recordBytes, VALIDATORS } from "./conformance.ts";

function temporaryFile(): string {
  return join(mkdtempSync(join(tmpdir(), "thoth-store-")), "knowledge.sqlite");
}

conform("the store in a SQLite file", () => {
  const path = temporaryFile();
  return {
    open: () => openStore(path),
    remove: () => rmSync(join(path, ".."), { recursive: true, force: true }),
  };
});

suite("a SQLite file", () => {
  const key = { index: INDEX, name: "foo" };

  function place(context: TestContext): string {
    const path = temporaryFile();
    context.after(() => rmSync(join(path, ".."), { recursive: true, force: true }));
    return path;
  }

  test("that is damaged is moved aside with one warning, and a new one begun", (t) => {
    for (const damage of ["not a database".repeat(1000), "SQLite format 3\0 and then nonsense".repeat(300)]) {
      const path = place(t);
      writeFileSync(path, damage);
      const warnings: string[] = [];
      const store = openStore(path, { warn: (message) => warnings.push(message) });
      assert.equal(store.loadProject(key), undefined);
      store.saveProject(key, recordBytes("foo"), VALIDATORS);
      store.close();
      const again = openStore(path, { warn: (message) => warnings.push(message) });
      assert.equal(again.loadProject(key)?.record?.fileCount, 100);
      again.close();
      assert.equal(warnings.length, 1);
      assert.equal(readFileSync(`${path}.damaged`, "utf8"), damage);
    }
  });

  test("damaged in its middle loses what it kept and nothing else", (t) => {
    const path = place(t);
    const store = openStore(path);
    for (let at = 0; at < 40; at++)
      store.saveProject({ index: INDEX, name: `p${at}` }, recordBytes(`p${at}`), VALIDATORS);
    store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 8192, bytes.length - 4096);
    writeFileSync(path, bytes);
    const warnings: string[] = [];
    const again = openStore(path, { warn: (message) => warnings.push(message) });
    for (let at = 0; at < 40; at++) again.loadProject({ index: INDEX, name: `p${at}` });
    again.saveProject(key, recordBytes("foo"), VALIDATORS);
    again.close();
    const last = openStore(path);
    assert.equal(last.loadProject(key)?.record?.fileCount, 100);
    last.close();
    assert.ok(warnings.length >= 1);
  });

  test("of a newer Thoth is left alone", (t) => {
    const path = place(t);
    openStore(path).close();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    const warnings: string[] = [];
    const store = openStore(path, { warn: (message) => warnings.push(message) });
    store.saveProject(key, recordBytes("foo"), VALIDATORS);
    assert.equal(store.loadProject(key)?.record?.fileCount, 100);
    store.close();
    assert.equal(warnings.length, 1);
    const after = new DatabaseSync(path);
    assert.equal(after.prepare("PRAGMA user_version").get()?.["user_version"], 99);
    after.close();
  });

  test("in a place that cannot be written keeps everything in memory", (t) => {
    const path = place(t);
    writeFileSync(join(path, "..", "file"), "");
    const warnings: string[] = [];
    const store = openStore(join(path, "..", "file", "knowledge.sqlite"), {
      warn: (message) => warnings.push(message),
    });
    store.saveProject(key, recordBytes("foo"), VALIDATORS);
    const record = store.loadProject(key)?.record as ProjectRecord;
    store.saveMetadata(record, 3, metadataOf("foo", ["bar"]));
    store.flush();
    assert.deepEqual(store.loadMetadata(record, 3), metadataOf("foo", ["bar"]));
    store.close();
    assert.equal(warnings.length, 1);
  });

  test("is written by two processes at once without losing anything", { timeout: 60_000 }, async (t) => {
    const path = place(t);
    const program = `
      import { openStore } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      import { recordBytes, metadataOf, INDEX, VALIDATORS } from ${JSON.stringify(new URL("./conformance.ts", import.meta.url).href)};
      import { ProjectRecord } from "@thoth/knowledge";
      const [path, letter] = process.argv.slice(1);
      const store = openStore(path, { warn: (message) => { console.error(message); process.exitCode = 1; } });
      for (let at = 0; at < 30; at++) {
        const bytes = recordBytes(letter + at, 10);
        store.saveProject({ index: INDEX, name: letter + at }, bytes, VALIDATORS);
        store.saveProject({ index: INDEX, name: "shared" }, recordBytes("shared", 10 + at), VALIDATORS);
        store.saveMetadata(new ProjectRecord(bytes), 0, metadataOf(letter + at, ["bar"]));
        store.flush();
      }
      store.close();`;
    const run = (letter: string) =>
      new Promise<number | null>((resolve) => {
        const words = [
          "--disable-warning=ExperimentalWarning",
          "--input-type=module-typescript",
          "-e",
          program,
          path,
          letter,
        ];
        spawn(process.execPath, words, {
          cwd: new URL("..", import.meta.url),
          stdio: ["ignore", "ignore", "inherit"],
        }).on("exit", resolve);
      });
    assert.deepEqual(await Promise.all([run("a"), run("b")]), [0, 0]);
    const store = openStore(path);
    for (const letter of ["a", "b"]) {
      for (let at = 0; at < 30; at++) {
        const record = store.loadProject({ index: INDEX, name: letter + at })?.record as ProjectRecord;
        assert.equal(record.filename(0), `${letter}${at}-9.0-py3-none-any.whl`);
        assert.deepEqual(store.loadMetadata(record, 0), metadataOf(letter + at, ["bar"]));
      }
    }
    assert.equal(store.loadProject({ index: INDEX, name: "shared" })?.record?.fileCount, 39);
    store.close();
  });

  test("forgets replaced pages after a day, and not before", (t) => {
    const path = place(t);
    let now = 1_000_000;
    const store = openStore(path, { now: () => now });
    const blocks = () => {
      const database = new DatabaseSync(path, { readOnly: true });
      const found = database.prepare("SELECT count(*) AS n FROM blocks").get()?.["n"];
      database.close();
      return found;
    };
    for (let round = 0; round < 3; round++) {
      store.saveProject(key, recordBytes("foo", 60), VALIDATORS);
      store.flush();
    }
    assert.equal(blocks(), 3);
    now += 25 * 3600;
    store.saveProject({ index: INDEX, name: "bar" }, recordBytes("bar", 60), VALIDATORS);
    store.flush();
    assert.equal(blocks(), 2);
    store.close();
    assert.deepEqual(readdirSync(join(path, "..")), ["knowledge.sqlite"]);
  });
});
