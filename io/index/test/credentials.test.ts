import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import { buildWheel, type IndexServer, startIndex } from "@thoth/testkit";
import { parseNetrc } from "../src/netrc.ts";
import { basicAuthorization, Secret } from "../src/secret.ts";
import { codeOf, failureOf, filesOf, findProject, openRig, requirementsOf, temporaryFolder } from "./rig.ts";

const foo = buildWheel({ name: "foo", version: "1.0", requires: ["bar"] });
const account = { username: "anna", password: "s3cr&t/word" };

function authorizations(index: IndexServer): (string | undefined)[] {
  return index.requests.map(({ headers }) => headers.authorization);
}

suite("credentials", () => {
  test("of the index's URL open pages, metadata and files of the same origin", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] }, authentication: account });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.authenticatedUrl] });
    assert.equal(await requirementsOf(session, "foo"), "bar");
    await session.artifact({ filename: foo.filename, url: index.urlOf(foo.filename), hashes: {} });
    const record = await findProject(session, "foo");
    assert.ok(!record?.index.includes("anna"));
    assert.ok(!record?.url(0).includes("anna"));
  });

  test("that are missing or wrong are said to be, and never shown", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] }, authentication: account });
    t.after(() => index.close());
    const wrong = index.authenticatedUrl.replace("anna", "wrong-user");
    for (const url of [index.indexUrl, wrong]) {
      const { session } = await openRig(t, { indexes: [url] });
      const failure = await failureOf(() => findProject(session, "foo"));
      assert.equal(failure.code, "unauthorized");
      const shown = `${failure.message} ${failure.hint} ${JSON.stringify(failure.details)} ${inspect(session, { depth: 9 })}`;
      assert.ok(!shown.includes("s3cr"), shown);
      assert.ok(!shown.includes("wrong-user"), shown);
    }
  });

  test("come from .netrc where the URL has none", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] }, authentication: account });
    t.after(() => index.close());
    const folder = await temporaryFolder(t);
    const netrc = join(folder, "netrc");
    await writeFile(netrc, `machine 127.0.0.1 login ${account.username} password ${account.password}\n`);
    const { session } = await openRig(t, { indexes: [index.indexUrl], variables: { NETRC: netrc } });
    assert.deepEqual(await filesOf(session, "foo"), [foo.filename]);
  });

  test("are not sent to where a file lies elsewhere", async (t) => {
    const files = await startIndex({ projects: { foo: [foo] } });
    t.after(() => files.close());
    const offer = { artifact: foo, url: files.urlOf(foo.filename) };
    const index = await startIndex({ projects: { foo: [offer] }, authentication: account, metadata: false });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.authenticatedUrl] });
    assert.equal(await requirementsOf(session, "foo"), "bar");
    assert.ok(files.requests.length > 0);
    assert.deepEqual(new Set(authorizations(files)), new Set([undefined]));
    assert.ok(authorizations(index).every((header) => header !== undefined));
  });

  test("are not sent to where a redirect leads", async (t) => {
    const other = await startIndex({ projects: { foo: [foo] } });
    const index = await startIndex({
      authentication: account,
      faults: { "/simple/foo/": { kind: "redirect", to: `${other.indexUrl}foo/` } },
    });
    t.after(() => Promise.all([index.close(), other.close()]));
    const { session } = await openRig(t, { indexes: [index.authenticatedUrl] });
    assert.deepEqual(await filesOf(session, "foo"), [foo.filename]);
    assert.deepEqual(authorizations(other), [undefined]);
  });

  test("of a host's default entry stay with the hosts that the user named", () => {
    const { machines, fallback } = parseNetrc(
      '# comment\nmachine a.test login one password "two words"\nmacdef init\nmachine evil.test login x password y\n\n' +
        "machine B.test\n  login\tthree account none password four\nmachine a.test login later password later\ndefault login any password pass\n",
    );
    assert.deepEqual([...machines.keys()], ["a.test", "b.test"]);
    assert.equal(machines.get("a.test")?.reveal(), basicAuthorization("one", "two words").reveal());
    assert.equal(machines.get("b.test")?.reveal(), basicAuthorization("three", "four").reveal());
    assert.equal(fallback?.reveal(), basicAuthorization("any", "pass").reveal());
  });

  test("are shown as three asterisks", () => {
    const secret = new Secret("hidden");
    assert.equal(
      `${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`,
      '*** {"secret":"***"} { secret: *** }',
    );
  });
});

