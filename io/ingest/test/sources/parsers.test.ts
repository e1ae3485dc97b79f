// The parsers of the sources' answers, on documents in the shape that each protocol has, and on spoilt ones.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parsePackageName, parseProjectPage, ThothError } from "@thoth/pep";
import fc from "fast-check";
import { parseAttestations } from "../../src/sources/attestations-source.ts";
import { parseDownloads } from "../../src/sources/downloads.ts";
import { parseEpss, parseKev } from "../../src/sources/exploitation.ts";
import { linkOf, nextPage, readTag, releasesOf } from "../../src/sources/forge.ts";
import { parseRepository } from "../../src/sources/github-source.ts";
import { parseGitlabProject } from "../../src/sources/gitlab-source.ts";
import { healthOf, newestRelease, parseProjectList } from "../../src/sources/index-source.ts";
import { parseTime } from "../../src/sources/reading.ts";
import { repositoryUrlOf } from "../../src/sources/repository-url.ts";
import { parseScorecard } from "../../src/sources/scorecards-source.ts";

const sample = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)));
const time = (text: string) => Date.parse(text) / 1000;
const all = { wants: () => true };
const attested = {
  filename: "sample_project-1.1.tar.gz",
  hashes: { sha256: "bb6f1a6bbd4b1b0a5c6d0a5a0d6c4f2f7d3f0b3b0e4a1f7c5e2a9d8b7c6e5f4a" },
};

suite("what sources say", () => {
  test("index: serials of all projects", () => {
    assert.deepEqual(
      [...parseProjectList(sample("index/projects.json"), new Set(["sample-project", "without-serial"]))],
      [["sample-project", 31001234]],
    );
  });

  test("index: a page and the metadata of its newest release", () => {
    const page = parseProjectPage(sample("index/page.json").toString(), {
      url: "https://index.example.org/",
    });
    const newest = newestRelease(page);
    assert.equal(newest?.version.text, "1.1");
    assert.deepEqual(healthOf(page, newest, sample("index/METADATA")), {
      status: "deprecated",
      reason: "use another",
      releases: 3,
      yanked: 1,
      firstUpload: time("2020-05-06T07:08:09Z"),
      lastUpload: time("2022-05-06T07:08:09Z"),
      maintainers: ["A. Random Developer", "Developer, A. Random", "Keeper", "other@example.org"],
      classifiers: ["Development Status :: 3 - Alpha", "Programming Language :: Python :: 3"],
      repository: "https://github.com/pypa/sampleproject",
      newest: "1.1",
      largestFile: 9000,
    });
  });

  test("epss", () => {
    const wanted = new Set(["CVE-2023-32681"]);
    const halves = parseEpss(sample("epss/scores.csv"), { wants: (cve) => wanted.has(cve) });
    assert.deepEqual(
      [...halves],
      [["CVE-2023-32681", { epss: { probability: 0.06211, percentile: 0.90345 } }]],
    );
    for (const text of [
      "",
      "cve,epss\nCVE-1-1,0\n",
      "cve,epss,percentile\n",
      "cve,epss,percentile\nCVE-2024-0001,1.5,0.1\n",
      "cve,epss,percentile\nCVE-2024-0001,0.5\n",
      "cve,epss,percentile\nCVE-2024-0001,0.5,0.5,1\n",
      "cve,epss,percentile\nGHSA-1,0.5,0.5\n",
      "#c\n#c\ncve,epss,percentile\nCVE-2024-0001,0.5,0.5\n",
    ])
      assert.throws(() => parseEpss(Buffer.from(text), all), { code: "index-response-invalid" }, text);
  });

  test("kev", () => {
    assert.deepEqual(
      [...parseKev(sample("kev/catalogue.json"), all)],
      [
        ["CVE-2023-32681", { known: { added: time("2024-02-03T00:00:00Z"), ransomware: true } }],
        ["CVE-2024-35195", { known: { added: time("2024-05-20T00:00:00Z"), ransomware: false } }],
      ],
    );
  });

  test("scorecards", () => {
    const { checks, ...card } = parseScorecard(sample("scorecards/card.json"));
    assert.deepEqual(card, {
      repository: "github.com/pypa/sampleproject",
      date: time("2024-06-03T00:00:00Z"),
      score: 5.1,
    });
    assert.deepEqual(
      checks.map(({ name, score }) => [name, score]),
      [
        ["CII-Best-Practices", -1],
        ["Code-Review", 8],
        ["Maintained", 0],
      ],
    );
  });

  test("downloads", () => {
    assert.deepEqual(
      [...parseDownloads(sample("downloads/top.json"))].map(([name, { total, rank }]) => [name, total, rank]),
      [
        ["boto3", 1203054232, 1],
        ["typing-extensions", 603054232, 2],
        ["urllib3", 603054232, 2],
        ["sample", 3, 4],
      ],
    );
  });

  test("github and gitlab", () => {
    assert.deepEqual(parseRepository(sample("github/repository.json")), {
      url: "https://github.com/pypa/sampleproject",
      archived: true,
      fork: true,
      stars: 4800,
      forks: 1700,
      watchers: 150,
      lastCommit: time("2024-05-26T19:06:43Z"),
    });
    assert.deepEqual(parseGitlabProject(sample("gitlab/project.json")), {
      url: "https://gitlab.com/group/subgroup/sample",
      archived: false,
      fork: true,
      stars: 12,
      forks: 4,
    });
  });

  test("attestations, of the file beside which they lie alone", () => {
    const body = sample("attestations/provenance.json");
    assert.deepEqual(parseAttestations(body, attested), {
      filename: attested.filename,
      publishers: [
        { kind: "GitHub", repository: "pypa/sampleproject", workflow: "release.yml" },
        { kind: "GitLab", repository: "group/sample", workflow: ".gitlab-ci.yml" },
        { kind: "Google" },
      ],
      predicates: ["https://docs.pypi.org/attestations/publish/v1", "https://slsa.dev/provenance/v1"],
    });
    const other = { ...attested, hashes: { sha256: "00" } };
    assert.throws(() => parseAttestations(body, other), { code: "index-response-invalid" });
    const later = body.toString().replace('"version": 1', '"version": 2');
    assert.throws(() => parseAttestations(Buffer.from(later), attested), { code: "index-response-invalid" });
  });
});

