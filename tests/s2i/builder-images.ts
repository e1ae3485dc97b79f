// The two builder images, built by buildah without a daemon over a Debian that is made here, and images of projects upon them.
// The commands are those of this checkout, as the service's image has them.

import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { debianFolder, findPeer, missingDebian } from "@thoth/testkit";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const LONGEST = 900_000;
const MOST_OUTPUT = 64 * 1024 * 1024;
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
/** Any user, always of group 0. */
export const ANYBODY = "1000660000:0";

/** Why none can be built here, in a sentence. */
export function missingBuilders(): string | false {
  if (process.getuid?.() !== 0) return "images are built by root";
  if (spawnSync("buildah", ["--version"], { stdio: "ignore" }).status !== 0) return "no buildah";
  return missingDebian();
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class BuilderImages {
  readonly folder = mkdtempSync(join(tmpdir(), "thoth-s2i-"));
  readonly #driver: string;

  constructor() {
    // Where it can be had, an image is not copied for each that stands on it.
    this.#driver = this.#status("overlay") === 0 ? "overlay" : "vfs";
  }

  /** Throws with what the tool says last. */
  make(targets: readonly ("notebook" | "python")[]): void {
    const base = this.#image("base", (container) => {
      this.buildah("add", "-q", container, debianFolder(["python3", "python3-venv"]), "/");
      this.buildah("config", "--env", `PATH=${PATH}`, container);
    });
    const thoth = this.#image("thoth", (container) => {
      for (const name of ["bin", "dist", "data", "package.json"])
        this.buildah(
          "copy",
          "-q",
          container,
          join(repository, "apps/cli", name),
          `/opt/thoth/apps/cli/${name}`,
        );
      const node = "node_modules/node/bin/node";
      this.buildah("copy", "-q", container, join(repository, node), `/opt/thoth/${node}`);
    });
    const programs = this.#quickPrograms();
    for (const target of targets) {
      const index = process.env["PIP_INDEX_URL"];
      this.buildah(
        ...["build", "--isolation", "chroot", "-q", "--layers", "--timestamp", "0", ...this.#trust()],
        ...(programs === undefined ? [] : ["--volume", `${programs}:/usr/local/sbin:ro`]),
        ...["--build-arg", `BASE=${base}`, "--build-arg", `THOTH=${thoth}`, "--target", target],
        ...(index === undefined ? [] : ["--build-arg", `THOTH_INDEX_URL=${index}`]),
        ...(existsSync(CERTIFICATES) ? ["--build-arg", `THOTH_CERT=${CERTIFICATES}`] : []),
        ...["-f", join(repository, "deploy/s2i/Containerfile")],
        ...["--ignorefile", join(repository, "deploy/s2i/Containerfile.dockerignore")],
        ...["-t", nameOf(target), repository],
      );
    }
  }

  /** Builds the context, and returns the digest of the manifest that the image has. */
  async build(context: string, name: string): Promise<string> {
    const ran = await this.tryBuild(context, name);
    if (ran.status !== 0) throw new Error(`the build failed: ${`${ran.stdout}\n${ran.stderr}`.slice(-4000)}`);
    return this.digest(name);
  }

  async tryBuild(context: string, name: string): Promise<Ran> {
    const isolated = ["--isolation", "chroot", "--timestamp", "0", "--no-cache"];
    const words = ["build", ...isolated, ...this.#trust(), "-t", imageName(name), context];
    // An index of this process answers meanwhile.
    const { promise, resolve } = Promise.withResolvers<Ran>();
    const options = { timeout: LONGEST, maxBuffer: MOST_OUTPUT };
    execFile("buildah", [...this.#places(), ...words], options, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
    return await promise;
  }

  digest(name: string): string {
    const told = JSON.parse(this.buildah("inspect", "--type", "image", imageName(name))) as {
      readonly FromImageDigest: string;
    };
    return told.FromImageDigest;
  }

  /** What the image says of itself. */
  configuration(name: string) {
    const told = JSON.parse(this.buildah("inspect", "--type", "image", imageName(name))) as {
      readonly OCIv1: {
        readonly config: {
          readonly User: string;
          readonly Cmd: readonly string[];
          readonly Env: readonly string[];
          readonly Labels: Readonly<Record<string, string>>;
        };
      };
    };
    return told.OCIv1.config;
  }

  /** A container of the image, and the folder in which its files are. */
  container(name: string): { readonly name: string; readonly files: string } {
    const container = this.buildah("from", imageName(name));
    return { name: container, files: this.buildah("mount", container) };
  }

  /** Runs the words in the container to their end, as somebody whom OpenShift would choose. */
  inside(container: string, words: readonly string[], variables: Readonly<Record<string, string>> = {}): Ran {
    return this.#run(this.#words(container, words, variables));
  }

  start(
    container: string,
    words: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): { readonly child: ChildProcess; readonly said: () => string } {
    const all = [...this.#places(), ...this.#words(container, words, variables)];
    const child = spawn("buildah", all, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => {
        said += part.toString("utf8");
      });
    return { child, said: () => said };
  }

  buildah(...words: readonly string[]): string {
    const ran = this.#run(words);
    if (ran.status === 0) return ran.stdout.trim();
    throw new Error(`\`buildah ${words[0] ?? ""}\` failed: ${`${ran.stdout}\n${ran.stderr}`.slice(-4000)}`);
  }

  remove(): void {
    // The store keeps itself mounted, and the containers that were looked at: nothing is removed through a mount.
    const mounted = () =>
      readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .map((line) => line.split(" ")[1] ?? "")
        .filter((path) => path.startsWith(this.folder));
    for (const path of mounted().reverse()) spawnSync("umount", [path]);
    if (mounted().length === 0) rmSync(this.folder, { recursive: true, force: true });
  }

  #run(words: readonly string[]): Ran {
    const { status, stdout, stderr } = spawnSync("buildah", [...this.#places(), ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LONGEST,
      maxBuffer: MOST_OUTPUT,
    });
    return { status, stdout, stderr };
  }

  #words(container: string, words: readonly string[], variables: Readonly<Record<string, string>>) {
    const env = Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    return ["run", "--isolation", "chroot", "--user", ANYBODY, ...env, container, "--", ...words];
  }

  #places(driver = this.#driver): readonly string[] {
    const places = ["--root", join(this.folder, "images"), "--runroot", join(this.folder, "run")];
    return ["--storage-driver", driver, ...places];
  }

  /** A folder with uv alone, only because it is quicker than the pip that the base has; of a mounted file a name would stay. */
  #quickPrograms(): string | undefined {
    const uv = findPeer("uv");
    if (uv === undefined) return undefined;
    const folder = join(this.folder, "programs");
    mkdirSync(folder);
    copyFileSync(uv, join(folder, "uv"));
    chmodSync(join(folder, "uv"), 0o755);
    return folder;
  }

  #status(driver: string): number | null {
    return spawnSync("buildah", [...this.#places(driver), "info"], { stdio: "ignore" }).status;
  }

  /** Whom this machine trusts. */
  #trust(): readonly string[] {
    return existsSync(CERTIFICATES) ? ["--volume", `${CERTIFICATES}:${CERTIFICATES}:ro`] : [];
  }

  #image(name: string, fill: (container: string) => void): string {
    const container = this.buildah("from", "scratch");
    fill(container);
    const image = `localhost/${name}:test`;
    this.buildah("commit", "-q", "--timestamp", "0", container, image);
    this.buildah("rm", container);
    return image;
  }
}

export function nameOf(builder: "notebook" | "python"): string {
  return `localhost/thoth-s2i-${builder}:test`;
}

function imageName(name: string): string {
  return `localhost/${name}:test`;
}
