// What this machine can isolate, by trying it once.

import { ThothError } from "@thoth/pep";
import { usualLimits } from "./limits.ts";
import { runIsolated } from "./run-isolated.ts";

export interface Sandbox {
  /** Whether a command can be run so that it can do no harm. */
  readonly isolated: boolean;
  /** Why not. */
  readonly why?: string;
  /** What lacks even so. */
  readonly missing: readonly string[];
}

const known = new Map<string, Promise<Sandbox>>();

/** `guard`: the interpreter that is to guard commands. */
export function sandboxOf(guard: string): Promise<Sandbox> {
  const found = known.get(guard) ?? attempt(guard);
  known.set(guard, found);
  return found;
}

async function attempt(guard: string): Promise<Sandbox> {
  try {
    const { isolated, missing } = await runIsolated({
      guard,
      command: ["/bin/sh", "-c", "exit 0"],
      variables: {},
      readable: [],
      limits: usualLimits({ seconds: 20, disk: 1 << 20, memory: 128 << 20, processes: 16 }),
    });
    return { isolated, missing };
  } catch (error) {
    if (!(error instanceof ThothError) || error.code !== "isolation-unavailable") throw error;
    return { isolated: false, why: String(error.details?.["why"] ?? error.message), missing: [] };
  }
}
