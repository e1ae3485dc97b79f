// Advisories from an archive on a server: brought to a folder of its own, told apart by its first bytes and not by its
// name, and read as one that lies on this machine. Either the whole of it is read, or none.

import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { fetchRemoteFile, type RemoteFileRequest } from "@thoth/index";
import type { Validators } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import type { AdvisoryDocuments } from "./advisory-documents.ts";
import { withOwnFolder } from "./own-folder.ts";
import { readAdvisories } from "./read-advisories.ts";

/** Far above what OSV publishes of PyPI. */
const ARCHIVE_BYTES = 512 * 1024 * 1024;
const DEFAULT_SECONDS = 600;
const PREFIX = "refresh-";

type Connection = "variables" | "certificate" | "trustedHosts" | "limits";

export interface FetchAdvisoriesRequest extends Pick<RemoteFileRequest, "url" | "known" | Connection> {
  /** What is being fetched lies below it, and nothing of it is left there. */
  readonly folder: string;
  /** For fetching and reading together; default ten minutes. */
  readonly seconds?: number | undefined;
  readonly bytes?: number | undefined;
  readonly signal: AbortSignal;
  readonly onReceived?: RemoteFileRequest["onProgress"];
  readonly onDocuments?: (documents: number) => void;
}

export type FetchedAdvisories =
  | { readonly kind: "unchanged" }
  | {
      readonly kind: "fetched";
      readonly documents: AdvisoryDocuments;
      readonly validators: Validators;
      /** Where redirects led. */
      readonly url: string;
    };

/** Throws as `fetchRemoteFile` and `readAdvisories`; `index-response-invalid` also for what is no archive. */
export async function fetchAdvisories(request: FetchAdvisoriesRequest): Promise<FetchedAdvisories> {
  const { folder, seconds = DEFAULT_SECONDS } = request;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(tooSlow(seconds)), seconds * 1000);
  const signal = AbortSignal.any([request.signal, late.signal]);
  try {
    return await withOwnFolder(folder, PREFIX, (own) => fetchInto(own, { ...request, seconds, signal }));
  } finally {
    clearTimeout(timer);
  }
}

async function fetchInto(
  own: string,
  request: FetchAdvisoriesRequest & { readonly seconds: number },
): Promise<FetchedAdvisories> {
  const { bytes = ARCHIVE_BYTES, signal, onReceived, onDocuments } = request;
  const subject = "the archive of advisories";
  const target = join(own, "archive");
  const file = await fetchRemoteFile({ ...request, subject, target, bytes, onProgress: onReceived });
  if (file.kind === "unchanged") return { kind: "unchanged" };
  const path = target + (await endingOf(target));
  await rename(target, path);
  const shown = file.url;
  const documents = await readAdvisories(path, { signal, onProgress: onDocuments, shown });
  // Nothing at all is not what somebody knows of a whole ecosystem.
  if (documents.advisories.length === 0)
    throw new ThothError("index-response-invalid", "The archive has no advisory on a package of PyPI.", {
      details: { documents: documents.documents },
    });
  return { kind: "fetched", documents, validators: file.validators, url: file.url };
}

const HEAD = 512;

async function endingOf(path: string): Promise<".zip" | ".tar.gz" | ".tar"> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const head = buffer.subarray(0, bytesRead);
    const begin = head.toString("latin1", 0, 4);
    if (begin === "PK\u0003\u0004" || begin === "PK\u0005\u0006") return ".zip";
    if (begin.startsWith("\u001f\u008b")) return ".tar.gz";
    if (head.toString("latin1", 257, 262) === "ustar") return ".tar";
    const text = head.toString("latin1").trimStart();
    throw new ThothError(
      "index-response-invalid",
      `The archive of advisories is none: the server sends ${text.startsWith("<") ? "a page" : "something else"}.`,
      { hint: "The source must be the URL of a `.zip`, `.tar` or `.tar.gz` archive of OSV documents." },
    );
  } finally {
    await file.close();
  }
}

function tooSlow(seconds: number): ThothError {
  return new ThothError("limit-exceeded", `the advisories were not here within ${seconds} seconds`, {
    hint: "Give it more time with `--timeout`.",
    details: { limit: "seconds", most: seconds },
  });
}
