// What the tests of environments need: a folder of their own, wheels in it, a lock of them, a session, an
// interpreter. Everything is real; nothing needs a network.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { IndexSession } from "@thoth/index";
import { normalizeName, type Pylock, parsePylock } from "@thoth/pep";
import { openStore } from "@thoth/store";
import { type Artifact, findPeer } from "@thoth/testkit";
import { createEnvironment } from "../src/create-environment.ts";
import type { Environment, EnvironmentRequest } from "../src/environment-request.ts";
import type { Interpreter } from "../src/interpreter.ts";
import { selectInterpreter } from "../src/interpreter-search.ts";

/** One of the machine's; a virtual environment needs nothing else. */
export const interpreter: Interpreter = await selectInterpreter({});
/** Undefined where there is none: then what concerns it is skipped by name. */
export const uv: string | undefined = findPeer("uv");
export const withoutUv = uv === undefined ? "uv is not here: `npm test` installs it" : false;

export class World {
  readonly folder: string;
  readonly session: IndexSession;
  readonly root: string;

  private constructor(folder: string, indexes: readonly string[]) {
    this.folder = folder;
    this.root = join(folder, "environments");
    this.session = new IndexSession({
      indexes,
      findLinks: [],
      store: openStore(":memory:"),
      cacheDirectory: join(folder, "cache"),
      offline: false,
      allowBuild: false,
      variables: {},
    });
  }

  static async open(indexes: readonly string[] = []): Promise<World> {
    return new World(await realpath(await mkdtemp(join(tmpdir(), "thoth-environment-"))), indexes);
  }

  async close(): Promise<void> {
    await this.session.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Writes the files and locks them. */
  async lock(artifacts: readonly (Artifact & { readonly lie?: string })[]): Promise<Pylock> {
    const folder = join(this.folder, "files");
    await mkdir(folder, { recursive: true });
    const tables: string[] = [];
    for (const { filename, bytes, lie } of artifacts) {
      const path = join(folder, filename);
      await writeFile(path, bytes);
      const hash = lie ?? createHash("sha256").update(bytes).digest("hex");
      const [name = "", version = ""] = filename.replace(/\.tar\.gz$/, "").split("-");
      const file = `{ url = ${JSON.stringify(pathToFileURL(path).href)}, hashes = { sha256 = "${hash}" } }`;
      const kind = filename.endsWith(".whl") ? `wheels = [${file}]` : `sdist = ${file}`;
      tables.push(`[[packages]]\nname = "${normalizeName(name)}"\nversion = "${version}"\n${kind}\n`);
    }
    return parsePylock(
      `lock-version = "1.0"\ncreated-by = "test"\n${tables.join("\n") || "packages = []\n"}`,
    );
  }

  request(lock: Pylock, more: Partial<EnvironmentRequest> = {}): EnvironmentRequest {
    const { session, root } = this;
    return { lock, interpreter, session, root, allowBuild: false, uv: uv ?? false, ...more };
  }

  async create(lock: Pylock, more: Partial<EnvironmentRequest> = {}): Promise<Environment> {
    return await createEnvironment(this.request(lock, more));
  }

  /** What lies in the folder of environments, hidden names too. */
  async listRoot(): Promise<readonly string[]> {
    return (await readdir(this.root).catch(() => [])).sort();
  }
}
