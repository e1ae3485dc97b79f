// How much is read from one source: far above what public databases hold, and far below what would hurt.

export const SOURCE_LIMITS = {
  documentBytes: 5 * 1024 * 1024,
  /** Of all documents, or of an archive unpacked. */
  bytes: 2 * 1024 * 1024 * 1024,
  documents: 500_000,
  /** Names, versions and events that are kept of all advisories. */
  entries: 10_000_000,
  /** Of the folder below the one that was named. */
  depth: 16,
} as const;
