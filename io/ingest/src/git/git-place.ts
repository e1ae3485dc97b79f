// A place in a git repository as pip writes it: `git+https://host/repo.git@ref#subdirectory=path`.
// https://packaging.python.org/en/latest/specifications/direct-url-data-structure/

import { quote, ThothError } from "@thoth/pep";

export interface GitPlace {
  /** Without `git+`, credentials of https, reference and fragment. */
  readonly url: string;
  readonly protocol: "https" | "ssh" | "file";
  /** A branch, a tag, a full name below `refs/`, or a whole commit; undefined: what the repository calls HEAD. */
  readonly ref: string | undefined;
  /** Without slashes at its ends; empty for the whole repository. */
  readonly subdirectory: string;
  /** `user:password`, decoded. */
  readonly account: string | undefined;
}

const PROTOCOLS: Readonly<Record<string, GitPlace["protocol"]>> = {
  "git+https:": "https",
  "git+ssh:": "ssh",
  "git+file:": "file",
};
const LONGEST = 2048;
/** Neither an option, nor a range, nor a pattern. https://git-scm.com/docs/git-check-ref-format */
const REF = /^[A-Za-z0-9_][A-Za-z0-9_./+-]{0,254}$/;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isGitPlace(text: string): boolean {
  return /^git\+/i.test(text);
}

/** Throws `usage`. */
export function parseGitPlace(text: string): GitPlace {
  if (text.length > LONGEST || /[\u0000-\u0020\u007f]/.test(text)) throw unusable(text, "it is no URL");
  const url = URL.parse(text);
  if (url === null) throw unusable(text, "it is no URL");
  const protocol = PROTOCOLS[url.protocol];
  if (protocol === undefined) throw unusable(text, "only git+https, git+ssh and git+file are opened");
  if (url.search !== "") throw unusable(text, "it has a query");
  checkHost(text, url, protocol);
  const [path, ref] = splitRef(url.pathname);
  if (ref !== undefined && !isRef(ref)) throw unusable(text, `${quote(ref)} is no branch, tag or commit`);
  if (!/^\/[^/-]/.test(path)) throw unusable(text, "its path names no repository");
  const user = url.username;
  const account =
    protocol === "https" && (user !== "" || url.password !== "")
      ? `${decoded(user)}:${decoded(url.password)}`
      : undefined;
  const authority = protocol === "ssh" && user !== "" ? `${user}@${url.host}` : url.host;
  return {
    url: `${protocol}://${authority}${path}`,
    protocol,
    ref,
    subdirectory: subdirectoryOf(text, url.hash),
    account,
  };
}

/** Whether it can only ever name one tree. */
export function isCommit(ref = ""): boolean {
  return COMMIT.test(ref);
}

/** How the place is told to people; without credentials. */
export function shownPlace({ url, ref, subdirectory }: GitPlace): string {
  const at = ref === undefined ? "" : `@${ref}`;
  return `git+${url.replace(/\/\/[^/@]*@/, "//")}${at}${subdirectory === "" ? "" : `#subdirectory=${subdirectory}`}`;
}

function checkHost(text: string, { hostname, username, password, port }: URL, protocol: string): void {
  if (protocol === "file") {
    if (hostname !== "" || username !== "" || port !== "") throw unusable(text, "a file has no host");
    return;
  }
  if (!/^[A-Za-z0-9[]/.test(hostname)) throw unusable(text, "its host has no name");
  // What begins with a hyphen would be an option of ssh.
  if (username.startsWith("-")) throw unusable(text, "its user has no name");
  if (protocol === "ssh" && password !== "") throw unusable(text, "ssh takes no password from a URL");
}

function splitRef(pathname: string): readonly [path: string, ref: string | undefined] {
  const at = pathname.lastIndexOf("@");
  return at < 0 ? [pathname, undefined] : [pathname.slice(0, at), decoded(pathname.slice(at + 1))];
}

function isRef(ref: string): boolean {
  return REF.test(ref) && !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|[./]$/.test(ref);
}

function subdirectoryOf(text: string, hash: string): string {
  if (hash === "" || hash === "#") return "";
  const fields = new URLSearchParams(hash.slice(1));
  const [name, ...others] = fields.keys();
  if (name !== "subdirectory" || others.length > 0)
    throw unusable(text, "its fragment may name a `subdirectory` and nothing else");
  const parts = (fields.get(name) ?? "").split("/").filter((part) => part !== "" && part !== ".");
  if (parts.some((part) => part === ".." || /[\u0000-\u001f\\:]/.test(part)))
    throw unusable(text, "its subdirectory leads out of the repository");
  return parts.join("/");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unusable(text: string, why: string): ThothError {
  const shown = text.replace(/\/\/[^/]*@/, "//***@");
  return new ThothError("usage", `${quote(shown)} is no git repository that can be read: ${why}`, {
    hint: "Write it as `git+https://host/repository.git@branch#subdirectory=rules`.",
  });
}
