// Notebooks that attack whoever reads, locks, installs or exports them: what they are answered, and that nothing
// is changed, written or run.

import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ErrorCode } from "@thoth/pep";
import { type CommandResult, type IndexServer, runCommand, runProgram } from "@thoth/testkit";
import { metadataOf, notebookOf, startNotebookIndex } from "../notebooks.ts";
import { assertCivil, assertCode, leavesAlone, listFiles, makeFolder, makeHome } from "../support.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const home = makeHome();
let server: IndexServer;
before(async () => {
  server = await startNotebookIndex();
});
after(() => server.close());

function horus(folder: string, words: readonly string[], options: object = {}): Promise<CommandResult> {
  return runCommand("horus", words, { home, cwd: folder, ...options });
}

/** Puts a notebook into a folder of its own and asks each command about it; nothing may change. */
async function refused(
  text: string | Uint8Array,
  commands: readonly string[],
  ...codes: readonly ErrorCode[]
): Promise<void> {
  const folder = makeFolder(home, { "a.ipynb": text, "mine.txt": "mine" });
  for (const command of commands) {
    const index = ["lock", "install", "run"].includes(command) ? ["--index-url", server.indexUrl] : [];
    const result = await leavesAlone(folder, () => horus(folder, [command, "a.ipynb", "--json", ...index]));
    assertCode(result, ...codes);
  }
}

const READERS = ["discover", "lock", "show"];

describe("a notebook that is none", { concurrency: 2 }, () => {
  const broken: Readonly<Record<string, string | Uint8Array>> = {
    "because it is empty": "",
    "because it is no JSON": "{ 'cells': []",
    "because it is a list": "[]",
    "because it is an image": Buffer.from("89504e470d0a1a0a0000", "hex"),
    "because it is not UTF-8": Buffer.concat([
      Buffer.from('{"cells":[{"source":"'),
      Buffer.from([0xff, 0xfe, 0xc0]),
    ]),
    "because it is 100,000 levels deep": `{"cells": ${"[".repeat(100_000)}${"]".repeat(100_000)}, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`,
    "because its metadata is 100,000 levels deep": `{"cells": [], "metadata": {"a": ${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}, "nbformat": 4, "nbformat_minor": 5}`,
    "because its cells are no list": '{"cells": 5, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "because it is of a format of the future":
      '{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 0}',
    "because it ends early": notebookOf({ cells: ["import six"] }).slice(0, -30),
  };
  for (const [why, text] of Object.entries(broken)) {
    it(`is refused ${why}`, () => refused(text, READERS, "invalid-notebook", "limit-exceeded"));
  }
  it("is refused because of another language", async () => {
    const metadata = {
      kernelspec: { name: "ir", display_name: "R", language: "R" },
      language_info: { name: "R" },
    };
    await refused(
      notebookOf({ metadata, cells: ["library(x)"] }),
      ["discover", "lock"],
      "unsupported-language",
    );
  });
});

