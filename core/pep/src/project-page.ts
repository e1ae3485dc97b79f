// The page of one project on a package index, JSON (PEP 691, 700, 708, 740, 792) or HTML (PEP 503, 592, 658, 714):
// https://packaging.python.org/en/latest/specifications/simple-repository-api/. Which of the two it is, the
// content says; the media type may be missing or wrong. One odd entry costs that entry, not the page.

import { ThothError } from "./error.ts";
import type { IndexFile, PageContext, ProjectPage } from "./index-file.ts";
import { isValidName, normalizeName } from "./name.ts";
import { readHtmlPage } from "./project-page-html.ts";
import { readJsonPage } from "./project-page-json.ts";
import { quoteUrl } from "./url.ts";

/** Throws index-response-invalid when this is no page of the project, or nothing on it can be used. */
export function parseProjectPage(body: string, context: PageContext): ProjectPage {
  const page =
    recognizeFormat(body, context) === "json" ? readJsonPage(body, context) : readHtmlPage(body, context);
  const wanted = context.name;
  if (wanted !== undefined && page.name !== wanted && normalizeName(page.name) !== normalizeName(wanted)) {
    const found = isValidName(page.name) ? ` \`${page.name}\`` : " something else";
    throw new ThothError(
      "index-response-invalid",
      `The index page ${quoteUrl(context.url)} is of${found}, not of \`${normalizeName(wanted)}\`.`,
    );
  }
  return page;
}

/** A page (or `file:` listing) of links to files of any projects, as for `--find-links`. */
export function parseFindLinks(
  body: string,
  context: { readonly url: string; readonly contentType?: string },
): { readonly files: readonly IndexFile[]; readonly warnings: readonly string[] } {
  if (recognizeFormat(body, context) === "json") return readJsonPage(body, context);
  return readHtmlPage(body, context);
}

function recognizeFormat(body: string, context: PageContext): "json" | "html" {
  const first = /^[\s\ufeff]*(.)/.exec(body)?.[1];
  if (first === "{") return "json";
  if (first === "<") return "html";
  const type = context.contentType?.toLowerCase() ?? "";
  if (type.includes("html") && first === undefined) return "html";
  const what = first === undefined ? "is empty" : "is neither JSON nor HTML";
  throw new ThothError("index-response-invalid", `The index page ${quoteUrl(context.url)} ${what}.`);
}
