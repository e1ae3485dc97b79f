import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ThothError } from "@thoth/pep";
import { makeTar, makeTarGz, makeZip } from "@thoth/testkit";
import { type AdvisoryDocuments, type ReadAdvisoriesOptions, readAdvisories } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "thoth-advisories-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const json = (id: string) =>
  JSON.stringify({
    id,
    modified: "2024-01-02T03:04:05Z",
    affected: [{ package: { ecosystem: "PyPI", name: "sample" }, versions: ["1.10"] }],
  });
const yaml = (id: string) => `id: ${id}
modified: 2024-01-02T03:04:05Z
withdrawn:
affected:
- package: {ecosystem: PyPI, name: sample}
  ranges:
  - type: ECOSYSTEM
    events:
    - introduced: 0
    - fixed: 1.10
  versions:
  - 1.0
`;

let count = 0;

/** Reads a file of these bytes, or a folder of these files. */
async function readOf(
  name: string,
  content: string | Uint8Array | Readonly<Record<string, string>>,
  options?: ReadAdvisoriesOptions,
): Promise<AdvisoryDocuments> {
  const path = join(folder, String(count++), name);
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(path, content);
  else {
    for (const [member, text] of Object.entries(content)) {
      mkdirSync(dirname(join(path, member)), { recursive: true });
      writeFileSync(join(path, member), text);
    }
  }
  return await readAdvisories(path, options);
}

const idsOf = ({ advisories }: AdvisoryDocuments) => advisories.map(({ id }) => id);

async function assertFails(promise: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof ThothError && error.code === code);
}

const members = [
  { name: "README.md", data: "Not a document" },
  { name: "a/PYSEC-1.yaml", data: yaml("PYSEC-1") },
  { name: "GHSA-1.json", data: json("GHSA-1") },
  { name: "../../MAL-1.json", data: json("MAL-1") },
  { name: "broken.json", data: "{" },
];

