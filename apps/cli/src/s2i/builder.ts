// A builder image of Source-to-Image from inside: where the source comes from, and where all that is made of it lies.
// https://github.com/openshift/source-to-image/blob/master/docs/builder_image.md

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { Terminal } from "../frame/terminal.ts";
import { given } from "../settings/directories.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Set in the builder images alone: nothing is moved on a machine that is none. */
const KIND = "THOTH_S2I_BUILDER";
const STATE = "assembled.json";

export interface Builder {
  readonly kind: "notebook" | "python";
  /** All that an image has more than its builder. */
  readonly root: string;
  /** Where the source goes, which is the home of whoever runs it. */
  readonly home: string;
  /** Where S2I puts the source. */
  readonly source: string;
  /** Where it puts what `save-artifacts` of the image before has saved. */
  readonly artifacts: string;
  /** An environment with JupyterLab, of builders for notebooks. */
  readonly jupyter: string;
}

/** Throws usage where this is no builder image. */
export function readBuilder(variables: Variables): Builder {
  const kind = given(variables, KIND);
  if (kind !== "notebook" && kind !== "python")
    throw new ThothError(
      "usage",
      kind === undefined
        ? "this is no builder image of Source-to-Image"
        : `${quote(kind)} in ${KIND} is no kind of builder`,
      { hint: "`thoth s2i containerfile` writes what builds your project upon one." },
    );
  const root = given(variables, "THOTH_S2I_ROOT") ?? "/opt/app-root";
  const destination = given(variables, "THOTH_S2I_DESTINATION") ?? "/tmp";
  return {
    kind,
    root,
    home: join(root, "src"),
    source: join(destination, "src"),
    artifacts: join(destination, "artifacts"),
    jupyter: given(variables, "THOTH_S2I_JUPYTER") ?? "/opt/jupyter/environment",
  };
}

/** What `assemble` leaves for `run`; paths are relative to the root. */
export interface Assembled {
  readonly form: 1;
  /** Of the project itself. */
  readonly environment: string | null;
  readonly notebooks: readonly AssembledNotebook[];
}

export interface AssembledNotebook {
  /** Relative to the home. */
  readonly path: string;
  readonly kernel: string;
  readonly environment: string;
}

/** What a container becomes. */
export interface Program {
  readonly path: string;
  readonly words: readonly string[];
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export async function writeAssembled({ root }: Builder, state: Assembled): Promise<void> {
  await writeFile(join(root, STATE), `${JSON.stringify(state, undefined, 1)}\n`);
}

/** Throws usage where nothing was assembled. */
export async function readAssembled({ root }: Builder): Promise<Assembled> {
  const text = await readFile(join(root, STATE), "utf8").catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Assembled;
  throw new ThothError("usage", "this image is a builder: no project was assembled in it yet", {
    hint: "`/usr/libexec/s2i/usage` tells how one is.",
  });
}

/** The same invocation for a step of it: its results are messages of ours. */
export function stepOf(
  invocation: Invocation,
  changes: Partial<Pick<Invocation, "arguments" | "options" | "environment" | "folder">>,
): Invocation {
  const { terminal: own } = invocation;
  const terminal = new Terminal({
    output: {
      result: (text) => own.write(text),
      message: (text) => own.write(text),
      screen: false,
      columns: own.width,
    },
    json: false,
    quiet: own.quiet,
    verbose: own.verbose,
    progress: false,
    environment: invocation.environment,
  });
  return { ...invocation, terminal, ...changes };
}
