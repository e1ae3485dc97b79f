// A process that works on jobs.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readIndexes, shownUrl } from "./access/private-indexes.ts";
import type { AccessSettings } from "./access/settings.ts";
import { readObservations } from "./access/tenant-observations.ts";
import { readRules } from "./access/tenant-rules.ts";
import type { Vault } from "./access/vault.ts";
import type { Database } from "./database/database.ts";
import { complaintsOf } from "./http/complaint.ts";
import type { LogLine } from "./http/server.ts";
import { ImageAnalyses } from "./jobs/image-analyses.ts";
import type { Claimed } from "./jobs/job-queue.ts";
import { Retention } from "./jobs/retention.ts";
import type { OpenService } from "./open-service.ts";
import { type CommandLine, commandLineOf, imageLineOf } from "./questions/command-line.ts";
import { digestsOf, isShared, openCredentials } from "./questions/image-question.ts";
import type { ImageQuestion, PackageQuestion } from "./questions/question.ts";
import { type ServiceSettings, USUAL_WORK } from "./settings.ts";
import { removeLostFolders } from "./worker/job-folders.ts";
import { Worker } from "./worker/worker.ts";

/** Milliseconds. */
const SOME_MORE = 60_000;

/** What a tenant has of its own. */
export interface TenantPlaces {
  /** With their credentials. */
  readonly indexes: readonly string[];
  readonly rules: Readonly<Record<string, string>>;
  readonly observations: Readonly<Record<string, Uint8Array>>;
}

const NOTHING: TenantPlaces = { indexes: [], rules: {}, observations: {} };

export interface Work {
  readonly settings: ServiceSettings;
  readonly placesOf: (tenant: string) => Promise<TenantPlaces>;
  /** Of credentials for registries; undefined: there are none. */
  readonly vault: Vault | undefined;
  readonly log: (line: LogLine) => void;
}

export interface StartedWorker {
  stop(time: number): Promise<void>;
}

export async function startWorker(
  service: OpenService,
  { settings, placesOf, vault, log }: Work,
): Promise<StartedWorker> {
  const home = join(settings.data, "home");
  await mkdir(home, { recursive: true, mode: 0o700 });
  await removeLostFolders(settings.time + SOME_MORE);
  const analyses = new ImageAnalyses(service.database);
  const worker = new Worker({
    database: service.database,
    queue: service.queue,
    metrics: service.metrics,
    tracing: service.tracing,
    version: settings.version,
    log,
    processes: settings.processes,
    adviser: {
      command: settings.command,
      environment: {
        PATH: process.env["PATH"] ?? "",
        HOME: home,
        THOTH_CACHE_DIR: join(settings.data, "cache"),
        THOTH_ALLOWED_HOSTS: settings.hosts,
        ...settings.variables,
      },
      time: settings.time,
      most: USUAL_WORK.most,
    },
    commandLine: async (job, question) => {
      if (question.kind === "image") return imageLine(job, question, vault);
      const { tenant, hasOwn } = job;
      return lineOf({ tenant, question, settings, own: hasOwn ? await placesOf(tenant) : NOTHING });
    },
    found: async (job, result) => {
      if (job.kind === "image") await analyses.keep(job, digestsOf(job, result));
    },
  });
  const retention = new Retention({
    database: service.database,
    keep: settings.keep,
    failed: complaintsOf("retention", log),
  });
  worker.start();
  retention.start();
  return {
    stop: async (time) => {
      await retention.stop();
      await worker.stop(time);
    },
  };
}

interface Asked {
  readonly tenant: string;
  readonly question: PackageQuestion;
  readonly settings: ServiceSettings;
  readonly own: TenantPlaces;
}

/** The credentials are opened now, for the process that asks the registry. Throws `database-failed` where they cannot be. */
function imageLine({ tenant }: Claimed, question: ImageQuestion, vault: Vault | undefined): CommandLine {
  const credentials = openCredentials(question, tenant, vault);
  return imageLineOf(question, { isShared: isShared(question, tenant), credentials });
}

/** Who has private indexes shares no cache: a page that was fetched with credentials is kept under the index's name alone. */
function lineOf({ tenant, question, settings, own }: Asked): CommandLine {
  const { indexUrls = [] } = question;
  const known = new Map(own.indexes.map((index) => [shownUrl(index), index]));
  const named = indexUrls.map((url) => known.get(URL.parse(url)?.href ?? url) ?? url);
  const indexes = named.length > 0 ? named : [...own.indexes, ...settings.indexes];
  const { words, files } = commandLineOf(question, { ...own, indexes });
  if (own.indexes.length === 0) return { words, files };
  return { words: [...words, "--cache-dir", join(settings.data, "tenants", tenant)], files };
}

/** As they are when a job begins: what is changed meanwhile holds for the next one. */
export function placesOfTenants(database: Database, { indexes: { vault } }: AccessSettings) {
  return async (tenant: string): Promise<TenantPlaces> => {
    const [indexes, rules, observations] = await Promise.all([
      readIndexes(database, tenant, vault),
      readRules(database, tenant),
      readObservations(database, tenant),
    ]);
    return {
      // With their credentials: told to the process that resolves by its standard input alone.
      indexes: indexes.map(({ location }) => location.reveal()),
      observations,
      rules: Object.fromEntries(rules.map(({ path, text }) => [path.replace(/\.yaml$/, ""), text])),
    };
  };
}
