// Names, versions, specifiers, requirements, markers, tags, file names, licences.

import { parseContentType } from "../../src/content-type.ts";
import { targetEnvironment } from "../../src/environment.ts";
import { parseSdistFilename, parseWheelFilename, tryParseSdistFilename } from "../../src/filename.ts";
import { parseLicenceExpression } from "../../src/licence-expression.ts";
import { formatMarker, parseMarker } from "../../src/marker.ts";
import { evaluateMarker } from "../../src/marker-evaluate.ts";
import { isNormalizedName, normalizeName, parseExtraName, parsePackageName } from "../../src/name.ts";
import { expandPlatform } from "../../src/platform.ts";
import { rangeClauses } from "../../src/range-specifiers.ts";
import { formatRequirement, parseRequirement } from "../../src/requirement.ts";
import { formatSpecifiers, parseSpecifiers, specifiersRange } from "../../src/specifier.ts";
import { admittedRanges, specifiersContain } from "../../src/specifier-match.ts";
import { parseTagSet } from "../../src/tag.ts";
import { parseVersion, tryParseVersion, versionKey } from "../../src/version.ts";
import { compareVersions } from "../../src/version-order.ts";
import {
  complementRange,
  intersectRanges,
  isEmptyRange,
  rangeContains,
  rangesEqual,
} from "../../src/version-range.ts";
import { naivelyContains } from "../../test/naive.ts";
import { markerOf, requirementOf, specifiersOf, versionOf } from "./grammar.ts";
import { same, type Target, words } from "./target.ts";

const linux = targetEnvironment({ pythonVersion: "3.12.1", platform: "linux" }).markers;
const samples = words("0.dev0 1.0a1 1.0 1.0+x 1.0.post1 1.0.1 1.2.3 2 10.0rc1 1!0.5").map(parseVersion);
const newestFirst = [...samples].sort((one, two) => compareVersions(two, one));

function checkVersion(text: string): void {
  const version = parseVersion(text);
  const again = parseVersion(version.text);
  same("text", again.text, version.text);
  same("order", compareVersions(version, again), 0);
  same("key", versionKey(parseVersion(versionKey(version))), versionKey(version));
  for (const sample of samples)
    same(
      "turned",
      Math.sign(compareVersions(sample, version)),
      -Math.sign(compareVersions(version, sample)) || 0,
    );
}

function checkSpecifiers(text: string): void {
  const specifiers = parseSpecifiers(text);
  const written = formatSpecifiers(specifiers);
  const again = parseSpecifiers(written);
  same("text", formatSpecifiers(again), written);
  const range = specifiersRange(specifiers);
  same("range", rangesEqual(specifiersRange(again), range), true);
  same("complement", isEmptyRange(intersectRanges(range, complementRange(range))), true);
  const clauses = rangeClauses(range);
  if (clauses !== undefined)
    same("clauses", rangesEqual(specifiersRange(parseSpecifiers(clauses.join(","))), range), true);
  const isSet = specifiers.clauses.every(({ operator }) => operator !== "===");
  for (const sample of samples) {
    const expected = naivelyContains(specifiers, sample.text);
    same(`admits ${sample.text}`, specifiersContain(specifiers, sample), expected);
    if (isSet) same(`contains ${sample.text}`, rangeContains(range, sample), expected);
  }
  const spans = admittedRanges(specifiers, newestFirst);
  let admitted = 0;
  for (let at = 0; at < spans.length; at += 2) admitted += spans[at + 1]! - spans[at]!;
  same("spans", admitted, samples.filter((sample) => specifiersContain(specifiers, sample)).length);
}

function checkMarker(text: string): void {
  const marker = parseMarker(text);
  const written = formatMarker(marker);
  const again = parseMarker(written);
  same("text", formatMarker(again), written);
  const extras = new Set(["a-b"]);
  same("value", evaluateMarker(again, linux, extras, extras), evaluateMarker(marker, linux, extras, extras));
}

function checkRequirement(text: string): void {
  const requirement = parseRequirement(text);
  const written = formatRequirement(requirement);
  same("text", formatRequirement(parseRequirement(written)), written);
  same("lenient", formatRequirement(parseRequirement(text, { lenient: true })), written);
  same("name", isNormalizedName(requirement.name), true);
}

function checkLenientRequirement(text: string): void {
  const written = formatRequirement(parseRequirement(text, { lenient: true }));
  same("text", formatRequirement(parseRequirement(written)), written);
}

function checkName(text: string): void {
  same("normal", normalizeName(normalizeName(text)), normalizeName(text));
  const name = parsePackageName(text);
  same("valid", isNormalizedName(name), true);
  same("extra", parseExtraName(text), name);
}

function checkSdist(text: string): void {
  const sdist = parseSdistFilename(text);
  same("known", tryParseSdistFilename(text, sdist.name) !== undefined, true);
  same("version", tryParseVersion(sdist.version.text)?.text, sdist.version.text);
}

function checkWheel(text: string): void {
  const wheel = parseWheelFilename(text);
  same("tags", wheel.tags.length > 0, true);
  same("tag set", [...parseTagSet(wheel.tagSet)].join(), wheel.tags.join());
  same("path", /[/\\]/.test(wheel.name), false);
}

