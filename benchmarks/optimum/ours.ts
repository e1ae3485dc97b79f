// Solves a problem file with our own solver and prints one JSON line: the optimum, seconds of the processor for the
// first call of the process and of the best of those after it.
//
// Usage: node ours.ts PROBLEM REPEATS

import { readFileSync } from "node:fs";
import { Solver } from "@thoth/solver";
import { type ProblemFile, problemOf } from "./problem.ts";

const [path = "", repeats = "1"] = process.argv.slice(2);
const file = JSON.parse(readFileSync(path, "utf8")) as ProblemFile;

function prove() {
  const problem = problemOf(file);
  const before = process.cpuUsage();
  const answer = new Solver(problem).step();
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (answer.kind !== "solved") throw new Error(`no optimum: ${answer.kind}`);
  return { seconds, optimum: answer.levels.map(({ value }) => value) };
}

const { seconds: first, optimum } = prove();
let solve = Number.POSITIVE_INFINITY;
for (let i = 0; i < Number(repeats); i++) solve = Math.min(solve, prove().seconds);
console.log(JSON.stringify({ optimum, first, solve }));
