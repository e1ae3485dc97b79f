// Documents of a ZIP archive. Names are labels and never paths.

import { type FileHandle, open } from "node:fs/promises";
import { type ByteSource, checkMemberForm, readMemberContent, readZipDirectory } from "@thoth/index";
import { type DocumentSink, exceeded } from "./document-sink.ts";
import { SOURCE_LIMITS } from "./source-limits.ts";

const DIRECTORY_BYTES = 256 * 1024 * 1024;
const WINDOW = 1024 * 1024;

export async function readZip(path: string, size: number, sink: DocumentSink): Promise<void> {
  const file = await open(path);
  try {
    const source = new ForwardWindow(file);
    const limits = { members: SOURCE_LIMITS.documents, directoryBytes: DIRECTORY_BYTES };
    const { members, start } = await readZipDirectory(source, size, limits);
    const wanted = members.filter(({ directory, name }) => !directory && sink.wants(name));
    if (wanted.reduce((sum, member) => sum + member.size, 0) > SOURCE_LIMITS.bytes) throw exceeded("bytes");
    for (const [index, member] of members.entries()) {
      if (member.directory || !sink.wants(member.name)) continue;
      sink.checkSignal();
      checkMemberForm(member);
      if (member.size > SOURCE_LIMITS.documentBytes) {
        sink.addTooLarge(member.name);
        continue;
      }
      const end = members[index + 1]?.offset ?? start;
      const content = await readMemberContent(source, member, end, { algorithms: [], keep: true });
      if (content.bytes !== undefined) sink.add(member.name, content.bytes);
    }
  } finally {
    await file.close();
  }
}

/** Members lie one after the other and are small: a window of the file serves many of them. */
class ForwardWindow implements ByteSource {
  readonly #file: FileHandle;
  readonly #window = Buffer.alloc(WINDOW);
  #start = 0;
  #length = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async read(buffer: Buffer, offset: number, length: number, position: number) {
    if (length > WINDOW) return await this.#file.read(buffer, offset, length, position);
    if (position < this.#start || position + length > this.#start + this.#length) {
      const { bytesRead } = await this.#file.read(this.#window, 0, WINDOW, position);
      this.#start = position;
      this.#length = bytesRead;
    }
    const at = position - this.#start;
    const bytesRead = Math.min(length, this.#length - at);
    this.#window.copy(buffer, offset, at, at + bytesRead);
    return { bytesRead };
  }
}
