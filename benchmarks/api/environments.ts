// Two environments of widely used packages, one of 2020 and one of 2024, and what Python says in them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { selectInterpreter } from "@thoth/environment";
import type { SourceFile } from "@thoth/python";
import { workshop } from "../measure.ts";

export interface Wanted {
  readonly name: string;
  readonly python: string;
  readonly packages: readonly string[];
}

export const WANTED: readonly Wanted[] = [
  {
    name: "2020",
    python: "3.8",
    packages: [
      "numpy==1.19.5",
      "pandas==1.0.5",
      "scikit-learn==0.22.2.post1",
      "scipy==1.4.1",
      "pillow==6.2.2",
      "matplotlib==3.1.3",
      "seaborn==0.10.1",
      "networkx==2.4",
      "requests==2.25.1",
      "sympy==1.5.1",
    ],
  },
  {
    name: "2024",
    python: "3.11",
    packages: [
      "numpy==1.26.4",
      "pandas==2.2.3",
      "scikit-learn==1.5.2",
      "scipy==1.14.1",
      "pillow==11.0.0",
      "matplotlib==3.9.2",
      "seaborn==0.13.2",
      "networkx==3.3",
      "requests==2.32.3",
      "sympy==1.13.3",
    ],
  },
];

/** Read for the time alone: wheels that are not installed. */
export const LARGE = ["tensorflow==2.17.0", "transformers==4.45.2", "scikit-image==0.24.0", "numpy==2.1.2"];

export interface Environment extends Wanted {
  readonly program: string;
  readonly site: string;
}

const folder = `${workshop}/api`;

/** Made once, from wheels of the Python Package Index alone. */
export async function makeEnvironment(wanted: Wanted): Promise<Environment> {
  const home = `${folder}/${wanted.name}`;
  const program = `${home}/bin/python`;
  const stamp = `${home}/holds.json`;
  const holds = JSON.stringify(wanted.packages);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== holds) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const { path } = await selectInterpreter({ pythonVersion: wanted.python });
    run(path, ["-m", "venv", home]);
    run(program, ["-m", "pip", "install", "-q", "--only-binary", ":all:", ...wanted.packages]);
    writeFileSync(stamp, holds);
  }
  const site = run(program, ["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]).trim();
  return { ...wanted, program, site };
}

/** The files that a distribution has installed, and its name with its version. */
export function filesOf(site: string, requirement: string): { release: string; files: SourceFile[] } {
  const [name = ""] = requirement.split("==");
  const pattern = new RegExp(`^${name.replace(/[-_]/g, "[-_]")}-\\d[^-]*\\.dist-info$`, "i");
  const info = readdirSync(site).find((each) => pattern.test(each));
  if (info === undefined) throw new Error(`${name} is not installed in ${site}`);
  const paths = readFileSync(join(site, info, "RECORD"), "utf8")
    .split("\n")
    .map((line) => line.split(",", 1)[0]!)
    .filter((path) => path !== "" && !path.startsWith("..") && !path.includes("__pycache__"));
  const text = (path: string) => (/\.pyi?$/.test(path) ? readFileSync(join(site, path), "utf8") : "");
  return {
    release: info.replace(".dist-info", ""),
    files: paths.map((path) => ({ path, text: text(path) })),
  };
}

/** A wheel that is not installed, unpacked by Python. */
export function wheelFiles(requirement: string, python: string): { release: string; files: SourceFile[] } {
  const home = `${folder}/wheels/${requirement}`;
  if (!existsSync(`${home}/unpacked`)) {
    mkdirSync(home, { recursive: true });
    const platforms = ["manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"];
    const target = ["--python-version", python, ...platforms.flatMap((each) => ["--platform", each])];
    const words = ["--no-deps", "--only-binary", ":all:", ...target, "-d", home, requirement];
    run("python3", ["-m", "pip", "download", "-q", ...words]);
    const wheel = readdirSync(home).find((each) => each.endsWith(".whl"))!;
    run("python3", ["-m", "zipfile", "-e", join(home, wheel), `${home}/unpacked`]);
  }
  const root = `${home}/unpacked`;
  const paths = (readdirSync(root, { recursive: true }) as string[]).filter((path) =>
    /\.(?:pyi?|so)$/.test(path),
  );
  const text = (path: string) => (/\.pyi?$/.test(path) ? readFileSync(join(root, path), "utf8") : "");
  return { release: requirement, files: paths.map((path) => ({ path, text: text(path) })) };
}

/** Asks a program of this folder in an environment. */
export function ask(
  { program }: Environment,
  script: string,
  { input, words = [] }: { input: string; words?: readonly string[] },
): string {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const done = spawnSync(program, [path, ...words], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    cwd: folder,
    env: { ...process.env, MPLBACKEND: "Agg" },
  });
  if (done.status !== 0) throw new Error(`${script} failed: ${done.stderr.slice(-2000)}`);
  return done.stdout;
}

function run(program: string, words: readonly string[]): string {
  const done = spawnSync(program, words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", 2],
    timeout: 900_000,
  });
  if (done.status !== 0) throw new Error(`\`${[program, ...words].join(" ")}\` failed`);
  return done.stdout;
}
