// An index that says one thing of a wheel and gives another: found out before anything is installed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lockOf } from "@thoth/adviser";
import { runResolution } from "@thoth/index";
import { type Pylock, parseRequirement, ThothError } from "@thoth/pep";
import { buildWheel, type IndexServer, startIndex } from "@thoth/testkit";
import { targetOf } from "../src/interpreter.ts";
import { interpreter, World } from "./world.ts";

let server: IndexServer;

before(async () => {
  const lying = buildWheel({ name: "lying", version: "1.0", requires: ["evil>=1"] });
  const honest = buildWheel({ name: "honest", version: "1.0", requires: ["small==1.0"] });
  const small = buildWheel({ name: "small", version: "1.0" });
  server = await startIndex({
    projects: {
      lying: [{ artifact: lying, metadataText: "Metadata-Version: 2.1\nName: lying\nVersion: 1.0\n" }],
      honest: [honest],
      small: [small],
    },
  });
});

after(async () => {
  await server.close();
});

async function lockIn(world: World, text: string): Promise<Pylock> {
  const project = {
    requirements: [{ requirement: parseRequirement(text), group: "default", source: "a test" }],
    constraints: [],
    target: targetOf(interpreter),
    policy: {
      recommendationType: "latest",
      asOf: 2_000_000_000,
      prerelease: "if-necessary",
      resolution: "highest",
      noBinary: new Set<string>(),
      onlyBinary: new Set<string>(),
      allowBuild: false,
    },
  } as const;
  const outcome = await runResolution(project, world.session);
  assert.equal(outcome.kind, "solved");
  return lockOf((outcome as Extract<typeof outcome, { kind: "solved" }>).product);
}

async function refuses(work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => error instanceof ThothError && error.code === "metadata-mismatch");
}

test("the session that made the lock remembers what was said", async () => {
  const world = await World.open([server.indexUrl]);
  const lock = await lockIn(world, "lying");
  assert.deepEqual(
    lock.packages.map(({ name }) => name),
    ["lying"],
  );
  await refuses(world.create(lock));
  assert.deepEqual(await world.listRoot(), []);
  await world.close();
});

test("another machine has only the lock, which lacks what the wheel asks for", async () => {
  const first = await World.open([server.indexUrl]);
  const lock = await lockIn(first, "lying");
  await first.close();
  const second = await World.open([server.indexUrl]);
  await refuses(second.create(lock));
  assert.deepEqual(await second.listRoot(), []);
  // Another tool's lock may leave things out on purpose: a word of warning, and it is installed.
  const warnings: string[] = [];
  const made = await second.create(
    { ...lock, createdBy: "other" },
    { report: (event) => event.kind === "warning" && warnings.push(event.message) },
  );
  assert.equal(made.created, true);
  assert.equal(warnings.length, 1);
  await second.close();
});

test("an honest index", async () => {
  const world = await World.open([server.indexUrl]);
  const made = await world.create(await lockIn(world, "honest"));
  assert.deepEqual(
    made.packages.map(({ name }) => name),
    ["honest", "small"],
  );
  await world.close();
});
