// Reads `should_include.runtime_environments`.

import { quote } from "@thoth/pep";
import { parseBaseImagePattern } from "./base-image.ts";
import {
  choiceOf,
  type Field,
  type Fields,
  listOf,
  nullable,
  optional,
  type Read,
  readBoolean,
  readInteger,
  readTable,
  readText,
  required,
} from "./field.ts";
import type {
  BaseImagePattern,
  Choice,
  EnvironmentRule,
  HardwarePattern,
  OperatingSystemPattern,
  PythonPackagePattern,
  RpmPattern,
  VersionedSoftware,
  VersionRule,
} from "./inclusion.ts";
import { parseLocationPattern } from "./location-pattern.ts";
import { readPackageName, readSpecifiers, UNREADABLE } from "./parse-pattern.ts";

const SOFTWARE: readonly VersionedSoftware[] = ["python", "cuda", "openblas", "openmpi", "cudnn", "mkl"];

const KEYS = [
  "operating_systems",
  "hardware",
  ...SOFTWARE.map((name) => `${name}_version`),
  "platforms",
  "base_images",
  "abi",
  "rpm_packages",
  "python_packages",
];

export function readEnvironmentRule(field: Field): EnvironmentRule {
  const fields = readTable(field, KEYS);
  const versions = readVersions(fields);
  return {
    operatingSystems: optional(fields, "operating_systems", listOf(readOperatingSystem, 0)),
    hardware: optional(fields, "hardware", choiceOf(readHardware)),
    versions: versions.length > 0 ? versions : undefined,
    platforms: optional(fields, "platforms", choiceOf(nullable(readText))),
    baseImages: optional(fields, "base_images", choiceOf(nullable(readBaseImage))),
    abi: optional(fields, "abi", choiceOf(readText)),
    rpmPackages: optional(fields, "rpm_packages", choiceOf(readRpm)),
    pythonPackages: optional(fields, "python_packages", choiceOf(readPythonPackage)),
  };
}

function readVersions(fields: Fields): VersionRule[] {
  return SOFTWARE.flatMap((software) => {
    const specifiers = optional(fields, `${software}_version`, nullable(readSpecifiers));
    return specifiers === undefined ? [] : [{ software, specifiers }];
  });
}

function readOperatingSystem(field: Field): OperatingSystemPattern {
  const fields = readTable(field, ["name", "version"]);
  return { name: optional(fields, "name", readText), version: optional(fields, "version", readText) };
}

function readHardware(field: Field): HardwarePattern {
  const fields = readTable(field, ["cpu_families", "cpu_models", "gpu_models", "cpu_flags"]);
  return {
    cpuFamilies: optional(fields, "cpu_families", choiceOrAbsent(readInteger)),
    cpuModels: optional(fields, "cpu_models", choiceOrAbsent(readInteger)),
    gpuModels: optional(fields, "gpu_models", choiceOrAbsent(readText)),
    cpuFlags: optional(fields, "cpu_flags", choiceOf(readFlag)),
  };
}

/** A list, `{not: list}`, or null for "not there". */
function choiceOrAbsent<T>(read: Read<T>): Read<Choice<T | null>> {
  const choice = choiceOf(nullable(read));
  return (field) => (field.value === null ? { negated: false, items: [null] } : choice(field));
}

function readFlag(field: Field): string {
  const flag = readText(field);
  if (flag !== "" && !/^[a-z0-9_]+$/.test(flag)) {
    field.fail("invalid-value", `${quote(flag)} is not a processor flag as Linux names them.`);
  }
  return flag;
}

function readBaseImage(field: Field): BaseImagePattern {
  return parseBaseImagePattern(readText(field));
}

function readRpm(field: Field): RpmPattern {
  const fields = readTable(field, [
    "package_name",
    "arch",
    "epoch",
    "package_identifier",
    "package_version",
    "release",
    "src",
  ]);
  return {
    name: required(fields, "package_name", readText) ?? "",
    arch: optional(fields, "arch", readText),
    epoch: optional(fields, "epoch", readText),
    identifier: optional(fields, "package_identifier", readText),
    version: optional(fields, "package_version", readText),
    release: optional(fields, "release", readText),
    src: optional(fields, "src", readBoolean),
  };
}

function readPythonPackage(field: Field): PythonPackagePattern {
  const fields = readTable(field, ["name", "version", "location"]);
  return {
    name: required(fields, "name", readPackageName) ?? UNREADABLE,
    specifiers: optional(fields, "version", readSpecifiers),
    location: optional(fields, "location", nullable(readLocation)) ?? undefined,
  };
}

function readLocation(field: Field): string {
  const text = readText(field);
  if (text !== "" && parseLocationPattern(text) === undefined) {
    const allowed = "characters, `.`, `[a-z]`, each with `*`, `+` or `?` behind it, and `|`";
    field.fail("invalid-value", `${quote(text)} is not a pattern that rules may use: ${allowed}.`);
  }
  return text;
}
