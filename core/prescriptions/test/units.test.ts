// What is read of each kind of unit, and what is refused where.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseText, places, ruleText, shown } from "./rules.ts";

const INCLUDED = "should_include: {adviser_pipeline: true}";

interface Valid {
  readonly title: string;
  readonly list: string;
  readonly type: string;
  readonly body: string;
  readonly reads: unknown;
}

const STACK_INFO = "stack_info: [{type: INFO, message: m, link: a_page}]";
const stackInfo = [{ type: "INFO", message: "m", link: "a_page" }];

const valid: readonly Valid[] = [
  {
    title: "a boot of the environment",
    list: "boots",
    type: "boot",
    body: `run: {${STACK_INFO}, not_acceptable: no}`.replace("no}", "'no'}"),
    reads: { packages: [], run: { stackInfo, notAcceptable: "no" } },
  },
  {
    title: "a boot of packages, whose names are normalised",
    list: "boots",
    type: "boot",
    body: "match: [{package_name: pyIFD}, {package_name: flask}]\nrun: {log: {type: WARNING, message: m}}",
    reads: { packages: ["pyifd", "flask"], run: { log: { type: "WARNING", message: "m" } } },
  },
  {
    title: "a boot that stops",
    list: "boots",
    type: "boot",
    body: "match: {}\nrun: {eager_stop_pipeline: enough}",
    reads: { packages: [], run: { eagerStop: "enough" } },
  },
  {
    title: "a pseudonym of the matched version",
    list: "pseudonyms",
    type: "pseudonym",
    body: `match: {package_version: {name: tensorflow, index_url: https://pypi.org/simple/}}
run: {yield: {yield_matched_version: true, package_version: {name: tensorflow-gpu, locked_version: null}}}`,
    reads: {
      matches: [{ name: "tensorflow", prereleases: true, index: { url: "https://pypi.org/simple" } }],
      alternative: { name: "tensorflow-gpu", matchedVersion: true },
      run: {},
    },
  },
  {
    title: "a pseudonym of a locked version",
    list: "pseudonyms",
    type: "pseudonym",
    body: `match: [{package_version: {name: a}}]
run: {yield: {package_version: {name: b, locked_version: ===1.2, index_url: https://pypi.org/simple}}}`,
    reads: {
      matches: [{ name: "a", prereleases: true }],
      alternative: {
        name: "b",
        specifiers: "===1.2",
        index: { url: "https://pypi.org/simple" },
        matchedVersion: false,
      },
      run: {},
    },
  },
  {
    title: "a sieve without a run",
    list: "sieves",
    type: "sieve",
    body: "match: {package_version: {name: a, version: '<2,>=1', develop: false}}",
    reads: { matches: [{ name: "a", specifiers: "<2,>=1", prereleases: true, develop: false }], run: {} },
  },
  {
    title: "a sieve of every index but one",
    list: "sieves",
    type: "sieve",
    body: "match: [{package_version: {index_url: {not: 'https://pypi.org/simple'}}}]",
    reads: {
      matches: [{ prereleases: true, index: { url: "https://pypi.org/simple", negated: true } }],
      run: {},
    },
  },
  {
    title: "a sieve that skips packages",
    list: "sieves",
    type: "sieve.SkipPackage",
    body: "match: [{package_name: enum34}, {package_name: futures}]",
    reads: { packages: ["enum34", "futures"], run: {} },
  },
  {
    title: "a step with a score",
    list: "steps",
    type: "step",
    body: `match: {package_version: {name: a, version: ''}}
run: {score: -0.25, multi_package_resolution: true}`,
    reads: {
      matches: [{ package: { name: "a", specifiers: "" } }],
      run: { score: -0.25, multiPackageResolution: true },
    },
  },
  {
    title: "a whole number as a score",
    list: "steps",
    type: "step",
    body: "match: {package_version: {name: a}}\nrun: {score: 1}",
    reads: { matches: [{ package: { name: "a" } }], run: { score: 1 } },
  },
  {
    title: "a step with a state",
    list: "steps",
    type: "step",
    body: `match:
- package_version: {name: a, version: ==2.0rc1}
  state:
    resolved_dependencies: [{name: b, version: ~=1.0}]
    package_version_from: [{name: c}]
    package_version_from_allow_other: true
run: {not_acceptable: broken}`,
    reads: {
      matches: [
        {
          package: { name: "a", specifiers: "==2.0rc1", prereleases: true },
          dependencies: [{ name: "b", specifiers: "~=1.0" }],
          requiredBy: [{ name: "c" }],
          allowOther: true,
        },
      ],
      run: { notAcceptable: "broken" },
    },
  },
  {
    title: "a step that justifies",
    list: "steps",
    type: "step",
    body: `match: {package_version: {index_url: 'https://pypi.org/simple'}}
run:
  justification:
  - {type: WARNING, message: m, link: 'https://a.org/x https://b.org', package_name: a, cve_id: CVE-1}`,
    reads: {
      matches: [{ package: { index: { url: "https://pypi.org/simple" } } }],
      run: {
        justification: [
          {
            type: "WARNING",
            message: "m",
            link: "https://a.org/x https://b.org",
            packageName: "a",
            cveId: "CVE-1",
          },
        ],
      },
    },
  },
  {
    title: "a step that skips, without a run",
    list: "steps",
    type: "step.SkipPackage",
    body: "match: {package_version: {name: scipy}, state: {package_version_from: [{name: tensorflow}]}}",
    reads: { matches: [{ package: { name: "scipy" }, requiredBy: [{ name: "tensorflow" }] }], run: {} },
  },
  {
    title: "a step that adds",
    list: "steps",
    type: "step.AddPackage",
    body: `match: {package_version: {name: a}}
run:
  package_version: {name: b, locked_version: ==1.0, index_url: 'https://pypi.org/simple', develop: false}`,
    reads: {
      matches: [{ package: { name: "a" } }],
      addition: { name: "b", specifiers: "==1.0", index: { url: "https://pypi.org/simple" }, develop: false },
      run: {},
    },
  },
  {
    title: "a group",
    list: "steps",
    type: "step.Group",
    body: `match: {group: [{package_version: {name: a}}, {package_version: {name: b, version: '>1'}}]}
run: {not_acceptable: never together}`,
    reads: {
      matches: [[{ name: "a" }, { name: "b", specifiers: ">1" }]],
      run: { notAcceptable: "never together" },
    },
  },
  {
    title: "a stride",
    list: "strides",
    type: "stride",
    body: "match: {state: {resolved_dependencies: [{name: a}, {develop: true}]}}\nrun: {not_acceptable: bad}",
    reads: { matches: [[{ name: "a" }, { develop: true }]], run: { notAcceptable: "bad" } },
  },
  {
    title: "a wrap of every stack",
    list: "wraps",
    type: "wrap",
    body: "run: {advised_manifest_changes: [{apiVersion: v1, patch: {op: add, value: 1}}]}",
    reads: {
      matches: [],
      run: { advisedManifestChanges: '[{"apiVersion":"v1","patch":{"op":"add","value":1}}]' },
    },
  },
  {
    title: "a wrap of several stacks",
    list: "wraps",
    type: "wrap",
    body: "match: [{state: {resolved_dependencies: [{name: a}]}}, {state: {resolved_dependencies: [{name: b}]}}]\nrun: {}",
    reads: { matches: [[{ name: "a" }], [{ name: "b" }]], run: {} },
  },
  {
    title: "release notes",
    list: "wraps",
    type: "wrap.GHReleaseNotes",
    body: `match: {state: {resolved_dependencies: [{name: a}]}}
run: {release_notes: {organization: o, repository: r.py, tag_version_prefix: v}}`,
    reads: {
      matches: [[{ name: "a" }]],
      releaseNotes: { organization: "o", repository: "r.py", tagPrefix: "v" },
      run: {},
    },
  },
  {
    title: "release notes with a dependency that is no list",
    list: "wraps",
    type: "wrap.GHReleaseNotes",
    body: "match: {state: {resolved_dependencies: {name: a}}}\nrun: {release_notes: {organization: o, repository: r}}",
    reads: { matches: [[{ name: "a" }]], releaseNotes: { organization: "o", repository: "r" }, run: {} },
  },
];

