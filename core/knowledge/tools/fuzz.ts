// Development command: pages from seeds must give the same record, or the same error, by both ways. What differs, and what
// takes more than a second of the processor, ends it with the seed that makes it again.
// Usage: node tools/node24.mjs core/knowledge/tools/fuzz.ts [COUNT] [FIRST SEED]

import { isDeepStrictEqual } from "node:util";
import { randomFrom } from "@thoth/testkit";
import { longWay, pageOf, shortWay } from "../test/pages.ts";

const count = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? 1);
const SLOW = 1000;

let refused = 0;
let slowest = 0;
for (let seed = first; seed < first + count && process.exitCode === undefined; seed++) {
  const body = pageOf(randomFrom(seed));
  const started = process.cpuUsage();
  const outcome = shortWay(body);
  const { user, system } = process.cpuUsage(started);
  slowest = Math.max(slowest, (user + system) / 1000);
  if (typeof outcome === "string") refused++;
  if (isDeepStrictEqual(outcome, longWay(body)) && slowest <= SLOW) continue;
  console.error(`seed ${seed}: ${slowest > SLOW ? `${slowest.toFixed(0)} ms` : "the ways differ"}`);
  process.exitCode = 1;
}
if (process.exitCode === undefined)
  console.log(`${count} pages, ${refused} refused, none differs; the slowest took ${slowest.toFixed(0)} ms`);
