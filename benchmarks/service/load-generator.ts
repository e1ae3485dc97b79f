// Asks one question again and again over a number of connections, and tells what came back. With a rate it asks at fixed
// times, whether or not the answers before are there, and counts from those: who waits is not left out.

import { Pool } from "undici";

const { url, body, connections, seconds, rate } = JSON.parse(process.argv[2] ?? "{}") as {
  url: string;
  body: string;
  connections: number;
  seconds: number;
  rate?: number;
};
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 60_000 });
const WARM_UP = 10 * connections;
const times: number[] = [];
const statuses = new Map<number, number>();

async function ask(from: number): Promise<void> {
  const { statusCode, body: answer } = await pool.request({
    method: "POST",
    path: pathname,
    headers: { "content-type": "application/json" },
    body,
  });
  await answer.dump({ limit: 16 * 1024 * 1024 });
  statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
  times.push(performance.now() - from);
}

// What is asked first opens connections and compiles this program: it is nothing of the service's.
await Promise.all(Array.from({ length: WARM_UP }, () => ask(performance.now())));
times.length = 0;
statuses.clear();

const began = performance.now();
const end = began + seconds * 1000;
if (rate === undefined) {
  const one = async () => {
    while (performance.now() < end) await ask(performance.now());
  };
  await Promise.all(Array.from({ length: connections }, one));
} else {
  const asked: Promise<void>[] = [];
  for (let number = 0; ; number++) {
    const due = began + (number * 1000) / rate;
    if (due > end) break;
    const early = due - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    asked.push(ask(due));
  }
  await Promise.all(asked);
}
const took = (performance.now() - began) / 1000;
times.sort((a, b) => a - b);
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
console.log(
  JSON.stringify({
    perSecond: times.length / took,
    p50: at(0.5),
    p99: at(0.99),
    answered: statuses.get(200) ?? 0,
    shed: statuses.get(429) ?? 0,
    other: times.length - (statuses.get(200) ?? 0) - (statuses.get(429) ?? 0),
  }),
);
await pool.close();
