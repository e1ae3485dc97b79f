import assert from "node:assert/strict";
import { test } from "node:test";
import { type DirectUrl, formatDirectUrl, parseDirectUrl } from "../src/direct-url.ts";
import { failureOf } from "./failure.ts";

const samples: readonly DirectUrl[] = [
  { kind: "archive", url: "https://x.example/a-1.zip", hashes: { sha256: "aa", md5: "bb" } },
  { kind: "archive", url: "https://x.example/a-1.zip", subdirectory: "b/c", hashes: {} },
  { kind: "directory", url: "file:///home/u/a", editable: true },
  { kind: "directory", url: "file:///home/u/a", editable: false },
  {
    kind: "repository",
    url: "https://x.example/a.git",
    system: "git",
    commitId: "7921b",
    requestedRevision: "v1",
  },
  { kind: "repository", url: "ssh://git@x.example/a", system: "git", commitId: "7921b" },
];

test("what is written is read", () => {
  for (const sample of samples) {
    const read = parseDirectUrl(formatDirectUrl(sample));
    assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(sample)));
  }
  assert.equal(
    formatDirectUrl(samples[4]!),
    '{"url":"https://x.example/a.git","vcs_info":{"vcs":"git","requested_revision":"v1","commit_id":"7921b"}}',
  );
});

test("the old digest counts where there is no other", () => {
  const read = (info: string) => {
    const direct = parseDirectUrl(`{"url": "https://x.example/a.zip", "archive_info": ${info}}`);
    return direct.kind === "archive" ? { ...direct.hashes } : undefined;
  };
  assert.deepEqual(read('{"hash": "sha256=aa"}'), { sha256: "aa" });
  assert.deepEqual(read('{"hash": "sha256=aa", "hashes": {"sha256": "bb", "md5": "cc"}}'), {
    sha256: "bb",
    md5: "cc",
  });
  assert.deepEqual(read("{}"), {});
});

test("credentials are not written", () => {
  const written = (url: string) =>
    JSON.parse(formatDirectUrl({ kind: "directory", url, editable: false })).url;
  assert.equal(written("https://user:p@ss@x.example/a@b?c@d"), "https://x.example/a@b?c@d");
  assert.equal(written("https://token@x.example"), "https://x.example");
  for (const kept of [
    "https://${USER}:${PASS_1}@x.example/a",
    "ssh://git@x.example/a",
    "file:///a@b",
    "https://x.example/@a",
  ]) {
    assert.equal(written(kept), kept);
  }
});

test("what is wrong is told with its place", () => {
  const pathOf = (text: string) => {
    const { code, details } = failureOf(() => parseDirectUrl(text));
    assert.equal(code, "invalid-metadata");
    return details!["path"];
  };
  assert.equal(pathOf("[]"), "");
  assert.equal(pathOf('{"url": "x"}'), "");
  assert.equal(pathOf('{"url": "x", "dir_info": {}, "vcs_info": {}}'), "vcs_info");
  assert.equal(pathOf('{"dir_info": {}}'), "url");
  assert.equal(pathOf('{"url": 1, "dir_info": {}}'), "url");
  assert.equal(pathOf('{"url": "x", "dir_info": null}'), "dir_info");
  assert.equal(pathOf('{"url": "x", "dir_info": {"editable": "yes"}}'), "dir_info.editable");
  assert.equal(pathOf('{"url": "x", "vcs_info": {"vcs": "git"}}'), "vcs_info.commit_id");
  assert.equal(pathOf('{"url": "x", "archive_info": {"hash": "sha256:aa"}}'), "archive_info.hash");
  assert.equal(failureOf(() => parseDirectUrl("{")).code, "invalid-metadata");
  assert.equal(failureOf(() => parseDirectUrl(" ".repeat(2_000_000))).code, "limit-exceeded");
});
