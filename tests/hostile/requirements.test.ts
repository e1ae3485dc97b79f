// What the user's own files may hold, several indexes at once, accounts, and problems made to be hard.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildWheel, type IndexServer, type Offer, runCommand, startIndex } from "@thoth/testkit";
import {
  askLock,
  assertCivil,
  assertCode,
  assertPins,
  leavesAlone,
  makeFolder,
  makeHome,
  TARGET,
} from "../support.ts";

const home = makeHome();
const servers: IndexServer[] = [];
let server: IndexServer;

async function start(options: Parameters<typeof startIndex>[0]): Promise<IndexServer> {
  const started = await startIndex(options);
  servers.push(started);
  return started;
}

function release(name: string, version: string, requires: readonly string[] = []): Offer {
  return buildWheel({ name, version, requires });
}

before(async () => {
  server = await start({ projects: { six: [release("six", "1.0")] } });
});
after(() => Promise.all(servers.map((one) => one.close())));

describe("requirements of the user", { concurrency: 2 }, () => {
  const refused: Readonly<Record<string, string>> = {
    "with shell syntax": "six; touch OWNED && `touch OWNED` $(touch OWNED) | sh",
    "with a command as version": "six==$(touch OWNED)",
    "with a NUL": "six\0==1",
    "with a terminal's escape": "six\u001b[2J\u001b]0;owned\u0007==1",
    "with an overriding direction": "six\u202e==1",
    "with HTML": "<script>alert(1)</script>",
    "with a specifier that is none": "six>=<1",
    "of a million characters": `six==${"1.".repeat(500_000)}1`,
    "with an escaping name": "../../etc/passwd==1",
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`${what} are refused`, async () => {
      const folder = makeFolder(home);
      const result = await leavesAlone(folder, () =>
        askLock([text], { indexUrl: server.indexUrl, home, cwd: folder }),
      );
      assertCode(
        result,
        "invalid-requirement",
        "limit-exceeded",
        "invalid-project",
        "invalid-version",
        "unsatisfiable",
      );
    });
  }

  it("with 5,000 nested parentheses are read", async () => {
    const text = `six; ${"(".repeat(5000)}python_version > "3"${")".repeat(5000)}`;
    assertPins(await askLock([text], { indexUrl: server.indexUrl, home }), { six: "1.0" });
  });

  it("in a file name with shell syntax are read as that file", async () => {
    const name = "a; touch OWNED; `touch OWNED` $(touch OWNED) & b.txt";
    const folder = makeFolder(home, { [name]: "six\n" });
    const args = ["lock", name, "--json", "--index-url", server.indexUrl, ...TARGET];
    const result = await leavesAlone(folder, () => runCommand("thoth", args, { home, cwd: folder }));
    assertPins(result, { six: "1.0" });
    assert.ok(!existsSync(join(folder, "OWNED")));
  });

  it("that include themselves for ever are refused", async () => {
    const folder = makeFolder(home, { "a.txt": "-r b.txt\nsix\n", "b.txt": "-r a.txt\n" });
    const args = ["lock", "a.txt", "--json", "--index-url", server.indexUrl, ...TARGET];
    const result = await runCommand("thoth", args, { home, cwd: folder });
    assertCivil(result);
    if (result.status !== 0) assertCode(result, "invalid-requirement", "invalid-project", "limit-exceeded");
  });

  it("are not overwritten by a lock that cannot be made", async () => {
    const folder = makeFolder(home, { "in.txt": "six>=99\n", "pylock.toml": "# mine\n" });
    const args = ["lock", "in.txt", "-o", "pylock.toml", "--json", "--index-url", server.indexUrl, ...TARGET];
    const result = await leavesAlone(folder, () => runCommand("thoth", args, { home, cwd: folder }));
    assertCode(result, "unsatisfiable");
  });

  it("are written nowhere when the folder is read-only or not there", async () => {
    const folder = makeFolder(home, { "in.txt": "six\n" });
    for (const output of ["/proc/pylock.toml", "absent/pylock.toml", "in.txt/pylock.toml"]) {
      const args = ["lock", "in.txt", "-o", output, "--json", "--index-url", server.indexUrl, ...TARGET];
      const result = await leavesAlone(folder, () => runCommand("thoth", args, { home, cwd: folder }));
      assertCode(result, "file-failed", "usage");
    }
  });
});

