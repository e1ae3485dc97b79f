// What public sources say of a few made-up projects, each in its own protocol, from one server on loopback: an index with
// serials and attestations, GitHub, GitLab, scorecards, downloads, EPSS, KEV, and a registry of container images.

import type { IncomingMessage } from "node:http";
import { gzipSync } from "node:zlib";
import { ImageRegistry, type WorldImage } from "./image-registry.ts";
import { sha256 } from "./offer.ts";
import { answerRange } from "./range-answer.ts";
import { buildSdist } from "./sdist.ts";
import { startWeb, type WebPage, type WebServer } from "./web-server.ts";
import { type Artifact, buildWheel, type WheelOptions } from "./wheel.ts";

export interface WorldProject {
  readonly name: string;
  /** Grows with each change. */
  readonly serial: number;
  /** Versions, oldest first. */
  readonly versions: readonly string[];
  /** Of these, withdrawn. */
  readonly yanked?: readonly string[];
  readonly status?: { readonly status: string; readonly reason?: string };
  /** Such as `https://github.com/org/name`; of which nothing is told where it is absent. */
  readonly repository?: string;
  readonly stars?: number;
  readonly archived?: boolean;
  readonly downloads?: number;
  /** 0 to 10. */
  readonly score?: number;
  /** Bytes of its files, as the index says. */
  readonly size?: number;
  /** Time of all uploads. */
  readonly uploaded?: string;
  /** Of its wheels; default `py3-none-any`. */
  readonly tag?: string;
  /** Its files are source distributions that hold this beside their metadata. */
  readonly sources?: Readonly<Record<string, string>>;
  /** What its wheels hold; default a module. */
  readonly files?: WheelOptions["files"];
}

export interface WorldFlaw {
  readonly cve: string;
  readonly probability: number;
  /** Day when it was listed as used. */
  readonly known?: string;
}

export interface SourceWorld extends WebServer {
  /** Variables that name all sources. */
  readonly variables: Readonly<Record<string, string>>;
  readonly projects: Map<string, WorldProject>;
  readonly flaws: WorldFlaw[];
  /** By `repository:tag`. */
  readonly images: Map<string, WorldImage>;
  /** Tokens that GitHub and GitLab were given. */
  readonly tokens: string[];
}

export interface WorldOptions {
  readonly flaws?: readonly WorldFlaw[];
  readonly images?: readonly WorldImage[];
  /** Milliseconds before each answer. */
  readonly latencyMs?: number;
}

export async function startSourceWorld(
  projects: readonly WorldProject[],
  { flaws = [], images = [], latencyMs = 0 }: WorldOptions = {},
): Promise<SourceWorld> {
  const world = new World(projects, flaws);
  const registry = new ImageRegistry(images);
  const server = await startWeb({
    latencyMs,
    answer: (url, headers) => {
      if (url.pathname === "/token") return registry.token(url);
      if (url.pathname.startsWith("/v2/")) return registry.answer(url.pathname.slice(4), url, headers);
      if (headers.authorization !== undefined) world.tokens.push(headers.authorization);
      return world.answer(url, headers);
    },
  });
  const { origin } = server;
  return {
    ...server,
    projects: world.projects,
    flaws: world.flaws,
    images: registry.images,
    tokens: world.tokens,
    variables: {
      THOTH_SOURCE_INDEX: `${origin}/simple/`,
      THOTH_SOURCE_ATTESTATIONS: `${origin}/simple/`,
      THOTH_SOURCE_CONTENTS: `${origin}/simple/`,
      THOTH_SOURCE_GITHUB: `${origin}/github/`,
      THOTH_SOURCE_GITLAB: `${origin}/gitlab/`,
      THOTH_SOURCE_SCORECARDS: `${origin}/scorecards/`,
      THOTH_SOURCE_DOWNLOADS: `${origin}/downloads.json`,
      THOTH_SOURCE_EPSS: `${origin}/epss.csv.gz`,
      THOTH_SOURCE_KEV: `${origin}/kev.json`,
      THOTH_SOURCE_IMAGES: images
        .map(({ repository, tag }) => `${new URL(origin).host}/${repository}:${tag}`)
        .join(","),
    },
  };
}

class World {
  readonly projects: Map<string, WorldProject>;
  readonly flaws: WorldFlaw[];
  readonly tokens: string[] = [];
  readonly #files = new Map<string, Artifact>();

  constructor(projects: readonly WorldProject[], flaws: readonly WorldFlaw[]) {
    this.projects = new Map(projects.map((project) => [project.name, project]));
    this.flaws = [...flaws];
  }

