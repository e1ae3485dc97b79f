// Archives from servers on loopback, good ones and others.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ThothError } from "@thoth/pep";
import {
  deflateZeros,
  type Fault,
  gzipZeros,
  type IndexOptions,
  type IndexServer,
  makeCertificate,
  makeTar,
  makeTarGz,
  makeZip,
  startIndex,
} from "@thoth/testkit";
import { type FetchAdvisoriesRequest, type FetchedAdvisories, fetchAdvisories } from "../src/index.ts";

const root = mkdtempSync(join(tmpdir(), "thoth-fetch-"));
after(() => rmSync(root, { recursive: true, force: true }));

const json = (id: string) =>
  JSON.stringify({
    id,
    modified: "2024-01-02T03:04:05Z",
    affected: [{ package: { ecosystem: "PyPI", name: "sample" }, versions: ["1.10"] }],
  });

const members = [
  { name: "GHSA-1.json", data: json("GHSA-1") },
  { name: "../../MAL-1.json", data: json("MAL-1") },
  { name: "broken.json", data: "{" },
];
const archive = makeZip(members);

let count = 0;

/** A server that has the file, and a folder for what is fetched. */
async function openShop(t: TestContext, bytes: Uint8Array = archive, options: IndexOptions = {}) {
  const files = [{ filename: "all.zip", bytes, metadata: "" }];
  const server = await startIndex({ projects: { all: files }, ...options });
  t.after(() => server.close());
  const folder = join(root, String(count++));
  const fetch = (more: Partial<FetchAdvisoriesRequest> = {}): Promise<FetchedAdvisories> =>
    fetchAdvisories({
      url: server.urlOf("all.zip"),
      folder,
      variables: { HOME: root },
      signal: new AbortController().signal,
      ...more,
    });
  return { server, folder, fetch };
}

async function failureOf(work: Promise<unknown>, folder: string): Promise<ThothError> {
  const failure = await work.then(
    () => assert.fail("it did not fail"),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof ThothError, String(failure));
  assert.deepEqual(readdirSync(folder), []);
  return failure;
}

function idsOf(fetched: FetchedAdvisories): string[] {
  assert.equal(fetched.kind, "fetched");
  return fetched.documents.advisories.map(({ id }) => id);
}

const requestsOf = ({ requests }: IndexServer) => requests.map(({ status }) => status);

