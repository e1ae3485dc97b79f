// The whole public interface of a release as one fact.

import type { ApiFact, ApiModule, ApiName } from "@thoth/knowledge";
import { isBelow, ReleaseSources } from "./surface.ts";

export interface SourceFile {
  /** As in the wheel. */
  readonly path: string;
  readonly text: string;
}

/** Files of other kinds than Python's are welcome: a native module is one that cannot be understood. */
export function readSurface(filename: string, files: Iterable<SourceFile>): ApiFact {
  const all = [...files];
  const sources = new ReleaseSources(all.map(({ path }) => path));
  for (const { path, text } of all) sources.supply(path, text);
  return factOf(filename, sources);
}

/** `sources` must have all texts of modules that are not tests. */
export function factOf(filename: string, sources: ReleaseSources): ApiFact {
  const modules = new Map<string, ApiModule>();
  const opaque: string[] = [];
  const waiting = sources.modules.filter(isPublic);
  const seen = new Set(waiting);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const state = sources.module(name);
    if (state.kind === "opaque") opaque.push(name);
    if (state.kind !== "read") continue;
    modules.set(name, state.module);
    for (const path of pathsIn(state.module)) {
      for (const module of modulesAlong(path, sources)) {
        if (!seen.has(module)) waiting.push(module);
        seen.add(module);
      }
    }
  }
  const sorted = [...modules].sort(([one], [other]) => (one < other ? -1 : 1));
  const unread = sources.modules.filter(
    (name) => !seen.has(name) && !isBelow(name, (each) => !seen.has(each)),
  );
  return { filename, modules: Object.fromEntries(sorted), opaque: opaque.sort(), unread };
}

/** Nobody is meant to import tests, nor what begins with an underscore. */
export function isPublic(module: string): boolean {
  return module
    .split(".")
    .every((segment) => !segment.startsWith("_") && !/^(?:tests?|conftest|test_\w+|\w+_test)$/.test(segment));
}

function* pathsIn({ names, stars, exports, stub }: ApiModule): Generator<string> {
  if (stub !== undefined) yield* pathsIn(stub);
  yield* stars ?? [];
  yield* exports?.of ?? [];
  for (const meaning of Object.values(names)) yield* pathsOfName(meaning);
}

function* pathsOfName(meaning: ApiName): Generator<string> {
  switch (meaning.kind) {
    case "alias":
      yield meaning.of;
      break;
    case "function":
      yield* meaning.returns ?? [];
      break;
    case "class":
      yield* meaning.bases;
      for (const member of Object.values(meaning.members)) yield* pathsOfName(member);
      break;
    default:
      yield* meaning.type ?? [];
  }
}

/** All modules that lie on a path, such as `a` and `a._b` on `a._b.c`. */
function* modulesAlong(path: string, sources: ReleaseSources): Generator<string> {
  for (let dot = path.indexOf("."); ; dot = path.indexOf(".", dot + 1)) {
    const name = dot < 0 ? path : path.slice(0, dot);
    if (!sources.has(name)) return;
    yield name;
    if (dot < 0) return;
  }
}
