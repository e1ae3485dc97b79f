// Attacks on tokens, tenants, rules, indexes and the audit trail.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type Attacks, absentJob, assertAbsent, assertNothing, comparable, MARK, RULES } from "./world.ts";

const TOKENS = "/api/v2/tokens";
const RULES_OF = "/api/v2/tenant/rules";

export const attacksOnAccess: Attacks = {
  "lists tokens": async (world) => assertNothing(world, await world.bobs("GET", TOKENS)),
  "revokes a token": async (world) => {
    const absent = `${TOKENS}/${randomBytes(8).toString("hex")}`;
    await assertAbsent(world, "DELETE", { theirs: `${TOKENS}/${world.alice.tokenId}`, absent });
    assert.equal((await world.alices("GET", "/api/v2/tenant")).status, 200);
  },
  "revokes a token, in other letters": async (world) => {
    for (const id of [
      world.alice.tokenId.toUpperCase(),
      `${world.alice.tokenId}.`,
      `0${world.alice.tokenId}`,
    ])
      assert.equal((await world.bobs("DELETE", `${TOKENS}/${id}`)).status, 404);
  },
  "revokes by the whole token": async (world) => {
    const answer = await world.bobs("DELETE", `${TOKENS}/${world.alice.token}`);
    assert.equal(answer.status, 404);
    assert.ok(!world.logged.join().includes(world.alice.token.slice(-43)));
  },
  "makes a token for another tenant": async (world) => {
    for (const more of [
      { tenant: world.alice.id },
      { Tenant: world.alice.id },
      { id: world.alice.tokenId },
    ]) {
      const body = { name: "x", scopes: ["read"], ...more };
      assert.equal((await world.bobs("POST", TOKENS, { body })).status, 400);
    }
  },
  "makes a token with a prototype": async (world) => {
    const text = `{"name":"x","scopes":["read"],"__proto__":{"tenant":"${world.alice.id}"}}`;
    const answer = await fetch(`${world.url}${TOKENS}`, {
      method: "POST",
      headers: { authorization: `Bearer ${world.bob.token}`, "content-type": "application/json" },
      body: text,
    });
    const { token } = (await answer.json()) as { readonly token?: { readonly tenant: string } };
    if (token !== undefined) assert.equal(token.tenant, world.bob.id);
    else assert.equal(answer.status, 400);
  },
  "makes itself an admin": async (world) => {
    for (const scopes of [["admin"], ["read", "admin"]])
      assert.equal((await world.bobs("POST", TOKENS, { body: { name: "x", scopes } })).status, 403);
    assert.equal((await world.bobs("POST", "/api/v2/tenants", { body: { name: "x" } })).status, 403);
  },
  "mixes the id of one token with the secret of another": async (world) => {
    const mixed = `thoth_${world.alice.tokenId}_${world.bob.token.split("_").slice(2).join("_")}`;
    const swapped = `thoth_${world.bob.tokenId}_${world.alice.token.split("_").slice(2).join("_")}`;
    for (const token of [mixed, swapped])
      assert.equal((await world.call("GET", TOKENS, { token })).status, 401);
  },
  "cannot tell by its scopes whether something is there": async (world) => {
    const { body } = await world.bobs("POST", TOKENS, { body: { name: "reader", scopes: ["read"] } });
    const token = body.secret;
    for (const [theirs, absent] of [
      [`/api/v2/jobs/${world.open}`, `/api/v2/jobs/${absentJob()}`],
      [`${TOKENS}/${world.alice.tokenId}`, `${TOKENS}/0000000000000000`],
      [`${RULES_OF}/${MARK}`, `${RULES_OF}/absent`],
    ] as const) {
      const [found, nothing] = [
        await world.call("DELETE", theirs, { token }),
        await world.call("DELETE", absent, { token }),
      ];
      assert.equal(found.status, 403);
      assert.deepEqual(comparable(found), comparable(nothing));
    }
  },
  "takes the name of another tenant, in whatever case": async (world) => {
    for (const name of ["alice", "ALICE", "Alice"])
      assert.equal(
        (await world.call("POST", "/api/v2/tenants", { token: world.admin, body: { name } })).status,
        409,
        name,
      );
    for (const name of ["alice\u200b", "аlice", " alice", "alice\n"])
      assert.equal(
        (await world.call("POST", "/api/v2/tenants", { token: world.admin, body: { name } })).status,
        400,
        JSON.stringify(name),
      );
  },
  "reads the tenant": async (world) => {
    const answer = await world.bobs("GET", "/api/v2/tenant");
    assert.equal(answer.body.id, world.bob.id);
    assertNothing(world, answer);
  },
  "removes rules": async (world) => {
    const theirs = `${RULES_OF}/${MARK}`;
    const [found, nothing] = [
      await world.bobs("DELETE", theirs),
      await world.bobs("DELETE", `${RULES_OF}/absent`),
    ];
    assert.equal(found.status, 404);
    assert.deepEqual(comparable(found), comparable(nothing));
    const rows = await world.database.rows("SELECT id FROM rules WHERE tenant = $1", [world.alice.id]);
    assert.equal(rows.length, 1);
  },
  "writes over rules of the same name": async (world) => {
    const before = await world.database.rows("SELECT * FROM rules WHERE tenant = $1", [world.alice.id]);
    await world.bobs("PUT", `${RULES_OF}/${MARK}`, { body: { text: RULES } });
    assert.deepEqual(
      await world.database.rows("SELECT * FROM rules WHERE tenant = $1", [world.alice.id]),
      before,
    );
    assert.equal((await world.bobs("DELETE", `${RULES_OF}/${MARK}`)).status, 204);
  },
  "names rules out of its folder": async (world) => {
    const ids = [
      "..%2f..%2fx",
      `..%2F${world.alice.id}%2F${MARK}`,
      "%2e%2e",
      ".hidden",
      "x%00",
      "x%0a",
      "C:%5Cx",
    ];
    for (const id of ids) {
      const answer = await world.bobs("PUT", `${RULES_OF}/${id}`, { body: { text: RULES } });
      assert.ok([400, 404, 405, 422].includes(answer.status), `${id} ${answer.status}`);
    }
    assert.deepEqual(await world.database.rows("SELECT id FROM rules WHERE tenant = $1", [world.bob.id]), []);
  },
  "changes indexes of its own alone": async (world) => {
    const before = await world.database.rows("SELECT indexes FROM tenants WHERE id = $1", [world.alice.id]);
    const body = { indexes: [{ url: "https://pypi.example.org/bob/" }] };
    const answer = await world.bobs("PUT", "/api/v2/tenant/indexes", { body });
    assert.deepEqual(answer.body.indexes, ["https://pypi.example.org/bob/"]);
    assertNothing(world, answer);
    assert.deepEqual(
      await world.database.rows("SELECT indexes FROM tenants WHERE id = $1", [world.alice.id]),
      before,
    );
  },
  "names the same index, and is not given its credentials": async (world) => {
    const body = { indexes: [{ url: `https://pypi.example.org/${MARK}/` }] };
    const answer = await world.bobs("PUT", "/api/v2/tenant/indexes", { body });
    assert.equal(answer.status, 200);
    const [row] = await world.database.rows<{ indexes: string }>(
      "SELECT indexes FROM tenants WHERE id = $1",
      [world.bob.id],
    );
    assert.ok(!row?.indexes.includes("sealed"));
    await world.bobs("PUT", "/api/v2/tenant/indexes", { body: { indexes: [] } });
  },
  "reads the audit trail": async (world) => {
    for (const query of ["", "?limit=100", "?after=999999999999999:0"]) {
      const { body } = await world.bobs("GET", `/api/v2/audit${query}`);
      const actors = new Set(body.items.map(({ actor }: { actor: string }) => actor));
      assert.deepEqual([...actors], [`token:${world.bob.tokenId}`]);
    }
  },
  "goes on in somebody else's audit trail": async (world) => {
    const first = await world.alices("GET", "/api/v2/audit?limit=1");
    assert.ok(first.body.next);
    assertNothing(world, await world.bobs("GET", `/api/v2/audit?limit=100&after=${first.body.next}`));
    for (const after of ["x", "1", "1:", ":x", "-1:0", "1:'--", "1:0%00"])
      assert.equal((await world.bobs("GET", `/api/v2/audit?after=${after}`)).status, 400, after);
  },
  "writes acts into somebody else's trail, by the id of a request": async (world) => {
    const body = { name: "x", scopes: ["read"] };
    await world.bobs("POST", TOKENS, { body, headers: { "x-request-id": "the-same" } });
    await world.alices("POST", TOKENS, { body, headers: { "x-request-id": "the-same" } });
    const { body: audit } = await world.bobs("GET", "/api/v2/audit?limit=100");
    const same = audit.items.filter(({ request }: { request: string }) => request === "the-same");
    assert.deepEqual(
      same.map(({ actor }: { actor: string }) => actor),
      [`token:${world.bob.tokenId}`],
    );
  },
  "is the operator, and sees no rules, indexes or tokens of others": async (world) => {
    for (const path of ["/api/v2/tenant", TOKENS])
      assertNothing(world, await world.call("GET", path, { token: world.admin }));
    const removed = await world.call("DELETE", `${RULES_OF}/${MARK}`, { token: world.admin });
    assert.equal(removed.status, 404);
  },
};
