// `thoth lock`: a project's requirements become a lock with hashes.

import { normalizeName, parseVersion, ThothError } from "@thoth/pep";
import type { Consultation, Engine, Locked, LockRequest, Prove } from "../../engines/engine.ts";
import { loadEngine } from "../../engines/load-engine.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { type Handler, type Invocation, listOption, textOption } from "../../frame/command.ts";
import { formOfFile, type LockForm, pylockText, requirementsForm } from "../../locks/lock-forms.ts";
import { readCodeUsage } from "../../project/code-usage.ts";
import type { ProjectInput } from "../../project/project-input.ts";
import { describeTarget } from "../../project/target.ts";
import { isAutomatic } from "../../settings/as-of.ts";
import { withProjectFile } from "../../settings/project-settings.ts";
import { type ResolutionSettings, readResolutionSettings } from "../../settings/resolution-settings.ts";
import { readInput } from "./read-input.ts";

export const lockCommand: Handler = async (given) => {
  const project = await withProjectFile(given, { usualType: "latest", service: true });
  const several = listOption(project.options, "environment");
  if (several.length === 0 && textOption(project.options, "prefer") !== undefined)
    throw new ThothError("usage", "--prefer goes with --environment", {
      hint: "Name what to lock for, such as --environment default.",
    });
  if (isAutomatic(textOption(project.options, "asOf"))) return lockNotebookOfThePast(given, project);
  const settings = readResolutionSettings(project.options, project.environment);
  const { locked, ...delivery } =
    several.length === 0
      ? await lockGiven(project, settings)
      : await (await import("./lock-together.ts")).lockForEnvironments(project, settings, several);
  await deliver(project, locked, delivery);
  return 0;
};

/** Throws usage where another file than one notebook is to be locked. */
async function lockNotebookOfThePast(given: Invocation, project: Invocation): Promise<0> {
  const [path, ...others] = (project.arguments[0] ?? []) as readonly string[];
  if (path === undefined || others.length > 0 || !path.endsWith(".ipynb"))
    throw new ThothError("usage", "`--as-of auto` dates one notebook, and nothing else");
  const { openNotebook } = await import("../../notebook/notebook-file.ts");
  const { datedByItself, tellImplied } = await import("../../notebook/past.ts");
  const { chooseByEvidence } = await import("../../notebook/past-choice.ts");
  const { libraryUsage, notebookUsage } = await import("@thoth/notebook");
  // Which type is minded where nobody names one is not what it is for other projects.
  const { recommendationType } = given.options;
  const invocation = { ...project, options: { ...project.options, recommendationType } };
  const file = await openNotebook(invocation, path);
  const { candidates } = await datedByItself(invocation, file);
  const { chosen } = await chooseByEvidence(invocation, {
    notebook: file.notebook,
    candidates,
    make: ({ invocation: dated }) =>
      lockGiven(dated, readResolutionSettings(dated.options, dated.environment), {
        usage: {
          libraryUsage: () => libraryUsage(file.notebook),
          usage: () => notebookUsage(file.notebook),
        },
      }),
    lockedOf: ({ locked }) => locked,
  });
  const { locked, ...delivery } = chosen.made;
  await deliver(invocation, locked, delivery);
  await tellImplied(
    invocation,
    locked.packages.map(({ name, version }) => ({
      name: normalizeName(name),
      version: parseVersion(version),
    })),
  );
  return 0;
}

export interface GivenProject extends Delivery {
  readonly locked: Locked;
}

/** Reads the files that the command names and resolves them. */
export async function lockGiven(
  invocation: Invocation,
  settings: ResolutionSettings,
  { files, input: told, usage, consult, search, engine: own }: LockMore = {},
): Promise<GivenProject> {
  const request = { ...(await requestGiven(invocation, settings, { files, input: told })), ...usage };
  const { input, target } = request;
  const { terminal } = invocation;
  const engine = own ?? (await terminal.phase("load engine", () => loadEngine(settings.engine)));
  const proofPath = textOption(invocation.options, "proof");
  const prove =
    proofPath === undefined
      ? undefined
      : (await import("./prove.ts")).openProof(invocation, settings, proofPath);
  const locked = await engine(invocation, {
    ...request,
    prove,
    ...(consult === undefined ? {} : { consult: (one: Consultation) => consult(one, prove) }),
    ...(search === undefined ? {} : { search }),
  });
  for (const warning of locked.warnings) terminal.warn(warning);
  return { locked, input, settings, python: target.python };
}

/** What the files that the command names ask for, and what for. */
export async function requestGiven(
  invocation: Invocation,
  settings: ResolutionSettings,
  { files = (invocation.arguments[0] ?? []) as readonly string[], input: told }: GivenFiles = {},
): Promise<LockRequest> {
  const { terminal, options } = invocation;
  const input = told ?? (await readInput(invocation, settings, files));
  for (const warning of input.warnings) terminal.warn(warning);
  const { pythonVersion, platform, indexes } = settings;
  const { cacheDirectory } = indexes;
  const target = await terminal.phase("describe target", () =>
    describeTarget({ pythonVersion, platform, cacheDirectory }),
  );
  return { settings, input, target, subject: "the requirements", ...(await readCodeUsage(options)) };
}

interface GivenFiles {
  /** Default: those of the first argument. */
  readonly files?: readonly string[] | undefined;
  /** Instead of files. */
  readonly input?: ProjectInput | undefined;
}

export interface LockMore extends Pick<LockRequest, "search">, GivenFiles {
  /** What the code uses, instead of that of the options. */
  readonly usage?: Pick<LockRequest, "libraryUsage" | "usage">;
  readonly consult?: (consultation: Consultation, prove: Prove | undefined) => Promise<void>;
  /** Instead of that of the settings. */
  readonly engine?: Engine;
}

export interface Delivery {
  readonly input: ProjectInput;
  readonly settings: ResolutionSettings;
  readonly python: string;
}

async function deliver(invocation: Invocation, locked: Locked, delivery: Delivery): Promise<void> {
  const { terminal, options } = invocation;
  const output = textOption(options, "output");
  const form = (textOption(options, "format") ??
    (output === undefined ? undefined : formOfFile(output)) ??
    "pylock") as LockForm;
  if (output === undefined && terminal.json) {
    terminal.document(locked.document());
    return;
  }
  const text = await formText(form, locked, delivery);
  if (output === undefined) {
    terminal.result(text);
    return;
  }
  await replaceFile(output, text);
  terminal.document(locked.document());
  terminal.entry("lock", `written to ${output}`);
}

export async function formText(form: LockForm, locked: Locked, delivery: Delivery): Promise<string> {
  switch (form) {
    case "pylock":
      return pylockText(locked.pylock);
    case "requirements":
      return requirementsForm(locked.pylock);
    case "json":
      return `${JSON.stringify(locked.document(), undefined, 2)}\n`;
    case "pipfile-lock": {
      const { pipfileLockText } = await import("../../locks/pipfile-lock-form.ts");
      return pipfileLockText(locked.pylock, delivery);
    }
    default:
      return form satisfies never;
  }
}
