// The page of one project on one remote index, as a record:
// https://packaging.python.org/en/latest/specifications/simple-repository-api/.

import { encodePage, type StoredProject, type Validators } from "@thoth/knowledge";
import { type IndexFile, type PackageName, parseFindLinks } from "@thoth/pep";
import { fetchBody, giveBack } from "./body.ts";
import { conditions, validatorsOf } from "./cache-control.ts";
import { type HttpClient, invalid } from "./http-client.ts";

const ACCEPT =
  "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1, */*;q=0.01";

export interface PageRequest {
  /** URL of the index, with a slash at its end. */
  readonly index: string;
  readonly name: PackageName;
  /** What is known already: the index is asked whether it changed. */
  readonly stored: StoredProject | undefined;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

export type PageAnswer =
  | {
      readonly kind: "page";
      readonly bytes: Uint8Array;
      readonly validators: Validators;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "absent" | "unchanged"; readonly validators: Validators };

/** Throws as `HttpClient.get`, and `index-response-invalid` or `limit-exceeded`. */
export async function fetchPage(client: HttpClient, request: PageRequest): Promise<PageAnswer> {
  const { index, name, stored } = request;
  const subject = `the index page of \`${name}\``;
  const fetched = await fetchBody(client, {
    url: `${index}${name}/`,
    subject,
    headers: {
      accept: ACCEPT,
      "accept-encoding": "gzip",
      ...conditions(stored?.record == null ? undefined : stored.validators),
    },
    limit: request.limit,
    signal: request.signal,
  });
  const validators = validatorsOf(fetched, now());
  if (fetched.status === 304 && stored?.record != null) {
    return { kind: "unchanged", validators: { ...stored.validators, ...validators } };
  }
  if (fetched.status === 404 || fetched.status === 410) return { kind: "absent", validators };
  if (fetched.body === undefined) {
    throw invalid({ subject }, `came with the status ${fetched.status}`);
  }
  const contentType = fetched.headers.get("content-type");
  const page = encodePage(fetched.body, { url: fetched.url, contentType, name }, index);
  giveBack(fetched.body);
  return { kind: "page", ...page, validators };
}

/** The links of a page that the user named, to files of any projects. */
export async function fetchLinks(
  client: HttpClient,
  request: { readonly url: string; readonly limit: number; readonly signal: AbortSignal | undefined },
): Promise<{ readonly files: readonly IndexFile[]; readonly warnings: readonly string[] }> {
  const fetched = await fetchBody(client, {
    ...request,
    subject: "the page of links",
    headers: { accept: ACCEPT, "accept-encoding": "gzip" },
  });
  if (fetched.body === undefined) return { files: [], warnings: ["A page of links does not exist."] };
  const contentType = fetched.headers.get("content-type");
  return parseFindLinks(utf8.decode(fetched.body), {
    url: fetched.url,
    ...(contentType === undefined ? {} : { contentType }),
  });
}

const utf8 = new TextDecoder();

function now(): number {
  return Math.floor(Date.now() / 1000);
}
