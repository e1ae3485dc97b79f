// `thoth s2i assemble` in a folder that stands for a builder image: what is advised, what is installed, what happens where that
// fails, and what the next build need not fetch.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  buildWheel,
  type CommandResult,
  findPeer,
  type IndexServer,
  runCommand,
  startIndex,
} from "@thoth/testkit";
import { assertCode, assertDocument, makeFolder, makeHome } from "../support.ts";

const ONE = buildWheel({ name: "alpha", version: "1.0", requires: ["beta"] });
const TWO = buildWheel({ name: "alpha", version: "2.0", requires: ["beta"] });
const BETA = buildWheel({ name: "beta", version: "1.0" });
const KERNEL = buildWheel({ name: "ipykernel", version: "7.0" });

const home = makeHome();
const uv = findPeer("uv");
/** Whatever was asked before is forgotten, as in an image; uv, where it is, only because it is quicker than pip. */
const anew = () => ({
  THOTH_CACHE_DIR: makeFolder(home),
  ...(uv === undefined ? {} : { PATH: [dirname(uv), process.env["PATH"]].join(delimiter) }),
});
let index: IndexServer;

before(async () => {
  index = await startIndex();
});
beforeEach(() => {
  index.offer("alpha", [ONE]);
  index.offer("beta", [BETA]);
  index.offer("ipykernel", [KERNEL]);
  for (const { filename } of [ONE, TWO, BETA]) index.spoil(`/files/${filename}`);
});
after(async () => await index.close());

interface Place {
  readonly root: string;
  readonly destination: string;
}

interface State {
  readonly environment: string | null;
  readonly notebooks: readonly {
    readonly path: string;
    readonly kernel: string;
    readonly environment: string;
  }[];
}

function place(files: Readonly<Record<string, string>>): Place {
  const folder = makeFolder(home);
  const root = join(folder, "app-root");
  const destination = join(folder, "tmp");
  mkdirSync(join(root, "src"), { recursive: true });
  mkdirSync(join(destination, "src"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(destination, "src", name, ".."), { recursive: true });
    writeFileSync(join(destination, "src", name), text);
  }
  return { root, destination };
}

async function assemble(
  { root, destination }: Place,
  variables: Readonly<Record<string, string>> = {},
  builder = "python",
): Promise<CommandResult> {
  return await runCommand("thoth", ["s2i", "assemble", "--json"], {
    home,
    env: {
      THOTH_S2I_BUILDER: builder,
      THOTH_S2I_ROOT: root,
      THOTH_S2I_DESTINATION: destination,
      THOTH_INDEX_URL: index.indexUrl,
      ...anew(),
      THOTH_DATA_DIR: makeFolder(home),
      ...variables,
    },
  });
}

function assembled(result: CommandResult): State {
  assert.equal(result.status, 0, result.stderr + result.stdout);
  assertDocument("thoth s2i", result.json);
  return result.json as State;
}

/** Versions in the environment. */
function packages({ root }: Place, environment: string): string[] {
  const { packages: found } = JSON.parse(
    readFileSync(join(root, environment, "thoth-environment.json"), "utf8"),
  ) as { readonly packages: readonly { readonly name: string; readonly version: string }[] };
  return found.map(({ name, version }) => `${name} ${version}`);
}

async function lockOf(requirements: string, name = "pylock.toml"): Promise<string> {
  const folder = makeFolder(home, { "requirements.in": requirements });
  const words = ["lock", "requirements.in", "-o", name, "--index-url", index.indexUrl];
  const { status, stderr } = await runCommand("thoth", words, { home, cwd: folder, env: anew() });
  assert.equal(status, 0, stderr);
  return readFileSync(join(folder, name), "utf8");
}

