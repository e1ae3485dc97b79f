// Time of the processor that a piece of work takes, in this process and in the one of a server that works for it: what a
// busy machine does not change much.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPostgres } from "@thoth/testkit";

export interface Spent {
  /** Milliseconds. */
  readonly wall: number;
  readonly processor: number;
}

/** `serverProcess`: the one that works for this process, if any. */
export async function spent(work: () => Promise<void>, serverProcess?: number): Promise<Spent> {
  const before = process.cpuUsage();
  const serverBefore = serverTime(serverProcess);
  const started = performance.now();
  await work();
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1000 + serverTime(serverProcess) - serverBefore };
}

/** Milliseconds; 0 without one, or where the system does not tell. https://docs.kernel.org/scheduler/sched-stats.html */
function serverTime(serverProcess: number | undefined): number {
  if (serverProcess === undefined) return 0;
  const [nanoseconds] = readFileSync(`/proc/${serverProcess}/schedstat`, "utf8").split(" ");
  return Number(nanoseconds) / 1e6;
}

export function isThere(serverProcess: number | undefined): boolean {
  return serverProcess !== undefined && existsSync(`/proc/${serverProcess}/schedstat`);
}

/** The process of the only connection to the database; undefined where the system tells nothing of it. */
export function serverProcessOf(url: string): number | undefined {
  const sql =
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
  const told = spawnSync(join(findPostgres() ?? "", "psql"), ["-q", "-X", "-At", "-c", sql, url], {
    encoding: "utf8",
  });
  const pid = Number(told.stdout.trim());
  return isThere(pid) ? pid : undefined;
}
