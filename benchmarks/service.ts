// The service under load, on loopback, with PostgreSQL on the same machine; those who ask are other processes.
//
// repeated: a question that was answered, against a bare server of the same framework that writes and reads a row.
// new: forty projects, all five types, over held metadata, against the bare processes that resolve, without a service.
//
// Usage: npm run bench -- service [--json] [--seconds=N] [--projects=N]

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { median } from "@thoth/knowledge";
import { startPostgres } from "@thoth/testkit";
import { writeMarked } from "./marked.ts";
import { workshop } from "./measure.ts";
import { resolveBare } from "./service/bare-advisers.ts";
import { type Load, load } from "./service/load.ts";
import { type Asked, distinctQuestions } from "./service/questions.ts";

const SECONDS = 8;
const PROJECTS = 40;
const CONNECTIONS = 16;
const cli = fileURLToPath(new URL("../apps/cli/dist/cli.cjs", import.meta.url));
const bareServer = fileURLToPath(new URL("service/bare-server.ts", import.meta.url));

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Figures {
  readonly bare: Load;
  readonly repeated: Load;
  /** The same of a project of 200 packages, whose answer has 230 kB. */
  readonly large: Load;
  readonly third: Load;
  readonly overload: Load;
  readonly fresh: { readonly service: number; readonly bare: number; readonly overheads: readonly number[] };
}

export async function run(options: Options): Promise<void> {
  const value = (name: string, usual: number) =>
    Number(options.arguments.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? usual);
  const [seconds, projects] = [value("seconds", SECONDS), value("projects", PROJECTS)];
  mkdirSync(workshop, { recursive: true });
  const postgres = await startPostgres({ fsync: "on", synchronous_commit: "on" });
  const data = mkdtempSync(join(tmpdir(), "thoth-load-"));
  try {
    const figures = await measureAll({ data, seconds, projects, place: () => postgres.createDatabase() });
    if (options.json) console.log(JSON.stringify({ benchmark: "service", ...figures }));
    else {
      const text = table(figures);
      console.log(text);
      if (projects === PROJECTS) writeMarked("service", text, "docs/operating.md");
    }
  } finally {
    await postgres.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

interface Bench {
  readonly data: string;
  readonly seconds: number;
  readonly projects: number;
  readonly place: () => string;
}

async function measureAll({ data, seconds, projects, place }: Bench): Promise<Figures> {
  const asked = distinctQuestions(projects);
  const bareOf = await startProcess([bareServer], { DATABASE: place() });
  const bare = await load({ url: `${bareOf.url}/`, body: asked[0]!.body, connections: CONNECTIONS, seconds });
  await bareOf.stop();
  const database = place();
  const words = [cli, "thoth", "serve", "--port", "0", "--data", data, "--database", database];
  const variables = {
    THOTH_PUBLIC_QUOTA: "100000,1000000",
    THOTH_ANONYMOUS_RATE: "1000000,1000000",
    THOTH_ANONYMOUS_QUESTION_RATE: "1000000,1000000",
  };
  const service = await startProcess(
    [...words, "--workers", "2", "--index-url", "https://pypi.org/simple/"],
    variables,
  );
  const url = `${service.url}/api/v2/advice`;
  try {
    // What is asked of the index is kept from then on.
    for (const { body } of asked) await askOne(url, body);
    const small = asked.find(({ content }) => content.startsWith("flask")) ?? asked[0]!;
    const repeated = await load({ url, body: small.body, connections: CONNECTIONS, seconds });
    const large = await load({ url, body: asked[0]!.body, connections: CONNECTIONS, seconds: seconds / 2 });
    const rate = Math.round(repeated.perSecond / 3);
    const third = await load({ url, body: small.body, connections: CONNECTIONS, seconds, rate });
    const many = 10 * 2 * CONNECTIONS;
    const overload = await load({ url, body: small.body, connections: many, seconds: Math.min(seconds, 5) });
    const fresh = await askFresh(url, asked, join(data, "cache"));
    return { bare, repeated, large, third, overload, fresh };
  } finally {
    await service.stop();
  }
}

/** Milliseconds until the answer is there. */
async function askOne(url: string, body: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", prefer: "wait=30" },
    body,
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text.slice(0, 300)}`);
  return performance.now() - began;
}

async function askFresh(url: string, asked: readonly Asked[], cache: string): Promise<Figures["fresh"]> {
  const bareBefore = await resolveBare(asked, { cache, processes: 2 });
  const fresh = asked.map(({ body }) => body);
  const began = performance.now();
  const next = fresh.values();
  const times: number[] = [];
  const worker = async () => {
    for (const body of next) times.push(await askOne(`${url}?force=true`, body));
  };
  await Promise.all([worker(), worker()]);
  const seconds = (performance.now() - began) / 1000;
  const bareAfter = await resolveBare(asked, { cache, processes: 2 });
  const bareSeconds = (bareBefore.seconds + bareAfter.seconds) / 2;
  // One at a time, so that nobody waits for a process: what the service adds.
  const overheads: number[] = [];
  for (const { body } of asked) {
    const whole = await askOne(`${url}?force=true`, body);
    overheads.push(whole - (bareAfter.milliseconds.get(body) ?? whole));
  }
  return { service: asked.length / seconds, bare: asked.length / bareSeconds, overheads };
}

interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

async function startProcess(
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Started> {
  const child: ChildProcess = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...words], {
    env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    void gone.then(() => reject(new Error("it ended at its start")));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const told = JSON.parse(line) as {
        readonly level?: string;
        readonly message: string;
        readonly url?: string;
      };
      if (told.level === "error") console.error(line);
      if (told.message === "listening") resolve(String(told.url));
    });
  });
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

function table({ bare, repeated, large, third, overload, fresh }: Figures): string {
  const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "| what | figure | aim |",
    "|---|---|---|",
    row("bare server: a row written and read", `${bare.perSecond.toFixed(0)} a second`, ""),
    row(
      "repeated questions",
      `${repeated.perSecond.toFixed(0)} a second, ${(repeated.perSecond / bare.perSecond).toFixed(2)} of it`,
      "at least 0.5",
    ),
    row("those of a large project, 230 kB each", `${large.perSecond.toFixed(0)} a second`, ""),
    row(
      "a third of that rate, p50, p99",
      `${third.p50.toFixed(1)}, ${third.p99.toFixed(1)} ms`,
      "p99 at most 50 ms",
    ),
    row(
      "ten times the connections: answered, refused with 429, other",
      `${overload.answered}, ${overload.shed}, ${overload.other}`,
      "other 0",
    ),
    row("new questions: two bare processes", `${fresh.bare.toFixed(1)} a second`, ""),
    row(
      "new questions: the service, two processes",
      `${fresh.service.toFixed(1)} a second, ${(fresh.service / fresh.bare).toFixed(2)} of it`,
      "at least 0.7",
    ),
    row("what the service adds to one, p50", `${median(fresh.overheads).toFixed(1)} ms`, "at most 20 ms"),
  ].join("\n");
}
