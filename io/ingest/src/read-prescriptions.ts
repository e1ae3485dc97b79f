// Files of rules from a folder, one file, or an archive. Names are only told, never used as paths.

import { basename } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import type { PrescriptionFile } from "@thoth/prescriptions";
import { DocumentSink } from "./document-sink.ts";
import { readSource } from "./read-source.ts";

/** Cases that rules are tried with, beside them. */
const CASES = /\.test\.ya?ml$/;

export interface RuleFiles {
  readonly rules: readonly PrescriptionFile[];
  readonly cases: readonly PrescriptionFile[];
}

/** In the order of their paths. Throws as `readAdvisories`. */
export async function readPrescriptions(place: string, signal?: AbortSignal): Promise<RuleFiles> {
  const sink = new RuleCollector({ signal });
  await readSource(place, sink, { kind: "rules" });
  return partFiles(
    sink.files.map((file) => (file.path === place ? { ...file, path: basename(place) } : file)),
  );
}

export function partFiles(read: readonly PrescriptionFile[]): RuleFiles {
  const files = read.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return {
    rules: files.filter(({ path }) => !CASES.test(path)),
    cases: files.filter(({ path }) => CASES.test(path)),
  };
}

export class RuleCollector extends DocumentSink {
  readonly files: PrescriptionFile[] = [];
  readonly #decoder = new TextDecoder();

  wants(name: string): boolean {
    return /\.ya?ml$/i.test(name);
  }

  protected take(name: string, content: Uint8Array): void {
    this.files.push({ path: name.replaceAll("\\", "/"), text: this.#decoder.decode(content) });
  }

  protected refuse(name: string, reason: string): void {
    throw new ThothError("limit-exceeded", `the rules in ${quote(name)} cannot be read: ${reason}`);
  }
}
