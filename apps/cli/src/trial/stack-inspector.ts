// Inspects stacks one after the other or several at a time, each in an environment that is gone afterwards; what is known of a
// stack is not looked at again.

import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interpreter } from "@thoth/environment";
import type { IndexSession } from "@thoth/index";
import { type Check, factsOf, inspect, type Limits, type Stack, stackDigest } from "@thoth/inspection";
import type { KnowledgeGraph } from "@thoth/knowledge";
import { VERSION } from "../frame/version.ts";
import type { EvidenceLog } from "./evidence-log.ts";
import { type Seen, seenOf } from "./seen.ts";
import type { StackMaker } from "./stack-maker.ts";

export interface Inspecting {
  readonly interpreter: Interpreter;
  readonly session: IndexSession;
  readonly checks: readonly Check[];
  readonly direct: readonly string[];
  readonly limits: Limits;
  readonly allowBuild: boolean;
  readonly network: boolean;
  readonly allowUnisolated: boolean;
  readonly log: EvidenceLog;
  readonly graph: KnowledgeGraph | undefined;
  readonly signal: AbortSignal;
  /** Before each that is really looked at, with how many there were. */
  readonly report: (stack: Stack, count: number) => void;
}

export class StackInspector {
  readonly #inspecting: Inspecting;
  readonly #root: string;
  readonly #running = new Map<string, Promise<Seen>>();
  #count = 0;
  #facts = 0;

  private constructor(inspecting: Inspecting, root: string) {
    this.#inspecting = inspecting;
    this.#root = root;
  }

  static async open(inspecting: Inspecting): Promise<StackInspector> {
    return new StackInspector(inspecting, await realpath(await mkdtemp(join(tmpdir(), "thoth-trial-"))));
  }

  /** Inspections that were made, not those that were known. */
  get count(): number {
    return this.#count;
  }

  /** Facts that were kept in the graph. */
  get facts(): number {
    return this.#facts;
  }

  /** The stack must have been made by that maker. Throws what `inspect` throws. */
  async look(maker: StackMaker, stack: Stack): Promise<Seen> {
    const known = this.#inspecting.log.seen(stack);
    if (known !== undefined) return known;
    const digest = stackDigest(stack);
    const running = this.#running.get(digest) ?? this.#inspect(maker, stack, digest);
    this.#running.set(digest, running);
    try {
      return await running;
    } finally {
      this.#running.delete(digest);
    }
  }

  async #inspect(maker: StackMaker, stack: Stack, digest: string): Promise<Seen> {
    const { log, report, graph, ...asked } = this.#inspecting;
    report(stack, ++this.#count);
    const root = join(this.#root, digest.slice(0, 16));
    try {
      const inspection = await inspect({ ...asked, lock: await maker.lock(stack), root, report: undefined });
      // What could not be installed is told of as it was asked for.
      const seen = { ...seenOf(inspection), stack };
      log.add(seen);
      if (graph !== undefined) await this.#keep(graph, inspection);
      return seen;
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }

  async #keep(graph: KnowledgeGraph, inspection: Parameters<typeof factsOf>[0]): Promise<void> {
    const at = Math.floor(Date.now() / 1000);
    const facts = factsOf(inspection, { source: "inspection", observedAt: at, tool: `thoth ${VERSION}` });
    await graph.write({ changes: facts.map((put) => ({ put })), at, source: "inspection" });
    this.#facts += facts.length;
  }

  async close(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}
