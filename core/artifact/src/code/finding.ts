// One thing that a look at the code of a release finds, and what is known of the file in which it was found.

import type { CodeFact } from "@thoth/knowledge";

export type Finding = CodeFact["findings"][number];

export interface CodeFile {
  /** Within the release. */
  readonly path: string;
  readonly text: string;
  /** It runs when the release is built or installed: `setup.py`, or a build backend that the release brings itself. */
  readonly installs: boolean;
}

/** Tests, examples and documentation, which nobody imports with the package. */
export function isAside(path: string): boolean {
  return /(?:^|\/)(?:tests?|testing|test_data|testdata|examples?|docs?|doc|fixtures?|benchmarks?)(?:\/|$)|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/i.test(
    path,
  );
}
