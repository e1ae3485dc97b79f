// The evidence of what was inspected, one JSON document a line. What stands in it is not inspected again in the same place with
// the same check.

import { appendFileSync, existsSync } from "node:fs";
import { type Stack, stackDigest } from "@thoth/inspection";
import { readGivenText } from "../files/read-file.ts";
import type { Seen } from "./seen.ts";

const MOST_BYTES = 256 << 20;

export class EvidenceLog {
  readonly #path: string | undefined;
  /** What the outcome depends on beside the stack: place and check. */
  readonly #where: string;
  readonly #known = new Map<string, Seen>();

  private constructor(path: string | undefined, where: string) {
    this.#path = path;
    this.#where = where;
  }

  /** A file that is not there is made when something is told. Throws file-failed. */
  static async open(path: string | undefined, where: string): Promise<EvidenceLog> {
    const log = new EvidenceLog(path, where);
    if (path === undefined || !existsSync(path)) return log;
    for (const line of (await readGivenText(path, MOST_BYTES)).split("\n")) log.#read(line);
    return log;
  }

  /** A line that an interruption cut off is passed over. */
  #read(line: string): void {
    let entry: unknown;
    try {
      entry = JSON.parse(line);
    } catch {
      return;
    }
    if (isEntry(entry) && entry.where === this.#where) {
      const { stack, failures } = entry;
      this.#known.set(stackDigest(stack), { stack, failures });
    }
  }

  seen(stack: Stack): Seen | undefined {
    return this.#known.get(stackDigest(stack));
  }

  /** Throws file-failed. */
  add(seen: Seen): void {
    this.#known.set(stackDigest(seen.stack), seen);
    this.tell({ kind: "inspection", where: this.#where, ...seen });
  }

  tell(entry: object): void {
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }
}

interface Entry extends Seen {
  readonly kind: "inspection";
  readonly where: string;
}

function isEntry(value: unknown): value is Entry {
  const { kind, where, stack, failures } = (value ?? {}) as Record<string, unknown>;
  return (
    kind === "inspection" &&
    typeof where === "string" &&
    Array.isArray(stack) &&
    stack.every(
      (one) => Array.isArray(one) && one.length === 2 && one.every((text) => typeof text === "string"),
    ) &&
    Array.isArray(failures) &&
    failures.every(isFailure)
  );
}

function isFailure(value: unknown): boolean {
  const { what, stage, symptom, packages } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof what === "string" &&
    typeof symptom === "string" &&
    (stage === "build" || stage === "install" || stage === "import" || stage === "run") &&
    Array.isArray(packages) &&
    packages.every((name) => typeof name === "string")
  );
}
