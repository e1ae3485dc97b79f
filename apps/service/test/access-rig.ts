// The operations of access over real HTTP, on a database of the caller's choice.

import { v2Operations } from "@thoth/contract/service";
import { Access } from "../src/access/access.ts";
import { accessHandlers } from "../src/access/access-handlers.ts";
import { type AccessSettings, readAccessSettings } from "../src/access/settings.ts";
import type { Database } from "../src/database/database.ts";
import { problemReply } from "../src/http/failure.ts";
import type { Api, Handler } from "../src/http/handler.ts";
import { Metrics } from "../src/http/metrics.ts";
import { type LogLine, makeServer } from "../src/http/server.ts";

export const SECRET_KEY = Buffer.alloc(32, 7).toString("base64");
export const VARIABLES = {
  THOTH_SECRET_KEY: SECRET_KEY,
  THOTH_ALLOWED_HOSTS: "pypi.example.org,*.index.example",
};

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a document of whatever operation
  readonly body: any;
}

export interface Call {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Rig {
  readonly url: string;
  readonly access: Access;
  readonly settings: AccessSettings;
  /** What was logged, as JSON. */
  readonly logged: string[];
  call(method: string, path: string, call?: Call): Promise<Answered>;
  close(): Promise<void>;
}

export interface RigOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Besides those of access. */
  readonly handlers?: Readonly<Record<string, Handler>>;
}

/** The database stays open. */
export async function openRig(database: Database, options: RigOptions = {}): Promise<Rig> {
  const settings = readAccessSettings({ ...VARIABLES, ...options.variables });
  const access = await Access.open(database, settings);
  const handlers: Readonly<Record<string, Handler>> = {
    ...accessHandlers({ database, access, settings }),
    ...options.handlers,
  };
  const operations = Object.fromEntries(
    Object.entries(v2Operations).filter(([name]) => Object.hasOwn(handlers, name)),
  );
  const api: Api = { operations, handlers, failed: problemReply, mostBytes: 1024 * 1024 };
  const logged: string[] = [];
  const server = makeServer({
    apis: [api],
    identify: access.identify,
    metrics: new Metrics(),
    most: 100,
    log: (line: LogLine) => void logged.push(JSON.stringify(line)),
    proxies: 0,
  });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    access,
    settings,
    logged,
    call: async (method, path, call = {}) => await send(method, `${url}${path}`, call),
    close: async () => await server.close(),
  };
}

export async function send(
  method: string,
  url: string,
  { token, body, headers = {} }: Call,
): Promise<Answered> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

/** All that the tables hold, as one text. */
export async function dump(database: Database): Promise<string> {
  const names =
    database.dialect === "postgres"
      ? "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
      : "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  const tables = await database.rows<{ name: string }>(names);
  const texts = await Promise.all(
    tables.map(async ({ name }) => `${name} ${JSON.stringify(await database.rows(`SELECT * FROM ${name}`))}`),
  );
  return texts.join("\n");
}

/** Makes a tenant; returns its first token. */
export async function makeTenant(rig: Rig, admin: string, name: string, quota?: object): Promise<string> {
  const made = await rig.call("POST", "/api/v2/tenants", {
    token: admin,
    body: { name, ...(quota && { quota }) },
  });
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  return made.body.token as string;
}
