import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ThothError } from "../src/error.ts";
import { parseFindLinks, parseProjectPage } from "../src/project-page.ts";

const sha = "a".repeat(64);
const at = { url: "https://index.example/simple/demo/", name: "demo" };

function json(page: Record<string, unknown>): string {
  return JSON.stringify({ meta: { "api-version": "1.1" }, name: "demo", files: [], ...page });
}

function fails(run: () => unknown): ThothError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ThothError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

test("a JSON entry is read with everything it says", () => {
  const entry = {
    filename: "demo-1.0-py3-none-any.whl",
    url: "../../files/demo-1.0-py3-none-any.whl#sha256=00",
    hashes: { sha256: sha.toUpperCase(), md5: "b".repeat(32) },
    "requires-python": ">=3.8",
    yanked: "broken \u001b[31m",
    "core-metadata": { sha256: sha },
    "dist-info-metadata": false,
    size: 12,
    "upload-time": "2024-01-02T03:04:05.678901Z",
    provenance: "https://index.example/provenance",
  };
  const page = parseProjectPage(
    json({
      files: [entry],
      versions: ["1.0", 2],
      "project-status": { status: "deprecated", reason: "moved" },
      "alternate-locations": ["https://other.example/demo/"],
      meta: { "api-version": "1.3", tracks: ["https://third.example/demo/"] },
    }),
    at,
  );
  assert.deepEqual(page.files[0], {
    filename: "demo-1.0-py3-none-any.whl",
    url: "https://index.example/files/demo-1.0-py3-none-any.whl",
    hashes: Object.assign(Object.create(null), { sha256: sha, md5: "b".repeat(32) }),
    requiresPython: ">=3.8",
    yanked: "broken \u001b[31m",
    coreMetadata: sha,
    size: 12,
    uploadTime: "2024-01-02T03:04:05.678901Z",
    provenance: "https://index.example/provenance",
  });
  assert.deepEqual(page.versions, ["1.0"]);
  assert.deepEqual(page.status, { status: "deprecated", reason: "moved" });
  assert.deepEqual(page.tracks, ["https://third.example/demo/"]);
  assert.deepEqual(page.alternateLocations, ["https://other.example/demo/"]);
  assert.deepEqual(page.warnings, []);
});

test("an odd entry costs the entry, and the rest is used", () => {
  const good = { filename: "demo-1.0.tar.gz", url: "https://f.example/demo-1.0.tar.gz", hashes: {} };
  const odd: unknown[] = [
    7,
    null,
    { ...good, filename: 1 },
    { ...good, filename: "../../etc/passwd" },
    { ...good, filename: "..\\demo-1.0.tar.gz" },
    { ...good, filename: "demo-1.0.tar.gz\u0000" },
    { ...good, filename: ".." },
    { ...good, url: "file:///etc/passwd" },
    { ...good, url: "javascript:alert(1)" },
    { ...good, url: 1 },
    { ...good, hashes: [] },
    { ...good, hashes: { sha256: "xyz" } },
    { ...good, "requires-python": {} },
    { ...good, yanked: 1 },
  ];
  const page = parseProjectPage(json({ files: [...odd, good] }), at);
  assert.deepEqual(
    page.files.map((file) => file.filename),
    ["demo-1.0.tar.gz"],
  );
  assert.equal(page.warnings.length, odd.length);
  for (const warning of page.warnings) assert.doesNotMatch(warning, /[\u0000-\u001f]/);
  assert.equal(fails(() => parseProjectPage(json({ files: odd }), at)).code, "index-response-invalid");
});

test("a page of the wrong kind has one clear error", () => {
  const wrong = [
    "",
    "not a page",
    '{"files": [',
    "[]",
    "{}",
    json({ files: {} }),
    json({ name: "other" }),
    json({ meta: { "api-version": "2.0" } }),
    json({ meta: { "api-version": "one" } }),
    "<html><a href='demo-1.0.tar.gz",
    '<meta name="pypi:repository-version" content="2.0">',
  ];
  for (const body of wrong)
    assert.equal(fails(() => parseProjectPage(body, at)).code, "index-response-invalid", body);
  assert.equal(parseProjectPage(json({ meta: { "api-version": "1.99" } }), at).warnings.length, 1);
  assert.deepEqual(parseProjectPage(json({ name: "Demo" }), at).files, []);
});

