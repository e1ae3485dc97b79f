// Where packages come from, as a user writes it: the URL of an index, a `file:` URL or a folder. Credentials
// are taken out of the URL at once, so that nothing that is shown or stored ever has them.

import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { quote, ThothError } from "@thoth/pep";
import { basicAuthorization, type Secret } from "./secret.ts";

export interface IndexLocation {
  /** Without credentials, query and fragment; an index ends in a slash. */
  readonly url: string;
  /** The folder or file of a local place. */
  readonly path: string | undefined;
  readonly authorization: Secret | undefined;
}

/** `page` is a place whose URL is that of one page, as for `--find-links`. Throws `usage`. */
export function parseIndexLocation(text: string, page = false): IndexLocation {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.includes("\0")) throw unusable(text);
  if (!/^[a-z][a-z0-9+.-]+:/i.test(trimmed)) return localLocation(resolve(trimmed));
  const url = URL.parse(trimmed);
  if (url === null) throw unusable(text);
  if (url.protocol === "file:") return localLocation(pathOfUrl(url, text));
  if (url.protocol !== "http:" && url.protocol !== "https:") throw unusable(text);
  const authorization =
    url.username === "" && url.password === ""
      ? undefined
      : basicAuthorization(decoded(url.username), decoded(url.password));
  url.username = "";
  url.password = "";
  url.hash = "";
  if (!page) {
    url.search = "";
    if (!url.pathname.endsWith("/")) url.pathname += "/";
  }
  return { url: url.href, path: undefined, authorization };
}

function localLocation(path: string): IndexLocation {
  const url = pathToFileURL(path).href;
  return { url: url.endsWith("/") ? url : `${url}/`, path, authorization: undefined };
}

function pathOfUrl(url: URL, text: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    if (error instanceof TypeError) throw unusable(text);
    throw error;
  }
}

function unusable(text: string): ThothError {
  return new ThothError("usage", `${quote(masked(text))} is not the place of a package index.`, {
    hint: "Give an `https:`, `http:` or `file:` URL, or a folder.",
  });
}

/** Whatever stands before an `@` may be a secret, even where the text is no URL. */
function masked(text: string): string {
  const at = text.lastIndexOf("@");
  return at < 0 ? text : `***${text.slice(at)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
