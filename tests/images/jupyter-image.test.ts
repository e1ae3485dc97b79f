// An image with JupyterLab, from a registry to a browser's question: pulled and unpacked by other tools, started as its
// configuration says for a user that nobody planned for, with no network but its own loopback.

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  type DockerRegistry,
  debianFolder,
  debianLayout,
  missingDebian,
  missingDockerRegistry,
  runCommand,
  startDockerRegistry,
} from "@thoth/testkit";
import { makeHome } from "../support.ts";

const ANYBODY = "1000660000:0";
const LONGEST = 600_000;
const STARTS_WITHIN = 120_000;

interface Configuration {
  readonly Entrypoint?: readonly string[];
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

const missing =
  missingDebian() ||
  missingDockerRegistry() ||
  (["skopeo", "umoci", "unshare", "nsenter", "ip"].map(missingProgram).find((why) => why !== false) ?? false);

function missingProgram(name: string): string | false {
  const word = name === "ip" ? "-V" : "--version";
  return spawnSync(name, [word], { stdio: "ignore" }).status === 0 ? false : `no ${name}`;
}

function tool(program: string, ...words: readonly string[]): string {
  const done = spawnSync(program, words, { encoding: "utf8", timeout: LONGEST, maxBuffer: 1 << 26 });
  assert.equal(done.status, 0, `${program} ${words.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

/** Runs each cell of a notebook in a kernel of the server, as its page does, and prints what the cells print. */
const CLIENT = `
import asyncio, json, sys, urllib.request, uuid
from tornado.websocket import websocket_connect
token, path = sys.argv[1:]
base = "127.0.0.1:8888/api"
def ask(place, body=None):
    headers = {"Authorization": "token " + token}
    data = None if body is None else json.dumps(body).encode()
    return json.load(urllib.request.urlopen(urllib.request.Request(f"http://{base}/{place}", data, headers), timeout=60))
notebook = ask("contents/" + path)["content"]
name = notebook["metadata"]["kernelspec"]["name"]
session = ask("sessions", {"path": path, "name": path, "type": "notebook", "kernel": {"name": name}})
assert session["kernel"]["name"] == name
async def run():
    place = f"ws://{base}/kernels/{session['kernel']['id']}/channels?token={token}"
    socket = await websocket_connect(place)
    for cell in notebook["cells"]:
        number = uuid.uuid4().hex
        header = {"msg_id": number, "username": "", "session": number, "msg_type": "execute_request", "version": "5.3"}
        content = {"code": "".join(cell["source"]), "silent": False, "stop_on_error": True}
        await socket.write_message(json.dumps(
            {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}))
        replied = idle = False
        while not (replied and idle):
            message = json.loads(await socket.read_message())
            if message["parent_header"].get("msg_id") != number: continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream": print(content["text"], end="")
            if kind == "execute_reply":
                assert content["status"] == "ok", content
                replied = True
            idle = idle or (kind == "status" and content["execution_state"] == "idle")
asyncio.run(asyncio.wait_for(run(), 120))
`;

describe("an image with JupyterLab", { skip: missing }, () => {
  const home = makeHome();
  const files = join(home, "bundle/rootfs");
  let registry: DockerRegistry;
  let server: ChildProcess;
  let configuration: Configuration;
  let log = "";

  before(async () => {
    const debian = debianFolder(["python3"]);
    const code = "import platform; print(platform.python_version())";
    const python = tool("chroot", debian, "python3", "-c", code).trim();
    registry = await startDockerRegistry();
    const notebook = writeNotebook(join(home, "analysis.ipynb"));
    const name = `${registry.host}/team/lab:1.0`;
    for (const words of [
      ["lock", notebook, "--python-version", python],
      ["image", notebook, "--base", `oci:${debianLayout()}`, "-o", name],
    ]) {
      const { status, stderr } = await runCommand("horus", words, { home, env: index, timeoutMs: LONGEST });
      assert.equal(status, 0, stderr);
    }
    const layout = `oci:${join(home, "pulled")}:latest`;
    tool("skopeo", "copy", "--src-tls-verify=false", `docker://${name}`, layout);
    tool("umoci", "unpack", "--image", layout.slice("oci:".length), join(home, "bundle"));
    // What skopeo tells of a configuration lacks what OCI has no word for.
    const manifest = JSON.parse(tool("skopeo", "inspect", "--raw", layout)) as { config: { digest: string } };
    const blob = join(home, "pulled/blobs", ...manifest.config.digest.split(":"));
    configuration = (JSON.parse(readFileSync(blob, "utf8")) as { config: Configuration }).config;
    makeDevices(files);
    server = start();
    await answer();
  });

