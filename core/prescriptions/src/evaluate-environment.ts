// Whether an environment is one that a rule is for. Everything stated must hold. Null in a rule stands for what the
// environment lacks. Of what nothing is known (flags, symbols and packages) no rule holds, whether negated or not.

import { specifiersContain, type Version } from "@thoth/pep";
import { matchesBaseImage, parseBaseImage } from "./base-image.ts";
import type { Hardware, InstalledPackage, RpmPackage, RuntimeEnvironment } from "./context.ts";
import type {
  Choice,
  EnvironmentRule,
  HardwarePattern,
  OperatingSystemPattern,
  PythonPackagePattern,
  RpmPattern,
  VersionedSoftware,
  VersionRule,
} from "./inclusion.ts";
import { matchesLocation, parseLocationPattern } from "./location-pattern.ts";

export function evaluateEnvironmentRule(rule: EnvironmentRule, environment: RuntimeEnvironment): boolean {
  return (
    (rule.operatingSystems === undefined || runsOn(rule.operatingSystems, environment)) &&
    (rule.versions ?? []).every((version) => admitsVersion(version, environment)) &&
    (rule.platforms === undefined || chooses(rule.platforms, environment.platform)) &&
    (rule.baseImages === undefined || choosesImage(rule.baseImages, environment.baseImage)) &&
    (rule.hardware === undefined || choosesHardware(rule.hardware, environment.hardware ?? {})) &&
    (rule.abi === undefined || holdsAll(rule.abi, environment.abiSymbols)) &&
    (rule.rpmPackages === undefined || hasPackages(rule.rpmPackages, environment.rpmPackages, isRpm)) &&
    (rule.pythonPackages === undefined ||
      hasPackages(rule.pythonPackages, environment.pythonPackages, isInstalled))
  );
}

function runsOn(
  systems: readonly OperatingSystemPattern[],
  { operatingSystem }: RuntimeEnvironment,
): boolean {
  if (systems.length === 0) return true;
  return systems.some(
    ({ name, version }) =>
      (name === undefined || name === operatingSystem?.name) &&
      (version === undefined || version === operatingSystem?.version),
  );
}

function admitsVersion({ software, specifiers }: VersionRule, environment: RuntimeEnvironment): boolean {
  const version = versionOf(software, environment);
  if (specifiers === null || version === undefined) return specifiers === null && version === undefined;
  return specifiersContain(specifiers, version);
}

function versionOf(software: VersionedSoftware, environment: RuntimeEnvironment): Version | undefined {
  return environment[`${software}Version`];
}

function chooses<T>({ negated, items }: Choice<T | null>, value: T | undefined): boolean {
  return items.includes(value ?? null) !== negated;
}

function choosesImage(
  { negated, items }: NonNullable<EnvironmentRule["baseImages"]>,
  text?: string,
): boolean {
  const image = text === undefined ? undefined : parseBaseImage(text);
  const found = items.some((pattern) =>
    image === undefined || pattern === null
      ? image === undefined && pattern === null
      : matchesBaseImage(pattern, image),
  );
  return found !== negated;
}

/** One entry of the list is enough. */
function choosesHardware({ negated, items }: Choice<HardwarePattern>, hardware: Hardware): boolean {
  return items.some((pattern) => isHardware(pattern, hardware)) !== negated;
}

function isHardware(pattern: HardwarePattern, hardware: Hardware): boolean {
  return (
    (pattern.cpuFamilies === undefined || chooses(pattern.cpuFamilies, hardware.cpuFamily)) &&
    (pattern.cpuModels === undefined || chooses(pattern.cpuModels, hardware.cpuModel)) &&
    (pattern.gpuModels === undefined || chooses(pattern.gpuModels, hardware.gpuModel)) &&
    (pattern.cpuFlags === undefined || hasFlags(pattern.cpuFlags, hardware.cpuFlags))
  );
}

/** Linux has no flag `avx512`: it names the parts, of which `avx512f` is the foundation. */
function hasFlags({ negated, items }: Choice<string>, flags: ReadonlySet<string> | undefined): boolean {
  if (flags === undefined) return false;
  const has = (flag: string) => flags.has(flag) || (flag === "avx512" && flags.has("avx512f"));
  return negated ? !items.some(has) : items.every(has);
}

function holdsAll({ negated, items }: Choice<string>, symbols: ReadonlySet<string> | undefined): boolean {
  if (symbols === undefined) return false;
  return negated ? !items.some((item) => symbols.has(item)) : items.every((item) => symbols.has(item));
}

/** All of them, or with `negated` not one. */
function hasPackages<Pattern, Package>(
  { negated, items }: Choice<Pattern>,
  packages: readonly Package[] | undefined,
  matches: (pattern: Pattern, one: Package) => boolean,
): boolean {
  if (packages === undefined) return false;
  const has = (pattern: Pattern) => packages.some((one) => matches(pattern, one));
  return negated ? !items.some(has) : items.every(has);
}

const RPM_FIELDS = ["name", "arch", "epoch", "identifier", "version", "release", "src"] as const;

function isRpm(pattern: RpmPattern, one: RpmPackage): boolean {
  return RPM_FIELDS.every((field) => pattern[field] === undefined || pattern[field] === one[field]);
}

function isInstalled(pattern: PythonPackagePattern, one: InstalledPackage): boolean {
  if (pattern.name !== one.name) return false;
  if (pattern.specifiers !== undefined && !specifiersContain(pattern.specifiers, one.version)) return false;
  if (pattern.location === undefined) return true;
  const location = parseLocationPattern(pattern.location);
  return location !== undefined && one.location !== undefined && matchesLocation(location, one.location);
}
