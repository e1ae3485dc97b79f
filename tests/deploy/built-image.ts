// The container image, built by buildah without a daemon, upon bases that are made here: no registry of images is asked.
// Debian's base is what debootstrap makes of the packages that this machine installs from; the builder is the same with Node
// and npm, as this machine has them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { debianFolder, missingDebian } from "@thoth/testkit";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const LONGEST = 1_200_000;
const NAME = "localhost/thoth:test";
const USER_SETTINGS = "/usr/etc/npmrc.user";
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Why none can be built here, in a sentence. */
export function missingBuilder(): string | false {
  if (process.getuid?.() !== 0) return "images are built by root";
  if (!isThere("buildah")) return "no buildah";
  return missingDebian();
}

function isThere(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0;
}

export class BuiltImage {
  readonly #folder = mkdtempSync(join(tmpdir(), "thoth-image-"));

  /** Throws with what the builder says last. */
  build(): void {
    const kept = debianFolder();
    const base = this.#image("base", (container) => this.buildah("add", "-q", container, kept, "/"));
    const builder = this.#image("builder", (container) => this.#addBuilder(container), base);
    this.buildah(
      ...["build", "--isolation", "chroot", "--format", "docker", "-q", "-t", NAME],
      ...["--build-arg", `BASE=${base}`, "--build-arg", `BUILDER=${builder}`],
      ...["-f", join(repository, "deploy/Containerfile")],
      ...["--ignorefile", join(repository, "deploy/Containerfile.dockerignore"), repository],
    );
  }

  /** Its configuration, as the image tells it. */
  configuration(): Readonly<Record<string, unknown>> {
    const told = JSON.parse(this.buildah("inspect", "--type", "image", NAME)) as {
      readonly Docker: { readonly config: Readonly<Record<string, unknown>> };
    };
    return told.Docker.config;
  }

  /** The name of a new container. */
  container(): string {
    return this.buildah("from", NAME);
  }

  /** The folder in which its files are. */
  mount(container: string): string {
    return this.buildah("mount", container);
  }

  /** What starts the words in a container, as that user. */
  running(
    container: string,
    user: string,
    words: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ) {
    const env = Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    return [
      "buildah",
      ...this.#places(),
      "run",
      "--isolation",
      "chroot",
      "--user",
      user,
      ...env,
      container,
      "--",
      ...words,
    ];
  }

  buildah(...words: readonly string[]): string {
    return run("buildah", ...this.#places(), ...words).trim();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #places(): readonly string[] {
    return [
      "--storage-driver",
      "vfs",
      "--root",
      join(this.#folder, "images"),
      "--runroot",
      join(this.#folder, "run"),
    ];
  }

  #image(name: string, fill: (container: string) => void, from = "scratch"): string {
    const container = this.buildah("from", from);
    fill(container);
    const image = `localhost/${name}:test`;
    this.buildah("commit", "-q", container, image);
    this.buildah("rm", container);
    return image;
  }

  /** With what npm of this machine needs to reach its registry. */
  #addBuilder(container: string): void {
    const npm = realpathSync(join(run("npm", "root", "--global").trim(), "npm"));
    const settings = ["globalconfig", "userconfig"].map((key) => run("npm", "config", "get", key).trim());
    const copied: readonly (readonly [string, string])[] = [
      [process.execPath, "/usr/bin/node"],
      [npm, "/usr/lib/node_modules/npm"],
      [CERTIFICATES, CERTIFICATES],
      [settings[0] ?? "", "/usr/etc/npmrc"],
      [settings[1] ?? "", USER_SETTINGS],
    ];
    for (const [from, to] of copied) if (existsSync(from)) this.buildah("copy", "-q", container, from, to);
    const variables = [`NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, `NPM_CONFIG_USERCONFIG=${USER_SETTINGS}`];
    this.buildah("config", ...variables.flatMap((variable) => ["--env", variable]), container);
    const link = "ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/bin/npm";
    this.buildah("run", "--isolation", "chroot", container, "--", "sh", "-c", link);
  }
}

function run(program: string, ...words: readonly string[]): string {
  const done = spawnSync(program, words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LONGEST,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) return done.stdout;
  const said = `${done.stdout}\n${done.stderr}`.trim().split("\n").slice(-15).join("\n");
  throw new Error(`\`${program} ${words[0] ?? ""}\` failed: ${said || "it took too long"}`);
}
