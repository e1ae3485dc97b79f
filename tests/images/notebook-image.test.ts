// `horus image` from end to end: a notebook that is locked, built twice, pushed to a real registry, read by other tools, and
// run without a container engine upon Debian's Python.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { documents, findViolations, type NotebookImageDocument } from "@thoth/contract";
import {
  type CommandResult,
  type DockerRegistry,
  debianFolder,
  debianLayout,
  missingDebian,
  missingDockerRegistry,
  REGISTRY_PASSWORD,
  REGISTRY_USER,
  runCommand,
  startDockerRegistry,
} from "@thoth/testkit";
import { makeFolder, makeHome } from "../support.ts";

const ANYBODY = "1000660000:0";
const INDEX = process.env["PIP_INDEX_URL"] || "https://pypi.org/simple/";
const LONGEST = 300_000;

const missing =
  missingDebian() ||
  missingDockerRegistry() ||
  (["skopeo", "umoci"].map(missingProgram).find((why) => why !== false) ?? false);

function missingProgram(name: string): string | false {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0 ? false : `no ${name}`;
}

const home = makeHome();
let registry: DockerRegistry;
let python: string;
let base: string;

const environment = {
  THOTH_INDEX_URL: INDEX,
  ...(process.env["PIP_CERT"] === undefined ? {} : { THOTH_CERT: process.env["PIP_CERT"] }),
};

async function horus(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return await runCommand("horus", words, { home, env: { ...environment, ...env }, timeoutMs: LONGEST });
}

function made(result: CommandResult): NotebookImageDocument {
  assert.equal(result.status, 0, result.stderr + result.stdout);
  assert.deepEqual(findViolations(documents["horus image"], result.json), []);
  return result.json as NotebookImageDocument;
}

