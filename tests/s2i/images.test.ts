// Source-to-Image from end to end: the builder images, projects built upon them twice with one digest, and what runs of them
// for whoever OpenShift would choose.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "@thoth/testkit";
import { assertDocument, listFiles, makeFolder, makeHome } from "../support.ts";
import { BuilderImages, missingBuilders, nameOf } from "./builder-images.ts";

const INDEX = process.env["PIP_INDEX_URL"] || "https://pypi.org/simple/";
const CERTIFICATE = process.env["PIP_CERT"];
const STARTS_WITHIN = 120_000;
const LONGEST = 600_000;

const home = makeHome();
const trust: Readonly<Record<string, string>> = {
  THOTH_INDEX_URL: INDEX,
  ...(CERTIFICATE === undefined ? {} : { THOTH_CERT: CERTIFICATE }),
};

async function command(program: "thoth" | "horus", words: readonly string[], env = {}): Promise<unknown> {
  const ran = await runCommand(program, words, { home, env: { ...trust, ...env }, timeoutMs: LONGEST });
  assert.equal(ran.status, 0, ran.stderr + ran.stdout);
  return ran.json;
}

interface Written {
  readonly output: string;
  readonly context: string;
}

/** The context that `thoth s2i containerfile` writes. */
async function contextOf(
  source: string,
  builder: "notebook" | "python",
  { variables = {}, words = [] as readonly string[], env = {} } = {},
): Promise<Written> {
  const output = join(makeFolder(home), "build");
  const given = Object.entries({ ...trust, ...variables }).flatMap(([name, value]) => [
    "--env",
    `${name}=${value}`,
  ]);
  const all = ["s2i", "containerfile", source, "--builder", nameOf(builder), ...given, ...words];
  const document = await command("thoth", [...all, "-o", output, "--json"], env);
  assertDocument("thoth s2i", document);
  return document as Written;
}

