// Which source the imported advisories came from, beside them, so that it can be asked whether it has changed. What is
// said here counts only as long as the advisories are those that it was written for.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Validators } from "@thoth/knowledge";
import { replaceFile } from "../files/replace-file.ts";

export interface Refreshed {
  /** Without credentials and query. */
  readonly source: string;
  readonly validators: Validators;
}

interface Written extends Refreshed {
  /** SHA-256 of the URL as it was asked, and of the table of advisories. */
  readonly url: string;
  readonly table: string;
}

/** Undefined where `table` was not refreshed. */
export function readRefreshed(path: string, table: Uint8Array): Refreshed | undefined {
  const written = readWritten(path);
  return written?.table === hashOf(table) ? written : undefined;
}

/** What is known of a copy from this URL. */
export function knownOf(path: string, table: Uint8Array, url: string): Validators | undefined {
  const written = readWritten(path);
  return written?.table === hashOf(table) && written.url === hashOf(url) ? written.validators : undefined;
}

export async function saveRefreshed(
  path: string,
  table: Uint8Array,
  { url, validators }: { readonly url: string; readonly validators: Validators },
): Promise<void> {
  const written: Written = {
    source: shownSource(url),
    url: hashOf(url),
    table: hashOf(table),
    validators,
  };
  await replaceFile(path, `${JSON.stringify(written, undefined, 2)}\n`);
}

export function shownSource(text: string): string {
  const url = URL.parse(text);
  return url === null ? "" : url.origin + url.pathname;
}

function readWritten(path: string): Written | undefined {
  let value: Partial<Written> | null;
  try {
    value = JSON.parse(readFileSync(path, "utf8")) as Partial<Written> | null;
  } catch {
    // Not there, or not ours: the source is asked for everything.
    return undefined;
  }
  const { source, url, table, validators } = value ?? {};
  const whole = [source, url, table].every((text) => typeof text === "string");
  return whole && isValidators(validators) ? (value as Written) : undefined;
}

function isValidators(value: unknown): value is Validators {
  if (typeof value !== "object" || value === null) return false;
  const { etag, lastModified } = value as Record<string, unknown>;
  // They become headers.
  return [etag, lastModified].every(
    (text) => text === undefined || (typeof text === "string" && /^[\x20-\x7e]*$/.test(text)),
  );
}

function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
