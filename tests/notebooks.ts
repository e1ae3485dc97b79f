// Notebooks made for a test, and an index on loopback that has what they need to be locked.

import { buildWheel, type IndexOptions, type IndexServer, type Offer, startIndex } from "@thoth/testkit";

export interface MadeNotebook {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Sources of code cells. */
  readonly cells?: readonly string[];
  readonly indent?: number | string;
}

/** Text of a notebook of format 4.5, with a newline at its end. */
export function notebookOf({ metadata, cells = [], indent = 1 }: MadeNotebook): string {
  const document = {
    cells: cells.map((source, at) => ({
      cell_type: "code",
      execution_count: null,
      id: `cell-${at}`,
      metadata: {},
      outputs: [],
      source: source.split(/(?<=\n)/),
    })),
    metadata: metadata ?? { kernelspec: { display_name: "Python 3", language: "python", name: "python3" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(document, undefined, indent)}\n`;
}

/** The metadata of a notebook's text. */
export function metadataOf(text: string): Readonly<Record<string, unknown>> {
  return (JSON.parse(text) as { metadata: Record<string, unknown> }).metadata;
}

/** Stands in for the kernel's own package: what matters here is that it is locked and installed. */
const kernel = buildWheel({ name: "ipykernel", version: "6.29.0", requires: ["comm>=0.1"] });

export const offered: Readonly<Record<string, readonly Offer[]>> = {
  ipykernel: [kernel],
  comm: [buildWheel({ name: "comm", version: "0.2.0" })],
  requests: [
    buildWheel({
      name: "requests",
      version: "2.31.0",
      requires: ["idna>=2.5,<4", "colorama; sys_platform == 'win32'"],
    }),
    {
      artifact: buildWheel({ name: "requests", version: "2.32.0", requires: ["idna>=2.5,<4"] }),
      uploadTime: "2026-02-01T00:00:00Z",
    },
  ],
  idna: [buildWheel({ name: "idna", version: "3.6" }), buildWheel({ name: "idna", version: "4.0" })],
  pyyaml: [
    buildWheel({
      name: "PyYAML",
      version: "6.0.1",
      files: { "yaml/__init__.py": "__version__ = '6.0.1'\n" },
    }),
  ],
  six: [buildWheel({ name: "six", version: "1.16.0", files: { "six.py": "PY3 = True\n" } })],
};

export function startNotebookIndex(options: IndexOptions = {}): Promise<IndexServer> {
  return startIndex({ projects: offered, ...options });
}
