// Two tenants of one service: what one of them has, the other neither sees, changes, nor learns to be there.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { attacksByRequests } from "./tenants/attacks-by-requests.ts";
import { attacksByV1 } from "./tenants/attacks-by-v1.ts";
import { attacksOnAccess } from "./tenants/attacks-on-access.ts";
import { attacksOnImages } from "./tenants/attacks-on-images.ts";
import { attacksOnJobs } from "./tenants/attacks-on-jobs.ts";
import { attacksOnLocks, watchesLocks } from "./tenants/attacks-on-locks.ts";
import { attacksOnObservations } from "./tenants/attacks-on-observations.ts";
import { openWorld, type World } from "./tenants/world.ts";

const ATTACKS = {
  ...attacksOnAccess,
  ...attacksOnObservations,
  ...attacksByRequests,
  ...attacksByV1,
  ...attacksOnImages,
  ...attacksOnJobs,
};

function suite(placeOf: () => string): void {
  let world: World;
  before(async () => {
    world = await openWorld(placeOf());
  });
  after(async () => await world?.close());

  it("has what is attacked", async () => {
    const result = await world.alices("GET", `/api/v2/jobs/${world.done}/result`);
    assert.equal(result.status, 200, result.text);
    assert.equal((await world.alices("GET", `/api/v2/jobs/${world.open}`)).body.state, "ready");
    assert.ok((await world.alices("GET", "/api/v2/audit")).body.items.length >= 3);
  });

  for (const [name, attack] of Object.entries(ATTACKS)) it(`Bob ${name}`, async () => await attack(world));

  for (const [name, attack] of Object.entries(attacksOnLocks))
    it(`Bob ${name}`, async (t) => {
      if (await watchesLocks(world)) await attack(world);
      else t.skip("this service watches no locks");
    });
}

describe("tenants, in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "thoth-tenants-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  suite(() => join(folder, "service.db"));
});

describe("tenants, in PostgreSQL", { skip: missingPostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(async () => await server?.stop());
  suite(() => server.createDatabase());
});
