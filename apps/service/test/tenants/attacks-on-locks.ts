// Attacks on locks that are watched.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type Attacks, assertAbsent, assertNothing, MARK, SECRET_QUESTION, type World } from "./world.ts";

const LOCKS = "/api/v2/locks";

async function watched(world: World): Promise<string> {
  const { body, status } = await world.alices("GET", LOCKS);
  assert.equal(status, 200);
  if (body.items.length > 0) return body.items[0].id;
  const made = await world.alices("POST", LOCKS, { body: { name: MARK, question: SECRET_QUESTION } });
  assert.equal(made.status, 201, made.text);
  return made.body.id;
}

export const attacksOnLocks: Attacks = {
  "lists locks": async (world) => {
    await watched(world);
    for (const query of ["", "?limit=100", "?after=999999999999999:0"])
      assertNothing(world, await world.bobs("GET", `${LOCKS}${query}`));
  },
  "forgets a lock": async (world) => {
    const id = await watched(world);
    const absent = `${LOCKS}/${randomBytes(8).toString("hex")}`;
    await assertAbsent(world, "DELETE", { theirs: `${LOCKS}/${id}`, absent });
    assert.equal((await world.alices("GET", LOCKS)).body.items.length, 1);
  },
  "watches a lock of the same name, and learns nothing by it": async (world) => {
    await watched(world);
    const body = { name: MARK, question: { project: { content: "flask\n", form: "requirements" } } };
    const answer = await world.bobs("POST", LOCKS, { body });
    assert.equal(answer.status, 201, answer.text);
    assert.equal((await world.bobs("DELETE", `${LOCKS}/${answer.body.id}`)).status, 204);
  },
};

/** Whether the service that is attacked watches locks at all. */
export async function watchesLocks(world: World): Promise<boolean> {
  return (await world.alices("GET", LOCKS)).status !== 404;
}
