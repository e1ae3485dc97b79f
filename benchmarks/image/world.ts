// What the two ways start from: notebooks with their locks, a base in a registry, and a registry that tells how many bytes
// came to it.

import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianFolder, debianLayout, startDockerRegistry } from "@thoth/testkit";
import { measure, root, workshop } from "../measure.ts";

export const folder = join(workshop, "image");
export const horus = `${root}node_modules/.bin/horus`;
/** The same stack whenever this is run. */
const AS_OF = "2026-11-20T00:00:00Z";
const LONGEST = 1_200_000;

export const variables = {
  THOTH_CACHE_DIR: join(folder, "cache"),
  THOTH_INDEX_URL: process.env["PIP_INDEX_URL"] || "https://pypi.org/simple/",
};

export function tool(program: string, ...words: readonly string[]): string {
  const done = spawnSync(program, words, { encoding: "utf8", timeout: LONGEST, maxBuffer: 1 << 26 });
  if (done.status === 0) return done.stdout;
  throw new Error(`${program} ${words.join(" ")}: ${done.error?.message ?? done.stderr}`);
}

export interface LockedNotebook {
  readonly path: string;
  /** Versions by the names of the packages. */
  readonly packages: ReadonlyMap<string, string>;
}

/** `packages`: specifiers by names. */
export function lockNotebook(name: string, packages: Readonly<Record<string, string>>): LockedNotebook {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.ipynb`);
  const requirements = { packages, requires: { python_version: "3.11" }, sources: [] };
  const kernelspec = { display_name: "Python 3", language: "python", name: "python3" };
  const notebook = { cells: [], metadata: { kernelspec, requirements }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(path, JSON.stringify(notebook));
  run([horus, "lock", path, "--python-version", pythonOfBase(), "--as-of", AS_OF]);
  return { path, packages: versionsIn(exported(path)) };
}

/** The lock as requirements with hashes. */
export function exported(path: string): string {
  return run([horus, "export", path, "--format", "requirements"]).output;
}

function versionsIn(requirements: string): ReadonlyMap<string, string> {
  return new Map(
    Array.from(requirements.matchAll(/^([a-z\d-]+)==(\S+)/gm), ([, name = "", version = ""]) => [
      name,
      version,
    ]),
  );
}

let python: string | undefined;

function pythonOfBase(): string {
  const code = "import platform; print(platform.python_version())";
  python ??= tool("chroot", debianFolder(["python3"]), "python3", "-c", code).trim();
  return python;
}

/** One run; throws with what it said where it fails. */
export function run(command: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const measured = measure(command, 1, { ...variables, ...environment });
  const [only] = measured.runs;
  if (only?.status === 0) return { ...only, output: measured.output };
  throw new Error(`${command.join(" ")}: ${measured.errors}${measured.output}`);
}

/** The same while this process goes on, which must count what comes. */
export async function runBeside(command: readonly string[]): Promise<void> {
  const [program = "", ...words] = command;
  const env = { ...process.env, ...variables };
  await promisify(execFile)(program, words, { env, timeout: LONGEST, maxBuffer: 1 << 26 });
}

export interface CountedRegistry {
  readonly host: string;
  /** The same by way of who counts. */
  readonly counted: string;
  /** Bytes that came to it by that way: bodies and headers of all requests. */
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

/** An empty one, but for the base as `base:1`. */
export async function startRegistry(): Promise<CountedRegistry> {
  const registry = await startDockerRegistry();
  const [name = "", port = ""] = registry.host.split(":");
  let received = 0;
  const server = createServer((client) => {
    const behind = connect(Number(port), name);
    client.on("data", (chunk) => {
      received += chunk.length;
    });
    client.pipe(behind).pipe(client);
    for (const [one, other] of [
      [client, behind],
      [behind, client],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `docker://${registry.host}/base:1`;
  tool("skopeo", "copy", "--dest-tls-verify=false", `oci:${debianLayout()}`, base);
  return {
    host: registry.host,
    counted: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    close: async () => {
      server.close();
      await registry.close();
    },
  };
}
