// Two tenants of one service, over real HTTP, and what belongs to one of them.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { JobQueue } from "../../src/jobs/job-queue.ts";
import { type Served, serve } from "../../src/serve.ts";
import { USUAL_HTTP } from "../../src/settings.ts";
import { type Answered, type Call, SECRET_KEY, send } from "../access-rig.ts";
import { exportOf, failureOf } from "../exported.ts";

/** In everything of Alice's; nobody else may ever see it. */
export const MARK = "alice-only-4f1c";

export interface Tenant {
  readonly token: string;
  readonly tokenId: string;
  readonly id: string;
}

export interface World {
  readonly url: string;
  readonly database: Database;
  readonly queue: JobQueue;
  readonly admin: string;
  readonly alice: Tenant;
  readonly bob: Tenant;
  /** Jobs of Alice's: one has a result, one waits. */
  readonly done: string;
  readonly open: string;
  readonly logged: readonly string[];
  call(method: string, path: string, call?: Call): Promise<Answered>;
  /** As Bob. */
  bobs(method: string, path: string, call?: Call): Promise<Answered>;
  alices(method: string, path: string, call?: Call): Promise<Answered>;
  /** What the server answers to bytes that no client library would send. */
  raw(bytes: string): Promise<string>;
  close(): Promise<void>;
}

export type Attack = (world: World) => Promise<void>;
export type Attacks = Readonly<Record<string, Attack>>;

export function questionOf(content: string): object {
  return { project: { content, form: "requirements" } };
}

export const SECRET_QUESTION = questionOf(`${MARK}==1.0\n`);

export const RULES = `
units:
  steps:
    - name: Slow
      type: step
      should_include: { adviser_pipeline: true }
      match: { package_version: { name: flask, version: "<1" } }
      run: { score: -0.1 }
`;

/** An id that no job has. */
export function absentJob(): string {
  return `adviser-261201000000-${randomBytes(8).toString("hex")}`;
}

export async function openWorld(place: string): Promise<World> {
  const data = mkdtempSync(join(tmpdir(), "thoth-tenants-"));
  const logged: string[] = [];
  const served = await serve({
    settings: {
      version: "1.0.0",
      database: place,
      data,
      indexes: [],
      hosts: "pypi.example.org",
      command: [],
      variables: {},
      processes: 0,
      time: 1_000,
      keep: 86_400_000,
    },
    http: { host: "127.0.0.1", port: 0, ...USUAL_HTTP },
    variables: { THOTH_SECRET_KEY: SECRET_KEY, THOTH_FAILURE_RATE: "1000,1000" },
    log: (line) => void logged.push(JSON.stringify(line)),
  });
  try {
    return await settle(served, place, { data, logged });
  } catch (error) {
    await served.stop(0);
    throw error;
  }
}

interface Kept {
  readonly data: string;
  readonly logged: readonly string[];
}

async function settle(served: Served, place: string, { data, logged }: Kept): Promise<World> {
  const database = await openDatabase(place);
  const { url } = served;
  const call: World["call"] = async (method, path, given = {}) => await send(method, `${url}${path}`, given);
  const [alice, bob] = [
    await makeTenant(call, served.token, "alice"),
    await makeTenant(call, served.token, "bob"),
  ];
  const as =
    ({ token }: Tenant): World["call"] =>
    async (method, path, given = {}) =>
      await call(method, path, { token, ...given });
  const parts = {
    url,
    database,
    queue: new JobQueue(database),
    admin: served.token ?? "",
    alice,
    bob,
    logged,
    call,
  };
  const world = {
    ...parts,
    alices: as(alice),
    bobs: as(bob),
    raw: async (bytes: string) => await exchange(url, bytes),
  };
  const jobs = await furnish(world);
  const close = async () => {
    await served.stop(0);
    await database.close();
    rmSync(data, { recursive: true, force: true });
  };
  return { ...world, ...jobs, close };
}