suite("advisories from files", () => {
  test("one document of JSON or YAML", async () => {
    assert.deepEqual(idsOf(await readOf("a.json", `\ufeff${json("CVE-1")}`)), ["CVE-1"]);
    const { advisories } = await readOf("a.yml", yaml("PYSEC-1"));
    assert.equal(advisories[0]?.modified, Date.UTC(2024, 0, 2, 3, 4, 5) / 1000);
    assert.equal(advisories[0]?.withdrawn, false);
    assert.deepEqual(advisories[0]?.affected, [
      {
        name: "sample",
        versions: ["1.0"],
        ranges: [
          [
            { kind: "introduced", version: "0" },
            { kind: "fixed", version: "1.10" },
          ],
        ],
        vectors: [],
      },
    ]);
  });

  test("a folder with folders in it, in order; hidden ones and links are left alone", async () => {
    const files = {
      "b/2.json": json("B-2"),
      "b/c/1.yaml": yaml("BC-1"),
      "a.json": json("A"),
      ".git/x.json": json("HIDDEN"),
      "notes.txt": "",
    };
    const found = await readOf("folder", files);
    assert.deepEqual(idsOf(found), ["A", "B-2", "BC-1"]);
    assert.equal(found.documents, 3);
    const linked = join(folder, "linked");
    mkdirSync(linked);
    symlinkSync(join(folder, String(count - 1), "folder"), join(linked, "folder"));
    symlinkSync(join(folder, String(count - 1), "folder", "a.json"), join(linked, "a.json"));
    assert.deepEqual(idsOf(await readAdvisories(linked)), []);
  });

  test("archives: names are only labels", async () => {
    const archives = {
      "all.zip": makeZip(members),
      "all.tar": makeTar(members),
      "all.tar.gz": makeTarGz(members),
      "ALL.TGZ": makeTarGz(members),
    };
    for (const [name, bytes] of Object.entries(archives)) {
      const found = await readOf(name, bytes);
      assert.deepEqual(idsOf(found), ["PYSEC-1", "GHSA-1", "MAL-1"], name);
      assert.deepEqual(found.skipped, [{ name: "broken.json", reason: "it is not valid JSON" }]);
      assert.equal(found.documents, 4);
    }
  });

  test("many small members", async () => {
    const many = Array.from({ length: 1200 }, (_, at) => ({ name: `${at}.json`, data: json(`CVE-${at}`) }));
    const news: number[] = [];
    const found = await readOf("all.zip", makeZip(many), { onProgress: (documents) => news.push(documents) });
    assert.equal(found.advisories.length, 1200);
    assert.deepEqual(news, [500, 1000, 1200]);
  });

  test("what cannot be used is skipped with a reason", async () => {
    const bomb = `a: &a [x, x]\n${"bcdefghi".replace(/./g, (key) => `${key}: &${key} [*${String.fromCharCode(key.charCodeAt(0) - 1)}, *${String.fromCharCode(key.charCodeAt(0) - 1)}]\n`)}`;
    const skipped = {
      "alias-bomb.yaml": bomb.repeat(1),
      "deep-flow.yaml": "[".repeat(100_000),
      "deep-block.yaml": "- ".repeat(20_000),
      "no-package.yaml": "id: 1\nid: 2\n",
      "long.yaml": `${yaml("LONG-1")}details: ${"x".repeat(1024 * 1024)}`,
      "empty.json": "",
      "escape\u001b[2J.json": "[]",
      "two.yaml": `${yaml("A")}---\n${yaml("B")}`,
    };
    const found = await readOf("folder", skipped);
    assert.deepEqual(idsOf(found), []);
    assert.equal(found.skipped.length, Object.keys(skipped).length);
    assert.ok(found.skipped.every(({ name, reason }) => reason !== "" && !name.includes("\u001b")));
  });

  test("bytes that are no UTF-8, and keys of the prototype", async () => {
    const latin = await readOf(
      "a.json",
      Buffer.from(json("CVE-1").replace("sample", "s\u00e4mple"), "latin1"),
    );
    assert.equal(latin.skipped[0]?.reason, "it is not UTF-8");
    assert.deepEqual(idsOf(await readOf("a.yaml", `__proto__: {id: X}\n${yaml("PYSEC-1")}`)), ["PYSEC-1"]);
  });

  test("a document that is too large is skipped, in a tar it is an error", async () => {
    const large = { name: "large.json", data: `"${"x".repeat(5 * 1024 * 1024)}"` };
    const zip = await readOf("a.zip", makeZip([large, { name: "b.json", data: json("B") }]));
    assert.deepEqual([idsOf(zip), zip.skipped.length], [["B"], 1]);
    assert.equal((await readOf("large.json", large.data)).skipped.length, 1);
    await assertFails(readOf("a.tar", makeTar([large])), "limit-exceeded");
  });

  test("damaged archives", async () => {
    const zip = makeZip(members);
    const tar = makeTar(members);
    await assertFails(readOf("a.zip", zip.subarray(0, -30)), "index-response-invalid");
    await assertFails(readOf("a.zip", "no archive"), "index-response-invalid");
    await assertFails(readOf("a.tar", tar.subarray(0, 3000)), "index-response-invalid");
    await assertFails(readOf("a.tar", Buffer.alloc(1024, "x")), "index-response-invalid");
    await assertFails(readOf("a.tgz", tar), "index-response-invalid");
    await assertFails(readOf("a.tgz", gzipSync(tar).subarray(0, -20)), "index-response-invalid");
    const lies = [{ name: "a.json", data: json("A"), lies: { crc: 1 } }];
    await assertFails(readOf("a.zip", makeZip(lies)), "index-response-invalid");
  });

  test("what is not there, or of another kind", async () => {
    await assertFails(readAdvisories(join(folder, "nothing.zip")), "file-failed");
    await assertFails(readOf("a.txt", "text"), "file-failed");
  });

  test("it can be stopped", async () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    for (const [name, bytes] of [
      ["a.zip", makeZip(members)],
      ["a.tar.gz", makeTarGz(members)],
      ["a.json", json("A")],
    ] as const) {
      await assert.rejects(readOf(name, bytes, { signal }), (error) => error === reason);
    }
  });
});