function tool(program: string, ...words: readonly string[]): string {
  const done = spawnSync(program, words, { encoding: "utf8", timeout: LONGEST, maxBuffer: 1 << 26 });
  assert.equal(done.status, 0, `${program} ${words.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

/** A notebook of these packages, with its lock; a reason where there is no index. */
async function lockedNotebook(packages: Readonly<Record<string, string>>, code: string): Promise<string> {
  const path = join(makeFolder(home), "analysis.ipynb");
  const notebook = {
    cells: [
      { cell_type: "code", execution_count: null, id: "one", metadata: {}, outputs: [], source: [code] },
    ],
    metadata: {
      kernelspec: { display_name: "Analysis", language: "python", name: "analysis" },
      requirements: { packages, requires: { python_version: "3.11" }, sources: [] },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  writeFileSync(path, JSON.stringify(notebook));
  const { status, stderr } = await horus(["lock", path, "--python-version", python]);
  assert.equal(status, 0, stderr);
  return path;
}

const blobsOf = (layout: string) => readdirSync(join(layout, "blobs/sha256")).sort();

describe("an image of a notebook", { skip: missing }, () => {
  let notebook: string;
  let first: NotebookImageDocument;
  let layout: string;

  before(async () => {
    base = `oci:${debianLayout()}`;
    const debian = debianFolder(["python3"]);
    python = tool(
      "chroot",
      debian,
      "python3",
      "-c",
      "import platform; print(platform.python_version())",
    ).trim();
    registry = await startDockerRegistry(false);
    notebook = await lockedNotebook(
      { nbclient: "*", six: "==1.16.0" },
      "import six; print('six', six.__version__)",
    );
    layout = join(home, "first");
    first = made(await horus(["image", notebook, "--base", base, "-o", layout, "--json"]));
  });
  after(async () => await registry?.close());

  it("is the same at another place and another time", async () => {
    const folder = join(home, "elsewhere/deep");
    mkdirSync(folder, { recursive: true });
    const copy = join(folder, "analysis.ipynb");
    cpSync(notebook, copy);
    utimesSync(copy, 1, 1);
    const other = join(folder, "image");
    const env = { TZ: "Asia/Kolkata", LANG: "tr_TR.UTF-8", THOTH_CACHE_DIR: join(home, "other-cache") };
    const second = made(await horus(["image", copy, "--base", base, "-o", other, "--json"], env));
    assert.deepEqual({ ...second, notebook: "", output: "" }, { ...first, notebook: "", output: "" });
    assert.deepEqual(blobsOf(other), blobsOf(layout));
    assert.deepEqual(readFileSync(join(other, "index.json")), readFileSync(join(layout, "index.json")));
  });

  it("is one file, the same each time", async () => {
    const bytes = [];
    for (const name of ["a.tar", "b.tar"]) {
      const path = join(home, name);
      made(await horus(["image", notebook, "--base", base, "-o", path, "--json"]));
      bytes.push(readFileSync(path));
    }
    assert.ok(bytes[0]!.equals(bytes[1]!));
    const told = JSON.parse(tool("skopeo", "inspect", `oci-archive:${join(home, "a.tar")}`)) as {
      Digest: string;
    };
    assert.equal(told.Digest, first.manifest);
  });

  it("goes to a registry with kept credentials, once; another tool pulls the same", async () => {
    const auth = Buffer.from(`${REGISTRY_USER}:${REGISTRY_PASSWORD}`).toString("base64");
    const kept = join(home, "auth.json");
    writeFileSync(kept, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const name = `${registry.host}/team/analysis:1.0`;
    const push = async (words: readonly string[], file = kept) =>
      await horus(["image", notebook, ...words, "--json"], { REGISTRY_AUTH_FILE: file });
    const denied = await push(["--base", base, "-o", name], join(home, "none.json"));
    assert.equal((denied.json as { error: { code: string } }).error.code, "unauthorized");
    const pushed = made(await push(["--base", base, "-o", name])).pushed!;
    assert.equal(pushed.present, 0);
    assert.equal(made(await push(["--base", base, "-o", name])).pushed!.sent, 0);
    const pulled = join(home, "pulled");
    const access = ["--src-tls-verify=false", "--src-creds", `${REGISTRY_USER}:${REGISTRY_PASSWORD}`];
    tool("skopeo", "copy", ...access, `docker://${name}`, `oci:${pulled}:latest`);
    const told = JSON.parse(tool("skopeo", "inspect", `oci:${pulled}:latest`)) as { Digest: string };
    assert.equal(told.Digest, first.manifest);
    // Debian's registry has no list of referrers by itself.
    const list = `http://${registry.host}/v2/team/analysis/manifests/${first.manifest.replace(":", "-")}`;
    const accept = "application/vnd.oci.image.index.v1+json";
    const listed = await fetch(list, { headers: { authorization: `Basic ${auth}`, accept } });
    const { manifests } = (await listed.json()) as {
      manifests: readonly { artifactType: string; digest: string }[];
    };
    assert.deepEqual(
      manifests.map(({ artifactType, digest }) => ({ type: artifactType, digest })),
      first.attachments,
    );
  });

  it("has a bill of materials and a provenance beside it", () => {
    assert.deepEqual(
      first.attachments.map(({ type }) => type),
      [
        "application/vnd.cyclonedx+json",
        "application/vnd.in-toto+json",
        "application/vnd.thoth-station.advice+json",
      ],
    );
    const blob = <T>(digest: string) =>
      JSON.parse(readFileSync(join(layout, "blobs/sha256", digest.slice(7)), "utf8")) as T;
    const documentOf = <T>(at: number) => {
      const { subject, layers } = blob<{
        subject: { digest: string };
        layers: readonly { digest: string }[];
      }>(first.attachments[at]!.digest);
      assert.equal(subject.digest, first.manifest);
      return blob<T>(layers[0]!.digest);
    };
    const { components } = documentOf<{ components: readonly { name: string }[] }>(0);
    const names = components.map(({ name }) => name).sort();
    assert.deepEqual(names, ["base", ...first.packages.map(({ name }) => name)].sort());
    const { subject, predicate } = documentOf<{
      subject: readonly { digest: { sha256: string } }[];
      predicate: { buildDefinition: { resolvedDependencies: readonly object[] } };
    }>(1);
    assert.equal(`sha256:${subject[0]!.digest.sha256}`, first.manifest);
    assert.equal(predicate.buildDefinition.resolvedDependencies.length, names.length + 1);
  });

  it("stands on a base of the same registry, whose layers are mounted", async () => {
    const auth = Buffer.from(`${REGISTRY_USER}:${REGISTRY_PASSWORD}`).toString("base64");
    writeFileSync(join(home, "auth.json"), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const debian = `${registry.host}/debian/python:3.11`;
    const access = ["--dest-tls-verify=false", "--dest-creds", `${REGISTRY_USER}:${REGISTRY_PASSWORD}`];
    tool("skopeo", "copy", ...access, base, `docker://${debian}`);
    const output = `${registry.host}/team/mounted:1.0`;
    const env = { REGISTRY_AUTH_FILE: join(home, "auth.json") };
    const { pushed, manifest } = made(
      await horus(["image", notebook, "--base", debian, "-o", output, "--json"], env),
    );
    assert.equal(pushed!.mounted, 1);
    assert.equal(manifest, first.manifest);
  });

  it("runs for whoever is given to it, without a container engine", () => {
    const bundle = join(home, "bundle");
    tool("umoci", "unpack", "--image", `${layout}:latest`, bundle);
    const files = join(bundle, "rootfs");
    const config = JSON.parse(tool("skopeo", "inspect", "--config", `oci:${layout}:latest`)) as {
      config: { User: string; Cmd: readonly string[]; Env: readonly string[]; WorkingDir: string };
    };
    const { User, Cmd, Env, WorkingDir } = config.config;
    assert.equal(User, "1001:0");
    assert.deepEqual(Cmd, ["jupyter-execute", "--inplace", "/opt/app-root/src/analysis.ipynb"]);
    const run = (...words: readonly string[]) =>
      tool("chroot", "--userspec", ANYBODY, files, "/usr/bin/env", "-i", "-C", WorkingDir, ...Env, ...words);
    assert.equal(run("python", "-c", "import sys; print(sys.prefix)").trim(), "/opt/app-root");
    mountDevices(files);
    run(...Cmd);
    const executed = readFileSync(join(files, "opt/app-root/src/analysis.ipynb"), "utf8");
    assert.match(executed, /six 1\.16\.0/);
    assert.match(
      run("jupyter", "kernelspec", "list"),
      /analysis .*\/opt\/app-root\/share\/jupyter\/kernels\/analysis/,
    );
  });

  it("moves few bytes after an upgrade", async (context) => {
    const upgraded = await lockedNotebook(
      { nbclient: "*", six: "==1.17.0" },
      "import six; print('six', six.__version__)",
    );
    const target = join(home, "upgraded");
    const { layers } = made(await horus(["image", upgraded, "--base", base, "-o", target, "--json"]));
    const known = new Set(first.layers.map(({ digest }) => digest));
    const moved = layers.filter(({ digest }) => !known.has(digest));
    const bytes = moved.reduce((sum, { size }) => sum + size, 0);
    context.diagnostic(
      `an upgrade of six moves ${bytes} bytes in ${moved.length} of ${layers.length} layers`,
    );
    assert.equal(moved.length, 2);
    assert.ok(bytes < 1_000_000);
  });

  it("needs a base with the Python of its lock, and leaves nothing where there is none", async () => {
    const path = join(makeFolder(home), "other.ipynb");
    writeFileSync(path, readFileSync(notebook));
    const locked = await horus(["lock", path, "--force", "--python-version", "3.12"]);
    assert.equal(locked.status, 0, locked.stderr);
    const folder = makeFolder(home);
    const { status, json } = await horus([
      "image",
      path,
      "--base",
      base,
      "-o",
      join(folder, "image"),
      "--json",
    ]);
    assert.notEqual(status, 0);
    assert.equal((json as { error: { code: string } }).error.code, "interpreter-not-found");
    assert.deepEqual(readdirSync(folder), []);
  });

  it("leaves nothing where it is interrupted", async () => {
    const folder = makeFolder(home);
    const words = ["image", notebook, "--base", base, "-o", join(folder, "image")];
    const { status } = await runCommand("horus", words, {
      home,
      env: environment,
      started: ({ child }) => {
        const watch = setInterval(() => {
          if (!existsSync(folder) || readdirSync(folder).length === 0) return;
          clearInterval(watch);
          child.kill("SIGINT");
        }, 10);
      },
    });
    assert.equal(status, 130);
    assert.deepEqual(readdirSync(folder), []);
  });
});

/** What a program expects of a machine, and a folder has not. */
function mountDevices(files: string): void {
  for (const [name, major, minor] of [
    ["null", "1", "3"],
    ["urandom", "1", "9"],
    ["random", "1", "8"],
    ["zero", "1", "5"],
  ] as const) {
    const path = join(files, "dev", name);
    mkdirSync(join(files, "dev"), { recursive: true });
    if (!existsSync(path)) tool("mknod", "-m", "666", path, "c", major, minor);
  }
}
