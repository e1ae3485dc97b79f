// How bad a flaw is: base scores of CVSS 2.0, 3.0, 3.1 and 4.0, and their rating in words.
// https://www.first.org/cvss/v2/guide, https://www.first.org/cvss/v3.1/specification-document,
// https://www.first.org/cvss/v4.0/specification-document
//
// Scores are made when advisories are compiled. What reads them later must not import this file: the library
// takes some 10 ms to load.

import calculator from "ae-cvss-calculator";
import type { Severity } from "../advisory.ts";

type Metrics = readonly (readonly [name: string, values: string])[];

const VERSION_2: Metrics = [
  ["AV", "LAN"],
  ["AC", "HML"],
  ["Au", "MSN"],
  ["C", "NPC"],
  ["I", "NPC"],
  ["A", "NPC"],
];
const VERSION_3: Metrics = [
  ["AV", "NALP"],
  ["AC", "LH"],
  ["PR", "NLH"],
  ["UI", "NR"],
  ["S", "UC"],
  ["C", "NLH"],
  ["I", "NLH"],
  ["A", "NLH"],
];
const VERSION_4: Metrics = [
  ["AV", "NALP"],
  ["AC", "LH"],
  ["AT", "NP"],
  ["PR", "NLH"],
  ["UI", "NPA"],
  ["VC", "HLN"],
  ["VI", "HLN"],
  ["VA", "HLN"],
  ["SC", "HLN"],
  ["SI", "HLN"],
  ["SA", "HLN"],
];
const LONGEST_VECTOR = 500;

/** 0 to 10; undefined for what is no complete vector. Temporal and environmental metrics do not count. */
export function scoreVector(vector: string): number | undefined {
  if (vector.length > LONGEST_VECTOR) return undefined;
  const text = vector.trim();
  if (text.startsWith("CVSS:3.1/")) return scoreVersion3(text.slice(9), "CVSS:3.1/");
  if (text.startsWith("CVSS:3.0/")) return scoreVersion3(text.slice(9), "CVSS:3.0/");
  if (text.startsWith("CVSS:4.0/")) {
    const base = selectBase(text.slice(9), VERSION_4);
    if (base === undefined) return undefined;
    return checked(new calculator.Cvss4P0(`CVSS:4.0/${base}`).calculateScores().baseMetricsOnly);
  }
  const base = selectBase(text.replace(/^\((.*)\)$/, "$1"), VERSION_2);
  return base === undefined ? undefined : checked(new calculator.Cvss2(base).calculateScores().base);
}

/** https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale */
export function rateScore(score: number): Severity {
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  // A flaw without any impact ("none" in the specification) is still one that somebody reported.
  return score >= 4 ? "medium" : "low";
}

function scoreVersion3(text: string, prefix: "CVSS:3.0/" | "CVSS:3.1/"): number | undefined {
  const base = selectBase(text, VERSION_3);
  if (base === undefined) return undefined;
  const Calculator = prefix === "CVSS:3.0/" ? calculator.Cvss3P0 : calculator.Cvss3P1;
  return checked(new Calculator(prefix + base).calculateScores().base);
}

/** The base metrics alone, in their order; undefined unless each is there once with a value that exists. */
function selectBase(text: string, metrics: Metrics): string | undefined {
  const given = new Map<string, string>();
  for (const part of text.split("/")) {
    const [name = "", value = "", more] = part.split(":");
    if (name === "" || value === "" || more !== undefined || given.has(name)) return undefined;
    given.set(name, value);
  }
  const parts: string[] = [];
  for (const [name, values] of metrics) {
    const value = given.get(name);
    if (value === undefined || value.length !== 1 || !values.includes(value)) return undefined;
    parts.push(`${name}:${value}`);
  }
  return parts.join("/");
}

/** Scores have one decimal; the library's arithmetic need not. */
function checked(score: number | undefined): number | undefined {
  if (score === undefined || !(score >= 0 && score <= 10)) return undefined;
  return Math.round(score * 10) / 10;
}
