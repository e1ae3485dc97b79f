// A lock that is watched from end to end: the real command advises, an index gets a new release, and the owner is told.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { buildWheel, startIndex } from "@thoth/testkit";
import { Audit } from "../src/access/audit.ts";
import { bootstrapToken } from "../src/access/bootstrap-token.ts";
import { stampOfFiles } from "../src/knowledge/knowledge-stamp.ts";
import { openLocks } from "../src/locks/open-locks.ts";
import { readLockSettings } from "../src/locks/settings.ts";
import { openService } from "../src/open-service.ts";
import { checkQuestion } from "../src/questions/check-question.ts";
import type { ServiceSettings } from "../src/settings.ts";
import { startWorker } from "../src/work.ts";
import { makeTenant, openRig } from "./access-rig.ts";
import { fail, isPublic, SECRET, startReceiver, until, VAULT } from "./locks-world.ts";

const CLI = fileURLToPath(new URL("../../cli/dist/cli.cjs", import.meta.url));

describe("a lock that is watched", () => {
  it("is advised by the real command, and its owner is told when a release appears", async () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-advised-"));
    const index = await startIndex({
      cacheControl: "no-cache",
      projects: {
        alpha: [buildWheel({ name: "alpha", version: "1.0", requires: ["beta"] })],
        beta: [buildWheel({ name: "beta", version: "1.0" })],
      },
    });
    const receiver = await startReceiver();
    const settings: ServiceSettings = {
      version: "0.0.0",
      database: join(folder, "service.sqlite"),
      data: folder,
      indexes: [index.indexUrl],
      hosts: `+${new URL(index.origin).host}`,
      command: [process.execPath, "--disable-warning=ExperimentalWarning", CLI],
      variables: {},
      processes: 1,
      time: 60_000,
      keep: 86_400_000,
    };
    const service = await openService(settings);
    const { database } = service;
    const variables = { THOTH_CALLBACK_HOSTS: `+127.0.0.1:${receiver.port}`, THOTH_CALLBACK_HTTP: "allow" };
    const known = join(folder, "known");
    const locks = openLocks({
      service,
      settings: readLockSettings(variables, isPublic),
      vault: VAULT,
      audit: new Audit(database),
      check: (question) => checkQuestion(question, service),
      knowledgeStamp: stampOfFiles([known]),
      failed: fail,
    });
    const worker = await startWorker(service, {
      settings,
      placesOf: async () => ({ indexes: [], rules: {}, observations: {} }),
      vault: undefined,
      log: () => undefined,
    });
    const admin = (await bootstrapToken(database))?.reveal() ?? "";
    const rig = await openRig(database, { handlers: locks.handlers });
    const token = await makeTenant(rig, admin, "mine");
    try {
      locks.start();
      const body = {
        name: "one",
        question: {
          project: { content: "alpha\n", form: "requirements" },
          environment: { pythonVersion: "3.11", platform: "linux" },
          recommendationType: "latest",
        },
        callback: { url: receiver.url, secret: SECRET },
      };
      assert.equal((await rig.call("POST", "/api/v2/locks", { token, body })).status, 201);
      const lock = async () => (await rig.call("GET", "/api/v2/locks", { token })).body.items[0];
      await until(async () => (await lock()).advised !== null, "it is advised", 60_000);
      assert.equal((await lock()).failure, undefined);
      index.offer("beta", [
        buildWheel({ name: "beta", version: "1.0" }),
        buildWheel({ name: "beta", version: "2.0" }),
      ]);
      const { job } = (await lock()).advised;
      writeFileSync(known, "a release");
      await until(async () => (await lock()).advised.job !== job, "it is advised again", 60_000);
      assert.equal((await lock()).failure, undefined);
      await until(() => receiver.received.length > 0, "its owner is told");
      const { changed, levels } = JSON.parse(receiver.received[0]?.body ?? "").data;
      assert.deepEqual(
        changed.map(({ name, from, to }: Readonly<Record<string, string>>) => [name, from, to]),
        [["beta", "1.0", "2.0"]],
      );
      assert.ok(levels.length > 0);
    } finally {
      await locks.stop();
      await worker.stop(0);
      await rig.close();
      await service.close();
      await receiver.close();
      await index.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
