// The suites of `npm run conformance`, in the order in which they run.

import { advisoriesSuite, prescriptionsSuite } from "./knowledge.ts";
import { notebooksSuite } from "./notebooks.ts";
import { packagingSuite } from "./packaging.ts";
import { packseSuite } from "./packse.ts";
import { snapshotsSuite } from "./snapshots.ts";
import type { Suite } from "./suite.ts";

export const suites: readonly Suite[] = [
  packagingSuite,
  packseSuite,
  snapshotsSuite,
  notebooksSuite,
  advisoriesSuite,
  prescriptionsSuite,
];
