// What those who run the service ask: is it alive, may it be asked, how does it do.

import type { FastifyInstance } from "fastify";
import type { OpenService } from "../open-service.ts";
import { queueOf } from "../v2/status.ts";

/** Milliseconds for which a database's answer is good: probes come often. */
const FRESH = 1_000;

export interface Probes {
  /** Whether it is about to end: it answers still, and wants no more. */
  readonly isStopping: () => boolean;
}

export function addProbes(server: FastifyInstance, service: OpenService, { isStopping }: Probes): void {
  let asked = 0;
  let isThere = false;
  const looks = async () => {
    if (performance.now() - asked < FRESH && isThere) return true;
    asked = performance.now();
    isThere = await service.database.rows("SELECT 1 AS one").then(
      () => true,
      () => false,
    );
    return isThere;
  };
  const alive = async () => ({ status: "alive", version: service.version });
  server.get("/healthz", alive);
  server.get("/liveness", alive);
  for (const path of ["/readyz", "/readiness"])
    server.get(path, async (_request, reply) => {
      if (!isStopping() && (await looks())) return { status: "ready", version: service.version };
      return reply
        .code(503)
        .header("retry-after", "2")
        .send({ status: isStopping() ? "stopping" : "no database" });
    });
  server.get("/metrics", async (_request, reply) => {
    await countJobs(service).catch(() => undefined);
    return reply.type(service.metrics.type).send(await service.metrics.text());
  });
}

async function countJobs(service: OpenService): Promise<void> {
  const { ready, running, dead, oldestSeconds } = await queueOf(service);
  service.metrics.jobs.set({ state: "ready" }, ready);
  service.metrics.jobs.set({ state: "running" }, running);
  service.metrics.jobs.set({ state: "dead" }, dead);
  service.metrics.oldest.set(oldestSeconds);
}
