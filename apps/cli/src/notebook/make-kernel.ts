// The kernel of an environment where Jupyter finds it.

import type { Environment } from "@thoth/environment";
import type { Invocation } from "../frame/command.ts";
import { rememberOwner } from "./kernel-owners.ts";
import { displayNameOf } from "./set-kernel.ts";

/** Throws kernel-not-found when a kernel of somebody else has the name. */
export async function makeKernel(
  invocation: Invocation,
  environment: Environment,
  { name, path: notebook }: { readonly name: string; readonly path: string },
): Promise<void> {
  const { installKernelspec } = await import("@thoth/environment");
  const { path } = await installKernelspec(environment, { name, displayName: displayNameOf(name) });
  await rememberOwner(invocation, name, notebook);
  invocation.terminal.trace(`kernel ${name} in ${path}`);
}
