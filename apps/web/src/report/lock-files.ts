// The stack as files that installers take: a lock as PEP 751 has it, and requirements with hashes.
// https://packaging.python.org/en/latest/specifications/pylock-toml/

import type { Lock, LockedPackage } from "./model.ts";

type Artifact = LockedPackage["artifacts"][number];

/** Of the environment that the lock is for. */
export function pylockText({ packages, environment }: Lock): string {
  const python = environment["python_version"];
  const head = [
    `lock-version = "1.0"`,
    ...(python === undefined || python === "" ? [] : [`requires-python = ${quoted(`==${python}.*`)}`]),
    `created-by = "thoth"`,
  ];
  const tables = packages.map((item) => ["", "[[packages]]", ...packageLines(item)].join("\n"));
  return `${[...head, ...(tables.length === 0 ? ["packages = []"] : tables)].join("\n")}\n`;
}

function packageLines({ name, version, marker, requires, index, artifacts }: LockedPackage): string[] {
  const wheels = artifacts.filter(({ filename }) => filename.endsWith(".whl"));
  const sdist = artifacts.find(({ filename }) => /\.(?:tar\.gz|zip)$/.test(filename));
  return [
    `name = ${quoted(name)}`,
    `version = ${quoted(version)}`,
    ...(marker === undefined ? [] : [`marker = ${quoted(marker)}`]),
    ...(requires.length === 0
      ? []
      : [`dependencies = [${requires.map((other) => `{name = ${quoted(other)}}`).join(", ")}]`]),
    `index = ${quoted(index)}`,
    ...(sdist === undefined ? [] : [`sdist = ${fileTable(sdist)}`]),
    ...(wheels.length === 0 ? [] : ["wheels = [", ...wheels.map((wheel) => `  ${fileTable(wheel)},`), "]"]),
  ];
}

function fileTable({ filename, url, sha256, size }: Artifact): string {
  const parts = [
    `name = ${quoted(filename)}`,
    `url = ${quoted(url)}`,
    ...(size === undefined ? [] : [`size = ${size}`]),
    `hashes = {sha256 = ${quoted(sha256)}}`,
  ];
  return `{${parts.join(", ")}}`;
}

/** A basic string of TOML: what JSON escapes, TOML reads alike, but for the character of deletion. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

/** For `pip install --require-hashes`. */
export function requirementsText({ packages }: Lock): string {
  const index = indexOf(packages);
  const lines = packages.map(({ name, version, marker, artifacts }) => {
    const hashes = [...new Set(artifacts.map(({ sha256 }) => sha256))].sort();
    const head = oneLine(`${name}==${version}${marker === undefined ? "" : ` ; ${marker}`}`);
    return [head, ...hashes.map((hash) => `    --hash=sha256:${hash}`)].join(" \\\n");
  });
  return `${[...index, ...lines].join("\n")}\n`;
}

/** The index of most packages stands first in the document too. */
function indexOf(packages: readonly LockedPackage[]): string[] {
  const [first, ...others] = [...new Set(packages.map(({ index }) => index))];
  if (first === undefined) return [];
  return [`--index-url ${oneLine(first)}`, ...others.map((url) => `--extra-index-url ${oneLine(url)}`)];
}

/** A line of a file begins where we say so. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
