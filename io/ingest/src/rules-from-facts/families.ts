// The rules that facts about a project make, a family for each thing that somebody who chooses the package may want to know.
// They annotate; none of them changes what is chosen. What is old is measured from a moment that is passed in, and no text
// tells that moment, so that the same facts make the same text until a bound is crossed.

import type { ProjectKnowledge } from "./project-knowledge.ts";

/** What a unit says, and of which release. */
export interface Saying {
  readonly type: "INFO" | "WARNING";
  readonly message: string;
  readonly link: string;
}

export interface FactRule {
  /** In camel case; with the project's name it names the unit. */
  readonly family: string;
  /** Such as `==1.0`; of every release where it is absent. */
  readonly version?: string;
  readonly says?: readonly Saying[];
  /** Of `wrap.GHReleaseNotes`. */
  readonly notes?: { readonly organization: string; readonly repository: string; readonly prefix: string };
}

export interface Moment {
  /** Seconds since 1970. */
  readonly now: number;
}

type Family = (project: ProjectKnowledge, moment: Moment) => FactRule | undefined;

const DAY = 24 * 3600;
const MIB = 1024 * 1024;

/** In the order of the families. */
export function rulesOf(project: ProjectKnowledge, moment: Moment): readonly FactRule[] {
  return FAMILIES.flatMap((family) => family(project, moment) ?? []);
}

function rule(family: string, ...says: readonly Saying[]): FactRule | undefined {
  return says.length === 0 ? undefined : { family, says };
}

function info(message: string, link: string): Saying {
  return { type: "INFO", message, link };
}

function warning(message: string, link: string): Saying {
  return { type: "WARNING", message, link };
}

function pageOf(name: string): string {
  return `https://pypi.org/project/${name}/`;
}

