// A process that works on jobs, and offers nothing but its metrics and probes.

import Fastify from "fastify";
import { readAccessSettings } from "./access/settings.ts";
import { addProbes } from "./http/probes.ts";
import type { LogLine } from "./http/server.ts";
import { followAdvisories } from "./knowledge/advisory-updates.ts";
import { OpenParts } from "./open-parts.ts";
import { openService } from "./open-service.ts";
import type { HttpSettings, ServiceSettings } from "./settings.ts";
import { openTracing } from "./tracing/tracing.ts";
import { placesOfTenants, startWorker } from "./work.ts";

export interface Working {
  readonly settings: ServiceSettings;
  /** Where its metrics are; nowhere where it is left out. */
  readonly http: HttpSettings | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: (line: LogLine) => void;
}

/** Returns what ends it in order. Throws `database-failed`, `usage`. */
export async function startWork({
  settings,
  http,
  variables,
  log,
}: Working): Promise<(time: number) => Promise<void>> {
  const access = readAccessSettings({ ...variables, THOTH_ALLOWED_HOSTS: settings.hosts });
  const { version } = settings;
  const failed = (cause: string) => log({ level: "error", message: "traces are not sent", cause });
  const tracing = await openTracing({ version, role: "worker", variables, failed });
  const service = await openService(settings, tracing);
  const open = new OpenParts();
  open.add(async () => await service.close());
  try {
    const placesOf = placesOfTenants(service.database, access);
    open.add(await followAdvisories(service.database, settings.data, log));
    let isStopping = false;
    const probes = Fastify({ logger: false, forceCloseConnections: true });
    addProbes(probes, service, { isStopping: () => isStopping });
    open.add(async () => await probes.close());
    const worker = await startWorker(service, { settings, placesOf, vault: access.indexes.vault, log });
    open.add(async (time) => await worker.stop(time));
    if (http !== undefined) await probes.listen({ host: http.host, port: http.port });
    return async (time) => {
      isStopping = true;
      await open.close(time);
    };
  } catch (error) {
    await open.close(0).catch(() => undefined);
    throw error;
  }
}
