// `thoth serve` and `thoth worker`: settings from the command line, and one line of JSON on stdout for what happens.

import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import type { HttpSettings, LogLine, OwnPostgresql, ServiceSettings } from "@thoth/service";
import { wholeNumber } from "../../advice/whole-number.ts";
import {
  flagOption,
  type Handler,
  type Invocation,
  listOption,
  type OptionValues,
  textOption,
} from "../../frame/command.ts";
import { VERSION } from "../../frame/version.ts";
import { ADVISORIES_FILE } from "../../session/known-advisories.ts";
import { RULES_FILE } from "../../session/known-rules.ts";
import { dataDirectory } from "../../settings/directories.ts";
import { shippedData } from "../../shipped-data.ts";

/** GiB of an image that may be analysed, and images that such questions bring into the knowledge graph. */
const LARGEST_IMAGE = 4;
const KEPT_IMAGES = 200;
const PUBLIC_INDEX = "https://pypi.org/simple/";
/** Where the public index keeps its files. */
const PUBLIC_FILES = "files.pythonhosted.org";
const PORT = 8080;
const MOST_PORT = 65_535;
const MOST_WORKERS = 64;
const LONGEST = 24 * 3600;
const KEEP_DAYS = 90;
/** Milliseconds. */
const DAY = 86_400_000;
/** Of the process that resolves: it is given what a strange question may need, and no more. */
const FLAGS = ["--disable-warning=ExperimentalWarning", "--max-old-space-size=2000"];
/** Milliseconds until what is not done is given back, and in all for what has come in. */
const STOP_WITHIN = 8_000;
const END_WITHIN = 30_000;
const LONGEST_DRAIN = 600;
/** Where a server of its own keeps things that root starts: no other user gets into root's home. */
const ROOTS_DATA = "/var/lib/thoth";

/** What the processes that resolve find of this process's environment: nothing that is not theirs. */
const PASSED_ON = [
  "LANG",
  "TMPDIR",
  "TZ",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "PIP_CERT",
  "THOTH_ADVISORIES",
  "THOTH_PRESCRIPTIONS",
  "THOTH_KNOWLEDGE",
];

export const serveCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const own = flagOption(options, "postgresql") ? await ownPostgresql(invocation) : undefined;
  try {
    const settings = settingsOf(invocation, own?.url);
    if (flagOption(options, "migrateOnly")) {
      const { openDatabase } = await import("@thoth/service");
      await (await openDatabase(settings.database)).close();
      terminal.entry("tables", "are as this version needs them");
    } else await serveUntilTold(invocation, settings, own);
  } finally {
    await own?.stop();
  }
  return 0;
};

async function serveUntilTold(
  invocation: Invocation,
  settings: ServiceSettings,
  own: OwnPostgresql | undefined,
): Promise<void> {
  const { terminal, environment, signal, grace } = invocation;
  const { serve } = await import("@thoth/service");
  const http = await httpOf(invocation, settings);
  const variables = own === undefined ? environment : { ...environment, THOTH_DATABASE: own.url };
  const served = await serve({ settings, http, variables, log: logOf(invocation) });
  grace((http.drain ?? 0) + END_WITHIN);
  if (served.token !== undefined)
    terminal.note(
      `the first token, by which tenants and tokens are made; it is told only now: ${served.token}`,
    );
  terminal.note(`listening on ${served.url}`);
  logOf(invocation)({ level: "info", message: "listening", url: served.url });
  const last = await Promise.race([aborted(signal), ...(own === undefined ? [] : [own.gone])]);
  await served.stop(STOP_WITHIN);
  if (last !== undefined)
    throw new ThothError("database-failed", `PostgreSQL has ended (${last.trim().split("\n").at(-1)})`);
}

async function ownPostgresql(invocation: Invocation): Promise<OwnPostgresql> {
  if (textOption(invocation.options, "database") !== undefined)
    throw new ThothError("usage", "`--postgresql` and `--database` exclude each other", {
      hint: "`THOTH_DATABASE` is the same as `--database`.",
    });
  const { startOwnPostgresql } = await import("@thoth/service");
  return await startOwnPostgresql(dataOf(invocation));
}

export const workerCommand: Handler = async (invocation) => {
  const { environment, options, signal, grace } = invocation;
  const given = settingsOf(invocation);
  const settings = { ...given, processes: given.processes || 1 };
  if (!settings.database.includes("://"))
    throw new ThothError("usage", "a worker needs a database that it shares with the service", {
      hint: "Name it with --database postgresql://HOST/NAME; without one, `thoth serve` works on its questions itself.",
    });
  const { startWork } = await import("@thoth/service");
  const port = textOption(options, "port");
  const http = port === undefined ? undefined : await httpOf(invocation, settings);
  const stop = await startWork({ settings, http, variables: environment, log: logOf(invocation) });
  grace(END_WITHIN);
  logOf(invocation)({ level: "info", message: "working", workers: settings.processes });
  await aborted(signal);
  await stop(STOP_WITHIN);
  return 0;
};

