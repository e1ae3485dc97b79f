// `horus check`: whether a notebook's metadata, lock and kernel agree. Each finding has the key of the original.

import { environmentNames, type Pylock, quote, ThothError } from "@thoth/pep";
import type { Handler, Invocation } from "../../frame/command.ts";
import type { Table } from "../../frame/table.ts";
import { yamlText } from "../../locks/yaml-form.ts";
import { embeddedLock } from "../../notebook/embedded-lock.ts";
import { statedKernel } from "../../notebook/kernel-name.ts";
import { kernelState } from "../../notebook/kernel-state.ts";
import { isOfRequirements, placesOfUser } from "../../notebook/lock-notebook.ts";
import { isOfSeveral } from "../../notebook/lock-part.ts";
import { engineOf, KEYS, objectAt, textAt } from "../../notebook/metadata-keys.ts";
import { type NotebookFile, notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import {
  discoverRequirements,
  type NotebookRequirements,
  statedRequirements,
  USUAL_PYTHON,
} from "../../notebook/notebook-requirements.ts";
import { partHere } from "../../notebook/part-here.ts";
import { settingsOf } from "../../notebook/prepare-notebook.ts";
import { unnamedImports } from "../../notebook/tell-notebook.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

interface Finding {
  readonly key: string;
  readonly message: string;
  readonly type: "ERROR" | "WARNING" | "INFO";
}

export const checkCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const path = notebookArgumentOf(invocation);
  const findings = await checkNotebook(invocation, path);
  const ok = findings.every(({ type }) => type !== "ERROR");
  terminal.document({ notebook: path, ok, results: findings });
  switch (options["outputFormat"]) {
    case "json":
      terminal.result(JSON.stringify(findings, undefined, 2));
      break;
    case "yaml":
      terminal.result(yamlText(findings.map((finding) => ({ ...finding }))));
      break;
    default:
      terminal.result(tableOf(findings));
  }
  return ok ? 0 : 1;
};

function tableOf(findings: readonly Finding[]): Table {
  const rows = findings.map(({ type, key, message }) => [type.toLowerCase(), key, message]);
  return { headings: ["", "what", "finding"], rows };
}

async function checkNotebook(invocation: Invocation, path: string): Promise<readonly Finding[]> {
  let file: NotebookFile;
  try {
    file = await openNotebook(invocation, path);
  } catch (error) {
    if (!(error instanceof ThothError) || error.code !== "unsupported-language") throw error;
    return [{ key: "programming_language", message: error.message, type: "ERROR" }];
  }
  const stated = attempt("requirements", () => statedRequirements(file));
  return [
    { key: "programming_language", message: "Python", type: "INFO" },
    checkKernelName(file),
    checkEngine(file),
    ...checkOriginal(file),
    checkRequirements(stated),
    ...checkImports(invocation, file, stated),
    ...checkLock(invocation, file, stated),
    ...(await checkInstalled(invocation, file)),
  ];
}

type Attempt<T> = { readonly value: T } | { readonly finding: Finding };

function attempt<T>(key: string, work: () => T): Attempt<T> {
  try {
    return { value: work() };
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    return { finding: { key, message: error.message, type: "ERROR" } };
  }
}

function checkKernelName({ notebook }: NotebookFile): Finding {
  const name = attempt("kernel_name", () => statedKernel(notebook));
  if ("finding" in name) return name.finding;
  if (name.value === undefined) return { key: "kernel_name", message: "no kernel is named", type: "WARNING" };
  return { key: "kernel_name", message: name.value, type: "INFO" };
}

function checkEngine({ notebook }: NotebookFile): Finding {
  const engine = engineOf(notebook);
  if (engine !== undefined) return { key: KEYS.engine, message: engine, type: "INFO" };
  return { key: KEYS.engine, message: "no engine is named: the notebook was never locked", type: "WARNING" };
}

/** What only the original wrote: shown where it is, missed by nobody. */
function checkOriginal({ notebook }: NotebookFile): Finding[] {
  const analysis = textAt(notebook.metadata, KEYS.analysis);
  const findings: Finding[] = [];
  const config = attempt(KEYS.config, () => objectAt(notebook.metadata, KEYS.config));
  if ("finding" in config) findings.push(config.finding);
  else if (config.value !== undefined) findings.push({ key: KEYS.config, message: "present", type: "INFO" });
  if (analysis !== undefined) findings.push({ key: KEYS.analysis, message: analysis, type: "INFO" });
  return findings;
}

