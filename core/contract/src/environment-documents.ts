// Documents about environments, kernels and runs.

import { healedMembers } from "./monkey-documents.ts";
import type { Schema } from "./schema.ts";
import { choiceOf, count, flag, listOf, nullable, seconds, shapeOf, text } from "./shape.ts";
import { environmentMembers, movedPackage, packageVersion } from "./shared-documents.ts";

export const installDocument: Schema = shapeOf("What was installed", {
  "environment?": text,
  "target?": text,
  ...environmentMembers,
});

export const notebookInstallDocument: Schema = shapeOf("A notebook's environment", {
  notebook: text,
  kernel: nullable(text),
  "environment?": text,
  "target?": text,
  /** Where the lock is for other machines, and was made for this one: what is not as there. */
  "moved?": listOf(movedPackage),
  ...environmentMembers,
});

export const runDocument: Schema = shapeOf("A notebook that was executed", {
  notebook: text,
  output: text,
  kernel: text,
  environment: text,
  lock: choiceOf("up-to-date", "created", "changed"),
  "moved?": listOf(movedPackage),
  "environment-reused": flag,
  cells: shapeOf("Code cells", { executed: count, total: count }),
  seconds,
  "healed?": listOf(shapeOf("A failure that was healed", healedMembers)),
});

export const listKernelsDocument: Schema = shapeOf("The kernels that Jupyter finds", {
  kernels: listOf(
    shapeOf("A kernel", {
      name: text,
      displayName: text,
      language: text,
      path: text,
      managed: flag,
      "environment?": text,
    }),
  ),
});

export const checkKernelDocument: Schema = shapeOf("What a kernel's environment holds", {
  kernel: text,
  packages: listOf(packageVersion),
});

export const deleteKernelDocument: Schema = shapeOf("A kernel that was deleted", {
  kernel: text,
  deleted: flag,
});