suite("an archive on a server", () => {
  test("is read whatever its form, and nothing of it stays", async (t) => {
    for (const bytes of [archive, makeTarGz(members), makeTar(members)]) {
      const { fetch, folder } = await openShop(t, bytes);
      const fetched = await fetch();
      assert.deepEqual(idsOf(fetched), ["GHSA-1", "MAL-1"]);
      assert.equal(fetched.kind === "fetched" && fetched.documents.skipped.length, 1);
      assert.deepEqual(readdirSync(folder), []);
      assert.ok(!existsSync(join(root, "MAL-1.json")));
    }
  });

  test("that did not change costs one request", async (t) => {
    const { fetch, server } = await openShop(t);
    const first = await fetch();
    assert.equal(first.kind, "fetched");
    assert.deepEqual(await fetch({ known: first.kind === "fetched" ? first.validators : undefined }), {
      kind: "unchanged",
    });
    assert.deepEqual(requestsOf(server), [200, 304]);
  });

  test("is asked for again where the connection breaks, from the beginning", async (t) => {
    const faults: Record<string, Fault[]> = {
      "/files/all.zip": [
        { kind: "cut", after: 100, times: 1 },
        { kind: "status", status: 503, times: 1 },
      ],
    };
    const { fetch, server } = await openShop(t, archive, { faults });
    assert.deepEqual(idsOf(await fetch()), ["GHSA-1", "MAL-1"]);
    assert.equal(server.requests.length, 3);
    assert.ok(server.requests.every(({ headers }) => headers.range === undefined));
  });

  test("is told of while it comes", async (t) => {
    const large = makeZip(
      Array.from({ length: 600 }, (_, at) => ({
        name: `${at}.json`,
        data: `${json(`CVE-${at}`)}${" ".repeat(3000)}`,
        method: "store" as const,
      })),
    );
    const { fetch } = await openShop(t, large);
    const received: number[] = [];
    const documents: number[] = [];
    await fetch({
      onReceived: (bytes, total) => {
        assert.equal(total, large.length);
        received.push(bytes);
      },
      onDocuments: (number) => documents.push(number),
    });
    assert.equal(received.at(-1), large.length);
    assert.ok(received.length > 1);
    assert.deepEqual(documents, [500, 600]);
  });

  test("leads elsewhere without credentials", async (t) => {
    const there = await openShop(t);
    const to = there.server.urlOf("all.zip");
    const faults: Record<string, Fault> = { "/files/all.zip": { kind: "redirect", to } };
    const { fetch, server } = await openShop(t, archive, { faults });
    const url = server.urlOf("all.zip").replace("//", "//me:secret@");
    const fetched = await fetch({ url });
    assert.equal(fetched.kind === "fetched" && fetched.url, to);
    assert.match(server.requests[0]?.headers.authorization ?? "", /^Basic /);
    assert.equal(there.server.requests[0]?.headers.authorization, undefined);
  });

  test("is trusted by the certificate that the user names", async (t) => {
    const tls = makeCertificate();
    const bundle = join(root, "bundle.pem");
    writeFileSync(bundle, tls.certificate);
    const { fetch, folder } = await openShop(t, archive, { tls });
    const failure = await failureOf(fetch(), folder);
    assert.deepEqual([failure.code, failure.details?.["failure"]], ["index-unreachable", "certificate"]);
    assert.deepEqual(idsOf(await fetch({ certificate: bundle })), ["GHSA-1", "MAL-1"]);
    const variables = { HOME: root, SSL_CERT_FILE: bundle };
    assert.deepEqual(idsOf(await fetch({ variables })), ["GHSA-1", "MAL-1"]);
  });

  test("comes through the proxy that the variables name", async (t) => {
    const { fetch, server } = await openShop(t);
    // A server that is asked for whole URLs is a proxy.
    const variables = { HOME: root, http_proxy: server.origin };
    const fetched = await fetch({ url: "http://advisories.test/files/all.zip", variables });
    assert.deepEqual(idsOf(fetched), ["GHSA-1", "MAL-1"]);
    assert.equal(server.requests[0]?.headers.host, "advisories.test");
  });

  test("of which an older run left something: that is cleared away", async (t) => {
    const { fetch, folder } = await openShop(t);
    for (const [name, age] of [
      ["refresh-old", 3 * 24 * 3600],
      ["refresh-new", 60],
      ["else", 3 * 24 * 3600],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true });
      const time = Date.now() / 1000 - age;
      utimesSync(join(folder, name), time, time);
    }
    await fetch();
    assert.deepEqual(readdirSync(folder).sort(), ["else", "refresh-new"]);
  });
});

