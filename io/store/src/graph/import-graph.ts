// Reads a part of a graph that was written to a file, by whomever. The file is read twice: nothing of one that was cut
// off or altered is written.

import { createHash } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import {
  type AnyFact,
  BODY_LIMIT,
  type FactKey,
  type FactKind,
  type KnowledgeGraph,
  type Snapshot,
} from "@thoth/knowledge";
import { parseFact } from "@thoth/knowledge/facts";
import { compareCodePoints, ThothError } from "@thoth/pep";
import { GRAPH_FORMAT, GRAPH_FORMAT_VERSION } from "./graph-file.ts";

export interface ImportOptions {
  /** Of what is written: seconds since 1970. */
  readonly at: number;
  /** Of what is written, such as the name of the file. The facts keep their own provenance. */
  readonly source: string;
  /** Told of facts as they are written. */
  readonly progress?: (facts: number) => void;
  /** Bytes that it may have, unpacked. */
  readonly limit?: number | undefined;
  /** All where it is absent; a fact of another kind is refused. */
  readonly kinds?: readonly FactKind[] | undefined;
}

export interface ImportOutcome {
  /** Facts of the file. */
  readonly facts: number;
  /** Newest afterwards; the one before where all was known. */
  readonly snapshot: Snapshot;
}

/** Facts, and about the bytes of them, that are written at once. */
const BATCH = 1000;
const BATCH_BYTES = 16 * 2 ** 20;

/** Bytes of a line: of a body, and of all around it. */
const LINE_LIMIT = BODY_LIMIT + 256 * 1024;
/** Bytes, unpacked. */
const TOTAL_LIMIT = 2 ** 36;

/**
 * `open` gives the bytes of the file, each time from its start. Throws `invalid-graph-file`, `invalid-fact` and
 * `limit-exceeded` before anything is written, unless the file changes meanwhile. What is known already makes no snapshot.
 */
export async function importGraph(
  graph: KnowledgeGraph,
  open: () => AsyncIterable<Uint8Array>,
  { at, source, progress, limit = TOTAL_LIMIT, kinds }: ImportOptions,
): Promise<ImportOutcome> {
  await checkGraphFile(open(), { limit, kinds });
  let snapshot = await graph.snapshot();
  let facts = 0;
  for await (const batch of inBatches(readFacts(open(), limit))) {
    snapshot = await graph.write({ changes: batch.map((put) => ({ put })), at, source });
    facts += batch.length;
    progress?.(facts);
  }
  return { facts, snapshot };
}

/** How many facts a file has that could be read into a graph. Throws as `importGraph`. */
export async function checkGraphFile(
  bytes: AsyncIterable<Uint8Array>,
  { limit = TOTAL_LIMIT, kinds }: Pick<ImportOptions, "limit" | "kinds">,
): Promise<number> {
  let facts = 0;
  for await (const { fact } of readFacts(bytes, limit)) {
    mustBeOneOf(kinds, fact);
    facts++;
  }
  return facts;
}

/** Whether a file that begins with these bytes says that it is part of a graph; it may be damaged all the same. */
export async function isGraphFile(bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  const start = Buffer.from(`{"format":"${GRAPH_FORMAT}"`);
  let seen: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of unpacked(bytes, TOTAL_LIMIT)) {
      seen = Buffer.concat([seen, chunk]);
      if (seen.length >= start.length) break;
    }
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
  }
  return seen.subarray(0, start.length).equals(start);
}

