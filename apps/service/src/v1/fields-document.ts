// The core metadata of a release, field by field. https://packaging.python.org/en/latest/specifications/core-metadata/

import type { PackageMetadata } from "@thoth/contract/service";
import type { MetadataFields } from "@thoth/pep";
import type { ReleaseParticulars } from "./catalogue.ts";

type Known = ReleaseParticulars & { readonly package_name: string; readonly package_version: string };

/** Without fields, as of a release that has no wheel: what else is known of it. */
export function fieldsDocument(
  read: MetadataFields | undefined,
  { metadata, contents, package_name, package_version }: Known,
): PackageMetadata["metadata"] {
  const { requiresDist = null, requiresPython = null, providesExtra = [] } = metadata ?? {};
  const text = (field: string) => textOf(read, field);
  const texts = (field: string) => (read === undefined ? null : listOf(read, field));
  return {
    author: text("author"),
    author_email: text("author-email"),
    classifier: texts("classifier") ?? [],
    download_url: text("download-url"),
    home_page: text("home-page"),
    keywords: text("keywords"),
    license: text("license-expression") ?? text("license") ?? contents?.license ?? null,
    maintainer: text("maintainer"),
    maintainer_email: text("maintainer-email"),
    metadata_version: text("metadata-version"),
    name: text("name") ?? package_name,
    platform: texts("platform"),
    requires_dist: texts("requires-dist") ?? requiresDist,
    summary: text("summary"),
    version: text("version") ?? package_version,
    requires_python: text("requires-python") ?? requiresPython,
    description_content_type: text("description-content-type"),
    project_url: text("project-url"),
    provides_extra: text("provides-extra") ?? (providesExtra.join("\n") || null),
  };
}

/** Several values are told one a line, words with commas between them. Null: it does not say. */
function textOf(read: MetadataFields | undefined, field: string): string | null {
  const value = read?.fields.get(field);
  if (value === undefined) return null;
  if (typeof value === "string") return value;
  if (field === "keywords") return listOf(read, field).join(",");
  return listOf(read, field).join("\n");
}

function listOf(read: MetadataFields | undefined, field: string): readonly string[] {
  const value = read?.fields.get(field);
  if (value === undefined) return [];
  if (typeof value === "string") return [value];
  return isList(value) ? value : [...value].map(([label, url]) => `${label}, ${url}`);
}

function isList(value: readonly string[] | ReadonlyMap<string, string>): value is readonly string[] {
  return Array.isArray(value);
}
