// The Pythons of this machine, asked for the tags they accept through the `packaging` that their pip brings.

import { execFileSync } from "node:child_process";
import { existsSync, globSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

export interface AskedInterpreter {
  readonly path: string;
  readonly python: readonly [major: number, minor: number];
  readonly implementation: string;
  readonly freeThreaded: boolean;
  readonly glibc: readonly [major: number, minor: number] | undefined;
  readonly machine: string;
  /** Best first. */
  readonly tags: readonly string[];
}

const QUESTION = `
import json, platform, sys, sysconfig
from pip._vendor.packaging import tags
from pip._vendor.packaging._manylinux import _get_glibc_version
glibc = _get_glibc_version()
print(json.dumps({
    "python": sys.version_info[:2],
    "implementation": tags.interpreter_name(),
    "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "glibc": list(glibc) if glibc[0] > 0 else None,
    "machine": platform.machine(),
    "tags": [str(tag) for tag in tags.sys_tags()],
}))
`;

/** Only those with a pip that knows tags: the others are passed over. */
export function findInterpreters(): AskedInterpreter[] {
  const candidates = [
    ...globSync("*/bin/python3", { cwd: join(homedir(), ".pyenv", "versions") }).map((path) =>
      join(homedir(), ".pyenv", "versions", path),
    ),
    ...(process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => {
      const paths = ["python3", "pypy3"].map((name) => join(folder, name));
      return paths.filter((path) => !path.includes("shims") && existsSync(path));
    }),
  ];
  const unique = new Set(candidates.map((path) => realpathSync(path)));
  return [...unique].sort().flatMap((path) => ask(path) ?? []);
}

function ask(path: string): AskedInterpreter | undefined {
  try {
    const output = execFileSync(path, ["-I", "-c", QUESTION], {
      encoding: "utf8",
      timeout: 20_000,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const answer = JSON.parse(output) as AskedInterpreter;
    return { ...answer, path, glibc: answer.glibc ?? undefined };
  } catch {
    return undefined;
  }
}
