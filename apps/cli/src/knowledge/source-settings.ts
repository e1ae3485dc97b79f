// Which sources a refresh asks, where each of them is, and how often it is asked.

import type { Secret } from "@thoth/index";
import { SOURCES, type SourceEntry, type SourceName } from "@thoth/ingest";
import { quote, ThothError } from "@thoth/pep";
import { type Invocation, textOption } from "../frame/command.ts";
import { given } from "../settings/directories.ts";
import { readIndexSettings } from "../settings/resolution-settings.ts";

type Variables = Invocation["environment"];

export const ADVISORIES = "advisories";

/** Names images, not a place: they say themselves where they are. */
export const IMAGES = "THOTH_SOURCE_IMAGES";

export interface RefreshWish {
  /** Advisories too, from the places if there are any. */
  readonly advisories: boolean;
  readonly places: readonly string[];
  readonly sources: readonly SourceEntry[];
  /** By words, not by variables. */
  readonly isNamed: boolean;
}

/**
 * What words after `refresh` ask for: names of sources, `all`, or where advisories are. No word: advisories, and the sources
 * that variables configure. Throws `usage`.
 */
export function readRefreshWish(words: readonly string[], variables: Variables): RefreshWish {
  const places = words.filter((word) => /[:/.\\]/.test(word));
  const names = words.filter((word) => !places.includes(word));
  const known: readonly string[] = [ADVISORIES, "all", ...SOURCES.map(({ name }) => name)];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ThothError("usage", `${quote(unknown)} is no source`, {
      hint: `There are ${known.map((name) => quote(name)).join(", ")}; advisories may come from the URL of an archive too.`,
    });
  const all = names.includes("all");
  const silent = words.length === 0;
  return {
    advisories: silent || all || places.length > 0 || names.includes(ADVISORIES),
    places,
    isNamed: !silent,
    sources: SOURCES.filter(
      ({ name }) =>
        all || names.includes(name) || (silent && given(variables, variableOf(name)) !== undefined),
    ),
  };
}

function variableOf(name: SourceName): string {
  return `THOTH_SOURCE_${name.toUpperCase()}`;
}

/**
 * A variable that says `yes` configures the source as it is. Packages are asked about where they come from: at the index
 * that this machine uses, and so no name is told to another. May hold credentials. Throws `usage`.
 */
export function placeOf({ name, place }: SourceEntry, { environment, options }: Asked): string {
  const own = variableOf(name) === IMAGES ? undefined : given(environment, variableOf(name));
  const isNamed = own !== undefined && !/^(?:1|yes|on|true)$/i.test(own);
  const found = isNamed ? own : isIndex(name) ? ownIndexes({ environment, options })[0] : place;
  if (found === undefined) throw noPlace(name, "this machine uses no index", place);
  const url = URL.parse(found);
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    throw noPlace(name, `${isNamed ? variableOf(name) : "the index"} is no URL of http or https`, place);
  // One that is no document ends in a slash.
  if (place.endsWith("/") && !url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

type Asked = Pick<Invocation, "environment" | "options">;

function isIndex(name: SourceName): boolean {
  return name === "index" || name === "attestations" || name === "contents";
}

function noPlace(name: SourceName, problem: string, place: string): ThothError {
  return new ThothError("usage", `${problem}: ${quote(name)} cannot be asked`, {
    hint: `Set ${variableOf(name)}; its usual value is ${place}.`,
  });
}

/** The indexes of this machine's settings, the one that is asked first at the beginning. */
export function ownIndexes({ environment, options }: Asked): readonly string[] {
  const index = given(environment, "THOTH_INDEX_URL");
  const settings = readIndexSettings(
    { ...options, ...(index === undefined ? {} : { indexUrl: index }) },
    environment,
  );
  return settings.indexUrl === undefined ? [] : [settings.indexUrl];
}

const TOKENS: Readonly<Partial<Record<SourceName, string>>> = {
  github: "THOTH_GITHUB_TOKEN",
  gitlab: "THOTH_GITLAB_TOKEN",
};

/** Throws `usage` for what can be no token, without showing it. */
export async function tokenOf(name: SourceName, variables: Variables): Promise<Secret | undefined> {
  const variable = TOKENS[name];
  const token = variable === undefined ? undefined : given(variables, variable)?.trim();
  if (token === undefined || token === "") return undefined;
  if (!/^[\x21-\x7e]{1,1000}$/.test(token)) throw new ThothError("usage", `${variable} holds no token`);
  const { bearerAuthorization } = await import("@thoth/index");
  return bearerAuthorization(token);
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 24 * 3600],
  ["w", 7 * 24 * 3600],
]);

/** Seconds; of `--every`, else as often as is usual for the source. Throws `usage`. */
export function readEvery(options: Invocation["options"], { every }: SourceEntry): number {
  const text = textOption(options, "every");
  if (text === undefined) return every;
  const [, number = "", unit = "s"] = /^(\d{1,6})([smhdw])?$/.exec(text.trim()) ?? [];
  const seconds = Number(number) * (UNITS.get(unit) ?? Number.NaN);
  if (number === "" || (unit === "s" && !text.trim().endsWith("s") && number !== "0"))
    throw new ThothError("usage", `${quote(text)} is no span of time`, {
      hint: "Write it as 30m, 12h or 7d; 0 asks for everything again.",
    });
  return seconds;
}

/** Seconds between two requests to one host; undefined: as is polite. Throws `usage`. */
export function readPause(variables: Variables): number | undefined {
  const text = given(variables, "THOTH_SOURCE_PAUSE");
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds >= 0 && seconds <= 3600))
    throw new ThothError("usage", `THOTH_SOURCE_PAUSE is ${quote(text)}, which is no time in seconds`);
  return seconds;
}
