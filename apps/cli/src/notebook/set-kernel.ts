// The kernel that a notebook names, as Jupyter reads it.

import type { JsonObject, Notebook } from "@thoth/notebook";
import { KEYS, objectIn } from "./metadata-keys.ts";
import type { MetadataChanges } from "./notebook-file.ts";

export function displayNameOf(name: string): string {
  return `Python (${name})`;
}

/** Other members of `kernelspec` stay as they are. */
export function setKernelEdit({ metadata }: Notebook, name: string): MetadataChanges {
  const before = objectIn(metadata, KEYS.kernel) ?? {};
  const kernelspec: JsonObject = { ...before, display_name: displayNameOf(name), language: "python", name };
  return new Map([[KEYS.kernel, kernelspec]]);
}
