// All sources that jobs can ask: what they are called, whom they ask where nobody says otherwise, and how often.

import type { Source, SourceItem } from "../jobs/source.ts";
import { attestationsSource } from "./attestations-source.ts";
import { contentsSource } from "./contents-source.ts";
import { downloadsSource } from "./downloads.ts";
import { epssSource, kevSource, type WantedFlaws } from "./exploitation.ts";
import type { WheelTarget } from "./fitting-file.ts";
import { githubSource } from "./github-source.ts";
import { gitlabSource } from "./gitlab-source.ts";
import { imagesSource } from "./images-source.ts";
import { indexSource } from "./index-source.ts";
import { scorecardsSource } from "./scorecards-source.ts";
import type { WantedProjects } from "./wanted-projects.ts";

export interface Wanted {
  readonly projects: WantedProjects;
  readonly flaws: WantedFlaws;
  /** What wheels must fit; asked for where wheels are. */
  readonly target: () => Promise<WheelTarget>;
  /** Names of images. */
  readonly images: readonly string[];
}

export interface SourceEntry {
  readonly name: SourceName;
  /** One that is a document ends in its name, others in a slash. */
  readonly place: string;
  /** Seconds for which an answer is fresh. */
  readonly every: number;
  /** What it tells of. */
  readonly about: "packages" | "flaws" | "images";
  /** `place` as above, without credentials. */
  open(place: string, wanted: Wanted): Source<SourceItem>;
}

export type SourceName =
  | "index"
  | "epss"
  | "kev"
  | "downloads"
  | "github"
  | "gitlab"
  | "scorecards"
  | "attestations"
  | "contents"
  | "images";

const DAY = 24 * 3600;
const PYPI = "https://pypi.org/simple/";

/** In the order in which they are asked: some ask for what others have told. */
export const SOURCES: readonly SourceEntry[] = [
  entry("index", PYPI, DAY, (place, { projects }) => indexSource(place, projects)),
  entry("attestations", PYPI, 7 * DAY, (place, { projects }) => attestationsSource(place, projects)),
  entry("contents", PYPI, 7 * DAY, contentsSource),
  entry("github", "https://api.github.com/", 7 * DAY, (place, { projects }) => githubSource(place, projects)),
  entry("gitlab", "https://gitlab.com/api/v4/", 7 * DAY, (place, { projects }) =>
    gitlabSource(place, projects),
  ),
  entry("scorecards", "https://api.securityscorecards.dev/", 7 * DAY, (place, { projects }) =>
    scorecardsSource(place, projects),
  ),
  entry(
    "downloads",
    "https://hugovk.github.io/top-pypi-packages/top-pypi-packages.min.json",
    7 * DAY,
    (place, { projects }) => downloadsSource(place, projects),
  ),
  entry("epss", "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz", DAY, (place, { flaws }) =>
    epssSource(place, flaws),
  ),
  entry(
    "kev",
    "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
    DAY,
    (place, { flaws }) => kevSource(place, flaws),
  ),
  // Each image names its registry itself.
  entry("images", "https://registry-1.docker.io/v2/", 7 * DAY, (_, { images }) => imagesSource(images)),
];

function entry<Item extends SourceItem>(
  name: SourceName,
  place: string,
  every: number,
  open: (place: string, wanted: Wanted) => Source<Item>,
): SourceEntry {
  // Whatever a job asks for, it has from the source's own list.
  const about = name === "images" ? "images" : name === "epss" || name === "kev" ? "flaws" : "packages";
  return {
    name,
    place,
    every,
    about,
    open: (at, wanted) => open(at, wanted) as unknown as Source<SourceItem>,
  };
}
