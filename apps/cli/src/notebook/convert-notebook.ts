// Package commands of a notebook's cells, turned into its requirements.

import {
  type Conversion,
  convertNotebook,
  editMetadata,
  type JsonObject,
  type JsonValue,
  parseNotebook,
} from "@thoth/notebook";
import type { Requirement } from "@thoth/pep";
import { flagOption, type Invocation } from "../frame/command.ts";
import { printable } from "../frame/printable.ts";
import { KEYS, objectAt, objectIn } from "./metadata-keys.ts";
import { changeNotebook, type NotebookFile, openNotebook } from "./notebook-file.ts";
import { discoveredInput, discoverRequirements, USUAL_PYTHON } from "./notebook-requirements.ts";
import { pipfileEntry } from "./pipfile-metadata.ts";

export async function convertFile(invocation: Invocation, path: string): Promise<0 | 1> {
  const python = USUAL_PYTHON;
  if (flagOption(invocation.options, "showOnly")) {
    const file = await openNotebook(invocation, path);
    tell(invocation, path, convertNotebook(file.notebook, { pythonVersion: python }), false);
    return 0;
  }
  return changeNotebook(invocation, path, async (file) => {
    const conversion = convertNotebook(file.notebook, { pythonVersion: python });
    const changes = conversion.converted.length > 0;
    if (changes) {
      const bytes = completed(invocation, file, { conversion, python });
      await file.documents.write(path, bytes, file.bytes);
    }
    tell(invocation, path, conversion, changes);
    return 0;
  });
}

interface Converted {
  readonly conversion: Conversion;
  readonly python: string;
}

/** A notebook that stated nothing before keeps what its imports say: stated requirements are all that a lock reads. */
function completed(
  invocation: Invocation,
  file: NotebookFile,
  { conversion, python }: Converted,
): Uint8Array {
  if (objectAt(file.notebook.metadata, KEYS.requirements) !== undefined) return conversion.bytes;
  const { metadata } = parseNotebook(conversion.bytes);
  const pipfile = objectAt(metadata, KEYS.requirements) ?? {};
  const packages = objectIn(pipfile, "packages") ?? {};
  const found = discoveredInput(
    file.path,
    discoverRequirements(file, python, invocation.environment),
    invocation,
  ).requirements;
  const missing = found
    .map(({ requirement }) => requirement)
    .filter(({ name }) => !Object.hasOwn(packages, name));
  if (missing.length === 0) return conversion.bytes;
  invocation.terminal.note(
    `what the code imports is written down too: ${missing.map(({ name }) => name).join(", ")}`,
  );
  const whole: JsonObject = { ...pipfile, packages: withEntries(packages, missing) };
  return editMetadata(conversion.bytes, new Map([[KEYS.requirements, JSON.stringify(whole)]]));
}

function withEntries(packages: JsonObject, added: readonly Requirement[]): JsonObject {
  const entries: Record<string, JsonValue> = Object.assign(Object.create(null), packages);
  for (const requirement of added) entries[requirement.name] = pipfileEntry(requirement);
  return entries;
}

function tell({ terminal }: Invocation, notebook: string, conversion: Conversion, changed: boolean): void {
  const { converted, kept, warnings } = conversion;
  terminal.document({
    notebook,
    changed,
    changes: converted.map(({ cell, line, command, requirements }) => ({
      cell,
      line,
      command,
      requirements,
    })),
    kept: kept.map(({ cell, line, command, reason }) => ({ cell, line, command, reason })),
  });
  for (const { cell, command, requirements } of converted) {
    terminal.result(printable(`cell ${cell + 1}: ${command}  →  ${requirements.join(", ")}`));
  }
  for (const { cell, command, reason } of kept)
    terminal.warn(`cell ${cell + 1}: ${command} stays as it is. ${reason}`);
  for (const warning of warnings) terminal.warn(warning);
  if (converted.length === 0 && kept.length === 0) terminal.note("no cell installs packages");
}
