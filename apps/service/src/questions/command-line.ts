// The command line that answers a question, and the files that it reads.

import type { Secret } from "@thoth/index";
import type {
  AdviceQuestion,
  ImageQuestion,
  LockForm,
  PackageQuestion,
  ProjectForm,
  ProvenanceQuestion,
} from "./question.ts";

export interface CommandLine {
  /** What would follow `thoth`; files are named as below. */
  readonly words: readonly string[];
  /** Contents by name: to be put into an empty folder. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** What the operator has settled. */
export interface Places {
  /** The first index that knows a name owns it. */
  readonly indexes: readonly string[];
  /** Of a tenant's own rules. */
  readonly rules?: Readonly<Record<string, string>> | undefined;
  /** Parts of a graph, likewise. */
  readonly observations?: Readonly<Record<string, Uint8Array>> | undefined;
}

const PROJECT_FILES: Readonly<Record<ProjectForm, string>> = {
  requirements: "requirements.txt",
  pipfile: "Pipfile",
  pyproject: "pyproject.toml",
  notebook: "notebook.ipynb",
};

const LOCK_FILES: Readonly<Record<LockForm, string>> = {
  pylock: "pylock.toml",
  "pipfile-lock": "Pipfile.lock",
  requirements: "locked.txt",
};

export function commandLineOf(question: PackageQuestion, places: Places): CommandLine {
  return question.kind === "advice" ? adviceLine(question, places) : provenanceLine(question, places);
}

const CREDENTIALS = "credentials";

/** `isShared`: what is found may be told to everybody. `credentials`: `USER:PASSWORD`. */
export function imageLineOf(
  { image }: ImageQuestion,
  { isShared, credentials }: { readonly isShared: boolean; readonly credentials: Secret | undefined },
): CommandLine {
  const words = ["inspect-image", image, ...(isShared ? [] : ["--most-kept", "0"]), "--json"];
  if (credentials === undefined) return { words, files: {} };
  return {
    words: [...words, "--credentials", CREDENTIALS],
    files: { [CREDENTIALS]: credentials.reveal() },
  };
}

function adviceLine(question: AdviceQuestion, places: Places): CommandLine {
  const { project, recommendationType, pythonVersion, platform, asOf, prerelease, dev, count, usage } =
    question;
  const files: Record<string, string | Uint8Array> = {};
  const put = (name: string, content: string | Uint8Array) => {
    files[name] = content;
    return name;
  };
  const words = ["advise", put(PROJECT_FILES[project.form], project.content)];
  const option = (name: string, value: string | undefined) => {
    if (value !== undefined) words.push(`--${name}`, value);
  };
  option("recommendation-type", recommendationType);
  option("python-version", pythonVersion);
  option("platform", platform);
  option("as-of", asOf);
  option("prerelease", prerelease);
  option("count", count?.toString());
  if (project.constraints !== undefined) option("constraint", put("constraints.txt", project.constraints));
  if (project.lock !== undefined) option("lock", put(LOCK_FILES[project.lockForm ?? "pylock"], project.lock));
  if (usage?.report !== undefined || usage?.uses !== undefined)
    option("code-usage", put("usage.json", JSON.stringify(usage)));
  if (dev === true) words.push("--dev");
  words.push(...indexWords(places.indexes), ...ruleWords(places, put), ...observationWords(places, put));
  return { words: [...words, "--json"], files };
}

function provenanceLine({ lock, form, manifest }: ProvenanceQuestion, places: Places): CommandLine {
  const name = LOCK_FILES[form];
  const files = { [name]: lock, ...(manifest === undefined ? {} : { Pipfile: manifest }) };
  return { words: ["provenance-check", name, ...indexWords(places.indexes), "--json"], files };
}

function indexWords([first, ...others]: readonly string[]): string[] {
  const words = first === undefined ? [] : ["--index-url", first];
  return [...words, ...others.flatMap((url) => ["--extra-index-url", url])];
}

type Put = (name: string, content: string | Uint8Array) => string;

function observationWords({ observations = {} }: Places, put: Put): string[] {
  return Object.entries(observations).flatMap(([id, content]) => [
    "--observations",
    put(`observations-${id}.gz`, content),
  ]);
}

function ruleWords({ rules = {} }: Places, put: Put): string[] {
  return Object.entries(rules).flatMap(([id, text]) => ["--prescriptions", put(`rules-${id}.yaml`, text)]);
}
