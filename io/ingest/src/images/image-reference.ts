// Names of images as everybody writes them: `python:3.12-slim`, `quay.io/centos/centos:stream9`, `host:5000/name@sha256:…`.
// https://github.com/distribution/reference/blob/main/reference.go

import { quote, ThothError } from "@thoth/pep";

export interface ImageReference {
  /** With everything that is usually left out: `docker.io/library/python:3.12-slim`. */
  readonly text: string;
  /** Of the registry's interface, such as `https://registry-1.docker.io/v2/`. */
  readonly registry: string;
  /** `library/python`. */
  readonly repository: string;
  /** A tag, or the digest of a manifest. */
  readonly version: string;
}

const COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DOCKER = "docker.io";
const LONGEST = 512;

export const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Throws `usage`. */
export function parseImageReference(text: string): ImageReference {
  const [name = "", digest, ...more] = text.trim().split("@");
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === "localhost";
  const host = hasHost ? first : DOCKER;
  const rest = hasHost ? name.slice(slash + 1) : name;
  const [path = "", tag, ...others] = rest.split(":");
  const repository = host === DOCKER && !path.includes("/") ? `library/${path}` : path;
  const isValid =
    text.length <= LONGEST &&
    HOST.test(host) &&
    PATH.test(repository) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest)) &&
    more.length === 0 &&
    others.length === 0;
  if (!isValid)
    throw new ThothError("usage", `${quote(text)} is no name of an image`, {
      hint: "Write it as `python:3.12-slim`, `quay.io/centos/centos:stream9` or `host:5000/name@sha256:…`.",
    });
  const version = digest ?? tag ?? "latest";
  return {
    text: `${host}/${repository}${digest === undefined ? `:${version}` : `@${version}`}`,
    registry: `${schemeOf(host)}://${host === DOCKER ? "registry-1.docker.io" : host}/v2/`,
    repository,
    version,
  };
}

/** As all tools do, a registry on this machine is asked without encryption. */
function schemeOf(host: string): "http" | "https" {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::|$)/.test(host) ? "http" : "https";
}
