// The container image as it is built, and what it does: as the user that OpenShift would give it, with both roles.

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  buildWheel,
  type IndexServer,
  missingPostgres,
  type PostgresServer,
  startIndex,
  startPostgres,
} from "@thoth/testkit";
import { BuiltImage, missingBuilder } from "./built-image.ts";

/** Any user, always of group 0. */
const ANYBODY = "1000660000:0";
const STARTS_WITHIN = 60_000;

describe("the container image", { skip: missingBuilder() || missingPostgres() }, () => {
  const image = new BuiltImage();
  let index: IndexServer;
  let postgres: PostgresServer;
  let container: string;
  let files: string;
  const started: ChildProcess[] = [];

  before(async () => {
    index = await startIndex({ projects: { alpha: [buildWheel({ name: "alpha", version: "1.0" })] } });
    postgres = await startPostgres();
    image.build();
    container = image.container();
    files = image.mount(container);
  });
  after(async () => {
    for (const child of started) child.kill("SIGKILL");
    await index?.close();
    await postgres?.stop();
    image.remove();
  });

  const inside = (...words: readonly string[]) => {
    const [program = "", ...rest] = image.running(container, ANYBODY, words);
    return spawnSync(program, rest, { encoding: "utf8" });
  };

  function start(role: string, variables: Readonly<Record<string, string>>) {
    const [program = "", ...rest] = image.running(container, ANYBODY, ["thoth", role], variables);
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
    started.push(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => {
        said += part.toString("utf8");
      });
    return { child, said: () => said };
  }

  test("says who it is, and runs as nobody in particular", () => {
    const configuration = image.configuration() as {
      readonly User: string;
      readonly Entrypoint: readonly string[];
      readonly Cmd: readonly string[];
      readonly Labels: Readonly<Record<string, string>>;
      readonly Healthcheck: { readonly Test: readonly string[] };
    };
    assert.equal(configuration.User, "10001:0");
    assert.deepEqual([...configuration.Entrypoint, ...configuration.Cmd], ["/usr/local/bin/thoth", "serve"]);
    assert.equal(configuration.Labels["org.opencontainers.image.licenses"], "Apache-2.0");
    assert.equal(configuration.Healthcheck.Test[0], "CMD");
    assert.match(inside("thoth", "--version").stdout, /^thoth \d+\.\d+\.\d+/);
  });

  test("holds nothing that made it, and nothing that its user could change", () => {
    for (const tool of ["usr/bin/npm", "usr/bin/node", "build", "usr/etc/npmrc", "usr/etc/npmrc.user"])
      assert.ok(!existsSync(join(files, tool)), tool);
    const writable = everyFile(join(files, "opt/thoth")).filter((path) => {
      const { mode, uid, gid } = lstatSync(path);
      return uid !== 0 || gid !== 0 || (mode & 0o022) !== 0;
    });
    assert.deepEqual(writable, []);
    const refused = inside(
      "sh",
      "-c",
      "touch /opt/thoth/x; touch /usr/local/bin/x; touch /var/lib/thoth/x && echo kept",
    );
    assert.equal(refused.stdout.trim(), "kept");
    assert.equal(refused.stderr.match(/Permission denied/g)?.length, 2);
  });

  test("serves and works with PostgreSQL, is healthy, and ends in order", async (t) => {
    const [port, workerPort] = await Promise.all([freePort(), freePort()]);
    const variables = {
      THOTH_DATABASE: postgres.createDatabase(),
      THOTH_INDEX_URL: index.indexUrl,
      THOTH_PORT: String(port),
      THOTH_WORKER_PORT: String(workerPort),
    };
    const before = performance.now();
    const api = start("serve", variables);
    await answers(`http://127.0.0.1:${port}/readyz`, api.said);
    t.diagnostic(`ready after ${Math.round(performance.now() - before)} ms`);
    const worker = start("worker", variables);
    await answers(`http://127.0.0.1:${workerPort}/healthz`, worker.said);
    const answer = await fetch(`http://127.0.0.1:${port}/api/v2/advice`, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "wait=30" },
      body: JSON.stringify({
        project: { content: "alpha\n", form: "requirements" },
        environment: { pythonVersion: "3.11", platform: "linux" },
        recommendationType: "latest",
      }),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.match(await answer.text(), /"name":"alpha","version":"1\.0"/);
    const page = await fetch(`http://127.0.0.1:${port}/`);
    assert.match(await page.text(), /<title>/);
    const [program = "", ...rest] = image.running(
      container,
      ANYBODY,
      (image.configuration()["Healthcheck"] as { readonly Test: readonly string[] }).Test.slice(1),
      variables,
    );
    assert.equal(spawnSync(program, rest).status, 0);
    for (const { child } of [worker, api]) assert.equal(await ended(child), 0);
    assert.equal(spawnSync(program, rest).status, 1);
  });
});

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = createServer().listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function answers(url: string, said: () => string): Promise<void> {
  const until = performance.now() + STARTS_WITHIN;
  for (;;) {
    const status = await fetch(url).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > until) throw new Error(`${url} does not answer: ${said()}`);
    await sleep(200);
  }
}

/** As Kubernetes ends it: the process in the container is told, and none of those around it. */
async function ended(child: ChildProcess): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once("exit", resolve);
  const inner = lastOf(child.pid ?? 0);
  process.kill(inner, "SIGTERM");
  return await promise;
}

/** The process that no other one of the container stands below: the command itself. */
function lastOf(pid: number): number {
  const { stdout } = spawnSync("ps", ["-e", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => /^ *(\d+) +(\d+) (.*)$/.exec(line)?.slice(1) ?? []);
  const below = (parent: number): number => {
    const next = rows.find(
      ([, above, words = ""]) => Number(above) === parent && !words.includes("resident"),
    );
    return next === undefined ? parent : below(Number(next[0]));
  };
  return below(pid);
}
