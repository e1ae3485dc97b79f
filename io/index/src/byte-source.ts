// Bytes at any place of an archive: an open file, or a remote one of which only some ranges are fetched.

/** What an open file of `node:fs/promises` can do, and nothing more. */
export interface ByteSource {
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
}
