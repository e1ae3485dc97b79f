// The two commands of the guide, from nothing to a running service with PostgreSQL: the second as it is written; of the first,
// what it does beside asking the system for its packages, in a fresh copy of the repository.

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type IndexServer, missingPostgres } from "@thoth/testkit";
import { findPostgresqlPrograms } from "../src/database/postgresql-programs.ts";
import { questionOf, startSmallIndex } from "./offered-projects.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const STARTS_WITHIN = 60_000;
const INSTALLS_WITHIN = 600_000;

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
  /** Its exit status. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

describe("two commands", { skip: missingPostgres() }, () => {
  const commands = commandsOfGuide();
  let index: IndexServer;
  let data: string;

  before(async () => {
    index = await startSmallIndex();
    data = mkdtempSync(join(tmpdir(), "thoth-own-"));
  });
  after(async () => {
    await index?.close();
    rmSync(data, { recursive: true, force: true });
  });

  async function runSecond(
    variables: Readonly<Record<string, string>> = {},
    checkout: string = root,
  ): Promise<Running> {
    const [program = "", ...words] = String(commands[1]).split(" ");
    const child = spawn(join(checkout, program), words, {
      cwd: checkout,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: data,
        THOTH_SERVICE_DATA: data,
        THOTH_PORT: "0",
        THOTH_INDEX_URL: index.indexUrl,
        ...variables,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (part: Buffer) => {
      said += part.toString("utf8");
    });
    const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const url = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`it does not start: ${said}`)), STARTS_WITHIN);
      void gone.then((status) => reject(new Error(`it ended with ${status}: ${said}`)));
      void gone.finally(() => clearTimeout(late));
      createInterface({ input: child.stdout }).on("line", (text) => {
        const line = JSON.parse(text) as { readonly message: string; readonly url: string };
        if (line.message !== "listening") return;
        clearTimeout(late);
        resolve(line.url);
      });
    });
    const stop = async (signal: NodeJS.Signals) => {
      child.kill(signal);
      return await gone;
    };
    return { process: child, url, stop };
  }

  it("are two, and install what is needed first", () => {
    assert.equal(commands.length, 2);
    assert.match(String(commands[0]), /\bpostgresql\b.*&& npm ci$/);
  });

  it("lead from a fresh copy of the repository to a service", {
    skip: trackedFiles() === undefined && "this is no checkout",
  }, async () => {
    const copy = mkdtempSync(join(tmpdir(), "thoth-copy-"));
    const place = mkdtempSync(join(tmpdir(), "thoth-own-"));
    try {
      for (const name of trackedFiles() ?? []) {
        mkdirSync(dirname(join(copy, name)), { recursive: true });
        copyFileSync(join(root, name), join(copy, name));
      }
      const [program = "", ...words] = String(String(commands[0]).split("&&")[1]).trim().split(" ");
      const installed = spawnSync(program, words, { cwd: copy, encoding: "utf8", timeout: INSTALLS_WITHIN });
      assert.equal(installed.status, 0, installed.stderr);
      const service = await runSecond({ THOTH_SERVICE_DATA: place }, copy);
      assert.equal((await ask(service.url)).status, 200);
      const page = await (await fetch(service.url)).text();
      assert.match(page, /<title>Thoth/);
      assert.equal(await service.stop("SIGTERM"), 0);
    } finally {
      for (const folder of [copy, place]) rmSync(folder, { recursive: true, force: true });
    }
  });

  it("lead to a service that keeps its answers over stops and kills", async () => {
    const first = await runSecond();
    const answer = await ask(first.url);
    assert.equal(answer.status, 200);
    const id = answer.headers.get("x-thoth-job");
    const document = await answer.text();
    const folder = join(data, "postgresql");
    assert.equal(statSync(join(folder, "password")).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(data).mode & 0o007, 0);
    const server = serverIn(folder);
    assert.equal(server.address, "");
    assert.equal(await first.stop("SIGTERM"), 0);
    assert.ok(!isAlive(server.pid) && !existsSync(join(folder, "cluster", "postmaster.pid")));

    const second = await runSecond();
    assert.deepEqual(await toldAgain(second.url), { status: 200, id, document });
    await second.stop("SIGKILL");
    const third = await runSecond();
    assert.deepEqual(await toldAgain(third.url), { status: 200, id, document });
    await assert.rejects(runSecond(), /another process uses/);
    assert.equal(await third.stop("SIGINT"), 0);
  });

  it("end with a failure where the server ends by itself", async () => {
    const service = await runSecond();
    const gone = new Promise<number | null>((resolve) => service.process.once("exit", resolve));
    process.kill(serverIn(join(data, "postgresql")).pid, "SIGINT");
    assert.equal(await gone, 3);
  });

  it("do not mix with a database that is named, and say what is missing", async () => {
    await assert.rejects(
      runSecond({ THOTH_DATABASE: "postgresql://db.example.com/thoth" }),
      /exclude each other/,
    );
    await assert.rejects(runSecond({ THOTH_SERVICE_DATA: join(data, "x".repeat(100)) }), /--data/);
    assert.throws(() => findPostgresqlPrograms(3), { code: "database-failed", hint: /postgresql-3\b/ });
  });
});

/** Of git, as far as they are there; undefined where it knows of none. */
function trackedFiles(): readonly string[] | undefined {
  const { status, stdout } = spawnSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" });
  if (status !== 0 || stdout === "") return undefined;
  return stdout.split("\0").filter((name) => name !== "" && existsSync(join(root, name)));
}

/** Of the first block below the heading. */
function commandsOfGuide(): readonly string[] {
  const guide = readFileSync(join(root, "docs/operating.md"), "utf8");
  const [, block = ""] = /^## On an empty machine\n+```\n([^`]*)```/m.exec(guide) ?? [];
  return block.trim().split("\n");
}

async function ask(url: string, prefer = "wait=30"): Promise<Response> {
  return await fetch(`${url}/api/v2/advice`, {
    method: "POST",
    headers: { "content-type": "application/json", prefer },
    body: JSON.stringify(questionOf(1)),
  });
}

/** Without waiting: it is known. */
async function toldAgain(url: string): Promise<object> {
  const answer = await ask(url, "wait=0");
  return { status: answer.status, id: answer.headers.get("x-thoth-job"), document: await answer.text() };
}

/** As the file of a server tells it: the first line, and the sixth. */
function serverIn(folder: string): { readonly pid: number; readonly address: string } {
  const lines = readFileSync(join(folder, "cluster", "postmaster.pid"), "utf8").split("\n");
  return { pid: Number(lines[0]), address: String(lines[5]).trim() };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
