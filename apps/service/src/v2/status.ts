// How the service does: for people, and for whoever scales it.

import type { StatusDocument, v2Operations } from "@thoth/contract/service";
import type { Handlers } from "../http/handler.ts";
import type { Service } from "../service.ts";
import { textOf } from "./job-document.ts";

interface Counted {
  readonly state: string;
  readonly count: number;
  readonly oldest: number | null;
}

export function statusHandlers(
  service: Service,
  knowledge: () => Promise<StatusDocument["knowledge"]>,
): Pick<Handlers<typeof v2Operations>, "readStatus"> {
  return {
    readStatus: async () => ({
      status: 200,
      document: {
        version: service.version,
        knowledge: await knowledge(),
        queue: await queueOf(service),
        workers: await workersOf(service),
      },
    }),
  };
}

/** Of what is open, and what has died within a day: what is done is not counted. */
export async function queueOf({ database }: Pick<Service, "database">): Promise<StatusDocument["queue"]> {
  const { now } = database;
  const counted = await database.rows<Counted>(
    `SELECT state, count(*) AS count, min(created) AS oldest FROM service_jobs
     WHERE state = 'ready' OR state = 'running' GROUP BY state`,
  );
  const [dead] = await database.rows<{ count: number }>(
    `SELECT count(*) AS count FROM service_jobs WHERE state = 'dead' AND finished > ${now} - 86400000`,
  );
  const [time] = await database.rows<{ now: number }>(`SELECT ${now} AS now`);
  const of = (state: string) => counted.find((one) => one.state === state);
  const oldest = of("ready")?.oldest ?? null;
  return {
    ready: Number(of("ready")?.count ?? 0),
    running: Number(of("running")?.count ?? 0),
    dead: Number(dead?.count ?? 0),
    oldestSeconds: oldest === null ? 0 : Math.max(0, Number(time?.now) - oldest) / 1000,
  };
}

async function workersOf({ database }: Service): Promise<StatusDocument["workers"]> {
  const rows = await database.rows<{ id: string; version: string; seen: number; jobs: number }>(
    `SELECT id, version, seen, jobs FROM workers WHERE seen > ${database.now} - 30000 ORDER BY id`,
  );
  return rows.map(({ seen, ...worker }) => ({ ...worker, seen: textOf(seen) }));
}
