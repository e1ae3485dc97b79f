// Observations of a tenant: they change its own answers, and nobody else's.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import type { AnyFact, Owner } from "@thoth/knowledge";
import { buildWheel, type IndexServer, startIndex } from "@thoth/testkit";
import { exportOf, failureOf } from "./exported.ts";
import { type StartedService, startService } from "./start-service.ts";

const failure = failureOf("alpha", "2.0", "ImportError: only on our machines");

describe("observations of a tenant", () => {
  let folder: string;
  let index: IndexServer;
  let service: StartedService;
  let alice: string;
  let bob: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "thoth-observed-"));
    const alphas = ["1.0", "2.0"].map((version) => buildWheel({ name: "alpha", version }));
    index = await startIndex({ projects: { alpha: alphas } });
    service = await startService({ words: ["--workers", "1", "--index-url", index.indexUrl] });
    alice = await tenant("alice");
    bob = await tenant("bob");
  });
  after(async () => {
    await service?.stop();
    await index?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function call(token: string | undefined, method: string, path: string, body?: object) {
    const answer = await fetch(`${service.url}${path}`, {
      method,
      headers: {
        prefer: "wait=20",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text, body: text === "" ? undefined : JSON.parse(text) };
  }

  async function tenant(name: string): Promise<string> {
    const made = await call(service.token, "POST", "/api/v2/tenants", { name });
    assert.equal(made.status, 201, made.text);
    return made.body.token;
  }

  async function advised(token: string | undefined): Promise<string> {
    const { status, body, text } = await call(token, "POST", "/api/v2/advice", {
      project: { content: "alpha\n", form: "requirements" },
      environment: { pythonVersion: "3.11", platform: "linux" },
      asOf: "2026-01-31",
    });
    assert.equal(status, 200, text);
    return body.products[0].packages[0].version;
  }

  const part = async (facts: readonly AnyFact[]) => (await exportOf(facts)).toString("base64");

  const PLACE = "/api/v2/tenant/observations/ours";

  it("change its answers, and nobody else's, until they are gone", async () => {
    assert.equal(await advised(alice), "2.0");
    const kept = await call(alice, "PUT", PLACE, { content: await part([failure]) });
    assert.equal(kept.status, 200, kept.text);
    assert.deepEqual(kept.body, { facts: 1 });
    assert.equal(await advised(alice), "1.0");
    for (const other of [bob, undefined]) assert.equal(await advised(other), "2.0");
    assert.equal((await call(bob, "DELETE", PLACE)).status, 404);
    assert.equal(await advised(alice), "1.0");
    const acts = await call(alice, "GET", "/api/v2/audit");
    assert.match(acts.text, /observations\.change/);
    assert.doesNotMatch((await call(bob, "GET", "/api/v2/audit")).text, /observations/);
    assert.equal((await call(alice, "DELETE", PLACE)).status, 204);
    assert.equal(await advised(alice), "2.0");
  });

  it("are refused where they are none, are of another kind, or unpack to too much", async () => {
    const other: AnyFact = {
      owner: "cve:CVE-2024-1" as Owner,
      kind: "exploitation",
      subject: "",
      body: { known: { added: 1000, ransomware: false } },
      provenance: failure.provenance,
    };
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20));
    for (const [content, status] of [
      [Buffer.from("nothing").toString("base64"), 422],
      [(await part([failure])).slice(0, 200), 422],
      [await part([other]), 422],
      [bomb.toString("base64"), 422],
      ["%%%", 400],
    ] as const) {
      const refused = await call(alice, "PUT", PLACE, { content });
      assert.equal(refused.status, status, refused.text);
    }
    for (const id of [".hidden", "%2e%2e", "a%2fb"])
      assert.ok(
        (await call(alice, "PUT", `/api/v2/tenant/observations/${id}`, { content: "" })).status >= 400,
      );
    assert.equal((await call(undefined, "PUT", PLACE, { content: "" })).status, 401);
  });
});