suite("redirects", () => {
  test("in a circle, or too many, end", async (t) => {
    const index = await startIndex({
      faults: { "/simple/foo/": { kind: "redirect", to: "/simple/foo/" } },
    });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    assert.equal(await codeOf(() => findProject(session, "foo")), "index-response-invalid");
    assert.ok(index.requests.length <= 12);
  });

  test("to files, other schemes and nonsense are refused", async (t) => {
    for (const to of [
      "file:///etc/passwd",
      "ftp://host/x",
      "gopher://x/",
      "data:text/html,x",
      "javascript:1",
    ]) {
      const index = await startIndex({ faults: { "/simple/foo/": { kind: "redirect", to } } });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.equal(await codeOf(() => findProject(session, "foo")), "index-response-invalid", to);
      await index.close();
    }
  });

  test("within the index are followed, and links are relative to where they lead", async (t) => {
    const index = await startIndex({
      projects: { foo: [foo] },
      faults: { "/simple/old-foo/": { kind: "redirect", to: "/simple/foo/", status: 308 } },
    });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    // The page is of another project than the one that was asked for.
    assert.equal(await codeOf(() => findProject(session, "old-foo")), "index-response-invalid");
    assert.deepEqual(await filesOf(session, "foo"), [foo.filename]);
  });
});

suite("proxies", () => {
  /** A proxy that forwards plain requests to `target` whatever host they name. */
  async function startProxy(target: IndexServer): Promise<{ url: string; asked: string[]; close(): void }> {
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
      asked.push(`${request.headers["proxy-authorization"] ?? "nobody"} ${request.url}`);
      const { pathname } = new URL(request.url ?? "");
      const answer = await fetch(`${target.origin}${pathname}`, {
        headers: { accept: request.headers.accept ?? "" },
      });
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      url: `http://user:word@127.0.0.1:${(server.address() as AddressInfo).port}`,
      asked,
      close: () => {
        server.close();
        server.closeAllConnections();
      },
    };
  }

  test("of the variables are used, with their credentials, and not for hosts in NO_PROXY", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] }, compress: false });
    const proxy = await startProxy(index);
    t.after(() => Promise.all([index.close(), proxy.close()]));
    for (const name of ["http_proxy", "HTTP_PROXY", "ALL_PROXY"]) {
      const { session } = await openRig(t, {
        indexes: ["http://packages.test/simple/"],
        variables: { [name]: proxy.url },
      });
      assert.deepEqual(await filesOf(session, "foo"), [foo.filename]);
      await session.close();
    }
    const expected = `Basic ${Buffer.from("user:word").toString("base64")} http://packages.test/simple/foo/`;
    assert.deepEqual(proxy.asked, [expected, expected, expected]);
    const variables = { HTTP_PROXY: proxy.url, NO_PROXY: "localhost,127.0.0.1" };
    const { session } = await openRig(t, { indexes: [index.indexUrl], variables });
    assert.deepEqual(await filesOf(session, "foo"), [foo.filename]);
    assert.equal(proxy.asked.length, 3);
  });

  test("that are no proxies are refused without their password", async (t) => {
    const { session } = await openRig(t, {
      indexes: ["http://packages.test/simple/"],
      variables: { HTTP_PROXY: "gopher://user:hidden@host" },
    });
    const failure = await failureOf(() => findProject(session, "foo"));
    assert.equal(failure.code, "usage");
    assert.ok(!failure.message.includes("hidden"));
  });
});