suite("what a server does wrong", () => {
  const spoilt = (t: TestContext, fault: Fault, options: IndexOptions = {}) =>
    openShop(t, archive, { faults: { "/files/all.zip": fault }, ...options });

  const faults: readonly [name: string, fault: Fault, code: string][] = [
    ["a page", { kind: "body", body: "<!doctype html><p>Sign in" }, "index-response-invalid"],
    ["text", { kind: "body", body: "no archive" }, "index-response-invalid"],
    ["nothing", { kind: "body", body: "" }, "index-response-invalid"],
    ["half of it", { kind: "body", body: archive.subarray(0, -40) }, "index-response-invalid"],
    [
      "half of a tar",
      { kind: "body", body: gzipSync(makeTar(members)).subarray(0, -30) },
      "index-response-invalid",
    ],
    ["it is not there", { kind: "status", status: 404 }, "index-response-invalid"],
    ["nothing asked whether it changed", { kind: "status", status: 304 }, "index-response-invalid"],
    ["no content", { kind: "status", status: 204 }, "index-response-invalid"],
    ["it is forbidden", { kind: "status", status: 403 }, "unauthorized"],
    ["it is always cut off", { kind: "cut", after: 100 }, "index-unreachable"],
    ["it is always reset", { kind: "reset" }, "index-unreachable"],
    ["to a file", { kind: "redirect", to: "file:///etc/passwd" }, "index-response-invalid"],
    ["in a circle", { kind: "redirect", to: "/files/all.zip" }, "index-response-invalid"],
  ];
  for (const [name, fault, code] of faults) {
    test(name, async (t) => {
      const { fetch, folder } = await spoilt(t, fault);
      const limits = { retries: 1 };
      assert.equal((await failureOf(fetch({ limits }), folder)).code, code);
    });
  }

  test("silence, and a trickle", async (t) => {
    const silent = await spoilt(t, { kind: "stall" });
    const stalled = await failureOf(silent.fetch({ limits: { stallSeconds: 0.3 } }), silent.folder);
    assert.deepEqual([stalled.code, stalled.details?.["failure"]], ["index-unreachable", "stall"]);
    const slow = await spoilt(t, { kind: "slow", bytes: 1, everyMs: 20 });
    const late = await failureOf(slow.fetch({ seconds: 1 }), slow.folder);
    assert.ok(["index-unreachable", "limit-exceeded"].includes(late.code), late.code);
  });

  test("from https to http", async (t) => {
    const plain = await openShop(t);
    const { fetch, folder } = await spoilt(
      t,
      { kind: "redirect", to: plain.server.urlOf("all.zip") },
      { tls: makeCertificate() },
    );
    const failure = await failureOf(fetch({ trustedHosts: ["127.0.0.1"] }), folder);
    assert.equal(failure.code, "index-response-invalid");
    assert.equal(plain.server.requests.length, 0);
  });

  test("more than is taken, told before or not", async (t) => {
    const told = await openShop(t);
    const failure = await failureOf(told.fetch({ bytes: 100 }), told.folder);
    assert.deepEqual([failure.code, failure.details?.["limit"]], ["limit-exceeded", "bytes"]);
    const untold = await spoilt(t, { kind: "flood", size: 1 << 26 });
    assert.equal((await failureOf(untold.fetch({ bytes: 1 << 20 }), untold.folder)).code, "limit-exceeded");
  });

  test("archives that unpack without end", async (t) => {
    const zeros = deflateZeros(1 << 24);
    const name = (at: number) => `${at}.json`;
    const zip = await openShop(
      t,
      makeZip(Array.from({ length: 200 }, (_, at) => ({ name: name(at), data: zeros }))),
    );
    assert.equal((await failureOf(zip.fetch(), zip.folder)).code, "limit-exceeded");
    const tar = await openShop(t, gzipZeros(1 << 24));
    assert.equal((await failureOf(tar.fetch(), tar.folder)).code, "index-response-invalid");
    const lying = { name: "a.json", data: zeros, lies: { size: 10 } };
    const lied = await openShop(t, makeZip([lying]));
    assert.equal((await failureOf(lied.fetch(), lied.folder)).code, "index-response-invalid");
  });

  test("small documents that say very much", async (t) => {
    const versions = Array.from({ length: 100_000 }, () => "1");
    const affected = [{ package: { ecosystem: "PyPI", name: "sample" }, versions }];
    const data = JSON.stringify({ id: "CVE-1", modified: "2024-01-02T03:04:05Z", affected });
    const many = Array.from({ length: 120 }, (_, at) => ({ name: `${at}.json`, data }));
    const { fetch, folder } = await openShop(t, makeZip(many));
    const failure = await failureOf(fetch(), folder);
    assert.deepEqual([failure.code, failure.details?.["limit"]], ["limit-exceeded", "entries"]);
  });
});

test("fetching stops when it is told to", async (t) => {
  const { fetch, folder } = await openShop(t, archive, {
    faults: { "/files/all.zip": { kind: "slow", bytes: 10, everyMs: 50 } },
  });
  const controller = new AbortController();
  const reason = new Error("enough");
  const running = fetch({ signal: controller.signal });
  setTimeout(() => controller.abort(reason), 200);
  await assert.rejects(running, (error) => error === reason);
  assert.deepEqual(readdirSync(folder), []);
});

test("a place that is no URL of http or https is none", async (t) => {
  const { fetch, folder } = await openShop(t);
  for (const url of ["file:///nowhere.zip", "all.zip", "ftp://host/all.zip"])
    assert.equal((await failureOf(fetch({ url }), folder)).code, "usage");
});
