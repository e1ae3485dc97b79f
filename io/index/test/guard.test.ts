// What strangers try who may say where packages come from. Each attack is run twice: without the guard it arrives, so that
// it proves something that it does not arrive with it.

import assert from "node:assert/strict";
import dns from "node:dns";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { encodeProject, readProject } from "@thoth/knowledge";
import { normalizeName, type ThothError } from "@thoth/pep";
import { openStore } from "@thoth/store";
import { startIndex, startWeb } from "@thoth/testkit";
import fc from "fast-check";
import { makeGuard } from "../src/guard.ts";
import { IndexSession } from "../src/index.ts";
import { closedAddress, numberOf, spellings } from "./address-spellings.ts";
import { artifactOf, attacks, listedName, PAGE } from "./guard-attacks.ts";
import { openWorld, sdist, type World, wheel } from "./guard-world.ts";
import { codeOf, failureOf, filesOf, findProject, requirementsOf, temporaryFolder } from "./rig.ts";

function assertForbidden({ code, details }: ThothError): void {
  assert.deepEqual([code, details?.["failure"]], ["index-unreachable", "forbidden"]);
}

suite("a stranger gets nothing by", () => {
  for (const [name, { listed, run }] of Object.entries(attacks)) {
    test(name, async (t) => {
      const open = await openWorld(t, undefined);
      await run(open);
      assert.ok(open.inside.requests.length > 0, "the attack does not work at all");
      const guarded = await openWorld(t, listed ?? (() => ""));
      assertForbidden(await failureOf(() => run(guarded)));
      assert.deepEqual(guarded.inside.requests, []);
    });
  }

  test("what was stored while nobody was on guard", async (t) => {
    const open = await openWorld(t, undefined);
    open.offer({ artifact: wheel, url: open.inside.urlOf(wheel.filename) });
    const indexes = [open.outside.indexUrl];
    const first = await open.open({ indexes });
    await findProject(first, "foo");
    await first.close();
    const variables = { ...open.variables, THOTH_ALLOWED_HOSTS: `+${new URL(open.outside.origin).host}` };
    const session = await open.open({ indexes, variables });
    assert.notEqual(session.project(normalizeName("foo")), undefined);
    assertForbidden(await failureOf(() => requirementsOf(session, "foo")));
    assert.deepEqual(open.inside.requests, []);
  });

  test("https: not even a connection is made", async (t) => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const indexes = [`https://localhost:${port}/simple/`];
    const run = async (world: World) =>
      await findProject(await world.open({ indexes, limits: { retries: 0 } }), "foo");
    const world = await openWorld(t, () => listedName(String(port)));
    assertForbidden(await failureOf(() => run(world)));
    assert.equal(connections, 0);
    const open = await openWorld(t, undefined);
    assert.equal(await codeOf(() => run(open)), "index-unreachable");
    assert.ok(connections > 0);
  });

  test("places on this machine", async (t) => {
    const folder = await temporaryFolder(t);
    const path = join(folder, wheel.filename);
    await writeFile(path, wheel.bytes);
    const { href } = pathToFileURL(path);
    const store = openStore(join(folder, "knowledge.sqlite"));
    t.after(() => store.close());
    const variables = { HOME: folder, THOTH_ALLOWED_HOSTS: "pypi.org" };
    const options = { store, cacheDirectory: folder, offline: false, allowBuild: false, variables };
    const open = (indexes: readonly string[], findLinks: readonly string[] = []) =>
      new IndexSession({ ...options, indexes, findLinks });
    const places = [folder, pathToFileURL(folder).href, ".", "file:///", "FILE:/etc", "FiLe://localhost/"];
    for (const place of places) {
      assertForbidden(await failureOf(async () => open([place])));
      assertForbidden(await failureOf(async () => open([], [place])));
    }
    const session = open([]);
    t.after(() => session.close());
    const urls = [href, href.replace("file:", "FILE:"), ` ${href}`, path, "ftp://pypi.org/x", "data:,x"];
    for (const url of urls) {
      const request = { filename: wheel.filename, url, hashes: {} };
      assertForbidden(await failureOf(() => session.artifact(request)));
      assertForbidden(await failureOf(() => session.openWheel(request)));
    }
    const file = { filename: wheel.filename, url: href, hashes: {}, yanked: false, coreMetadata: true };
    const page = { name: normalizeName("foo"), status: { status: "active" as const }, files: [file] };
    const rest = { tracks: [], alternateLocations: [], warnings: [] };
    const project = readProject(encodeProject({ ...page, ...rest }, ""))!;
    assertForbidden(
      await failureOf(() => session.supply({ projects: [], metadata: [{ project, file: 0 }] })),
    );
  });
});