const VERSION_TOKENS = words(
  ". - _ + ! .* a b rc c alpha preview post rev r dev v 0 00 1 .post .dev +local 1! 99999999999999999",
);
const MARKER_TOKENS = words(
  "and or in not ( ) == != ~= === < > python_version os_name extra extras dependency_groups '3.8' \"a\" ' \" \\ \\x41 \\101 \\u0041",
);

export const specificationTargets: readonly Target[] = [
  {
    name: "name",
    seeds: words("requests Foo.Bar a_b-c zope.interface A a1 x-.-_y"),
    tokens: words("- _ . -- __ A 1"),
    run: checkName,
  },
  {
    name: "version",
    seeds: words(
      "1 1.0 1.2.3 2024.1.31 1!2.0 1.0a1 1.0.post1 1.0.dev3 1.0rc1.post2.dev3+local.1 v1.0-BETA_2 1.0-1",
    ),
    tokens: VERSION_TOKENS,
    grammar: versionOf,
    run: checkVersion,
  },
  {
    name: "specifiers",
    seeds: [
      ">=1.0",
      ">=2.6,<3",
      "~=1.4.2",
      "==1.2.*",
      "!=1.5,!=1.6.*",
      "===weird",
      ">1.0a1,<=2.post1",
      "==1.0+x",
    ],
    tokens: [...VERSION_TOKENS, ...words(", == != >= <= < > ~= === .* ,,")],
    grammar: specifiersOf,
    run: checkSpecifiers,
  },
  {
    name: "marker",
    seeds: [
      "python_version >= '3.8'",
      "extra == \"a\" and (os_name == 'nt' or 'linux' in sys_platform)",
      "'a' in extras",
    ],
    tokens: MARKER_TOKENS,
    grammar: markerOf,
    run: checkMarker,
  },
  {
    name: "requirement",
    seeds: [
      "requests[security]>=2.8.1,==2.8.*; python_version < '2.7'",
      "pip @ https://example.org/p.zip#sha1=da",
      "a(>=1)",
      "a",
    ],
    tokens: [...MARKER_TOKENS, ...words("[ ] , ; @ ( ) >= == .* 1.0 https://a/b git+ssh:// #egg=")],
    grammar: requirementOf,
    run: checkRequirement,
  },
  {
    name: "old-requirement",
    seeds: ["pytz (>=2011k)", "a (>=2.7.*)", "a >=1 <2", "a (=>1,)", 'a (>="1.0")', "a[x,]>=1\n ,<2 ; "],
    tokens: [...VERSION_TOKENS, ...words("[ ] , ; @ ( ) >= => =< != ~= == = \" ' *"), "\n"],
    grammar: requirementOf,
    run: checkLenientRequirement,
  },
  {
    name: "wheel-filename",
    seeds: words(
      "foo-1.0-py3-none-any.whl Foo_Bar-1!1.0rc1-2b-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl a-1-py2.py3-none-any.whl",
    ),
    tokens: words("- . _ py3 cp312 abi3 none any .whl win_amd64 -- 1 a"),
    run: checkWheel,
  },
  {
    name: "sdist-filename",
    seeds: words("foo-1.0.tar.gz Foo-Bar-1.0.zip foo_bar-1.0.post1.tar.gz foo-1.0-1.tgz"),
    tokens: words("- . _ .tar.gz .zip .tgz 1.0 -- ../"),
    run: checkSdist,
  },
  {
    name: "tag-set",
    seeds: words(
      "py3-none-any cp39.cp310-abi3.none-win32.any py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64",
    ),
    tokens: words("- . cp39 none any"),
    run: (text) => same("again", parseTagSet(parseTagSet(text)[0]!).length, 1),
  },
  {
    name: "platform",
    seeds: words(
      "linux macos windows manylinux_2_28_x86_64 musllinux_1_2_aarch64 macosx_11_0_arm64 win_amd64 android_24_x86 ios_13_0_arm64_iphoneos x86_64-manylinux2014",
    ),
    tokens: words("_ 0 1 9 99 999 manylinux macosx x86_64 universal2"),
    run: (text) => same("some", expandPlatform(text).platforms.length > 0, true),
  },
  {
    name: "licence",
    seeds: [
      "MIT",
      "MIT OR Apache-2.0",
      "(MIT AND (BSD-3-Clause OR GPL-2.0+)) OR LicenseRef-Own",
      "GPL-2.0-only WITH Classpath-exception-2.0",
    ],
    tokens: words("( ) AND OR WITH and or with MIT + LicenseRef-"),
    run: (text) => {
      const normal = parseLicenceExpression(text);
      same("normal", parseLicenceExpression(normal), normal);
    },
  },
  {
    name: "content-type",
    seeds: [
      "text/markdown; charset=UTF-8; variant=GFM",
      'text/plain; charset="utf-8"',
      "application/vnd.pypi.simple.v1+json",
    ],
    tokens: words('; = " \\ / charset variant , ( )'),
    run: (text) => void parseContentType(text),
  },
];
