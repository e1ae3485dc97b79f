// Repositories on GitLab and the notes of their releases: https://docs.gitlab.com/api/projects/ and
// https://docs.gitlab.com/api/releases/.

import type { Change, RepositoryFact } from "@thoth/knowledge";
import { type Asker, bodyOf } from "../jobs/asker.ts";
import type { Answer, ItemContext, Recollection, Source } from "../jobs/source.ts";
import {
  type ForgeRelease,
  fetchReleases,
  itemsOf,
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

const LIMIT = 4 * 1024 * 1024;
const LONGEST_NOTE = 4000;
const PUBLIC = "gitlab.com";
/** https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/ */
const refusesFor = refusalOf({ remaining: "ratelimit-remaining", reset: "ratelimit-reset" });
const MANNER = { accept: "application/json", refusesFor } as const;

/** `base`: `https://gitlab.com/api/v4/`, or that of another server, whose repositories are asked for then too. */
export function gitlabSource(base: string, wanted: WantedProjects): Source<RepositoryItem> {
  const { source: place } = saidBy(base, 0);
  const own = new URL(place).host;
  return {
    name: "gitlab",
    place,
    items: async ({ graph }) =>
      itemsOf(await wantedRepositories(graph, wanted), ({ host }) => host === own || host === PUBLIC),
    ask: askRepository,
  };
}

async function askRepository({ repository }: RepositoryItem, context: ItemContext): Promise<Answer> {
  const { asker, known, graph, now } = context;
  const url = new URL(`projects/${encodeURIComponent(repository.path)}`, asker.base).href;
  const subject = `the repository \`${repository.path}\``;
  const answer = await asker.ask({ ...MANNER, url, subject, limit: LIMIT, known: validatorsIn(known) });
  if (isAbsent(answer)) return { kind: "absent", known: {} };
  const changes: Change[] = [];
  let told: Recollection = known;
  if (!isUnchanged(answer, known)) {
    const own = parseGitlabProject(bodyOf(answer, subject));
    const body = { ...own, ...(await lastCommit(asker, url)) };
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
  if (changes.length === 0 && pages === undefined) return { kind: "unchanged", known };
  const releases = pages === undefined ? {} : remember(pages.first, "releases-");
  return { kind: "told", changes, known: mergeKnown(known, told, releases) };
}

/** Throws `index-response-invalid`. */
export function parseGitlabProject(body: Uint8Array): RepositoryFact {
  const project = Reading.parse(body, "the repository");
  return {
    url: project.get("web_url").address(),
    archived: project.maybe("archived")?.flag() ?? false,
    fork: project.maybe("forked_from_project") !== undefined,
    stars: project.get("star_count").count(),
    forks: project.maybe("forks_count")?.count() ?? 0,
  };
}

/** GitLab's own time of the last activity counts comments too. */
async function lastCommit(asker: Asker, project: string): Promise<{ lastCommit?: number }> {
  const subject = "the commits";
  const url = `${project}/repository/commits?per_page=1`;
  const answer = await asker.ask({ ...MANNER, url, subject, limit: LIMIT });
  // Of a repository that is empty, or shown to nobody.
  if (isAbsent(answer)) return {};
  const [newest] = Reading.parse(bodyOf(answer, subject), subject).list(1);
  return newest === undefined ? {} : { lastCommit: newest.get("committed_date").time() };
}

function readRelease(release: Reading): ForgeRelease | undefined {
  if (release.maybe("upcoming_release")?.flag() === true) return undefined;
  const published = release.maybe("released_at")?.time();
  return {
    tag: release.get("tag_name").text(),
    url: release.get("_links").get("self").address(),
    title: release.maybe("name")?.text() ?? "",
    text: release.maybe("description")?.text(LONGEST_NOTE) ?? "",
    ...(published === undefined ? {} : { published }),
  };
}
