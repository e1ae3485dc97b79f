// The notebooks that are tried: those of the corpus that nothing outside of the package index keeps from running, and small
// ones for names that left a library, as public issues tell.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dataFolder } from "@thoth/testkit";
import { notebookOf } from "../../core/notebook/test/notebook-text.ts";

export interface Case {
  readonly name: string;
  /** Where it is told of, or the repository that has it. */
  readonly source: string;
  readonly isCorpus: boolean;
  /** By its listing; absent where that does not say. */
  readonly runsOffline?: boolean;
  /** Puts the notebook, and what lies beside it, into an empty folder. */
  place(folder: string): string;
}

/** Notebooks that are not tried, by the reason. */
export type Untried = ReadonlyMap<string, readonly string[]>;

interface Broken {
  readonly name: string;
  readonly source: string;
  readonly cells: readonly string[];
}

interface Entry {
  readonly file: string;
  readonly verdict: string;
  readonly source: { readonly repository: string };
  readonly run_reason: string | null;
  readonly runs_offline: boolean | null;
  readonly companions: readonly string[];
}

const NOTEBOOK = "notebook.ipynb";
/** Packages of gigabytes, for notebooks of which no failure is known. */
const TOO_LARGE = new Map([["ageron+handson-ml3/extra_autodiff", "installs gigabytes (TensorFlow)"]]);
/** Of those that the listing does not judge. */
const NEEDS_KEY = new Set(["anthropics+anthropic-cookbook/extended_thinking"]);

export function brokenCases(): readonly Case[] {
  const all = JSON.parse(readFileSync(new URL("broken.json", import.meta.url), "utf8")) as Broken[];
  return all.map(({ name, source, cells }) => ({
    name,
    source,
    isCorpus: false,
    place(folder) {
      renew(folder);
      const path = join(folder, NOTEBOOK);
      writeFileSync(path, notebookOf(cells));
      return path;
    },
  }));
}

export function corpusCases(): { readonly cases: readonly Case[]; readonly untried: Untried } {
  const home = join(dataFolder(), "notebooks");
  const cases: Case[] = [];
  const untried = new Map<string, string[]>();
  if (!existsSync(home)) return { cases, untried };
  const { notebooks } = JSON.parse(readFileSync(join(home, "oracle.json"), "utf8")) as {
    notebooks: readonly Entry[];
  };
  for (const entry of notebooks) {
    const name = nameOf(entry);
    const reason = reasonAgainst(entry, name);
    if (reason !== undefined) untried.set(reason, [...(untried.get(reason) ?? []), name]);
    else
      cases.push({
        name,
        source: `https://github.com/${entry.source.repository}`,
        isCorpus: true,
        ...(entry.runs_offline === null ? {} : { runsOffline: entry.runs_offline }),
        place: (folder) => placeEntry(join(home, entry.file), folder),
      });
  }
  return { cases, untried };
}

/** The owner, the repository and the file: no two are alike. */
function nameOf({ file }: Entry): string {
  const [, home = "", ...rest] = file.replace(/\.ipynb$/, "").split("/");
  return `${home}/${rest.at(-1)}`;
}

function reasonAgainst({ verdict, run_reason: reason }: Entry, name: string): string | undefined {
  if (/^(?:invalid|refuse-language)$/.test(verdict)) return "is refused: no Python, or no notebook";
  if (reason !== null && reason !== "not run") return reason;
  if (NEEDS_KEY.has(name)) return "needs an API key or the network";
  return TOO_LARGE.get(name);
}

/** The folder of the notebook, for the modules and files that lie beside it; data that others would fetch are not there. */
function placeEntry(path: string, folder: string): string {
  renew(folder);
  for (const each of readdirSync(dirname(path), { withFileTypes: true }))
    if (!each.name.endsWith(".ipynb"))
      cpSync(join(dirname(path), each.name), join(folder, each.name), { recursive: true });
  const to = join(folder, NOTEBOOK);
  writeFileSync(to, readFileSync(path));
  return to;
}

function renew(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