describe("sources of cells", { concurrency: 2 }, () => {
  const sources: Readonly<Record<string, string>> = {
    "that are numbers": "5",
    "that are null": "null",
    "that are objects": '{"__proto__": ["import six"]}',
    "that are lists of numbers": "[1, 2, null]",
  };
  for (const [what, source] of Object.entries(sources)) {
    it(`${what} are read as nothing, or refused`, async () => {
      const text = `{"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": null, "source": ${source}}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n`;
      const folder = makeFolder(home, { "a.ipynb": text });
      const result = await leavesAlone(folder, () =>
        horus(folder, ["discover", "a.ipynb", "--show-only", "--json"]),
      );
      assertCivil(result);
      if (result.status !== 0) assertCode(result, "invalid-notebook", "unsupported-language");
    });
  }

  const codes: Readonly<Record<string, string>> = {
    "of 5,000 nested parentheses": `x = ${"(".repeat(5000)}1${")".repeat(5000)}`,
    "of 100,000 nested brackets": "[".repeat(100_000),
    "of a line of ten million characters": `x = '${"a".repeat(10_000_000)}'`,
    "of 100,000 imports": Array.from({ length: 100_000 }, (_, at) => `import unknown_module_${at}`).join(
      "\n",
    ),
    "of 100,000 pip lines": "!pip install six\n".repeat(100_000),
    "that import while reading":
      "__import__('os').system('touch OWNED')\n!touch OWNED\n%system touch OWNED\n",
    "with control characters":
      "import \u001b[31mevil\u0007\n!pip install \u001b]0;x\u0007six\u202e\n%load_ext \u0000\n",
    "with shell syntax in pip lines":
      "!pip install six; touch OWNED\n!pip install $(touch OWNED) `touch OWNED` six==$X\n%pip install 'six && touch OWNED'\n",
    "with options that run things":
      "!pip install --global-option=x --no-binary :all: git+ssh://x@127.0.0.1/--upload-pack=touch\n",
  };
  for (const [what, code] of Object.entries(codes)) {
    it(`${what} are only read`, async () => {
      const folder = makeFolder(home, { "a.ipynb": notebookOf({ cells: [code] }) });
      const result = await leavesAlone(folder, () =>
        horus(folder, ["discover", "a.ipynb", "--show-only", "--json"]),
      );
      assertCivil(result);
      if (result.status !== 0) assertCode(result, "limit-exceeded", "invalid-notebook");
      assert.ok(!existsSync(join(folder, "OWNED")));
    });
  }

  it("and outputs of 300 MB are read within the limits", async () => {
    const output = `{"output_type": "stream", "name": "stdout", "text": "${"x".repeat(300e6)}"}`;
    const text = `{"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "outputs": [${output}], "execution_count": 1, "source": "import six"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n`;
    const folder = makeFolder(home, { "a.ipynb": text });
    const result = await leavesAlone(folder, () =>
      horus(folder, ["discover", "a.ipynb", "--show-only", "--json"]),
    );
    assertCivil(result);
    if (result.status !== 0) assertCode(result, "limit-exceeded");
  });
});

describe("metadata", { concurrency: 2 }, () => {
  const plain = { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } };

  it("with prototype keys is kept as it is, and obeyed nowhere", async () => {
    const requirements =
      '{"packages": {"__proto__": "*", "constructor": "*", "six": "*"}, "__proto__": {"packages": {"evil": "*"}}}';
    const text = notebookOf({ cells: ["import six"], metadata: { ...plain, polluted: "MARK" } }).replace(
      '"polluted": "MARK"',
      `"__proto__": {"polluted": true}, "constructor": {"prototype": {"x": 1}}, "requirements": ${JSON.stringify(requirements)}`,
    );
    const folder = makeFolder(home, { "a.ipynb": text });
    for (const command of ["show", "requirements", "check"]) {
      const result = await leavesAlone(folder, () => horus(folder, [command, "a.ipynb", "--json"]));
      assertCivil(result);
      assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
    }
    const result = await horus(folder, ["lock", "a.ipynb", "--json", "--index-url", server.indexUrl]);
    assertCivil(result);
    if (result.status !== 0) {
      assertCode(result, "invalid-requirement", "package-not-found", "invalid-notebook", "unsatisfiable");
      assert.equal(readFileSync(join(folder, "a.ipynb"), "utf8"), text);
    } else
      assert.match(readFileSync(join(folder, "a.ipynb"), "utf8"), /"__proto__": \{\s*"polluted": true\s*\}/);
  });

  it("of a million packages is answered within the limits", async () => {
    const packages = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`absent-${at}`, "*"]));
    const metadata = { ...plain, requirements: JSON.stringify({ packages }) };
    await refused(
      notebookOf({ metadata }),
      ["lock"],
      "limit-exceeded",
      "package-not-found",
      "unsatisfiable",
      "invalid-notebook",
    );
  });

  const wrongRequirements: Readonly<Record<string, unknown>> = {
    "that are a number": 5,
    "that are no JSON": "{",
    "with a specifier that is none": JSON.stringify({ packages: { six: "; touch OWNED" } }),
    "with a name that escapes": JSON.stringify({ packages: { "../../etc/passwd": "*" } }),
    "with control characters": JSON.stringify({ packages: { "six\u001b[31m": "*" } }),
  };
  for (const [what, requirements] of Object.entries(wrongRequirements)) {
    it(`has requirements ${what}: refused`, async () => {
      const text = notebookOf({ metadata: { ...plain, requirements } });
      await refused(
        text,
        ["lock"],
        "invalid-requirement",
        "invalid-notebook",
        "invalid-project",
        "invalid-version",
        "usage",
      );
    });
  }

  it("names an index that may not be opened: it is left out, and told", async () => {
    const source = [
      { name: "x", url: "javascript:alert(1)", verify_ssl: true },
      { name: "y", url: "file:///etc", verify_ssl: true },
    ];
    const metadata = { ...plain, requirements: JSON.stringify({ packages: { six: "*" }, source }) };
    const folder = makeFolder(home, { "a.ipynb": notebookOf({ metadata }) });
    const result = await horus(folder, ["lock", "a.ipynb", "--json"], {
      env: { PIP_INDEX_URL: server.indexUrl },
    });
    assertCivil(result);
    assert.equal(result.status, 0, result.stdout);
    const { warnings } = result.json as { warnings: readonly string[] };
    assert.ok(warnings.some((warning) => warning.includes("file:///etc")));
  });

  /** One for all names: their environments are the same. */
  const own = makeHome();
  const kernels = [
    "../../evil",
    "/etc/evil",
    "evil\0",
    "a/b",
    "..",
    "\u001b[31mred",
    "$(touch OWNED)",
    "; rm -rf x",
    "<script>",
    "a".repeat(100_000),
  ];
  for (const name of kernels) {
    it(`names the kernel ${JSON.stringify(name.slice(0, 20))}: nothing leaves its folder`, async () => {
      const metadata = { kernelspec: { name, display_name: name, language: "python" } };
      const folder = makeFolder(home, { "a.ipynb": notebookOf({ cells: ["import six"], metadata }) });
      const index = ["--index-url", server.indexUrl];
      for (const words of [
        ["lock", "a.ipynb", ...index],
        ["install", "a.ipynb", ...index],
        ["set-kernel", "a.ipynb", "--kernel-name", name.replaceAll("\0", "\u0001"), ...index],
      ]) {
        const result = await runCommand("horus", [...words, "--json"], { home: own, cwd: folder });
        assertCivil(result);
        assert.deepEqual([...listFiles(folder).keys()], ["a.ipynb"]);
      }
      const made = existsSync(join(own, "jupyter")) ? [...listFiles(join(own, "jupyter")).keys()] : [];
      for (const path of made) assert.match(path, /^kernels\/([a-z0-9._-]+\/([\w.-]+)?)?$/i);
    });
  }
});

