// A folder, an index on loopback and the commands, for one test file.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DocumentName, documents, findViolations } from "@thoth/contract";
import {
  buildWheel,
  type CommandResult,
  type IndexServer,
  type RunningCommand,
  runCommand,
  startIndex,
} from "@thoth/testkit";

export interface Workshop {
  readonly home: string;
  /** Where the commands run. */
  readonly folder: string;
  readonly index: IndexServer;
  write(name: string, content: string): string;
  run(program: "thoth" | "horus", words: readonly string[], options?: RunOptions): Promise<CommandResult>;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Leave out `--index-url`. */
  readonly bare?: boolean;
  /** Called when the process has started. */
  readonly started?: (run: RunningCommand) => void;
}

/** Small packages that need each other. */
const wheels = [
  buildWheel({ name: "alpha", version: "1.0", requires: ["beta>=1"] }),
  buildWheel({ name: "alpha", version: "2.0", requires: ["beta>=2"] }),
  buildWheel({ name: "beta", version: "1.0" }),
  buildWheel({ name: "beta", version: "2.0" }),
  buildWheel({ name: "beta", version: "3.0rc1" }),
  buildWheel({ name: "gamma", version: "1.0", requires: ["beta<2"] }),
  buildWheel({ name: "ipykernel", version: "7.0", requires: ["comm"] }),
  buildWheel({ name: "comm", version: "0.2" }),
  buildWheel({ name: "numpy", version: "1.23.5" }),
  buildWheel({ name: "numpy", version: "2.0" }),
];

const asking = new Set(["lock", "inspect", "run", "install", "set-kernel", "versions", "search", "outdated"]);

/** A rule by which such an alpha cannot be imported with beta 2. */
export function pairRule(alpha: string): string {
  return `units:
  steps:
    - name: BetaAlphaStep
      type: step.Group
      should_include: {adviser_pipeline: true}
      match:
        group:
          - package_version: {name: alpha, version: "${alpha}"}
          - package_version: {name: beta, version: ">=2"}
      run:
        score: -1.0
        justification:
          - {type: ERROR, message: alpha 2.0 cannot be imported with beta 2, link: "https://issues.test/1"}
`;
}

export async function openWorkshop(): Promise<Workshop> {
  const home = mkdtempSync(join(tmpdir(), "thoth-cli-"));
  const folder = join(home, "project");
  mkdirSync(folder);
  const projects = Object.groupBy(wheels, ({ filename }) => filename.split("-")[0] as string) as Record<
    string,
    typeof wheels
  >;
  const index = await startIndex({ projects });
  return {
    home,
    folder,
    index,
    write: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    run: (program, words, options = {}) => {
      const [command = ""] = words;
      const asks = asking.has(command) && options.bare !== true;
      return runCommand(program, asks ? [...words, "--index-url", index.indexUrl] : words, {
        home,
        cwd: folder,
        ...(options.env === undefined ? {} : { env: options.env }),
        ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
        ...(options.started === undefined ? {} : { started: options.started }),
      });
    },
    close: async () => {
      await index.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The one document of an answer, valid by its schema. */
export function documentOf(result: CommandResult, name: DocumentName): Record<string, unknown> {
  assert.notEqual(
    result.json,
    undefined,
    `no JSON on stdout: ${result.stdout.slice(0, 500)} ${result.stderr.slice(0, 500)}`,
  );
  assert.deepEqual(findViolations(documents[name], result.json), []);
  return result.json as Record<string, unknown>;
}

/** The code of a failure that was asked for as JSON. */
export function codeOf(result: CommandResult): string {
  const { error } = documentOf(result, "error") as { error: { code: string } };
  return error.code;
}

export function notebookText(cells: readonly string[], metadata: object = {}): string {
  const document = {
    cells: cells.map((source, at) => ({
      cell_type: "code",
      execution_count: null,
      id: `c${at}`,
      metadata: {},
      outputs: [],
      source: [source],
    })),
    metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}
