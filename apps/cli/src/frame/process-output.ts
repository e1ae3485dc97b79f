// The process's own output. Files and pipes are written to directly: Node's streams take 3 ms to load, and their
// writes to files and pipes wait too. A terminal needs a stream, which knows its width.

import { fstatSync, statSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Output } from "./terminal.ts";

/** Milliseconds until a pipe that is full is tried again. */
const PAUSE = 5;

export function processOutput(): Output {
  const message = channel(2);
  const { stream } = message;
  return {
    result: channel(1).write,
    message: message.write,
    screen: stream?.isTTY === true,
    columns: stream?.columns,
  };
}

interface Channel {
  readonly write: (text: string) => unknown;
  /** Undefined for a file or pipe. */
  readonly stream?: NodeJS.WriteStream;
}

function channel(descriptor: 1 | 2): Channel {
  if (isPlain(descriptor)) return { write: (text) => writeFully(descriptor, Buffer.from(text)) };
  const stream = descriptor === 1 ? process.stdout : process.stderr;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    leave();
  });
  return { write: (text) => stream.write(text), stream };
}

/** Takes what is written at once, or says why not: neither a terminal nor a socket. */
function isPlain(descriptor: number): boolean {
  if (process.platform === "win32") return false;
  try {
    const info = fstatSync(descriptor);
    if (info.isFile() || info.isFIFO()) return true;
    // To ask whether something is a terminal loads as much as a stream does.
    return info.isCharacterDevice() && (info.rdev === statSync("/dev/null").rdev || !isatty(descriptor));
  } catch {
    return false;
  }
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EPIPE") leave();
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/** A reader that went away (`thoth … | head`) is no failure. */
function leave(): never {
  process.exit(process.exitCode ?? 0);
}

/** Ends the process once a terminal has everything. */
export function exitProcess(status: number): void {
  const channels = [1, 2].filter((descriptor) => !isPlain(descriptor));
  const next = () => {
    const descriptor = channels.pop();
    if (descriptor === undefined) process.exit(status);
    (descriptor === 1 ? process.stdout : process.stderr).write("", next);
  };
  next();
}