describe("an embedded lock", { concurrency: 1 }, () => {
  let good: string;
  before(async () => {
    const folder = makeFolder(home, { "a.ipynb": notebookOf({ cells: ["import six"] }) });
    const result = await horus(folder, ["lock", "a.ipynb", "--json", "--index-url", server.indexUrl]);
    assert.equal(result.status, 0, result.stderr);
    good = readFileSync(join(folder, "a.ipynb"), "utf8");
  });

  /** The good notebook with its lock changed, consistently in every place that holds a text. */
  function changed(from: string | RegExp, to: string): string {
    const text = good.replaceAll(from, to);
    assert.notEqual(text, good);
    return text;
  }
  const installers = ["install"];

  it("with wrong hashes is refused", async () => {
    const text = good.replaceAll(/[0-9a-f]{64}/g, (digest) =>
      digest.replace(/^./, (first) => (first === "0" ? "1" : "0")),
    );
    await refused(text, installers, "hash-mismatch", "lock-out-of-date", "invalid-lock");
  });
  it("with addresses of files is refused, and they are not read", async () => {
    const text = changed(/http:\/\/127\.0\.0\.1:\d+\/files\//g, "file:///etc/");
    await refused(
      text,
      installers,
      "invalid-lock",
      "index-response-invalid",
      "hash-mismatch",
      "path-escape",
      "file-failed",
      "lock-out-of-date",
    );
  });
  it("with file names that escape is refused", async () => {
    const text = changed(/"six-1\.16\.0-py3-none-any\.whl"/g, '"../../six-1.16.0-py3-none-any.whl"');
    await refused(text, installers, "invalid-lock", "path-escape", "lock-out-of-date");
  });
  it("that is no lock is refused", async () => {
    const { metadata, ...rest } = JSON.parse(good) as { metadata: Record<string, unknown> };
    for (const lock of [5, null, [], { packages: "x" }, { "lock-version": "9.0", packages: [] }]) {
      const thoth = { ...(metadata["thoth"] as object), lock };
      await refused(
        JSON.stringify({ ...rest, metadata: { ...metadata, thoth } }),
        installers,
        "invalid-lock",
        "lock-out-of-date",
      );
    }
  });
  it("of another set of requirements is told to be out of date", async () => {
    const { metadata, ...rest } = JSON.parse(good) as { metadata: Record<string, unknown> };
    const requirements = JSON.stringify({ packages: { six: "*", requests: "*" } });
    const text = JSON.stringify({ ...rest, metadata: { ...metadata, requirements } });
    const folder = makeFolder(home, { "a.ipynb": text });
    const result = await leavesAlone(folder, () => horus(folder, ["check", "a.ipynb", "--json"]));
    assert.equal(result.status, 1);
  });
  it("is exported without running or trusting it", async () => {
    const text = changed(
      /http:\/\/127\.0\.0\.1:\d+\/files\//g,
      "http://x/\\u001b[31m$(touch OWNED)`touch OWNED`'\\\\\"/",
    );
    const folder = makeFolder(home, { "a.ipynb": text });
    for (const format of ["requirements", "pylock", "bootstrap", "environment.yml", "pep723", "juv"]) {
      const result = await leavesAlone(folder, () =>
        horus(folder, ["export", "a.ipynb", "--format", format]),
      );
      assertCivil(result);
    }
  });
});

describe("the place of a notebook", { concurrency: 2 }, () => {
  const locked = (folder: string, file: string): Promise<CommandResult> =>
    horus(folder, ["lock", file, "--json", "--index-url", server.indexUrl]);

  it("behind a symbolic link is written where it lies", async () => {
    const folder = makeFolder(home, { "real/a.ipynb": notebookOf({ cells: ["import six"] }) });
    symlinkSync("real/a.ipynb", join(folder, "link.ipynb"));
    const result = await locked(folder, "link.ipynb");
    assertCivil(result);
    if (result.status === 0) {
      assert.equal(listFiles(folder).get("link.ipynb"), "→ real/a.ipynb");
      assert.ok(metadataOf(readFileSync(join(folder, "real/a.ipynb"), "utf8"))["thoth"] !== undefined);
    } else assertCode(result, "file-failed", "usage");
  });
  it("behind a symbolic link to nowhere, or to itself, is refused", async () => {
    const folder = makeFolder(home);
    symlinkSync("absent.ipynb", join(folder, "nowhere.ipynb"));
    symlinkSync("self.ipynb", join(folder, "self.ipynb"));
    for (const file of ["nowhere.ipynb", "self.ipynb"]) {
      assertCode(await leavesAlone(folder, () => locked(folder, file)), "usage", "file-failed");
    }
  });
  it("in a folder that is read-only is refused", {
    skip: process.getuid?.() === 0 && "root may write everywhere",
  }, async () => {
    const folder = makeFolder(home, { "a.ipynb": notebookOf({ cells: ["import six"] }) });
    chmodSync(folder, 0o555);
    assertCode(await leavesAlone(folder, () => locked(folder, "a.ipynb")), "file-failed");
    chmodSync(folder, 0o755);
  });
  it("that is a device or a pipe without an end is given up", async () => {
    const folder = makeFolder(home);
    symlinkSync("/dev/zero", join(folder, "zero.ipynb"));
    symlinkSync("/dev/null", join(folder, "null.ipynb"));
    for (const file of ["zero.ipynb", "null.ipynb"]) {
      assertCode(
        await leavesAlone(folder, () => locked(folder, file)),
        "limit-exceeded",
        "invalid-notebook",
        "usage",
        "file-failed",
      );
    }
  });
  it("on a disk that is full is left as it was", {
    skip: process.platform === "win32" && "no limits of files",
  }, async () => {
    const cells = ["import six\n", `# ${"x".repeat(200_000)}\n`];
    const folder = makeFolder(home, { "a.ipynb": notebookOf({ cells }) });
    const program = join(checkout, "node_modules", ".bin", "horus");
    const line = 'ulimit -f 100; exec "$@"';
    const words = ["-c", line, "sh", program, "lock", "a.ipynb", "--json", "--index-url", server.indexUrl];
    const result = await leavesAlone(folder, () => runProgram("/bin/sh", words, { home, cwd: folder }));
    assertCode(result, "file-failed");
  });
  it("with a strange name is only a name", async () => {
    const name = "a; touch OWNED; `touch OWNED` $(touch OWNED)\u001b[31m.ipynb";
    const folder = makeFolder(home, { [name]: notebookOf({ cells: ["import six"] }) });
    const result = await locked(folder, name);
    assertCivil(result);
    assert.equal(result.status, 0, result.stdout);
    assert.deepEqual([...listFiles(folder).keys()], [name]);
  });
});
