// A connection of a command to the package indexes: the store, the session and what is told of their work.

import { join } from "node:path";
import type { Interpreter } from "@thoth/environment";
import type { IndexSession, IndexSessionOptions } from "@thoth/index";
import type { Invocation } from "../frame/command.ts";
import { environmentsFolder, given } from "../settings/directories.ts";
import type { IndexSettings } from "../settings/resolution-settings.ts";
import type { DirectReferences } from "./direct-references.ts";
import { indexPlaces, type NamedPlaces } from "./index-places.ts";

export interface SessionRequest {
  readonly settings: IndexSettings;
  readonly named?: NamedPlaces;
  readonly allowBuild: boolean;
  /** Packages that the user asked from a URL. */
  readonly references?: DirectReferences;
  /** The Python with which builds run, where they are allowed. */
  readonly builder?: Interpreter | undefined;
}

/** The file of the store within the cache. */
export function storePath(cacheDirectory: string): string {
  return join(cacheDirectory, "knowledge.sqlite");
}

/** The caller closes the session; the store belongs to the process. */
export async function openSession(invocation: Invocation, request: SessionRequest): Promise<IndexSession> {
  const { settings, named, allowBuild, references } = request;
  const { terminal, environment } = invocation;
  const places = indexPlaces(settings, named);
  const [{ IndexSession: Session }, store] = await Promise.all([
    import("@thoth/index"),
    invocation.stores.open(storePath(settings.cacheDirectory), (message) => terminal.warn(message)),
  ]);
  const certificate = given(environment, "THOTH_CERT") ?? settings.pip.certificates;
  const warned = new Set<string>();
  const sessionOptions: IndexSessionOptions = {
    ...places,
    store,
    cacheDirectory: settings.cacheDirectory,
    offline: settings.offline,
    allowBuild,
    variables: withProxy(environment, settings.pip.proxy),
    ...(certificate === undefined ? {} : { certificate }),
    ...(allowBuild ? { buildMetadata: (path, abort) => build(path, abort) } : {}),
    report: (event) => {
      if (event.kind === "warning") {
        if (!warned.has(event.message) && warned.add(event.message).size <= MAXIMUM_WARNINGS)
          terminal.warn(event.message);
      } else if (event.kind === "requested") terminal.trace(`asks for ${event.subject} ${event.name}`);
    },
  };
  const session =
    references === undefined || references.size === 0
      ? new Session(sessionOptions)
      : await (await import("./direct-references.ts")).openReferring(
          sessionOptions,
          references,
          invocation.signal,
        );
  const build = metadataBuilder(invocation, request, session);
  return session;
}

/** Runs a source distribution's build to learn its METADATA. */
function metadataBuilder(
  { environment }: Invocation,
  { builder, settings }: SessionRequest,
  session: IndexSession,
) {
  return async (sdistPath: string, signal: AbortSignal): Promise<string> => {
    const { buildMetadata, selectInterpreter } = await import("@thoth/environment");
    const { cacheDirectory } = settings;
    const interpreter = builder ?? (await selectInterpreter({}, { cacheDirectory }));
    const root = environmentsFolder(environment);
    return buildMetadata(sdistPath, { interpreter, session, root, variables: environment, signal });
  };
}

/** Of a session; an index may have a thousand odd entries. */
const MAXIMUM_WARNINGS = 20;

/** pip's proxy setting stands in where the usual variables are silent. */
export function withProxy(
  variables: Invocation["environment"],
  proxy: string | undefined,
): Invocation["environment"] {
  if (proxy === undefined) return variables;
  return { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, ...variables };
}