async function makeTenant(call: World["call"], admin: string | undefined, name: string): Promise<Tenant> {
  const { body, text } = await call("POST", "/api/v2/tenants", { token: admin, body: { name } });
  assert.ok(body.token, text);
  return { token: body.token, tokenId: body.token.split("_")[1], id: body.tenant.id };
}

/** What Alice has: jobs, a log, a token, rules, observations, an index with credentials. */
async function furnish(world: Omit<World, "done" | "open" | "close">): Promise<Pick<World, "done" | "open">> {
  const { alices, queue, alice } = world;
  const made = [
    await alices("POST", "/api/v2/tokens", { body: { name: MARK, scopes: ["read"] } }),
    await alices("PUT", `/api/v2/tenant/rules/${MARK}`, { body: { text: `# ${MARK}\n${RULES}` } }),
    await alices("PUT", `/api/v2/tenant/observations/${MARK}`, { body: await observed(MARK) }),
    await alices("PUT", "/api/v2/tenant/indexes", {
      body: { indexes: [{ url: `https://pypi.example.org/${MARK}/`, username: "u", password: MARK }] },
    }),
  ];
  for (const { status, text } of made) assert.ok(status < 300, text);
  const done = await ask(world, alice, SECRET_QUESTION);
  await finish(queue, done);
  return { done, open: await ask(world, alice, questionOf(`${MARK}==2.0\n`)) };
}

/** The body that keeps one observation. */
export async function observed(symptom: string): Promise<{ readonly content: string }> {
  const bytes = await exportOf([failureOf("flask", "1.0", symptom)]);
  return { content: bytes.toString("base64") };
}

export async function ask(
  { call }: Pick<World, "call">,
  { token }: Tenant,
  body: object,
  query = "",
): Promise<string> {
  const answer = await call("POST", `/api/v2/advice${query}`, { token, body });
  const id = answer.headers.get("x-thoth-job");
  assert.ok(id, answer.text);
  return id;
}

/** Works on the job that is next, which must be that one. */
export async function finish(queue: JobQueue, id: string): Promise<void> {
  const job = await queue.claim("tests");
  assert.equal(job?.id, id);
  await queue.addLines(id, [`a line about ${MARK}`]);
  const lease = { worker: "tests", id, attempt: job?.attempt ?? 0 };
  await queue.finish(lease, { document: Buffer.from(JSON.stringify(resultOf())), status: 0 });
}

function resultOf(): object {
  return { products: [{ objective: [], packages: [{ name: MARK, version: "1.0", justification: [] }] }] };
}

async function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes, "latin1"));
    const end = () => resolve(Buffer.concat(chunks).toString("utf8"));
    socket.setTimeout(1_500, () => socket.destroy());
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", end);
  });
}

/** An answer without what is another one each time. */
export function comparable({ status, headers, text, body }: Answered, ...ids: readonly string[]): unknown {
  const told = [...headers].filter(([name]) => !["date", "x-request-id"].includes(name));
  let plain = text.replaceAll(String(body?.request ?? "no request"), "REQUEST");
  for (const id of ids) plain = plain.replaceAll(id, "ID");
  return { status, told, plain };
}

/** Bob learns no more of what is Alice's than of what is nowhere. */
export async function assertAbsent(
  world: World,
  method: string,
  { theirs, absent, ...call }: { readonly theirs: string; readonly absent: string } & Call,
): Promise<Answered> {
  const [found, nothing] = [await world.bobs(method, theirs, call), await world.bobs(method, absent, call)];
  assert.equal(found.status, 404, found.text);
  const ids = (path: string) => path.split(/[/?=&]/).filter((part) => part.length > 12);
  assert.deepEqual(comparable(found, ...ids(theirs)), comparable(nothing, ...ids(absent)));
  assertNothing(world, found);
  return found;
}

/** Nothing of Alice's is in it. */
export function assertNothing({ alice }: Pick<World, "alice">, { text, headers }: Answered): void {
  const all = text + JSON.stringify([...headers]);
  for (const mark of [MARK, alice.id, alice.tokenId]) assert.ok(!all.includes(mark), all);
}
