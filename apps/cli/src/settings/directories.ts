// Where things are kept on this machine, as the system's conventions say (XDG base directories and their like).

import { homedir } from "node:os";
import { join, resolve } from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;

/** What can be fetched or made again. */
export function cacheDirectory(variables: Variables, option?: string): string {
  const chosen = option ?? given(variables, "THOTH_CACHE_DIR");
  // What is started works in folders of its own.
  if (chosen !== undefined) return resolve(chosen);
  const home = given(variables, "HOME") ?? homedir();
  if (process.platform === "win32") {
    return join(given(variables, "LOCALAPPDATA") ?? join(home, "AppData", "Local"), "thoth", "cache");
  }
  if (process.platform === "darwin") return join(home, "Library", "Caches", "thoth");
  return join(given(variables, "XDG_CACHE_HOME") ?? join(home, ".cache"), "thoth");
}

/** What the user would miss: environments and logs. */
export function dataDirectory(variables: Variables): string {
  const chosen = given(variables, "THOTH_DATA_DIR");
  if (chosen !== undefined) return resolve(chosen);
  const home = given(variables, "HOME") ?? homedir();
  if (process.platform === "win32")
    return join(given(variables, "APPDATA") ?? join(home, "AppData", "Roaming"), "thoth");
  if (process.platform === "darwin") return join(home, "Library", "Application Support", "thoth");
  return join(given(variables, "XDG_DATA_HOME") ?? join(home, ".local", "share"), "thoth");
}

/** Environments by what is in them; equal locks share one. */
export function environmentsFolder(variables: Variables): string {
  return join(dataDirectory(variables), "environments");
}

/** A variable that says something; an empty one does not. */
export function given(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return value === undefined || value === "" ? undefined : value;
}