/** What was told of other servers' addresses stands in links only where a browser may be sent there. */
function safeLink(url: string | undefined, name: string): string {
  const parsed = url === undefined || /\s/.test(url) ? null : URL.parse(url);
  return parsed?.protocol === "https:" || parsed?.protocol === "http:" ? parsed.href : pageOf(name);
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** Of the sum of stars, forks and watchers. */
const LEVELS: readonly (readonly [below: number, words: string])[] = [
  [20, "hardly any followers"],
  [100, "a few followers"],
  [1000, "many followers"],
  [Number.POSITIVE_INFINITY, "very many followers"],
];

const FAMILIES: readonly Family[] = [
  function source({ name, health }) {
    const url = health?.repository;
    if (url === undefined) return undefined;
    return rule("Source", info(`the source of ${name} is kept on ${new URL(url).host}`, safeLink(url, name)));
  },

  function status({ name, health }) {
    if (health === undefined || health.status === "active") return undefined;
    const why = health.reason === undefined ? "" : `: ${plain(health.reason)}`;
    const message = {
      archived: `${name} is archived on its index, and gets no more releases${why}`,
      deprecated: `${name} is marked as obsolete on its index${why}`,
      quarantined: `${name} is withheld by its index as possibly harmful${why}`,
    }[health.status];
    return rule("Status", warning(message, pageOf(name)));
  },

  function archived({ name, repository }) {
    if (repository?.archived !== true) return undefined;
    return rule(
      "Archived",
      warning(`the repository of ${name} is archived: nobody works on it`, safeLink(repository.url, name)),
    );
  },

  function fork({ name, repository }) {
    if (repository?.fork !== true) return undefined;
    return rule(
      "Fork",
      warning(`the repository of ${name} is a fork of another one`, safeLink(repository.url, name)),
    );
  },

  function popularity({ name, repository }) {
    if (repository === undefined) return undefined;
    const { stars, forks, watchers = 0, url } = repository;
    const followers = stars + forks + watchers;
    const words = LEVELS.find(([below]) => followers < below)?.[1] ?? "";
    const say = followers < 20 ? warning : info;
    return rule("Popularity", say(`the repository of ${name} has ${words}`, safeLink(url, name)));
  },

  function contributors({ name, repository }) {
    const count = repository?.contributors;
    if (count === undefined || count >= 5) return undefined;
    const people = count === 1 ? "1 person" : `${count} people`;
    return rule(
      "Contributors",
      warning(`no more than ${people} contributed to ${name}`, safeLink(repository?.url, name)),
    );
  },

  function lastCommit({ name, repository }, { now }) {
    const last = repository?.lastCommit;
    if (last === undefined || last > now - 365 * DAY) return undefined;
    return rule(
      "LastCommit",
      warning(
        `nobody has changed the source of ${name} since ${dayOf(last)}`,
        safeLink(repository?.url, name),
      ),
    );
  },

  function lastRelease({ name, health }, { now }) {
    const last = health?.lastUpload;
    if (last === undefined || last > now - 180 * DAY) return undefined;
    return rule("LastRelease", warning(`the last release of ${name} is of ${dayOf(last)}`, pageOf(name)));
  },

  function yanks({ name, health }) {
    if (health === undefined || health.yanked === 0) return undefined;
    const { yanked, releases } = health;
    const say = yanked * 4 > releases ? warning : info;
    const were = yanked === 1 ? "1 was" : `${yanked} were`;
    return rule(
      "Yanks",
      say(`of the ${releases} releases of ${name} ${were} withdrawn by those who made them`, pageOf(name)),
    );
  },

  function vulnerabilities({ name, flaws }) {
    if (flaws < 3) return undefined;
    const link = `https://osv.dev/list?ecosystem=PyPI&q=${name}`;
    return rule(
      "Vulnerabilities",
      warning(`releases of ${name} have had ${flaws} known vulnerabilities`, link),
    );
  },

  function artifactSize({ name, health }) {
    const { largestFile: size, newest } = health ?? {};
    if (size === undefined || newest === undefined || size < 3 * MIB) return undefined;
    const told = `files of ${name} ${newest} have up to ${(size / MIB).toFixed(1)} MiB`;
    const says = [info(told, `${pageOf(name)}${newest}/#files`)];
    return { family: "ArtifactSize", version: `==${newest}`, says };
  },

  function downloads({ name, downloads: told }) {
    if (told === undefined) return undefined;
    const { total, days, rank } = told;
    const place = rank === undefined ? "" : `, which is place ${rank} of all projects`;
    return rule(
      "Downloads",
      info(
        `${name} was downloaded ${total} times within ${days} days${place}`,
        `https://pypistats.org/packages/${name}`,
      ),
    );
  },

  function scorecards({ name, scorecard }) {
    if (scorecard === undefined) return undefined;
    const link = `https://scorecard.dev/viewer/?uri=${encodeURIComponent(scorecard.repository)}`;
    const says = scorecard.checks.flatMap(({ name: check, score, reason }) => {
      // In between nothing is remarkable, and below zero nothing is known.
      if (score < 0 || (score >= 5 && score < 9)) return [];
      const why = reason === "" ? "" : `: ${plain(reason)}`;
      const say = score < 5 ? warning : info;
      return [say(`the scorecard of ${name} has ${score} of 10 points for ${plain(check)}${why}`, link)];
    });
    if (scorecard.score >= 0)
      says.unshift(info(`the scorecard of ${name} has ${scorecard.score} of 10 points in all`, link));
    return rule("Scorecards", ...says);
  },

  function releaseNotes({ notes }) {
    const place = noteplace(notes);
    return place === undefined ? undefined : { family: "ReleaseNotes", notes: place };
  },
];

/** Text of others in one line, without anything that moves a cursor or turns text around. */
function plain(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
    .slice(0, 300)
    .toWellFormed();
}

/** Where the notes of most releases lie, if on GitHub and with one form of tag. */
function noteplace(notes: ProjectKnowledge["notes"]): FactRule["notes"] {
  const counts = new Map<string, number>();
  for (const [version, { tag, url }] of notes) {
    const [, organization, repository] =
      /^https:\/\/github\.com\/([\w.-]+)\/([\w.-]+)\/releases\/tag\//.exec(url) ?? [];
    if (organization === undefined || repository === undefined || !tag.endsWith(version)) continue;
    const prefix = tag.slice(0, tag.length - version.length);
    if (/[\s?#]/.test(prefix)) continue;
    const form = JSON.stringify([organization, repository, prefix]);
    counts.set(form, (counts.get(form) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  if (best === undefined || best[1] * 5 < notes.size * 4) return undefined;
  const [organization, repository, prefix] = JSON.parse(best[0]) as [string, string, string];
  return { organization, repository, prefix };
}
