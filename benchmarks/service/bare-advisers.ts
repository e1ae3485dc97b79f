// The processes that resolve, without a service: the same line protocol, the same command lines, the same cache.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { AS_OF } from "../inspections/series.ts";
import { type Asked, PYTHON } from "./questions.ts";

const cli = fileURLToPath(new URL("../../apps/cli/dist/cli.cjs", import.meta.url));

export interface Bare {
  readonly seconds: number;
  /** By the question's body. */
  readonly milliseconds: ReadonlyMap<string, number>;
}

export async function resolveBare(
  asked: readonly Asked[],
  { cache, processes }: { readonly cache: string; readonly processes: number },
): Promise<Bare> {
  const folder = mkdtempSync(join(tmpdir(), "thoth-bare-"));
  const milliseconds = new Map<string, number>();
  const advisers = Array.from({ length: processes }, () => new Adviser(cache));
  await Promise.all(advisers.map(async (adviser) => await adviser.run(["version", "--json"])));
  const began = performance.now();
  const next = asked.entries();
  await Promise.all(
    advisers.map(async (adviser) => {
      for (const [number, { content, type, body }] of next) {
        const from = performance.now();
        const file = join(folder, `${number}.in`);
        writeFileSync(file, content);
        const place = ["--python-version", PYTHON, "--platform", "linux", "--as-of", AS_OF];
        await adviser.run(["advise", file, "--recommendation-type", type, ...place, "--json"]);
        milliseconds.set(body, performance.now() - from);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const adviser of advisers) adviser.end();
  rmSync(folder, { recursive: true, force: true });
  return { seconds, milliseconds };
}

class Adviser {
  readonly #child: ChildProcess;
  #settle: ((status: number) => void) | undefined;
  #number = 0;

  constructor(cache: string) {
    this.#child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--max-old-space-size=2000", cli, "resident"],
      {
        env: {
          PATH: process.env["PATH"] ?? "",
          HOME: tmpdir(),
          THOTH_CACHE_DIR: cache,
          THOTH_INDEX_URL: "https://pypi.org/simple/",
        },
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const event = JSON.parse(line) as { readonly event: string; readonly status?: number };
      if (event.event === "ended") this.#settle?.(event.status ?? 4);
    });
  }

  async run(words: readonly string[]): Promise<void> {
    const ended = new Promise<number>((resolve) => {
      this.#settle = resolve;
    });
    this.#child.stdin?.write(
      `${JSON.stringify({ id: `q${++this.#number}`, call: "run", program: "thoth", words })}\n`,
    );
    const status = await ended;
    if (status > 1) throw new Error(`\`thoth ${words.join(" ")}\` ended with ${status}`);
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }
}
