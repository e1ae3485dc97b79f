// The registry of Debian (`docker-registry`), for tests that want a real one: on loopback, in a temporary folder, gone with
// whoever started it. https://distribution.github.io/distribution/

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { digestOf, partsOfImage, type Stored, type WorldImage } from "./image-registry.ts";

const PROGRAM = "docker-registry";
const STARTS_WITHIN = 20_000;

/** Whom a registry that is not open lets in: the password is hashed as the registry wants it, once and for all. */
export const REGISTRY_USER = "reader";
export const REGISTRY_PASSWORD = "registry-word-7d1e";
const HASH = "$2b$05$abcdefghijklmnopqrstuuOvDFAiXseFcCeczdY7eGL9UXc0PNTRa";

export interface DockerRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** The name of the image without its tag, `HOST/REPOSITORY`. */
  push(image: WorldImage): Promise<string>;
  close(): Promise<void>;
}

/** Why tests that need one are skipped; false where there is one. */
export function missingDockerRegistry(): string | false {
  return spawnSync(PROGRAM, ["--version"]).status === 0 ? false : `no ${PROGRAM}`;
}

/** `isOpen`: whether whoever asks is let in. */
export async function startDockerRegistry(isOpen = true): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "thoth-registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const path = join(folder, "users");
  writeFileSync(path, `${REGISTRY_USER}:${HASH}\n`);
  const settings = {
    version: 0.1,
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: host, secret: "of the tests" },
    ...(isOpen ? {} : { auth: { htpasswd: { realm: "tests", path } } }),
  };
  // JSON is YAML too.
  writeFileSync(join(folder, "settings.yml"), JSON.stringify(settings));
  const child = spawn(PROGRAM, ["serve", join(folder, "settings.yml")], { stdio: "ignore" });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const pushing = new Pushing(host);
  await pushing.wait();
  return {
    host,
    push: async (image) => await pushing.push(image),
    close: async () => {
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push */
class Pushing {
  readonly #host: string;

  constructor(host: string) {
    this.#host = host;
  }

  async wait(): Promise<void> {
    for (const end = performance.now() + STARTS_WITHIN; performance.now() < end; await sleep(50))
      if (await this.#ask("GET", "").catch(() => undefined)) return;
    throw new Error(`${PROGRAM} does not start`);
  }

  async push(image: WorldImage): Promise<string> {
    const { repository, tag } = image;
    const { blobs, manifest, list } = partsOfImage(image);
    for (const blob of blobs) await this.#pushBlob(repository, blob);
    await this.#pushManifest(repository, digestOf(manifest.body), manifest);
    await this.#pushManifest(repository, tag, list ?? manifest);
    return `${this.#host}/${repository}`;
  }

  async #pushBlob(repository: string, { body }: Stored): Promise<void> {
    const begun = await this.#ask("POST", `${repository}/blobs/uploads/`);
    const place = new URL(begun.headers.get("location") ?? "", `http://${this.#host}/`);
    place.searchParams.set("digest", digestOf(body));
    await this.#ask("PUT", place.href, { body, type: "application/octet-stream" });
  }

  async #pushManifest(repository: string, name: string, stored: Stored): Promise<void> {
    await this.#ask("PUT", `${repository}/manifests/${name}`, stored);
  }

  async #ask(method: string, place: string, sent?: Stored): Promise<Response> {
    const credentials = Buffer.from(`${REGISTRY_USER}:${REGISTRY_PASSWORD}`).toString("base64");
    const answer = await fetch(new URL(place, `http://${this.#host}/v2/`), {
      method,
      headers: {
        authorization: `Basic ${credentials}`,
        ...(sent === undefined ? {} : { "content-type": sent.type }),
      },
      ...(sent === undefined ? {} : { body: new Uint8Array(sent.body) }),
    });
    if (answer.ok) return answer;
    throw new Error(`${method} ${place}: ${answer.status} ${await answer.text()}`);
  }
}