describe("several indexes", { concurrency: 2 }, () => {
  it("do not outbid each other: the first that knows a name owns it", async () => {
    const own = await start({ projects: { secret: [release("secret", "1.0", ["six"])] } });
    const open = await start({
      projects: { secret: [release("secret", "99.0")], six: [release("six", "2.0")] },
    });
    const args = ["--extra-index-url", open.indexUrl];
    assertPins(await askLock(["secret"], { indexUrl: own.indexUrl, home, args }), {
      secret: "1.0",
      six: "2.0",
    });
    assert.ok(
      !open.requests.some(({ path }) => path.includes("secret")),
      "the name was shown to the second index",
    );
  });

  it("are not passed over when one fails", async () => {
    const own = await start({ faults: { "*": { kind: "status", status: 500 } } });
    const open = await start({ projects: { secret: [release("secret", "99.0")] } });
    const args = ["--extra-index-url", open.indexUrl];
    assertCode(await askLock(["secret"], { indexUrl: own.indexUrl, home, args }), "index-unreachable");
    const shut = await start({ authentication: { username: "me", password: "secret" } });
    assertCode(await askLock(["secret"], { indexUrl: shut.indexUrl, home, args }), "unauthorized");
  });

  it("see one project in every spelling of its name", async () => {
    const projects = {
      Foo_Bar: [release("Foo_Bar", "1.0")],
      "foo-bar": [release("foo-bar", "2.0")],
      "FOO.BAR": [release("FOO.BAR", "3.0")],
    };
    const spelled = await start({ projects });
    const result = await askLock(["foo_bar", "FOO-bar<3"], { indexUrl: spelled.indexUrl, home });
    assertPins(result, { "foo-bar": "2.0" });
  });
});

describe("an account", { concurrency: 2 }, () => {
  const authentication = { username: "me", password: "p@ss:w/rd%" };

  it("opens the index, and is never shown", async () => {
    const shut = await start({ authentication, projects: { six: [release("six", "1.0")] } });
    const told = await askLock(["six"], { indexUrl: shut.authenticatedUrl, home, args: ["--verbose"] });
    assertPins(told, { six: "1.0" });
    const absent = await askLock(["nothing"], { indexUrl: shut.authenticatedUrl, home });
    assertCode(absent, "package-not-found");
    const traced = await askLock(["nothing"], { indexUrl: shut.authenticatedUrl, home, args: ["--verbose"] });
    for (const { stdout, stderr } of [told, absent, traced]) {
      for (const secret of [authentication.password, encodeURIComponent(authentication.password)]) {
        assert.ok(!(stdout + stderr).includes(secret), "the password is shown");
      }
    }
  });

  it("is not taken along to another origin", async () => {
    const elsewhere = await start({ projects: { away: [release("away", "1.0")] } });
    const artifact = buildWheel({ name: "file-away", version: "1.0" });
    elsewhere.offer("file-away", [artifact]);
    const shut = await start({
      authentication,
      metadata: false,
      projects: {
        away: [release("away", "1.0")],
        "file-away": [{ artifact, url: elsewhere.urlOf(artifact.filename) }],
      },
    });
    shut.spoil("/simple/away/", { kind: "redirect", to: `${elsewhere.indexUrl}away/` });
    for (const name of ["away", "file-away"]) {
      assertPins(await askLock([name], { indexUrl: shut.authenticatedUrl, home }), { [name]: "1.0" });
    }
    assert.ok(elsewhere.requests.length >= 2);
    for (const { headers } of elsewhere.requests) {
      assert.equal(headers.authorization, undefined);
      assert.equal(headers.cookie, undefined);
    }
  });

  it("comes from .netrc for its own host alone", async () => {
    const shut = await start({
      authentication: { username: "me", password: "netrc" },
      projects: { six: [release("six", "1.0")] },
    });
    const netrc = makeFolder(home, { ".netrc": "machine 127.0.0.1 login me password netrc\n" });
    const env = { NETRC: join(netrc, ".netrc") };
    assertPins(await askLock(["six"], { indexUrl: shut.indexUrl, home, env }), { six: "1.0" });
  });
});

