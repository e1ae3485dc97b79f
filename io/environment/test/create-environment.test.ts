// Environments: made once, shared, whole or not at all, and nothing but what the lock says.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { ThothError } from "@thoth/pep";
import { buildWheel, deflateZeros } from "@thoth/testkit";
import type { EnvironmentEvent } from "../src/environment-request.ts";
import { pythonIn, sitePackagesIn } from "../src/installed.ts";
import { temporaryName } from "../src/temporary-folder.ts";
import { interpreter, uv, World, withoutUv } from "./world.ts";

const run = promisify(execFile);
let world: World;

before(async () => {
  world = await World.open();
});

after(async () => {
  await world.close();
});

const alpha = buildWheel({
  name: "alpha",
  version: "1.0",
  entryPoints: "[console_scripts]\nalpha = alpha:main\n",
  files: {
    "alpha/__init__.py": "def main():\n    import sys\n    print('alpha', sys.prefix)\n",
    "alpha-1.0.data/scripts/alpha-script": "#!python\nimport sys\nprint('script', sys.prefix)\n",
    "alpha-1.0.data/data/share/alpha/data.txt": "data\n",
  },
});
const beta = buildWheel({ name: "Beta.Two", version: "2.0+local.1" });

/** The environment's own answer to what it is and imports. */
async function ask(python: string, program: string): Promise<string> {
  return (await run(python, ["-I", "-c", program])).stdout.trim();
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ThothError, `an error was expected, not ${String(error)}`);
  return error.code;
}

for (const program of ["uv", "pip"] as const) {
  describe(`with ${program}`, { skip: program === "uv" && withoutUv }, () => {
    test("a lock becomes an environment that works where it lies", async () => {
      const here = await World.open();
      const lock = await here.lock([alpha, beta]);
      const events: EnvironmentEvent[] = [];
      const made = await here.create(lock, {
        uv: program === "uv" ? uv : false,
        report: (event) => events.push(event),
      });
      assert.equal(made.created, true);
      assert.deepEqual(made.packages, [
        { name: "alpha", version: "1.0" },
        { name: "beta-two", version: "2.0+local.1" },
      ]);
      assert.equal(await ask(made.python, "import alpha, beta_two, sys; print(sys.prefix)"), made.path);
      assert.equal((await run(join(made.path, "bin", "alpha"))).stdout.trim(), `alpha ${made.path}`);
      assert.equal((await run(join(made.path, "bin", "alpha-script"))).stdout.trim(), `script ${made.path}`);
      assert.equal(await readFile(join(made.path, "share", "alpha", "data.txt"), "utf8"), "data\n");
      const installing = events.find((event) => event.kind === "installing");
      assert.deepEqual(installing, { kind: "installing", total: 2, program });
      assert.deepEqual(await here.listRoot(), [basename(made.path)]);
      await here.close();
    });

    test("RECORD agrees with every installed file, also those that were moved", async () => {
      const here = await World.open();
      const made = await here.create(await here.lock([alpha]), { uv: program === "uv" ? uv : false });
      const check = `
import base64, csv, hashlib, os, sys
site = [p for p in sys.path if p.endswith("site-packages")][0]
bad = []
for path, digest, size in csv.reader(open(os.path.join(site, "alpha-1.0.dist-info", "RECORD"))):
    if digest:
        data = open(os.path.join(site, path), "rb").read()
        found = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        if digest != "sha256=" + found: bad.append(path)
        if b"/." in data and b"thoth" not in data and path.startswith(".."): bad.append("old path in " + path)
print(bad)`;
      assert.equal(await ask(made.python, check), "[]");
      await here.close();
    });

    test("a folder with blanks, quotes and letters beyond ASCII in its path", async () => {
      const here = await World.open();
      const root = join(here.folder, "a b 'c' é #");
      const made = await here.create(await here.lock([alpha]), { uv: program === "uv" ? uv : false, root });
      assert.equal(await ask(made.python, "import alpha, sys; print(sys.prefix)"), made.path);
      assert.equal((await run(join(made.path, "bin", "alpha"))).stdout.trim(), `alpha ${made.path}`);
      await here.close();
    });

    test("a plain folder", async () => {
      const here = await World.open();
      const target = join(here.folder, "target");
      const lock = await here.lock([alpha, beta]);
      const options = { uv: program === "uv" ? (uv as string) : (false as const), target };
      assert.equal((await here.create(lock, options)).created, true);
      const path = `import sys; sys.path.insert(0, ${JSON.stringify(target)}); import alpha, beta_two; print(alpha.__file__)`;
      assert.equal(await ask(interpreter.path, path), join(target, "alpha", "__init__.py"));
      assert.equal((await here.create(lock, options)).created, false);
      const smaller = await here.create(await here.lock([beta]), options);
      assert.deepEqual(smaller.packages, [{ name: "beta-two", version: "2.0+local.1" }]);
      await assert.rejects(readFile(join(target, "alpha", "__init__.py")));
      await writeFile(join(target, "mine.txt"), "mine");
      assert.equal(await codeOf(here.create(lock, options)), "usage");
      assert.equal(await readFile(join(target, "mine.txt"), "utf8"), "mine");
      const left = (await run("ls", ["-A", here.folder])).stdout
        .split("\n")
        .filter((name) => name.startsWith("."));
      assert.deepEqual(left, []);
      await here.close();
    });
  });
}

