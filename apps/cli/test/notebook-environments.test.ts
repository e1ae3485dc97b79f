// A notebook locked for several environments: what it carries, what each command makes of it here, and what happens on a
// machine that is not among them.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { parsePylock, selectPylock, targetEnvironment } from "@thoth/pep";
import { buildWheel, findPeer } from "@thoth/testkit";
import { codeOf, documentOf, notebookText, openWorkshop, type Workshop } from "./workshop.ts";

interface Locked {
  readonly changed: boolean;
  readonly python: string;
  readonly environments?: readonly string[];
  readonly packages: readonly { name: string; version: string; marker?: string; elsewhere?: boolean }[];
  readonly moved?: readonly {
    name: string;
    from: string;
    to: string;
    environments: readonly string[];
    why?: string;
  }[];
  readonly objective: readonly { level: string; value: number }[];
  readonly proof?: string;
}

interface Status {
  readonly state: string;
  readonly environments: readonly { name: string; here: boolean }[];
  readonly packages: readonly { name: string; locked?: string; installed?: string }[];
}

const execute = promisify(execFile);
const uv = findPeer("uv");
const TAGS = ["manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "macosx_11_0_arm64", "win_amd64"];
const PLATFORMS = {
  "linux-x86_64": "x86_64-unknown-linux-gnu",
  "linux-aarch64": "aarch64-unknown-linux-gnu",
  "macos-arm64": "aarch64-apple-darwin",
  "windows-x86_64": "x86_64-pc-windows-msvc",
};
const PYTHONS = ["3.11", "3.12", "3.13"];
const isLinux = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
const HERE = process.arch === "arm64" ? "linux-aarch64" : "linux-x86_64";
const OTHERS = ["--environment", "macos-arm64", "--environment", "windows-x86_64"];

describe("a notebook locked for several environments", {
  skip: !isLinux && "it is written for Linux",
}, () => {
  let shop: Workshop;
  const name = "shared.ipynb";
  before(async () => {
    shop = await openWorkshop();
    const { index } = shop;
    const wheels = (project: string, version: string, tags: readonly string[], requires: string[] = []) =>
      tags.map((tag) => buildWheel({ name: project, version, tag: `py3-none-${tag}`, requires }));
    // The newest is not for Linux.
    index.offer("native", {
      files: [
        ...wheels("native", "1.0", TAGS, ["helper"]),
        ...wheels("native", "2.0", TAGS.slice(2), ["helper"]),
      ],
    });
    index.offer("helper", {
      files: ["1.0", "2.0"].map((version) => buildWheel({ name: "helper", version })),
    });
    index.offer("winonly", { files: [buildWheel({ name: "winonly", version: "1.0" })] });
    index.offer("mixed", {
      files: [
        buildWheel({
          name: "mixed",
          version: "1.0",
          requires: [
            "winonly ; sys_platform == 'win32'",
            "beta<2 ; sys_platform != 'win32'",
            "beta>=2 ; sys_platform == 'win32'",
          ],
        }),
      ],
    });
  });
  after(() => shop.close());
  beforeEach(() => write({ native: "*" }));

  const write = (packages: object) =>
    shop.write(
      name,
      notebookText(["1 + 1"], {
        requirements: JSON.stringify({ packages, "dev-packages": {}, source: [], requires: {} }),
      }),
    );
  const run = async (...words: string[]) => {
    const result = await shop.run("horus", words);
    assert.equal(result.status, 0, result.stderr);
    return result;
  };
  const lock = async (...words: string[]) =>
    documentOf(await run("lock", name, ...words, "--json"), "horus lock") as unknown as Locked;
  const status = async () =>
    documentOf(await run("status", name, "--json"), "horus status") as unknown as Status;
  interface Metadata {
    readonly requirements_lock: string;
    readonly thoth: { readonly advice: { readonly environments?: readonly string[] } };
  }
  const metadata = () =>
    (JSON.parse(readFileSync(join(shop.folder, name), "utf8")) as { metadata: Metadata }).metadata;
  const versions = ({ packages }: Pick<Locked, "packages">, project: string) =>
    packages.filter((item) => item.name === project).map(({ version }) => version);

  it("carries one lock for all, which is kept, and says what it is for", async () => {
    const locked = await lock("--environment", "default");
    const names = Object.keys(PLATFORMS).map((platform) => `${locked.python}:${platform}`);
    assert.deepEqual(locked.environments, names.sort());
    assert.deepEqual(versions(locked, "native"), ["1.0"]);
    assert.equal(locked.proof, "optimal");
    assert.deepEqual(metadata().thoth.advice.environments, names);
    assert.equal((await lock()).changed, false);
    assert.equal((await lock("--environment", "default")).changed, false);
    const { environments, state } = await status();
    assert.equal(state, "uninstalled");
    assert.deepEqual(
      environments,
      names.map((one) => ({ name: one, here: one.endsWith(HERE) })),
    );
    const { stdout } = await run("check", name);
    assert.ok(names.every((one) => stdout.includes(one)));
  });

  it("stays for them when its requirements change", async () => {
    await lock("--environment", "default");
    await run("requirements", name, "--add", "alpha");
    const again = await lock();
    assert.equal(again.environments?.length, 4);
    assert.deepEqual(versions(again, "alpha"), ["2.0"]);
    // Whoever names a Python asks for that one.
    const alone = await lock("--python-version", again.python, "--force");
    assert.equal(alone.environments, undefined);
    assert.equal(metadata().thoth.advice.environments, undefined);
  });

  it("is installed here without what is for others, and exported to each tool", async () => {
    write({ mixed: "*" });
    const locked = await lock("--environment", "default");
    assert.deepEqual(versions(locked, "beta").sort(), ["1.0", "2.0"]);
    const elsewhere = locked.packages.filter((item) => item.elsewhere === true);
    assert.deepEqual(elsewhere.map((item) => `${item.name} ${item.version}`).sort(), [
      "beta 2.0",
      "winonly 1.0",
    ]);
    const installed = documentOf(await run("install", name, "--json"), "horus install") as unknown as {
      packages: { name: string; version: string }[];
      moved?: unknown;
    };
    assert.equal(installed.moved, undefined);
    const stack = ["beta 1.0", "comm 0.2", "ipykernel 7.0", "mixed 1.0"];
    assert.deepEqual(installed.packages.map(({ name: one, version }) => `${one} ${version}`).sort(), stack);
    const { state, packages } = await status();
    assert.equal(state, "ready");
    assert.deepEqual(packages.map((row) => `${row.name} ${row.locked}`).sort(), stack);
    assert.ok(packages.every((row) => row.installed === row.locked));
    const checked = documentOf(await run("check", name, "--json"), "horus check") as unknown as {
      results: { key: string; type: string }[];
    };
    assert.equal(checked.results.find(({ key }) => key === "kernel_check")?.type, "INFO");
    // A Pipfile.lock has room for one beta.
    const refused = await shop.run("horus", ["export", name, "--format", "pipfile-lock", "--json"]);
    assert.equal(codeOf(refused), "usage");
    for (const words of [
      ["fix", name],
      ["run", name, "--heal"],
    ])
      assert.equal(codeOf(await shop.run("horus", [...words, "--json"])), "usage", words.join(" "));
    const inBlock = (await run("export", name, "--format", "pep723")).stdout;
    assert.match(inBlock, /beta==1\.0 ; sys_platform != \\?"win32/);
    const conda = (await run("export", name, "--format", "environment.yml")).stdout;
    assert.match(conda, /winonly==1\.0 ; sys_platform == .*win32/);
    const folder = join(shop.home, "binder-of-shared");
    await run("export", name, "--format", "binder", "-o", folder);
    const binder = readFileSync(join(folder, "binder", "requirements.txt"), "utf8");
    assert.match(binder, /^beta==1\.0 \\$/m);
    assert.ok(!binder.includes("winonly"));
  });

  it("has a Pipfile.lock with markers where each package has one version", async () => {
    write({ mixed: "*", beta: "<2 ; sys_platform != 'win32'", winonly: "*" });
    await lock(...OTHERS.slice(0, 2), "--environment", HERE);
    const { default: entries } = JSON.parse((await run("export", name, "--format", "pipfile-lock")).stdout);
    assert.deepEqual(Object.keys(entries).sort(), ["beta", "comm", "ipykernel", "mixed", "winonly"]);
    write({ native: "*", winonly: { version: "*", markers: "sys_platform == 'win32'" } });
    await lock("--environment", "default");
    assert.equal(JSON.parse(metadata().requirements_lock).default.winonly.markers, 'sys_platform == "win32"');
  });

  it("runs its bootstrap cell with what is for the kernel", async () => {
    write({ mixed: "*" });
    await lock("--environment", "default");
    const cell = (await run("export", name, "--format", "bootstrap")).stdout;
    const stop = cell.indexOf("    try:\n        from importlib import metadata");
    assert.ok(stop > 0);
    const shown = `${cell.slice(0, stop)}    print(sorted((name, pins[name][0]) for name in pins))\n\n_install_lock()\n`;
    const done = spawnSync("python3", ["-"], { input: shown, encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    assert.equal(done.stdout.trim(), "[('beta', '1.0'), ('mixed', '1.0')]");
  });

  it("is locked for a machine outside the list with the same versions, and tells the difference", async () => {
    const locked = await lock(...OTHERS);
    assert.deepEqual(versions(locked, "native"), ["2.0"]);
    const here = `${locked.python}:${HERE}`;
    const before = readFileSync(join(shop.folder, name), "utf8");
    const unfit = await status();
    assert.equal(unfit.state, "unfit");
    assert.ok(unfit.environments.every((one) => !one.here));
    // Newer than what the lock has: not taken.
    shop.index.offer("helper", {
      files: ["1.0", "2.0", "3.0"].map((version) => buildWheel({ name: "helper", version })),
    });
    const anew = ["--cache-dir", join(shop.home, "anew")];
    const moved = [
      { name: "native", from: "2.0", to: "1.0", environments: [here], why: "no wheel for this platform" },
    ];
    const installed = documentOf(
      await run("install", name, ...anew, "--json"),
      "horus install",
    ) as unknown as {
      packages: { name: string; version: string }[];
      moved?: unknown;
    };
    assert.deepEqual(installed.moved, moved);
    assert.deepEqual(installed.packages.map(({ name: one, version }) => `${one} ${version}`).sort(), [
      "comm 0.2",
      "helper 2.0",
      "ipykernel 7.0",
      "native 1.0",
    ]);
    assert.equal(readFileSync(join(shop.folder, name), "utf8"), before);
    const shown = await run("install", name, ...anew);
    assert.match(shown.stderr, /native 2\.0 → 1\.0 for .*: no wheel for this platform/);
    // Into the notebook, beside those that it was for.
    const wider = await lock(...anew);
    assert.deepEqual(wider.moved, moved);
    assert.deepEqual(versions(wider, "native").sort(), ["1.0", "2.0"]);
    assert.deepEqual(versions(wider, "helper"), ["2.0"]);
    assert.deepEqual(wider.environments, [...(locked.environments ?? []), here].sort());
    assert.equal(wider.objective.find(({ level }) => level === "change")?.value, 1);
    assert.equal(wider.proof, "optimal");
    assert.equal((await lock()).changed, false);
    const renewed = await lock("--force", ...anew);
    assert.deepEqual(versions(renewed, "native"), ["1.0"]);
    assert.deepEqual(versions(renewed, "helper"), ["3.0"]);
  });

  it("refuses what does not go with it", async () => {
    for (const words of [
      ["--environment", "default", "--engine", "pip"],
      ["--environment", "default", "--platform", "linux"],
      ["--environment", "atari"],
    ])
      assert.equal(
        codeOf(await shop.run("horus", ["lock", name, ...words, "--json"])),
        "usage",
        words.join(" "),
      );
  });

  it("takes names of environments from a stranger for what they are", async () => {
    await lock(...OTHERS);
    const text = readFileSync(join(shop.folder, name), "utf8");
    for (const environments of [["$(id):x y"], [7, null], "default"]) {
      const notebook = JSON.parse(text);
      notebook.metadata.thoth.advice.environments = environments;
      shop.write(name, JSON.stringify(notebook));
      const result = await shop.run("horus", ["lock", name, "--json"]);
      if (result.status !== 0) assert.equal(codeOf(result), "usage");
      else assert.equal((result.json as Locked).environments?.length, 3);
    }
  });

  it("is exported as a pylock.toml and requirements that uv installs on each platform and Python", {
    skip: uv === undefined && "uv is not on this machine",
  }, async () => {
    write({ mixed: "*", native: "*" });
    const locked = await lock(...PYTHONS.flatMap((python) => ["--environment", `${python}:default`]));
    assert.equal(locked.environments?.length, 12);
    const conda = (await run("export", name, "--format", "environment.yml")).stdout;
    assert.match(conda, /python=3\.1[123]/);
    for (const [form, file] of [
      ["pylock", "pylock.toml"],
      ["requirements", "locked.txt"],
    ] as const) {
      const path = join(shop.folder, file);
      await run("export", name, "--format", form, "-o", path);
      const written = parsePylock((await run("export", name, "--format", "pylock")).stdout);
      for (const [python, [platform, triple]] of PYTHONS.flatMap((one) =>
        Object.entries(PLATFORMS).map((pair) => [one, pair] as const),
      )) {
        const words = ["pip", "install", "--dry-run", "--no-config", "--preview-features", "pylock"];
        const options = ["--python-version", python, "--python-platform", triple, "--only-binary", ":all:"];
        const places = ["--target", join(shop.home, "t"), "--cache-dir", join(shop.home, "c"), "-r", path];
        const groups = form === "pylock" ? [] : ["--require-hashes", "--no-deps"];
        // The index answers from this process.
        const done = await execute(uv as string, [...words, ...options, ...groups, ...places]);
        const target = targetEnvironment({ pythonVersion: python, platform });
        const chosen = selectPylock(written, target).map(
          ({ package: { name: one, version } }) => `${one}==${version?.text}`,
        );
        const planned = [...done.stderr.matchAll(/^ \+ (\S+)/gm)].map(([, pin]) => pin);
        assert.deepEqual(planned.sort(), chosen.sort(), `${form} ${python} ${platform}`);
      }
    }
  });
});
