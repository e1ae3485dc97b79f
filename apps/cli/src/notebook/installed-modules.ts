// Which distribution provides a module in the environment that is active now: the strongest evidence for what a
// notebook written there means by an import. https://packaging.python.org/en/latest/specifications/recording-installed-packages/

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isValidName, normalizeName } from "@thoth/pep";

type Variables = Readonly<Record<string, string | undefined>>;

const MOST_DISTRIBUTIONS = 5_000;
const LARGEST_FILE = 8 * 1024 * 1024;

/** Top-level module to the normalised names of what provides it; empty where no environment is active. */
export function installedModules(variables: Variables): ReadonlyMap<string, readonly string[]> {
  const modules = new Map<string, string[]>();
  for (const folder of sitePackages(variables)) {
    const entries = listed(folder).filter((name) => name.endsWith(".dist-info"));
    for (const entry of entries.slice(0, MOST_DISTRIBUTIONS)) {
      const name = entry.slice(0, -".dist-info".length).split("-")[0] ?? "";
      // What was installed from a folder or a repository is on no index.
      if (!isValidName(name) || existsSync(join(folder, entry, "direct_url.json"))) continue;
      const distribution = normalizeName(name);
      for (const module of topLevel(join(folder, entry))) {
        const providers = modules.get(module);
        if (providers === undefined) modules.set(module, [distribution]);
        else if (!providers.includes(distribution)) providers.push(distribution);
      }
    }
  }
  return modules;
}

function sitePackages(variables: Variables): string[] {
  return [variables["VIRTUAL_ENV"], variables["CONDA_PREFIX"]].flatMap((environment) => {
    if (environment === undefined || environment === "") return [];
    if (process.platform === "win32") return [join(environment, "Lib", "site-packages")];
    return listed(join(environment, "lib"))
      .filter((name) => /^(python|pypy)\d/.test(name))
      .map((name) => join(environment, "lib", name, "site-packages"));
  });
}

/** What RECORD lists is what was installed; `top_level.txt` is what a builder wrote. */
function topLevel(folder: string): ReadonlySet<string> {
  const modules = new Set<string>();
  for (const line of (readOptional(join(folder, "RECORD")) ?? "").split("\n")) {
    const path = line.startsWith('"')
      ? line.slice(1, line.indexOf('"', 1))
      : line.slice(0, line.indexOf(","));
    const module = /^([A-Za-z_]\w*)(?:\/|(?:\.[\w-]+)?\.(?:py|so|pyd)$)/.exec(path)?.[1];
    if (module !== undefined) modules.add(module);
  }
  if (modules.size > 0) return modules;
  const words = (readOptional(join(folder, "top_level.txt")) ?? "").split(/\s+/);
  return new Set(words.filter((word) => /^[A-Za-z_]\w*$/.test(word)));
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return [];
    throw error;
  }
}

function readOptional(path: string): string | undefined {
  try {
    return statSync(path).size > LARGEST_FILE ? undefined : readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}
