// Attacks on jobs, their results, and answers that are given again.

import assert from "node:assert/strict";
import {
  type Attacks,
  absentJob,
  ask,
  assertAbsent,
  assertNothing,
  comparable,
  finish,
  MARK,
  questionOf,
  SECRET_QUESTION,
  type World,
} from "./world.ts";

const JOBS = "/api/v2/jobs";

function reading(rest: string, headers: Readonly<Record<string, string>> = {}) {
  return async (world: World) => {
    for (const id of [world.done, world.open])
      await assertAbsent(world, "GET", {
        theirs: `${JOBS}/${id}${rest}`,
        absent: `${JOBS}/${absentJob()}${rest}`,
        headers,
      });
  };
}

/** Milliseconds until Bob is told that a result is not there: of Alice's, and of none. */
async function mediansOf(world: World): Promise<readonly [theirs: number, absent: number]> {
  const times: readonly [number[], number[]] = [[], []];
  for (let number = 0; number < 41; number++)
    for (const [at, id] of [world.done, absentJob()].entries()) {
      const began = performance.now();
      await world.bobs("GET", `${JOBS}/${id}/result`);
      times[at]?.push(performance.now() - began);
    }
  const median = (of: number[]) => of.sort((a, b) => a - b)[20] ?? 0;
  return [median(times[0]), median(times[1])];
}