/** `own`: the database of this process alone. */
function settingsOf(invocation: Invocation, own?: string): ServiceSettings {
  const { options, environment } = invocation;
  const data = dataOf(invocation);
  const database = own ?? textOption(options, "database") ?? join(data, "service.sqlite");
  const named = textOption(options, "indexUrl");
  const indexes = [named ?? PUBLIC_INDEX, ...listOption(options, "extraIndexUrl")];
  const hosts = indexes.flatMap((index, at) => hostsOf(index, at > 0 || named !== undefined));
  // Who shares a database has workers elsewhere.
  const usual = own === undefined && database.includes("://") ? 0 : Math.min(2, availableParallelism());
  return {
    version: VERSION,
    database,
    data,
    indexes,
    hosts: [...new Set([...listOption(options, "allowedHost"), ...hosts])].join(","),
    advisories: shippedData(ADVISORIES_FILE),
    prescriptions: shippedData(RULES_FILE),
    command: [process.execPath, ...FLAGS, process.argv[1] ?? ""],
    variables: { ...variablesOf(environment, database), ...imageVariables(options) },
    processes: wholeNumber(options, "workers", { fallback: usual, least: 0, most: MOST_WORKERS }),
    time: 1000 * wholeNumber(options, "timeLimit", { fallback: 600, least: 1, most: LONGEST }),
    keep: DAY * wholeNumber(options, "keepDays", { fallback: KEEP_DAYS, least: 1, most: 36_500 }),
  };
}

function dataOf({ options, environment }: Invocation): string {
  const isRoots = flagOption(options, "postgresql") && process.getuid?.() === 0;
  const usual = isRoots ? ROOTS_DATA : join(dataDirectory(environment), "service");
  return textOption(options, "data") ?? usual;
}

/** Who names an index means its host, at whatever address. */
function hostsOf(index: string, isNamed: boolean): readonly string[] {
  const url = URL.parse(index);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new ThothError("usage", `${quote(index)} is no index that a service can ask`, {
      hint: "Write it as https://example.org/simple/.",
    });
  const hosts = index === PUBLIC_INDEX ? [url.host, PUBLIC_FILES] : [url.host];
  return isNamed ? hosts.map((host) => `+${host}`) : hosts;
}

/** The knowledge graph lies where the service's own tables do, in a schema of its own; a file is another one. */
function variablesOf(environment: Invocation["environment"], database: string): Record<string, string> {
  const found = PASSED_ON.flatMap((name): [string, string][] => {
    const value = environment[name];
    return value === undefined || value === "" ? [] : [[name, value]];
  });
  return { ...(database.includes("://") ? { THOTH_DATABASE: database } : {}), ...Object.fromEntries(found) };
}

/** Of analyses of images: strangers ask for them, who may push what they like to registries that are open to all. */
function imageVariables(options: OptionValues): Readonly<Record<string, string>> {
  const largest = wholeNumber(options, "largestImage", { fallback: LARGEST_IMAGE, least: 1, most: 1024 });
  const kept = wholeNumber(options, "keptImages", { fallback: KEPT_IMAGES, least: 0, most: 1_000_000 });
  return { THOTH_LARGEST_IMAGE: String(largest), THOTH_KEPT_IMAGES: String(kept) };
}

async function httpOf({ options }: Invocation, { data }: ServiceSettings): Promise<HttpSettings> {
  const { USUAL_HTTP } = await import("@thoth/service");
  return {
    host: textOption(options, "host") ?? "127.0.0.1",
    port: wholeNumber(options, "port", { fallback: PORT, least: 0, most: MOST_PORT }),
    tls: await tlsOf(options, data),
    most: wholeNumber(options, "requests", { fallback: USUAL_HTTP.most, least: 1, most: 100_000 }),
    proxies: wholeNumber(options, "proxies", { fallback: USUAL_HTTP.proxies, least: 0, most: 16 }),
    mostBytes: USUAL_HTTP.mostBytes,
    pages: shippedData("pages"),
    drain: 1000 * wholeNumber(options, "drain", { fallback: 0, least: 0, most: LONGEST_DRAIN }),
  };
}

async function tlsOf(options: OptionValues, data: string): Promise<HttpSettings["tls"]> {
  const [cert, key] = [textOption(options, "tlsCert"), textOption(options, "tlsKey")];
  if (flagOption(options, "tlsSelfSigned")) {
    const { selfSigned } = await import("@thoth/service");
    return await selfSigned(data);
  }
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new ThothError("usage", "`--tls-cert` and `--tls-key` belong together");
  return { cert: await readPem(cert), key: await readPem(key) };
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ThothError("usage", `${quote(path)} cannot be read`, { cause });
  }
}

/** One JSON document per line on stdout, as collectors of logs read them. */
function logOf({ terminal }: Invocation): (line: LogLine) => void {
  return ({ level, message, ...more }) => {
    if (terminal.quiet && level === "info") return;
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...more })}\n`);
  };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}
