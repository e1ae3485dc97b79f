// The Containerfile that the protocol of Source-to-Image implies, the same each time: sorted, and without a word of the
// machine on which it is written. https://github.com/openshift/source-to-image/blob/master/docs/builder_image.md

import { quote, ThothError } from "@thoth/pep";

export interface ContainerfileFacts {
  readonly builder: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In their order: a later one may use an earlier one. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Scripts of the project's own stand in for those of the builder. */
  readonly ownScripts: ReadonlySet<string>;
  /** An image of this project that was built before. */
  readonly previous: string | undefined;
}

const SCRIPTS = "/usr/libexec/s2i";
const OWN_SCRIPTS = "/tmp/scripts";
/** Numeric, as OpenShift wants it. */
const USER = "1001";

export function containerfileText(facts: ContainerfileFacts): string {
  const { builder, labels, variables, ownScripts, previous } = facts;
  const script = (name: string) => `${ownScripts.has(name) ? OWN_SCRIPTS : SCRIPTS}/${name}`;
  const mount =
    previous === undefined
      ? ""
      : "--mount=type=bind,from=previous,source=/tmp/artifacts,target=/tmp/artifacts ";
  const lines = [
    "# Written by `thoth s2i containerfile`. Twice the same image: `buildah build --timestamp 0 .`",
    ...(previous === undefined ? [] : previousStage(previous)),
    `FROM ${imageName(builder)}`,
    ...pairs("LABEL", Object.entries(labels).sort(byName)),
    ...pairs("ENV", variables),
    ...(ownScripts.size === 0 ? [] : [`COPY --chown=${USER}:0 upload/scripts ${OWN_SCRIPTS}`]),
    `COPY --chown=${USER}:0 upload/src /tmp/src`,
    `USER ${USER}`,
    `RUN ${mount}${script("assemble")}`,
    `CMD ["${script("run")}"]`,
  ];
  return `${lines.join("\n")}\n`;
}

/** A stage of its own, of which nothing comes into the image: what it saves is only looked at. */
function previousStage(previous: string): readonly string[] {
  return [
    `FROM ${imageName(previous)} AS previous`,
    `USER ${USER}`,
    `RUN mkdir -p /tmp/artifacts && ${SCRIPTS}/save-artifacts | tar -C /tmp/artifacts -xf -`,
    "",
  ];
}

function pairs(word: string, entries: readonly (readonly [string, string])[]): readonly string[] {
  if (entries.length === 0) return [];
  return [`${word} ${entries.map(([name, value]) => `${name}=${quoted(value)}`).join(" \\\n    ")}`];
}

function byName([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : 1;
}

/** Dockerfiles have no escape for a line's end. */
function quoted(value: string): string {
  if (/[\u0000-\u001f\u007f]/.test(value))
    throw new ThothError(
      "usage",
      `${quote(value)} cannot stand in a Containerfile: it has control characters`,
    );
  return `"${value.replace(/[\\"$]/g, "\\$&")}"`;
}

/** Throws usage: a name with blanks would be more than a name. */
function imageName(text: string): string {
  if (/^[a-z0-9][\w./:@-]{0,300}$/i.test(text)) return text;
  throw new ThothError("usage", `${quote(text)} is no name of an image`, {
    hint: "Write it as quay.io/team/builder:1.0, or with @sha256:… to get the same one each time.",
  });
}

/** The lines of `.s2i/environment`. Throws invalid-project. */
export function readVariables(text: string, path: string): readonly (readonly [string, string])[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => readVariable(line, `a line of ${quote(path)}`));
}

/** `NAME=value`. Throws usage. */
export function readVariable(text: string, where: string): readonly [string, string] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new ThothError("usage", `${where} is no variable: ${quote(text)}`, {
    hint: "Write it as NAME=value.",
  });
}