describe("units that are read", () => {
  for (const { title, list, type, body, reads } of valid) {
    it(title, () => {
      const { value, errors } = parseText(ruleText(list, `type: ${type}\n${INCLUDED}\n${body}`));
      assert.deepEqual(errors, []);
      assert.equal(value[0]?.kind, type);
      assert.equal(value[0]?.name, "test.One");
      assert.deepEqual(shown(value[0]), reads);
    });
  }
});

/** Title, list, lines behind the name (they begin in line 4, column 5), problems. */
const invalid: readonly (readonly [
  title: string,
  list: string,
  body: string,
  problems: readonly string[],
])[] = [
  ["no type", "boots", `${INCLUDED}\nrun: {}`, ["missing-key 3:5"]],
  ["no should_include", "boots", "type: boot\nrun: {}", ["missing-key 3:5"]],
  ["no run", "boots", `type: boot\n${INCLUDED}`, ["missing-key 3:5"]],
  ["a type of another list", "boots", `type: wrap\n${INCLUDED}\nrun: {}`, ["invalid-value 4:11"]],
  ["a type that is no text", "boots", `type: 3\n${INCLUDED}\nrun: {}`, ["wrong-type 4:11"]],
  ["an unknown key of a unit", "boots", `type: boot\n${INCLUDED}\nrun: {}\nwhen: now`, ["unknown-key 7:5"]],
  ["an unknown key of run", "boots", `type: boot\n${INCLUDED}\nrun: {score: 0.1}`, ["unknown-key 6:11"]],
  ["a key of the prototype", "boots", `type: boot\n${INCLUDED}\nrun: {__proto__: 1}`, ["unknown-key 6:11"]],
  ["empty metadata", "boots", `type: boot\n${INCLUDED}\nrun: {}\nmetadata: {}`, ["wrong-type 7:15"]],
  [
    "both refusal and stop",
    "boots",
    `type: boot\n${INCLUDED}\nrun: {not_acceptable: a, eager_stop_pipeline: b}`,
    ["conflicting-keys 6:30"],
  ],
  [
    "an empty list of matches",
    "boots",
    `type: boot\n${INCLUDED}\nmatch: []\nrun: {}`,
    ["invalid-value 6:12"],
  ],
  [
    "a boot of no name",
    "boots",
    `type: boot\n${INCLUDED}\nmatch: {package_name: '-a'}\nrun: {}`,
    ["invalid-name 6:27"],
  ],
  ["stack_info of null", "boots", `type: boot\n${INCLUDED}\nrun: {stack_info: null}`, ["wrong-type 6:23"]],
  [
    "stack_info with faults",
    "boots",
    `type: boot\n${INCLUDED}\nrun:\n  stack_info:\n  - type: info\n    message: 3\n    link: not a link\n    more: 1`,
    ["unknown-key 11:9", "invalid-value 8:15", "wrong-type 9:18", "invalid-link 10:15"],
  ],
  [
    "a script as a link",
    "boots",
    `type: boot\n${INCLUDED}\nrun: {stack_info: [{type: INFO, message: m, link: 'javascript:alert(1)'}]}`,
    ["invalid-link 6:55"],
  ],
  [
    "no yield",
    "pseudonyms",
    `type: pseudonym\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {}`,
    ["missing-key 7:10"],
  ],
  [
    "a pseudonym of no name",
    "pseudonyms",
    `type: pseudonym\n${INCLUDED}\nmatch: {package_version: {version: ==1}}\nrun: {yield: {package_version: {name: b}}}`,
    ["missing-key 6:30"],
  ],
  [
    "two versions of a pseudonym",
    "pseudonyms",
    `type: pseudonym\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {yield: {yield_matched_version: true, package_version: {name: b, locked_version: ==1}}}`,
    ["conflicting-keys 7:18"],
  ],
  [
    "a range as a locked version",
    "pseudonyms",
    `type: pseudonym\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {yield: {package_version: {name: b, locked_version: '>=1'}}}`,
    ["invalid-specifier 7:62"],
  ],
  [
    "a name that is not normalised",
    "sieves",
    `type: sieve\n${INCLUDED}\nmatch: {package_version: {name: Foo.bar}}`,
    ["invalid-name 6:37"],
  ],
  [
    "a version without an operator",
    "sieves",
    `type: sieve\n${INCLUDED}\nmatch: {package_version: {version: '1.0'}}`,
    ["invalid-specifier 6:40"],
  ],
  [
    "a number as a version",
    "sieves",
    `type: sieve\n${INCLUDED}\nmatch: {package_version: {version: 1.0}}`,
    ["wrong-type 6:40"],
  ],
  [
    "an index of null",
    "sieves",
    `type: sieve\n${INCLUDED}\nmatch: {package_version: {index_url: null}}`,
    ["wrong-type 6:42"],
  ],
  [
    "an index that is no address",
    "sieves",
    `type: sieve\n${INCLUDED}\nmatch: {package_version: {index_url: pypi}}`,
    ["invalid-link 6:42"],
  ],
  [
    "develop that is no boolean",
    "sieves",
    `type: sieve\n${INCLUDED}\nmatch: {package_version: {develop: 1}}`,
    ["wrong-type 6:40"],
  ],
  ["no match", "sieves", `type: sieve\n${INCLUDED}`, ["missing-key 3:5"]],
  ["a match without a package", "sieves", `type: sieve\n${INCLUDED}\nmatch: {}`, ["missing-key 6:12"]],
  ["a skip of no package", "sieves", `type: sieve.SkipPackage\n${INCLUDED}\nmatch: {}`, ["missing-key 6:12"]],
  [
    "a text as a score",
    "steps",
    `type: step\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {score: high}`,
    ["wrong-type 7:18"],
  ],
  [
    "no score at all",
    "steps",
    `type: step\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {score: .nan}`,
    ["wrong-type 7:18"],
  ],
  [
    "justification and refusal",
    "steps",
    `type: step\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {justification: [{type: INFO, message: m, link: a}], not_acceptable: b}`,
    ["conflicting-keys 7:63"],
  ],
  [
    "score and stop",
    "steps",
    `type: step\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {score: 0.1, eager_stop_pipeline: b}`,
    ["conflicting-keys 7:23"],
  ],
  [
    "a state without names",
    "steps",
    `type: step\n${INCLUDED}\nmatch: {package_version: {}, state: {resolved_dependencies: [{version: ==1}]}}\nrun: {}`,
    ["missing-key 6:66"],
  ],
  [
    "a group of one",
    "steps",
    `type: step.Group\n${INCLUDED}\nmatch: {group: [{package_version: {name: a}}]}\nrun: {}`,
    ["invalid-value 6:20"],
  ],
  [
    "an addition of nothing",
    "steps",
    `type: step.AddPackage\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {package_version: {}}`,
    ["missing-key 7:28"],
  ],
  [
    "a stride without a state",
    "strides",
    `type: stride\n${INCLUDED}\nmatch: {}\nrun: {}`,
    ["missing-key 6:12"],
  ],
  [
    "release notes of two packages",
    "wraps",
    `type: wrap.GHReleaseNotes\n${INCLUDED}\nmatch: {state: {resolved_dependencies: [{name: a}, {name: b}]}}\nrun: {release_notes: {organization: o, repository: r}}`,
    ["invalid-value 6:44"],
  ],
  [
    "a path as an organization",
    "wraps",
    `type: wrap.GHReleaseNotes\n${INCLUDED}\nmatch: {state: {resolved_dependencies: {name: a}}}\nrun: {release_notes: {organization: ../o, repository: r}}`,
    ["invalid-value 7:41"],
  ],
  [
    "an empty justification",
    "wraps",
    `type: wrap\n${INCLUDED}\nrun: {justification: []}`,
    ["invalid-value 6:26"],
  ],
];

