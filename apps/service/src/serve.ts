// A process that answers requests, and works on jobs too where it is told so.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openApiOf, v2Operations } from "@thoth/contract/service";
import { isPublicAddress } from "@thoth/index";
import type { FastifyInstance } from "fastify";
import { Access } from "./access/access.ts";
import { accessHandlers } from "./access/access-handlers.ts";
import { Audit } from "./access/audit.ts";
import { bootstrapToken } from "./access/bootstrap-token.ts";
import { type AccessSettings, readAccessSettings } from "./access/settings.ts";
import { complaintsOf } from "./http/complaint.ts";
import { problemReply } from "./http/failure.ts";
import type { Api, Caller, Handlers } from "./http/handler.ts";
import { servePages } from "./http/pages.ts";
import { addProbes } from "./http/probes.ts";
import { type LogLine, makeServer } from "./http/server.ts";
import { followAdvisories } from "./knowledge/advisory-updates.ts";
import { IMPORTED_ADVISORIES, KnowledgeFiles } from "./knowledge/knowledge-files.ts";
import { stampOfFiles } from "./knowledge/knowledge-stamp.ts";
import { type Locks, openLocks } from "./locks/open-locks.ts";
import { readLockSettings } from "./locks/settings.ts";
import { OpenParts } from "./open-parts.ts";
import { type OpenService, openService } from "./open-service.ts";
import { checkQuestion } from "./questions/check-question.ts";
import type { HttpSettings, ServiceSettings } from "./settings.ts";
import { openTracing, type Tracing } from "./tracing/tracing.ts";
import { openV1 } from "./v1/open-v1.ts";
import { comparisonHandlers } from "./v2/comparison.ts";
import { jobHandlers } from "./v2/job-handlers.ts";
import { knowledgeOf, packageHandlers } from "./v2/package-handlers.ts";
import { statusHandlers } from "./v2/status.ts";
import { placesOfTenants, type StartedWorker, startWorker } from "./work.ts";

/** Milliseconds. */
const SWEEP = 100;

export interface Serving {
  readonly settings: ServiceSettings;
  readonly http: HttpSettings;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: (line: LogLine) => void;
}

export interface Served {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The first token of the operator, where it was made now. */
  readonly token: string | undefined;
  /**
   * Ends in order: is not ready any more for the time of `drain`, and serves meanwhile; then what has come in is answered,
   * and what is worked on is done or given back within `time` milliseconds.
   */
  stop(time: number): Promise<void>;
}

/** Throws `database-failed`, `usage`. */
export async function serve(serving: Serving): Promise<Served> {
  const { settings, http, variables } = serving;
  const access = readAccessSettings({ ...variables, THOTH_ALLOWED_HOSTS: settings.hosts });
  const service = await openService(settings, await tracingOf(serving));
  const open = new OpenParts();
  open.add(async () => await service.close());
  try {
    const identity = await Access.open(service.database, access);
    const token = await bootstrapToken(service.database, variables["THOTH_ADMIN_TOKEN"] || undefined);
    open.add(await followAdvisories(service.database, settings.data, serving.log));
    const apis = await apisOf({ serving, service, identity, access, open });
    const worker = await workerOf(service, serving, access);
    if (worker !== undefined) open.add(async (time) => await worker.stop(time));
    let isStopping = false;
    const server = serverOf(serving, { service, identity, apis, isStopping: () => isStopping });
    open.add(async () => await closeAll(server));
    const url = await server.listen({ host: http.host, port: http.port });
    const stop = async (time: number) => {
      isStopping = true;
      // Whoever spreads requests sees it by `/readyz`, and sends new ones elsewhere.
      await sleep(http.drain ?? 0);
      service.endWaits();
      await open.close(time);
    };
    return { url, token: token?.reveal(), stop };
  } catch (error) {
    await open.close(0).catch(() => undefined);
    throw error;
  }
}

