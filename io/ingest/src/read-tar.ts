// Documents of a TAR archive, as it streams by. Names are labels and never paths.

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { TarScan } from "@thoth/index";
import { ThothError } from "@thoth/pep";
import type { DocumentSink } from "./document-sink.ts";
import { SOURCE_LIMITS } from "./source-limits.ts";

export async function readTar(
  path: string,
  { gzip }: { readonly gzip: boolean },
  sink: DocumentSink,
): Promise<void> {
  const scan = new TarScan((name) => sink.wants(name), {
    bytes: SOURCE_LIMITS.bytes,
    memberBytes: SOURCE_LIMITS.documentBytes,
  });
  const file = createReadStream(path);
  const unpacked = gzip ? createGunzip() : undefined;
  // A failure of the file must end the loop below, which reads from the other stream.
  if (unpacked !== undefined) file.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    for await (const chunk of unpacked ?? file) {
      sink.checkSignal();
      scan.add(chunk as Buffer);
      for (const [name, content] of scan.found) sink.add(name, content);
      scan.found.clear();
      if (scan.ended) return;
    }
    // Half of the documents must not pass for all of them.
    throw new ThothError("index-response-invalid", "the archive is not valid: it is cut off");
  } finally {
    file.destroy();
    unpacked?.destroy();
  }
}
