// What a file's metadata says, as the text that the store keeps: a JSON array, the shortest that parses fast.

import type { MetadataUnavailable, ReleaseMetadata } from "@thoth/knowledge";

type FactArray =
  | [name: string, version: string, requiresPython: string | null, extras: string[], requires: string[]]
  | [unavailable: MetadataUnavailable["unavailable"], message: string];

export function formatFact(fact: ReleaseMetadata | MetadataUnavailable): string {
  const values: FactArray =
    "unavailable" in fact
      ? [fact.unavailable, fact.message]
      : [
          fact.name,
          fact.version,
          fact.requiresPython ?? null,
          [...fact.providesExtra],
          [...fact.requiresDist],
        ];
  return JSON.stringify(values);
}

/** Undefined for a text that is none of ours. */
export function parseFact(text: string): ReleaseMetadata | MetadataUnavailable | undefined {
  const values = readArray(text);
  if (values === undefined) return undefined;
  if (values.length === 2) return { unavailable: values[0], message: values[1] };
  const [name, version, requiresPython, providesExtra, requiresDist] = values;
  return { name, version, requiresPython: requiresPython ?? undefined, providesExtra, requiresDist };
}

function readArray(text: string): FactArray | undefined {
  try {
    return JSON.parse(text) as FactArray;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
