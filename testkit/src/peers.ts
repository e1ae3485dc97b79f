// Tools of others that the suites compare with, in virtual environments of the project's own: made once, from the
// Python Package Index.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../../.cache", import.meta.url));
/** Those of the tests, which `npm test` installs before it runs them. */
const TESTED = ["uv==0.13.9", "pipenv==2026.10.3"];
/** Programs whose locks are read, each with what it needs: their requirements exclude each other. */
const LOCKING: Readonly<Record<LockingPeer, readonly string[]>> = {
  poetry: ["poetry==2.5.1"],
  // A release of hishel that PDM admits lacks a class that it imports.
  pdm: ["pdm==2.29.4", "hishel==1.4.0"],
  micropipenv: ["micropipenv[toml]==1.10.0"],
};

export type LockingPeer = "poetry" | "pdm" | "micropipenv";

/**
 * The folder of the programs of an environment `name` that holds `packages` (PEP 508); made when it is not there or
 * holds others. Throws an Error where the machine or the network does not give them.
 */
export function installPeers(name: string, packages: readonly string[]): string {
  const folder = join(cache, name);
  const stamp = join(folder, "holds.json");
  const holds = JSON.stringify(packages);
  const bin = join(folder, "bin");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === holds) return bin;
  rmSync(folder, { recursive: true, force: true });
  for (const [program, ...words] of [
    ["python3", "-m", "venv", folder],
    [join(bin, "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", ...packages],
  ] as const) {
    const done = spawnSync(program, words, { stdio: ["ignore", 2, 2], timeout: 600_000 });
    if (done.status !== 0) throw new Error(`\`${[program, ...words].join(" ")}\` failed`);
  }
  writeFileSync(stamp, holds);
  return bin;
}

/**
 * The paths of wheels of `packages` (PEP 508, without what they need) in a folder `name` of their own, in the order of their
 * names; downloaded when they are not there. Undefined where the machine or the network does not give them.
 */
export function downloadWheels(name: string, packages: readonly string[]): readonly string[] | undefined {
  const folder = join(cache, name);
  const stamp = join(folder, "holds.json");
  const holds = JSON.stringify(packages);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== holds) {
    rmSync(folder, { recursive: true, force: true });
    const target = "--python-version 3.11 --implementation cp --abi cp311 --abi abi3 --abi none".split(" ");
    const platform = ["manylinux_2_17", "manylinux2014", "manylinux1"].flatMap((one) => [
      "--platform",
      `${one}_x86_64`,
    ]);
    const words = ["-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "-d", folder];
    const all = [...words, "--only-binary=:all:", ...target, ...platform, ...packages];
    const done = spawnSync("python3", all, { stdio: ["ignore", 2, 2], timeout: 600_000 });
    if (done.status !== 0) return undefined;
    writeFileSync(stamp, holds);
  }
  return readdirSync(folder)
    .filter((file) => file.endsWith(".whl"))
    .sort()
    .map((file) => join(folder, file));
}

/** Installs what `findPeer` finds. */
export function installTestedPeers(): void {
  installPeers("test-peers", TESTED);
}

/** The path of the program, installed where it is not; undefined where the machine or the network does not give it. */
export function findLockingPeer(name: LockingPeer): string | undefined {
  try {
    return join(installPeers(`lock-${name}`, LOCKING[name]), name);
  } catch {
    return undefined;
  }
}

/** The path of `uv` or `pipenv`: the one the tests are meant for, else the PATH's; undefined where there is none. */
export function findPeer(name: "uv" | "pipenv"): string | undefined {
  const folders = [join(cache, "test-peers", "bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path) && statSync(path).isFile());
}
