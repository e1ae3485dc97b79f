// `horus fix`: the smallest change of a notebook's lock that clears what is known against it, written into the notebook.

import { findFix, fixDocument, fixParts } from "../../advice/fix.ts";
import { flagOption, type Handler } from "../../frame/command.ts";
import { mustBeSingle } from "../../locks/single-lock.ts";
import { lockEdits } from "../../notebook/lock-edits.ts";
import { KEYS, objectAt } from "../../notebook/metadata-keys.ts";
import { changeNotebook, notebookArgumentOf, writeMetadata } from "../../notebook/notebook-file.ts";
import { statedRequirements } from "../../notebook/notebook-requirements.ts";
import { pipfileObject } from "../../notebook/pipfile-metadata.ts";
import { lockTarget, requiredLock, settingsOf } from "../../notebook/prepare-notebook.ts";
import { EMPTY_INPUT } from "../../project/project-input.ts";
import { indexPlaces } from "../../session/index-places.ts";

export const fixCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const settings = settingsOf(invocation);
  const path = notebookArgumentOf(invocation);
  return changeNotebook(invocation, path, async (file) => {
    const lock = requiredLock(file, settings);
    mustBeSingle(path, { lock });
    const target = await lockTarget(file, settings);
    const input = statedRequirements(file)?.input ?? EMPTY_INPUT;
    const fixed = await findFix(invocation, { lock, input, target, settings });
    const written = !flagOption(options, "dryRun") && fixed.changes.length > 0;
    if (written) {
      const stated = objectAt(file.notebook.metadata, KEYS.requirements);
      const pipfile =
        stated ??
        pipfileObject({
          packages: input.requirements.map(({ requirement }) => requirement),
          indexes: indexPlaces(settings.indexes, input.places).indexes,
          python: target.python,
        });
      await writeMetadata(
        file,
        lockEdits({ locked: fixed.locked, pipfile, writePipfile: stated === undefined, settings }),
      );
    }
    terminal.document(fixDocument(path, fixed, written));
    terminal.result(...fixParts(fixed));
    if (written) terminal.entry("lock", "written into the notebook");
    return 0;
  });
};