/** Public, and at the time given to nobody. */
const NOWHERE = "3ffe::1";

/** Lets the stranger's name server answer for `packages.test`: each answer once, the last one for ever. */
function spoilNames(t: TestContext, answers: readonly (readonly string[])[]): { readonly asked: unknown[] } {
  const { lookup } = dns;
  const asked: unknown[] = [];
  const answer = (...given: unknown[]) => {
    const callback = given.at(-1) as (...found: unknown[]) => void;
    if (given[0] !== "packages.test") return Reflect.apply(lookup, dns, given);
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(given[1]);
    const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    process.nextTick(callback, null, found);
  };
  t.mock.method(dns, "lookup", answer as never);
  return { asked };
}

suite("a name server of the stranger's gets nothing by", () => {
  const listed = (port: string) => `packages.test:${port}`;
  const limits = { requestSeconds: 2, retrySeconds: 2 };
  const run = async ({ open, port }: World, most = limits) =>
    await findProject(await open({ indexes: [`http://packages.test:${port}/simple/`], limits: most }), "foo");

  test("an internal address", async (t) => {
    spoilNames(t, [["127.0.0.1"]]);
    const open = await openWorld(t, undefined);
    await run(open);
    assert.equal(open.inside.requests.length, 1);
    const world = await openWorld(t, listed);
    assertForbidden(await failureOf(() => run(world)));
    assert.deepEqual(world.inside.requests, []);
  });

  test("an internal address beside a public one, in either order", async (t) => {
    for (const answer of [
      [NOWHERE, "127.0.0.1"],
      ["127.0.0.1", NOWHERE],
    ]) {
      const { asked } = spoilNames(t, [answer]);
      const world = await openWorld(t, listed);
      assertForbidden(await failureOf(() => run(world)));
      assert.deepEqual(world.inside.requests, []);
      assert.equal(asked.length, 1, "it is asked again");
      t.mock.restoreAll();
    }
  });

  test("a public address that becomes an internal one", async (t) => {
    const { asked } = spoilNames(t, [[NOWHERE], ["127.0.0.1"]]);
    const world = await openWorld(t, listed);
    const hasty = { ...limits, requestSeconds: 0.5, retries: 0 };
    // Whoever looked the name up once to judge it and once to connect would be inside now.
    assert.equal(await codeOf(() => run(world, hasty)), "index-unreachable");
    assert.equal(asked.length, 1);
    assertForbidden(await failureOf(() => run(world, hasty)));
    assert.deepEqual([asked.length, world.inside.requests.length], [2, 0]);
  });

  test("an internal address in the clothes of another family", async (t) => {
    for (const address of ["::ffff:127.0.0.1", "::ffff:7f00:1", "::1", "64:ff9b::7f00:1", "2002:7f00:1::1"]) {
      spoilNames(t, [[address]]);
      const world = await openWorld(t, listed);
      assertForbidden(await failureOf(() => run(world)));
      assert.deepEqual(world.inside.requests, []);
      t.mock.restoreAll();
    }
  });
});

