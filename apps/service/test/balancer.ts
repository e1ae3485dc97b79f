// Spreads connections over servers that say they are ready, as a Service of Kubernetes does: whoever is not gets no new
// connection, and keeps those that it has.

import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK = 100;
const READY_WITHIN = 30_000;

export interface Balancer {
  readonly url: string;
  /** Resolves when it gets connections. */
  add(url: string): Promise<void>;
  /** Whoever is going to be ended without a word of its own. */
  remove(url: string): void;
  close(): Promise<void>;
}

export async function startBalancer(): Promise<Balancer> {
  const targets = new Map<string, { isReady: boolean }>();
  const sockets = new Set<Socket>();
  let turn = 0;
  let isOver = false;
  const server = createServer((client) => {
    const ready = [...targets].filter(([, { isReady }]) => isReady).map(([url]) => url);
    const chosen = ready[turn++ % Math.max(1, ready.length)];
    if (chosen === undefined) return void client.destroy();
    join(client, connect(Number(new URL(chosen).port), "127.0.0.1"), sockets);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const looking = (async () => {
    for (; !isOver; await sleep(LOOK))
      await Promise.all(
        [...targets].map(async ([url, target]) => {
          target.isReady = await fetch(`${url}/readyz`).then(
            ({ ok }) => ok,
            () => false,
          );
        }),
      );
  })();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: async (url) => {
      const target = { isReady: false };
      targets.set(url, target);
      for (const end = Date.now() + READY_WITHIN; !target.isReady; await sleep(LOOK / 2))
        if (Date.now() > end) throw new Error(`${url} is not ready`);
    },
    remove: (url) => void targets.delete(url),
    close: async () => {
      isOver = true;
      await looking;
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What happens to one happens to the other. */
function join(client: Socket, server: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(one);
    one.pipe(other);
    one.on("error", () => other.destroy());
    one.on("close", () => {
      sockets.delete(one);
      other.end();
    });
  }
}
