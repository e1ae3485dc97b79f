// Attacks through the first API, whose clients read what they asked for without a token.

import assert from "node:assert/strict";
import { type Attacks, absentJob, ask, assertNothing, comparable, MARK, questionOf } from "./world.ts";

const ADVISE = "/api/v1/advise/python";

export const attacksByV1: Attacks = {
  "reads through the first API what was asked through the modern one": async (world) => {
    for (const id of [world.done, world.open])
      for (const rest of ["", "/log", "/status"]) {
        const absent = absentJob();
        const [found, nothing] = [
          await world.bobs("GET", `${ADVISE}/${id}${rest}`),
          await world.bobs("GET", `${ADVISE}/${absent}${rest}`),
        ];
        assert.deepEqual(comparable(found, id), comparable(nothing, absent), rest);
        assertNothing(world, found);
      }
  },
  "reads it so without a token": async (world) => {
    for (const rest of ["", "/log", "/status"]) {
      const absent = absentJob();
      const [found, nothing] = [
        await world.call("GET", `${ADVISE}/${world.done}${rest}`),
        await world.call("GET", `${ADVISE}/${absent}${rest}`),
      ];
      assert.deepEqual(comparable(found, world.done), comparable(nothing, absent), rest);
    }
  },
  "reads an analysis by another kind": async (world) => {
    const odd = world.done.replace("adviser", "provenance-checker");
    for (const id of [odd, world.done]) {
      const answer = await world.bobs("GET", `/api/v1/provenance/python/${id}`);
      assert.ok(answer.status === 400 || answer.status === 404);
      assert.ok(!answer.text.includes(MARK));
    }
  },
  "sends two tokens that differ": async (world) => {
    const path = `${ADVISE}?recommendation_type=stable&token=${world.alice.token}`;
    const answer = await world.bobs("POST", path, {
      body: { application_stack: { requirements: "flask\n" } },
    });
    assert.equal(answer.status, 401);
    assertNothing(world, answer);
    assert.ok(!world.logged.join().includes(world.alice.token.slice(-43)));
  },
  "sends a bad token, and is not taken for nobody": async (world) => {
    const path = `${ADVISE}?recommendation_type=stable&token=thoth_0000000000000000_${"A".repeat(43)}`;
    const answer = await world.call("POST", path, {
      body: { application_stack: { requirements: "flask\n" } },
    });
    assert.equal(answer.status, 401);
  },
  "asks through the first API, and is given nobody's answer": async (world) => {
    const own = await ask(world, world.alice, questionOf("flask==3.0\n"));
    const path = `${ADVISE}?recommendation_type=stable`;
    const answer = await world.bobs("POST", path, {
      body: { application_stack: { requirements: "flask==3.0\n" } },
    });
    assert.ok(!answer.text.includes(own));
    await world.alices("DELETE", `/api/v2/jobs/${own}`);
    for (const { id } of (await world.bobs("GET", "/api/v2/jobs?state=ready")).body.items)
      await world.bobs("DELETE", `/api/v2/jobs/${id}`);
  },
};
