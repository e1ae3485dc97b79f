// Attacks on analyses of images and on logs of builds, of which the first API tells whoever knows their ids.

import assert from "node:assert/strict";
import { makeVault } from "../../src/access/vault.ts";
import { ImageAnalyses } from "../../src/jobs/image-analyses.ts";
import { digestsOf, openCredentials } from "../../src/questions/image-question.ts";
import { type ImageQuestion, parseQuestion } from "../../src/questions/question.ts";
import { SECRET_KEY } from "../access-rig.ts";
import { type Attacks, assertNothing, comparable, MARK, type World } from "./world.ts";

const ANALYZE = "/api/v1/analyze";
const HOST = "pypi.example.org";
const PASSWORD = `${MARK}-password`;
const IMAGE = `${HOST}/${MARK}/app:1`;

interface Asked {
  readonly id: string;
  readonly cached: boolean;
}

type As = World["alices"];

async function analyze(as: As, image: string, password?: string): Promise<Asked> {
  const credentials = password === undefined ? {} : { registry_user: "u", registry_password: password };
  const query = new URLSearchParams({ image, ...credentials });
  const { status, body, text } = await as("POST", `${ANALYZE}?${query}`);
  assert.equal(status, 202, text);
  assert.ok(!text.includes(PASSWORD));
  return { id: body.analysis_id, cached: body.cached };
}

let last = 0;

/** As a worker ends it, who has found an image of another digest each time. Its digest. */
async function work({ database, queue }: World, id: string): Promise<string> {
  const digest = `sha256:${(++last).toString(16).padStart(64, "0")}`;
  const found = {
    ...{ image: IMAGE, digest, size: 1, architecture: "amd64", os: { id: MARK, version: "1" }, layers: [] },
    ...{
      labels: {},
      packages: [],
      pythons: [],
      distributions: [],
      libraries: [],
      environment: {},
      kept: false,
    },
  };
  await database.run(
    "UPDATE service_jobs SET state = 'running', worker = 'tests', attempt = 1 WHERE id = $1",
    [id],
  );
  const [job] = await database.rows<{ id: string; tenant: string; question: string }>(
    "SELECT id, tenant, question FROM service_jobs WHERE id = $1",
    [id],
  );
  assert.ok(job);
  const result = { document: Buffer.from(JSON.stringify(found)), status: 0 };
  await new ImageAnalyses(database).keep(job, digestsOf(job, result));
  assert.ok(await queue.finish({ worker: "tests", id, attempt: 1 }, result));
  return digest;
}

async function cancel(as: As, ...ids: readonly string[]): Promise<void> {
  for (const id of ids) await as("DELETE", `/api/v2/jobs/${id}`);
}

async function assertNoHash(world: World, as: As, digest: string): Promise<void> {
  const absent = `sha256:${"f".repeat(64)}`;
  const [found, nothing] = [
    await as("GET", `${ANALYZE}/by-hash/${digest}`),
    await as("GET", `${ANALYZE}/by-hash/${absent}`),
  ];
  assert.equal(found.status, 404, found.text);
  assert.deepEqual(comparable(found, digest), comparable(nothing, absent));
  assertNothing(world, found);
}

