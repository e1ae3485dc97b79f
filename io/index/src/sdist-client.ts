// Reads what a source distribution states. A `.tar.gz` is read as it arrives, and no further than needed; a
// `.zip` has its directory at the end and is fetched whole.

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createGunzip, type Gunzip } from "node:zlib";
import { quote, ThothError } from "@thoth/pep";
import type { ArtifactCache, ArtifactRequest } from "./artifact-cache.ts";
import { fileFailure, isFileError } from "./file-failure.ts";
import type { HttpClient } from "./http-client.ts";
import type { IndexLimits } from "./limits.ts";
import { readPackageInfo, readProjectStatement, type StaticMetadata } from "./sdist-metadata.ts";
import { TarScan } from "./tar-scan.ts";
import { readZipDirectory } from "./zip-directory.ts";
import { checkMemberForm, readMemberContent } from "./zip-member.ts";

export interface SdistOptions {
  readonly client: HttpClient;
  readonly artifacts: ArtifactCache;
  readonly limits: IndexLimits;
}

/** What was found in the archive's top folder. */
interface Statements {
  readonly packageInfo: Buffer | undefined;
  readonly pyproject: Buffer | undefined;
}

/** Undefined: only a build would tell. Throws `invalid-metadata`, `limit-exceeded`, or what fetching throws. */
export async function fetchSdistMetadata(
  options: SdistOptions,
  request: ArtifactRequest,
  signal: AbortSignal | undefined,
): Promise<StaticMetadata | undefined> {
  const found = request.filename.endsWith(".zip")
    ? await readZip(options, request, signal)
    : await readTar(options, request, signal);
  const fromInfo = found.packageInfo === undefined ? undefined : readPackageInfo(found.packageInfo);
  if (fromInfo !== undefined) return fromInfo;
  return found.pyproject === undefined ? undefined : readProjectStatement(found.pyproject);
}

async function readZip(
  { artifacts, limits }: SdistOptions,
  request: ArtifactRequest,
  signal: AbortSignal | undefined,
): Promise<Statements> {
  const { path, size } = await artifacts.fetch(request, signal);
  const file = await open(path);
  try {
    const directory = await readZipDirectory(file, size, {
      members: 1_000_000,
      directoryBytes: limits.directoryBytes,
    });
    const found = new Map<string, Buffer>();
    for (const [at, member] of directory.members.entries()) {
      const name = statementName(member.name);
      if (name === undefined) continue;
      checkMemberForm(member);
      if (member.size > limits.metadataBytes) throw tooLong(limits.metadataBytes);
      if (found.has(name)) throw damaged("it has two top folders");
      const end = directory.members[at + 1]?.offset ?? directory.start;
      const content = await readMemberContent(file, member, end, { algorithms: [], keep: true });
      found.set(name, content.bytes!);
    }
    return { packageInfo: found.get("PKG-INFO"), pyproject: found.get("pyproject.toml") };
  } finally {
    await file.close();
  }
}

/** `PKG-INFO` or `pyproject.toml` when the path is that of one in the top folder. */
function statementName(path: string): "PKG-INFO" | "pyproject.toml" | undefined {
  const plain = path.startsWith("./") ? path.slice(2) : path;
  const slash = plain.indexOf("/");
  const name = slash <= 0 ? "" : plain.slice(slash + 1);
  return name === "PKG-INFO" || name === "pyproject.toml" ? name : undefined;
}

async function readTar(
  { client, limits }: SdistOptions,
  request: ArtifactRequest,
  signal: AbortSignal | undefined,
): Promise<Statements> {
  let reader: TarReader | undefined;
  try {
    if (request.url.startsWith("file:")) {
      reader = new TarReader(limits);
      await readLocal(fileURLToPath(request.url), reader, signal);
    } else {
      const answer = await client.get({
        url: request.url,
        subject: quote(request.filename),
        signal,
        headers: { "accept-encoding": "identity" },
        seconds: limits.requestSeconds + (request.size ?? 0) / limits.slowestRate,
        attempt: () => ({
          accept: (head) => {
            reader?.stop();
            reader = undefined;
            if (head.status !== 200) return undefined;
            const current = new TarReader(limits);
            reader = current;
            return (chunk) => current.add(chunk);
          },
        }),
      });
      if (reader === undefined) throw damaged(`the server answers ${answer.status}`);
    }
    await reader.end();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  } finally {
    reader?.stop();
  }
  return reader?.statements() ?? { packageInfo: undefined, pyproject: undefined };
}

async function readLocal(path: string, reader: TarReader, signal: AbortSignal | undefined): Promise<void> {
  try {
    for await (const chunk of createReadStream(path, { signal })) await reader.add(chunk as Buffer);
  } catch (error) {
    throw isFileError(error) ? fileFailure(error, path) : error;
  }
}

/** Everything wanted is there: no reason to read on. */
class Enough extends Error {}

class TarReader {
  readonly #gunzip: Gunzip;
  readonly #scan: TarScan;
  #failure: unknown;
  /** How many members were there when they last were judged. */
  #judged = 0;
  #closed = false;

  constructor(limits: IndexLimits) {
    this.#scan = new TarScan((name) => statementName(name) !== undefined, {
      bytes: limits.unpackedBytes,
      memberBytes: limits.metadataBytes,
    });
    this.#gunzip = createGunzip();
    this.#gunzip.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#gunzip.on("error", () => {
      this.#failure ??= damaged("it cannot be unpacked");
    });
    this.#gunzip.on("close", () => {
      this.#closed = true;
    });
  }

  /** Throws Enough when the rest is not wanted. */
  add(chunk: Buffer): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed || this.#gunzip.write(chunk)) return undefined;
    return this.#heard("drain").then(() => {
      if (this.#failure !== undefined) throw this.#failure;
    });
  }

  async end(): Promise<void> {
    if (this.#failure === undefined && !this.#closed) {
      this.#gunzip.end();
      await this.#heard("end");
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  stop(): void {
    this.#gunzip.destroy();
  }

  statements(): Statements {
    const named = (wanted: string) => {
      const found = [...this.#scan.found].filter(([path]) => statementName(path) === wanted);
      if (found.length > 1) throw damaged("it has two top folders");
      return found[0]?.[1];
    };
    return { packageInfo: named("PKG-INFO"), pyproject: named("pyproject.toml") };
  }

  /** Resolves at the event, or when there will be no more of them. */
  #heard(event: "drain" | "end"): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#gunzip.off(event, done).off("close", done);
        resolve();
      };
      this.#gunzip.on(event, done).on("close", done);
    });
  }

  #take(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      this.#scan.add(chunk);
      if (this.#scan.ended || this.#suffices()) this.#failure = new Enough();
    } catch (error) {
      this.#failure = error;
    }
    if (this.#failure !== undefined) this.#gunzip.destroy();
  }

  /** PKG-INFO alone is enough where it is static; both always are. */
  #suffices(): boolean {
    if (this.#scan.found.size === this.#judged) return false;
    this.#judged = this.#scan.found.size;
    const { packageInfo, pyproject } = this.statements();
    if (packageInfo === undefined) return false;
    return pyproject !== undefined || readPackageInfo(packageInfo) !== undefined;
  }
}

function damaged(why: string): ThothError {
  return new ThothError("invalid-metadata", `the archive is not valid: ${why}`);
}

function tooLong(most: number): ThothError {
  return new ThothError("limit-exceeded", `the archive exceeds the limit of ${most} for metadataBytes`, {
    details: { limit: "metadataBytes", most },
  });
}
