// What an operator settles, from the command line or the environment.

import type { QueueSettings } from "./jobs/job-queue.ts";

export interface ServiceSettings {
  readonly version: string;
  /** A `postgresql://` URL, or a file. */
  readonly database: string;
  /** The folder for what can be made again: caches of the processes that resolve. */
  readonly data: string;
  /** Indexes that are asked where a question names none; the first that knows a name owns it. */
  readonly indexes: readonly string[];
  /** As `THOTH_ALLOWED_HOSTS`. */
  readonly hosts: string;
  /** Compiled advisories and rules that were shipped: files. Advisories that were imported go before them. */
  readonly advisories?: string | undefined;
  readonly prescriptions?: string | undefined;
  /** The program that resolves, and its first words. */
  readonly command: readonly string[];
  /** Variables that the processes which resolve find. */
  readonly variables: Readonly<Record<string, string>>;
  /** Other than usual, where one wants to see leases end. */
  readonly queue?: QueueSettings | undefined;
  /** Processes that resolve in this process's care; 0: others do. */
  readonly processes: number;
  /** Milliseconds that an answer may take. */
  readonly time: number;
  /** Milliseconds for which what has ended is kept. */
  readonly keep: number;
}

export interface HttpSettings {
  readonly host: string;
  /** 0: any. */
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Requests at a time. */
  readonly most: number;
  readonly proxies: number;
  /** Bytes of the largest body. */
  readonly mostBytes: number;
  /** The folder of the pages for people, as `apps/web` builds it; undefined: there are none. */
  readonly pages?: string | undefined;
  /** Milliseconds for which it serves and says that it is not ready, before it ends. */
  readonly drain?: number | undefined;
}

export const USUAL_HTTP: Pick<HttpSettings, "most" | "proxies" | "mostBytes"> = {
  most: 128,
  proxies: 0,
  mostBytes: 3 * 1024 * 1024,
};

/** Questions after which a process that resolves is replaced, and milliseconds that an answer may take. */
export const USUAL_WORK = { most: 500, time: 10 * 60_000 };
