// Artifacts on disk by their SHA-256: a file has its final name only when all of it is there and its hash is
// right. What is found is hashed again before it is given out, so a damaged cache cannot be installed.

import { createHash, type Hash, randomBytes } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hideCredentials, quote, ThothError } from "@thoth/pep";
import { fileFailure, isFileError } from "./file-failure.ts";
import { Gate } from "./gate.ts";

export interface ArtifactRequest {
  readonly filename: string;
  readonly url: string;
  /** By algorithm, in lower-case hexadecimal; every one that is known is checked. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly size?: number | undefined;
}

export interface Artifact {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

export interface ArtifactCacheOptions {
  /** The folder of the cache. */
  readonly directory: string;
  readonly artifactBytes: number;
  /** Downloads at once. */
  readonly downloads: number;
  /** Writes what the URL gives; see download.ts. */
  download(request: ArtifactRequest, target: Intake, signal: AbortSignal | undefined): Promise<void>;
}

/** Takes the bytes of an artifact as they come. */
export interface Intake {
  readonly received: number;
  /** Forgets what came so far. */
  restart(): Promise<void>;
  add(chunk: Buffer): Promise<void> | undefined;
}

/** Algorithms of `hashes` that are strong enough to be worth anything, by Node's names. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ["md5", "md5"],
  ["sha1", "sha1"],
  ["sha224", "sha224"],
  ["sha256", "sha256"],
  ["sha384", "sha384"],
  ["sha512", "sha512"],
  ["sha3_256", "sha3-256"],
  ["sha3_384", "sha3-384"],
  ["sha3_512", "sha3-512"],
  ["blake2b", "blake2b512"],
  ["blake2s", "blake2s256"],
]);

/** Leftovers of a killed process are removed after so many milliseconds. */
const LEFTOVER_AGE = 24 * 3600 * 1000;

export class ArtifactCache {
  readonly #options: ArtifactCacheOptions;
  readonly #folder: string;
  readonly #gate: Gate;
  readonly #running = new Map<string, Promise<Artifact>>();
  #swept = false;

  constructor(options: ArtifactCacheOptions) {
    this.#options = options;
    this.#folder = join(options.directory, "artifacts");
    this.#gate = new Gate(options.downloads);
  }

  /** Throws `hash-mismatch`, `limit-exceeded`, `path-escape`, `file-failed`, or what the download throws. */
  async fetch(request: ArtifactRequest, signal: AbortSignal | undefined): Promise<Artifact> {
    checkFilename(request.filename);
    const key = request.hashes["sha256"] ?? request.url;
    const running = this.#running.get(key);
    if (running !== undefined) return await running;
    const work = this.#fetch(request, signal);
    this.#running.set(key, work);
    try {
      return await work;
    } finally {
      this.#running.delete(key);
    }
  }

  /** The artifact if the cache has it, whole. */
  async find(request: ArtifactRequest): Promise<Artifact | undefined> {
    const sha256 = request.hashes["sha256"];
    if (sha256 === undefined) return undefined;
    const path = this.#pathOf(sha256, request.filename);
    // Mostly it is not there, which a stream is slow to tell.
    if (!existsSync(path)) return undefined;
    const digests = new Digests(request.hashes);
    let size = 0;
    try {
      size = await readThrough(path, (chunk) => digests.update(chunk));
    } catch (error) {
      if (isFileError(error)) return undefined;
      throw error;
    }
    if (digests.mismatch() === undefined) return { path, sha256, size };
    await rm(path, { force: true });
    return undefined;
  }

  async #fetch(request: ArtifactRequest, signal: AbortSignal | undefined): Promise<Artifact> {
    const found = await this.find(request);
    if (found !== undefined) return found;
    const leave = await this.#gate.enter(signal);
    try {
      return await this.#take(request, signal);
    } catch (error) {
      throw isFileError(error) ? fileFailure(error, this.#folder) : error;
    } finally {
      leave();
    }
  }

  async #take(request: ArtifactRequest, signal: AbortSignal | undefined): Promise<Artifact> {
    await this.#sweep();
    const temporary = join(this.#folder, "partial", `${process.pid}-${randomBytes(6).toString("hex")}`);
    await mkdir(join(this.#folder, "partial"), { recursive: true });
    const handle = await open(temporary, "wx", 0o644);
    try {
      const intake = new FileIntake(handle, request, this.#options.artifactBytes);
      await this.#download(request, intake, signal);
      await intake.finish();
      const sha256 = intake.check();
      await handle.close();
      const path = this.#pathOf(sha256, request.filename);
      await mkdir(join(path, ".."), { recursive: true });
      await rename(temporary, path);
      return { path, sha256, size: intake.received };
    } catch (error) {
      await handle.close().catch(() => undefined);
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  async #download(
    request: ArtifactRequest,
    intake: FileIntake,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (/^https?:/i.test(request.url)) return await this.#options.download(request, intake, signal);
    if (!request.url.startsWith("file:")) {
      const { filename, url } = request;
      throw new ThothError(
        "index-response-invalid",
        `${quote(filename)} lies at ${quote(hideCredentials(url))}, which may not be opened.`,
        {
          details: { file: filename },
        },
      );
    }
    const path = fileURLToPath(request.url);
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18, signal })) {
        await intake.add(chunk as Buffer);
      }
    } catch (error) {
      // A stream has its own word for it.
      signal?.throwIfAborted();
      throw isFileError(error) && error.path === path ? fileFailure(error, path) : error;
    }
  }

