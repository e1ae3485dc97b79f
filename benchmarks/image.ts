// How long it takes from a lock to an image in a registry, beside the usual way; how many bytes move after an upgrade; and how
// much memory 300 MB of wheels take.
//
// Usage: npm run bench -- image [--json] [--rounds=N]

import { globSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchWheels, forget, goTheUsualWay, prepare, type UsualWay } from "./image/peers.ts";
import {
  type CountedRegistry,
  exported,
  folder,
  horus,
  type LockedNotebook,
  lockNotebook,
  runBeside,
  run as runOnce,
  startRegistry,
  variables,
} from "./image/world.ts";
import { writeMarked } from "./marked.ts";
import { median, type Run } from "./measure.ts";

const ROUNDS = 5;
const STACK = Object.fromEntries(
  ["numpy", "pandas", "matplotlib", "scikit-learn", "jupyterlab"].map((name) => [name, "*"]),
);
/** Over 300 MB of wheels together. */
const LARGE = { ...STACK, pyarrow: "*", polars: "*", "opencv-python-headless": "*", sympy: "*", plotly: "*" };
const UPGRADED = ["certifi", "idna", "jsonschema", "pandas", "numpy", "scipy", "jupyterlab"];

interface Round {
  readonly horus: Run;
  readonly linked: UsualWay;
  readonly unpacking: UsualWay;
}

interface Upgrade {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Packages that the lock changed. */
  readonly changed: number;
  /** Bytes of the wheel, and of all that came to the registry. */
  readonly wheel: number;
  readonly moved: number;
}

interface Memory {
  readonly wheels: number;
  /** MiB at most, where the image went. */
  readonly registry: number;
  readonly layout: number;
}

export async function run(options: { json: boolean; arguments: readonly string[] }): Promise<void> {
  const asked = options.arguments.find((word) => word.startsWith("--rounds="))?.slice("--rounds=".length);
  const stack = lockNotebook("stack", STACK);
  const rounds = await raceAll(stack, Number(asked ?? ROUNDS));
  const upgrades = await upgradeAll(stack);
  const memory = await memoryOf(lockNotebook("large", LARGE));
  if (options.json) console.log(JSON.stringify({ benchmark: "image", rounds, upgrades, memory }));
  else {
    const text = [times(rounds), moves(upgrades), memories(memory)].join("\n\n");
    console.log(text);
    if (asked === undefined) writeMarked("image", text, "docs/container-images.md");
  }
}

/** Each in turn first; everybody has an empty registry but for the base. */
async function raceAll(stack: LockedNotebook, count: number): Promise<readonly Round[]> {
  const requirements = join(folder, "stack.txt");
  writeFileSync(requirements, exported(stack.path));
  const wheels = fetchWheels(requirements);
  const usual = async (isUnpacked: boolean) =>
    await withRegistry(({ host }) => {
      prepare(host);
      try {
        return goTheUsualWay({ notebook: stack.path, requirements, host, isUnpacked }, wheels);
      } finally {
        forget();
      }
    });
  const own = async () => await withRegistry(({ host }) => imageTo(stack, host));
  // What is fetched from the index, and what uv unpacks, is there before.
  await own();
  await usual(true);
  const rounds: Round[] = [];
  for (let round = 0; round < count; round++) {
    const first = round % 2 === 0 ? await own() : undefined;
    const linked = await usual(true);
    const unpacking = await usual(false);
    rounds.push({ horus: first ?? (await own()), linked, unpacking });
    console.error(`round ${round + 1}: ${JSON.stringify(rounds.at(-1))}`);
  }
  return rounds;
}

async function withRegistry<T>(work: (registry: CountedRegistry) => T | Promise<T>): Promise<T> {
  const registry = await startRegistry();
  try {
    return await work(registry);
  } finally {
    await registry.close();
  }
}

function imageWords({ path }: LockedNotebook, host: string): readonly string[] {
  return [horus, "image", path, "--base", `${host}/base:1`, "-o", `${host}/notebook:1`];
}

function imageTo(notebook: LockedNotebook, host: string): Run {
  return runOnce(imageWords(notebook, host));
}

