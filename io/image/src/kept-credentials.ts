// Credentials for a registry, as Podman and Docker keep them once somebody has logged in.
// https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md,
// https://docs.docker.com/reference/cli/docker/login/#credential-stores

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { basicAuthorization, type Secret } from "@thoth/index";
import type { ImageReference } from "@thoth/ingest";

type Variables = Readonly<Record<string, string | undefined>>;

const LARGEST = 1 << 20;
/** Of a program: nothing that could be a path. */
const PROGRAM = /^[\w.-]{1,100}$/;
/** Docker's name of its own registry. */
const DOCKER_NAME = "https://index.docker.io/v1/";
const DOCKER_KEYS = ["docker.io", "index.docker.io", DOCKER_NAME];
/** Milliseconds in which a program must tell them: it may ask its user first. */
const TELLS_WITHIN = 120_000;

/**
 * Of the first file that has some for the image, or names a program that has; undefined where there are none. A file that
 * cannot be read has none, and so has a program that is not there or fails.
 */
export async function keptCredentials(
  { text, repository }: Pick<ImageReference, "text" | "repository">,
  variables: Variables,
): Promise<Secret | undefined> {
  const host = text.slice(0, text.indexOf("/"));
  const keys = keysFor(host, repository);
  for (const path of filesOf(variables)) {
    const { kept, helpers, store } = await readKept(path);
    const own = keys.map((key) => helpers.get(key)).find((name) => name !== undefined);
    const told = own === undefined ? undefined : await askProgram(own, host, variables);
    if (told !== undefined) return told;
    for (const key of keys) {
      const found = kept.get(key);
      if (found !== undefined) return found;
    }
    const stored = store === undefined ? undefined : await askProgram(store, host, variables);
    if (stored !== undefined) return stored;
  }
  return undefined;
}

/**
 * What `docker-credential-NAME get` tells. It is found and run as Docker and Podman do it, since the file of its user says so.
 * https://github.com/docker/docker-credential-helpers#development
 */
async function askProgram(name: string, host: string, variables: Variables): Promise<Secret | undefined> {
  if (!PROGRAM.test(name)) return undefined;
  const options = { env: variables, timeout: TELLS_WITHIN, maxBuffer: LARGEST, encoding: "utf8" } as const;
  const output = await new Promise<string>((resolve) => {
    const child = execFile(`docker-credential-${name}`, ["get"], options, (error, stdout) =>
      resolve(error === null ? stdout : ""),
    );
    // One that is gone already has told what it had to.
    child.stdin?.on("error", () => undefined).end(host === "docker.io" ? DOCKER_NAME : host);
  });
  const { Username, Secret: word } = objectIn(output);
  // By this name it tells that the secret is for another exchange, which registries of their own make.
  if (typeof Username !== "string" || typeof word !== "string" || Username === "<token>") return undefined;
  return Username === "" ? undefined : basicAuthorization(Username, word);
}

/** Podman's before Docker's, as `skopeo` looks. */
function filesOf(variables: Variables): readonly string[] {
  const { REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME, DOCKER_CONFIG } = variables;
  if (REGISTRY_AUTH_FILE) return [REGISTRY_AUTH_FILE];
  const home = variables["HOME"] || homedir();
  return [
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, "containers/auth.json")] : []),
    join(XDG_CONFIG_HOME || join(home, ".config"), "containers/auth.json"),
    join(DOCKER_CONFIG || join(home, ".docker"), "config.json"),
  ];
}

/** `host/a/b`, `host/a`, `host`, and how Docker writes them. */
function keysFor(host: string, repository: string): readonly string[] {
  const keys: string[] = [];
  for (
    let name = `${host}/${repository}`;
    name !== "";
    name = name.slice(0, Math.max(0, name.lastIndexOf("/")))
  )
    keys.push(name);
  return [...keys, `https://${host}`, ...(host === "docker.io" ? DOCKER_KEYS : [])];
}

/** What such a file says. */
interface KeptFile {
  readonly kept: ReadonlyMap<string, Secret>;
  /** Names of programs by their registries, and of the one for all others. */
  readonly helpers: ReadonlyMap<string, string>;
  readonly store: string | undefined;
}

async function readKept(path: string): Promise<KeptFile> {
  const kept = new Map<string, Secret>();
  const helpers = new Map<string, string>();
  const text = await readFile(path, "utf8").catch(() => "");
  const { auths, credHelpers, credsStore } = objectIn(text.length > LARGEST ? "" : text);
  for (const [key, entry] of entriesIn(auths)) {
    const secret = secretOf(entry);
    if (secret !== undefined)
      kept.set(
        key.replace(/\/$/, (slash) => (key.includes("/v1/") ? slash : "")),
        secret,
      );
  }
  for (const [host, name] of entriesIn(credHelpers)) if (typeof name === "string") helpers.set(host, name);
  return { kept, helpers, store: typeof credsStore === "string" ? credsStore : undefined };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null ? { ...document } : {};
  } catch {
    return {};
  }
}

function entriesIn(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function secretOf(entry: unknown): Secret | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { auth, username, password } = entry as Readonly<Record<string, unknown>>;
  const text =
    typeof auth === "string" ? Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "") : "";
  const [, user, word] = /^([^:]+):([\s\S]+)$/.exec(text) ?? [];
  if (user !== undefined && word !== undefined) return basicAuthorization(user, word);
  if (typeof username === "string" && typeof password === "string" && username !== "")
    return basicAuthorization(username, password);
  return undefined;
}
