// The PyPA's database as it was, and what is told of real packages.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { openAdvisories } from "@thoth/knowledge";
import { compileAdvisories, type OsvAdvisory, type OsvEvent } from "@thoth/knowledge/compile";
import { compareVersions, parsePackageName, parseVersion, tryParseVersion, type Version } from "@thoth/pep";
import { dataFolder, missingData } from "@thoth/testkit";
import { type AdvisoryDocuments, readAdvisories } from "../src/index.ts";

const files = existsSync(dataFolder()) ? readdirSync(dataFolder()) : [];
const corpus = files.find((name) => /advisories.*\.tar\.gz$/.test(name)) ?? "pypa-advisories-2024-10.tar.gz";
const isOf2024 = corpus === "pypa-advisories-2024-10.tar.gz";

suite("the PyPA's advisories", { skip: missingData(corpus) }, () => {
  let read: AdvisoryDocuments;
  let table: Uint8Array;

  before(async () => {
    const started = performance.now();
    read = await readAdvisories(join(dataFolder(), corpus));
    const compiling = performance.now();
    table = compileAdvisories(read.advisories);
    const facts = compileAdvisories(read.advisories, { summaries: false });
    const opening = performance.now();
    const reader = openAdvisories(table);
    const asking = performance.now();
    const { length } = reader.flaws(parsePackageName("pillow"));
    const end = performance.now();
    const took = [compiling - started, opening - compiling, asking - opening, end - asking].map((ms) =>
      ms.toFixed(2),
    );
    console.log(`read ${took[0]} ms, compiled twice ${took[1]} ms, opened ${took[2]} ms`);
    console.log(`asked for ${length} flaws ${took[3]} ms; ${table.length} bytes, facts ${facts.length}`);
  });

  test("every document is understood", { skip: !isOf2024 && "another month" }, () => {
    assert.equal(read.documents, 2661);
    assert.deepEqual(read.skipped, []);
    assert.equal(read.advisories.length, 2661);
    assert.equal(read.advisories.filter(({ withdrawn }) => withdrawn).length, 10);
    assert.equal(openAdvisories(table).count, 2651);
  });

  test("the releases that are listed lie in the ranges, but for a few", () => {
    const strays = read.advisories.flatMap((advisory) => straysOf(advisory));
    console.log(`${strays.length} documents list releases outside of their ranges:\n${strays.join("\n")}`);
    assert.ok(strays.length < read.advisories.length / 50);
  });

  test("known flaws of well-known releases", () => {
    const reader = openAdvisories(table);
    const known = (name: string, version: string) =>
      reader
        .flaws(parsePackageName(name))
        .filter((flaw) => flaw.affects(parseVersion(version)))
        .map(({ id }) => id);
    assert.ok(known("pillow", "8.3.0").includes("CVE-2021-23437"));
    assert.ok(!known("pillow", "8.3.2").includes("CVE-2021-23437"));
    assert.ok(known("requests", "2.25.1").includes("CVE-2023-32681"));
    assert.ok(!known("requests", "2.31.0").includes("CVE-2023-32681"));
    assert.deepEqual(known("no-such-package-of-anyone", "1"), []);
  });

  test("each fix ends what it fixes, and every flaw affects some release", () => {
    const reader = openAdvisories(table);
    const names = new Set(read.advisories.flatMap(({ affected }) => affected.map(({ name }) => name)));
    let flaws = 0;
    for (const name of names) {
      for (const flaw of reader.flaws(name)) {
        flaws++;
        assert.ok(
          flaw.fixedIn.every((text) => !flaw.affects(parseVersion(text))),
          flaw.id,
        );
        assert.ok(flaw.aliases.includes(flaw.id) && flaw.link.startsWith("http"));
      }
    }
    console.log(`${names.size} packages, ${flaws} flaws`);
  });
});

/** Its listed versions that no range of the same entry holds. */
function straysOf({ id, affected }: OsvAdvisory): readonly string[] {
  return affected.flatMap(({ name, versions, ranges }) => {
    if (ranges.length === 0) return [];
    const spans = ranges.flatMap((events) => spansOf(events));
    const strays = versions.filter((text) => {
      const version = tryParseVersion(text);
      return version !== undefined && !spans.some((span) => span(version));
    });
    return strays.length === 0 ? [] : [`${id} ${name}: ${strays.slice(0, 5).join(" ")} (${strays.length})`];
  });
}

type Span = (version: Version) => boolean;

/** Each beginning with the end that follows it, as the documents of this database write them. */
function spansOf(events: readonly OsvEvent[]): readonly Span[] {
  const spans: Span[] = [];
  events.forEach(({ kind, version: from }, at) => {
    if (kind !== "introduced") return;
    const end = events[at + 1];
    spans.push((version) => {
      if (from !== "0" && compareVersions(version, parseVersion(from)) < 0) return false;
      if (end === undefined || end.kind === "introduced") return true;
      return compareVersions(version, parseVersion(end.version)) < (end.kind === "fixed" ? 0 : 1);
    });
  });
  return spans;
}
