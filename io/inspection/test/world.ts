// Wheels, a lock of them and a folder of environments, for tests that inspect: everything is real, and needs no network.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Interpreter, selectInterpreter } from "@thoth/environment";
import { IndexSession } from "@thoth/index";
import { type Pylock, parsePylock } from "@thoth/pep";
import { openStore } from "@thoth/store";
import type { Artifact } from "@thoth/testkit";
import { inspect } from "../src/inspect.ts";
import type { Inspection, InspectionRequest } from "../src/inspection.ts";
import { usualLimits } from "../src/sandbox/limits.ts";
import { small } from "./users.ts";

export const interpreter: Interpreter = await selectInterpreter({});

export class World {
  readonly folder: string;
  readonly session: IndexSession;

  private constructor(folder: string) {
    this.folder = folder;
    this.session = new IndexSession({
      indexes: [],
      findLinks: [],
      store: openStore(":memory:"),
      cacheDirectory: join(folder, "cache"),
      offline: false,
      allowBuild: false,
      variables: {},
    });
  }

  static async open(): Promise<World> {
    return new World(await realpath(await mkdtemp(join(tmpdir(), "thoth-inspection-"))));
  }

  async close(): Promise<void> {
    await this.session.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async lock(wheels: readonly Artifact[]): Promise<Pylock> {
    const folder = join(this.folder, "files");
    await mkdir(folder, { recursive: true });
    const tables: string[] = [];
    for (const { filename, bytes } of wheels) {
      const path = join(folder, filename);
      await writeFile(path, bytes);
      const hash = createHash("sha256").update(bytes).digest("hex");
      const [name = "", version = ""] = filename.split("-");
      const file = `{ url = ${JSON.stringify(pathToFileURL(path).href)}, hashes = { sha256 = "${hash}" } }`;
      tables.push(
        `[[packages]]\nname = "${name.replaceAll("_", "-")}"\nversion = "${version}"\nwheels = [${file}]\n`,
      );
    }
    return parsePylock(`lock-version = "1.0"\ncreated-by = "test"\n${tables.join("\n")}`);
  }

  async inspect(wheels: readonly Artifact[], more: Partial<InspectionRequest> = {}): Promise<Inspection> {
    return await inspect({
      lock: await this.lock(wheels),
      interpreter,
      session: this.session,
      root: join(this.folder, "environments"),
      allowBuild: false,
      checks: [],
      limits: usualLimits(small),
      ...more,
    });
  }
}
