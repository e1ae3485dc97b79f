// Package commands of a notebook's cells, turned into its requirements.

import { ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";

export async function convertFile(_: Invocation, path: string): Promise<0 | 1> {
  throw new ThothError("usage", `\`${path}\` cannot be converted by this version yet`);
}
