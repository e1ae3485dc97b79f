// A process that answers requests, and works on jobs too where it is told so.

import { setTimeout as sleep } from "node:timers/promises";
import { type Operations, openApiOf, v2Operations } from "@thoth/contract/service";
import type { FastifyInstance } from "fastify";
import { Access } from "./access/access.ts";
import { accessHandlers } from "./access/access-handlers.ts";
import { bootstrapToken } from "./access/bootstrap-token.ts";
import { type AccessSettings, readAccessSettings } from "./access/settings.ts";
import { problemReply } from "./http/failure.ts";
import type { Api, Handlers } from "./http/handler.ts";
import { servePages } from "./http/pages.ts";
import { addProbes } from "./http/probes.ts";
import { type LogLine, makeServer } from "./http/server.ts";
import { type OpenService, openService } from "./open-service.ts";
import type { HttpSettings, ServiceSettings } from "./settings.ts";
import { openTracing, type Tracing } from "./tracing/tracing.ts";
import { openV1 } from "./v1/open-v1.ts";
import { comparisonHandlers } from "./v2/comparison.ts";
import { jobHandlers } from "./v2/job-handlers.ts";
import { KnowledgeFiles } from "./v2/knowledge-files.ts";
import { knowledgeOf, type PackageSources, packageHandlers } from "./v2/package-handlers.ts";
import { statusHandlers } from "./v2/status.ts";
import { placesOfTenants, startWorker } from "./work.ts";
import type { Worker } from "./worker/worker.ts";

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
  const { settings, http, variables, log } = serving;
  const access = readAccessSettings({ ...variables, THOTH_ALLOWED_HOSTS: settings.hosts });
  const service = await openService(settings, await tracingOf(serving));
  const opened: (() => Promise<void>)[] = [async () => await service.close()];
  try {
    const identity = await Access.open(service.database, access);
    const token = await bootstrapToken(service.database, variables["THOTH_ADMIN_TOKEN"] || undefined);
    let isStopping = false;
    const worker = await workerOf(service, serving, access);
    if (worker !== undefined) opened.unshift(async () => await worker.stop(0));
    const v1 = await openV1(service, {
      settings,
      mostBytes: http.mostBytes,
      variables,
      admit: (caller) => identity.takeQuestion(caller),
    });
    opened.unshift(async () => await v1.close());
    const packages = { ...v1, files: new KnowledgeFiles(settings) };
    const modern = modernApi(service, {
      access: identity,
      settings: access,
      mostBytes: http.mostBytes,
      packages,
    });
    const server = makeServer({
      apis: [modern, v1.api],
      identify: identity.identify,
      metrics: service.metrics,
      most: http.most,
      proxies: http.proxies,
      tls: http.tls,
      log,
      tracing: service.tracing,
      more: (made) => {
        addMore(made, { service, modern, isStopping: () => isStopping });
        if (http.pages !== undefined) servePages(made, http.pages);
      },
    });
    opened.unshift(async () => await server.close());
    const url = await server.listen({ host: http.host, port: http.port });
    const stop = async (time: number) => {
      isStopping = true;
      // Whoever spreads requests sees it by `/readyz`, and sends new ones elsewhere.
      await sleep(http.drain ?? 0);
      service.endWaits();
      await closeAll(server);
      await worker?.stop(time);
      await v1.close();
      await service.close();
    };
    return { url, token: token?.reveal(), stop };
  } catch (error) {
    for (const close of opened) await close().catch(() => undefined);
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
): Promise<Worker | undefined> {
  if (settings.processes === 0) return undefined;
  return await startWorker(service, { settings, log, placesOf: placesOfTenants(service.database, access) });
}

interface Parts {
  readonly access: Access;
  readonly settings: AccessSettings;
  readonly mostBytes: number;
  readonly packages: PackageSources;
}

function modernApi(service: OpenService, { access, settings, mostBytes, packages }: Parts): Api {
  const handlers = {
    ...jobHandlers(service, access),
    ...comparisonHandlers(service),
    ...packageHandlers(packages),
    ...statusHandlers(service, async () => await knowledgeOf(packages.files)),
    ...accessHandlers({ database: service.database, access, settings }),
  } satisfies Partial<Handlers<typeof v2Operations>>;
  return { operations: offered(handlers), handlers, failed: problemReply, mostBytes };
}

/** Of the modern API what this process answers. */
function offered(handlers: Readonly<Record<string, unknown>>): Operations {
  return Object.fromEntries(Object.entries(v2Operations).filter(([name]) => Object.hasOwn(handlers, name)));
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
