// Where an image goes, and where its base is: a folder, an archive, or a registry, as other tools write them.
// https://github.com/containers/image/blob/main/docs/containers-transports.5.md

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ImageReference } from "@thoth/ingest";
import { quote, ThothError } from "@thoth/pep";

export type ImagePlace =
  | { readonly kind: "layout"; readonly path: string }
  | { readonly kind: "archive"; readonly path: string }
  | { readonly kind: "registry"; readonly reference: ImageReference };

export type BasePlace =
  /** `version`: the name of an image in it, or nothing where it has one only. */
  | { readonly kind: "layout"; readonly path: string; readonly version: string }
  | { readonly kind: "registry"; readonly reference: ImageReference };

const REGISTRY = "docker://";
const LAYOUT = "oci:";

/** A name with a host is one of a registry; everything else is a path. Throws `usage`. */
export async function readPlace(text: string): Promise<ImagePlace> {
  const { parseImageReference } = await import("@thoth/ingest");
  if (text.startsWith(LAYOUT)) return { kind: "layout", path: pathOf(text.slice(LAYOUT.length)) };
  if (text.startsWith(REGISTRY) || hasHost(text)) {
    const reference = parseImageReference(withoutScheme(text));
    if (!reference.version.startsWith("sha256:")) return { kind: "registry", reference };
    throw new ThothError("usage", `${quote(text)} names a digest, which only the image itself can tell`, {
      hint: "Give it a tag, as in `quay.io/me/analysis:1.0`.",
    });
  }
  return { kind: text.endsWith(".tar") ? "archive" : "layout", path: pathOf(text) };
}

/** Throws `usage`. */
export async function readBasePlace(text: string): Promise<BasePlace> {
  const { parseImageReference } = await import("@thoth/ingest");
  if (text.startsWith(LAYOUT)) {
    const rest = text.slice(LAYOUT.length);
    const [, path = rest, version = ""] = /^(.+):([\w][\w.-]{0,127})$/.exec(rest) ?? [];
    return { kind: "layout", path: pathOf(path), version };
  }
  if (existsSync(join(text, "oci-layout"))) return { kind: "layout", path: text, version: "" };
  return { kind: "registry", reference: parseImageReference(withoutScheme(text)) };
}

function withoutScheme(text: string): string {
  return text.startsWith(REGISTRY) ? text.slice(REGISTRY.length) : text;
}

function hasHost(text: string): boolean {
  const [first = "", ...rest] = text.split("/");
  return rest.length > 0 && !first.startsWith(".") && (/[.:]/.test(first) || first === "localhost");
}

function pathOf(text: string): string {
  if (text !== "") return text;
  throw new ThothError("usage", "the place of an image has no path");
}
