// Where what stands in an excerpt: a header of words (magic number, then the length of each column), the columns of
// 32-bit words in the order of `columnNames`, and all texts as UTF-8. Texts are named by their number.

export const EXCERPT_MAGIC = 0x34435845;

export const columnNames = [
  "texts",
  "projects",
  "uploaded",
  "traits",
  "packages",
  "ranges",
  "words",
  "releases",
  "needs",
  "files",
] as const;

export type ColumnName = (typeof columnNames)[number];

export const HEADER_WORDS = 1 + columnNames.length;

/** Instead of a number of a text or a place: there is none. */
export const NONE = -1;
/** Instead of a count of candidates: no index has the project. */
export const ABSENT = -2;
/** Instead of a count of needs: the release cannot be used. */
export const UNUSABLE = -3;
/** Instead of a count of candidates or of needs: they were asked for, and the knowledge did not have them. */
export const UNKNOWN = -4;

/** Words of an entry of each column that has entries. `texts` holds where each ends, in UTF-16 units. */
export const WIDTH = { projects: 20, packages: 4, ranges: 3, releases: 3, files: 7 } as const;

export const PROJECT = {
  name: 0,
  /** What rules have to do with it. */
  roles: 1,
  count: 2,
  stable: 3,
  yanks: 4,
  pins: 5,
  /** The dates as of which the project is so: from `from` until before `until`, seconds since 1970. */
  from: 6,
  until: 7,
  uploaded: 8,
  newest: 9,
  /** Place of the first word of them; `excerpt-traits.ts` tells the rest. */
  traits: 10,
  /** The candidate that was chosen, and what a lock tells of it. */
  chosen: 11,
  version: 12,
  index: 13,
  status: 14,
  yanked: 15,
  requiresPython: 16,
  installs: 17,
  firstFile: 18,
  files: 19,
} as const;

export const PACKAGE = { name: 0, extra: 1, firstRelease: 2, releases: 3 } as const;
export const RANGE = { package: 0, text: 1, set: 2 } as const;
/** `needs`: place of a count, then as many ranges; or UNKNOWN; or UNUSABLE, then reason, message and version. */
export const RELEASE = { release: 0, needs: 1, consulted: 2 } as const;
export const FILE = {
  filename: 0,
  url: 1,
  sha256: 2,
  sizeHigh: 3,
  sizeLow: 4,
  uploaded: 5,
  sdist: 6,
} as const;