async function upgradeAll(stack: LockedNotebook): Promise<readonly Upgrade[]> {
  const upgrades: Upgrade[] = [];
  for (const name of UPGRADED) {
    const to = stack.packages.get(name) ?? "";
    const before = lockNotebook("before", { ...STACK, [name]: `<${to}` });
    const after = lockNotebook("after", { ...STACK, [name]: `==${to}` });
    const moved = await withRegistry(async ({ counted, received }) => {
      await runBeside(imageWords(before, counted));
      const had = received();
      await runBeside(imageWords(after, counted));
      return received() - had;
    });
    const changed = [...after.packages].filter(([one, version]) => before.packages.get(one) !== version);
    const wheel = sizeOf(name, to);
    upgrades.push({ name, from: before.packages.get(name) ?? "", to, changed: changed.length, wheel, moved });
  }
  return upgrades;
}

/** Of a wheel in the cache. */
function sizeOf(name: string, version: string): number {
  const pattern = `artifacts/*/*/${name.replaceAll("-", "_")}-${version}-*.whl`;
  const [path = ""] = globSync(pattern, { cwd: variables.THOTH_CACHE_DIR });
  return statSync(join(variables.THOTH_CACHE_DIR, path)).size;
}

async function memoryOf(large: LockedNotebook): Promise<Memory> {
  const layout = ["-o", join(folder, "layout")];
  return await withRegistry(({ host }) => {
    const base = ["--base", `${host}/base:1`];
    runOnce([horus, "image", large.path, ...base, ...layout]);
    return {
      wheels: [...large.packages].reduce((sum, [name, version]) => sum + sizeOf(name, version), 0),
      layout: runOnce([horus, "image", large.path, ...base, ...layout]).peak,
      registry: imageTo(large, host).peak,
    };
  });
}

function times(rounds: readonly Round[]): string {
  const total = ({ install, copy, push }: UsualWay) => install + copy + push;
  const row = (title: string, values: readonly number[], parts = "") => {
    const seconds = median(values);
    const ratios = rounds.map(({ horus }, at) => horus.wall / values[at]!);
    const ratio = parts === "" ? "" : median(ratios).toFixed(2);
    const range = `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
    return `| ${title} | ${seconds.toFixed(1)} | ${range} | ${parts} | ${ratio} |`;
  };
  const parts = (ways: readonly UsualWay[]) =>
    [ways.map(({ install }) => install), ways.map(({ copy }) => copy), ways.map(({ push }) => push)]
      .map((values) => median(values).toFixed(1))
      .join(" + ");
  const [linked, unpacking] = [rounds.map((round) => round.linked), rounds.map((round) => round.unpacking)];
  return [
    `| to a pushed image, ${rounds.length} rounds | seconds | least to most | install + copy + push | \`horus image\` to it |`,
    "|---|---:|---|---|---:|",
    row(
      "`horus image`, wheels in its cache",
      rounds.map(({ horus }) => horus.wall),
    ),
    row("uv with unpacked packages, buildah", linked.map(total), parts(linked)),
    row("uv with wheels, buildah", unpacking.map(total), parts(unpacking)),
  ].join("\n");
}

function moves(upgrades: readonly Upgrade[]): string {
  const lines = upgrades.map(({ name, from, to, changed, wheel, moved }) => {
    const numbers = [wheel, moved, moved - wheel].map((bytes) => bytes.toLocaleString("en"));
    return `| ${name} ${from} to ${to} | ${changed} | ${numbers.join(" | ")} |`;
  });
  return [
    "| upgrade | packages that changed | bytes of the wheel | bytes that came to the registry | beyond the wheel |",
    "|---|---:|---:|---:|---:|",
    ...lines,
  ].join("\n");
}

function memories({ wheels, registry, layout }: Memory): string {
  return [
    "| wheels, MB | peak to a registry, MiB | to a layout, MiB |",
    "|---:|---:|---:|",
    `| ${(wheels / 1e6).toFixed(0)} | ${registry.toFixed(0)} | ${layout.toFixed(0)} |`,
  ].join("\n");
}
