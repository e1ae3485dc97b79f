// A lock as Pipfile.lock: what is always needed is `default`, the group `dev` is `develop`, and other groups are
// categories of their name. https://pipenv.pypa.io/en/latest/pipfile.html

import { createHash } from "node:crypto";
import {
  type ForeignLock,
  formatMarker,
  formatPipfileLock,
  NO_SPECIFIERS,
  type Pipfile,
  type PipfileLockPackage,
  type PipfileSource,
  parseSpecifiers,
  quote,
  ThothError,
} from "@thoth/pep";
import { pipfileSources } from "../notebook/pipfile-metadata.ts";
import {
  type ChosenPackage,
  type Converted,
  chosenPackages,
  digestsOf,
  environmentLoss,
  indexUrls,
  leftOut,
  mustBeFiles,
} from "./convert-lock.ts";
import type { LockChoice } from "./lock-choice.ts";

/** `pipfile` is the one beside, whose lock it is to be. Throws invalid-lock. */
export function pipfileLockOf(foreign: ForeignLock, { extras }: LockChoice, pipfile?: Pipfile): Converted {
  const groups = foreign.dependencyGroups ?? [];
  const chosenIn = (names: readonly string[]) => chosenPackages(foreign, { groups: new Set(names), extras });
  const always = chosenIn([]);
  const inDefault = new Set(always.map(keyOf));
  const all = chosenIn(groups);
  const sources = pipfile?.sources ?? ownSources(foreign, all);
  const categories = new Map([["default", entriesOf(always, sources, "default")]]);
  for (const group of groups) {
    const more = chosenIn([group]).filter((chosen) => !inDefault.has(keyOf(chosen)));
    const category = group === "dev" ? "develop" : group;
    categories.set(category, entriesOf(more, sources, category));
  }
  const requires = pipfile?.requires ?? requiresOf(foreign);
  const hash = pipfile === undefined ? "" : createHash("sha256").update(pipfile.hashText).digest("hex");
  const isPythonLost = foreign.requiresPython !== undefined && Object.keys(requires).length === 0;
  const losses = [
    ...leftOut(foreign, { groups: new Set(groups), extras }),
    ...(isPythonLost ? [`that it is for Python ${foreign.requiresPython.text}`] : []),
    ...(pipfile === undefined ? ["which Pipfile it is of, for none lies beside it"] : []),
    ...environmentLoss(foreign),
  ];
  return { text: formatPipfileLock({ hash, requires, sources, categories }), losses };
}

function keyOf({ entry, marker }: ChosenPackage): string {
  return JSON.stringify([entry.name, entry.version?.text, marker === undefined ? "" : formatMarker(marker)]);
}

function ownSources(foreign: ForeignLock, chosen: readonly ChosenPackage[]): readonly PipfileSource[] {
  const { trustedHosts } = foreign.places;
  return pipfileSources(indexUrls(foreign, chosen)).map(({ url, name }) => {
    const { host = "", hostname = "" } = URL.parse(url) ?? {};
    return { name, url, verifySsl: !trustedHosts.includes(host) && !trustedHosts.includes(hostname) };
  });
}

/** A Pipfile names one Python. */
function requiresOf({ requiresPython }: ForeignLock): Readonly<Record<string, string>> {
  const match = /^==\s*(\d+\.\d+)(\.\*|\.\d+)?$/.exec(requiresPython?.text ?? "");
  if (match === null) return {};
  const [, minor = "", rest] = match;
  return rest === ".*" ? { python_version: minor } : { python_full_version: `${minor}${rest ?? ""}` };
}

function entriesOf(
  chosen: readonly ChosenPackage[],
  sources: readonly PipfileSource[],
  category: string,
): readonly PipfileLockPackage[] {
  const seen = new Set<string>();
  return [...chosen]
    .sort((left, right) => (left.entry.name < right.entry.name ? -1 : 1))
    .map(({ entry, marker }) => {
      const { name, version, archive, index } = entry;
      if (seen.has(name)) throw severalVersions(name);
      seen.add(name);
      mustBeFiles(entry, "pipfile-lock");
      const hashes = digestsOf(entry).map((text) => {
        const [algorithm = "", digest = ""] = text.split(":");
        return { algorithm, digest };
      });
      const source = index === undefined ? undefined : sources.find(({ url }) => same(url, index))?.name;
      return {
        requirement: {
          name,
          displayName: name,
          extras: [],
          specifiers: archive === undefined ? parseSpecifiers(`==${version?.text}`) : NO_SPECIFIERS,
          ...(archive?.url === undefined ? {} : { url: archive.url }),
          ...(marker === undefined ? {} : { marker }),
        },
        ...(archive?.url === undefined ? {} : { direct: { kind: "url" as const, url: archive.url } }),
        hashes,
        ...(source === undefined ? {} : { index: source }),
        path: `${category}.${name}`,
      };
    });
}

function same(left: string, right: string): boolean {
  return left.replace(/\/$/, "") === right.replace(/\/$/, "");
}

function severalVersions(name: string): ThothError {
  return new ThothError(
    "invalid-lock",
    `${quote(name)} has several versions for different machines, and a Pipfile.lock holds one of each package`,
    { hint: "Convert to requirements or pylock, or lock for one platform.", details: { package: name } },
  );
}