describe("units that are refused", () => {
  for (const [title, list, body, problems] of invalid) {
    it(title, () => {
      const { value, errors } = parseText(ruleText(list, body));
      assert.deepEqual(places(errors), problems);
      assert.deepEqual(value, []);
      for (const { message, file } of errors) {
        assert.match(message, /^[`A-Z].*\.$/);
        assert.equal(file, "rules.yaml");
      }
    });
  }
});

describe("files", () => {
  const boot = (name: string) => `  - {name: ${name}, type: boot, ${INCLUDED}, run: {}}\n`;

  const cases: readonly (readonly [
    title: string,
    text: string,
    problems: readonly string[],
    units: number,
  ])[] = [
    ["nothing", "", ["wrong-type 1:1"], 0],
    ["a list", "- a\n", ["wrong-type 1:1"], 0],
    ["no units", "metadata: {a: 1}\n", ["missing-key 1:1"], 0],
    ["empty units", "units: {}\n", [], 0],
    ["an empty list of units", "units: {boots: []}\n", [], 0],
    ["null as a list of units", "units:\n  boots:\n", ["wrong-type 2:9"], 0],
    ["an unknown list", "units: {shoes: []}\n", ["unknown-key 1:9"], 0],
    ["an entry that is no unit", "units: {boots: [3]}\n", ["wrong-type 1:17"], 0],
    ["a name twice", `units:\n  boots:\n${boot("A")}${boot("B")}${boot("A")}`, ["duplicate-name 5:12"], 2],
    ["a fault beside a unit", `units:\n  boots:\n${boot("A")}${boot("B C")}`, ["invalid-name 4:12"], 1],
    ["a name in two lists", `units:\n  boots:\n${boot("A")}  strides: []\n`, [], 1],
    ["a key twice", "units: {}\nunits: {}\n", ["invalid-yaml 2:1"], 0],
    ["two documents", "units: {}\n---\nunits: {}\n", ["invalid-yaml 2:1"], 0],
    ["a key that is no text", "units: {}\n3: a\n", ["invalid-yaml 2:1"], 0],
    ["an open bracket", "units: [\n", ["invalid-yaml 2:1"], 0],
    ["an alias without an anchor", "units: *a\n", ["invalid-yaml 1:8"], 0],
    ["an alias inside its anchor", "units: &a [*a]\n", ["invalid-yaml 1:12"], 0],
    ["a tag", "units: !!js/function a\n", ["invalid-yaml 1:8"], 0],
    ["binary", "units: !!binary aGVsbG8=\n", ["invalid-yaml 1:17"], 0],
  ];
  for (const [title, text, problems, units] of cases) {
    it(title, () => {
      const parsed = parseText(text);
      assert.deepEqual(places(parsed.errors), problems);
      assert.equal(parsed.value.length, units);
    });
  }

  it("tells at most a hundred faults", () => {
    const text = `units:\n  boots:\n${Array.from({ length: 300 }, (_, at) => `  - {a${at}: 1}\n`).join("")}`;
    assert.equal(parseText(text).errors.length, 100);
  });

  it("merges mappings, the first before the later", () => {
    const text = ruleText(
      "boots",
      `type: boot
should_include: &all {adviser_pipeline: true}
run:
  log: {<<: [{type: INFO}, {type: ERROR, message: m}]}
metadata: {<<: *all}`,
    );
    assert.deepEqual(shown(parseText(text).value[0]), {
      packages: [],
      run: { log: { type: "INFO", message: "m" } },
    });
  });

  it("finds a fault in what was merged", () => {
    const text = ruleText(
      "boots",
      `type: boot
should_include: {adviser_pipeline: true}
metadata:
  base: &base {type: LOUD, message: m}
run: {log: {<<: *base}}`,
    );
    assert.deepEqual(places(parseText(text).errors), ["invalid-value 7:26"]);
  });

  const warned: readonly (readonly [
    title: string,
    list: string,
    body: string,
    problems: readonly string[],
  ])[] = [
    [
      "never included",
      "sieves",
      "type: sieve\nshould_include: {}\nmatch: {package_version: {name: a}}",
      ["never-included 5:21"],
    ],
    [
      "never, by times",
      "boots",
      "type: boot\nshould_include: {times: 0, adviser_pipeline: true}\nrun: {}",
      ["never-included 5:21"],
    ],
    [
      "a legacy version",
      "sieves",
      `type: sieve\n${INCLUDED}\nmatch: {package_version: {version: ==git-unknown}}`,
      ["legacy-specifier 6:40"],
    ],
    [
      "no version at all",
      "sieves",
      `type: sieve\n${INCLUDED}\nmatch: {package_version: {version: '<1.0,>1.4'}}`,
      ["unsatisfiable-specifier 6:40"],
    ],
    [
      "a score beyond 1",
      "steps",
      `type: step\n${INCLUDED}\nmatch: {package_version: {name: a}}\nrun: {score: 2.5}`,
      ["score-clamped 7:18"],
    ],
  ];
  for (const [title, list, body, problems] of warned) {
    it(`warns: ${title}`, () => {
      const { value, errors, warnings } = parseText(ruleText(list, body));
      assert.deepEqual(errors, []);
      assert.deepEqual(places(warnings), problems);
      assert.equal(value.length, 1);
    });
  }

  for (const legacy of [
    "==git-unknown",
    "==v0.9.post5-2ab88bac2cd2",
    "==0.9j",
    "==git",
    "==r1512",
    "==1.2-devel",
    "==1.9.2-pythons2n3",
  ]) {
    it(`compares ${legacy} as text`, () => {
      const { value } = parseText(
        ruleText("sieves", `type: sieve\n${INCLUDED}\nmatch: {package_version: {version: ${legacy}}}`),
      );
      assert.deepEqual(shown(value[0]), {
        matches: [{ specifiers: `=${legacy}`, prereleases: true }],
        run: {},
      });
    });
  }
});
