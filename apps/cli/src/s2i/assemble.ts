// `assemble` of a builder image: the source becomes a project whose packages are installed, exactly as its lock says, and
// whose notebooks have their kernels. Everything that is left is the same each time.

import { basename, join } from "node:path";
import type { S2iDocument } from "@thoth/contract";
import type { Invocation } from "../frame/command.ts";
import { plural } from "../frame/printable.ts";
import { readIndexSettings } from "../settings/resolution-settings.ts";
import { type Assembled, readBuilder, stepOf, writeAssembled } from "./builder.ts";
import { checkConfig } from "./config-step.ts";
import { assembleNotebooks } from "./notebook-steps.ts";
import { findNotebooks, findProjectFiles } from "./project-files.ts";
import { assembleProject } from "./project-steps.ts";
import {
  keepWheels,
  nameEnvironment,
  openToGroup,
  removeOthers,
  restoreArtifacts,
  takeSource,
} from "./source-files.ts";
import type { Work } from "./step.ts";
import { readSteering } from "./switches.ts";

export async function assemble(invocation: Invocation): Promise<S2iDocument> {
  const builder = readBuilder(invocation.environment);
  const { switches, options, environment, notes } = readSteering(
    builder.kind,
    invocation.options,
    invocation.environment,
  );
  const { terminal } = invocation;
  for (const note of notes) terminal.warn(note);
  const cache = readIndexSettings(options, environment).cacheDirectory;
  await takeSource(builder);
  const restored = await restoreArtifacts(builder, cache);
  if (restored !== undefined) terminal.entry("artifacts", `${restored} of an earlier build are here`);
  // Files of a project are named as its people name them.
  process.chdir(builder.home);
  const work: Work = {
    builder,
    switches,
    invocation: stepOf(invocation, { options, environment, folder: builder.home }),
  };
  await checkConfig(work);
  const state = await assembleAll(work);
  const needed = new Set([state.environment, ...state.notebooks.map((one) => one.environment)]);
  needed.delete(null);
  const keys = new Set([...needed].map((path) => basename(path as string)));
  await removeOthers(builder, keys);
  if (switches.keepWheels) await keepWheels(builder, cache, keys);
  await nameEnvironment(builder, [...keys][0]);
  await writeAssembled(builder, state);
  await openToGroup(builder.home);
  return documentOf(state);
}

async function assembleAll(work: Work): Promise<Assembled> {
  const { builder, switches, invocation } = work;
  const files = await findProjectFiles(builder.home, switches);
  for (const other of files.otherLocks)
    invocation.terminal.warn(
      `${other} is left alone: the lock is ${files.lock} (THOTH_S2I_LOCK names another)`,
    );
  if (builder.kind === "python" && files.setup !== undefined && switches.wantsProject)
    invocation.terminal.entry(
      "project",
      `not installed by ${files.setup}: its folder is on the path of Python (DISABLE_SETUP_PY_PROCESSING=1: no word of it)`,
    );
  const hasProject = files.lock !== undefined || files.requirements !== undefined;
  const named = invocation.environment["JUPYTER_NOTEBOOK_PATH"] || undefined;
  const paths =
    builder.kind === "python" ? [] : named === undefined ? await findNotebooks(builder.home) : [named];
  // An application needs no packages; a project that has only notebooks has no environment besides theirs.
  const project =
    hasProject || builder.kind === "python" || paths.length === 0
      ? await assembleProject(work, files)
      : undefined;
  const notebooks = await assembleNotebooks(work, paths, { isNamed: named !== undefined, project });
  invocation.terminal.entry("assembled", wordsOf(paths.length, notebooks.length));
  return { form: 1, environment: project?.path ?? null, notebooks };
}

function wordsOf(found: number, ready: number): string {
  return found === 0 ? "the application" : `${ready} of ${plural(found, "notebook")}`;
}

function documentOf({ environment, notebooks }: Assembled): S2iDocument {
  return { action: "assemble", environment, notebooks: notebooks.map((one) => ({ ...one })) };
}

/** Where an environment is, relative to the root. */
export function placeOf(path: string): string {
  return join("environments", basename(path));
}
