// The settings of the project before anything is done: made anew where that is wished, and compared with the builder.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { minorOf } from "../project/target.ts";
import { PROJECT_FILE, readProjectFile } from "../settings/project-file.ts";
import { stepOf } from "./builder.ts";
import { interpreterOf, type Work } from "./step.ts";

/** Throws invalid-project where the file is wrong, or for another Python than the builder's. */
export async function checkConfig(work: Work): Promise<void> {
  const { builder, switches, invocation } = work;
  if (switches.forceConfig) {
    await rm(join(builder.home, PROJECT_FILE), { force: true });
    const { configCommand } = await import("../commands/thoth/config.ts");
    await configCommand(stepOf(invocation, { arguments: [], options: {} }));
  }
  if (!switches.configCheck) return;
  const { findProjectFile } = await import("../settings/project-file.ts");
  const path = findProjectFile(builder.home);
  if (path === undefined) return;
  const wanted = invocation.options["runtimeEnvironment"];
  const file = await readNamed(path, typeof wanted === "string" ? wanted : undefined);
  const { version } = await interpreterOf(work);
  const { pythonVersion } = file;
  if (pythonVersion !== undefined && minorOf(pythonVersion) !== minorOf(version))
    throw new ThothError(
      "invalid-project",
      `${quote(path)} is for Python ${pythonVersion}, and the builder has ${version}`,
      {
        hint: `Build upon an image with Python ${pythonVersion}, change the file, or set THOTH_CONFIG_CHECK=0.`,
        details: { path, wanted: pythonVersion, found: version },
      },
    );
  invocation.terminal.entry("settings", `${path} fits this builder (Python ${version})`);
}

/** A name that is none of the file's is one of the environment that rules are told of. */
async function readNamed(path: string, name: string | undefined) {
  const file = await readProjectFile(path);
  return name !== undefined && file.environments.includes(name) ? await readProjectFile(path, name) : file;
}
