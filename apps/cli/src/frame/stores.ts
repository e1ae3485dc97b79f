// The stores of knowledge that commands of one process have open: each file once. Loaded only when a command
// asks for knowledge.

import type { KnowledgeStore } from "@thoth/knowledge";
import type { ExcerptMemory } from "../session/excerpt-shelf.ts";

export class Stores {
  /** What earlier commands of the process read. */
  readonly excerpts: ExcerptMemory = new Map();
  readonly #open = new Map<string, Promise<KnowledgeStore>>();

  open(path: string, warn: (message: string) => void): Promise<KnowledgeStore> {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const opening = import("@thoth/store").then(({ openStore }) => openStore(path, { warn }));
    this.#open.set(path, opening);
    return opening;
  }

  /** Makes what was learnt durable and closes every store. */
  async close(): Promise<void> {
    const stores = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    for (const store of stores) if (store.status === "fulfilled") store.value.close();
  }
}
