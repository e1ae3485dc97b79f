// The layer of one wheel, or of several small ones. Of a wheel nothing stays in memory when its layer is written: an image may
// have some hundreds of them, with a hundred thousand files.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inspectWheel } from "@thoth/environment";
import type { ByteSource } from "@thoth/index";
import { type LayerFile, writeLayer } from "./layer-plan.ts";
import { LayerWriter, type WrittenLayer } from "./layer-writer.ts";
import type { LockedWheel } from "./locked-wheels.ts";
import { filesOfWheel } from "./wheel-files.ts";

/** A wheel on this machine whose hash was found right. */
export interface LocalWheel extends LockedWheel {
  readonly path: string;
}

export interface WheelLayer {
  readonly title: string;
  readonly wheels: readonly LocalWheel[];
  /** Paths of files that another package brings alike, by the names of the packages that have them too. */
  readonly leftOut: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface WheelLayerSettings {
  /** Such as `3.11`. */
  readonly python: string;
  /** Nothing in it is of a later time; seconds since 1970. */
  readonly latest: number;
  /** Where it is written: there is nothing yet, and what is there after a failure is for the caller to remove. */
  readonly part: string;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes that are read at once where less is asked for. */
const WINDOW = 64 * 1024;
/** Bytes of a member that are read into the same memory as those of all the others. */
const MEMORY = 256 * 1024;

/** Throws as `filesOfWheel`, `inspectWheel` and `writeLayer`. */
export async function writeWheelLayer(
  { title, wheels, leftOut }: WheelLayer,
  { python, latest, part, signal }: WheelLayerSettings,
): Promise<WrittenLayer> {
  const opened = wheels.map((wheel) => new OpenWheel(wheel));
  try {
    const files: LayerFile[] = [];
    for (const wheel of opened) {
      const own = leftOut.get(wheel.name);
      for (const file of await wheel.files(python)) if (own?.has(file.path) !== true) files.push(file);
    }
    const memory = Buffer.allocUnsafeSlow(MEMORY);
    return await writing(part, (writer) => writeLayer({ title, files }, writer, { latest, memory, signal }));
  } finally {
    for (const wheel of opened) wheel.close();
  }
}

/** What `work` writes to a new file. */
export async function writing(
  part: string,
  work: (writer: LayerWriter) => Promise<void>,
): Promise<WrittenLayer> {
  const writer = new LayerWriter(part);
  try {
    await work(writer);
  } catch (error) {
    writer.abandon();
    throw error;
  }
  return writer.finish();
}

/** Throws as `filesOfWheel` and `inspectWheel`. */
export async function filesOf(wheel: LocalWheel, python: string): Promise<readonly LayerFile[]> {
  const opened = new OpenWheel(wheel);
  try {
    return await opened.files(python);
  } finally {
    opened.close();
  }
}

class OpenWheel implements ByteSource {
  readonly #wheel: LocalWheel;
  readonly #file: number;
  readonly #window = Buffer.allocUnsafeSlow(WINDOW);
  #start = 0;
  #end = 0;

  constructor(wheel: LocalWheel) {
    this.#wheel = wheel;
    this.#file = openSync(wheel.path, "r");
  }

  get name(): string {
    return this.#wheel.name;
  }

  /** They can be read until it is closed. */
  async files(python: string): Promise<readonly LayerFile[]> {
    const { name, time } = this.#wheel;
    const inspected = await inspectWheel(this, fstatSync(this.#file).size, this.#wheel);
    return await filesOfWheel(inspected, { name, python, time });
  }

  /** Wheels lie in the cache of this machine, where waiting for a thread would take longer than reading. */
  async read(buffer: Buffer, offset: number, length: number, position: number) {
    if (length >= WINDOW) return { bytesRead: readSync(this.#file, buffer, offset, length, position) };
    if (position < this.#start || position + length > this.#end) {
      this.#start = position;
      this.#end = position + readSync(this.#file, this.#window, 0, WINDOW, position);
    }
    const from = position - this.#start;
    return {
      bytesRead: this.#window.copy(buffer, offset, from, Math.min(from + length, this.#end - this.#start)),
    };
  }

  close(): void {
    closeSync(this.#file);
  }
}
