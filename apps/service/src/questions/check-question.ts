// What a stranger may not ask for: files of the machine that answers, and indexes that its operator has not allowed. The
// network is guarded once more where connections are made; here it is told in words, before anything is kept.

import { type AllowedHost, reachOf } from "@thoth/index";
import { quote, readProjectFile, ThothError } from "@thoth/pep";
import { checkImage } from "./check-image.ts";
import type { LockForm, PackageQuestion, ProjectForm, Question } from "./question.ts";

export interface Bounds {
  /** Hosts that may be named. */
  readonly hosts: readonly AllowedHost[];
}

const MOST_REQUIREMENTS = 2_000;
const MOST_INDEXES = 8;

const LOCKS: Readonly<Record<LockForm, string>> = {
  pylock: "pylock.toml",
  "pipfile-lock": "Pipfile.lock",
  requirements: "requirements.txt",
};

const FILES: Readonly<Record<Exclude<ProjectForm, "notebook">, string>> = {
  requirements: "requirements.txt",
  pipfile: "Pipfile",
  pyproject: "pyproject.toml",
};

/** Throws `invalid-request`, `forbidden`, `limit-exceeded`, and what the reader of the file throws. */
export function checkQuestion(question: Question, bounds: Bounds): void {
  if (question.kind === "image") {
    checkImage(question.image, bounds.hosts);
    return;
  }
  const { indexUrls = [] } = question;
  if (indexUrls.length > MOST_INDEXES) throw tooMany("indexes", MOST_INDEXES);
  for (const url of indexUrls) checkPlace(url, bounds);
  for (const text of textsOf(question)) checkText(text, bounds);
}

interface ProjectText {
  readonly name: string;
  readonly text: string;
  readonly constraints?: boolean;
  readonly dev?: boolean;
}

/** Those of a notebook are found in its cells by whoever answers, who reads no other file for them. */
function textsOf(question: PackageQuestion): readonly ProjectText[] {
  if (question.kind === "provenance") return [{ name: LOCKS[question.form], text: question.lock }];
  const { project, dev = false } = question;
  const constraints = { name: "constraints.txt", text: project.constraints ?? "", constraints: true };
  if (project.form === "notebook") return [constraints];
  return [{ name: FILES[project.form], text: project.content, dev }, constraints];
}

function checkText({ name, text, constraints = false, dev = false }: ProjectText, bounds: Bounds): void {
  const file = readProjectFile(name, text, {
    load: (path) => {
      throw forbidden(`${quote(path)} cannot be read: a question is one file`);
    },
    constraints,
    dev,
  });
  const all = [...file.requirements, ...file.constraints];
  if (all.length + file.locations.length > MOST_REQUIREMENTS)
    throw tooMany("requirements", MOST_REQUIREMENTS);
  for (const { location } of file.locations) checkPlace(location, bounds);
  for (const { requirement } of all) if (requirement.url !== undefined) checkPlace(requirement.url, bounds);
  for (const { url } of file.indexes) checkPlace(url, bounds);
  for (const place of file.findLinks) checkPlace(place, bounds);
}

/** Throws `forbidden` for what is no URL of an allowed host. */
export function checkPlace(text: string, { hosts }: Bounds): void {
  const url = URL.parse(text.replace(/^(?:git|hg|svn|bzr)\+/, ""));
  if (url === null || !/^https?:$/.test(url.protocol))
    throw forbidden(`${quote(withoutSecrets(text))} is not read: it is no address of an index`);
  // What is asked is kept, and pages are kept for all: neither may have a secret in it.
  if (url.username !== "" || url.password !== "")
    throw new ThothError("forbidden", "a question has no credentials in it", {
      hint: "Keep them with the tenant's indexes (`PUT /api/v2/tenant/indexes`), and leave them out here.",
      details: { status: 422 },
    });
  if (reachOf(hosts, url) === undefined)
    throw forbidden(`the host ${quote(url.host)} is not among those that this service asks`);
}

function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//***@");
}

function forbidden(message: string): ThothError {
  return new ThothError("forbidden", message, {
    hint: "Name packages, and indexes that the operator of the service has allowed.",
    details: { status: 422 },
  });
}

function tooMany(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `there are more than ${most} ${limit}`, {
    details: { limit, maximum: most },
  });
}
