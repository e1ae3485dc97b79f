// A PostgreSQL server of the service's own, for a machine that has the programs and nothing that runs: made at its first
// start, begun and ended with the service. It listens on a socket in its own folder, which only its user may enter, and on no
// port: nobody else can reach it, or stand in for it while it is down. Its password is one more lock.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { quote, ThothError } from "@thoth/pep";
import { Client } from "pg";
import { findPostgresqlPrograms } from "./postgresql-programs.ts";
import { openThePath, type Unprivileged, unprivilegedUser } from "./unprivileged-user.ts";

export interface OwnPostgresql {
  readonly url: string;
  /** Settles with what it said last, should it end without having been told to. */
  readonly gone: Promise<string>;
  /** In order: what is written is kept. */
  stop(): Promise<void>;
}

const USER = "thoth";
/** Part of the socket's name; no port is opened. */
const PORT = 5432;
/** https://man7.org/linux/man-pages/man7/unix.7.html, less on other systems. */
const LONGEST_SOCKET = 103;
const STARTS_WITHIN = 60_000;
/** Milliseconds in which one that a killed service has left behind ends. */
const LEFT_BEHIND = 15_000;
const SETPRIV = "/usr/bin/setpriv";

/** In the folder `postgresql` of `place`. Throws `database-failed`, `usage`. */
export async function startOwnPostgresql(place: string): Promise<OwnPostgresql> {
  const data = resolve(place);
  const folder = join(data, "postgresql");
  if (Buffer.byteLength(join(folder, `.s.PGSQL.${PORT}`)) > LONGEST_SOCKET)
    throw new ThothError("usage", `${quote(data)} is longer than the path of a socket may be`, {
      hint: "Name another folder with `--data`.",
    });
  const user = unprivilegedUser();
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (user !== undefined) openThePath(data, user);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return await new Cluster(folder, user).start();
}

class Cluster {
  readonly #folder: string;
  readonly #tables: string;
  readonly #user: Unprivileged | undefined;
  readonly #programs: string;
  readonly #password: string;
  #said = "";

  constructor(folder: string, user: Unprivileged | undefined) {
    this.#folder = folder;
    this.#tables = join(folder, "cluster");
    this.#user = user;
    this.#password = passwordIn(folder, user);
    const made = join(this.#tables, "PG_VERSION");
    this.#programs = findPostgresqlPrograms(
      existsSync(made) ? Number.parseInt(readFileSync(made, "utf8"), 10) : undefined,
    );
    if (!existsSync(made)) this.#make();
  }

  async start(): Promise<OwnPostgresql> {
    const child = await this.#running();
    // Should this process end by itself.
    const kill = () => void child.kill("SIGQUIT");
    process.once("exit", kill);
    const ended = new Promise<void>((settle) => child.once("exit", () => settle()));
    let isTold = false;
    const stop = async () => {
      isTold = true;
      process.off("exit", kill);
      // Fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
      child.kill("SIGINT");
      await ended;
    };
    try {
      await this.#makeDatabase();
    } catch (error) {
      await stop();
      throw error;
    }
    const gone = new Promise<string>((settle) => {
      void ended.then(() => {
        if (!isTold) settle(this.#said);
      });
    });
    return { url: this.#urlOf(USER), gone, stop };
  }

  /** All of it or nothing: what was begun lies elsewhere until it is whole. */
  #make(): void {
    const begun = join(this.#folder, "cluster.begun");
    rmSync(begun, { recursive: true, force: true });
    const access = ["-U", USER, "-A", "scram-sha-256", "--pwfile", join(this.#folder, "password")];
    const locale = ["-E", "UTF8", "--locale", "C", "--locale-provider", "icu", "--icu-locale", "und"];
    const done = spawnSync(join(this.#programs, "initdb"), ["-D", begun, ...access, ...locale], {
      cwd: this.#folder,
      encoding: "utf8",
      env: this.#environment(),
      ...this.#user,
    });
    if (done.status !== 0) {
      rmSync(begun, { recursive: true, force: true });
      throw failed(`no cluster can be made in ${quote(this.#folder)}`, done.stderr || String(done.error));
    }
    renameSync(begun, this.#tables);
  }

  async #running(): Promise<ChildProcess> {
    for (const end = Date.now() + LEFT_BEHIND; ; await sleep(300)) {
      const child = this.#spawn();
      if (await this.#isReady(child)) return child;
      if (!/lock file "[^"]*" already exists/.test(this.#said))
        throw failed(`the server in ${quote(this.#folder)} does not start`, this.#said);
      if (Date.now() > end)
        throw new ThothError("usage", `another process uses ${quote(this.#folder)}`, {
          hint: "End it, or name another folder with `--data`.",
        });
    }
  }

  #spawn(): ChildProcess {
    const settings = {
      listen_addresses: "",
      port: String(PORT),
      unix_socket_directories: this.#folder,
      unix_socket_permissions: "0700",
    };
    const words = [
      join(this.#programs, "postgres"),
      ...["-D", this.#tables],
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ];
    // It ends with a service that is killed, where the system can do so.
    const bound = existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "INT", ...words] : words;
    const [program = "", ...rest] = bound;
    this.#said = "";
    const child = spawn(program, rest, {
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: this.#environment(),
      // Ctrl-C is for the service, which ends the server when it has ended itself.
      detached: true,
      ...this.#user,
    });
    child.stderr?.on("data", (part: Buffer) => {
      this.#said = (this.#said + part.toString("utf8")).slice(-4000);
    });
    child.on("error", (error) => {
      this.#said += error.message;
    });
    return child;
  }

  /** The last line of the file that it keeps says so, and the first whose file it is. */
  async #isReady(child: ChildProcess): Promise<boolean> {
    const path = join(this.#tables, "postmaster.pid");
    for (const end = Date.now() + STARTS_WITHIN; Date.now() < end; await sleep(20)) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false;
      const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
      if (lines[0] === String(child.pid) && lines[7]?.trim() === "ready") return true;
    }
    child.kill("SIGQUIT");
    return false;
  }

  async #makeDatabase(): Promise<void> {
    const client = new Client({ connectionString: this.#urlOf("postgres") });
    try {
      await client.connect();
      const { rows } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [USER]);
      if (rows.length === 0) await client.query(`CREATE DATABASE ${USER}`);
    } catch (cause) {
      throw failed(`the server in ${quote(this.#folder)} cannot be used`, String(cause));
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** The host is what addresses must have; where the socket is goes before. */
  #urlOf(database: string): string {
    const place = new URLSearchParams({ host: this.#folder });
    return `postgresql://${USER}:${this.#password}@localhost:${PORT}/${database}?${place}`;
  }

  #environment(): Record<string, string> {
    return { PATH: process.env["PATH"] ?? "", HOME: this.#folder, LC_ALL: "C" };
  }
}

/** Made where there is none. */
function passwordIn(folder: string, user: Unprivileged | undefined): string {
  const path = join(folder, "password");
  if (!existsSync(path)) {
    // By its handle: whoever owns the folder could put something else in the file's place.
    const file = openSync(path, "wx", 0o600);
    writeSync(file, `${randomBytes(24).toString("hex")}\n`);
    if (user !== undefined) fchownSync(file, user.uid, user.gid);
    closeSync(file);
  }
  return readFileSync(path, "utf8").trim();
}

function failed(sentence: string, said: string): ThothError {
  const reason = said.trim().split("\n").slice(-8).join("\n");
  return new ThothError("database-failed", `PostgreSQL: ${sentence} (${reason})`);
}