suite("the guard", () => {
  test("lets pass what the operator allows, internal ones with a plus", async (t) => {
    const world = await openWorld(t, (port) => `+localhost:${port}`);
    const offer = { artifact: wheel, url: `http://localhost:${world.port}/files/${wheel.filename}` };
    world.offer(offer);
    world.lead(`/files/${sdist.filename}`, `http://LOCALHOST:${world.port}/files/${sdist.filename}`);
    const session = await world.open({ indexes: [world.outside.indexUrl] });
    assert.equal(await requirementsOf(session, "foo"), "bar");
    const file = { filename: sdist.filename, url: world.outside.urlOf(sdist.filename), hashes: {} };
    assert.equal((await session.fetchArtifact(file)).size, sdist.bytes.length);
    const archive = await session.openWheel({ ...offer, filename: wheel.filename, hashes: {} });
    assert.equal(archive.size, wheel.bytes.length);
    await archive.close();
  });

  test("names the host that may not be asked, and asks once", async (t) => {
    const world = await openWorld(t, () => "");
    world.lead(PAGE, `http://user:secret@internal.test:8080/`);
    const session = await world.open({ indexes: [world.outside.indexUrl] });
    assert.equal(await codeOf(() => findProject(session, "foo")), "index-response-invalid");
    world.lead(PAGE, "http://internal.test:8080/");
    const failure = await failureOf(() => findProject(session, "foo"));
    assert.deepEqual(failure.details, { host: "internal.test:8080", failure: "forbidden" });
    assert.equal(world.outside.requests.length, 2);
  });

  test("follows no redirect with credentials, and takes a relative one from a URL that has some", async (t) => {
    const world = await openWorld(t, (port) => `+127.0.0.1:${port}`);
    const to = `${world.inside.urlOf(wheel.filename)}`;
    world.lead(`/files/${wheel.filename}`, to.replace("//", "//anna:word@"));
    const session = await world.open({});
    assert.equal(await codeOf(() => session.artifact(artifactOf(world))), "index-response-invalid");
    assert.deepEqual(world.inside.requests, []);
    world.lead(`/files/${wheel.filename}`, `/files/${sdist.filename}`);
    world.offer(sdist);
    const own = world.outside.urlOf(wheel.filename).replace("//", "//anna:word@");
    assert.equal((await session.fetchArtifact(artifactOf(world, own))).size, sdist.bytes.length);
  });

  test("sends credentials to no other origin that is allowed", async (t) => {
    const account = { username: "anna", password: "word" };
    const other = await startIndex({ projects: { foo: [wheel] } });
    const offer = { artifact: wheel, url: other.urlOf(wheel.filename) };
    const own = await startIndex({ projects: { foo: [offer] }, authentication: account });
    own.spoil("/simple/moved/", { kind: "redirect", to: `${other.indexUrl}foo/` });
    t.after(() => Promise.all([own.close(), other.close()]));
    const hosts = [own, other].map(({ origin }) => `+${new URL(origin).host}`).join(",");
    const world = await openWorld(t, () => hosts);
    const session = await world.open({ indexes: [own.authenticatedUrl] });
    assert.equal(await requirementsOf(session, "foo"), "bar");
    // The page is of another project than the one that was asked for.
    assert.equal(await codeOf(() => findProject(session, "moved")), "index-response-invalid");
    assert.equal(other.requests.length, 2);
    assert.ok(other.requests.every(({ headers }) => headers.authorization === undefined));
    assert.ok(own.requests.every(({ headers }) => headers.authorization !== undefined));
  });

  test("judges names by the list where a proxy connects, and by address where it is passed by", async (t) => {
    const json = { "content-type": "application/vnd.pypi.simple.v1+json" };
    const body = { meta: { "api-version": "1.0" }, name: "foo", files: [] };
    const proxy = await startWeb({ answer: () => ({ body, headers: json }) });
    t.after(() => proxy.close());
    const world = await openWorld(t, (port) => `packages.test, 127.0.0.1, localhost:${port}`);
    const variables = { ...world.variables, HTTP_PROXY: proxy.origin, NO_PROXY: "localhost" };
    const ask = async (url: string) => await filesOf(await world.open({ indexes: [url], variables }), "foo");
    assert.deepEqual(await ask("http://packages.test/simple/"), []);
    assert.equal(proxy.requests.length, 1);
    for (const place of ["other.test", "127.0.0.1", `localhost:${world.port}`])
      assertForbidden(await failureOf(() => ask(`http://${place}/simple/`)));
    assert.deepEqual([proxy.requests.length, world.inside.requests.length], [1, 0]);
  });

  test("allows nothing where its list is empty, and does not work with a faulty one", async (t) => {
    const world = await openWorld(t, undefined);
    const ask = async (allowed: string) => {
      const variables = { ...world.variables, THOTH_ALLOWED_HOSTS: allowed };
      return await findProject(await world.open({ indexes: [world.outside.indexUrl], variables }), "foo");
    };
    for (const allowed of ["", " ", ","]) assertForbidden(await failureOf(() => ask(allowed)));
    for (const entry of [
      "*",
      "http://a.test",
      "a.test/x",
      "a.test:0",
      "a.test:65536",
      "u@a.test",
      "*.10.1",
      "::1",
    ])
      assert.equal(await codeOf(() => ask(`+127.0.0.1, ${entry}`)), "usage", entry);
    assert.deepEqual(world.outside.requests, []);
  });
});

