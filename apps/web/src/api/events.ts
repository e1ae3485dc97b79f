// Server-sent events out of a response. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/** However the bytes are cut. An event that does not end is none; what only keeps the connection alive has no data. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const text = rest + value;
      // The other half of a line's end may come with the next piece.
      const held = text.endsWith("\r") ? "\r" : "";
      const parts = text
        .slice(0, text.length - held.length)
        .replace(/\r\n?/g, "\n")
        .split("\n\n");
      rest = (parts.pop() ?? "") + held;
      for (const part of parts) yield parseEvent(part);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseEvent(text: string): ServerEvent {
  let type = "message";
  const data: string[] = [];
  for (const line of text.split("\n")) {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === "event") type = value;
    else if (field === "data") data.push(value);
  }
  return { type, data: data.join("\n") };
}
