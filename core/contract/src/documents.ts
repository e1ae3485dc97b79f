// Every document that `--json` prints, by the command that prints it.

import { abiDocument } from "./abi-documents.ts";
import {
  adviceDocument,
  auditDocument,
  diffDocument,
  fixDocument,
  knowledgeDocument,
  prescriptionsDocument,
  verifiedDocument,
  whyDocument,
  whyNotDocument,
} from "./advice-documents.ts";
import {
  convertDocument,
  extractDocument,
  notebookLockDocument,
  requirementsDocument,
  saveDocument,
} from "./change-documents.ts";
import { configDocument } from "./config-document.ts";
import {
  checkKernelDocument,
  deleteKernelDocument,
  installDocument,
  listKernelsDocument,
  notebookInstallDocument,
  runDocument,
} from "./environment-documents.ts";
import { imageDocument, notebookImageDocument, s2iDocument } from "./image-documents.ts";
import { inspectionDocument } from "./inspection-documents.ts";
import { lockConvertDocument, lockVerifyDocument } from "./lock-documents.ts";
import { healDocument, monkeyDocument } from "./monkey-documents.ts";
import {
  checkDocument,
  discoveryDocument,
  exportDocument,
  logDocument,
  showDocument,
  statusDocument,
} from "./notebook-documents.ts";
import { outdatedDocument, searchDocument, versionsDocument } from "./package-documents.ts";
import { provenanceDocument } from "./provenance-documents.ts";
import type { Schema } from "./schema.ts";
import { completionDocument, errorDocument, lockDocument, versionDocument } from "./shared-documents.ts";

/** Keys are the command as it is typed; `error` is what any of them prints when it fails. */
export const documents = {
  error: errorDocument,
  "thoth lock": lockDocument,
  "thoth advise": adviceDocument,
  "thoth why": whyDocument,
  "thoth why-not": whyNotDocument,
  "thoth verify-proof": verifiedDocument,
  "thoth fix": fixDocument,
  "thoth diff": diffDocument,
  "thoth audit": auditDocument,
  "thoth provenance-check": provenanceDocument,
  "thoth abi-check": abiDocument,
  "thoth knowledge": knowledgeDocument,
  "thoth prescriptions": prescriptionsDocument,
  "thoth versions": versionsDocument,
  "thoth inspect": inspectionDocument,
  "thoth inspect-image": imageDocument,
  "thoth dependency-monkey": monkeyDocument,
  "thoth heal": healDocument,
  "thoth install": installDocument,
  "thoth convert": lockConvertDocument,
  "thoth verify": lockVerifyDocument,
  "thoth s2i": s2iDocument,
  "thoth config": configDocument,
  "thoth completion": completionDocument,
  "thoth version": versionDocument,
  "horus lock": notebookLockDocument,
  "horus install": notebookInstallDocument,
  "horus run": runDocument,
  "horus audit": auditDocument,
  "horus fix": fixDocument,
  "horus why": whyDocument,
  "horus why-not": whyNotDocument,
  "horus status": statusDocument,
  "horus versions": versionsDocument,
  "horus search": searchDocument,
  "horus outdated": outdatedDocument,
  "horus check": checkDocument,
  "horus show": showDocument,
  "horus extract": extractDocument,
  "horus save": saveDocument,
  "horus discover": discoveryDocument,
  "horus convert": convertDocument,
  "horus requirements": requirementsDocument,
  "horus set-kernel": notebookInstallDocument,
  "horus list-kernels": listKernelsDocument,
  "horus check-kernel": checkKernelDocument,
  "horus delete-kernel": deleteKernelDocument,
  "horus log": logDocument,
  "horus export": exportDocument,
  "horus image": notebookImageDocument,
  "horus completion": completionDocument,
  "horus version": versionDocument,
} as const satisfies Readonly<Record<string, Schema>>;

export type DocumentName = keyof typeof documents;
