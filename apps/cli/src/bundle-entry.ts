// What the launchers start: loads the bundle with the code that an earlier run of the same command left.

import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { CodeCache } from "./code-cache.ts";
import { SEARCH_BEGINS } from "./search-begins.ts";
import { cacheDirectory } from "./settings/directories.ts";

/** Milliseconds after which the network's parts of Node are loaded, and after which a run is no short one. */
const SETTLED = 50;
const LONG = 4000;

/** Calls of a function of usual length before the engine's middle compiler takes it. */
const MIDDLE_FLAG = "--invocation-count-for-maglev=";
const MIDDLE_BY_DEFAULT = 400;
const launched = process.execArgv.find((flag) => flag.startsWith(MIDDLE_FLAG))?.slice(MIDDLE_FLAG.length);
const MIDDLE_AT_START = Number(launched ?? MIDDLE_BY_DEFAULT);
const MIDDLE_SPARED = 1000;
/** In a run that asks no index, and milliseconds after which it is no short one. */
const MIDDLE_OFFLINE = 3200;
const SHORT = 150;

const HEAP_FLAG = "--initial-heap-size=";

/** Written in by `tools/build.ts`. */
declare const THOTH_BUILD: string;

// What the launcher changed for this process is not for its children.
if (process.env["THOTH_ARENAS"] !== undefined) {
  delete process.env["THOTH_ARENAS"];
  delete process.env["MALLOC_ARENA_MAX"];
}
if (process.env["THOTH_EXTRA_CA_CERTS"] !== undefined) {
  process.env["NODE_EXTRA_CA_CERTS"] = process.env["THOTH_EXTRA_CA_CERTS"];
  delete process.env["THOTH_EXTRA_CA_CERTS"];
}

// The heap has the first size that the launcher wished for. Node's own parts come compiled for the flags that Node was
// built with, and ours were kept under these.
if (process.execArgv.some((flag) => flag.startsWith(HEAP_FLAG))) setFlagsFromString(`${HEAP_FLAG}0`);

const [program = "", command = "", ...words] = process.argv.slice(2);
const network = words.includes("--offline") ? "offline" : "";
const occasion = [program, command, network].filter((word) => /^[a-z-]{1,20}$/.test(word)).join("-");
const folder = join(cacheDirectory(process.env), "compiled");
const loading = (name: string) => {
  if (name === "http-agent.cjs") spareTheCompiler();
};
// A run that reads the store reads records, versions and markers; one that finds an excerpt does not.
const tellsLong = (builtin: string) => builtin === "node:sqlite";
const ahead = join(__dirname, "compiled");
const main = "main.cjs";
const name = program === "thoth" && command === "advise" ? "advise.cjs" : main;
const standIn = { for: main, name };
if (network !== "" && launched === undefined) process.once(SEARCH_BEGINS, spareTheMiddle);
new CodeCache({ folder, ahead, build: THOTH_BUILD, standIn, occasion, loading, tellsLong }).load(
  join(__dirname, name),
);

/**
 * A run that fetches has much to do for a second, and little of it twice: what the engine's last compiler makes of
 * it comes too late (langchain, nothing cached: 1.47 to 1.26 s of processor), and its middle one is worth it only for
 * what is called more often than usual (airflow 1.22 to 1.15 s). A long run gets both back.
 */
function spareTheCompiler(): void {
  const restore = () => setCompilers("--turbofan", MIDDLE_AT_START);
  // Parts of Node that are loaded under other flags than Node was built with cost twice as much.
  setTimeout(() => setCompilers("--no-turbofan", MIDDLE_SPARED), SETTLED).unref();
  setTimeout(restore, LONG).unref();
  // Kept code is only good under the flags that it was made with.
  process.prependOnceListener("exit", restore);
}

/**
 * A run that asks nobody mostly ends before what the middle compiler makes has paid (airflow, warm: advice 81 to 74 ms, a
 * lock 52 to 48). To be able to say so costs 2 ms, since `node:v8` brings Node's streams along: a short search is not worth it.
 */
function spareTheMiddle(): void {
  const restore = () => setMiddle(MIDDLE_BY_DEFAULT);
  setMiddle(MIDDLE_OFFLINE);
  setTimeout(restore, SHORT).unref();
  process.prependOnceListener("exit", restore);
}

function setCompilers(last: string, callsForMiddle: number): void {
  setFlagsFromString(last);
  setMiddle(callsForMiddle);
}

function setMiddle(calls: number): void {
  setFlagsFromString(MIDDLE_FLAG + calls);
}