describe("control characters", { concurrency: 2 }, () => {
  const evil = "\u001b[31mred\u0007\u202e<b>&\r\nSet-Cookie: x";
  it("in reasons, summaries and addresses are escaped", async () => {
    const artifact = buildWheel({ name: "yanked", version: "1.0", summary: "\u001b[31m evil" });
    server.offer("yanked", [{ artifact, yanked: evil }]);
    for (const requirement of ["yanked", "yanked==1.0"]) {
      for (const args of [[], ["--verbose"]]) {
        const verbose = args.length > 0;
        assertCivil(await askLock([requirement], { indexUrl: server.indexUrl, home, args }), { verbose });
        const words = ["lock", "-", "--index-url", server.indexUrl, ...TARGET, ...args];
        assertCivil(await runCommand("thoth", words, { home, stdin: `${requirement}\n` }), { verbose });
      }
    }
    const page = JSON.stringify({
      meta: { "api-version": "1.1" },
      name: evil,
      files: [{ filename: evil, url: evil, hashes: {} }],
    });
    server.spoil("/simple/evil/", {
      kind: "body",
      body: page,
      contentType: "application/vnd.pypi.simple.v1+json",
    });
    server.offer("evil", []);
    assertCode(
      await askLock(["evil"], { indexUrl: server.indexUrl, home }),
      "index-response-invalid",
      "no-matching-artifact",
    );
  });
});

describe("a hard problem without an answer", { concurrency: 2 }, () => {
  it("of ten pigeons in nine holes is decided, or given up in its time", async () => {
    const pigeons = await start({ projects: pigeonholes(10, 9) });
    const names = Array.from({ length: 10 }, (_, at) => `pigeon${at}`);
    const args = ["--timeout", "10"];
    const result = await askLock(names, { indexUrl: pigeons.indexUrl, home, args });
    const error = assertCode(result, "unsatisfiable", "limit-exceeded");
    assert.ok(JSON.stringify(error).length < 64 * 1024);
  });

  it("of 385 releases that lead nowhere is decided, or given up after as many steps as it may take", async () => {
    const maze = await start({ projects: deadEnds(7, 55) });
    const result = await askLock(["maze0"], { indexUrl: maze.indexUrl, home });
    assertCode(result, "unsatisfiable", "limit-exceeded");
    const args = ["--max-steps", "128"];
    const few = assertCode(
      await askLock(["maze0"], { indexUrl: maze.indexUrl, home, args }),
      "limit-exceeded",
    );
    assert.deepEqual(few["details"], { limit: "steps", steps: 128 });
  });
});

/** Each pigeon's release says which hole it is in; a hole's releases say whose it is. */
function pigeonholes(pigeons: number, holes: number): Record<string, Offer[]> {
  const projects = new Map<string, Offer[]>();
  for (let pigeon = 0; pigeon < pigeons; pigeon++) {
    const offers = Array.from({ length: holes }, (_, hole) =>
      release(`pigeon${pigeon}`, `${hole + 1}`, [`hole${hole}==${pigeon + 1}`]),
    );
    projects.set(`pigeon${pigeon}`, offers);
  }
  for (let hole = 0; hole < holes; hole++) {
    projects.set(
      `hole${hole}`,
      Array.from({ length: pigeons }, (_, pigeon) => release(`hole${hole}`, `${pigeon + 1}`)),
    );
  }
  return Object.fromEntries(projects);
}

/** Every release of a level admits half of the next one's, and the last level contradicts the first. */
function deadEnds(levels: number, releases: number): Record<string, Offer[]> {
  const projects = new Map<string, Offer[]>();
  for (let level = 0; level < levels; level++) {
    const offers = Array.from({ length: releases }, (_, at) => {
      const next =
        level === levels - 1 ? `maze0!=${at + 1}` : `maze${level + 1}==${((at * 7 + level) % releases) + 1}`;
      const back = level === levels - 1 ? ["maze0==999"] : [];
      return release(`maze${level}`, `${at + 1}`, [next, ...back]);
    });
    projects.set(`maze${level}`, offers);
  }
  return Object.fromEntries(projects);
}
