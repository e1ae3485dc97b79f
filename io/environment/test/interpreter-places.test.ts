// Where interpreters are looked for: folders as pyenv, uv and conda make them, and the real ones of this machine.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { interpreterCandidates, type SearchPlaces } from "../src/interpreter-candidates.ts";
import { selectInterpreter } from "../src/interpreter-search.ts";

const home = await mkdtemp(join(tmpdir(), "thoth-places-"));
after(() => rm(home, { recursive: true, force: true }));

const windows = process.platform === "win32";

async function make(prefix: string): Promise<string> {
  const folder = windows ? prefix : join(prefix, "bin");
  await mkdir(folder, { recursive: true });
  const path = join(folder, windows ? "python.exe" : "python3");
  await writeFile(path, "");
  return path;
}

async function candidates(places: Partial<SearchPlaces>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const path of interpreterCandidates({ variables: {}, home, directory: home, ...places }))
    found.push(path);
  return found;
}

test("those of pyenv, uv and conda, the newer ones first", async () => {
  const pyenv = windows ? join(home, ".pyenv", "pyenv-win", "versions") : join(home, ".pyenv", "versions");
  const uv = join(home, "uv");
  const conda = join(home, "miniconda3");
  const mamba = join(home, "mine");
  const program = join(home, "elsewhere");
  const made = [
    await make(join(pyenv, "3.10.13")),
    await make(join(pyenv, "3.9.18")),
    await make(join(uv, "cpython-3.12.4-linux-x86_64-gnu")),
    await make(mamba),
    await make(program),
    await make(conda),
    await make(join(conda, "envs", "old")),
  ];
  await writeFile(join(uv, ".lock"), "");
  const variables = {
    UV_PYTHON_INSTALL_DIR: uv,
    MAMBA_ROOT_PREFIX: mamba,
    CONDA_EXE: join(program, "bin", "conda"),
  };
  const found = await candidates({ variables });
  assert.deepEqual(
    found.filter((path) => path.startsWith(home)),
    made,
  );
});

test("an environment that conda lists", async () => {
  const listed = await make(join(home, "far", "away"));
  await mkdir(join(home, ".conda"), { recursive: true });
  await writeFile(join(home, ".conda", "environments.txt"), `${join(home, "far", "away")}\n\n`);
  assert.ok((await candidates({})).includes(listed));
});

const real = join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions");
const versions = existsSync(real) ? readdirSync(real).filter((name) => /^3\.\d+\.\d+$/.test(name)) : [];

test("each Python of the pyenv of this machine is chosen by its version", {
  skip: versions.length === 0 && "there is no pyenv",
}, async () => {
  for (const version of versions) {
    const chosen = await selectInterpreter({ pythonVersion: version });
    assert.equal(chosen.version, version);
    const minor = version.split(".").slice(0, 2).join(".");
    assert.ok((await selectInterpreter({ pythonVersion: minor })).version.startsWith(`${minor}.`));
  }
});
