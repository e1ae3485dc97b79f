import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ServerEvent, serverEvents } from "../src/api/events.ts";

async function read(text: string, size: number): Promise<ServerEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of serverEvents(stream)) events.push(event);
  return events;
}

describe("server-sent events", () => {
  const text =
    ': alive\n\nevent: job\ndata: {"ä":1}\n\nevent: job\r\ndata: one\r\ndata:two\r\nid: 3\r\n\r\ndata: cut off';

  it("are read however they are cut; what has not ended is none", async () => {
    const expected = [
      { type: "message", data: "" },
      { type: "job", data: '{"ä":1}' },
      { type: "job", data: "one\ntwo" },
    ];
    for (const size of [1, 2, 3, 7, 1000])
      assert.deepEqual(await read(text, size), expected, `${size} bytes`);
  });
});
