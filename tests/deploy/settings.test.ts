// What the chart, the image and the scripts set is told in the guide.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { serviceCommands } from "../../apps/cli/src/commands/thoth/service-commands.ts";
import { chart, deploy } from "./chart.ts";

const guide = readFileSync(fileURLToPath(new URL("../../docs/operating.md", import.meta.url)), "utf8");

const builders = join(deploy, "s2i");

interface Text {
  readonly folder: string;
  readonly name: string;
  readonly text: string;
}

function textsBelow(place: string): readonly Text[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({
      folder: parentPath,
      name,
      text: readFileSync(join(parentPath, name), "utf8"),
    }));
}

/** Variables of the guide's table. */
const told = new Set(guide.match(/(?<=^\|.*`)(?:THOTH|OTEL)_[A-Z_]+(?=`.*\|)/gm));

test("each THOTH_ variable of the chart, the image and the scripts is in the guide's table", () => {
  for (const { folder, name, text } of textsBelow(deploy)) {
    if (folder.startsWith(builders)) continue;
    for (const [variable] of text.matchAll(/\bTHOTH_[A-Z_]+\b/g)) {
      assert.ok(told.has(variable), `${variable} of ${name} is not in docs/operating.md`);
    }
  }
});

test("each THOTH_ variable of the builder images is in their guide, or in that of the commands", () => {
  const guides = ["s2i.md", "commands.md", "environments.md", "indexes.md", "operating.md"].map((name) =>
    readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), "utf8"),
  );
  for (const { name, text } of textsBelow(builders)) {
    for (const [variable] of text.matchAll(/\bTHOTH_[A-Z0-9_]+\b/g)) {
      const isTold = guides.some((guide) => new RegExp(`\\b${variable}\\b`).test(guide));
      assert.ok(isTold, `${variable} of ${name} is in no guide`);
    }
  }
});

test("the chart gives no option that the commands do not take, and no variable that nothing reads", () => {
  const options = serviceCommands.flatMap((command) => command.options ?? []);
  const flags = new Set(options.flatMap((option) => option.flags.match(/--[a-z-]+/g) ?? []));
  const variables = new Set(options.map(({ variable }) => variable));
  // Those are read by every command, and by the first API.
  for (const variable of ["THOTH_CACHE_DIR", "THOTH_DATA_DIR", "THOTH_DEPLOYMENT", "THOTH_SEARCH_URL"])
    variables.add(variable);
  for (const { name, text } of textsBelow(`${chart}/templates`).filter(({ name }) => name !== "NOTES.txt")) {
    for (const [, flag = ""] of text.matchAll(/(?:- |, )(--[a-z][a-z-]+)/g))
      assert.ok(flags.has(flag), `${flag} of ${name}`);
    for (const [, variable = ""] of text.matchAll(/- name: (THOTH_[A-Z_]+)/g))
      assert.ok(variables.has(variable), `${variable} of ${name}`);
  }
});

/** Of the original's images: not the operator's to set. */
const OTHERS = ["THOTH_S2I_NAME", "THOTH_S2I_VERSION"];

test("each variable that the service reads is in the guide's table", () => {
  const options = serviceCommands.flatMap((command) => command.options ?? []);
  const read = textsBelow(fileURLToPath(new URL("../../apps/service/src", import.meta.url)))
    .flatMap(({ text }) => text.match(/\b(?:THOTH|OTEL)_[A-Z_]+\b/g) ?? [])
    .concat(options.flatMap(({ variable }) => variable ?? []));
  for (const variable of new Set(read))
    assert.ok(told.has(variable) || OTHERS.includes(variable), `${variable} is not in docs/operating.md`);
});

test("each value of the chart that its templates read is there, and each that is there is read", () => {
  const values = parse(readFileSync(`${chart}/values.yaml`, "utf8")) as Readonly<Record<string, unknown>>;
  const templates = textsBelow(`${chart}/templates`)
    .map(({ text }) => text)
    .join("\n");
  for (const [, path = ""] of templates.matchAll(/\.Values\.([A-Za-z0-9.]+)/g)) {
    let at: unknown = values;
    for (const name of path.split(".")) {
      assert.ok(typeof at === "object" && at !== null && name in at, `.Values.${path} is not in values.yaml`);
      at = (at as Readonly<Record<string, unknown>>)[name];
    }
  }
  for (const [name, value] of Object.entries(values)) {
    assert.ok(templates.includes(`.Values.${name}`), `${name} is not read`);
    if (typeof value !== "object" || value === null) continue;
    for (const inner of Object.keys(value))
      assert.match(templates, new RegExp(`\\.${inner}\\b`), `${name}.${inner} is not read`);
  }
});

test("the schema knows each value, and no other", () => {
  interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
  }
  const schema = JSON.parse(readFileSync(`${chart}/values.schema.json`, "utf8")) as Schema;
  const values = parse(readFileSync(`${chart}/values.yaml`, "utf8")) as Readonly<Record<string, unknown>>;
  const compare = (known: Schema, value: Readonly<Record<string, unknown>>, path: string): void => {
    const names = Object.keys(known.properties ?? {}).filter((name) => name !== "global");
    assert.deepEqual(names.sort(), Object.keys(value).sort(), path);
    for (const [name, inner] of Object.entries(known.properties ?? {}))
      if (inner.properties !== undefined)
        compare(inner, value[name] as Readonly<Record<string, unknown>>, `${path}.${name}`);
  };
  compare(schema, values, "values");
});