describe("sharing", () => {
  test("the same lock again is the same environment, another one is another", async () => {
    const lock = await world.lock([alpha, beta]);
    const first = await world.create(lock);
    const second = await world.create(lock);
    assert.equal(second.created, false);
    assert.equal(second.path, first.path);
    const other = await world.create(await world.lock([alpha]));
    assert.notEqual(other.path, first.path);
  });

  test("one that was changed by hand is made again", async () => {
    const lock = await world.lock([beta]);
    const first = await world.create(lock);
    const sitePackages = await sitePackagesIn(first.path);
    await mkdir(join(sitePackages ?? "", "gamma-1.0.dist-info"));
    const second = await world.create(lock);
    assert.equal(second.created, true);
    assert.equal(second.path, first.path);
    assert.equal((await world.create(lock)).created, false);
  });

  test("an empty lock is an environment too", async () => {
    const made = await world.create(await world.lock([]));
    assert.deepEqual(made.packages, []);
    assert.equal(await ask(made.python, "print(1)"), "1");
  });

  test("two at once in one process, and three processes at once", async () => {
    const here = await World.open();
    const lock = await here.lock([alpha, beta]);
    const [left, right] = await Promise.all([here.create(lock), here.create(lock)]);
    assert.equal(left.path, right.path);
    assert.equal(Number(left.created) + Number(right.created), 1);
    await rm(left.path, { recursive: true });
    const results = await Promise.all([1, 2, 3].map(() => finished(startMaker(here))));
    const answers = results.map(({ stdout }) => JSON.parse(stdout) as { path: string; created: boolean });
    assert.deepEqual(new Set(answers.map(({ path }) => path)), new Set([left.path]));
    assert.equal(answers.filter(({ created }) => created).length, 1);
    assert.deepEqual(await here.listRoot(), [basename(left.path)]);
    await here.close();
  });
});

