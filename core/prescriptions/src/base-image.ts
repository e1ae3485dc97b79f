// Container images as rules and projects name them: an address, and after the last `:` a tag. A colon before a `/`
// belongs to the port of a registry.

import type { BaseImagePattern } from "./inclusion.ts";

export interface BaseImage {
  readonly image: string;
  readonly tag: string | undefined;
}

/** An image without a tag is an image whose tag is not known. */
export function parseBaseImage(text: string): BaseImage {
  const digest = text.indexOf("@");
  const named = digest < 0 ? text : text.slice(0, digest);
  const colon = named.lastIndexOf(":");
  if (colon < 0 || named.includes("/", colon)) return { image: named, tag: undefined };
  return { image: named.slice(0, colon), tag: named.slice(colon + 1) };
}

/** A tag that ends in `*` is how tags begin; no tag is any. */
export function parseBaseImagePattern(text: string): BaseImagePattern {
  const { image, tag } = parseBaseImage(text);
  if (tag?.endsWith("*") === true) return { image, tag: tag.slice(0, -1), tagPrefix: true };
  return { image, tag };
}

export function matchesBaseImage(pattern: BaseImagePattern, { image, tag }: BaseImage): boolean {
  if (pattern.image !== image) return false;
  if (pattern.tag === undefined) return true;
  return pattern.tagPrefix === true ? tag?.startsWith(pattern.tag) === true : tag === pattern.tag;
}
