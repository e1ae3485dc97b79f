// `%horus` where no browser is: real kernels, IPython and nbclient, with the wheel.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findPeer } from "@thoth/testkit";
import { installJupyter, notebookText } from "./jupyter.ts";

const missing = findPeer("uv") === undefined ? "uv is missing" : false;

describe("%horus without a browser", { skip: missing }, () => {
  let bin: string;
  let home: string;
  before(() => {
    bin = installJupyter();
    home = mkdtempSync(join(tmpdir(), "thoth-magic-"));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  const run = (program: string, words: readonly string[], variables: Record<string, string> = {}) => {
    const { JPY_SESSION_NAME: _, JPY_PARENT_PID: __, ...inherited } = process.env;
    const done = spawnSync(join(bin, program), words, {
      cwd: home,
      encoding: "utf8",
      timeout: 120_000,
      env: {
        ...inherited,
        HOME: home,
        IPYTHONDIR: join(home, "ipython"),
        JUPYTER_DATA_DIR: join(home, "data"),
        JUPYTER_CONFIG_DIR: join(home, "config"),
        XDG_CACHE_HOME: join(home, "cache"),
        XDG_DATA_HOME: join(home, "share"),
        ...variables,
      },
    });
    return { ...done, said: done.stdout + done.stderr };
  };
  const write = (name: string, cells: readonly string[]): string => {
    const path = join(home, name);
    writeFileSync(path, notebookText(["%load_ext thoth_jupyter", ...cells], {}));
    return path;
  };
  /** What the cells say when nbclient runs the notebook; errors are outputs too. */
  const execute = (path: string, variables: Record<string, string> = {}): readonly string[] => {
    const words = ["nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--stdout", path];
    const done = run("jupyter", words, variables);
    assert.equal(done.status, 0, done.stderr);
    const { cells } = JSON.parse(done.stdout) as {
      cells: { outputs: { text?: string[] | string; ename?: string; evalue?: string }[] }[];
    };
    return cells
      .slice(1)
      .map(({ outputs }) =>
        outputs
          .map(({ text = "", ename, evalue }) =>
            ename === undefined ? [text].flat().join("") : `${ename}: ${evalue}`,
          )
          .join(""),
      );
  };
  const requirementsOf = (path: string): string => {
    const { metadata } = JSON.parse(readFileSync(path, "utf8")) as { metadata: { requirements?: string } };
    return metadata.requirements ?? "";
  };

  it("works on the file of a notebook that nbclient runs, and says that it changed it", () => {
    const path = write("run.ipynb", [
      '%horus requirements --add "six >= 1.16"',
      "%horus status",
      "%horus lock --no-such-option",
      "%horus check",
      "%horus requirements --add 'six",
    ]);
    const [added, status, failed, check, unread] = execute(path, { JPY_SESSION_NAME: path });
    assert.match(added ?? "", /six = ">=1\.16"/);
    assert.ok(added?.includes(`the file ${path} was changed`));
    assert.match(requirementsOf(path), /"six":">=1\.16"/);
    assert.match(status ?? "", /^package +asked for +locked +installed\nsix +six>=1\.16\n$/m);
    assert.doesNotMatch(status ?? "", /was changed|\u001b/);
    assert.match(failed ?? "", /^UsageError: error: unknown option/);
    // It found errors, and that is an answer.
    assert.match(check ?? "", /^error +requirements_lock/m);
    assert.match(unread ?? "", /^UsageError: No closing quotation/);
  });

  it("takes the notebook that is named, or that an editor or papermill names; else it says what to do", () => {
    const other = write("other.ipynb", ["import idna", "%horus status"]);
    const stranger = join(home, "stranger.ipynb");
    writeFileSync(stranger, notebookText(["import flask"], {}));
    const path = write("named.ipynb", [
      "%horus status",
      `%horus status "${other}"`,
      `%horus requirements --add humanize ${other}`,
      `__vsc_ipynb_file__ = ${JSON.stringify(other)}\n%horus status`,
      `del __vsc_ipynb_file__\nPAPERMILL_INPUT_PATH = "other.ipynb"\n%horus requirements --add humanize`,
      "%horus version",
    ]);
    // What was inherited from a notebook that has no such cell counts for nothing.
    const [unknown, named, wrong, code, papermill, version] = execute(path, { JPY_SESSION_NAME: stranger });
    assert.match(
      unknown ?? "",
      /^UsageError: error: nobody says here which notebook.*%horus status NOTEBOOK\.ipynb/s,
    );
    assert.match(named ?? "", /^idna +idna$/m);
    assert.match(wrong ?? "", /^UsageError/);
    assert.match(code ?? "", /^idna +idna$/m);
    assert.match(papermill ?? "", /other\.ipynb was changed/);
    assert.match(requirementsOf(other), /humanize/);
    assert.match(version ?? "", /^horus \d/);
  });

  it("is there in a terminal's IPython, from the command line on the PATH too", () => {
    const path = write("terminal.ipynb", ["import idna"]);
    const line = `get_ipython().run_line_magic("load_ext", "thoth_jupyter"); get_ipython().run_line_magic("horus", "status ${path}")`;
    const done = run("ipython", ["--colors=NoColor", "-c", line]);
    assert.match(done.stdout, /^idna +idna$/m);
    const program =
      "from thoth_jupyter import magic; magic.importlib.util.find_spec = lambda _: None; print(magic.find_program())";
    const found = run("python", ["-c", program], { PATH: bin });
    assert.equal(found.stdout, `['${join(bin, "horus")}']\n`);
    assert.equal(run("python", ["-c", program], { PATH: "" }).stdout, "None\n");
    assert.match(run("python", ["-m", "thoth_jupyter", "version"]).stdout, /^horus \d/);
  });

  it("does not run a notebook that runs itself", () => {
    const path = write("self.ipynb", ["%horus run"]);
    const [said] = execute(path, { JPY_SESSION_NAME: path, THOTH_CELL_NOTEBOOK: path });
    assert.match(said ?? "", /^UsageError: a notebook that `%horus run` runs/);
  });

  it("trusts any certificate on this machine, and elsewhere only those that are known", () => {
    const program = `
import ssl
from thoth_jupyter.magic import is_loopback, trust
for host in ["127.0.0.1", "127.9.9.9", "::1", "localhost", "localhost.example", "10.0.0.1", "example.org", "0.0.0.0", ""]:
    context = trust(is_loopback(host))
    print(host, context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname)
`;
    const { stdout } = run("python", ["-c", program]);
    assert.deepEqual(stdout.trim().split("\n"), [
      "127.0.0.1 False",
      "127.9.9.9 False",
      "::1 False",
      "localhost False",
      "localhost.example True",
      "10.0.0.1 True",
      "example.org True",
      "0.0.0.0 True",
      " True",
    ]);
  });

  it("gives its token to nobody to whom it is sent on, and to no proxy", async () => {
    const asked: string[] = [];
    const server = createServer(({ url = "", headers }, response) => {
      asked.push(`${url} ${headers.authorization}`);
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const program = `from thoth_jupyter.magic import ask_server; print(ask_server("GET", "${url}thoth/mail/x", "secret"))`;
    const child = spawn(join(bin, "python"), ["-c", program], {
      env: { ...process.env, http_proxy: "http://127.0.0.1:9/" },
    });
    let said = "";
    child.stdout.on("data", (part: Buffer) => {
      said += part.toString();
    });
    await new Promise((resolve) => child.once("close", resolve));
    server.close();
    assert.equal(said, "(302, None)\n");
    assert.deepEqual(asked, ["/thoth/mail/x token secret"]);
  });
});
