// The usual way to an image in a registry: packages installed into a folder by uv, copied by buildah, pushed by it.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { findPeer } from "@thoth/testkit";
import { folder, run, tool } from "./world.ts";

/** Seconds of each part. */
export interface UsualWay {
  readonly install: number;
  readonly copy: number;
  readonly push: number;
}

export interface UsualWish {
  readonly notebook: string;
  /** The lock, as a file of requirements with hashes. */
  readonly requirements: string;
  readonly host: string;
  /** Whether uv has the packages unpacked already, and links them; else it has the wheels. */
  readonly isUnpacked: boolean;
}

const place = join(folder, "buildah");
const storage = [
  ...["--root", join(place, "storage"), "--runroot", join(place, "run")],
  ...["--storage-driver", "overlay"],
];
const SITE = "/opt/app-root/lib/python3.11/site-packages";

/** Folder of the wheels of a lock, as pip fetches them. */
export function fetchWheels(requirements: string): string {
  const wheels = join(folder, "wheels");
  const target = ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"];
  const platforms = ["manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"];
  const more = platforms.flatMap((platform) => ["--platform", platform]);
  const words = ["-q", "--no-deps", "--only-binary", ":all:", "-d", wheels, ...target, ...more];
  tool("python3", "-m", "pip", "download", ...words, "-r", requirements);
  return wheels;
}

/** What it has before: the base, and nothing else. */
export function prepare(host: string): void {
  const pull = ["pull", "-q", "--tls-verify=false", `${host}/base:1`];
  tool("buildah", ...storage, ...pull);
}

export function forget(): void {
  tool("buildah", ...storage, "rmi", "--all", "--force");
}

export function goTheUsualWay(
  { notebook, requirements, host, isUnpacked }: UsualWish,
  wheels: string,
): UsualWay {
  const uv = findPeer("uv") ?? "uv";
  const context = join(place, "context");
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  const cache = join(folder, isUnpacked ? "uv" : "uv-empty");
  if (!isUnpacked) rmSync(cache, { recursive: true, force: true });
  const target = ["--python-version", "3.11", "--python-platform", "x86_64-manylinux_2_36"];
  const site = join(context, "site");
  const install = [uv, "pip", "install", "-q", "--no-deps", "--no-build", ...target, "--cache-dir", cache];
  const from = ["--no-index", "--find-links", wheels, "--target", site, "-r", requirements];
  tool("cp", notebook, context);
  const file = ["COPY site ", SITE, "\nCOPY ", basename(notebook), " /opt/app-root/src/\n"].join("");
  writeFileSync(join(context, "Containerfile"), `FROM ${host}/base:1\n${file}`);
  const name = "localhost/notebook";
  const copy = ["bud", "-q", "--isolation", "chroot", "--timestamp", "0", "--no-cache", "-t", name, context];
  const push = ["push", "-q", "--tls-verify=false", name, `docker://${host}/usual:1`];
  return {
    install: run([...install, ...from]).wall,
    copy: run(["buildah", ...storage, ...copy]).wall,
    push: run(["buildah", ...storage, ...push]).wall,
  };
}
