// Which indexes are asked, in which order: what the user named now, else what the project's files name, else
// pip's settings, else the public index.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { quote, ThothError } from "@thoth/pep";
import type { IndexSettings } from "../settings/resolution-settings.ts";

/** Places that a project's files name. */
export interface NamedPlaces {
  readonly indexUrl?: string | undefined;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  readonly noIndex: boolean;
  readonly trustedHosts: readonly string[];
}

export const NO_PLACES: NamedPlaces = { extraIndexUrls: [], findLinks: [], noIndex: false, trustedHosts: [] };

export interface IndexPlaces {
  readonly indexes: readonly string[];
  readonly findLinks: readonly string[];
  readonly trustedHosts: readonly string[];
}

/** Throws usage when there is no place at all, or one is no URL and no path. */
export function indexPlaces(settings: IndexSettings, named: NamedPlaces = NO_PLACES): IndexPlaces {
  const useNamed = !settings.isExplicit;
  const first =
    useNamed && named.noIndex
      ? undefined
      : useNamed
        ? (named.indexUrl ?? settings.indexUrl)
        : settings.indexUrl;
  const extra =
    useNamed && named.noIndex ? [] : [...settings.extraIndexUrls, ...(useNamed ? named.extraIndexUrls : [])];
  const indexes = unique([...(first === undefined ? [] : [first]), ...extra].map(checkedPlace));
  const findLinks = unique([...settings.findLinks, ...named.findLinks].map(checkedPlace));
  if (indexes.length === 0 && findLinks.length === 0) {
    throw new ThothError("usage", "there is no place to look for packages", {
      hint: "Name an index with --index-url, or a folder with --find-links.",
    });
  }
  return { indexes, findLinks, trustedHosts: unique([...settings.pip.trustedHosts, ...named.trustedHosts]) };
}

/** An `http:`, `https:` or `file:` URL, or an absolute path. */
function checkedPlace(text: string): string {
  if (/[\u0000-\u001f]/.test(text)) throw noPlace(text);
  if (/^(https?|file):\/\//i.test(text)) {
    if (URL.canParse(text)) return text;
    throw noPlace(text);
  }
  if (/^[a-z][a-z0-9+.-]+:/i.test(text) && !/^[a-z]:[\\/]/i.test(text)) throw noPlace(text);
  const path = resolve(text);
  if (existsSync(path)) return path;
  throw noPlace(text);
}

function noPlace(text: string): ThothError {
  return new ThothError(
    "usage",
    `${quote(text.replace(/\/\/[^/@]*@/, "//***@"))} is no index: it must be an http, https or file URL, or a folder`,
    {
      hint: "Write it as https://example.org/simple/.",
    },
  );
}

const MAXIMUM_PLACES = 32;

/** Of places that a file of a stranger may have named. Throws limit-exceeded. */
export function mustBeFew(places: { readonly length: number }): void {
  if (places.length <= MAXIMUM_PLACES) return;
  throw new ThothError("limit-exceeded", `more than ${MAXIMUM_PLACES} indexes would be asked`, {
    details: { limit: "indexes", maximum: MAXIMUM_PLACES },
  });
}

/** The form in which places are compared and shown: without credentials, with a slash at its end. */
export function placeUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url === null || !/^(https?|file):$/.test(url.protocol))
    return placeUrl(pathToFileURL(resolve(text)).href);
  for (const part of ["username", "password", "search", "hash"] as const) url[part] = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