async function* inBatches(
  facts: AsyncIterable<{ readonly fact: AnyFact; readonly bytes: number }>,
): AsyncGenerator<readonly AnyFact[]> {
  let batch: AnyFact[] = [];
  let size = 0;
  for await (const { fact, bytes } of facts) {
    batch.push(fact);
    size += bytes;
    if (batch.length < BATCH && size < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

/** The facts of a file, whose end is only known to be right when all were read. */
async function* readFacts(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<{ readonly fact: AnyFact; readonly bytes: number }> {
  const digest = createHash("sha256");
  let number = 0;
  let facts = 0;
  let before: FactKey | undefined;
  let isClosed = false;
  for await (const line of linesOf(unpacked(bytes, limit))) {
    number++;
    const value = parseLine(line, number);
    if (isClosed) throw invalid("there is something after its last line", number);
    if (number === 1) checkHeader(value);
    else if (isClosing(value)) {
      checkClosing(value, { facts, sha256: digest.digest("hex") });
      isClosed = true;
      continue;
    } else {
      const fact = factOn(value, number);
      if (before !== undefined && compareKeys(before, fact) >= 0)
        throw invalid("its facts are out of order", number);
      before = fact;
      facts++;
      yield { fact, bytes: line.length };
    }
    digest.update(line).update("\n");
  }
  if (!isClosed) throw invalid("it was cut off", number);
}

function mustBeOneOf(kinds: readonly FactKind[] | undefined, { kind }: FactKey): void {
  if (kinds === undefined || kinds.includes(kind)) return;
  throw new ThothError("invalid-graph-file", `facts of the kind ${kind} are not taken here`, {
    hint: `Export ${kinds.join(", ")} alone: \`thoth knowledge export FILE --kind ${kinds.join(" ")}\`.`,
  });
}

function parseLine(line: Uint8Array, number: number): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line));
  } catch (cause) {
    throw invalid("it holds what is no JSON", number, cause);
  }
}

function factOn(value: unknown, line: number): AnyFact {
  try {
    return parseFact(value);
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    throw new ThothError(error.code, error.message, { details: { ...error.details, line }, cause: error });
  }
}

function checkHeader(value: unknown): void {
  const { format, version } = (value ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== GRAPH_FORMAT) throw invalid("it is no part of a knowledge graph", 1);
  if (version === GRAPH_FORMAT_VERSION) return;
  throw new ThothError("invalid-graph-file", "the file of a knowledge graph is of another version", {
    hint: "It was written by another version of Thoth.",
    details: { version: typeof version === "number" ? version : null, known: GRAPH_FORMAT_VERSION },
  });
}

interface Closing {
  readonly facts: number;
  readonly sha256: string;
}

function isClosing(value: unknown): value is Partial<Closing> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "sha256");
}

function checkClosing({ facts, sha256 }: Partial<Closing>, read: Closing): void {
  if (facts === read.facts && sha256 === read.sha256) return;
  throw new ThothError("invalid-graph-file", "the file of a knowledge graph was altered", {
    hint: "Get it once more.",
  });
}

function compareKeys(a: FactKey, b: FactKey): number {
  return (
    compareCodePoints(a.owner, b.owner) ||
    compareCodePoints(a.kind, b.kind) ||
    compareCodePoints(a.subject, b.subject)
  );
}

async function* unpacked(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Buffer> {
  let total = 0;
  let failure: unknown;
  const source = Readable.from(
    (async function* () {
      try {
        yield* bytes;
      } catch (error) {
        failure = error;
        throw error;
      }
    })(),
  );
  try {
    for await (const chunk of pipeline(source, createGunzip(), () => undefined) as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > limit)
        throw new ThothError(
          "limit-exceeded",
          `the file of a knowledge graph unpacks to more than ${limit} bytes`,
        );
      yield chunk;
    }
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (!(error instanceof Error && "code" in error && /^(?:Z_|ERR_STREAM_)/.test(String(error.code))))
      throw error;
    throw new ThothError("invalid-graph-file", "the file of a knowledge graph cannot be unpacked", {
      hint: "It was cut off, or is none.",
      cause: error,
    });
  }
}

/** Without their ends. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      if (length + end - start > LINE_LIMIT) throw tooLong();
      yield parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
      parts = [];
      length = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LINE_LIMIT) throw tooLong();
  }
  if (length > 0) yield Buffer.concat(parts);
}

function tooLong(): ThothError {
  return new ThothError(
    "limit-exceeded",
    `a line of the file of a knowledge graph is longer than ${LINE_LIMIT} bytes`,
  );
}

function invalid(reason: string, line: number, cause?: unknown): ThothError {
  return new ThothError("invalid-graph-file", `the file of a knowledge graph cannot be used: ${reason}`, {
    details: { line },
    cause,
  });
}