test("errors and warnings show no secret of a URL", () => {
  const url = "https://user:hunter2@index.example/simple/demo/?token=hunter2";
  assert.doesNotMatch(fails(() => parseProjectPage("", { url, name: "demo" })).message, /hunter2/);
});

test("what is named like a prototype is just a name", () => {
  const hashes = JSON.parse('{"__proto__": "aa", "constructor": "bb", "sha256": ""}');
  hashes.sha256 = sha;
  const page = parseProjectPage(
    `{"__proto__": {"files": 1}, "name": "demo", "meta": {"api-version": "1.0"}, "files": [
      {"filename": "demo-1.0.tar.gz", "url": "demo-1.0.tar.gz", "hashes": ${JSON.stringify(hashes)}}]}`,
    at,
  );
  assert.equal(page.files[0]!.hashes["sha256"], sha);
  assert.equal(({} as Record<string, unknown>)["files"], undefined);
});

test("depth alone neither overflows nor takes long", () => {
  const deep = `{"name":"demo","meta":{"api-version":"1.0"},"files":[],"x":${"[".repeat(300_000)}${"]".repeat(300_000)}}`;
  assert.deepEqual(parseProjectPage(deep, at).files, []);
  const nested = `${"<div>".repeat(100_000)}<a href="demo-1.0.tar.gz">x</a>${"</div>".repeat(100_000)}`;
  assert.equal(parseProjectPage(nested, at).files.length, 1);
});

test("an HTML page is read with its attributes, base and references", () => {
  const html = `<!DOCTYPE html><html><head><BASE HREF="https://f.example/x/">
    <meta name="pypi:repository-version" content="1.1"><meta name="pypi:project-status" content="archived">
    <meta name="pypi:project-status-reason" content="done"><meta name="pypi:tracks" content="https://t.example/demo/">
    </head><body><!-- <a href="demo-9.tar.gz">no</a> --><script>"<a href='demo-8.tar.gz'>"</script>
    <a href="../">up</a><a href="?C=N;O=D">sort</a><a>none</a>
    <a href="demo-1.0%2Bcu1-py3-none-any.whl#sha256=${sha}&egg=demo" data-requires-python="&gt;=3.8,&#60;4"
       data-yanked="bad &amp; old" data-dist-info-metadata="sha256=${sha}" data-core-metadata=true>demo</a>
    <A class=x data-yanked href='/demo-1.1.tar.gz'>demo</A>
    <a href="file:///etc/demo-1.2.tar.gz">demo</a></body></html>`;
  const page = parseProjectPage(html, { ...at, contentType: "application/vnd.pypi.simple.v1+json" });
  assert.deepEqual(
    page.files.map((file) => ({ ...file, hashes: { ...file.hashes } })),
    [
      {
        filename: "demo-1.0+cu1-py3-none-any.whl",
        url: "https://f.example/x/demo-1.0%2Bcu1-py3-none-any.whl",
        hashes: { sha256: sha },
        requiresPython: ">=3.8,<4",
        yanked: "bad & old",
        coreMetadata: true,
      },
      {
        filename: "demo-1.1.tar.gz",
        url: "https://f.example/demo-1.1.tar.gz",
        hashes: {},
        yanked: true,
        coreMetadata: false,
      },
    ],
  );
  assert.deepEqual(page.status, { status: "archived", reason: "done" });
  assert.deepEqual(page.tracks, ["https://t.example/demo/"]);
  assert.equal(page.warnings.length, 1);
});

test("a folder's page links to files beside it", () => {
  const url = "file:///srv/wheels/";
  const page = parseFindLinks('<a href="demo-1.0.tar.gz">a</a><a href="other-2.0-py3-none-any.whl">b</a>', {
    url,
  });
  assert.deepEqual(
    page.files.map((file) => file.url),
    [`${url}demo-1.0.tar.gz`, `${url}other-2.0-py3-none-any.whl`],
  );
});

test("any HTML ends in a page or a ThothError", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "a",
    " href=",
    '"',
    "'",
    "<!--",
    "-->",
    "<script",
    "</script>",
    "&#x",
    ";",
    "/",
    "=",
    "\u0000",
    "demo-1.tar.gz",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        parseProjectPage(`<${pieces.join("")}`, at);
      } catch (error) {
        assert.ok(error instanceof ThothError);
      }
    }),
    { numRuns: 500 },
  );
});
