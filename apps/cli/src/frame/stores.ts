// The stores of knowledge that commands of one process have open: each file once. Loaded only when a command
// asks for knowledge.

import type { KnowledgeStore } from "@thoth/knowledge";
import type { GraphStore } from "@thoth/store";
import type { ExcerptMemory } from "../session/excerpt-shelf.ts";

export class Stores {
  /** What earlier commands of the process read. */
  readonly excerpts: ExcerptMemory = new Map();
  readonly #open = new Map<string, Promise<KnowledgeStore>>();
  readonly #graphs = new Map<string, Promise<GraphStore>>();

  open(path: string, warn: (message: string) => void): Promise<KnowledgeStore> {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const opening = import("@thoth/store").then(({ openStore }) => openStore(path, { warn }));
    this.#open.set(path, opening);
    return opening;
  }

  /** Of a server: to connect takes longer than to ask. Throws `database-failed`, `database-too-new`. */
  async graph(url: string): Promise<GraphStore> {
    const known = this.#graphs.get(url);
    if (known !== undefined) return await known;
    const opening = import("@thoth/store").then(({ openGraph }) => openGraph(url));
    this.#graphs.set(url, opening);
    // What could not be reached may be there the next time.
    opening.catch(() => this.#graphs.delete(url));
    return await opening;
  }

  /** Makes what was learnt durable and closes every store. */
  async close(): Promise<void> {
    const stores = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    for (const store of stores) if (store.status === "fulfilled") store.value.close();
    const graphs = await Promise.allSettled(this.#graphs.values());
    this.#graphs.clear();
    for (const graph of graphs) if (graph.status === "fulfilled") await graph.value.close();
  }
}
