// Credentials for a registry, as Podman and Docker keep them once somebody has logged in.
// https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md,
// https://docs.docker.com/reference/cli/docker/login/#credential-stores

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { basicAuthorization, type Secret } from "@thoth/index";
import type { ImageReference } from "@thoth/ingest";

type Variables = Readonly<Record<string, string | undefined>>;

const LARGEST = 1 << 20;
/** Docker's name of its own registry. */
const DOCKER_KEYS = ["docker.io", "index.docker.io", "https://index.docker.io/v1/"];

/** Of the first file that has some for the image; undefined where none has. A file that cannot be read has none. */
export async function keptCredentials(
  { text, repository }: Pick<ImageReference, "text" | "repository">,
  variables: Variables,
): Promise<Secret | undefined> {
  const host = text.slice(0, text.indexOf("/"));
  const keys = keysFor(host, repository);
  for (const path of filesOf(variables)) {
    const kept = await readKept(path);
    for (const key of keys) {
      const found = kept.get(key);
      if (found !== undefined) return found;
    }
  }
  return undefined;
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

async function readKept(path: string): Promise<ReadonlyMap<string, Secret>> {
  const kept = new Map<string, Secret>();
  const text = await readFile(path, "utf8").catch(() => "");
  if (text.length > LARGEST) return kept;
  for (const [key, entry] of Object.entries(authsIn(text))) {
    const secret = secretOf(entry);
    if (secret !== undefined)
      kept.set(
        key.replace(/\/$/, (slash) => (key.includes("/v1/") ? slash : "")),
        secret,
      );
  }
  return kept;
}

function authsIn(text: string): object {
  try {
    const document: unknown = JSON.parse(text);
    const auths =
      typeof document === "object" && document !== null && "auths" in document ? document.auths : {};
    return typeof auths === "object" && auths !== null ? auths : {};
  } catch {
    return {};
  }
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
