// `thoth s2i run` in a folder that stands for an image: what an application is started with, in which order, and what is said where
// nothing tells how. Jupyter itself is started in real images (images.test.ts).

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { before, beforeEach, describe, test } from "node:test";
import { type CommandResult, findPeer, runCommand } from "@thoth/testkit";
import { assertCode, makeFolder, makeHome } from "../support.ts";

const home = makeHome();
const uv = findPeer("uv");
const destination = makeFolder(home, { "src/.keep": "" });
const root = makeFolder(home);
const source = join(root, "src");

async function s2i(
  action: "assemble" | "run",
  variables: Readonly<Record<string, string>> = {},
  builder = "python",
): Promise<CommandResult> {
  return await runCommand("thoth", ["s2i", action, "--json"], {
    home,
    env: {
      ...(uv === undefined ? {} : { PATH: [dirname(uv), process.env["PATH"]].join(delimiter) }),
      THOTH_S2I_BUILDER: builder,
      THOTH_S2I_ROOT: root,
      THOTH_S2I_DESTINATION: destination,
      THOTH_S2I_JUPYTER: join(root, "no-jupyter"),
      ...variables,
    },
  });
}

/** What the program says, each line a value as JSON. */
const SAYS = `import json, os, sys
print(json.dumps([os.path.basename(sys.argv[0]), sys.argv[1:], os.getcwd(), sys.prefix, sys.path]))
`;

function said(
  result: CommandResult,
): readonly [string, readonly string[], string, string, readonly string[]] {
  assert.equal(result.status, 0, result.stderr);
  return result.json as ReturnType<typeof said>;
}

describe("an application", () => {
  before(async () => {
    const early = await s2i("run");
    assertCode(early, "usage");
    const { status, stderr } = await s2i("assemble");
    assert.equal(status, 0, stderr);
  });
  beforeEach(() => {
    rmSync(source, { recursive: true });
    mkdirSync(join(source, "src"), { recursive: true });
    rmSync(join(root, "environment/bin/gunicorn"), { force: true });
  });

  test("is its file, with the environment that was assembled and its own folders on the path", async () => {
    writeFileSync(join(source, "app.py"), SAYS);
    writeFileSync(join(source, "other.py"), SAYS);
    const [name, , folder, prefix, path] = said(await s2i("run"));
    assert.equal(name, "app.py");
    assert.equal(folder, source);
    assert.match(prefix, /environments\/[0-9a-f]{32}$/);
    assert.ok(path.includes(join(source, "src")));
    assert.equal(said(await s2i("run", { APP_FILE: "other.py" }))[0], "other.py");
    assertCode(await s2i("run", { APP_FILE: "none.py" }), "usage");
  });

  test("is its script before anything else, executable or not", async () => {
    writeFileSync(join(source, "app.py"), SAYS);
    writeFileSync(join(source, "app.sh"), "#!/bin/sh\necho '[\"script\"]'\n");
    assert.equal(said(await s2i("run"))[0], "script");
    chmodSync(join(source, "app.sh"), 0o755);
    assert.equal(said(await s2i("run"))[0], "script");
  });

  test("is served by gunicorn, where that is locked, in its folder and on its port", async () => {
    writeFileSync(join(source, "app.py"), SAYS);
    mkdirSync(join(source, "site"));
    writeFileSync(join(source, "site/wsgi.py"), "");
    assertCode(await s2i("run", { APP_MODULE: "app:application" }), "usage");
    const gunicorn = join(root, "environment/bin/gunicorn");
    writeFileSync(gunicorn, `#!${join(root, "environment/bin/python")}\n${SAYS}`, { mode: 0o755 });
    const [, words] = said(
      await s2i("run", { APP_MODULE: "app:application", PORT: "9000", APP_CONFIG: "g.py" }),
    );
    assert.deepEqual(words.slice(0, 3), ["app:application", "--bind", "0.0.0.0:9000"]);
    assert.deepEqual(words.slice(-2), ["--config", "g.py"]);
    assert.equal(said(await s2i("run"))[1][0], "site.wsgi:application");
    const [, inside, folder] = said(await s2i("run", { APP_HOME: "site" }));
    assert.equal(inside[0], "wsgi:application");
    assert.equal(folder, join(source, "site"));
    assertCode(await s2i("run", { PORT: "many" }), "usage");
  });

  test("is none where nothing tells how it is started", async () => {
    const { hint } = assertCode(await s2i("run"), "usage");
    assert.match(hint ?? "", /APP_FILE/);
    writeFileSync(join(source, "manage.py"), SAYS);
    assert.deepEqual(said(await s2i("run"))[1], ["runserver", "0.0.0.0:8080"]);
  });

  test("is no notebook: without Jupyter or without one, that is said", async () => {
    assertCode(await s2i("run", {}, "notebook"), "usage");
    const { hint } = assertCode(await s2i("run", { JUPYTER_NOTEBOOK_EXECUTE: "1" }, "notebook"), "usage");
    assert.match(hint ?? "", /No notebook was assembled/);
  });
});
