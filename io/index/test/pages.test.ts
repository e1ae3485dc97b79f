import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { buildSdist, buildWheel, type Fault, startIndex } from "@thoth/testkit";
import { codeOf, failureOf, filesOf, findProject, openRig, requirementsOf, warningsOf } from "./rig.ts";

const foo1 = buildWheel({ name: "foo", version: "1.0", requires: ["bar"] });
const foo2 = buildWheel({ name: "foo", version: "2.0" });
const sdist = buildSdist({ name: "foo", version: "2.0" });

suite("pages", () => {
  test("are the same record as JSON and as HTML, of any type and none", async (t) => {
    const found: (string[] | null)[] = [];
    for (const format of ["json", "html", "negotiated"] as const) {
      for (const contentType of [undefined, "text/plain", null]) {
        const faults: Record<string, Fault> =
          contentType === undefined ? {} : { "/simple/foo/": { kind: "type", contentType } };
        const index = await startIndex({ projects: { foo: [foo1, foo2, sdist] }, format, faults });
        t.after(() => index.close());
        const { session } = await openRig(t, { indexes: [index.indexUrl] });
        found.push(await filesOf(session, "Foo"));
        await index.close();
      }
    }
    assert.deepEqual(found[0], [foo2.filename, sdist.filename, foo1.filename]);
    for (const one of found) assert.deepEqual(one, found[0]);
  });

  test("that do not exist are known not to, and that is remembered", async (t) => {
    const index = await startIndex({ projects: {} });
    t.after(() => index.close());
    const { session, folder } = await openRig(t, { indexes: [index.indexUrl] });
    assert.equal(await findProject(session, "foo"), null);
    await session.close();
    const again = await openRig(t, { indexes: [index.indexUrl], folder });
    assert.equal(await findProject(again.session, "foo"), null);
    assert.equal(index.requests.length, 1);
  });

  test("are not asked for again while they are fresh, and revalidated then", async (t) => {
    const index = await startIndex({ projects: { foo: [foo1] }, cacheControl: "max-age=600" });
    t.after(() => index.close());
    const rig = await openRig(t, { indexes: [index.indexUrl] });
    await filesOf(rig.session, "foo");
    await rig.session.close();
    await filesOf((await openRig(t, { indexes: [index.indexUrl], folder: rig.folder })).session, "foo");
    assert.equal(index.requests.length, 1);

    const stale = await startIndex({ projects: { foo: [foo1] }, cacheControl: "no-cache" });
    t.after(() => stale.close());
    const { folder, session } = await openRig(t, { indexes: [stale.indexUrl] });
    await filesOf(session, "foo");
    await session.close();
    const second = await openRig(t, { indexes: [stale.indexUrl], folder });
    assert.deepEqual(await filesOf(second.session, "foo"), [foo1.filename]);
    await second.session.close();
    stale.offer("foo", [foo1, foo2]);
    const third = await openRig(t, { indexes: [stale.indexUrl], folder });
    assert.deepEqual(await filesOf(third.session, "foo"), [foo2.filename, foo1.filename]);
    assert.deepEqual(
      stale.requests.map(({ status }) => status),
      [200, 304, 200],
    );
  });

  test("offline come from the store however old they are, and nothing is asked", async (t) => {
    const index = await startIndex({ projects: { foo: [foo1] }, cacheControl: "no-store" });
    t.after(() => index.close());
    const { session, folder } = await openRig(t, { indexes: [index.indexUrl] });
    assert.equal(await requirementsOf(session, "foo"), "bar");
    await session.close();
    const asked = index.requests.length;
    const { session: offline, events } = await openRig(t, {
      indexes: [index.indexUrl],
      folder,
      offline: true,
    });
    assert.equal(await requirementsOf(offline, "foo"), "bar");
    assert.equal(await findProject(offline, "bar"), null);
    assert.equal(warningsOf(events).length, 1);
    assert.equal(index.requests.length, asked);
  });

  test("with an odd entry lose that entry only", async (t) => {
    const body = (extra: string) =>
      `{"meta": {"api-version": "1.0"}, "name": "foo", "files": [${extra}, {"filename": "foo-1.0-py3-none-any.whl", "url": "x.whl", "hashes": {}}]}`;
    const odd = [
      "null",
      "7",
      '{"filename": 3, "url": "x", "hashes": {}}',
      '{"filename": "foo-2.0-py3-none-any.whl", "url": ["x"], "hashes": {}}',
      '{"filename": "foo-2.0-py3-none-any.whl", "url": "x", "hashes": {"sha256": 5}}',
      '{"filename": "../../foo-2.0-py3-none-any.whl", "url": "x", "hashes": {}}',
      '{"filename": "foo-2.0-py3-none-any.whl", "url": "file:///etc/passwd", "hashes": {}}',
    ];
    for (const extra of odd) {
      const faults: Record<string, Fault> = { "/simple/foo/": { kind: "body", body: body(extra) } };
      const index = await startIndex({ projects: { foo: [foo1] }, faults });
      t.after(() => index.close());
      const { session, events } = await openRig(t, { indexes: [index.indexUrl] });
      assert.deepEqual(await filesOf(session, "foo"), ["foo-1.0-py3-none-any.whl"], extra);
      assert.equal(warningsOf(events).length, 1, extra);
      await index.close();
    }
  });

  test("that are none, or of another project, are refused", async (t) => {
    const bodies = [
      "",
      "{",
      '{"meta": {"api-version": "1.0"}, "name": "foo", "files": ',
      "[1, 2]",
      '{"meta": {"api-version": "2.0"}, "name": "foo", "files": []}',
      '{"meta": {"api-version": "1.0"}, "name": "evil", "files": []}',
      `${"[".repeat(100_000)}`,
      `{"a": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    ];
    for (const body of bodies) {
      const faults: Record<string, Fault> = { "/simple/foo/": { kind: "body", body } };
      const index = await startIndex({ projects: { foo: [foo1] }, faults });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.equal(
        await codeOf(() => findProject(session, "foo")),
        "index-response-invalid",
        body.slice(0, 60),
      );
      await index.close();
    }
  });

  test("without end, plain or compressed, are refused at the limit", async (t) => {
    const faults: Fault[] = [
      { kind: "flood", size: 200 * 1024 * 1024, prefix: "{" },
      { kind: "bomb", size: 1024 * 1024 * 1024 },
    ];
    for (const fault of faults) {
      const index = await startIndex({ projects: { foo: [foo1] }, faults: { "/simple/foo/": fault } });
      t.after(() => index.close());
      const { session } = await openRig(t, {
        indexes: [index.indexUrl],
        limits: { pageBytes: 4 * 1024 * 1024 },
      });
      assert.equal(await codeOf(() => findProject(session, "foo")), "limit-exceeded");
      await index.close();
    }
  });

  test("that are too large together are refused", async (t) => {
    const index = await startIndex({ projects: { foo: [foo1] }, compress: false });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl], limits: { heldBytes: 100 } });
    assert.equal(await codeOf(() => findProject(session, "foo")), "limit-exceeded");
  });

  test("that come drop by drop, or never, are given up at the deadline", async (t) => {
    const faults: Fault[] = [{ kind: "slow", bytes: 1, everyMs: 50 }, { kind: "stall" }];
    for (const fault of faults) {
      const index = await startIndex({ projects: { foo: [foo1] }, faults: { "/simple/foo/": fault } });
      t.after(() => index.close());
      const limits = { requestSeconds: 1, stallSeconds: 0.5 };
      const { session } = await openRig(t, { indexes: [index.indexUrl], limits });
      const failure = await failureOf(() => findProject(session, "foo"));
      assert.equal(failure.code, "index-unreachable");
      assert.equal(failure.details?.["failure"], fault.kind === "slow" ? "deadline" : "stall");
      await index.close();
    }
  });

  test("are asked for again when the server stumbles", async (t) => {
    const stumbles: Fault[] = [
      { kind: "status", status: 500, times: 1 },
      { kind: "status", status: 503, times: 2 },
      { kind: "status", status: 429, retryAfter: "1", times: 1 },
      { kind: "reset", times: 1 },
      { kind: "reset", after: 20, times: 1 },
      { kind: "cut", after: 20, times: 2 },
    ];
    for (const fault of stumbles) {
      const index = await startIndex({ projects: { foo: [foo1] }, faults: { "/simple/foo/": fault } });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.deepEqual(await filesOf(session, "foo"), [foo1.filename], JSON.stringify(fault));
      await index.close();
    }
  });

  test("of a server that stays down, or asks to wait a day, are an error", async (t) => {
    const faults: Fault[] = [
      { kind: "status", status: 500 },
      { kind: "status", status: 503, retryAfter: "86400" },
      { kind: "reset" },
      { kind: "cut", after: 10 },
    ];
    for (const fault of faults) {
      const index = await startIndex({ projects: { foo: [foo1] }, faults: { "/simple/foo/": fault } });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl], limits: { retries: 2 } });
      assert.equal(
        await codeOf(() => findProject(session, "foo")),
        "index-unreachable",
        JSON.stringify(fault),
      );
      await index.close();
    }
  });

  test("a server that is not there is named, with what to do", async (t) => {
    const index = await startIndex();
    await index.close();
    const { session } = await openRig(t, { indexes: [index.indexUrl], limits: { retries: 1 } });
    const failure = await failureOf(() => findProject(session, "foo"));
    assert.equal(failure.code, "index-unreachable");
    assert.equal(failure.details?.["host"], new URL(index.origin).host);
    assert.ok(failure.hint);
  });
});

suite("several indexes", () => {
  test("the first that knows a name owns it, whatever others offer", async (t) => {
    const own = await startIndex({ projects: { foo: [foo1] } });
    const stranger = await startIndex({
      projects: { foo: [buildWheel({ name: "foo", version: "99.0" })], bar: [foo1] },
    });
    t.after(() => Promise.all([own.close(), stranger.close()]));
    const { session, folder } = await openRig(t, { indexes: [own.indexUrl, stranger.indexUrl] });
    assert.deepEqual(await filesOf(session, "foo"), [foo1.filename]);
    assert.deepEqual(await filesOf(session, "bar"), []);
    await session.close();
    assert.deepEqual(
      stranger.requests.map(({ path }) => path),
      ["/simple/bar/"],
    );
    const swapped = await openRig(t, { indexes: [stranger.indexUrl, own.indexUrl], folder });
    assert.deepEqual(await filesOf(swapped.session, "foo"), ["foo-99.0-py3-none-any.whl"]);
  });

  test("one that fails is never passed over", async (t) => {
    const faults: Fault[] = [
      { kind: "status", status: 500 },
      { kind: "status", status: 401 },
      { kind: "status", status: 403 },
      { kind: "body", body: "no page" },
      { kind: "stall" },
    ];
    const stranger = await startIndex({ projects: { foo: [foo2] } });
    t.after(() => stranger.close());
    for (const fault of faults) {
      const own = await startIndex({ projects: { foo: [foo1] }, faults: { "/simple/foo/": fault } });
      t.after(() => own.close());
      const limits = { retries: 0, stallSeconds: 0.3 };
      const { session } = await openRig(t, { indexes: [own.indexUrl, stranger.indexUrl], limits });
      const code = await codeOf(() => findProject(session, "foo"));
      assert.ok(["index-unreachable", "unauthorized", "index-response-invalid"].includes(code), code);
      await own.close();
    }
    assert.equal(stranger.requests.length, 0);
  });

  test("pages of links join the owner's files and lead to projects that no index has", async (t) => {
    const index = await startIndex({ projects: { foo: [foo1] } });
    const links = await startIndex({
      projects: { foo: [foo2, foo1], bar: [buildWheel({ name: "bar", version: "1.0" })] },
    });
    t.after(() => Promise.all([index.close(), links.close()]));
    const { session } = await openRig(t, { indexes: [index.indexUrl], findLinks: [links.linksUrl] });
    assert.deepEqual(await filesOf(session, "foo"), [foo2.filename, foo1.filename]);
    assert.deepEqual(await filesOf(session, "bar"), ["bar-1.0-py3-none-any.whl"]);
    const record = await findProject(session, "foo");
    assert.ok(record?.url(0).startsWith(links.origin));
    assert.ok(record?.url(1).startsWith(index.origin));
    assert.equal(await requirementsOf(session, "foo", foo1.filename), "bar");
    assert.equal(links.requests.filter(({ path }) => path === "/links/").length, 1);
  });
});

suite("a session", () => {
  test("stops at once when it is told to", async (t) => {
    const index = await startIndex({ projects: { foo: [foo1] }, faults: { "*": { kind: "stall" } } });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    const controller = new AbortController();
    const reason = new Error("stop");
    const work = session.supply(
      { projects: [(await import("@thoth/pep")).normalizeName("foo")], metadata: [] },
      controller.signal,
    );
    setTimeout(() => controller.abort(reason), 50);
    await assert.rejects(work, reason);
  });

  test("refuses places that are none, without showing what may be a secret", async (t) => {
    for (const text of [
      "",
      "ftp://user:hidden@host/simple",
      "git+ssh://x:hidden@y/",
      "https://",
      "http://user:hidden@/",
    ]) {
      const failure = await failureOf(() => openRig(t, { indexes: [text] }));
      assert.equal(failure.code, "usage", text);
      assert.ok(!failure.message.includes("hidden"));
    }
  });
});
