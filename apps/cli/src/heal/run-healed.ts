// A run of a notebook that heals itself: where it fails, the stack is changed until it does not, at most three times.

import { ThothError } from "@thoth/pep";
import { type Invocation, textOption } from "../frame/command.ts";
import { plural } from "../frame/printable.ts";
import { lockEdits } from "../notebook/lock-edits.ts";
import type { NotebookLock } from "../notebook/lock-notebook.ts";
import { KEYS, objectAt } from "../notebook/metadata-keys.ts";
import { writeMetadata } from "../notebook/notebook-file.ts";
import { pipfileObject } from "../notebook/pipfile-metadata.ts";
import { indexPlaces } from "../session/index-places.ts";
import { openKnowledgeGraph } from "../session/open-graph.ts";
import { type Healed, healNotebook, type Patient } from "./heal-notebook.ts";
import { healedText } from "./tell-failure.ts";
import { healingFacts, unhealedError, writeProposedRule } from "./tell-healing.ts";

const MOST_ROUNDS = 3;
const runs = (count: number) => `${plural(count, "run")} up to the cell`;

export interface Attempt {
  readonly locked: NotebookLock;
  /** Told what is known of the patient before it throws. */
  readonly notice: (known: Pick<Patient, "environment">) => void;
}

export interface Healing<T> {
  readonly settings: Patient["settings"];
  readonly target: Patient["target"];
  readonly cellTimeout: number | undefined;
  /** Installs and executes. */
  readonly attempt: (attempt: Attempt) => Promise<T>;
}

/** Throws what the attempt throws where no version heals it, with what was found out. */
export async function runHealed<T>(
  invocation: Invocation,
  first: NotebookLock,
  { settings, target, cellTimeout, attempt }: Healing<T>,
): Promise<{ readonly done: T; readonly healed: readonly Healed[] }> {
  const healed: Healed[] = [];
  let locked = first;
  for (;;) {
    let known: Pick<Patient, "environment"> = {};
    try {
      const done = await attempt({
        locked,
        notice: (more) => {
          known = more;
        },
      });
      return { done, healed };
    } catch (error) {
      if (!(error instanceof ThothError) || healed.length >= MOST_ROUNDS) throw error;
      const diagnosis = await healNotebook(invocation, {
        locked,
        settings,
        target,
        cellTimeout,
        error,
        ...known,
      });
      if (diagnosis === undefined) throw error;
      if (diagnosis.kind !== "healed") throw unhealedError(error, diagnosis);
      healed.push(diagnosis);
      locked = await embed({ locked, settings, target }, diagnosis);
      for (const line of healedText(diagnosis, runs)) invocation.terminal.entry("heal", line);
      await remember(invocation, { locked, target }, diagnosis);
    }
  }
}

type Place = Pick<Patient, "locked" | "settings" | "target">;

/** The healed lock takes the place of the other; the requirements stay as they are. */
async function embed({ locked, settings, target }: Place, healed: Healed): Promise<NotebookLock> {
  const { file, input } = locked;
  const stated = objectAt(file.notebook.metadata, KEYS.requirements);
  const pipfile =
    stated ??
    pipfileObject({
      packages: input.requirements.map(({ requirement }) => requirement),
      indexes: indexPlaces(settings.indexes, input.places).indexes,
      python: target.python,
    });
  const { lock, proof, objective } = healed;
  const edits = lockEdits({
    locked: { engine: "thoth", pylock: lock, proof, objective },
    pipfile,
    writePipfile: stated === undefined,
    settings,
  });
  const { changed, ...written } = await writeMetadata(file, edits, { mayStay: true });
  return { ...locked, file: written, lock, changed: locked.changed || changed, state: "changed" };
}

async function remember(
  invocation: Invocation,
  { locked, target }: Pick<Place, "locked" | "target">,
  healed: Healed,
): Promise<void> {
  const at = Math.floor(Date.now() / 1000);
  const record = { healed, notebook: locked.file.notebook, interpreter: target.interpreter, at };
  const facts = await healingFacts(record);
  const graph = await openKnowledgeGraph(invocation);
  try {
    await graph.write({ changes: facts.map((put) => ({ put })), at, source: "healing" });
  } finally {
    await graph.close();
  }
  const rule = textOption(invocation.options, "rule");
  if (rule === undefined) return;
  await writeProposedRule(rule, record);
  invocation.terminal.entry("rule", `proposed in ${rule}`);
}
