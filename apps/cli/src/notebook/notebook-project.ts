// A notebook as a project that can be asked about, without resolving it.

import type { Project } from "@thoth/adviser";
import { projectOf } from "../engines/thoth-engine.ts";
import type { Invocation } from "../frame/command.ts";
import type { ProjectInput } from "../project/project-input.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { notebookInput } from "./lock-notebook.ts";
import { type NotebookFile, notebookArgumentOf, openNotebook } from "./notebook-file.ts";
import { readableRequirements } from "./notebook-requirements.ts";
import { lockTarget, settingsOf } from "./prepare-notebook.ts";

export interface NotebookProject {
  readonly file: NotebookFile;
  readonly settings: ResolutionSettings;
  readonly input: ProjectInput;
  readonly project: Project;
}

/** Of the notebook that the command line names first. */
export async function openNotebookProject(invocation: Invocation): Promise<NotebookProject> {
  const settings = settingsOf(invocation);
  const file = await openNotebook(invocation, notebookArgumentOf(invocation));
  const target = await lockTarget(file, settings);
  const requirements = readableRequirements(invocation, file, target.python);
  const input = await notebookInput(invocation, requirements, settings);
  return { file, settings, input, project: projectOf({ settings, input, target }) };
}