suite("what sources name", () => {
  test("tags that hold a version", () => {
    const read = (tag: string) => {
      const [{ name, version } = {}] = readTag(tag);
      return version === undefined ? undefined : `${name}|${version}`;
    };
    for (const [tag, wanted] of [
      ["1.0", "|1.0"],
      ["v1.0.0rc1", "|1.0.0rc1"],
      ["V2", "|2"],
      ["release-1.2", "|1.2"],
      ["rel_2_0_1", "|2.0.1"],
      ["langchain-core==0.3.1", "langchain-core|0.3.1"],
      ["Sample_Project-v1.0", "sample-project|1.0"],
      ["sample/v1.0.post1", "sample|1.0.post1"],
      ["project-3-1.0", "project-3|1.0"],
      ["nightly", undefined],
      ["", undefined],
      ["v", undefined],
      ["weekly-2024-01-02x", undefined],
    ] as const)
      assert.equal(read(tag), wanted, tag);
  });

  test("releases of a repository that holds several projects", () => {
    const release = (tag: string) => ({ tag, url: "", title: "", text: "" });
    const tags = (project: string, ...all: string[]) =>
      [...releasesOf(parsePackageName(project), all.map(release))].map(([version, { tag }]) => [
        version,
        tag,
      ]);
    assert.deepEqual(tags("core", "core-1.0", "v2.0", "other-3.0"), [["1.0", "core-1.0"]]);
    assert.deepEqual(tags("rest", "core-1.0", "v2.0", "2.0"), [["2.0", "v2.0"]]);
    assert.deepEqual(tags("rest", "core-1.0"), []);
    assert.deepEqual(tags("project-3", "project-3-1"), [["1", "project-3-1"]]);
  });

  test("the repository of a project", () => {
    const of = (...urls: [string, string][]) => repositoryUrlOf(urls);
    assert.equal(of(["Homepage", "https://github.com/a/b/"]), "https://github.com/a/b");
    assert.equal(
      of(["Homepage", "https://github.com/a/site"], ["Source Code", "http://www.github.com/a/b.git#x"]),
      "https://github.com/a/b",
    );
    assert.equal(of(["Bug Tracker", "https://github.com/a/b/issues"]), "https://github.com/a/b");
    assert.equal(
      of(["code", "https://gitlab.com/group/sub/b/-/tree/main"]),
      "https://gitlab.com/group/sub/b",
    );
    assert.equal(of(["Repository", "https://git.example.org/x/y"]), "https://git.example.org/x/y");
    for (const url of [
      "https://docs.example.org/x/y",
      "https://github.com/sponsors/a",
      "https://github.com/a",
      "https://github.com/a/..",
      "https://github.com/a/%2e%2e",
      "javascript:alert(1)",
      "ssh://git@github.com/a/b",
      "",
    ])
      assert.equal(of(["Home", url]), undefined, url);
  });

  test("the next page, on the same server alone", () => {
    const page = (link: string) =>
      nextPage({ url: "https://api.example.org/x", headers: new Map([["link", link]]) }, "the list");
    const links =
      '<https://api.example.org/x?page=2>; rel="next", <https://api.example.org/x?page=9>; rel="last"';
    assert.equal(page(links), "https://api.example.org/x?page=2");
    assert.equal(linkOf(new Map([["link", links]]), "last"), "https://api.example.org/x?page=9");
    assert.equal(page('</x?page=2>; rel="prev next"'), "https://api.example.org/x?page=2");
    assert.equal(page('<https://api.example.org/x>; rel="last"'), undefined);
    assert.throws(() => page('<https://evil.example.org/x>; rel="next"'), { code: "index-response-invalid" });
    assert.throws(() => page('<file:///etc/passwd>; rel="next"'), { code: "index-response-invalid" });
  });

  test("times", () => {
    assert.equal(parseTime("2024-01-02"), time("2024-01-02T00:00:00Z"));
    assert.equal(parseTime("2024-01-02T03:04:05.678901Z"), time("2024-01-02T03:04:05Z"));
    assert.equal(parseTime("2024-01-02 03:04:05"), time("2024-01-02T03:04:05Z"));
    assert.equal(parseTime("2024-01-02T03:04:05+0200"), time("2024-01-02T01:04:05Z"));
    for (const text of ["", "now", "2024-13-01", "1969-12-31", "2024-01-02T25:00:00Z", "1704164645"])
      assert.equal(parseTime(text), undefined, text);
  });
});

