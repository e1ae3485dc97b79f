// The pages of a package index, as HTML and as JSON.
// https://packaging.python.org/en/latest/specifications/simple-repository-api/

import type { Entry, OfferedProject } from "./offer.ts";

export const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
export const HTML_TYPE = "application/vnd.pypi.simple.v1+html";

export interface PageOptions {
  /** The project's name as the page gives it. */
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Whether PEP 658 files are offered. */
  readonly metadata: boolean;
  readonly status?: OfferedProject["status"];
  /** The server's origin, for absolute addresses. */
  readonly origin: string;
}

export function formatJsonPage({ name, entries, metadata, status, origin }: PageOptions): string {
  const files = entries.map((entry) => ({
    filename: entry.filename,
    url: entry.url ?? `${origin}${filePath(entry.filename)}`,
    hashes: entry.sha256 === null ? {} : { sha256: entry.sha256 },
    ...(entry.size === null ? {} : { size: entry.size }),
    ...(entry.requiresPython === null ? {} : { "requires-python": entry.requiresPython }),
    ...(entry.uploadTime === null ? {} : { "upload-time": entry.uploadTime }),
    ...(entry.yanked === false ? {} : { yanked: entry.yanked }),
    ...(metadata && entry.metadata !== undefined
      ? { "core-metadata": hashField(entry.metadata.sha256) }
      : {}),
    ...entry.fields,
  }));
  const meta = { "api-version": "1.4" };
  return JSON.stringify({ meta, name, ...(status === undefined ? {} : { "project-status": status }), files });
}

function hashField(digest: string | true): unknown {
  return digest === true ? true : { sha256: digest };
}

export function formatHtmlPage({ name, entries, metadata, status }: PageOptions): string {
  const links = entries.map((entry) => formatLink(entry, metadata));
  const state =
    status === undefined ? "" : `<meta name="pypi:project-status" content="${escapeHtml(status.status)}">\n`;
  return document(
    `Links for ${name}`,
    links,
    `<meta name="pypi:repository-version" content="1.4">\n${state}`,
  );
}

/** A page that links to files of any project: what `--find-links` reads. */
export function formatLinksPage(entries: readonly Entry[]): string {
  return document(
    "Links",
    entries.map((entry) => formatLink(entry, false)),
  );
}

export function formatJsonRoot(names: readonly string[]): string {
  return JSON.stringify({ meta: { "api-version": "1.4" }, projects: names.map((name) => ({ name })) });
}

export function formatHtmlRoot(names: readonly string[]): string {
  return document(
    "Simple index",
    names.map((name) => `<a href="/simple/${escapeHtml(name)}/">${escapeHtml(name)}</a>`),
  );
}

function formatLink(entry: Entry, metadata: boolean): string {
  const fragment = entry.sha256 === null ? "" : `#sha256=${entry.sha256}`;
  const attributes = [`href="${escapeHtml(`${entry.url ?? filePath(entry.filename)}${fragment}`)}"`];
  if (entry.requiresPython !== null)
    attributes.push(`data-requires-python="${escapeHtml(entry.requiresPython)}"`);
  if (entry.yanked !== false)
    attributes.push(`data-yanked="${escapeHtml(entry.yanked === true ? "" : entry.yanked)}"`);
  if (metadata && entry.metadata !== undefined) {
    const { sha256 } = entry.metadata;
    const value = sha256 === true ? "true" : `sha256=${sha256}`;
    attributes.push(`data-core-metadata="${value}"`, `data-dist-info-metadata="${value}"`);
  }
  return `<a ${attributes.join(" ")}>${escapeHtml(entry.filename)}</a>`;
}

/** Where the server keeps a file. */
export function filePath(filename: string): string {
  return `/files/${encodeURIComponent(filename)}`;
}

function document(title: string, links: readonly string[], head = ""): string {
  const body = links.map((link) => `${link}<br>\n`).join("");
  return `<!DOCTYPE html>\n<html>\n<head>\n${head}<title>${escapeHtml(title)}</title>\n</head>\n<body>\n${body}</body>\n</html>\n`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
