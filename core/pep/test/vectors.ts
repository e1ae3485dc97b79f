// The parametrised cases of pypa/packaging's own tests, run against this package: each test function has a handler
// that does with ours what the function does with theirs, or a reason why it is left out.
// https://github.com/pypa/packaging/tree/main/tests

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Case, CaseLeftOut, type Handler } from "./vectors/case.ts";
import { documentHandlers } from "./vectors/document.ts";
import { leftOutReasons } from "./vectors/left-out.ts";
import { markerHandlers } from "./vectors/marker.ts";
import { metadataHandlers } from "./vectors/metadata.ts";
import { rangeHandlers } from "./vectors/range.ts";
import { requirementHandlers } from "./vectors/requirement.ts";
import { specifierHandlers } from "./vectors/specifier.ts";
import { specifierSetHandlers } from "./vectors/specifier-set.ts";
import { tagHandlers } from "./vectors/tag.ts";
import { versionHandlers } from "./vectors/version.ts";

export interface VectorReport {
  readonly passed: number;
  /** `id` is the test function and the number of the case. */
  readonly failed: readonly { readonly id: string; readonly message: string }[];
  readonly leftOut: readonly { readonly group: string; readonly count: number; readonly reason: string }[];
}

const handlers: ReadonlyMap<string, Handler> = new Map(
  [
    versionHandlers,
    specifierHandlers,
    specifierSetHandlers,
    rangeHandlers,
    markerHandlers,
    requirementHandlers,
    metadataHandlers,
    tagHandlers,
    documentHandlers,
  ].flatMap((group) => Object.entries(group)),
);

/** `path` is a file of gzipped JSON, `{test id: [{parameter: value}]}`. */
export function runPackagingVectors(path: string): VectorReport {
  const corpus = JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as Record<string, Case[]>;
  let passed = 0;
  const failed: { id: string; message: string }[] = [];
  const leftOut = new Map<string, { group: string; count: number; reason: string }>();
  const addLeftOut = (group: string, reason: string) => {
    const key = `${group}\n${reason}`;
    const entry = leftOut.get(key) ?? { group, count: 0, reason };
    entry.count++;
    leftOut.set(key, entry);
  };
  for (const [group, cases] of Object.entries(corpus)) {
    const name = group.slice(group.lastIndexOf("/") + 1);
    const handler = handlers.get(name);
    cases.forEach((values, index) => {
      if (handler === undefined) {
        addLeftOut(group, leftOutReasons.get(name) ?? "a test function that is not known here");
        return;
      }
      const outcome = runCase(handler, values);
      if (outcome === undefined) passed++;
      else if (outcome instanceof CaseLeftOut) addLeftOut(group, outcome.message);
      else failed.push({ id: `${group}[${index}]`, message: `${outcome.message} of ${shown(values)}` });
    });
  }
  return { passed, failed, leftOut: [...leftOut.values()] };
}

function runCase(handler: Handler, values: Case): Error | undefined {
  try {
    handler(values);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function shown(values: Case): string {
  const text = JSON.stringify(values);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
