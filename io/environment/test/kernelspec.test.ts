// Kernelspecs where Jupyter finds them; names that lead elsewhere; nobody else's kernel is touched.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { ThothError } from "@thoth/pep";
import { buildWheel } from "@thoth/testkit";
import {
  checkKernel,
  findKernel,
  installKernelspec,
  type KernelPlaces,
  listKernels,
  removeKernel,
  userDataFolder,
} from "../src/kernelspec.ts";
import { interpreter, World } from "./world.ts";

const folder = await mkdtemp(join(tmpdir(), "thoth-kernels-"));
let places: KernelPlaces & { jupyterDataDir: string };
let count = 0;

beforeEach(() => {
  const jupyterDataDir = join(folder, `data-${count++}`);
  places = { jupyterDataDir, variables: { PATH: "" } };
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

const environment = { path: join(folder, "environment") };

async function install(name: string, more: object = {}) {
  return await installKernelspec(environment, { ...places, name, displayName: `Python (${name})`, ...more });
}

async function ours(): Promise<readonly string[]> {
  return (await listKernels(places))
    .filter((kernel) => kernel.path.startsWith(folder))
    .map(({ name }) => name);
}

async function refuses(code: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => error instanceof ThothError && error.code === code);
}

test("installed, listed, replaced, removed", async () => {
  const { name, path } = await install("Analysis-1.b", { lock: "abc" });
  assert.equal(name, "analysis-1.b");
  const kernel = await findKernel("ANALYSIS-1.B", places);
  assert.equal(kernel.path, path);
  assert.equal(kernel.ours, true);
  assert.equal(kernel.environment, environment.path);
  assert.equal(kernel.lock, "abc");
  const spec = JSON.parse(await readFile(join(path, "kernel.json"), "utf8"));
  assert.equal(spec.language, "python");
  assert.equal(spec.argv.at(-1), "{connection_file}");
  assert.ok(spec.argv[0].startsWith(environment.path));
  await install("analysis-1.b", { lock: "def" });
  assert.equal((await findKernel("analysis-1.b", places)).lock, "def");
  assert.deepEqual(await ours(), ["analysis-1.b"]);
  await removeKernel("analysis-1.b", places);
  assert.deepEqual(await ours(), []);
  assert.deepEqual(await readdir(join(places.jupyterDataDir, "kernels")), []);
  await refuses("kernel-not-found", removeKernel("analysis-1.b", places));
});

test("names that lead elsewhere", async () => {
  for (const name of ["../evil", "a/b", "..", ".", "a\\b", "a\u0000b", "/etc"]) {
    await refuses("path-escape", install(name));
    await refuses("path-escape", removeKernel(name, places));
  }
  for (const name of ["", "a b", "é", "\u001b[31m", "<script>", "x".repeat(200)]) {
    await refuses("usage", install(name));
  }
  await assert.rejects(readdir(places.jupyterDataDir));
});

test("a kernel of somebody else's stays as it is", async () => {
  const path = join(places.jupyterDataDir, "kernels", "theirs");
  await mkdir(path, { recursive: true });
  const text = JSON.stringify({ argv: ["python", "-m", "x"], display_name: "Theirs", language: "python" });
  await writeFile(join(path, "kernel.json"), text);
  await refuses("usage", install("theirs"));
  await refuses("usage", removeKernel("theirs", places));
  assert.equal(await readFile(join(path, "kernel.json"), "utf8"), text);
  assert.equal((await findKernel("theirs", places)).ours, false);
});

test("odd folders among the kernels are passed over", async () => {
  const kernels = join(places.jupyterDataDir, "kernels");
  const odd: Readonly<Record<string, string | undefined>> = {
    empty: undefined,
    broken: "{",
    list: "[]",
    number: "1",
    proto: '{"__proto__": {"ours": true}, "argv": "x", "language": 3, "metadata": {"thoth": {"version": 2}}}',
    "with space": "{}",
  };
  for (const [name, text] of Object.entries(odd)) {
    await mkdir(join(kernels, name), { recursive: true });
    if (text !== undefined) await writeFile(join(kernels, name, "kernel.json"), text);
  }
  await mkdir(join(kernels, "folder", "kernel.json"), { recursive: true });
  await install("good");
  const found = (await listKernels(places)).filter((kernel) => kernel.path.startsWith(folder));
  assert.deepEqual(
    found.map(({ name }) => name),
    ["good"],
  );
});

test("the first folder that Jupyter looks in wins", async () => {
  const other = join(folder, "other");
  await installKernelspec(environment, { jupyterDataDir: other, name: "same", displayName: "Other" });
  await install("same");
  const variables = { PATH: "", JUPYTER_PATH: other };
  assert.equal((await findKernel("same", { ...places, variables })).displayName, "Other");
  assert.equal((await findKernel("same", places)).displayName, "Python (same)");
});

test("what a kernel's environment holds", async () => {
  const world = await World.open();
  const made = await world.create(await world.lock([buildWheel({ name: "alpha", version: "1.0" })]));
  await installKernelspec(made, { ...places, name: "real", displayName: "Real" });
  const state = await checkKernel("real", places);
  assert.equal(state.works, true);
  assert.deepEqual(state.packages, [{ name: "alpha", version: "1.0" }]);
  await install("gone");
  assert.equal((await checkKernel("gone", places)).works, false);
  await world.close();
});

test("the data folder of the user", () => {
  assert.equal(userDataFolder({ variables: { JUPYTER_DATA_DIR: "/j" } }), "/j");
  if (process.platform !== "linux") return;
  assert.equal(userDataFolder({ variables: { XDG_DATA_HOME: "/x" } }), "/x/jupyter");
  assert.equal(userDataFolder({ variables: { HOME: "/h" } }), "/h/.local/share/jupyter");
  assert.ok(interpreter.path !== "");
});