async function tracingOf({ settings, variables, log }: Serving): Promise<Tracing | undefined> {
  const { version } = settings;
  const failed = (cause: string) => log({ level: "error", message: "traces are not sent", cause });
  return await openTracing({ version, role: "serve", variables, failed });
}

async function workerOf(
  service: OpenService,
  { settings, log }: Serving,
  access: AccessSettings,
): Promise<StartedWorker | undefined> {
  if (settings.processes === 0) return undefined;
  return await startWorker(service, {
    settings,
    log,
    placesOf: placesOfTenants(service.database, access),
    vault: access.indexes.vault,
  });
}

interface Parts {
  readonly serving: Serving;
  readonly service: OpenService;
  readonly identity: Access;
  readonly access: AccessSettings;
  readonly open: OpenParts;
}

/** The modern API first. */
async function apisOf(parts: Parts): Promise<readonly [Api, Api]> {
  const { serving, service, identity, access, open } = parts;
  const { settings, variables, http } = serving;
  const { mostBytes } = http;
  const admit = (caller: Caller) => identity.takeQuestion(caller);
  const locks = locksOf(parts);
  const { webhook } = locks;
  const { vault } = access.indexes;
  const { hosts } = service;
  const v1 = await openV1(service, { settings, mostBytes, variables, admit, webhook, vault, hosts });
  open.add(async () => await v1.close());
  const packages = { ...v1, files: new KnowledgeFiles(settings) };
  open.add(async () => await locks.stop());
  locks.start();
  const handlers = {
    ...jobHandlers(service, { access: identity, outbox: locks.outbox }),
    ...comparisonHandlers(service),
    ...packageHandlers(packages),
    ...statusHandlers(service, async () => await knowledgeOf(packages.files)),
    ...accessHandlers({ database: service.database, access: identity, settings: access }),
    ...locks.handlers,
  } satisfies Handlers<typeof v2Operations>;
  return [{ operations: v2Operations, handlers, failed: problemReply, mostBytes }, v1.api];
}

function locksOf({ serving, service, access }: Parts): Locks {
  const { settings, variables, log } = serving;
  const imported = join(settings.data, IMPORTED_ADVISORIES);
  const files = [imported, settings.advisories, settings.prescriptions].filter((path) => path !== undefined);
  return openLocks({
    service,
    settings: readLockSettings(variables, isPublicAddress),
    vault: access.indexes.vault,
    audit: new Audit(service.database),
    check: (question) => checkQuestion(question, { hosts: service.hosts }),
    knowledgeStamp: stampOfFiles(files),
    failed: complaintsOf("locks", log),
  });
}

interface Listening {
  readonly service: OpenService;
  readonly identity: Access;
  readonly apis: readonly [Api, Api];
  readonly isStopping: () => boolean;
}

function serverOf(
  { http, log }: Serving,
  { service, identity, apis, isStopping }: Listening,
): FastifyInstance {
  return makeServer({
    apis,
    identify: identity.identify,
    metrics: service.metrics,
    most: http.most,
    proxies: http.proxies,
    tls: http.tls,
    log,
    tracing: service.tracing,
    more: (made) => {
      addMore(made, { service, modern: apis[0], isStopping });
      if (http.pages !== undefined) servePages(made, http.pages);
    },
  });
}

/** A connection that was in use when the end began is no reason to wait once it is not. */
async function closeAll(server: FastifyInstance): Promise<void> {
  const sweeping = setInterval(() => server.server.closeIdleConnections(), SWEEP);
  await server.close().finally(() => clearInterval(sweeping));
}

interface More {
  readonly service: OpenService;
  readonly modern: Api;
  readonly isStopping: () => boolean;
}

function addMore(server: FastifyInstance, { service, modern, isStopping }: More): void {
  addProbes(server, service, { isStopping });
  server.addHook("onSend", (_request, reply, _payload, done) => {
    // A connection that is kept would bring the next request to a server that is gone.
    if (isStopping()) reply.header("connection", "close");
    done();
  });
  const document = openApiOf(modern.operations, { title: "Thoth", version: service.version });
  server.get("/openapi.json", async () => document);
}
