// A recommended stack as Pipfile and Pipfile.lock, in JSON.
// https://pipenv.pypa.io/en/latest/pipfile.html#pipfile-lock

import type { AdvisedProduct, LockedPackage } from "./advice-document.ts";
import { digestOfPipfile, type PipfileObject, type PipfileSource, sourceOf } from "./pipfile-object.ts";

export interface LockedProject {
  readonly requirements: PipfileObject;
  readonly requirements_locked: Readonly<Record<string, unknown>>;
}

type Entries = Record<string, Readonly<Record<string, unknown>>>;

/** Indexes that packages come from join the sources of both files. */
export function lockProject(asked: PipfileObject, { lock }: AdvisedProduct): LockedProject {
  const source = withIndexes(asked.source, lock.packages);
  const requirements = { ...asked, source };
  const [main, develop]: [Entries, Entries] = [{}, {}];
  for (const one of lock.packages) (isForDevelopment(one) ? develop : main)[one.name] = entryOf(one, source);
  return {
    requirements,
    requirements_locked: {
      _meta: {
        hash: { sha256: digestOfPipfile(requirements) },
        "pipfile-spec": 6,
        requires: requirements.requires,
        sources: source,
      },
      default: main,
      develop,
    },
  };
}

function withIndexes(
  sources: readonly PipfileSource[],
  packages: readonly LockedPackage[],
): readonly PipfileSource[] {
  const all = [...sources];
  for (const { index } of packages) {
    if (all.some(({ url }) => placeOf(url) === placeOf(index))) continue;
    const made = sourceOf(index, true);
    const taken = new Set(all.map(({ name }) => name));
    let { name } = made;
    for (let number = 2; taken.has(name); number++) name = `${made.name}-${number}`;
    all.push({ ...made, name });
  }
  return all;
}

/** In which indexes are compared: without credentials and without a slash at the end. */
export function placeOf(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1").replace(/\/+$/, "");
}

/** Groups are told in markers, which know words that a Pipfile.lock has its own tables for. */
const OF_GROUP = /\b(?:dependency_groups|extras)\b/;

function isForDevelopment({ marker }: LockedPackage): boolean {
  return marker !== undefined && OF_GROUP.test(marker);
}

function entryOf(
  { version, index, artifacts, extras = [], marker }: LockedPackage,
  sources: readonly PipfileSource[],
): Readonly<Record<string, unknown>> {
  return {
    ...(extras.length === 0 ? {} : { extras }),
    hashes: [...new Set(artifacts.map(({ sha256 }) => `sha256:${sha256}`))].sort(),
    index: sources.find(({ url }) => placeOf(url) === placeOf(index))?.name,
    ...(marker === undefined || OF_GROUP.test(marker) ? {} : { markers: marker }),
    version: `==${version}`,
  };
}

/**
 * Who needs whom. Direct requirements that this environment does without are there too: the clients look each of them up.
 */
export function dependencyGraph(asked: PipfileObject, { lock }: AdvisedProduct) {
  const direct = [...Object.keys(asked.packages), ...Object.keys(asked["dev-packages"])];
  const nodes = [...new Set([...lock.packages.map(({ name }) => name), ...direct])];
  const places = new Map(nodes.map((name, place) => [name, place]));
  const edges = lock.packages.flatMap(({ name, requires }) =>
    requires.flatMap((other) => {
      const [from, to] = [places.get(name), places.get(other)];
      return from === undefined || to === undefined ? [] : [[from, to]];
    }),
  );
  return { nodes, edges };
}
