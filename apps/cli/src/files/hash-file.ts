// SHA-256 of a file, read in pieces.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Lower-case hexadecimal. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
