// Names of wheels for a pip that is older than the tags in them: what came with Python 3.6 knows `manylinux1` and nothing later.
// Whether a wheel fits was decided before (docs/decisions/0005); a plain `linux` tag is one that every pip takes.
// https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/

import { copyFile, link, mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { compareVersions, parseVersion, parseWheelFilename } from "@thoth/pep";
import { disk } from "./temporary-folder.ts";

/** The first pip that knows all tags of Linux. */
const KNOWS_ALL = parseVersion("21.2");

/** `pip-18.1-py2.py3-none-any.whl` is old. What is no wheel of pip is taken for a new one. */
export function isOldPip(wheel: string): boolean {
  try {
    return compareVersions(parseWheelFilename(basename(wheel)).version, KNOWS_ALL) < 0;
  } catch {
    return false;
  }
}

/** `a-1.0-cp36-cp36m-manylinux2010_x86_64.whl` as `a-1.0-cp36-cp36m-linux_x86_64.whl`; undefined: the name may stay. */
export function plainLinuxName(filename: string): string | undefined {
  const [, start, platforms = ""] = /^(.*-)([^-]+)\.whl$/.exec(filename) ?? [];
  const machine = /^(?:many|musl)linux(?:\d{1,4}|_\d+_\d+)_(\w+)$/.exec(platforms.split(".")[0] ?? "")?.[1];
  return start === undefined || machine === undefined ? undefined : `${start}linux_${machine}.whl`;
}

/** The wheels under names that such a pip takes. Each folder holds one. */
export async function renamedForOldPip<T extends { readonly folder: string }>(
  wheels: readonly T[],
  scratch: string,
): Promise<readonly T[]> {
  const renamed: T[] = [];
  for (const wheel of wheels) {
    const filename = (await disk(wheel.folder, () => readdir(wheel.folder))).find((name) =>
      name.endsWith(".whl"),
    );
    const name = filename === undefined ? undefined : plainLinuxName(filename);
    if (filename === undefined || name === undefined) {
      renamed.push(wheel);
      continue;
    }
    const folder = join(scratch, "plain", name.slice(0, -".whl".length));
    const [from, to] = [join(wheel.folder, filename), join(folder, name)];
    await disk(folder, () => mkdir(folder, { recursive: true }));
    await link(from, to).catch(() => disk(to, () => copyFile(from, to)));
    renamed.push({ ...wheel, folder });
  }
  return renamed;
}
