// Credentials that a program keeps, as the files of Docker and Podman name it.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { basicAuthorization } from "@thoth/index";
import { parseImageReference } from "@thoth/ingest";
import { keptCredentials } from "../src/kept-credentials.ts";
import { makeFolder } from "./world.ts";

const basic = (user: string) => basicAuthorization(user, "word").reveal();
const auth = (user: string) => ({ auth: Buffer.from(`${user}:word`).toString("base64") });

/** A home with programs that tell for which host they were asked, and what a file says of them. */
function makeHome(programs: Readonly<Record<string, string>>, config: object, name = ".docker/config.json") {
  const home = makeFolder();
  const path = join(home, "bin");
  mkdirSync(path);
  for (const [program, script] of Object.entries(programs)) {
    const file = join(path, `docker-credential-${program}`);
    writeFileSync(file, `#!/bin/sh\nread host; echo "$1 $host" >> ${home}/asked\n${script}\n`);
    chmodSync(file, 0o755);
  }
  mkdirSync(join(home, name, ".."), { recursive: true });
  writeFileSync(join(home, name), JSON.stringify(config));
  const variables = { HOME: home, PATH: `${path}:/usr/bin:/bin` };
  return {
    kept: async (image: string) => (await keptCredentials(parseImageReference(image), variables))?.reveal(),
    asked: () => readFileSync(join(home, "asked"), "utf8").trim().split("\n"),
  };
}

const tells = (user: string) => `echo '{"ServerURL":"x","Username":"${user}","Secret":"word"}'`;

describe("credentials that a program keeps", { skip: process.platform === "win32" ? "no sh" : false }, () => {
  test("of the one registry that it is named for", async () => {
    const { kept, asked } = makeHome({ mine: tells("helped") }, { credHelpers: { "quay.io": "mine" } });
    assert.equal(await kept("quay.io/me/app:1"), basic("helped"));
    assert.equal(await kept("ghcr.io/me/app:1"), undefined);
    assert.deepEqual(asked(), ["get quay.io"]);
  });

  test("of all registries, with Docker's own by the name that it has there", async () => {
    const { kept, asked } = makeHome(
      { store: tells("stored") },
      { credsStore: "store", auths: { "quay.io": {} } },
    );
    assert.equal(await kept("quay.io/me/app:1"), basic("stored"));
    assert.equal(await kept("me/app:1"), basic("stored"));
    assert.deepEqual(asked(), ["get quay.io", "get https://index.docker.io/v1/"]);
  });

  test("before those of the file where it is for one, after them where it is for all", async () => {
    const auths = { "quay.io": auth("file"), "ghcr.io": auth("file") };
    const programs = { mine: tells("helped"), store: tells("stored") };
    const { kept } = makeHome(programs, { auths, credHelpers: { "quay.io": "mine" }, credsStore: "store" });
    assert.equal(await kept("quay.io/me/app:1"), basic("helped"));
    assert.equal(await kept("ghcr.io/me/app:1"), basic("file"));
    assert.equal(await kept("example.org/me/app:1"), basic("stored"));
  });

  test("as Podman's file names it", async () => {
    const config = { credHelpers: { "quay.io": "mine" } };
    const { kept } = makeHome({ mine: tells("podman") }, config, ".config/containers/auth.json");
    assert.equal(await kept("quay.io/me/app:1"), basic("podman"));
  });

  test("none of one that fails, tells nothing, or is not there", async () => {
    const programs = {
      fails: "echo 'credentials not found'; exit 1",
      mute: "exit 0",
      odd: "echo '[1]'",
      exchange: tells("<token>"),
      nobody: tells(""),
    };
    for (const name of [...Object.keys(programs), "missing", "../bin/docker-credential-fails", "a b", 3]) {
      const { kept } = makeHome(programs, { credHelpers: { "quay.io": name }, credsStore: name });
      assert.equal(await kept("quay.io/me/app:1"), undefined, String(name));
    }
  });
});