/** A process that makes the environment of the wheels in the world's folder. */
function startMaker(here: World) {
  const program = fileURLToPath(new URL("./make-environment.ts", import.meta.url));
  return spawn(process.execPath, [program, here.folder], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
}

function finished(child: ReturnType<typeof startMaker>): Promise<{ stdout: string }> {
  return new Promise((resolve) => {
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.on("close", () => resolve({ stdout }));
  });
}

describe("when it goes wrong nothing is left behind", () => {
  test("killed at any moment, and the next one clears away", async () => {
    const here = await World.open();
    const lock = await here.lock([alpha, beta]);
    for (const delay of [250, 400, 550, 800]) {
      const maker = startMaker(here);
      const end = finished(maker);
      await pause(delay);
      if (maker.pid !== undefined && maker.exitCode === null) process.kill(-maker.pid, "SIGKILL");
      await end;
      for (const name of await here.listRoot()) {
        // Only a whole environment has a name.
        if (!name.startsWith(".")) await readFile(join(here.root, name, "thoth-environment.json"));
      }
    }
    const made = await here.create(lock);
    assert.equal(await ask(made.python, "import alpha, beta_two; print(1)"), "1");
    if (made.created) assert.deepEqual(await here.listRoot(), [basename(made.path)]);
    await here.close();
  });

  test("leftovers of a process that is gone are removed, those of a living one are not", async () => {
    const here = await World.open();
    const gone = temporaryName().replace(/-\d{10}-/, "-0004194300-");
    const alive = temporaryName().replace(/-\d{10}-/, "-0000000001-");
    await mkdir(join(here.root, gone, "deep"), { recursive: true });
    await mkdir(join(here.root, alive), { recursive: true });
    const made = await here.create(await here.lock([beta]));
    assert.deepEqual(await here.listRoot(), [alive, basename(made.path)].sort());
    await here.close();
  });

  test("a lock whose holder is gone does not hold", async () => {
    const here = await World.open();
    const lock = await here.lock([beta]);
    const made = await here.create(lock);
    const holder = { pid: 4194300, host: (await import("node:os")).hostname(), began: "1" };
    await rm(made.path, { recursive: true });
    await writeFile(join(here.root, `.${basename(made.path)}.lock`), JSON.stringify(holder));
    assert.equal((await here.create(lock)).created, true);
    assert.deepEqual(await here.listRoot(), [basename(made.path)]);
    await here.close();
  });

  test("interrupted", async () => {
    const here = await World.open();
    const stop = new AbortController();
    const work = here.create(await here.lock([alpha, beta]), { signal: stop.signal });
    // Once something is there to be left behind.
    const watch = setInterval(
      () => existsSync(here.root) && readdirSync(here.root).length > 0 && stop.abort(),
      1,
    );
    stop.signal.addEventListener("abort", () => clearInterval(watch));
    // The signal's own reason, or that of a program that it ended.
    await assert.rejects(
      work,
      (error) => error === stop.signal.reason || (error as ThothError).code === "interrupted",
    );
    assert.deepEqual(await here.listRoot(), []);
    await here.close();
  });

  const hostile = {
    "hash-mismatch": { ...beta, lie: "0".repeat(64) },
    "path-escape": buildWheel({ name: "beta", version: "1.0", files: { "../../evil.py": "x" } }),
    "limit-exceeded": buildWheel({
      name: "beta",
      version: "1.0",
      files: { "beta/zeros": deflateZeros(1 << 30) },
    }),
    "metadata-mismatch": buildWheel({
      name: "beta",
      version: "1.0",
      metadataText: "Metadata-Version: 2.1\nName: beta\nVersion: 9\n",
    }),
    "invalid-wheel": { ...beta, bytes: Buffer.from("<html>") },
  } as const;
  for (const [code, wheel] of Object.entries(hostile)) {
    test(`a wheel with ${code}`, async () => {
      const here = await World.open();
      assert.equal(await codeOf(here.create(await here.lock([alpha, wheel]))), code);
      assert.deepEqual(await here.listRoot(), []);
      const target = join(here.folder, "target");
      assert.equal(await codeOf(here.create(await here.lock([alpha, wheel]), { target })), code);
      assert.equal((await run("ls", ["-A", here.folder])).stdout.includes("target"), false);
      await here.close();
    });
  }

  test("a wheel for another machine, a lock for another Python, a missing file", async () => {
    const here = await World.open();
    const odd = buildWheel({ name: "beta", version: "1.0", tag: "cp27-cp27m-win32" });
    assert.equal(await codeOf(here.create(await here.lock([odd]))), "no-matching-artifact");
    const lock = await here.lock([beta]);
    await rename(join(here.folder, "files"), join(here.folder, "moved"));
    const code = await codeOf(here.create(lock));
    assert.ok(
      ["file-failed", "index-unreachable", "no-matching-artifact", "package-not-found"].includes(code),
      code,
    );
    assert.deepEqual(await here.listRoot(), []);
    await here.close();
  });

  test("a folder that cannot be written", {
    skip: process.getuid?.() === 0 && "root may write everywhere",
  }, async () => {
    const here = await World.open();
    await mkdir(here.root);
    await chmod(here.root, 0o500);
    assert.equal(await codeOf(here.create(await here.lock([beta]))), "file-failed");
    await here.close();
  });

  test("a file where the folder should be", async () => {
    const here = await World.open();
    await writeFile(here.root, "mine");
    assert.equal(await codeOf(here.create(await here.lock([beta]))), "file-failed");
    assert.equal(await readFile(here.root, "utf8"), "mine");
    await here.close();
  });

  test("a target that is a file, holds other files, or is a link to such a folder", async () => {
    const here = await World.open();
    const lock = await here.lock([beta]);
    const file = join(here.folder, "file");
    await writeFile(file, "mine");
    assert.equal(await codeOf(here.create(lock, { target: file })), "usage");
    const full = join(here.folder, "full");
    await mkdir(full);
    await writeFile(join(full, "mine.py"), "mine");
    const link = join(here.folder, "link");
    await symlink(full, link);
    assert.equal(await codeOf(here.create(lock, { target: full })), "usage");
    assert.equal(await codeOf(here.create(lock, { target: link })), "usage");
    assert.equal(await readFile(join(full, "mine.py"), "utf8"), "mine");
    await here.close();
  });
});

test("the user's own settings of pip and uv change nothing", async () => {
  const here = await World.open();
  const kept = { ...process.env };
  Object.assign(process.env, {
    PIP_TARGET: join(here.folder, "elsewhere"),
    PIP_REQUIRE_VIRTUALENV: "1",
    PYTHONPATH: here.folder,
    UV_TARGET: join(here.folder, "elsewhere"),
  });
  try {
    const made = await here.create(await here.lock([beta]));
    assert.equal(await ask(pythonIn(made.path), "import beta_two; print(1)"), "1");
  } finally {
    process.env = kept;
  }
  await here.close();
});

test("the address of a wheel in a lock may be a path beside it", async () => {
  const here = await World.open();
  const lock = await here.lock([beta]);
  const entry = lock.packages[0]!;
  const { url: _, ...wheel } = entry.wheels![0]!;
  const relative = {
    ...lock,
    packages: [{ ...entry, wheels: [{ ...wheel, path: `files/${beta.filename}` }] }],
  };
  const made = await here.create(relative, { lockDirectory: here.folder });
  assert.equal(made.created, true);
  assert.ok(pathToFileURL(made.path).href.startsWith("file:"));
  await here.close();
});
