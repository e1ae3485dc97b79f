import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { suite, test } from "node:test";
import { buildWheel, makeCertificate, startIndex } from "@thoth/testkit";
import { failureOf, filesOf, findProject, openRig, temporaryFolder } from "./rig.ts";

const foo = buildWheel({ name: "foo", version: "1.0" });
const tls = makeCertificate();

suite("certificates", () => {
  test("that nobody vouches for are refused, with what to do", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] }, tls });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    const failure = await failureOf(() => findProject(session, "foo"));
    assert.equal(failure.code, "index-unreachable");
    assert.equal(failure.details?.["failure"], "certificate");
    assert.equal(index.requests.length, 0);
  });

  test("are trusted when the user names their file, or the host", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] }, tls });
    t.after(() => index.close());
    const bundle = join(await temporaryFolder(t), "bundle.pem");
    await writeFile(bundle, tls.certificate);
    const host = new URL(index.origin).host;
    for (const options of [
      { certificate: bundle },
      { variables: { SSL_CERT_FILE: bundle } },
      { variables: { REQUESTS_CA_BUNDLE: bundle } },
      { trustedHosts: ["127.0.0.1"] },
      { trustedHosts: [host] },
    ]) {
      const { session } = await openRig(t, { indexes: [index.indexUrl], ...options });
      assert.deepEqual(await filesOf(session, "foo"), [foo.filename]);
    }
  });

  test("are those of each session, whatever others trust", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] }, tls });
    t.after(() => index.close());
    const folder = await temporaryFolder(t);
    const [own, other, damaged] = [join(folder, "own"), join(folder, "other"), join(folder, "damaged")];
    await writeFile(own, tls.certificate);
    await writeFile(other, makeCertificate().certificate);
    await writeFile(
      damaged,
      `${tls.certificate}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
    );
    const open = async (certificate?: string) =>
      (await openRig(t, { indexes: [index.indexUrl], ...(certificate === undefined ? {} : { certificate }) }))
        .session;
    const trusting = [await open(own), await open(damaged)];
    const refusing = [await open(other), await open()];
    // Sessions read their certificates with their first request.
    for (const session of refusing)
      assert.equal((await failureOf(() => findProject(session, "foo"))).details?.["failure"], "certificate");
    for (const session of trusting) assert.deepEqual(await filesOf(session, "foo"), [foo.filename]);
    const late = [await open(), await open(other)];
    for (const session of late)
      assert.equal((await failureOf(() => findProject(session, "foo"))).details?.["failure"], "certificate");
    assert.deepEqual(await filesOf(await open(own), "foo"), [foo.filename]);
  });

  test("a file of them that cannot be read is named", async (t) => {
    const { session } = await openRig(t, { indexes: ["https://127.0.0.1:1/"], certificate: "/nowhere.pem" });
    assert.equal((await failureOf(() => findProject(session, "foo"))).code, "file-failed");
  });

  test("a redirect from https to http is refused", async (t) => {
    const plain = await startIndex({ projects: { foo: [foo] } });
    const index = await startIndex({
      tls,
      faults: { "/simple/foo/": { kind: "redirect", to: `${plain.indexUrl}foo/` } },
    });
    t.after(() => Promise.all([plain.close(), index.close()]));
    const { session } = await openRig(t, { indexes: [index.indexUrl], trustedHosts: ["127.0.0.1"] });
    assert.equal((await failureOf(() => findProject(session, "foo"))).code, "index-response-invalid");
    assert.equal(plain.requests.length, 0);
  });
});

suite("HTTP/2", () => {
  test("carries many requests at once over one connection", async (t) => {
    const server = createSecureServer({ key: tls.key, cert: tls.certificate, allowHTTP1: true });
    let connections = 0;
    server.on("secureConnection", () => {
      connections++;
    });
    server.on("request", (request, response) => {
      assert.equal(request.httpVersion, "2.0");
      const name = request.url.split("/")[2];
      response.setHeader("content-type", "application/vnd.pypi.simple.v1+json");
      response.end(JSON.stringify({ meta: { "api-version": "1.0" }, name, files: [] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
    const { session } = await openRig(t, { indexes: [url], trustedHosts: ["127.0.0.1"] });
    const names = Array.from({ length: 60 }, (_, at) => `project-${at}`);
    await Promise.all(names.map((name) => findProject(session, name)));
    assert.equal(connections, 1);
    for (const name of names) assert.equal(session.project(name as never)?.fileCount, 0);
    await session.close();
  });
});
