// Whether the kernel of a notebook holds what its lock says, version by version.

import { normalizeName, type Pylock, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { kernelNameFor } from "./kernel-owners.ts";
import type { NotebookFile } from "./notebook-file.ts";

export interface KernelState {
  readonly name: string;
  /** Packages of the lock that it does not hold, or in another version. */
  readonly missing: readonly string[];
  /** Why there is no such kernel. */
  readonly absent?: string;
  /** Versions that are installed, by name. */
  readonly installed: ReadonlyMap<string, string>;
}

export async function kernelState(
  invocation: Invocation,
  file: NotebookFile,
  lock: Pylock,
): Promise<KernelState> {
  const name = await kernelNameFor(invocation, file, undefined);
  const { checkKernel } = await import("@thoth/environment");
  try {
    const { packages } = await checkKernel(name, { variables: invocation.environment });
    const installed = new Map(packages.map((item) => [normalizeName(item.name), item.version]));
    const missing = lock.packages.filter(
      ({ name: wanted, version }) => version !== undefined && installed.get(wanted) !== version.text,
    );
    return { name, missing: missing.map((item) => item.name), installed };
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    return { name, missing: [], absent: error.message, installed: new Map() };
  }
}
