// As whom isolated commands are tried: as ourselves, and where we are root also as a user without rights.

import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { selectInterpreter } from "@thoth/environment";
import { usualLimits } from "../src/sandbox/limits.ts";
import { type IsolatedRequest, type IsolatedResult, runIsolated } from "../src/sandbox/run-isolated.ts";
import { sandboxOf } from "../src/sandbox/sandbox-of.ts";

export const runOne: string = fileURLToPath(new URL("run-one.ts", import.meta.url));
const NOBODY = 61_234;
const execute = promisify(execFile);

export interface User {
  readonly name: string;
  /** A reason why nothing can be tried as this user here. */
  readonly skip: string | false;
  /** The guard, and what the command runs with. */
  readonly python: string;
  readonly readable: readonly string[];
  /** Limits of all processes together are there. */
  readonly groups: boolean;
  run(request: Partial<IsolatedRequest>): Promise<IsolatedResult>;
}

const own = await selectInterpreter({});
const ownPlace = own.basePrefix === "/usr" ? [] : [own.basePrefix];
const linux = process.platform === "linux" ? false : "isolation is of Linux";

function requestOf(python: string, readable: readonly string[], more: Partial<IsolatedRequest>) {
  return {
    guard: python,
    command: [],
    variables: {},
    readable,
    limits: usualLimits(small),
    ...more,
  } satisfies IsolatedRequest;
}

/** Enough for a Python, little enough to be used up soon. */
export const small = { seconds: 30, disk: 8 << 20, memory: 256 << 20, processes: 40 };

const ourselves: User = {
  name: process.getuid?.() === 0 ? "root" : "a user without rights",
  skip: linux,
  python: own.path,
  readable: ownPlace,
  groups: linux === false && !(await sandboxOf(own.path)).missing.includes("group:memory"),
  run: (request) => runIsolated(requestOf(own.path, ownPlace, request)),
};

const nobody: User = {
  name: "a user without rights",
  skip: linux || skipNobody(),
  python: "/usr/bin/python3",
  readable: [],
  groups: false,
  run: async (request) => {
    const words = [runOne, JSON.stringify(requestOf("/usr/bin/python3", [], request))];
    const { stdout } = await execute(process.execPath, words, { uid: NOBODY, gid: NOBODY, cwd: "/" });
    return JSON.parse(stdout) as IsolatedResult;
  },
};

export const users: readonly User[] = process.getuid?.() === 0 ? [ourselves, nobody] : [ourselves];

function skipNobody(): string | false {
  const options = { uid: NOBODY, gid: NOBODY, cwd: "/" };
  const program = `require("fs").readFileSync(${JSON.stringify(runOne)})`;
  if (spawnSync(process.execPath, ["-e", program], options).status !== 0)
    return "another user cannot read this folder";
  return spawnSync("/usr/bin/python3", ["-c", "import ctypes"], options).status === 0
    ? false
    : "there is no Python for all users";
}

/** Processes of the machine whose command line holds a text. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "latin1").includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}