function failureAt(guard: ReturnType<typeof makeGuard>, url: URL): unknown {
  try {
    guard.admit(url);
  } catch (error) {
    return (error as ThothError).details?.["failure"];
  }
  return undefined;
}

suite("addresses", () => {
  test("that are private are refused in all spellings, even where they are listed", () => {
    const judge = (number: number) => {
      for (const host of spellings(number)) {
        const url = new URL(`http://${host}/`);
        assert.equal(failureAt(makeGuard(url.hostname), url), "forbidden", host);
        assert.equal(failureAt(makeGuard(`+${url.hostname}`), url), undefined, host);
      }
    };
    fc.assert(fc.property(closedAddress, judge), { numRuns: 300 });
    // Of clouds: their metadata services.
    for (const address of ["169.254.169.254", "100.100.100.200", "192.0.0.192"]) judge(numberOf(address));
  });

  test("of IPv6 that are private are refused", () => {
    const part = fc.nat({ max: 0xffff }).map((number) => number.toString(16));
    const start = fc.constantFrom(
      "fc00",
      "fd00",
      "fdff",
      "fe80",
      "febf",
      "fec0",
      "ff02",
      "ff0e",
      "2001:db8",
      "100",
      "5f00",
      "3fff:fff",
    );
    fc.assert(
      fc.property(start, part, part, (first, middle, last) => {
        const url = new URL(`http://[${first}::${middle}:${last}]/`);
        assert.equal(failureAt(makeGuard(url.hostname), url), "forbidden", url.href);
      }),
    );
    for (const host of ["[::]", "[::1]", "[fd00:ec2::254]"])
      assert.equal(failureAt(makeGuard(host), new URL(`http://${host}/`)), "forbidden", host);
  });

  test("that are public are allowed, where they are listed", () => {
    const hosts = [
      "8.8.8.8",
      "100.63.255.255",
      "100.128.0.1",
      "172.15.0.1",
      "172.32.0.1",
      "[2606:4700::1111]",
      "[64:ff9b::808:808]",
    ];
    for (const host of hosts) {
      assert.equal(failureAt(makeGuard(host), new URL(`https://${host}/`)), undefined, host);
      assert.equal(failureAt(makeGuard("8.8.4.4"), new URL(`https://${host}/`)), "forbidden", host);
    }
  });
});

suite("a list of hosts", () => {
  const admitted = (allowed: string, url: string) =>
    failureAt(makeGuard(allowed), new URL(url)) === undefined;

  test("means hosts by their whole names, in any spelling of one", () => {
    const list = " PyPI.org., *.PythonHosted.org ,bücher.example,packages.test:8443";
    const inside = [
      "http://pypi.org/",
      "https://PYPI.org./x",
      "https://user:word@pypi.org:443/",
      "https://files.pythonhosted.org/",
      "https://a.b.pythonhosted.org./",
      "https://xn--bcher-kva.example/",
      "https://BÜCHER.example/",
      "https://packages.test:8443/",
    ];
    for (const url of inside) assert.ok(admitted(list, url), url);
    const outside = [
      "https://pypi.org.evil.test/",
      "https://evilpypi.org/",
      "https://files.pypi.org/",
      "https://pypi.org../",
      "https://pythonhosted.org/",
      "https://evilpythonhosted.org/",
      "https://files.pythonhosted.org.evil.test/",
      "https://bucher.example/",
      "https://xn--pyi-8cd.org/",
      "https://рypi.org/",
      "https://pypi.org@evil.test/",
      "https://evil.test/pypi.org",
      "https://evil.test#@pypi.org/",
      "ftp://pypi.org/",
      "wss://pypi.org/",
    ];
    for (const url of outside) assert.ok(!admitted(list, url), url);
  });

  test("means the port that it names, or else that of the scheme", () => {
    assert.ok(admitted("a.test:443", "https://a.test/"));
    assert.ok(!admitted("a.test:443", "http://a.test/"));
    for (const port of [22, 80, 8080]) assert.ok(!admitted("a.test", `https://a.test:${port}/`));
  });
});