async function lockedNotebook(needs: Readonly<Record<string, string>>, kernel = "analysis"): Promise<string> {
  const folder = makeFolder(home, { "one.ipynb": notebook(needs, kernel) });
  const words = ["lock", "one.ipynb", "--index-url", index.indexUrl];
  const { status, stderr } = await runCommand("horus", words, { home, cwd: folder, env: anew() });
  assert.equal(status, 0, stderr);
  return readFileSync(join(folder, "one.ipynb"), "utf8");
}

function notebook(needs: Readonly<Record<string, string>>, kernel: string): string {
  return JSON.stringify({
    cells: [],
    metadata: {
      kernelspec: { display_name: "Analysis", language: "python", name: kernel },
      requirements: { packages: needs, requires: {}, sources: [] },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

describe("an application", () => {
  test("gets what is advised, and the lock of the repository where nobody asks for advice", async () => {
    const files = { "requirements.in": "alpha\n", "pylock.toml": await lockOf("alpha") };
    index.offer("alpha", [ONE, TWO]);
    const advised = place(files);
    const { environment } = assembled(await assemble(advised));
    assert.deepEqual(packages(advised, environment!), ["alpha 2.0", "beta 1.0"]);
    assert.match(readFileSync(join(advised.root, "src/pylock.toml"), "utf8"), /version = "2\.0"/);
    assert.deepEqual(readdirSync(join(advised.destination, "src")), []);
    for (const variables of [{ THOTH_ADVISE: "0" }, { THOTH_DRY_RUN: "1" }, { THOTH_OFF: "1" }]) {
      const kept = place(files);
      const state = assembled(await assemble(kept, variables));
      assert.deepEqual(packages(kept, state.environment!), ["alpha 1.0", "beta 1.0"]);
      assert.equal(readFileSync(join(kept.root, "src/pylock.toml"), "utf8"), files["pylock.toml"]);
    }
  });

  test("falls back to the lock of the repository, which is as it was", async () => {
    for (const name of ["pylock.toml", "Pipfile.lock", "requirements.txt"]) {
      const files = { "requirements.in": "alpha\n", [name]: await lockOf("alpha", name) };
      index.offer("alpha", [ONE, TWO]);
      // Advice is had, and cannot be installed.
      index.spoil(`/files/${TWO.filename}`, { kind: "status", status: 404 });
      const failed = await assemble(place(files));
      const { hint } = assertCode(
        failed,
        "index-unreachable",
        "not-found",
        "no-matching-artifact",
        "index-response-invalid",
      );
      assert.match(hint ?? "", /THOTH_ERROR_FALLBACK=1/);
      index.spoil(`/files/${TWO.filename}`, { kind: "status", status: 404 });
      const there = place(files);
      const state = assembled(await assemble(there, { THOTH_ERROR_FALLBACK: "1" }));
      assert.deepEqual(packages(there, state.environment!), ["alpha 1.0", "beta 1.0"]);
      assert.equal(readFileSync(join(there.root, "src", name), "utf8"), files[name as "pylock.toml"]);
      index.offer("alpha", [ONE]);
    }
  });

  test("without a lock to fall back on fails, and says so", async () => {
    const files = { "requirements.in": "alpha==9\n" };
    const { hint } = assertCode(
      await assemble(place(files), { THOTH_ERROR_FALLBACK: "1" }),
      "unsatisfiable",
      "package-not-found",
    );
    assert.match(hint ?? "", /no lock of `requirements\.in` to fall back on/);
    const unlocked = assertCode(await assemble(place(files), { THOTH_ADVISE: "0" }), "lock-out-of-date");
    assert.match(unlocked.hint ?? "", /thoth lock requirements\.in/);
  });

  test("is not installed from files that are not those of the lock, or from a lock that is none", async () => {
    const lock = await lockOf("alpha");
    const wrong = lock.replace(/sha256 = "[0-9a-f]{8}/g, 'sha256 = "00000000');
    const variables = { THOTH_ADVISE: "0", THOTH_PROVENANCE_CHECK: "0" };
    for (const [text, code] of [
      [wrong, "hash-mismatch"],
      [`${lock}\n[[packages`, "invalid-lock"],
    ] as const) {
      const there = place({ "pylock.toml": text });
      assertCode(await assemble(there, variables), code);
      assert.ok(!existsSync(join(there.root, "assembled.json")));
    }
    const elsewhere = lock
      .replace(/^environments = .*\n/m, "")
      .replace(/^requires-python = .*/m, 'requires-python = "<3"');
    const { hint } = assertCode(
      await assemble(place({ "pylock.toml": elsewhere }), variables),
      "no-matching-artifact",
    );
    assert.match(hint ?? "", /This builder has Python/);
    const checked = assertCode(
      await assemble(place({ "pylock.toml": wrong }), { THOTH_ADVISE: "0" }),
      "hash-mismatch",
    );
    assert.match(checked.hint ?? "", /THOTH_PROVENANCE_CHECK=0/);
  });

  test("takes the lock that is named, where there are several", async () => {
    const pipenv = await lockOf("alpha", "Pipfile.lock");
    index.offer("alpha", [ONE, TWO]);
    const files = { "Pipfile.lock": pipenv, "pylock.toml": await lockOf("alpha") };
    const chosen = [];
    for (const variables of [{}, { ENABLE_PIPENV: "1" }, { THOTH_S2I_LOCK: "Pipfile.lock" }]) {
      const there = place(files);
      const state = assembled(await assemble(there, { THOTH_ADVISE: "0", ...variables }));
      chosen.push(packages(there, state.environment!)[0]);
    }
    assert.deepEqual(chosen, ["alpha 2.0", "alpha 1.0", "alpha 1.0"]);
    assertCode(await assemble(place(files), { THOTH_S2I_LOCK: "uv.lock" }), "usage");
  });

  test("is not built for another Python than its settings say", async () => {
    const settings = 'runtime_environments:\n  - name: old\n    python_version: "3.6"\n';
    const files = { ".thoth.yaml": settings, "pylock.toml": await lockOf("beta") };
    const { hint } = assertCode(await assemble(place(files)), "invalid-project");
    assert.match(hint ?? "", /THOTH_CONFIG_CHECK=0/);
    const there = place(files);
    assembled(await assemble(there, { THOTH_CONFIG_CHECK: "0", THOTH_ADVISE: "0" }));
    assembled(await assemble(place(files), { THOTH_FORCE_GENERATE_CONFIG: "1", THOTH_ADVISE: "0" }));
  });

  test("needs nothing where it has nothing", async () => {
    const there = place({ "app.py": "print('hello')\n" });
    const { environment } = assembled(await assemble(there));
    assert.deepEqual(packages(there, environment!), []);
    assert.ok(existsSync(join(there.root, "environment/bin/python")));
  });

  test("is told what is set in vain, and refuses what is no answer", async () => {
    const { stderr } = await assemble(place({}), { THOTH_FROM_MASTER: "1" });
    assert.match(stderr, /THOTH_FROM_MASTER has no meaning here/);
    assertCode(await assemble(place({}), { THOTH_ADVISE: "maybe" }), "usage");
    assertCode(await assemble(place({}), {}, ""), "usage");
  });
});

describe("the next build", () => {
  /** As `save-artifacts` and Source-to-Image bring it. */
  function following(before: Place, files: Readonly<Record<string, string>>): Place {
    const there = place(files);
    for (const name of ["environments", "wheels"])
      if (existsSync(join(before.root, name)))
        cpSync(join(before.root, name), join(there.destination, "artifacts", name), {
          recursive: true,
          verbatimSymlinks: true,
        });
    return there;
  }

  const filesAsked = () => index.requests.filter(({ path }) => path.endsWith(".whl")).length;

  test("fetches nothing where the lock is the same, and only what is new where wheels are kept", async () => {
    const variables = { THOTH_ADVISE: "0", THOTH_PROVENANCE_CHECK: "0", THOTH_S2I_KEEP_WHEELS: "1" };
    const old = { "pylock.toml": await lockOf("alpha") };
    const first = place(old);
    // An environment knows its own place, so the second build has that of the first.
    const before = assembled(await assemble(first, variables));
    const asked = filesAsked();
    const moved = following(first, old);
    const again = { root: first.root, destination: moved.destination };
    assert.equal(assembled(await assemble(again, variables)).environment, before.environment);
    assert.equal(filesAsked(), asked);
    index.offer("alpha", [ONE, TWO]);
    const next = following(first, { "pylock.toml": await lockOf("alpha") });
    const { environment } = assembled(await assemble({ ...next, root: first.root }, variables));
    assert.deepEqual(packages(first, environment!), ["alpha 2.0", "beta 1.0"]);
    assert.equal(filesAsked(), asked + 1);
    assert.deepEqual(readdirSync(join(first.root, "environments")), [environment!.split("/")[1]]);
  });
});

describe("notebooks", () => {
  test("get the environments of their locks, and a lock where they have none", async () => {
    const there = place({
      "one.ipynb": await lockedNotebook({ alpha: "*" }),
      "deep/two.ipynb": notebook({ beta: "*" }, "python3"),
      "deep/.ipynb_checkpoints/two-checkpoint.ipynb": "{}",
    });
    const { environment, notebooks } = assembled(await assemble(there, {}, "notebook"));
    assert.equal(environment, null);
    assert.deepEqual(
      notebooks.map(({ path, kernel }) => [path, kernel]),
      [
        ["deep/two.ipynb", "python3"],
        ["one.ipynb", "analysis"],
      ],
    );
    assert.deepEqual(packages(there, notebooks[1]!.environment), ["alpha 1.0", "beta 1.0", "ipykernel 7.0"]);
    const kernels = readdirSync(join(there.root, "share/jupyter/kernels")).sort();
    assert.deepEqual(kernels, ["analysis", "python3"]);
    assertCode(
      await assemble(place({ "two.ipynb": notebook({}, "x") }), { THOTH_ADVISE: "0" }, "notebook"),
      "lock-out-of-date",
    );
  });

  test("that call two environments by one name get two kernels", async () => {
    const files = {
      "one.ipynb": await lockedNotebook({ alpha: "*" }, "python3"),
      "two.ipynb": await lockedNotebook({ beta: "*" }, "python3"),
    };
    const there = place(files);
    const { notebooks } = assembled(await assemble(there, {}, "notebook"));
    assert.deepEqual(
      notebooks.map(({ kernel }) => kernel),
      ["python3", "two"],
    );
    const { metadata } = JSON.parse(readFileSync(join(there.root, "src/two.ipynb"), "utf8")) as {
      metadata: { kernelspec: { name: string } };
    };
    assert.equal(metadata.kernelspec.name, "two");
  });

  test("without locks share that of their project", async () => {
    const files = { "one.ipynb": notebook({}, "x"), "pylock.toml": await lockOf("alpha\nipykernel\n") };
    const there = place(files);
    const { environment, notebooks } = assembled(await assemble(there, {}, "notebook"));
    assert.deepEqual(notebooks, [{ path: "one.ipynb", kernel: "python3", environment }]);
    const bare = { ...files, "pylock.toml": await lockOf("alpha") };
    assertCode(await assemble(place(bare), {}, "notebook"), "kernel-not-found");
  });

  test("fall back to the lock that they had", async () => {
    const locked = await lockedNotebook({ alpha: "*" });
    index.offer("alpha", [ONE, TWO]);
    index.spoil(`/files/${TWO.filename}`, { kind: "status", status: 404 });
    const there = place({ "one.ipynb": locked });
    const variables = { THOTH_ADVISE: "1", THOTH_ERROR_FALLBACK: "1" };
    const { notebooks } = assembled(await assemble(there, variables, "notebook"));
    assert.equal(packages(there, notebooks[0]!.environment)[0], "alpha 1.0");
    assert.equal(readFileSync(join(there.root, "src/one.ipynb"), "utf8"), locked);
  });
});
