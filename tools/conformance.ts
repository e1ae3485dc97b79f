// `npm run conformance [-- SUITE…] [--write] [--no-build]`: the public corpora through the built commands. A line
// per failing case; ends with `N passed, N failed, N skipped`. `--write` renews docs/conformance.md.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../testkit/src/index.ts";
import { writeConformance } from "./conformance/left-out.ts";
import type { Outcome, Suite } from "./conformance/suite.ts";
import { suites } from "./conformance/suites.ts";

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith("-"));
const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));

if (unknown.length > 0) {
  console.error(
    `no suite \`${unknown.join("`, `")}\`; there are ${suites.map(({ name }) => name).join(", ")}`,
  );
  process.exitCode = 2;
} else {
  if (!words.includes("--no-build")) await import("./build.ts");
  process.exitCode = await runSuites(
    names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name)),
  );
  if (words.includes("--write")) await writeConformance();
}

async function runSuites(chosen: readonly Suite[]): Promise<number> {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of chosen) {
    const started = performance.now();
    const { passed, failed, skipped } = await runSuite(suite);
    const left = skipped.reduce((sum, { count }) => sum + count, 0);
    for (const { id, message } of failed)
      console.log(`FAILED ${suite.name}: ${printable(id)}: ${printable(message)}`);
    for (const { id, count, reason } of skipped)
      console.log(`skipped ${suite.name}: ${printable(id)} (${count}): ${reason}`);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${suite.name}: ${passed} passed, ${failed.length} failed, ${left} skipped in ${seconds} s`);
    total.passed += passed;
    total.failed += failed.length;
    total.skipped += left;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

async function runSuite(suite: Suite): Promise<Outcome> {
  const path = join(dataFolder(), suite.data);
  if (!existsSync(path)) {
    return {
      passed: 0,
      failed: [],
      skipped: [{ id: suite.name, count: 1, reason: `${suite.data} is not in the data folder` }],
    };
  }
  try {
    return await suite.run(path);
  } catch (error) {
    return {
      passed: 0,
      failed: [{ id: suite.name, message: `the suite broke: ${String(error)}` }],
      skipped: [],
    };
  }
}

/** Corpora hold what they hold: no control character reaches the terminal. */
function printable(text: string): string {
  return text
    .replace(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    .slice(0, 600);
}