  answer(url: URL, headers: IncomingMessage["headers"]): WebPage | undefined {
    const [, first = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
    const [second = ""] = rest;
    switch (first) {
      case "simple":
        return second === "" ? this.#list() : this.#page(second, url.origin);
      case "files":
        return this.#file(second, headers);
      case "integrity":
        return this.#attestation(second);
      case "github":
        return this.#github(rest.slice(1, 3).join("/"), rest[3], url);
      case "gitlab":
        return this.#gitlab(rest[1] ?? "", rest.slice(2).join("/"));
      case "scorecards":
        return this.#scorecard(rest.slice(1).join("/"));
      default:
        return this.#document(first);
    }
  }

  #document(name: string): WebPage | undefined {
    if (name === "downloads.json") return this.#downloads();
    if (name === "epss.csv.gz") return this.#epss();
    return name === "kev.json" ? this.#kev() : undefined;
  }

  #list(): WebPage {
    const projects = [...this.projects.values()].map(({ name, serial }) => ({
      name,
      "_last-serial": serial,
    }));
    const meta = {
      "api-version": "1.4",
      "_last-serial": Math.max(...projects.map((one) => one["_last-serial"])),
    };
    return { headers: { "Content-Type": JSON_PAGE }, body: { meta, projects } };
  }

  #page(name: string, origin: string): WebPage | undefined {
    const project = this.projects.get(name);
    if (project === undefined) return undefined;
    const { serial, versions, yanked = [], status, size = 4096, uploaded = "2024-01-02T03:04:05Z" } = project;
    const files = versions.map((version) => {
      const { filename, bytes } = this.#made(project, version);
      return {
        filename,
        url: `${origin}/files/${filename}`,
        hashes: { sha256: sha256(bytes) },
        size,
        "upload-time": uploaded,
        yanked: yanked.includes(version) ? "it is broken" : false,
        "core-metadata": true,
        provenance: `${origin}/integrity/${filename}`,
      };
    });
    const meta = { "api-version": "1.4", "_last-serial": serial };
    const body = {
      meta,
      name,
      versions,
      files,
      ...(status === undefined ? {} : { "project-status": status }),
    };
    return { headers: { "Content-Type": JSON_PAGE, "X-PyPI-Last-Serial": String(serial) }, body };
  }

  #file(path: string, headers: IncomingMessage["headers"]): WebPage | undefined {
    const filename = path.replace(/\.metadata$/, "");
    const project = this.#ofFile(filename);
    if (project === undefined) return undefined;
    const made = this.#made(project, versionOf(filename));
    if (path !== filename) return { body: made.metadata };
    const whole = { status: 200, headers: {}, body: made.bytes };
    return answerRange(whole, { headers } as IncomingMessage, "honoured");
  }

  #made(project: WorldProject, version: string): Artifact {
    const { name, repository, tag, files, sources } = project;
    const key = JSON.stringify([name, version, repository, tag, files, sources]);
    const lines = [
      "Metadata-Version: 2.4",
      `Name: ${name}`,
      `Version: ${version}`,
      `Author-email: Ann of ${name} <ann@${name}.test>, "Bob, too" <bob@${name}.test>`,
      "Classifier: Programming Language :: Python :: 3",
      ...(repository === undefined ? [] : [`Project-URL: Source, ${repository}`]),
      "",
      "",
    ];
    const metadataText = lines.join("\n");
    const made =
      this.#files.get(key) ??
      (sources === undefined
        ? buildWheel({
            name,
            version,
            metadataText,
            ...(tag === undefined ? {} : { tag }),
            ...(files === undefined ? {} : { files }),
          })
        : buildSdist({ name, version, metadataText, files: sources }));
    this.#files.set(key, made);
    return made;
  }

  #attestation(filename: string): WebPage | undefined {
    const project = this.#ofFile(filename);
    if (project === undefined) return undefined;
    const { bytes } = this.#made(project, versionOf(filename));
    const statement = {
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: filename, digest: { sha256: sha256(bytes) } }],
      predicateType: "https://docs.pypi.org/attestations/publish/v1",
      predicate: null,
    };
    const envelope = {
      statement: Buffer.from(JSON.stringify(statement)).toString("base64"),
      signature: "MEUCIQ==",
    };
    const publisher = {
      kind: "GitHub",
      repository: `org/${project.name}`,
      workflow: "release.yml",
      environment: null,
    };
    const attestations = [
      { version: 1, envelope, verification_material: { certificate: "MIIC", transparency_entries: [] } },
    ];
    return { body: { version: 1, attestation_bundles: [{ publisher, attestations }] } };
  }

  #github(path: string, what: string | undefined, url: URL): WebPage | undefined {
    const project = this.#ofRepository(`https://github.com/${path}`);
    if (project === undefined) return undefined;
    if (what === "contributors") return { headers: { Link: lastPage(url, 7) }, body: [{ login: "ann" }] };
    if (what === "releases") return this.#githubReleases(project, url);
    const { name, stars = 10, archived = false } = project;
    return {
      body: {
        full_name: path,
        html_url: `https://github.com/${path}`,
        description: `sources of ${name}`,
        archived,
        fork: false,
        stargazers_count: stars,
        watchers_count: stars,
        forks_count: 2,
        subscribers_count: 3,
        pushed_at: "2024-05-06T07:08:09Z",
      },
    };
  }

  /** Two on each page, whatever is asked for. */
  #githubReleases({ name, versions }: WorldProject, url: URL): WebPage {
    const newestFirst = [...versions].reverse();
    const page = Number(url.searchParams.get("page") ?? 1);
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    const headers = page * 2 < versions.length ? { Link: `<${next.href}>; rel="next"` } : undefined;
    const body = newestFirst.slice(page * 2 - 2, page * 2).map((version) => ({
      tag_name: `v${version}`,
      html_url: `https://github.com/org/${name}/releases/tag/v${version}`,
      name: `${name} ${version}`,
      body: `What is new in ${version}`,
      draft: false,
      prerelease: false,
      published_at: "2024-01-02T03:04:05Z",
    }));
    return { ...(headers === undefined ? {} : { headers }), body };
  }

  #gitlab(path: string, what: string): WebPage | undefined {
    const project = this.#ofRepository(`https://gitlab.com/${path}`);
    if (project === undefined) return undefined;
    const { name, stars = 10, archived = false, versions } = project;
    if (what === "repository/commits")
      return { body: [{ id: "0", committed_date: "2024-05-06T07:08:09.000+02:00" }] };
    if (what === "releases")
      return {
        body: versions.map((version) => ({
          tag_name: `${name}-${version}`,
          name: version,
          description: `What is new in ${version}`,
          released_at: "2024-01-02T03:04:05.000Z",
          upcoming_release: false,
          _links: { self: `https://gitlab.com/${path}/-/releases/${name}-${version}` },
        })),
      };
    return { body: { web_url: `https://gitlab.com/${path}`, archived, star_count: stars, forks_count: 1 } };
  }

  #scorecard(path: string): WebPage | undefined {
    const project = this.#ofRepository(`https://${path}`);
    if (project?.score === undefined) return undefined;
    const { score } = project;
    return {
      body: {
        date: "2024-06-03",
        repo: { name: path, commit: "0" },
        scorecard: { version: "v5.0.0", commit: "0" },
        score,
        checks: [
          {
            name: "Maintained",
            score: score >= 5 ? 10 : 0,
            reason: "commits of the last 90 days",
            details: null,
          },
          { name: "Signed-Releases", score: -1, reason: "no releases found", details: null },
        ],
      },
    };
  }

  #downloads(): WebPage {
    const rows = [...this.projects.values()]
      .filter(({ downloads }) => downloads !== undefined)
      .map(({ name, downloads }) => ({ download_count: downloads, project: name }));
    return { body: { last_update: "2024-06-01 08:00:00", query: { bytes_billed: 0 }, rows } };
  }

  #epss(): WebPage {
    const lines = [
      "#model_version:v2025.03.14,score_date:2024-06-03T00:00:00+0000",
      "cve,epss,percentile",
      ...this.flaws.map(({ cve, probability }) => `${cve},${probability.toFixed(5)},0.50000`),
      "",
    ];
    return { headers: { "Content-Type": "application/gzip" }, body: gzipSync(lines.join("\n")) };
  }

  #kev(): WebPage {
    const vulnerabilities = this.flaws.flatMap(({ cve, known }) =>
      known === undefined
        ? []
        : [{ cveID: cve, vendorProject: "Some", dateAdded: known, knownRansomwareCampaignUse: "Unknown" }],
    );
    const catalogVersion = "2024.06.03";
    return { body: { title: "KEV", catalogVersion, count: vulnerabilities.length, vulnerabilities } };
  }

  #ofFile(filename: string): WorldProject | undefined {
    const [name = ""] = filename.split("-");
    const project = this.projects.get(name.replaceAll("_", "-"));
    return project?.versions.includes(versionOf(filename)) === true ? project : undefined;
  }

  #ofRepository(url: string): WorldProject | undefined {
    return [...this.projects.values()].find(
      ({ repository }) => repository?.toLowerCase() === url.toLowerCase(),
    );
  }
}

const JSON_PAGE = "application/vnd.pypi.simple.v1+json";

function versionOf(filename: string): string {
  return (filename.split("-")[1] ?? "").replace(/\.tar\.gz$/, "");
}

function lastPage(url: URL, page: number): string {
  const last = new URL(url);
  last.searchParams.set("page", String(page));
  return `<${last.href}>; rel="last"`;
}