function checkRequirements(stated: Attempt<NotebookRequirements | undefined>): Finding {
  if ("finding" in stated) return stated.finding;
  const key = KEYS.requirements;
  if (stated.value === undefined) {
    return {
      key,
      message: "no requirements in the notebook: `horus lock` finds and embeds them",
      type: "ERROR",
    };
  }
  const { warnings, requirements } = stated.value.input;
  const [warning] = warnings;
  if (warning !== undefined) return { key, message: warning, type: "WARNING" };
  return { key, message: `${requirements.length} named`, type: "INFO" };
}

/** Imports that neither the requirements name nor the lock holds: the notebook would fail there. */
function checkImports(
  invocation: Invocation,
  file: NotebookFile,
  stated: Attempt<NotebookRequirements | undefined>,
): Finding[] {
  if ("finding" in stated || stated.value === undefined) return [];
  const indexes = readIndexSettings(invocation.options, invocation.environment);
  const lock = attempt(KEYS.lock, () => embeddedLock(file.notebook, placesOfUser({ indexes })));
  const discovery = discoverRequirements(file, stated.value.python ?? USUAL_PYTHON, invocation.environment);
  const unnamed = unnamedImports({
    discovery,
    requirements: stated.value,
    lock: "value" in lock ? lock.value : undefined,
  });
  return unnamed.map(({ module, distribution }) => ({
    key: "imports",
    message: `the code imports ${quote(module)}, which the requirements do not name: \`horus requirements --add ${distribution}\` adds ${distribution}`,
    type: "WARNING",
  }));
}

function checkLock(
  invocation: Invocation,
  file: NotebookFile,
  stated: Attempt<NotebookRequirements | undefined>,
): Finding[] {
  const key = KEYS.lock;
  const indexes = readIndexSettings(invocation.options, invocation.environment);
  const lock = attempt(key, () => embeddedLock(file.notebook, placesOfUser({ indexes })));
  const pipfileLock = attempt(key, () => objectAt(file.notebook.metadata, KEYS.lock));
  if ("finding" in lock) return [lock.finding];
  if ("finding" in pipfileLock) return [pipfileLock.finding];
  if (lock.value === undefined && pipfileLock.value === undefined) {
    return [{ key, message: "no lock in the notebook: `horus lock` makes one", type: "ERROR" }];
  }
  const findings: Finding[] = [];
  if (lock.value === undefined) {
    findings.push({
      key,
      message: "only a lock of the original: `horus lock` makes one that installs anywhere",
      type: "WARNING",
    });
  } else findings.push({ key, message: lockText(lock.value), type: "INFO" });
  if ("value" in stated && stated.value !== undefined) findings.push(checkDigest(file, stated.value));
  return findings;
}

function lockText(lock: Pylock): string {
  const names = isOfSeveral(lock) ? (environmentNames(lock) ?? []) : [];
  const amount = `${new Set(lock.packages.map(({ name }) => name)).size} packages`;
  return names.length === 0 ? amount : `${amount} for ${names.join(", ")}`;
}

function checkDigest(file: NotebookFile, stated: NotebookRequirements): Finding {
  const key = "requirements_hash_match";
  if (isOfRequirements(file, stated))
    return { key, message: "the lock is that of the requirements", type: "INFO" };
  return {
    key,
    message: "the requirements changed after the lock was made: `horus lock` makes a new one",
    type: "ERROR",
  };
}

async function checkInstalled(invocation: Invocation, file: NotebookFile): Promise<Finding[]> {
  const key = "kernel_check";
  const safe = attempt(key, () => statedKernel(file.notebook));
  if (!("value" in safe)) return [];
  const indexes = readIndexSettings(invocation.options, invocation.environment);
  const lock = attempt(key, () => embeddedLock(file.notebook, placesOfUser({ indexes })));
  if (!("value" in lock) || lock.value === undefined) return [];
  const part = await partHere(file, lock.value, settingsOf(invocation));
  const { name, missing, absent } = await kernelState(invocation, file, part);
  if (absent !== undefined)
    return [{ key, message: `${absent} \`horus set-kernel\` makes it`, type: "WARNING" }];
  if (missing.length === 0)
    return [{ key, message: `the kernel ${name} holds what the lock says`, type: "INFO" }];
  const message = `the kernel ${name} does not hold the lock's ${missing.slice(0, 5).join(", ")}: \`horus set-kernel\` mends it`;
  return [{ key, message, type: "WARNING" }];
}
