// URLs as other people's documents contain them: resolved, restricted to schemes that may be opened, and shown
// without secrets.

import { quote } from "./error.ts";

/** An absolute URL in normal form, or undefined when there is none or its scheme is not in `schemes`. */
export function resolveUrl(reference: string, base: string, schemes: readonly string[]): string | undefined {
  const url = URL.parse(reference, base);
  if (url === null || !schemes.includes(url.protocol)) return undefined;
  return url.href;
}

/** For messages: without user, password, query and fragment, control characters escaped. */
export function quoteUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return quote(text.replace(/\/\/[^/]*@/, "//***@"));
  const secret = url.username !== "" || url.password !== "";
  if (!secret && url.search === "" && url.hash === "") return quote(text);
  return quote(`${url.protocol}//${secret ? "***@" : ""}${url.host}${url.pathname}`);
}

/** The last segment of the path, percent-decoded; a malformed escape stays as it is. */
export function filenameOf(url: string): string {
  const path = URL.parse(url)?.pathname ?? "";
  return percentDecode(path.slice(path.lastIndexOf("/") + 1));
}

export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Text that may hold URLs, with what stands before the `@` of each replaced. */
export function hideCredentials(text: string): string {
  return text.replace(/:\/\/[^\s/?#@]*(?:@[^\s/?#@]*)*@/g, "://***@");
}
