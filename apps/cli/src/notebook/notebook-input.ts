// A notebook as a file of `thoth lock`: the requirements that it states, else those of its code.

import type { Invocation } from "../frame/command.ts";
import type { ProjectInput } from "../project/project-input.ts";
import { openNotebook } from "./notebook-file.ts";
import {
  discoveredInput,
  discoverRequirements,
  mustBeReadable,
  statedRequirements,
  USUAL_PYTHON,
} from "./notebook-requirements.ts";

export async function readNotebookInput(
  path: string,
  wish: Pick<Invocation, "environment" | "documents">,
): Promise<ProjectInput> {
  const file = await openNotebook(wish, path);
  const stated = statedRequirements(file);
  if (stated !== undefined) mustBeReadable(stated);
  if (stated !== undefined) return stated.input;
  const discovery = discoverRequirements(file, USUAL_PYTHON, wish.environment);
  const input = discoveredInput(path, discovery, wish);
  const questions = discovery.questions.map(
    ({ module }) => `nobody we know provides \`${module}\`: left out`,
  );
  return { ...input, warnings: [...input.warnings, ...questions] };
}
