// `thoth s2i containerfile`: the same bytes everywhere, nothing of the machine, and nothing that is not the project's.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type CommandResult, runCommand } from "@thoth/testkit";
import { assertCode, assertDocument, leavesAlone, listFiles, makeFolder, makeHome } from "../support.ts";

const BUILDER = "quay.io/team/thoth-s2i-python:1.0";
const home = makeHome();

async function write(source: string, output: string, words: readonly string[] = []): Promise<CommandResult> {
  const all = ["s2i", "containerfile", source, "--builder", BUILDER, "-o", output, ...words, "--json"];
  return await runCommand("thoth", all, { home });
}

function written(result: CommandResult): void {
  assert.equal(result.status, 0, result.stderr + result.stdout);
  assertDocument("thoth s2i", result.json);
}

function git(folder: string, ...words: readonly string[]): void {
  const who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"];
  const done = spawnSync("git", ["-C", folder, ...who, ...words], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
}

describe("the Containerfile of a project", () => {
  test("is in the form of Source-to-Image, sorted", async () => {
    const source = makeFolder(home, {
      "app.py": "",
      ".s2i/environment": '# comment\nZED=1\nALPHA=a "b" $HOME \\n\n',
      ".s2i/bin/run": "#!/bin/sh\nexec python app.py\n",
    });
    const output = join(makeFolder(home), "build");
    written(await write(source, output, ["--env", "MIDDLE=2", "--env", "ZED=3", "--incremental", "app:1"]));
    const [, ...lines] = readFileSync(join(output, "Containerfile"), "utf8").trimEnd().split("\n");
    const name = source.split("/").at(-1);
    assert.deepEqual(lines, [
      "FROM app:1 AS previous",
      "USER 1001",
      "RUN mkdir -p /tmp/artifacts && /usr/libexec/s2i/save-artifacts | tar -C /tmp/artifacts -xf -",
      "",
      `FROM ${BUILDER}`,
      `LABEL io.k8s.display-name="${name}" \\`,
      `    io.openshift.s2i.build.image="${BUILDER}"`,
      'ENV ALPHA="a \\"b\\" \\$HOME \\\\n" \\',
      '    MIDDLE="2" \\',
      '    ZED="3"',
      "COPY --chown=1001:0 upload/scripts /tmp/scripts",
      "COPY --chown=1001:0 upload/src /tmp/src",
      "USER 1001",
      "RUN --mount=type=bind,from=previous,source=/tmp/artifacts,target=/tmp/artifacts /usr/libexec/s2i/assemble",
      'CMD ["/tmp/scripts/run"]',
    ]);
    assert.ok(existsSync(join(output, "upload/scripts/run")));
  });

  test("and its context do not depend on where and how the project lies", async () => {
    const files = { "app.py": "print()\n", "data/one.csv": "1\n", "start.sh": "#!/bin/sh\n" };
    const outputs = [];
    for (const umask of ["022", "077"]) {
      const source = join(makeFolder(home), "project");
      mkdirSync(join(source, "data"), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text);
      symlinkSync("data/one.csv", join(source, "link.csv"));
      for (const name of ["app.py", "data/one.csv"])
        chmodSync(join(source, name), umask === "077" ? 0o600 : 0o644);
      chmodSync(join(source, "start.sh"), umask === "077" ? 0o700 : 0o755);
      git(source, "init", "-q");
      const output = join(makeFolder(home), "build");
      written(await write(source, output));
      outputs.push(output);
    }
    const [first = "", second = ""] = outputs;
    assert.deepEqual(listFiles(second), listFiles(first));
    const modes = (folder: string) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .sort()
        .map((name) => [name, statSync(join(folder, name)).mode]);
    assert.deepEqual(modes(second), modes(first));
    assert.ok(!readFileSync(join(first, "Containerfile"), "utf8").includes(home));
    assert.ok(!existsSync(join(first, "upload/src/.git")));
  });

  test("tells of the commit that it is, without credentials, and of none that it is not", async () => {
    const source = makeFolder(home, { "app.py": "" });
    git(source, "init", "-q");
    git(source, "remote", "add", "origin", "https://me:secret@example.com/team/app.git");
    git(source, "add", ".");
    git(source, "commit", "-q", "-m", "one", "--date=2026-01-01T00:00:00Z");
    const text = async () => {
      const output = join(makeFolder(home), "build");
      written(await write(source, output));
      return readFileSync(join(output, "Containerfile"), "utf8");
    };
    const clean = await text();
    assert.match(clean, /io\.openshift\.s2i\.build\.commit\.id="[0-9a-f]{40}"/);
    assert.match(clean, /source-location="https:\/\/example\.com\/team\/app\.git"/);
    writeFileSync(join(source, "app.py"), "changed");
    assert.doesNotMatch(await text(), /commit|source-location/);
  });

  test("leaves out what `.s2iignore` names", async () => {
    const source = makeFolder(home, {
      ".s2iignore": "# logs\n*.log\n!keep.log\n/secret\ndata/[ab]?.csv\n",
      "a.log": "",
      "keep.log": "",
      "deep/b.log": "",
      "secret/key": "",
      "data/a1.csv": "",
      "data/c1.csv": "",
    });
    const output = join(makeFolder(home), "build");
    written(await write(source, output));
    const names = [...listFiles(join(output, "upload/src")).keys()].filter((name) => !name.endsWith("/"));
    assert.deepEqual(names, [".s2iignore", "data/c1.csv", "deep/b.log", "keep.log"]);
  });

  test("of a notebook alone has that notebook alone", async () => {
    const source = makeFolder(home, { "one.ipynb": "{}", "two.ipynb": "{}" });
    const output = join(makeFolder(home), "build");
    written(await write(join(source, "one.ipynb"), output));
    assert.deepEqual(readdirSync(join(output, "upload/src")), ["one.ipynb"]);
  });

  test("lies beside its project, and is replaced, but nothing else is", async () => {
    const source = makeFolder(home, { "app.py": "" });
    const output = join(source, "build");
    written(await write(source, output));
    written(await write(source, output));
    assert.deepEqual(readdirSync(join(output, "upload/src")), ["app.py"]);
    const other = makeFolder(home, { "thesis.txt": "" });
    assertCode(await leavesAlone(other, () => write(source, other)), "usage");
  });

  test("takes nothing from outside of the project, and no word for another", async () => {
    const attacks: readonly (readonly [string, string])[] = [
      ["link", "/etc/passwd"],
      ["link", "../../outside"],
      ["deep/link", "../.."],
    ];
    for (const [name, target] of attacks) {
      const source = makeFolder(home, { "deep/app.py": "" });
      symlinkSync(target, join(source, name));
      const parent = makeFolder(home);
      assertCode(await write(source, join(parent, "build")), "path-escape");
      assert.deepEqual(readdirSync(parent), []);
    }
    const source = makeFolder(home, { "app.py": "" });
    for (const words of [
      ["--env", "NAME"],
      ["--env", "NAME=a\nRUN evil"],
      ["--incremental", "app\nRUN evil"],
      ["--builder", "app AS x"],
    ])
      assertCode(await write(source, join(makeFolder(home), "build"), words), "usage");
    writeFileSync(join(source, "a\nRUN evil"), "");
    assertCode(await write(source, join(makeFolder(home), "build")), "path-escape");
  });
});