function notebook(code: string, packages: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    cells: [
      { cell_type: "code", execution_count: null, id: "one", metadata: {}, outputs: [], source: [code] },
    ],
    metadata: {
      kernelspec: { display_name: "Analysis", language: "python", name: "analysis" },
      requirements: { packages, requires: {}, sources: [] },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

describe("images by Source-to-Image", { skip: missingBuilders() }, () => {
  let images: BuilderImages;
  const started: ChildProcess[] = [];
  const project = join(makeFolder(home), "project");
  const path = join(project, "analysis.ipynb");

  before(async (context) => {
    images = new BuilderImages();
    const began = performance.now();
    images.make(["python", "notebook"]);
    (context as { diagnostic?: (text: string) => void }).diagnostic?.(
      `the builders took ${Math.round((performance.now() - began) / 1000)} s`,
    );
    mkdirSync(project);
    writeFileSync(path, notebook("import six; print('six', six.__version__)", { six: "==1.16.0" }));
    await command("horus", ["lock", path, "--python-version", "3.11"]);
  });
  after(() => {
    for (const child of started) child.kill("SIGKILL");
    images?.remove();
  });

  const execute = (name: string) => {
    const { name: container, files } = images.container(name);
    const variables = { JUPYTER_NOTEBOOK_EXECUTE: "1" };
    const ran = images.inside(container, ["/usr/libexec/s2i/run"], variables);
    return { ran, container, files };
  };

  test("say that they are builders", () => {
    for (const [builder, port] of [
      ["notebook", "8888"],
      ["python", "8080"],
    ] as const) {
      const { Labels, User } = images.configuration(`thoth-s2i-${builder}`);
      assert.equal(Labels["io.openshift.s2i.scripts-url"], "image:///usr/libexec/s2i");
      assert.equal(Labels["io.openshift.expose-services"], `${port}:http`);
      assert.equal(User, "1001");
      const { name } = images.container(`thoth-s2i-${builder}`);
      const told = images.inside(name, ["/usr/libexec/s2i/usage"]);
      assert.match(told.stdout, /THOTH_ERROR_FALLBACK/, told.stderr);
      const refused = images.inside(name, [
        "sh",
        "-c",
        "touch /opt/thoth/x /usr/libexec/s2i/x || touch /opt/app-root/src/x",
      ]);
      assert.equal(refused.status, 0, refused.stderr);
      assert.equal(refused.stderr.match(/Permission denied/g)?.length, 2);
    }
  });

  test("of a project with only a notebook are one digest twice, and run it", async (context) => {
    const first = await contextOf(project, "notebook");
    const copy = join(makeFolder(home), "deep/elsewhere/project");
    mkdirSync(join(copy, ".git"), { recursive: true });
    writeFileSync(join(copy, "analysis.ipynb"), readFileSync(path), { mode: 0o600 });
    const env = { TZ: "Asia/Kolkata", LANG: "tr_TR.UTF-8" };
    const second = await contextOf(copy, "notebook", { env });
    assert.equal(second.context, first.context);
    const began = performance.now();
    const digest = await images.build(first.output, "first");
    context.diagnostic(`a build took ${Math.round((performance.now() - began) / 1000)} s`);
    assert.equal(await images.build(second.output, "again"), digest);
    const { ran, files, container } = execute("first");
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(readFileSync(join(files, "opt/app-root/src/analysis.out.ipynb"), "utf8"), /six 1\.16\.0/);
    assert.deepEqual(
      [...listFiles(join(files, "tmp")).keys()].filter((name) => !name.startsWith("thoth/")),
      [],
    );
    const kernels = images.inside(container, ["/opt/jupyter/environment/bin/jupyter", "kernelspec", "list"]);
    assert.match(kernels.stdout, /analysis +\/opt\/app-root\/share\/jupyter\/kernels\/analysis/);
    const compiled = [...listFiles(join(files, "opt/app-root/environments")).keys()].filter((name) =>
      name.endsWith(".pyc"),
    );
    assert.deepEqual(compiled, []);
  });

  test("serve the notebook, with the password that was set", async () => {
    const port = String(await freePort());
    const { name } = images.container("first");
    const variables = { JUPYTER_NOTEBOOK_PORT: port, JUPYTER_NOTEBOOK_PASSWORD: "opened" };
    const { child, said } = images.start(name, ["/usr/libexec/s2i/run"], variables);
    started.push(child);
    const version = await answer(`http://127.0.0.1:${port}/api`, said);
    assert.match(version, /"version"/);
    assert.equal((await fetch(`http://127.0.0.1:${port}/api/contents`)).status, 403);
    assert.equal(await isLetIn(port, "closed"), false);
    assert.equal(await isLetIn(port, "opened"), true);
    assert.doesNotMatch(said(), /opened/);
    await end(child, port);
  });

  test("take what an earlier image has instead of fetching it", async () => {
    const words = ["--incremental", "localhost/first:test"];
    const variables = { THOTH_OFFLINE: "1" };
    const { output } = await contextOf(project, "notebook", { words, variables });
    const bare = await contextOf(project, "notebook", { variables });
    const failed = await images.tryBuild(bare.output, "failed");
    assert.notEqual(failed.status, 0);
    assert.match(failed.stdout + failed.stderr, /offline/i);
    await images.build(output, "next");
    const places = ["first", "next"].map((name) => join(images.container(name).files, "opt/app-root"));
    assert.deepEqual(listFiles(places[1]!), listFiles(places[0]!));
  });

  test("of an application answer", async () => {
    const files = {
      "requirements.in": "flask\ngunicorn\n",
      "app.py":
        'from flask import Flask\n\napplication = Flask(__name__)\n\n\n@application.get("/")\ndef hello():\n    return "hello from flask"\n',
      ".s2i/environment": "# of the project\nAPP_MODULE=app:application\nTHOTH_ADVISE=0\n",
      ".s2iignore": "*.log\n",
      "old.log": "nobody's",
    };
    const source = makeFolder(home, files);
    const lock = ["lock", join(source, "requirements.in"), "--python-version", "3.11"];
    await command("thoth", [...lock, "-o", join(source, "Pipfile.lock")]);
    const { output } = await contextOf(source, "python");
    assert.ok(!existsSync(join(output, "upload/src/old.log")));
    await images.build(output, "app");
    const port = String(await freePort());
    const { name } = images.container("app");
    const { child, said } = images.start(name, ["/usr/libexec/s2i/run"], { PORT: port });
    started.push(child);
    assert.equal(await answer(`http://127.0.0.1:${port}/`, said), "hello from flask");
    await end(child, port);
  });
});

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = createServer().listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function answer(url: string, said: () => string): Promise<string> {
  const until = performance.now() + STARTS_WITHIN;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === 200) return await response.text();
    if (performance.now() > until) throw new Error(`${url} does not answer: ${said()}`);
    await sleep(300);
  }
}

/** As a browser logs in: the form's token is a cookie. */
async function isLetIn(port: string, password: string): Promise<boolean> {
  const place = `http://127.0.0.1:${port}/login`;
  const page = await fetch(place);
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  const token = /_xsrf=([^;]+)/.exec(cookie)?.[1] ?? "";
  const sent = await fetch(place, {
    method: "POST",
    redirect: "manual",
    headers: { cookie, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ password, _xsrf: token }),
  });
  return sent.status === 302;
}

/** The server ends by itself when it is told to, and the container with it. */
async function end(child: ChildProcess, port: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once("exit", resolve);
  const tell = (signal: NodeJS.Signals) => {
    for (const pid of listenersOf(port).slice(0, 1)) process.kill(pid, signal);
  };
  tell("SIGTERM");
  // Jupyter's own worker threads sometimes keep it from ending.
  const late = setTimeout(() => tell("SIGKILL"), 20_000);
  await promise;
  clearTimeout(late);
}

/** Processes whose command names the port, but not those that only passed it on. */
function listenersOf(port: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const [program = "", ...words] = wordsOf(name);
      return (
        !program.includes("buildah") &&
        words.some((word) => word.endsWith(`=${port}`) || word.endsWith(`:${port}`))
      );
    })
    .map(Number);
}

function wordsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
