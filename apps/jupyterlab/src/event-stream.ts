// Server-sent events as the server's part of the extension writes them: each one line `data: …`, or a comment, which keeps the
// connection alive (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).

const FIELD = "data: ";

/** The data of each event, as they come, however the bytes are cut. An event that does not end is none. */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  /** Pieces of an event that has not ended: what is long comes in many. */
  let pieces: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const text = decoder.decode(value, { stream: true });
    const isEnd = text.startsWith("\n") && pieces.at(-1)?.endsWith("\n") === true;
    if (!isEnd && !text.includes("\n\n")) {
      if (text !== "") pieces.push(text);
      continue;
    }
    const parts = [...pieces, text].join("").split("\n\n");
    pieces = [parts.pop() ?? ""].filter((rest) => rest !== "");
    for (const part of parts) if (part.startsWith(FIELD)) yield part.slice(FIELD.length);
  }
}
