// Repositories on GitHub and the notes of their releases: https://docs.github.com/en/rest/repos/repos and
// https://docs.github.com/en/rest/releases/releases. A question whose answer has not changed costs nothing of what GitHub
// allows, so all are asked with the validators of the last answer.

import type { Change, RepositoryFact } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import { type Asker, bodyOf } from "../jobs/asker.ts";
import type { Answer, ItemContext, Recollection, Source } from "../jobs/source.ts";
import {
  type ForgeRelease,
  fetchReleases,
  itemsOf,
  linkOf,
  mergeKnown,
  noteChanges,
  PER_PAGE,
  type RepositoryItem,
  refusalOf,
} from "./forge.ts";
import { saidBy } from "./provenance.ts";
import { Reading } from "./reading.ts";
import { isAbsent, isUnchanged, remember, validatorsIn } from "./validators.ts";
import { type WantedProjects, wantedRepositories } from "./wanted-projects.ts";

const ACCEPT = "application/vnd.github+json";
const HEADERS = { "x-github-api-version": "2022-11-28" };
const LIMIT = 4 * 1024 * 1024;
const LONGEST_NOTE = 4000;
/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const refusesFor = refusalOf({ remaining: "x-ratelimit-remaining", reset: "x-ratelimit-reset" });
const MANNER = { accept: ACCEPT, headers: HEADERS, refusesFor } as const;

/** `base`: `https://api.github.com/`. */
export function githubSource(base: string, wanted: WantedProjects): Source<RepositoryItem> {
  return {
    name: "github",
    place: saidBy(base, 0).source,
    items: async ({ graph }) =>
      itemsOf(await wantedRepositories(graph, wanted), ({ host }) => host === "github.com"),
    ask: askRepository,
  };
}

async function askRepository({ repository }: RepositoryItem, context: ItemContext): Promise<Answer> {
  const { asker, known, graph, now } = context;
  const url = new URL(`repos/${repository.path}`, asker.base).href;
  const subject = `the repository \`${repository.path}\``;
  const answer = await asker.ask({ ...MANNER, url, subject, limit: LIMIT, known: validatorsIn(known) });
  if (isAbsent(answer)) return { kind: "absent", known: {} };
  const changes: Change[] = [];
  let told: Recollection = known;
  if (!isUnchanged(answer, known)) {
    const contributors = await countContributors(asker, url);
    const body = { ...parseRepository(bodyOf(answer, subject)), ...contributors };
    const provenance = saidBy(answer.url, now);
    for (const owner of repository.projects)
      changes.push({ put: { owner, kind: "repository", subject: "", body, provenance } });
    told = remember(answer);
  }
  const pages = await fetchReleases(asker, {
    ...MANNER,
    url: `${url}/releases?per_page=${PER_PAGE}`,
    subject: `the releases of \`${repository.path}\``,
    known: validatorsIn(known, "releases-"),
    read: readRelease,
  });
  if (pages !== undefined) {
    const provenance = saidBy(pages.first.url, now);
    changes.push(...(await noteChanges(repository, pages, { graph, provenance })));
  }
  const releases = pages === undefined ? releasesPart(known) : remember(pages.first, "releases-");
  if (changes.length === 0 && pages === undefined) return { kind: "unchanged", known };
  return { kind: "told", changes, known: mergeKnown(told, releases) };
}

function releasesPart(known: Recollection): Recollection {
  return Object.fromEntries(Object.entries(known).filter(([name]) => name.startsWith("releases-")));
}

/** Throws `index-response-invalid`. */
export function parseRepository(body: Uint8Array): RepositoryFact {
  const repository = Reading.parse(body, "the repository");
  // What is called watchers there are the stars once more.
  const watchers = repository.maybe("subscribers_count")?.count();
  const pushed = repository.maybe("pushed_at")?.time();
  return {
    url: repository.get("html_url").address(),
    archived: repository.get("archived").flag(),
    fork: repository.get("fork").flag(),
    stars: repository.get("stargazers_count").count(),
    forks: repository.get("forks_count").count(),
    ...(watchers === undefined ? {} : { watchers }),
    ...(pushed === undefined ? {} : { lastCommit: pushed }),
  };
}

/** One on each page: how many pages there are tells how many contributors. */
async function countContributors(asker: Asker, repository: string): Promise<{ contributors?: number }> {
  const subject = "the contributors";
  const url = `${repository}/contributors?per_page=1&anon=true`;
  try {
    const answer = await asker.ask({ ...MANNER, url, subject, limit: LIMIT });
    if (answer.body === undefined || isAbsent(answer)) return {};
    if (answer.body.length === 0) return { contributors: 0 };
    const last = URL.parse(linkOf(answer.headers, "last") ?? "", answer.url)?.searchParams.get("page") ?? "";
    if (/^\d{1,9}$/.test(last)) return { contributors: Number(last) };
    return { contributors: Reading.parse(answer.body, subject).list(1).length };
  } catch (error) {
    // Of a repository with very many GitHub refuses to count them.
    if (error instanceof ThothError && error.code === "unauthorized") return {};
    throw error;
  }
}

function readRelease(release: Reading): ForgeRelease | undefined {
  if (release.get("draft").flag()) return undefined;
  const published = release.maybe("published_at")?.time();
  return {
    tag: release.get("tag_name").text(),
    url: release.get("html_url").address(),
    title: release.maybe("name")?.text() ?? "",
    text: release.maybe("body")?.text(LONGEST_NOTE) ?? "",
    ...(published === undefined ? {} : { published }),
  };
}
