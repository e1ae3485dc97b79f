// Index pages as HTML: https://packaging.python.org/en/latest/specifications/simple-repository-api/#base-html-api.

import { isKnownAlgorithm, parseDigest } from "./digests.ts";
import { quote } from "./error.ts";
import { readTags, type Tag } from "./html-tags.ts";
import type { IndexFile, PageContext, ProjectPage } from "./index-file.ts";
import {
  checkApiVersion,
  filenameWarning,
  PageWarnings,
  pageError,
  problemOfFilename,
  resolveFileUrl,
} from "./project-page-entry.ts";
import { statusOf } from "./project-page-json.ts";
import { filenameOf, resolveUrl } from "./url.ts";

const wantedTags: ReadonlySet<string> = new Set(["a", "base", "meta"]);

export function readHtmlPage(body: string, context: PageContext): ProjectPage {
  const { tags, cut } = readTags(body, wantedTags);
  if (cut) throw pageError(context, "is cut off inside a tag");
  const warnings = new PageWarnings();
  const meta = readMeta(tags);
  const version = meta.get("pypi:repository-version")?.[0];
  if (version !== undefined) checkApiVersion(version, context, warnings);
  const linked = { ...context, url: baseOf(tags, context) };
  const files: IndexFile[] = [];
  for (const tag of tags) {
    const href = tag.name === "a" ? tag.attributes.get("href") : undefined;
    if (href === undefined) continue;
    const file = readLink(href, tag, linked);
    if (typeof file === "string") warnings.add(file);
    else if (file !== undefined) files.push(file);
  }
  return {
    name: context.name ?? "",
    files,
    status: statusOf(
      meta.get("pypi:project-status")?.[0],
      meta.get("pypi:project-status-reason")?.[0],
      warnings,
    ),
    tracks: meta.get("pypi:tracks") ?? [],
    alternateLocations: meta.get("pypi:alternate-locations") ?? [],
    warnings: warnings.list(),
  };
}

function readMeta(tags: readonly Tag[]): ReadonlyMap<string, readonly string[]> {
  const meta = new Map<string, string[]>();
  for (const tag of tags) {
    const name = tag.name === "meta" ? tag.attributes.get("name")?.toLowerCase() : undefined;
    const content = tag.attributes.get("content");
    if (name === undefined || content === undefined) continue;
    const values = meta.get(name);
    if (values === undefined) meta.set(name, [content]);
    else values.push(content);
  }
  return meta;
}

function baseOf(tags: readonly Tag[], context: PageContext): string {
  const href = tags.find((tag) => tag.name === "base")?.attributes.get("href");
  if (href === undefined) return context.url;
  const schemes = context.url.startsWith("file:") ? ["http:", "https:", "file:"] : ["http:", "https:"];
  return resolveUrl(href, context.url, schemes) ?? context.url;
}

const archive = /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tbz|tar\.xz|txz|tar\.Z|tar|egg|exe|msi)$/i;

/** The file; a warning when the link was one to a file and cannot be used; undefined for any other link. */
function readLink(href: string, tag: Tag, context: PageContext): IndexFile | string | undefined {
  const url = resolveFileUrl(href.trim(), context);
  if (url === undefined) {
    const name = href.split(/[?#]/, 1)[0]!;
    return archive.test(name)
      ? filenameWarning(name.slice(name.lastIndexOf("/") + 1), "its URL is not one of http or https")
      : undefined;
  }
  const mark = url.indexOf("#");
  const address = mark === -1 ? url : url.slice(0, mark);
  const filename = filenameOf(address);
  if (!archive.test(filename)) return undefined;
  const problem = problemOfFilename(filename);
  if (problem !== undefined) return filenameWarning(filename, problem);
  const hashes = readFragment(mark === -1 ? "" : url.slice(mark + 1));
  if (typeof hashes === "string") return filenameWarning(filename, hashes);
  const requiresPython = tag.attributes.get("data-requires-python");
  const provenance = tag.attributes.get("data-provenance");
  const provenanceUrl = provenance === undefined ? undefined : resolveFileUrl(provenance, context);
  return {
    filename,
    url: address,
    hashes,
    ...(requiresPython === undefined || requiresPython === "" ? {} : { requiresPython }),
    yanked: tag.attributes.get("data-yanked") === "" ? true : (tag.attributes.get("data-yanked") ?? false),
    coreMetadata: readCoreMetadata(
      tag.attributes.get("data-core-metadata") ?? tag.attributes.get("data-dist-info-metadata"),
    ),
    ...(provenanceUrl === undefined ? {} : { provenance: provenanceUrl }),
  };
}

/** `sha256=…`, perhaps among other pairs such as `egg=…`. */
function readFragment(fragment: string): Readonly<Record<string, string>> | string {
  const hashes: Record<string, string> = Object.create(null);
  for (const pair of fragment.split("&", 20)) {
    const equals = pair.indexOf("=");
    const algorithm = pair.slice(0, Math.max(equals, 0)).toLowerCase();
    if (!isKnownAlgorithm(algorithm)) continue;
    const digest = parseDigest(algorithm, pair.slice(equals + 1));
    if (digest === undefined) return `its ${quote(algorithm)} is not a digest`;
    hashes[algorithm] = digest;
  }
  return hashes;
}

function readCoreMetadata(value: string | undefined): boolean | string {
  if (value === undefined || value === "false") return false;
  const digest = value.startsWith("sha256=") ? parseDigest("sha256", value.slice(7)) : undefined;
  return digest ?? true;
}
