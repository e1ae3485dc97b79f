// Candidates against their definition, read file by file from the page that the record was made of.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { encodeProject, ProjectRecord } from "@thoth/knowledge";
import {
  compareVersions,
  type IndexFile,
  isPrerelease,
  normalizeName,
  parseSpecifiers,
  parseTagSet,
  parseVersion,
  specifiersContain,
  targetEnvironment,
} from "@thoth/pep";
import fc from "fast-check";
import { type Exclusion, selectCandidates } from "../src/candidates.ts";
import type { Policy } from "../src/project.ts";

const AS_OF = Date.parse("2024-01-01T00:00:00Z") / 1000;
const target = targetEnvironment({
  pythonVersion: "3.11.0",
  platform: "manylinux_2_28_x86_64",
});

const TAG_SETS = [
  "py3-none-any",
  "py2.py3-none-any",
  "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
  "cp38-abi3-manylinux_2_28_x86_64",
  "cp310-cp310-manylinux_2_17_x86_64",
  "cp311-cp311-macosx_11_0_arm64",
  undefined,
];

const file = fc.record({
  version: fc.constantFrom("1.0", "1.1", "1.2rc1", "2.0", "2.1.dev1", "2.1"),
  tags: fc.constantFrom(...TAG_SETS),
  requiresPython: fc.constantFrom(undefined, ">=3.8", ">=3.12", "<3.10,>=2.7", "nonsense"),
  yanked: fc.boolean().chain((yanked) => (yanked ? fc.boolean() : fc.constant(false))),
  uploaded: fc.constantFrom(
    undefined,
    "2020-02-02T00:00:00Z",
    "2021-03-03T00:00:00Z",
    "2024-05-05T00:00:00Z",
  ),
});
type Made = typeof file extends fc.Arbitrary<infer T> ? T : never;

const policy = fc.record({
  recommendationType: fc.constantFrom("latest", "testing"),
  asOfStrict: fc.boolean(),
  prerelease: fc.constantFrom("if-necessary", "allow", "disallow"),
  noBinary: fc.constantFrom(new Set<string>(), new Set(["demo"]), new Set([":all:"])),
  onlyBinary: fc.constantFrom(new Set<string>(), new Set(["demo"]), new Set([":all:"])),
});

/** Files of one kind and version stand once on a page. */
function pageOf(made: readonly Made[]): IndexFile[] {
  const files = made.map((item): IndexFile => {
    const filename =
      item.tags === undefined ? `demo-${item.version}.tar.gz` : `demo-${item.version}-${item.tags}.whl`;
    return {
      filename,
      url: `https://files.test/${filename}`,
      hashes: { sha256: "0".repeat(64) },
      yanked: item.yanked,
      coreMetadata: false,
      ...(item.requiresPython === undefined ? {} : { requiresPython: item.requiresPython }),
      ...(item.uploaded === undefined ? {} : { uploadTime: item.uploaded }),
    };
  });
  return files.filter((one, at) => files.findIndex(({ filename }) => filename === one.filename) === at);
}

interface Naive {
  readonly install: string | undefined;
  readonly uploaded: number;
  readonly exclusion: Exclusion | undefined;
}

function naively(files: readonly IndexFile[], rules: Policy, pinned: boolean): Naive {
  const named = (set: ReadonlySet<string>) => set.has("demo") || set.has(":all:");
  const wheels = !named(rules.noBinary) || rules.onlyBinary.has("demo");
  const sources = !named(rules.onlyBinary) || rules.noBinary.has("demo");
  let reason: Exclusion | undefined;
  let uploaded = 0;
  let best: { readonly name: string; readonly rank: number } | undefined;
  for (const one of files) {
    const time = one.uploadTime === undefined ? 0 : Date.parse(one.uploadTime) / 1000;
    const bound = one.requiresPython ?? "";
    const admitted = bound === "nonsense" || specifiersContain(parseSpecifiers(bound), target.pythonVersion);
    const isWheel = one.filename.endsWith(".whl");
    const tags = isWheel ? parseTagSet(one.filename.split("-").slice(2).join("-").slice(0, -4)) : [];
    const ranks = tags.map((tag) => target.tags.get(tag) ?? Number.POSITIVE_INFINITY);
    const rank = isWheel
      ? wheels
        ? Math.min(...ranks)
        : Number.POSITIVE_INFINITY
      : sources
        ? 1e6
        : Infinity;
    if (time > AS_OF || (time === 0 && rules.asOfStrict === true)) reason ??= "date";
    else if (one.yanked !== false && rules.recommendationType !== "testing" && !pinned) reason ??= "yanked";
    else if (!admitted) reason ??= "python";
    else {
      if (time !== 0 && (uploaded === 0 || time < uploaded)) uploaded = time;
      if (rank < (best?.rank ?? Number.POSITIVE_INFINITY)) best = { name: one.filename, rank };
      else if (rank === Number.POSITIVE_INFINITY)
        reason ??= isWheel ? (wheels ? "platform" : "wheel-only") : "source-only";
    }
  }
  return best === undefined
    ? { install: undefined, uploaded: 0, exclusion: reason ?? "platform" }
    : { install: best.name, uploaded, exclusion: undefined };
}

suite("candidates", () => {
  test("are what the files of each release say one by one", () => {
    fc.assert(
      fc.property(
        fc.array(file, { maxLength: 40 }),
        policy,
        fc.boolean(),
        fc.boolean(),
        (made, rules, pinned, lowestFirst) => {
          const files = pageOf(made);
          const page = {
            name: "demo",
            files,
            status: { status: "active" as const },
            tracks: [],
            alternateLocations: [],
            warnings: [],
          };
          const record = new ProjectRecord(encodeProject(page, "https://index.test/simple/"));
          assert.equal(record.name, normalizeName("demo"));
          const full = { ...rules, asOf: AS_OF, resolution: "highest", allowBuild: true } as Policy;
          const found = selectCandidates({ record, target, policy: full, pins: () => pinned, lowestFirst });
          const versions = [
            ...new Set(files.map(({ filename }) => /^demo-(.*?)(?:-|\.tar)/.exec(filename)![1] as string)),
          ]
            .map(parseVersion)
            .sort((a, b) => (lowestFirst ? compareVersions(a, b) : compareVersions(b, a)));
          const mixed = full.prerelease === "allow" || full.recommendationType === "testing";
          const order = mixed
            ? versions
            : [...versions.filter((v) => !isPrerelease(v)), ...versions.filter(isPrerelease)];
          const expected: [string, string | undefined, number][] = [];
          for (const version of order) {
            const own = files.filter(
              ({ filename }) =>
                filename.startsWith(`demo-${version.text}-`) || filename === `demo-${version.text}.tar.gz`,
            );
            const judged = naively(own, full, pinned);
            const refused =
              isPrerelease(version) && full.prerelease === "disallow" ? "prerelease" : judged.exclusion;
            const release = Array.from({ length: record.releaseCount }, (_, at) => at).find(
              (at) => record.versionText(at) === version.text,
            ) as number;
            assert.equal(found.excluded[release], refused);
            assert.equal((found.candidateOf[release] as number) < 0, refused !== undefined);
            if (refused === undefined) expected.push([version.text, judged.install, judged.uploaded]);
          }
          assert.deepEqual(
            [...found.releases].map((release, at) => [
              record.versionText(release),
              record.filename(found.installs[at] as number),
              found.uploaded[at],
            ]),
            expected,
          );
          assert.equal(
            found.stable,
            mixed ? expected.length : expected.filter(([text]) => !isPrerelease(parseVersion(text))).length,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});
