// What real notebooks need, against an oracle read by eye, beside pipreqs and pigar on the same files. Recall is the
// part of the needed distributions that a tool names, precision the part of what it names that the oracle knows,
// exact the notebooks with neither a miss nor a surplus, crashes those of which a tool says nothing though it should.
//
// Usage: npm run bench -- imports [--json] [--no-peers] [--write] [--details]

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { ThothError } from "@thoth/pep";
import { dataFolder, installPeers } from "@thoth/testkit";
import {
  discoverEntry,
  nameOf,
  type OracleEntry,
  readEntry,
  readOracle,
  scoreOf,
  wantedOf,
} from "../core/notebook/test/oracle.ts";
import { writeMarked } from "./marked.ts";

interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

/** Names of distributions; undefined for a crash. */
type Answer = readonly string[] | undefined;

interface Figures {
  readonly tool: string;
  readonly recall: number;
  readonly precision: number;
  readonly exact: number;
  readonly crashes: number;
  readonly notebooks: number;
  readonly seconds: number;
}

const REFUSED = new Set(["invalid", "refuse-language"]);
const SECONDS_PER_NOTEBOOK = 120;

export async function run(options: Options): Promise<void> {
  const folder = join(dataFolder(), "notebooks");
  const entries = readOracle(folder).filter(({ verdict }) => !REFUSED.has(verdict));
  const details = options.arguments.includes("--details");
  const rows: Figures[] = [
    await judge("Thoth", entries, { details, answer: async (entry) => thoth(folder, entry) }),
  ];
  if (!options.arguments.includes("--no-peers")) {
    const bin = installPeers("imports-peers", ["pipreqs", "pigar"]);
    rows.push(
      await judge("pipreqs", entries, {
        details,
        answer: (entry) => inFolder(folder, entry, (at) => pipreqs(bin, at)),
      }),
    );
    rows.push(
      await judge("pigar", entries, {
        details,
        answer: (entry) => inFolder(folder, entry, (at) => pigar(bin, at)),
      }),
    );
  }
  if (options.json) console.log(JSON.stringify({ benchmark: "imports", notebooks: entries.length, rows }));
  else console.log(table(rows));
  if (options.arguments.includes("--write")) writeMarked("imports", table(rows), "README.md");
}

interface Tool {
  readonly details: boolean;
  readonly answer: (entry: OracleEntry) => Promise<Answer>;
}

async function judge(
  tool: string,
  entries: readonly OracleEntry[],
  { details, answer }: Tool,
): Promise<Figures> {
  const sums = { right: 0, required: 0, extra: 0, named: 0, exact: 0, crashes: 0 };
  const started = performance.now();
  for (const entry of entries) {
    const wanted = wantedOf(entry);
    const found = await answer(entry);
    if (found === undefined) sums.crashes++;
    const { right, missing, extra } = scoreOf(found ?? [], wanted);
    sums.right += right;
    sums.required += wanted.required.length;
    sums.extra += extra.length;
    sums.named += new Set(found ?? []).size;
    if (found !== undefined && missing.length === 0 && extra.length === 0) sums.exact++;
    if (details && (found === undefined || missing.length + extra.length > 0)) {
      console.error(
        `${tool}: ${entry.file}: ${found === undefined ? "crash" : `missing ${missing.join()}; too many ${extra.join()}`}`,
      );
    }
  }
  return {
    tool,
    recall: sums.right / Math.max(1, sums.required),
    precision: (sums.named - sums.extra) / Math.max(1, sums.named),
    exact: sums.exact,
    crashes: sums.crashes,
    notebooks: entries.length,
    seconds: (performance.now() - started) / 1000,
  };
}

function thoth(folder: string, entry: OracleEntry): Answer {
  try {
    return discoverEntry(folder, entry, readEntry(folder, entry)).requirements.map(nameOf);
  } catch (error) {
    if (error instanceof ThothError) return undefined;
    throw error;
  }
}

/** A peer reads a folder: the notebook alone in a fresh one, with the modules that lie beside it. */
async function inFolder(
  folder: string,
  entry: OracleEntry,
  use: (path: string) => Promise<Answer>,
): Promise<Answer> {
  const fresh = mkdtempSync(join(tmpdir(), "thoth-imports-"));
  try {
    cpSync(join(folder, entry.file), join(fresh, basename(entry.file)));
    for (const companion of entry.companions) {
      const target = join(fresh, relative(dirname(entry.file), companion));
      if (!target.startsWith(fresh)) continue;
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(folder, companion), target);
    }
    return await use(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** The interpreter's own environment stays out of what a peer sees. */
async function ended(command: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0]!, command.slice(1), { cwd, stdio: ["ignore", "pipe", "ignore"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), SECONDS_PER_NOTEBOOK * 1000);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    });
  });
}

async function pipreqs(bin: string, folder: string): Promise<Answer> {
  const server = ["--pypi-server", "https://pypi.org/pypi/"];
  const { status, output } = await ended(
    [
      `${bin}/pipreqs`,
      "--scan-notebooks",
      "--savepath",
      join(folder, "found.txt"),
      "--mode",
      "no-pin",
      ...server,
      folder,
    ],
    folder,
  );
  if (status !== 0 || /Traceback/.test(output)) return undefined;
  return namesIn(readOptional(join(folder, "found.txt")));
}

async function pigar(bin: string, folder: string): Promise<Answer> {
  const file = join(folder, "found.txt");
  const { status } = await ended(
    [`${bin}/pigar`, "generate", "--question-answer", "yes", "--auto-select", "-c", "-", "-f", file, folder],
    folder,
  );
  return status === 0 ? namesIn(readOptional(file)) : undefined;
}

function readOptional(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function namesIn(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^[A-Za-z0-9]/.test(line))
    .map((line) => nameOf(line.replace(/[=<>~! ;].*$/, "")));
}

function table(rows: readonly Figures[]): string {
  const lines = rows.map(
    ({ tool, recall, precision, exact, crashes, notebooks }) =>
      `| ${tool} | ${recall.toFixed(3)} | ${precision.toFixed(3)} | ${exact} of ${notebooks} | ${crashes} |`,
  );
  return ["| | recall | precision | exact | crashes |", "|---|---|---|---|---|", ...lines].join("\n");
}
