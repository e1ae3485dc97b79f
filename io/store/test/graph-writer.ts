// A process that writes to a graph: `graph-writer.ts PLACE LETTER TIMES`. Each write says the same number of every one
// of its owners, and of an owner that all writers share. A line on standard output before each.

import { openGraph } from "../src/index.ts";
import { repository } from "./graph-facts.ts";

export const WRITER_OWNERS = 20;

if (import.meta.main) {
  const [place = "", letter = "", times = "0"] = process.argv.slice(2);
  const graph = await openGraph(place);
  for (let time = 1; time <= Number(times); time++) {
    process.stdout.write(`${time}\n`);
    const owned = Array.from({ length: WRITER_OWNERS }, (_, at) => repository(`${letter}-${at}`, time));
    await graph.write({
      changes: [...owned, repository("shared", time)].map((put) => ({ put })),
      at: time,
      source: letter,
      state: { job: letter, value: String(time) },
    });
  }
  await graph.close();
}
