// `run` of a builder image: becomes the server, or executes the notebook to its end.

import type { S2iDocument } from "@thoth/contract";
import type { Invocation } from "../frame/command.ts";
import { applicationProgram } from "./application.ts";
import { type Program, readAssembled, readBuilder } from "./builder.ts";
import { executeAssembled, jupyterProgram, wantsExecution } from "./jupyter.ts";

export async function runAssembled(invocation: Invocation): Promise<S2iDocument> {
  const builder = readBuilder(invocation.environment);
  const state = await readAssembled(builder);
  if (builder.kind === "notebook" && wantsExecution(invocation.environment))
    return await executeAssembled(invocation, builder, state);
  const program =
    builder.kind === "notebook"
      ? await jupyterProgram(invocation, builder, state)
      : await applicationProgram(invocation, builder, state);
  become(program);
}

/** In the same process: signals of an engine reach the server, and no memory is taken beside it. */
function become({ path, words, folder, variables }: Program): never {
  process.chdir(folder);
  const told = Object.entries(variables).filter((one): one is [string, string] => one[1] !== undefined);
  if (process.execve === undefined) throw new Error("this Node cannot become another program");
  return process.execve(path, [path, ...words], Object.fromEntries(told));
}