export const attacksOnJobs: Attacks = {
  "reads a job": reading(""),
  "reads a result": reading("/result"),
  "reads a log": reading("/log"),
  "listens to events": reading("/events"),
  "waits for a result, and is not let wait": async (world) => {
    const began = performance.now();
    await reading("/result", { prefer: "wait=20" })(world);
    assert.ok(performance.now() - began < 5_000);
  },
  "cancels a job": async (world) => {
    for (const id of [world.open, world.done])
      await assertAbsent(world, "DELETE", { theirs: `${JOBS}/${id}`, absent: `${JOBS}/${absentJob()}` });
    assert.equal((await world.alices("GET", `${JOBS}/${world.open}`)).body.state, "ready");
    assert.equal((await world.alices("GET", `${JOBS}/${world.done}`)).body.state, "done");
  },
  "compares with a result, on either side": async (world) => {
    const own = await ask(world, world.bob, questionOf("flask==1.0\n"));
    for (const query of ["before=ID&after=OWN", "before=OWN&after=ID", "before=ID&after=ID"]) {
      const [theirs = "", absent = ""] = [world.done, absentJob()].map(
        (id) => `/api/v2/comparison?${query.replaceAll("ID", id).replaceAll("OWN", own)}`,
      );
      const [found, nothing] = [await world.bobs("GET", theirs), await world.bobs("GET", absent)];
      assert.equal(found.status, nothing.status, query);
      assert.equal(found.body.code, nothing.body.code, query);
      assertNothing(world, found);
    }
    await world.bobs("DELETE", `${JOBS}/${own}`);
  },
  "lists jobs": async (world) => {
    for (const query of ["", "?limit=100", "?state=done", "?state=ready", "?state=running"]) {
      const { status, body } = await world.bobs("GET", `${JOBS}${query}`);
      assert.equal(status, 200);
      const ids = body.items.map(({ id }: { id: string }) => id);
      assert.ok(!ids.includes(world.done) && !ids.includes(world.open));
    }
  },
  "goes on in somebody else's list": async (world) => {
    const first = await world.alices("GET", `${JOBS}?limit=1`);
    assert.ok(first.body.next);
    const answer = await world.bobs("GET", `${JOBS}?limit=100&after=${first.body.next}`);
    const told = JSON.stringify(answer.body.items);
    assert.ok(!told.includes(world.done) && !told.includes(world.open));
    const near = await world.bobs("GET", `${JOBS}?after=9999999999999:${world.done}`);
    assert.ok(!JSON.stringify(near.body.items ?? []).includes(world.done));
  },
  "asks for a page without end": async (world) => {
    for (const limit of ["101", "0", "-1", "1e9", "25%00", "25;", ""])
      assert.equal((await world.bobs("GET", `${JOBS}?limit=${limit}`)).status, 400, limit);
  },
  "asks the same question, and is not given the answer": async (world) => {
    const again = await world.alices("POST", "/api/v2/advice", { body: SECRET_QUESTION });
    assert.equal(again.status, 200, "Alice is given hers");
    const answer = await world.bobs("POST", "/api/v2/advice", { body: SECRET_QUESTION });
    assert.equal(answer.status, 202);
    assert.notEqual(answer.body.id, again.headers.get("x-thoth-job"));
    assert.equal(answer.body.state, "ready");
    assert.equal(answer.body.started, null);
    await world.bobs("DELETE", `${JOBS}/${answer.body.id}`);
  },
  "asks the same question and waits: it is no sooner there": async (world) => {
    const began = performance.now();
    const call = { body: SECRET_QUESTION, headers: { prefer: "wait=1" } };
    const answer = await world.bobs("POST", "/api/v2/advice", call);
    assert.equal(answer.status, 202);
    assert.ok(performance.now() - began > 900);
    await world.bobs("DELETE", `${JOBS}/${answer.body.id}`);
  },
  "cancels the same question of its own": async (world) => {
    const body = questionOf(`${MARK}==2.0\n`);
    const id = await ask(world, world.bob, body);
    assert.notEqual(id, world.open);
    await world.bobs("DELETE", `${JOBS}/${id}`);
    assert.equal((await world.alices("GET", `${JOBS}/${world.open}`)).body.state, "ready");
    assert.equal(await ask(world, world.alice, body), world.open);
  },
  "asks anew by force, and replaces nobody's answer": async (world) => {
    const before = await ask(world, world.alice, SECRET_QUESTION);
    const id = await ask(world, world.bob, SECRET_QUESTION, "?force=true");
    assert.equal(await ask(world, world.alice, SECRET_QUESTION), before);
    await world.bobs("DELETE", `${JOBS}/${id}`);
  },
  "answers the same question wrongly for others": async (world) => {
    const body = questionOf("shared==1.0\n");
    const [mine, yours] = [await ask(world, world.bob, body), await ask(world, world.alice, body)];
    await world.bobs("DELETE", `${JOBS}/${mine}`);
    const again = await ask(world, world.alice, body);
    assert.equal(again, yours);
    assert.equal((await world.alices("GET", `${JOBS}/${yours}`)).body.state, "ready");
    await world.alices("DELETE", `${JOBS}/${yours}`);
  },
  "asks with the highest priority, and comes before nobody": async (world) => {
    await world.alices("DELETE", `${JOBS}/${await ask(world, world.alice, questionOf("turn==0\n"))}`);
    const ids = [];
    for (const [of, name, priority] of [
      [world.bob, "b1", 0],
      [world.bob, "b2", 0],
      [world.alice, "a1", 0],
      [world.bob, "b3", 1_000_000],
    ] as const)
      ids.push(await ask(world, of, { ...questionOf(`${name}==1\n`), priority }));
    const [, , yours, mine] = ids as [string, string, string, string];
    const rows = await world.database.rows<{ id: string; turn: number }>("SELECT id, turn FROM service_jobs");
    const turnOf = (id: string) => rows.find((row) => row.id === id)?.turn ?? 0;
    // It takes the place of the first of its own tenant, and of nobody else.
    const firstOfBob = Math.min(...[ids[0], ids[1], mine].map((id) => turnOf(id ?? "")));
    assert.equal(turnOf(mine), firstOfBob);
    assert.ok(turnOf(yours) <= Math.max(...[ids[0], ids[1]].map((id) => turnOf(id ?? ""))));
    for (const id of ids) for (const as of [world.alices, world.bobs]) await as("DELETE", `${JOBS}/${id}`);
  },
  "uses up its own quota, and nobody else's": async (world) => {
    await world.database.run("UPDATE tenants SET most_jobs = 2 WHERE id = $1", [world.bob.id]);
    const ids = [];
    for (const name of ["q1", "q2"]) ids.push(await ask(world, world.bob, questionOf(`${name}==1\n`)));
    const more = await world.bobs("POST", "/api/v2/advice", { body: questionOf("q3==1\n") });
    assert.equal(more.status, 429);
    const other = await ask(world, world.alice, questionOf("q4==1\n"));
    await world.alices("DELETE", `${JOBS}/${other}`);
    for (const id of ids) await world.bobs("DELETE", `${JOBS}/${id}`);
    await world.database.run("UPDATE tenants SET most_jobs = 100 WHERE id = $1", [world.bob.id]);
  },
  "asks more often than it may, and others still may": async (world) => {
    await world.database.run("UPDATE tenants SET per_minute = 0 WHERE id = $1", [world.bob.id]);
    const more = await world.bobs("POST", "/api/v2/advice", { body: questionOf("r1==1\n") });
    assert.equal(more.status, 429);
    assert.ok(Number(more.headers.get("retry-after")) >= 1);
    const other = await ask(world, world.alice, questionOf("r2==1\n"));
    await world.alices("DELETE", `${JOBS}/${other}`);
    await world.database.run("UPDATE tenants SET per_minute = 300 WHERE id = $1", [world.bob.id]);
  },
  "asks with credentials of an index, which nobody is to keep": async (world) => {
    const urls = ["https://u:hunter2@pypi.example.org/simple/"];
    const asked = [
      { ...questionOf("flask\n"), indexUrls: urls },
      questionOf(`--index-url ${urls[0]}\nflask\n`),
      questionOf(`flask @ https://u:hunter2@pypi.example.org/flask.whl\n`),
    ];
    for (const body of asked) {
      const answer = await world.bobs("POST", "/api/v2/advice", { body });
      assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} ${JSON.stringify(body)}`);
      assert.ok(!answer.text.includes("hunter2"), answer.text);
    }
    const kept =
      JSON.stringify(await world.database.rows("SELECT question FROM service_jobs")) + world.logged.join();
    assert.ok(!kept.includes("hunter2"));
  },
  "asks nobody's name, with the id of a job": async (world) => {
    for (const rest of ["", "/result", "/log", "/events"]) {
      const answer = await world.call("GET", `${JOBS}/${world.done}${rest}`);
      assert.equal(answer.status, 404);
      assertNothing(world, answer);
    }
    const [theirs, absent] = [
      await world.call("DELETE", `${JOBS}/${world.open}`),
      await world.call("DELETE", `${JOBS}/${absentJob()}`),
    ];
    assert.deepEqual(comparable(theirs), comparable(absent));
    assert.equal((await world.call("GET", JOBS)).status, 401);
  },
  "asks nobody's name, and ends what somebody else waits for": async (world) => {
    const body = questionOf("shared==1\n");
    const [first, second] = [
      await world.call("POST", "/api/v2/advice", { body }),
      await world.call("POST", "/api/v2/advice", { body }),
    ];
    const id = first.body.id;
    assert.equal(second.body.id, id);
    const answer = await world.call("DELETE", `${JOBS}/${id}`);
    assert.deepEqual([answer.status, answer.body.code], [403, "forbidden"]);
    for (const as of [world.bobs, world.alices])
      assert.equal((await as("DELETE", `${JOBS}/${id}`)).status, 404);
    assert.equal((await world.call("GET", `${JOBS}/${id}`)).body.state, "ready");
    await world.queue.cancel("public", id);
  },
  "is the operator, and reads jobs all the same not": async (world) => {
    const answer = await world.call("GET", `${JOBS}/${world.done}`, { token: world.admin });
    assert.equal(answer.status, 404);
    assert.ok(!(await world.call("GET", JOBS, { token: world.admin })).text.includes(world.done));
  },
  "measures how long it takes that nothing is there": async (world) => {
    // A machine that does other things too may err once.
    const rounds = [];
    for (let round = 0; round < 3; round++) {
      const [theirs, absent] = await mediansOf(world);
      rounds.push([theirs, absent]);
      if (theirs < 1.5 * absent + 1 && absent < 1.5 * theirs + 1) return;
    }
    assert.fail(JSON.stringify(rounds));
  },
  "finds nothing in what is told of the service": async (world) => {
    for (const path of ["/api/v2/status", "/metrics", "/healthz", "/readyz", "/openapi.json"]) {
      const answer = await fetch(world.url + path);
      const text = await answer.text();
      for (const mark of [MARK, world.alice.id, world.alice.tokenId, world.done])
        assert.ok(!text.includes(mark), path);
    }
  },
  "finishes a job of Alice's, and she sees her own result alone": async (world) => {
    const own = await ask(world, world.alice, questionOf("last==1\n"));
    await world.alices("DELETE", `${JOBS}/${world.open}`);
    await finish(world.queue, own);
    const answer = await world.alices("GET", `${JOBS}/${own}/result`);
    assert.equal(answer.status, 200);
    assert.ok(answer.text.includes(MARK));
  },
};
