// The machine under the database fails: its disk is full, its clock is moved.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type IndexServer, missingPostgres, startPostgres } from "@thoth/testkit";
import { openDatabase } from "../src/database/open-database.ts";
import { type Accepted, ask, everythingIsAnswered, post, UNLIMITED } from "./accepted.ts";
import { questionOf, startSmallIndex } from "./offered-projects.ts";
import { startService, startWorkerProcess } from "./start-service.ts";

/** Bytes of a disk that a server just fits on. */
const DISK = 224 * 1024 * 1024;
/** https://github.com/wolfcw/libfaketime */
const [clock] = globSync("/usr/lib/*/faketime/libfaketime.so.1");

function missingDisk(): string | false {
  const folder = mkdtempSync(join(tmpdir(), "thoth-mount-"));
  const mounted = mount(folder) === 0;
  if (mounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true, force: true });
  return mounted ? false : "no disk of a size of its own can be mounted here";
}

function mount(folder: string): number | null {
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK},mode=755`, "tmpfs", folder]).status;
}

describe("the machine of the database", { skip: missingPostgres() }, () => {
  let index: IndexServer;
  before(async () => {
    index = await startSmallIndex();
  });
  after(async () => await index?.close());

  const optionsOf = (place: string, data: string) => ({
    data,
    words: ["--database", place, "--index-url", index.indexUrl],
    variables: UNLIMITED,
  });

  it("has a full disk: what is refused is told, and what was accepted is answered", {
    skip: missingDisk(),
  }, async () => {
    const disk = mkdtempSync(join(tmpdir(), "thoth-disk-"));
    assert.equal(mount(disk), 0);
    const data = mkdtempSync(join(tmpdir(), "thoth-full-"));
    chmodSync(disk, 0o755);
    const postgres = await startPostgres(
      { min_wal_size: "32MB", max_wal_size: "48MB", shared_buffers: "16MB" },
      { parent: disk },
    );
    const place = postgres.createDatabase();
    const database = await openDatabase(place);
    const service = await startService(optionsOf(place, data));
    const worker = await startWorkerProcess(optionsOf(place, data));
    const filler = join(disk, "filler");
    try {
      const accepted: Accepted[] = [];
      const askMany = async (from: number, count: number) => {
        for (let number = from; number < from + count; number++) {
          const one = await ask(service, number);
          if (one !== undefined) accepted.push(one);
        }
      };
      await askMany(0, 20);
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 256 * 1024)));
      // Long questions, until there is no room for another.
      const long = (number: number) => {
        const question = questionOf(number) as { project: { content: string; form: string } };
        const lines = Array.from({ length: 4000 }, (_, at) => `# ${number} ${at} ${Math.random()}`);
        return {
          ...question,
          project: { ...question.project, content: `${question.project.content}${lines.join("\n")}` },
        };
      };
      let refused: Response | undefined;
      for (let number = 1000; number < 1600 && refused === undefined; number++) {
        const answer = await post(service, long(number)).catch(() => undefined);
        if (answer?.status === 503) refused = answer;
        else if (answer?.status === 202)
          accepted.push({ number, id: String(answer.headers.get("x-thoth-job")) });
        await answer?.arrayBuffer().catch(() => undefined);
      }
      assert.ok(refused !== undefined, "the disk was never full");
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
      assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
      rmSync(filler);
      // A server whose log has no room ends itself; whoever runs it starts it again.
      await postgres.halt();
      await postgres.resume();
      await sleep(500);
      await askMany(2000, 10);
      assert.ok(accepted.length >= 30);
      await everythingIsAnswered(database, accepted);
    } finally {
      await service.stop();
      await worker.stop();
      await database.close();
      await postgres.stop();
      spawnSync("umount", ["-l", disk]);
      rmSync(disk, { recursive: true, force: true });
      rmSync(data, { recursive: true, force: true });
    }
  });

  it("has its clock moved, forth and back", { skip: clock === undefined && "no libfaketime" }, async () => {
    const data = mkdtempSync(join(tmpdir(), "thoth-clock-"));
    const offset = join(data, "offset");
    const move = (text: string) => {
      // Never half of it is read.
      writeFileSync(`${offset}.new`, `${text}\n`);
      renameSync(`${offset}.new`, offset);
    };
    chmodSync(data, 0o755);
    move("+0");
    const faked = {
      LD_PRELOAD: String(clock),
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      FAKETIME_DONT_RESET: "1",
    };
    const postgres = await startPostgres({}, { variables: faked });
    const place = postgres.createDatabase();
    const database = await openDatabase(place);
    const service = await startService(optionsOf(place, data));
    const workers = [
      await startWorkerProcess(optionsOf(place, data)),
      await startWorkerProcess(optionsOf(place, data)),
    ];
    try {
      const timeOf = async () => {
        const [row] = await database.rows<{ now: number }>(`SELECT ${database.now} AS now`);
        return Number(row?.now) - Date.now();
      };
      const accepted: Accepted[] = [];
      let number = 0;
      for (const hours of [0, 5, -3, 0, 24, 0]) {
        move(`${hours < 0 ? "-" : "+"}${Math.abs(hours)}h`);
        for (const end = number + 12; number < end; number++) {
          const one = await ask(service, number);
          if (one !== undefined) accepted.push(one);
        }
        const moved = Math.round((await timeOf()) / 3_600_000);
        assert.ok(moved === hours, `the clock was moved by ${moved}`);
      }
      assert.equal(accepted.length, number);
      await everythingIsAnswered(database, accepted);
    } finally {
      await service.stop();
      await Promise.all(workers.map(async (worker) => await worker.stop()));
      await database.close();
      await postgres.stop();
      rmSync(data, { recursive: true, force: true });
    }
  });
});
