// What the tests of watched locks share: a service on a database, a worker that answers at once, and a server that is called
// back.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isPublicAddress, parseAllowedHosts } from "@thoth/index";
import { keepPublicTenant, PUBLIC } from "../src/access/tenants.ts";
import { makeVault, type Vault } from "../src/access/vault.ts";
import type { Job } from "../src/jobs/job.ts";
import type { QueueSettings } from "../src/jobs/job-queue.ts";
import type { AdvisedLock, AdvisedPackage } from "../src/locks/advice.ts";
import { Outbox } from "../src/locks/outbox.ts";
import type { PostRules } from "../src/locks/post.ts";
import { Sender } from "../src/locks/sender.ts";
import { type OpenService, openService } from "../src/open-service.ts";

export const TENANT = PUBLIC;
export const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
export const VAULT: Vault = makeVault(Buffer.alloc(32, 7).toString("base64"));

export { isPublicAddress as isPublic };

/** `hosts`: those that the operator lists. */
export function rulesOf(hosts: string, more: Partial<PostRules> = {}): PostRules {
  return { isPublic: isPublicAddress, hosts: parseAllowedHosts(hosts), plain: true, time: 2_000, ...more };
}

export async function openWorld(place: string, queue?: QueueSettings): Promise<OpenService> {
  const service = await openService({
    version: "0.0.0",
    database: place,
    data: "",
    indexes: [],
    hosts: "pypi.org",
    command: [],
    variables: {},
    processes: 0,
    time: 60_000,
    keep: 86_400_000,
    queue,
  });
  await keepPublicTenant(service.database, { jobs: 1_000, perMinute: 100_000 });
  return service;
}

export function outboxOf({ database }: Pick<OpenService, "database">, rules: PostRules): Outbox {
  return new Outbox({ database, vault: VAULT, places: rules });
}

/** Retries come quickly, and end. */
export function senderOf(
  { database }: Pick<OpenService, "database">,
  rules: PostRules,
  delay: (attempt: number) => number | undefined = (attempt) => (attempt < 4 ? 20 : undefined),
): Sender {
  return new Sender({
    database,
    outbox: outboxOf({ database }, rules),
    version: "0.0.0",
    rules,
    delay,
    look: 50,
    failed: fail,
  });
}

export function fail(error: unknown): void {
  console.error(error);
}

/** Answers one job that is ready. */
export async function workOnce(
  { queue }: Pick<OpenService, "queue">,
  answer: (job: Job) => unknown,
): Promise<Job | undefined> {
  const job = await queue.claim("test");
  if (job === undefined) return undefined;
  const document = answer(job);
  const lease = { worker: "test", id: job.id, attempt: job.attempt };
  const status = typeof document === "object" && document !== null && "error" in document ? 1 : 0;
  await queue.finish(lease, { document: Buffer.from(JSON.stringify(document)), status });
  return job;
}

export type Versions = Readonly<Record<string, string>>;

export interface AdvicePlan {
  readonly stack: Versions;
  /** Of the lock that was sent along. */
  readonly before?: Versions;
  readonly proof?: "optimal" | "feasible";
  /** Ids by package: of what was locked. */
  readonly had?: Readonly<Record<string, readonly string[]>>;
  readonly levels?: readonly { readonly level: string; readonly yours: number; readonly advised: number }[];
}

/** A document as the command writes it. */
export function adviceOf({ stack, before = {}, proof = "optimal", had = {}, levels = [] }: AdvicePlan) {
  const flaw = (id: string) => ({ id, aliases: [], severity: "high", link: "", fixedIn: [] });
  const packages = Object.entries(stack).map(([name, version]): AdvisedPackage & Record<string, unknown> => {
    const flaws = (had[name] ?? []).map(flaw);
    return {
      name,
      version,
      ...(before[name] === undefined ? {} : { before: before[name], vulnerabilitiesBefore: flaws }),
      requiredBy: [{ name: null, specifiers: "" }],
      pays: [],
      vulnerabilities: [],
      justification: flaws.map(({ id }) => ({ type: "INFO", message: `clears ${id}`, package_name: name })),
    };
  });
  return {
    recommendationType: "stable",
    asOf: "2026-12-01T00:00:00Z",
    products: [
      { proof, objective: [], packages, stackInfo: [], lock: lockOf(stack, proof), relaxations: [] },
    ] as const,
    knowledge: { advisories: 1, newest: "2026-12-01" },
    unknown: [],
    ...(Object.keys(before).length === 0 ? {} : { yours: { fits: true, levels, reasons: [] } }),
  };
}

function lockOf(stack: Versions, proof: string): AdvisedLock & Record<string, unknown> {
  return {
    packages: Object.entries(stack).map(([name, version]) => ({
      name,
      version,
      index: "https://pypi.org/simple",
      artifacts: [
        {
          filename: `${name}-${version}-py3-none-any.whl`,
          url: `https://files.pythonhosted.org/packages/${name}-${version}-py3-none-any.whl`,
          sha256: Buffer.from(`${name}${version}`).toString("hex").padEnd(64, "0").slice(0, 64),
          size: 1000,
        },
      ],
      requires: [],
      requiredBy: [],
    })),
    environment: { python_version: "3.12" },
    proof,
    objective: [],
  };
}

export interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly url: string;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** Documents by `webhook-id`, in the order in which they came first. */
  documents(): ReadonlyMap<string, { readonly type: string; readonly data: Record<string, never> }>;
  close(): Promise<void>;
}

export type Answer = (request: Received, response: ServerResponse, count: number) => void;

export async function startReceiver(answer: Answer = (_, response) => response.end()): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const one = { headers: request.headers, body, url: request.url ?? "" };
      received.push(one);
      answer(one, response, received.length);
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    documents: () => {
      const found = new Map();
      for (const { headers, body } of received)
        if (!found.has(headers["webhook-id"])) found.set(headers["webhook-id"], JSON.parse(body));
      return found;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** Until it holds; fails after a while. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  time = 20_000,
): Promise<void> {
  for (const end = performance.now() + time; performance.now() < end; await sleep(10))
    if (await holds()) return;
  throw new Error(`it did not come to pass: ${what}`);
}
