// Small notebooks for the tests.

export interface NotebookText {
  readonly metadata?: Record<string, unknown>;
  readonly minor?: number;
}

/** A notebook of format 4 with those code cells, as bytes. */
export function notebookOf(
  cells: readonly string[],
  { metadata = {}, minor = 4 }: NotebookText = {},
): Uint8Array {
  const document = {
    cells: cells.map((source) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata,
    nbformat: 4,
    nbformat_minor: minor,
  };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 1)}\n`);
}
