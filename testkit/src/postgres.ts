// A PostgreSQL server of the test's own, in a temporary folder: on loopback and a socket in that folder, with a password
// that nobody else knows, gone with whoever started it. It orders texts by a language, as servers of others do.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface PostgresServer {
  /** Makes an empty database, and tells its `postgresql://` URL. */
  createDatabase(): string;
  /** Ends it; what it keeps stays. `SIGQUIT`: at once, as a power cut would. */
  halt(signal?: "SIGINT" | "SIGQUIT"): Promise<void>;
  /** Begins again where it was. */
  resume(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/** Versions of Debian lie side by side here, and on no PATH. */
const DEBIAN = "/usr/lib/postgresql";
const OLDEST = 15;
const USER = "thoth";
const STARTS_WITHIN = 60_000;

/** The folder of the server's programs, 15 or later; undefined where there is none. */
export function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((version) => join(DEBIAN, version, "bin")),
  ];
  return folders.find((folder) => {
    if (!["initdb", "postgres", "createdb"].every((name) => existsSync(join(folder, name)))) return false;
    const told = spawnSync(join(folder, "postgres"), ["--version"], { encoding: "utf8" }).stdout;
    return Number(/ (\d+)/.exec(told)?.[1] ?? 0) >= OLDEST;
  });
}

/** Why tests that need a server are skipped; false where there is one. */
export function missingPostgres(): string | false {
  return findPostgres() === undefined ? `no PostgreSQL of version ${OLDEST} or later` : false;
}

export interface PostgresOptions {
  /** Where its folder is made; the system's temporary one where it is left out. */
  readonly parent?: string;
  /** Further variables of its environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Throws an Error where there is none, or it does not start. `settings` are those of `postgresql.conf`. */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  { parent = tmpdir(), variables = {} }: PostgresOptions = {},
): Promise<PostgresServer> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error("there is no PostgreSQL");
  const folder = mkdtempSync(join(parent, "thoth-pg-"));
  try {
    const server = new Server(programs, folder, variables);
    server.prepare();
    await server.start(settings).catch(() => server.start(settings));
    return server;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

class Server implements PostgresServer {
  readonly #programs: string;
  readonly #folder: string;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #data: string;
  readonly #password = randomBytes(16).toString("hex");
  readonly #identity = unprivileged();
  #child: ChildProcess | undefined;
  #settings: Readonly<Record<string, string>> = {};
  #port = 0;
  #databases = 0;
  readonly #kill = (): void => void this.#child?.kill("SIGQUIT");

  constructor(programs: string, folder: string, variables: Readonly<Record<string, string>>) {
    this.#programs = programs;
    this.#folder = folder;
    this.#variables = variables;
    this.#data = join(folder, "data");
  }

  prepare(): void {
    process.once("exit", this.#kill);
    const secret = join(this.#folder, "password");
    writeFileSync(secret, this.#password);
    if (this.#identity !== undefined) {
      for (const path of [this.#folder, secret]) chownSync(path, this.#identity.uid, this.#identity.gid);
    }
    const words = ["-D", this.#data, "-U", USER, "-A", "scram-sha-256", "--pwfile", secret];
    const locale = ["-E", "UTF8", "--locale", "C", "--locale-provider", "icu", "--icu-locale", "en"];
    this.#run("initdb", [...words, ...locale, "--no-sync"]);
  }

  /** Fails where somebody else takes the port meanwhile. */
  async start(settings: Readonly<Record<string, string>>): Promise<void> {
    this.#settings = settings;
    this.#port = await freePort();
    await this.resume();
  }

  async resume(): Promise<void> {
    // What a server that ended at once leaves would tell that the next one is ready.
    rmSync(join(this.#data, "postmaster.pid"), { force: true });
    const all = {
      listen_addresses: "127.0.0.1",
      port: String(this.#port),
      unix_socket_directories: this.#folder,
      fsync: "off",
      ...this.#settings,
    };
    const words = [
      join(this.#programs, "postgres"),
      ...["-D", this.#data],
      ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ];
    // Fast shutdown when whoever started it is gone, where the system can do so.
    const bound = existsSync("/usr/bin/setpriv")
      ? ["/usr/bin/setpriv", "--pdeathsig", "INT", ...words]
      : words;
    const [program = "", ...rest] = bound;
    this.#child = spawn(program, rest, {
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...this.#environment(), ...this.#variables },
      ...this.#identity,
    });
    await this.#ready(this.#child);
  }

  createDatabase(): string {
    const name = `thoth${++this.#databases}`;
    this.#run("createdb", ["-h", "127.0.0.1", "-p", String(this.#port), "-U", USER, name]);
    return `postgresql://${USER}:${this.#password}@127.0.0.1:${this.#port}/${name}`;
  }

  async halt(signal: "SIGINT" | "SIGQUIT" = "SIGINT"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    process.off("exit", this.#kill);
    await this.halt();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Its last line says so in the file that it keeps. */
  async #ready(child: ChildProcess): Promise<void> {
    let said = "";
    child.stderr?.on("data", (part: Buffer) => {
      said = (said + part.toString()).slice(-4000);
    });
    for (const end = Date.now() + STARTS_WITHIN; Date.now() < end; await sleep(20)) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      const path = join(this.#data, "postmaster.pid");
      if (existsSync(path) && /^ready\s*$/m.test(readFileSync(path, "utf8"))) return;
    }
    child.kill("SIGQUIT");
    throw new Error(`PostgreSQL does not start: ${said}`);
  }

  #run(program: string, words: readonly string[]): void {
    const done = spawnSync(join(this.#programs, program), words, {
      cwd: this.#folder,
      encoding: "utf8",
      env: this.#environment(),
      ...this.#identity,
    });
    if (done.status !== 0) throw new Error(`\`${program}\` failed: ${done.stderr ?? done.error}`);
  }

  #environment(): Record<string, string> {
    return { PATH: process.env["PATH"] ?? "", HOME: this.#folder, PGPASSWORD: this.#password, LC_ALL: "C" };
  }
}

/** The server refuses to run as root: then as a user that may do nothing else. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("there is no user as whom PostgreSQL could run");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
