// `horus run`: lock if needed, install if needed, execute.

import { basename, dirname, join, resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { flagOption, type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { formatSeconds, plural } from "../../frame/printable.ts";
import type { Healed } from "../../heal/heal-notebook.ts";
import type { Attempt } from "../../heal/run-healed.ts";
import { mustBeSingle } from "../../locks/single-lock.ts";
import { executeNotebook } from "../../notebook/execute-notebook.ts";
import { kernelNameFor } from "../../notebook/kernel-owners.ts";
import { writeLockLog } from "../../notebook/lock-log.ts";
import { lockNotebook } from "../../notebook/lock-notebook.ts";
import { makeKernel } from "../../notebook/make-kernel.ts";
import { changeNotebook, notebookArgumentOf } from "../../notebook/notebook-file.ts";
import {
  askedKernelName,
  cellTimeoutOf,
  installNotebook,
  installTarget,
  settingsOf,
} from "../../notebook/prepare-notebook.ts";
import { tellHeader } from "../../notebook/tell-notebook.ts";

export const runCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const settings = settingsOf(invocation);
  const cellTimeout = cellTimeoutOf(options);
  const path = notebookArgumentOf(invocation);
  return changeNotebook(invocation, path, async (file) => {
    const name = await kernelNameFor(invocation, file, askedKernelName(invocation));
    const target = await installTarget(file, settings);
    const { interpreter, python } = target;
    tellHeader(invocation, file, python);
    const force = flagOption(options, "relock");
    const locked = await lockNotebook(invocation, file, {
      settings,
      target,
      force,
      mayStay: true,
    });
    await writeLockLog(invocation, locked, python);
    const output = outputOf(path, textOption(options, "output"));
    const rule = ruleOf(textOption(options, "rule"));
    const attempt = async ({ locked: tried, notice }: Attempt) => {
      const installed = await installNotebook(invocation, {
        lock: tried.lock,
        interpreter,
        settings,
        allowBuild: settings.policy.allowBuild,
        note: `kernel "${name}"`,
      });
      notice({ environment: installed.environment });
      await makeKernel(invocation, installed.environment, { name, path });
      const executed = await executeNotebook(invocation, {
        file: tried.file,
        output,
        environment: installed.environment,
        runner: { interpreter, settings },
        ...(cellTimeout === undefined ? {} : { cellTimeout }),
        allowErrors: flagOption(options, "allowErrors"),
      });
      return { installed, executed, state: tried.state };
    };
    const heals = flagOption(options, "heal") || rule !== undefined;
    if (heals) mustBeSingle(path, { lock: locked.lock });
    const { done, healed } = heals
      ? await (await import("../../heal/run-healed.ts")).runHealed(invocation, locked, {
          ...{ settings, cellTimeout, attempt, target },
        })
      : { done: await attempt({ locked, notice: () => undefined }), healed: [] };
    const { installed, executed, state } = done;
    terminal.document({
      notebook: path,
      output,
      kernel: name,
      environment: installed.environment.path,
      lock: state,
      ...(locked.locked?.moved === undefined ? {} : { moved: locked.locked.moved }),
      "environment-reused": !installed.environment.created,
      cells: { executed: executed.executed, total: executed.total },
      seconds: executed.seconds,
      ...(heals ? { healed: await healedDocuments(healed) } : {}),
    });
    tellEnd(invocation, { path, output, executed });
    return 0;
  });
};

async function healedDocuments(healed: readonly Healed[]): Promise<readonly object[]> {
  if (healed.length === 0) return [];
  const { healedDocument } = await import("../../heal/tell-failure.ts");
  return healed.map(healedDocument);
}

function ruleOf(path: string | undefined): string | undefined {
  if (path === undefined || /\.ya?ml$/.test(path)) return path;
  throw new ThothError("usage", `${quote(path)} is no name for a rule`, { hint: "Let it end in .yaml." });
}

interface End {
  readonly path: string;
  readonly output: string;
  readonly executed: { readonly executed: number; readonly total: number; readonly seconds: number };
}

function tellEnd({ terminal }: Invocation, { path, output, executed }: End): void {
  terminal.trace(`${plural(executed.executed, "cell")} in ${formatSeconds(executed.seconds)}`);
  terminal.result(output === path ? path : output);
}

/** Beside the notebook: `churn.ipynb` becomes `churn.out.ipynb`. */
export function outputOf(path: string, asked: string | undefined): string {
  if (asked === undefined) return join(dirname(path), `${basename(path, ".ipynb")}.out.ipynb`);
  if (!asked.endsWith(".ipynb")) {
    throw new ThothError("usage", `${quote(asked)} is no name for a notebook`, {
      hint: "Let it end in .ipynb.",
    });
  }
  return resolve(asked) === resolve(path) ? path : asked;
}