  after(async () => {
    if (server?.pid !== undefined) process.kill(-server.pid, "SIGKILL");
    await registry?.close();
  });

  /** In the image as it is run: `words` are looked for there. */
  function inside(words: readonly string[]): readonly string[] {
    const { Env, WorkingDir } = configuration;
    return ["chroot", "--userspec", ANYBODY, files, "/usr/bin/env", "-i", "-C", WorkingDir, ...Env, ...words];
  }

  function start(): ChildProcess {
    const { Entrypoint = [], Cmd } = configuration;
    const script = 'ip link set lo up && exec "$@"';
    const words = ["--net", "sh", "-c", script, "sh", ...inside([...Entrypoint, ...Cmd])];
    const child = spawn("unshare", words, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        log += chunk.toString("utf8");
      });
    return child;
  }

  /** In its network, too. */
  function beside(words: readonly string[]) {
    const all = ["-t", String(server.pid), "-n", ...inside(words)];
    return spawnSync("nsenter", all, { encoding: "utf8", timeout: LONGEST });
  }

  async function answer(): Promise<void> {
    for (const end = performance.now() + STARTS_WITHIN; performance.now() < end; ) {
      assert.equal(server.exitCode, null, log);
      if (
        beside(["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8888))"]).status === 0
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error(`it does not answer: ${log}`);
  }

  async function tokenInLog(): Promise<string> {
    for (const end = performance.now() + STARTS_WITHIN; performance.now() < end; ) {
      const [, token] = /[?&]token=([0-9a-f]+)/.exec(log) ?? [];
      if (token !== undefined) return token;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no token in ${log}`);
  }

  it("answers on the port that it names", () => {
    assert.deepEqual(Object.keys(configuration.ExposedPorts), ["8888/tcp"]);
    const code =
      "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:8888/api').read().decode())";
    const { stdout, stderr } = beside(["python", "-c", code]);
    assert.match((JSON.parse(stdout || stderr) as { version: string }).version, /^\d+\.\d+/);
  });

  it("is found healthy by its own check", () => {
    const [kind, ...words] = configuration.Healthcheck.Test;
    assert.equal(kind, "CMD");
    const { status, stderr } = beside(words);
    assert.equal(status, 0, stderr);
  });

  it("gives nothing to who has no token", () => {
    const code = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8888/api/contents')";
    assert.match(beside(["python", "-c", code]).stderr, /HTTP Error 403/);
  });

  it("executes the notebook in its kernel, as its page does", async () => {
    const token = await tokenInLog();
    const { status, stdout, stderr } = beside(["python", "-c", CLIENT, token, "analysis.ipynb"]);
    assert.equal(status, 0, stderr + log);
    assert.equal(stdout, "six 1.16.0\n1000660000 0\n");
  });

  it("executes the notebook to its end without a page", () => {
    const { status, stderr } = beside(["jupyter", "execute", "--inplace", "analysis.ipynb"]);
    assert.equal(status, 0, stderr);
    const { cells } = JSON.parse(readFileSync(join(files, "opt/app-root/src/analysis.ipynb"), "utf8")) as {
      cells: readonly { execution_count: number }[];
    };
    assert.deepEqual(
      cells.map((cell) => cell.execution_count),
      [1, 2],
    );
  });
});

const index = {
  THOTH_INDEX_URL: process.env["PIP_INDEX_URL"] || "https://pypi.org/simple/",
  ...(process.env["PIP_CERT"] === undefined ? {} : { THOTH_CERT: process.env["PIP_CERT"] }),
};

function writeNotebook(path: string): string {
  const sources = ["import six; print('six', six.__version__)", "import os; print(os.getuid(), os.getgid())"];
  const cells = sources.map((source, at) => ({
    ...{ cell_type: "code", execution_count: null, id: `cell-${at}`, metadata: {}, outputs: [] },
    source: [source],
  }));
  const packages = { jupyterlab: "*", six: "==1.16.0" };
  const metadata = {
    kernelspec: { display_name: "Analysis", language: "python", name: "analysis" },
    requirements: { packages, requires: { python_version: "3.11" }, sources: [] },
  };
  writeFileSync(path, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

/** What an engine gives to every container. */
function makeDevices(files: string): void {
  const devices = { null: "3", zero: "5", random: "8", urandom: "9" };
  mkdirSync(join(files, "dev/shm"), { recursive: true });
  chmodSync(join(files, "dev/shm"), 0o1777);
  for (const [name, minor] of Object.entries(devices))
    tool("mknod", "-m", "666", join(files, "dev", name), "c", "1", minor);
}
