import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { codeOf, documentOf, notebookText, openWorkshop, type Workshop } from "./workshop.ts";

interface Metadata {
  readonly requirements?: string;
  readonly requirements_lock?: string;
  readonly thoth_config?: string;
  readonly dependency_resolution_engine?: string;
  readonly kernelspec?: { readonly name: string };
  readonly thoth?: {
    readonly version: number;
    readonly lock: { readonly packages: { name: string; marker?: string }[] };
    readonly advice?: Record<string, unknown>;
  };
}

describe("horus on a notebook", () => {
  let shop: Workshop;
  const name = "analysis.ipynb";
  before(async () => {
    shop = await openWorkshop();
  });
  after(() => shop.close());
  beforeEach(() => {
    shop.write(name, notebookText(["import numpy as np\n", "np.zeros(3)"]));
  });

  const bytes = () => readFileSync(join(shop.folder, name), "utf8");
  const metadata = () => (JSON.parse(bytes()) as { metadata: Metadata }).metadata;

  it("discovers what the code needs", async () => {
    const result = await shop.run("horus", ["discover", name, "--show-only", "--json"]);
    assert.equal(result.status, 0, result.stderr);
    assert.deepEqual(documentOf(result, "horus discover")["requirements"], ["numpy"]);
    assert.ok(!existsSync(join(shop.folder, "Pipfile")));
  });

  it("writes a Pipfile of it, and overwrites none", async () => {
    const first = await shop.run("horus", ["discover", name]);
    assert.equal(first.status, 0, first.stderr);
    assert.match(readFileSync(join(shop.folder, "Pipfile"), "utf8"), /\[packages\]\nnumpy = "\*"/);
    assert.equal(codeOf(await shop.run("horus", ["discover", name, "--json"])), "usage");
    rmSync(join(shop.folder, "Pipfile"));
  });

  it("locks: the original's keys and ours, and nothing else changes", async () => {
    const before = bytes();
    const result = await shop.run("horus", ["lock", name, "--as-of", "2026-01-31", "--json"]);
    assert.equal(result.status, 0, result.stderr);
    const answer = documentOf(result, "horus lock");
    assert.deepEqual(
      (answer["packages"] as { name: string }[]).map((item) => item.name),
      ["comm", "ipykernel", "numpy"],
    );
    const { requirements, requirements_lock, thoth, dependency_resolution_engine } = metadata();
    assert.equal(dependency_resolution_engine, "thoth");
    assert.deepEqual(JSON.parse(requirements ?? "").packages, { numpy: "*" });
    assert.equal(JSON.parse(requirements_lock ?? "").default.numpy.version, "==2.0");
    assert.equal(thoth?.version, 1);
    assert.equal(thoth?.advice?.["proof"], "optimal");
    const marker = thoth?.lock.packages.find((item) => item.name === "ipykernel")?.marker ?? "";
    assert.match(marker, /kernel/);
    const cells = (text: string) => text.slice(0, text.lastIndexOf('\n "metadata": {'));
    assert.equal(cells(bytes()), cells(before));
    const locked = bytes();
    const again = await shop.run("horus", ["lock", name, "--as-of", "2026-01-31", "--force"]);
    assert.equal(again.status, 0, again.stderr);
    assert.equal(bytes(), locked);
  });

  it("keeps a lock that fits, and makes a new one when the requirements change", async () => {
    await shop.run("horus", ["lock", name]);
    const locked = bytes();
    const kept = documentOf(await shop.run("horus", ["lock", name, "--json"]), "horus lock");
    assert.equal(kept["changed"], false);
    assert.equal(bytes(), locked);
    await shop.run("horus", ["requirements", name, "--add", "alpha"]);
    const checked = await shop.run("horus", ["check", name, "--json"]);
    assert.equal(checked.status, 1);
    assert.equal(documentOf(checked, "horus check")["ok"], false);
    const renewed = documentOf(await shop.run("horus", ["lock", name, "--json"]), "horus lock");
    assert.equal(renewed["changed"], true);
    assert.ok((renewed["packages"] as { name: string }[]).some((item) => item.name === "alpha"));
    assert.equal((await shop.run("horus", ["check", name, "--json"])).status, 0);
  });

  it("adds, removes and shows requirements", async () => {
    const added = await shop.run("horus", [
      "requirements",
      name,
      "--add",
      "beta>=1",
      "alpha[extra]",
      "--json",
    ]);
    const answer = documentOf(added, "horus requirements");
    // What the code needs is not lost by naming something else.
    assert.deepEqual(answer["requirements"], ["numpy", "beta>=1", "alpha[extra]"]);
    const gone = await shop.run("horus", ["requirements", name, "--remove", "Beta", "--json"]);
    assert.deepEqual(documentOf(gone, "horus requirements")["requirements"], ["numpy", "alpha[extra]"]);
    const before = bytes();
    const absent = await shop.run("horus", ["requirements", name, "--remove", "beta", "--json"]);
    assert.equal(codeOf(absent), "package-not-found");
    assert.equal(absent.status, 1);
    assert.equal(bytes(), before);
    const dev = await shop.run("horus", [
      "requirements",
      name,
      "--add",
      "gamma",
      "--dev",
      "--index-url",
      "https://me:secret@example.org/simple/",
    ]);
    assert.equal(dev.status, 0, dev.stderr);
    const pipfile = JSON.parse(metadata().requirements ?? "");
    assert.deepEqual(pipfile["dev-packages"], { gamma: { version: "*", index: "example-org" } });
    assert.ok(!bytes().includes("secret"));
    assert.equal(
      codeOf(await shop.run("horus", ["requirements", name, "--add", "a;b;c", "--json"])),
      "invalid-requirement",
    );
  });

  it("extracts into a fresh folder and saves back the same", async () => {
    await shop.run("horus", ["lock", name]);
    const locked = metadata();
    const result = await shop.run("horus", ["extract", name, "--store-files-path", "out", "--json"]);
    assert.equal(result.status, 0, result.stderr);
    const { files } = documentOf(result, "horus extract") as { files: { content: string }[] };
    assert.deepEqual(
      files.map(({ content }) => content),
      ["pipfile", "pipfile-lock"],
    );
    await shop.run("horus", ["extract", name, "--store-files-path", "out", "--format", "pylock"]);
    assert.equal((await shop.run("horus", ["extract", name, "--store-files-path", "out"])).status, 2);
    assert.equal(
      (await shop.run("horus", ["extract", name, "--store-files-path", "out", "--force"])).status,
      0,
    );
    shop.write(name, notebookText(["import numpy"]));
    writeFileSync(
      join(shop.folder, "out", ".thoth.yaml"),
      "host: example.org\nruntime_environments:\n  - name: a\n",
    );
    const saved = await shop.run("horus", ["save", name, "--save-files-path", "out", "--json"]);
    assert.equal(saved.status, 0, saved.stderr);
    documentOf(saved, "horus save");
    const back = metadata();
    assert.deepEqual(JSON.parse(back.requirements ?? ""), JSON.parse(locked.requirements ?? ""));
    assert.deepEqual(JSON.parse(back.requirements_lock ?? ""), JSON.parse(locked.requirements_lock ?? ""));
    assert.deepEqual(back.thoth?.lock, locked.thoth?.lock);
    assert.equal(JSON.parse(back.thoth_config ?? "").host, "example.org");
    assert.equal((await shop.run("horus", ["check", name, "--json"])).status, 0);
    const overlay = await shop.run("horus", [
      "extract",
      name,
      "--store-files-path",
      "out",
      "--use-overlay",
      "--force",
    ]);
    assert.equal(overlay.status, 0, overlay.stderr);
    assert.ok(existsSync(join(shop.folder, "out", "overlays", "analysis", "Pipfile")));
  });

  it("exports every form", async () => {
    await shop.run("horus", ["lock", name]);
    for (const [form, pattern] of [
      ["requirements", /^--index-url[\s\S]*numpy==2\.0 \\/],
      ["pylock", /^lock-version = "1\.0"/],
      ["pipfile", /\[packages\]/],
      ["pipfile-lock", /"pipfile-spec": 6/],
      ["environment.yml", /^name: analysis\n/],
      ["pep723", /^# \/\/\/ script\n/],
      ["juv", /"# \/\/\/ script\\n"/],
      ["bootstrap", /--require-hashes/],
      ["colab", /_install_lock[\s\S]*import numpy/],
    ] as const) {
      const result = await shop.run("horus", ["export", name, "--format", form, "--json"]);
      assert.equal(result.status, 0, result.stderr);
      const { content } = documentOf(result, "horus export") as { content: string };
      assert.match(content, pattern, form);
      if (form === "bootstrap") {
        const parsed = spawnSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
          input: content,
        });
        assert.equal(parsed.status, 0, String(parsed.stderr));
      }
    }
    shop.write(name, notebookText(["import numpy"]));
    assert.equal(codeOf(await shop.run("horus", ["export", name, "--json"])), "lock-out-of-date");
  });

  it("shows what the notebook carries", async () => {
    const empty = documentOf(await shop.run("horus", ["show", name, "--json"]), "horus show");
    assert.equal(empty["lock"], null);
    await shop.run("horus", ["lock", name]);
    const full = documentOf(await shop.run("horus", ["show", name, "--json"]), "horus show");
    assert.equal((full["pipfile"] as { packages: object }).packages !== undefined, true);
    assert.equal(full["engine"], "thoth");
    for (const option of ["--pipfile", "--pipfile-lock", "--thoth-config"]) {
      assert.equal((await shop.run("horus", ["show", name, option])).status, 0);
    }
    const log = documentOf(await shop.run("horus", ["log", name, "--json"]), "horus log");
    assert.ok((log["lines"] as string[]).includes("chose numpy 2.0"));
  });

  it("converts package commands and loses nothing", async () => {
    shop.write(name, notebookText(['!pip install "alpha<2" -q\n', "%pip install gamma\nimport numpy"]));
    const before = bytes();
    const looked = await shop.run("horus", ["convert", name, "--show-only", "--json"]);
    assert.equal(documentOf(looked, "horus convert")["changed"], false);
    assert.equal(bytes(), before);
    const done = await shop.run("horus", ["convert", name, "--json"]);
    assert.equal(done.status, 0, done.stderr);
    assert.equal(documentOf(done, "horus convert")["changed"], true);
    assert.deepEqual(JSON.parse(metadata().requirements ?? "").packages, {
      alpha: "<2",
      gamma: "*",
      numpy: "*",
    });
  });

  it("installs into a folder, and makes environment and kernel", async () => {
    await shop.run("horus", ["lock", name]);
    const into = await shop.run("horus", ["install", name, "--target", "vendor", "--json"]);
    assert.equal(into.status, 0, into.stderr);
    assert.equal(documentOf(into, "horus install")["kernel"], null);
    const made = await shop.run("horus", ["install", name, "--json"]);
    assert.equal(made.status, 0, made.stderr);
    assert.equal(documentOf(made, "horus install")["kernel"], "analysis");
    const listed = documentOf(await shop.run("horus", ["list-kernels", "--json"]), "horus list-kernels");
    assert.ok(
      (listed["kernels"] as { name: string; managed: boolean }[]).some(
        (kernel) => kernel.name === "analysis" && kernel.managed,
      ),
    );
    const held = documentOf(
      await shop.run("horus", ["check-kernel", "analysis", "--json"]),
      "horus check-kernel",
    );
    assert.deepEqual(
      (held["packages"] as { name: string }[])
        .map((item) => item.name)
        .filter((item) => item !== "pip" && item !== "setuptools"),
      ["comm", "ipykernel", "numpy"],
    );
    const set = await shop.run("horus", ["set-kernel", name, "--kernel-name", "other", "--json"]);
    assert.equal(set.status, 0, set.stderr);
    assert.equal(documentOf(set, "horus set-kernel")["reused"], true);
    assert.equal(metadata().kernelspec?.name, "other");
    const deleted = await shop.run("horus", ["delete-kernel", "other", "--json"]);
    assert.equal(documentOf(deleted, "horus delete-kernel")["deleted"], true);
    const gone = await shop.run("horus", ["check-kernel", "other", "--json"]);
    assert.equal(codeOf(gone), "kernel-not-found");
    assert.equal(gone.status, 1);
  });

  it("gives two notebooks of one name two kernels", async () => {
    await shop.run("horus", ["lock", name]);
    await shop.run("horus", ["install", name]);
    mkdirSync(join(shop.folder, "other"), { recursive: true });
    writeFileSync(join(shop.folder, "other", name), bytes());
    const other = documentOf(
      await shop.run("horus", ["install", join("other", name), "--json"]),
      "horus install",
    );
    assert.equal(other["kernel"], "analysis-2");
    const own = documentOf(await shop.run("horus", ["install", name, "--json"]), "horus install");
    assert.equal(own["kernel"], "analysis");
    rmSync(join(shop.folder, "other"), { recursive: true });
  });

  it("refuses kernel names that lead elsewhere", async () => {
    await shop.run("horus", ["lock", name]);
    for (const words of [
      ["install", name, "--kernel-name", "../evil"],
      ["check-kernel", "../../etc"],
      ["delete-kernel", ".."],
    ]) {
      assert.equal(codeOf(await shop.run("horus", [...words, "--json"])), "path-escape");
    }
    shop.write(
      name,
      notebookText(["import numpy"], { kernelspec: { name: "../../evil", display_name: "x" } }),
    );
    const before = bytes();
    assert.equal(codeOf(await shop.run("horus", ["lock", name, "--json"])), "path-escape");
    assert.equal(bytes(), before);
  });

  it("reads requirements however the original wrote them", async () => {
    const pipfile = { packages: { alpha: "==1.0" }, "dev-packages": {}, source: [], requires: {} };
    for (const requirements of [pipfile, JSON.stringify(pipfile), JSON.stringify(JSON.stringify(pipfile))]) {
      shop.write(name, notebookText(["import numpy"], { requirements }));
      const shown = documentOf(
        await shop.run("horus", ["requirements", name, "--json"]),
        "horus requirements",
      );
      assert.deepEqual(shown["requirements"], ["alpha==1.0"]);
      assert.equal((await shop.run("horus", ["lock", name, "--json"])).status, 0);
    }
  });

  it("refuses what is no Python notebook, with a code and unchanged", async () => {
    const cases: [string, string, number][] = [
      ["{", "invalid-notebook", 2],
      ['{"nbformat": 4}', "invalid-notebook", 2],
      [
        notebookText(["x"], {
          kernelspec: { name: "ir", language: "R", display_name: "R" },
          language_info: { name: "R" },
        }),
        "unsupported-language",
        2,
      ],
      [notebookText(["import numpy"], { requirements: "{" }), "invalid-notebook", 2],
    ];
    for (const [text, code, status] of cases) {
      shop.write(name, text);
      const result = await shop.run("horus", ["lock", name, "--json"]);
      assert.equal(codeOf(result), code);
      assert.equal(result.status, status);
      assert.equal(bytes(), text);
    }
    assert.equal(codeOf(await shop.run("horus", ["lock", "absent.ipynb", "--json"])), "usage");
    shop.write("notes.txt", "x");
    assert.equal(codeOf(await shop.run("horus", ["lock", "notes.txt", "--json"])), "usage");
  });

  it("refuses a stranger's lock with files of this machine, repositories and false hashes", async () => {
    await shop.run("horus", ["lock", name]);
    const text = bytes();
    const lock = metadata().thoth?.lock as { packages: Record<string, unknown>[] };
    const change = (edit: (packages: Record<string, unknown>[]) => void) => {
      const document = JSON.parse(text) as { metadata: { thoth: { lock: unknown } } };
      const copy = structuredClone(lock);
      edit(copy.packages);
      document.metadata.thoth.lock = copy;
      shop.write(name, JSON.stringify(document));
    };
    type Wheel = { url: string; hashes: { sha256: string } };
    const wheelsOf = (entry: Record<string, unknown> | undefined) => (entry?.["wheels"] ?? []) as Wheel[];
    change((packages) => {
      for (const wheel of wheelsOf(packages[0])) wheel.url = "file:///etc/comm-0.2-py3-none-any.whl";
    });
    assert.equal(codeOf(await shop.run("horus", ["install", name, "--json"])), "path-escape");
    change((packages) => {
      for (const wheel of wheelsOf(packages[0])) wheel.hashes.sha256 = "0".repeat(64);
    });
    assert.equal(codeOf(await shop.run("horus", ["install", name, "--json"])), "hash-mismatch");
    change((packages) => {
      packages[0] = {
        name: "comm",
        version: "0.2",
        vcs: { type: "git", url: "https://example.org/x", "commit-id": "0".repeat(40) },
      };
    });
    assert.equal(codeOf(await shop.run("horus", ["install", name, "--json"])), "invalid-lock");
    change((packages) => {
      packages.length = 0;
      for (let at = 0; at < 30_000; at++) packages.push({ name: `p${at}`, version: "1" });
    });
    assert.equal(codeOf(await shop.run("horus", ["install", name, "--json"])), "limit-exceeded");
  });

  it("changes one notebook one at a time, follows links and leaves nothing behind", async () => {
    const both = await Promise.all([
      shop.run("horus", ["lock", name]),
      shop.run("horus", ["lock", name, "--force"]),
    ]);
    assert.deepEqual(
      both.map(({ status }) => status),
      [0, 0],
    );
    assert.ok(metadata().thoth !== undefined);
    mkdirSync(join(shop.folder, "links"), { recursive: true });
    const link = join(shop.folder, "links", "linked.ipynb");
    symlinkSync(join("..", name), link);
    assert.equal(
      (await shop.run("horus", ["requirements", "links/linked.ipynb", "--add", "alpha"])).status,
      0,
    );
    assert.match(metadata().requirements ?? "", /alpha/);
    const left = spawnSync("find", [shop.folder, "-name", ".*horus*", "-o", "-name", "*.tmp"], {
      encoding: "utf8",
    });
    assert.equal(left.stdout, "");
    rmSync(link);
  });

  it("leaves a read-only notebook alone", async () => {
    chmodSync(join(shop.folder, name), 0o444);
    const before = bytes();
    const result = await shop.run("horus", ["lock", name, "--json"]);
    assert.equal(codeOf(result), "file-failed");
    assert.equal(result.status, 3);
    assert.equal(bytes(), before);
    rmSync(join(shop.folder, name));
  });
});