suite("spoilt answers", () => {
  const parsers: readonly (readonly [file: string, parse: (body: Uint8Array) => unknown])[] = [
    ["index/projects.json", (body) => parseProjectList(body, new Set(["0"]))],
    ["kev/catalogue.json", (body) => parseKev(body, all)],
    ["scorecards/card.json", parseScorecard],
    ["downloads/top.json", parseDownloads],
    ["github/repository.json", parseRepository],
    ["gitlab/project.json", parseGitlabProject],
    ["attestations/provenance.json", (body) => parseAttestations(body, attested)],
  ];
  /** Puts another value in one place of a document. */
  const spoil = (document: unknown, path: readonly number[], value: unknown): unknown => {
    const [at, ...rest] = path;
    if (at === undefined || typeof document !== "object" || document === null) return value;
    const keys = Object.keys(document);
    const key = keys[at % Math.max(1, keys.length)];
    if (key === undefined) return value;
    const changed = spoil((document as Record<string, unknown>)[key], rest, value);
    return Array.isArray(document)
      ? document.map((item, index) => (String(index) === key ? changed : item))
      : { ...document, [key]: changed };
  };

  for (const [file, parse] of parsers)
    test(`${file}: understood or refused`, () => {
      const document: unknown = JSON.parse(sample(file).toString());
      const path = fc.array(fc.nat(40), { maxLength: 6 });
      fc.assert(
        fc.property(path, fc.jsonValue(), (places, value) => {
          const body = Buffer.from(JSON.stringify(spoil(document, places, value)));
          try {
            parse(body);
          } catch (error) {
            if (!(error instanceof ThothError)) throw error;
            assert.ok(["index-response-invalid", "limit-exceeded"].includes(error.code), error.code);
          }
        }),
      );
    });

  test("bytes of any kind", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        for (const [, parse] of parsers)
          assert.throws(() => parse(bytes), { code: "index-response-invalid" });
        assert.throws(() => parseEpss(bytes, all), { code: "index-response-invalid" });
      }),
    );
  });
});