export const attacksOnImages: Attacks = {
  "looks for an analysis with another's credentials by the hash of its image": async (world) => {
    const { id } = await analyze(world.alices, IMAGE, PASSWORD);
    const digest = await work(world, id);
    await assertNoHash(world, world.bobs, digest);
    await assertNoHash(world, world.call, digest);
    // Nor does she herself: it is told by its id alone.
    assert.equal((await world.alices("GET", `${ANALYZE}/by-hash/${digest}`)).status, 404);
    assert.equal((await world.alices("GET", `${ANALYZE}/${id}`)).status, 200);
  },
  "looks for another tenant's analysis by the hash of its image": async (world) => {
    const { id } = await analyze(world.alices, IMAGE);
    const digest = await work(world, id);
    await assertNoHash(world, world.bobs, digest);
    await assertNoHash(world, world.call, digest);
    assert.equal((await world.alices("GET", `${ANALYZE}/by-hash/${digest}`)).status, 200);
  },
  "asks for the same image, and is given no answer that took credentials": async (world) => {
    const { id } = await analyze(world.alices, IMAGE, PASSWORD);
    await work(world, id);
    const others = [
      await analyze(world.bobs, IMAGE),
      await analyze(world.bobs, IMAGE, PASSWORD),
      await analyze(world.bobs, IMAGE, PASSWORD),
    ];
    assert.equal(new Set([id, ...others.map((other) => other.id)]).size, 4);
    assert.ok(others.every(({ cached }) => !cached));
    const again = await analyze(world.alices, IMAGE, PASSWORD);
    assert.ok(!again.cached && again.id !== id);
    await cancel(world.bobs, ...others.map((other) => other.id));
    await cancel(world.alices, again.id);
  },
  "asks without a token, and is given no tenant's answer": async (world) => {
    const own = await analyze(world.alices, `${HOST}/${MARK}/shared:1`);
    await work(world, own.id);
    const anonymous = await analyze(world.call, `${HOST}/${MARK}/shared:1`);
    assert.ok(!anonymous.cached && anonymous.id !== own.id);
    await world.queue.cancel("public", anonymous.id);
  },
  "moves sealed credentials to an image of his own": async (world) => {
    const { id } = await analyze(world.alices, IMAGE, PASSWORD);
    const [row] = await world.database.rows<{ question: string }>(
      "SELECT question FROM service_jobs WHERE id = $1",
      [id],
    );
    assert.ok(row && !row.question.includes(PASSWORD));
    const question = parseQuestion(row.question) as ImageQuestion;
    const vault = makeVault(SECRET_KEY);
    assert.equal(openCredentials(question, world.alice.id, vault)?.reveal(), `u:${PASSWORD}`);
    const moved = { ...question, image: `${HOST}/bob/app:1` };
    assert.throws(() => openCredentials(moved, world.alice.id, vault));
    assert.throws(() => openCredentials(question, world.bob.id, vault));
    await cancel(world.alices, id);
  },
  "finds a password in what is kept or logged": async (world) => {
    const { id } = await analyze(world.alices, IMAGE, PASSWORD);
    for (const table of ["service_jobs", "answers", "image_analyses", "log_lines", "acts", "results"]) {
      const rows = await world.database.rows(`SELECT * FROM ${table}`);
      assert.ok(!JSON.stringify(rows).includes(PASSWORD), table);
    }
    assert.ok(!world.logged.join().includes(PASSWORD));
    await cancel(world.alices, id);
  },
  "guesses the id of a log of a build": async (world) => {
    const keep = async () => {
      const body = { build_log: { log: `${MARK}: export TOKEN=1` } };
      const { status, body: told, text } = await world.alices("POST", "/api/v1/build-analysis", { body });
      assert.equal(status, 202, text);
      return String(told.buildlog_document_id);
    };
    const [first, second] = [await keep(), await keep()];
    const digits = (id: string) => id.split("-").at(-1) ?? "";
    assert.equal(digits(first).length, 32);
    const same = [...digits(first)].filter((digit, at) => digit === digits(second)[at]).length;
    assert.ok(same < 16, "two ids have much in common");
    const near = first.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    const guesses = [
      near,
      first.slice(0, -1),
      digits(first),
      "buildlog-",
      `${first}0`,
      "%27%20OR%201=1",
      "..%2f",
    ];
    for (const guess of guesses) {
      const answer = await world.bobs("GET", `/api/v1/buildlog/${guess}`);
      assert.ok(answer.status === 404 || answer.status === 400, guess);
      assertNothing(world, answer);
    }
    assert.ok(!world.logged.join().includes(`${MARK}: export`));
  },
  "reads a log of a build as an analysis, and an analysis as a log": async (world) => {
    const { id } = await analyze(world.alices, IMAGE);
    const answers = [
      await world.bobs("GET", `/api/v1/buildlog/${id}`),
      await world.bobs("GET", `/api/v1/advise/python/${id}`),
      await world.bobs("GET", `/api/v2/jobs/${id}`),
    ];
    for (const answer of answers) {
      assert.ok(answer.status === 404 || answer.status === 400);
      assertNothing(world, answer);
    }
    await cancel(world.alices, id);
  },
};
