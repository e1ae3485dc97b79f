// An image as the knowledge graph keeps it: by its digest, under all names by which it was asked for.

import { type AnyFact, type ImageFact, type KnowledgeGraph, MOST_OWNERS, type Owner } from "@thoth/knowledge";
import { parseFact } from "@thoth/knowledge/facts";
import { saidBy } from "../sources/provenance.ts";
import type { ImageReference } from "./image-reference.ts";

/** Of one image: whoever can push it can give it as many as he likes. */
const MOST_NAMES = 50;

/** `now`: seconds since 1970. */
export function factOf({ repository, registry }: ImageReference, body: ImageFact, now: number): AnyFact {
  const place = new URL(`${repository}/manifests/${body.digest}`, registry).href;
  const provenance = saidBy(place, now);
  return parseFact({ owner: ownerOf(body.digest), kind: "image", subject: "", body, provenance });
}

function ownerOf(digest: string): Owner {
  return `image:${digest}`;
}

export async function imageIn(graph: KnowledgeGraph, digest: string): Promise<ImageFact | undefined> {
  const [fact] = await graph.read({ owners: [ownerOf(digest)], kinds: ["image"] });
  return fact?.kind === "image" ? fact.body : undefined;
}

/** Whether it holds fewer than `most` images. */
export async function hasRoom(graph: KnowledgeGraph, most: number): Promise<boolean> {
  let count = 0;
  for (let after: Owner | undefined; count < most; ) {
    const limit = Math.min(MOST_OWNERS, most - count);
    const owners = await graph.owners({ kind: "image", limit, ...(after === undefined ? {} : { after }) });
    count += owners.length;
    after = owners.at(-1);
    if (owners.length < limit) return true;
  }
  return false;
}

/** In an order that does not depend on which name was asked for first. */
export function withName(image: ImageFact, name: string): ImageFact {
  const names = new Set([image.reference, ...(image.also ?? []), name]);
  if (names.size > MOST_NAMES) return image;
  const [reference = name, ...also] = [...names].sort();
  return { ...image, reference, ...(also.length === 0 ? {} : { also }) };
}
