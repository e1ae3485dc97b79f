// Debian with Python as a folder and as an OCI layout, for tests that want a base without any registry: made once by
// debootstrap of the packages that this machine installs from, and kept in `.cache`.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { OCI } from "./image-registry.ts";

const cache = fileURLToPath(new URL("../../.cache", import.meta.url));
const SUITE = "bookworm";
const LONGEST = 1_200_000;
const MOST_OUTPUT = 1024 * 1024 * 1024;
/** What tells of the day on which it was made, or is of no use in an image. */
const LEFT_OUT = ["./dev/*", "./proc/*", "./sys/*", "./var/cache/*", "./var/lib/apt/lists/*", "./var/log/*"];

/** Why none can be made here, in a sentence. */
export function missingDebian(): string | false {
  if (process.getuid?.() !== 0) return "Debian is installed by root";
  if (spawnSync("debootstrap", ["--version"], { stdio: "ignore" }).status !== 0) return "no debootstrap";
  return debianMirror() === undefined ? "no Debian whose packages could be installed" : false;
}

/** The folder of a minimal Debian with these packages; nobody changes it. */
export function debianFolder(packages: readonly string[] = []): string {
  const folder = join(cache, ["debian", ...packages].join("-"));
  return oneAtATime(() => (existsSync(join(folder, "etc")) ? folder : makeFolder(folder, packages)));
}

function makeFolder(folder: string, packages: readonly string[]): string {
  const unfinished = `${folder}.new`;
  unmount(unfinished);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const include = packages.length === 0 ? [] : [`--include=${packages.join(",")}`];
  run("debootstrap", ["--variant=minbase", ...include, SUITE, unfinished, debianMirror() ?? ""]);
  unmount(unfinished);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
}

/** Test files run beside each other: the second one waits for what the first one makes. */
function oneAtATime<T>(work: () => T): T {
  const lock = join(cache, "debian.lock");
  mkdirSync(cache, { recursive: true });
  while (!isTaken(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** By this process now; that of one which has ended is nobody's. */
function isTaken(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = Number(existsSync(lock) ? readFileSync(lock, "utf8") : "");
  if (holder > 0 && !existsSync(`/proc/${holder}`)) rmSync(lock, { force: true });
  return false;
}

/** debootstrap leaves the machine's /proc mounted in there: whoever copies the folder would copy all of it. */
function unmount(folder: string): void {
  for (const name of ["proc", "sys"]) spawnSync("umount", [join(folder, name)], { stdio: "ignore" });
}

/** An OCI layout of a Debian with Python, of one layer. */
export function debianLayout(): string {
  const layout = join(cache, "debian-python3.oci");
  const folder = debianFolder(["python3"]);
  return oneAtATime(() => (existsSync(layout) ? layout : makeLayout(layout, folder)));
}

function makeLayout(layout: string, folder: string): string {
  const excluded = LEFT_OUT.flatMap((pattern) => ["--exclude", pattern]);
  const plain = ["--sort=name", "--mtime=@0", "--numeric-owner", "--format=posix"];
  const times = "--pax-option=exthdr.name=%d/%f,delete=atime,delete=ctime,delete=mtime";
  const tar = run("tar", ["-C", folder, ...plain, times, ...excluded, "-cf", "-", "."]);
  const unfinished = `${layout}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  writeLayout(unfinished, tar);
  renameSync(unfinished, layout);
  return layout;
}

function writeLayout(folder: string, tar: Buffer): void {
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  const add = (mediaType: string, bytes: Uint8Array) => {
    const hash = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(folder, "blobs/sha256", hash), bytes);
    return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
  };
  const addJson = (mediaType: string, value: unknown) => add(mediaType, Buffer.from(JSON.stringify(value)));
  const layer = add(`${OCI}.layer.v1.tar+gzip`, gzipSync(tar));
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const config = addJson(`${OCI}.config.v1+json`, {
    architecture,
    os: "linux",
    config: { Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Cmd: ["bash"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${createHash("sha256").update(tar).digest("hex")}`] },
  });
  const mediaType = `${OCI}.manifest.v1+json`;
  const manifest = addJson(mediaType, { schemaVersion: 2, mediaType, config, layers: [layer] });
  const platform = { architecture, os: "linux" };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, platform }] };
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
  writeFileSync(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
}

/** Where apt of this machine takes its packages from. */
export function debianMirror(): string | undefined {
  const folder = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(existsSync(folder) ? readdirSync(folder) : []).map((name) => join(folder, name)),
  ];
  const text = files
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  return /^(?:URIs:|deb(?: \[[^\]]*\])?) *(https?:\S+)/m.exec(text)?.[1];
}

function run(program: string, words: readonly string[]): Buffer {
  const done = spawnSync(program, words, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LONGEST,
    maxBuffer: MOST_OUTPUT,
  });
  if (done.status === 0) return done.stdout;
  const said = done.stderr.toString("utf8").trim().split("\n").slice(-15).join("\n");
  throw new Error(`\`${program}\` failed: ${said || "it took too long"}`);
}