  #pathOf(sha256: string, filename: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256, filename);
  }

  async #sweep(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    const folder = join(this.#folder, "partial");
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      const path = join(folder, name);
      const status = await stat(path).catch(() => undefined);
      if (status !== undefined && Date.now() - status.mtimeMs > LEFTOVER_AGE) await rm(path, { force: true });
    }
  }
}

/** Gives the file to `take`, always in the same memory (a stream would leave it all to be collected); returns its size. */
async function readThrough(path: string, take: (chunk: Buffer) => void): Promise<number> {
  const memory = Buffer.allocUnsafeSlow(1 << 18);
  const file = await open(path, "r");
  try {
    for (let size = 0; ; ) {
      const { bytesRead } = await file.read(memory, 0, memory.length, size);
      if (bytesRead === 0) return size;
      take(memory.subarray(0, bytesRead));
      size += bytesRead;
    }
  } finally {
    await file.close();
  }
}

function checkFilename(filename: string): void {
  const plain = filename !== "" && filename !== "." && filename !== ".." && filename.length <= 255;
  if (plain && !/[/\\\0]/.test(filename)) return;
  throw new ThothError("path-escape", `${quote(filename)} is not a file's name.`);
}

/** Appends to a file and hashes what it appends. */
class FileIntake implements Intake {
  readonly #handle: FileHandle;
  readonly #request: ArtifactRequest;
  readonly #limit: number;
  #digests: Digests;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #written = 0;
  received = 0;

  constructor(handle: FileHandle, request: ArtifactRequest, limit: number) {
    this.#handle = handle;
    this.#request = request;
    this.#limit = Math.min(limit, request.size ?? limit);
    this.#digests = new Digests(request.hashes);
  }

  async restart(): Promise<void> {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#written = 0;
    this.received = 0;
    this.#digests = new Digests(this.#request.hashes);
    await this.#handle.truncate(0);
  }

  add(chunk: Buffer): Promise<void> | undefined {
    this.received += chunk.length;
    if (this.received > this.#limit) throw this.#tooLong();
    this.#digests.update(chunk);
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    return this.#waitingBytes < 1 << 20 ? undefined : this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.datasync();
  }

  /** The SHA-256 in hexadecimal. Throws `hash-mismatch`. */
  check(): string {
    const { filename, url } = this.#request;
    const mismatch = this.#digests.mismatch();
    if (mismatch === undefined) return this.#digests.sha256();
    const { algorithm, expected, found } = mismatch;
    throw new ThothError(
      "hash-mismatch",
      `${quote(filename)} has the ${algorithm} \`${found}\`, not \`${expected}\` as expected.`,
      {
        hint: "The file was replaced or damaged on its way: do not install it.",
        details: { file: filename, host: URL.parse(url)?.host ?? "", algorithm, expected, found },
      },
    );
  }

  async #flush(): Promise<void> {
    const chunks = this.#waiting;
    if (chunks.length === 0) return;
    this.#waiting = [];
    const length = this.#waitingBytes;
    this.#waitingBytes = 0;
    const { bytesWritten } = await this.#handle.writev(chunks, this.#written);
    if (bytesWritten !== length)
      throw Object.assign(new Error("the disk is full"), { code: "ENOSPC", syscall: "write" });
    this.#written += length;
  }

  #tooLong(): ThothError {
    const { filename, size } = this.#request;
    const why = size === undefined ? "the limit" : "what the index promises";
    return new ThothError(
      "limit-exceeded",
      `${quote(filename)} is larger than ${why}: ${this.#limit} bytes.`,
      {
        details: { limit: "artifactBytes", most: this.#limit, file: filename },
      },
    );
  }
}

class Digests {
  readonly #expected: ReadonlyMap<string, string>;
  readonly #hashes: ReadonlyMap<string, Hash>;
  readonly #found = new Map<string, string>();

  constructor(expected: Readonly<Record<string, string>>) {
    const known = Object.entries(expected).filter(([name]) => ALGORITHMS.has(name));
    this.#expected = new Map(known);
    const names = new Set(["sha256", ...this.#expected.keys()]);
    this.#hashes = new Map([...names].map((name) => [name, createHash(ALGORITHMS.get(name)!)]));
  }

  update(chunk: Buffer): void {
    for (const hash of this.#hashes.values()) hash.update(chunk);
  }

  sha256(): string {
    return this.#digest("sha256");
  }

  mismatch(): { algorithm: string; expected: string; found: string } | undefined {
    for (const [algorithm, expected] of this.#expected) {
      const found = this.#digest(algorithm);
      if (found !== expected.toLowerCase()) return { algorithm, expected, found };
    }
    return undefined;
  }

  #digest(name: string): string {
    let digest = this.#found.get(name);
    if (digest === undefined) {
      digest = this.#hashes.get(name)!.digest("hex");
      this.#found.set(name, digest);
    }
    return digest;
  }
}
