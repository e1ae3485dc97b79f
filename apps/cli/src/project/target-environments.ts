// The environments that one lock is for, as `--environment` names them: `macos-arm64`, `3.12:linux-aarch64`, `default`.

import { quote, ThothError } from "@thoth/pep";
import { type ChosenTarget, describeTarget, type TargetWish } from "./target.ts";

export interface NamedEnvironment {
  /** Such as `3.12:macos-arm64`. */
  readonly name: string;
  /** Such as `macos-arm64 (Python 3.12)`. */
  readonly words: string;
  readonly target: ChosenTarget;
}

/** The systems and processors that most people work on. */
const DEFAULT_PLATFORMS = ["linux-x86_64", "linux-aarch64", "macos-arm64", "windows-x86_64"];
const MOST_ENVIRONMENTS = 32;

/** In the order of their Pythons and names, whatever the order in which they are named. Throws usage, interpreter-not-found. */
export async function describeEnvironments(
  names: readonly string[],
  wish: TargetWish,
): Promise<readonly NamedEnvironment[]> {
  const wanted = names.flatMap(readName);
  const pythons = new Map<string | undefined, string>();
  const found = new Map<string, NamedEnvironment>();
  for (const { python, platform } of wanted) {
    let version = pythons.get(python);
    if (version === undefined) {
      version = await versionOf(python, wish);
      pythons.set(python, version);
    }
    const target = await describeTarget({ ...wish, pythonVersion: version, platform });
    const name = `${target.python}:${platform}`;
    found.set(name, { name, words: `${platform} (Python ${target.python})`, target });
  }
  if (found.size > MOST_ENVIRONMENTS)
    throw new ThothError("usage", `a lock is for at most ${MOST_ENVIRONMENTS} environments`);
  const environments = [...found.values()].sort(inOrder);
  mustBeTold(environments);
  return environments;
}

/** One more, in its place. Throws usage. */
export function withEnvironment(
  environments: readonly NamedEnvironment[],
  one: NamedEnvironment,
): readonly NamedEnvironment[] {
  const all = [...environments, one].sort(inOrder);
  mustBeTold(all);
  return all;
}

function readName(text: string): { readonly python: string | undefined; readonly platform: string }[] {
  const match = /^(?:(\d+\.\d+(?:\.\d+)?):)?([^:\s]+)$/.exec(text.trim());
  const platform = match?.[2];
  if (platform === undefined)
    throw new ThothError("usage", `${quote(text)} names no environment`, {
      hint: "Write it as linux-x86_64, as 3.12:macos-arm64, or as default.",
    });
  const platforms = platform === "default" ? DEFAULT_PLATFORMS : [platform];
  return platforms.map((one) => ({ python: match?.[1], platform: one }));
}

/** Where nobody names a Python, it is the one that a lock of this machine would be for. */
async function versionOf(python: string | undefined, wish: TargetWish): Promise<string> {
  if (python !== undefined) return python;
  const { target } = await describeTarget({ ...wish, platform: undefined });
  return target.pythonVersion.text;
}

function inOrder(a: NamedEnvironment, b: NamedEnvironment): number {
  const [one, other] = [a, b].map(({ target }) => target.target.pythonVersion.release.map(Number));
  const [minor, otherMinor] = [one?.[1] ?? 0, other?.[1] ?? 0];
  if (minor !== otherMinor) return minor - otherMinor;
  return a.name < b.name ? -1 : 1;
}

/** A lock tells its environments apart by markers. */
function mustBeTold(environments: readonly NamedEnvironment[]): void {
  const seen = new Map<string, NamedEnvironment>();
  for (const one of environments) {
    const { sys_platform, platform_machine, python_version } = one.target.target.markers;
    const key = `${python_version} ${sys_platform} ${platform_machine}`;
    const other = seen.get(key);
    if (other !== undefined)
      throw new ThothError(
        "usage",
        `no marker tells ${quote(other.name)} from ${quote(one.name)}: a lock cannot be for both`,
        { hint: "Name the older of the two systems: what is for it is for the other too." },
      );
    seen.set(key, one);
  }
}
