import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventData } from "../src/event-stream.ts";

describe("the stream of events", () => {
  const data = ['{"text":"é, €, 🐍, \u202e"}', "{}", '{"text":"a\\n\\nb"}'];
  const bytes = new TextEncoder().encode(
    `: keep-alive\n\ndata: ${data[0]}\n\n: keep-alive\n\n: keep-alive\n\ndata: ${data[1]}\n\ndata: ${data[2]}\n\n: keep-alive\n\ndata: cut off\n`,
  );
  const read = async (chunks: readonly Uint8Array[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const one of eventData(ReadableStream.from(chunks))) found.push(one);
    return found;
  };

  it("is read, comments left out, wherever it is cut in two", async () => {
    for (let at = 0; at <= bytes.length; at++)
      assert.deepEqual(await read([bytes.subarray(0, at), bytes.subarray(at)]), data, String(at));
  });

  it("is read in pieces of any size", async () => {
    for (let size = 1; size <= bytes.length; size++) {
      const count = Math.ceil(bytes.length / size);
      const chunks = Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
      assert.deepEqual(await read(chunks), data, String(size));
    }
  });
});
