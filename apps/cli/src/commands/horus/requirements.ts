// `horus requirements`: show, add and remove what a notebook asks for.

import type { JsonObject, JsonValue } from "@thoth/notebook";
import {
  formatRequirement,
  normalizeName,
  parseRequirement,
  quote,
  type Requirement,
  ThothError,
} from "@thoth/pep";
import { flagOption, type Handler, type Invocation, listOption, textOption } from "../../frame/command.ts";
import { printableLines, shellWord } from "../../frame/printable.ts";
import { pipfileText } from "../../locks/pipfile-form.ts";
import { isObject, KEYS, objectAt, objectIn } from "../../notebook/metadata-keys.ts";
import {
  changeNotebook,
  type NotebookFile,
  notebookArgumentOf,
  openNotebook,
  writeMetadata,
} from "../../notebook/notebook-file.ts";
import {
  discoveredInput,
  discoverRequirements,
  statedRequirements,
} from "../../notebook/notebook-requirements.ts";
import {
  type PipfileSource,
  pipfileEntry,
  pipfileObject,
  pipfileSources,
  wholePipfile,
} from "../../notebook/pipfile-metadata.ts";
import { indexPlaces } from "../../session/index-places.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

/** Written for a notebook that never said which Python it wants. */
const USUAL_PYTHON = "3.12";

interface Wish {
  readonly add: readonly Requirement[];
  readonly remove: readonly string[];
  readonly dev: boolean;
  readonly index: string | undefined;
}

export const requirementsCommand: Handler = async (invocation) => {
  const { options } = invocation;
  const path = notebookArgumentOf(invocation);
  const wish: Wish = {
    add: listOption(options, "add").map((text) => parseRequirement(text)),
    remove: listOption(options, "remove").map((name) => normalizeName(name)),
    dev: flagOption(options, "dev"),
    index: textOption(options, "indexUrl"),
  };
  if (wish.add.length === 0 && wish.remove.length === 0) {
    deliver(invocation, await openNotebook(invocation, path), false);
    return 0;
  }
  return changeNotebook(invocation, path, async (file) => {
    const pipfile = changed(await pipfileOf(invocation, file), wish);
    const written = await writeMetadata(file, new Map([[KEYS.requirements, JSON.stringify(pipfile)]]));
    deliver(invocation, written, written.changed);
    if (written.changed && objectAt(file.notebook.metadata, KEYS.thoth) !== undefined) {
      invocation.terminal.note(
        `the lock is now out of date: \`horus lock ${shellWord(path)}\` makes a new one`,
      );
    }
    return 0;
  });
};

/** What the notebook states; else what its code needs, so that adding one package does not lose the others. */
async function pipfileOf(invocation: Invocation, file: NotebookFile): Promise<JsonObject> {
  const stated = objectAt(file.notebook.metadata, KEYS.requirements);
  if (stated !== undefined) return wholePipfile(stated);
  const python = (await usualPython(invocation)) ?? USUAL_PYTHON;
  const input = discoveredInput(
    file.path,
    discoverRequirements(file, python, invocation.environment),
    invocation,
  );
  const packages = input.requirements.map(({ requirement }) => requirement);
  if (packages.length > 0) {
    invocation.terminal.note(
      `what the code needs is written down too: ${packages.map(({ name }) => name).join(", ")}`,
    );
  }
  const settings = readIndexSettings({ ...invocation.options, indexUrl: undefined }, invocation.environment);
  return pipfileObject({ packages, indexes: indexPlaces(settings, input.places).indexes, python });
}

async function usualPython({ options, environment }: Invocation): Promise<string | undefined> {
  const { findTarget } = await import("../../project/target.ts");
  const { cacheDirectory } = readIndexSettings(options, environment);
  try {
    return (await findTarget({ cacheDirectory })).python;
  } catch (error) {
    if (error instanceof ThothError && error.code === "interpreter-not-found") return undefined;
    throw error;
  }
}

function changed(pipfile: JsonObject, { add, remove, dev, index }: Wish): JsonObject {
  const sources = pipfile["source"] ?? pipfile["sources"];
  const known = Array.isArray(sources) ? sources.filter(isObject) : [];
  const source = index === undefined ? undefined : sourceOf(known, index);
  const packages = new Map(Object.entries(objectIn(pipfile, "packages") ?? {}));
  const development = new Map(Object.entries(objectIn(pipfile, "dev-packages") ?? {}));
  for (const name of remove) removeFrom([packages, development], name);
  for (const requirement of add) {
    const table = dev ? development : packages;
    const before = keyOf(table, requirement.name);
    if (before !== undefined) table.delete(before);
    table.set(requirement.name, pipfileEntry(requirement, source?.name));
  }
  const isNew = source !== undefined && !known.some(({ name }) => name === source.name);
  return {
    ...pipfile,
    packages: tableOf(packages),
    "dev-packages": tableOf(development),
    ...(isNew ? { source: [...known, { ...source }] } : {}),
  };
}

function sourceOf(known: readonly JsonObject[], index: string): PipfileSource {
  const [wanted] = pipfileSources([index]) as [PipfileSource];
  const same = known.find(({ url }) => typeof url === "string" && url.replace(/\/$/, "") === wanted.url);
  if (typeof same?.["name"] === "string") return { ...wanted, name: same["name"] };
  const taken = new Set(known.map(({ name }) => name));
  let { name } = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted.name}-${count}`;
  return { ...wanted, name };
}

function keyOf(table: ReadonlyMap<string, JsonValue>, name: string): string | undefined {
  return [...table.keys()].find((key) => normalizeName(key) === name);
}

function removeFrom(tables: readonly Map<string, JsonValue>[], name: string): void {
  let found = false;
  for (const table of tables) {
    const key = keyOf(table, name);
    if (key === undefined) continue;
    table.delete(key);
    found = true;
  }
  if (found) return;
  throw new ThothError("package-not-found", `${quote(name)} is not among the notebook's requirements`, {
    hint: "`horus requirements NOTEBOOK` shows them; nothing was changed.",
    details: { package: name },
  });
}

function tableOf(entries: ReadonlyMap<string, JsonValue>): JsonObject {
  const table: Record<string, JsonValue> = Object.create(null);
  for (const [name, entry] of entries) table[name] = entry;
  return table;
}

function deliver({ terminal }: Invocation, file: NotebookFile, isChanged: boolean): void {
  const stated = statedRequirements(file);
  const pipfile = stated?.pipfile ?? {};
  const requirements =
    stated?.input.requirements.map(({ requirement }) => formatRequirement(requirement)) ?? [];
  for (const warning of stated?.input.warnings ?? []) terminal.warn(warning);
  terminal.document({ notebook: file.path, changed: isChanged, requirements, pipfile });
  if (stated === undefined) {
    terminal.note(
      `the notebook states no requirements; \`horus discover ${shellWord(file.path)} --show-only\` tells what its code needs`,
    );
  } else terminal.result(printableLines(pipfileText(pipfile)));
}
