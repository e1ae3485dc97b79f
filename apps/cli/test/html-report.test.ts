import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { escapeHtml, linkHtml } from "../src/advice/html-page.ts";
import { type AdvicePage, type AdvisedStack, adviceHtml } from "../src/advice/html-report.ts";

type Package = AdvisedStack["packages"][number];

type Flaw = Package["vulnerabilities"][number];

function flaw(id: string, severity: Flaw["severity"] = "high"): Flaw {
  return { id, aliases: [id, `OF-${id}`], severity, link: `https://osv.test/${id}`, fixedIn: ["9.1"] };
}

function item(name: string, parts: Partial<Package> = {}): Package {
  const asked = [{ name: null, specifiers: ">=1" }];
  const pays = [{ level: "surface", cost: 1 }];
  return { name, version: "2.0", requiredBy: asked, pays, vulnerabilities: [], justification: [], ...parts };
}

function pageOf(stack: Partial<AdvisedStack> = {}, parts: Partial<AdvicePage> = {}): AdvicePage {
  const product: AdvisedStack = {
    proof: "optimal",
    objective: [
      { level: "vulnerability(≥ high)", value: 600, bound: 300 },
      { level: "breakage", value: 0, bound: 0 },
      { level: "surface", value: 3, bound: 3 },
    ],
    packages: [
      item("alpha", {
        before: "1.0",
        vulnerabilitiesBefore: [flaw("CVE-1"), flaw("CVE-2", "low")],
        vulnerabilities: [flaw("CVE-2", "low")],
        justification: [{ type: "INFO", message: "clears CVE-1", link: "https://osv.test/CVE-1" }],
      }),
      item("beta", {
        requiredBy: [{ name: "alpha", specifiers: "<3" }],
        vulnerabilities: [flaw("CVE-3", "odd" as Flaw["severity"])],
        justification: [{ type: "ERROR", message: "`beta` breaks", link: "http://issues.test/7" }],
      }),
      item("gamma", { before: "2.0", requiredBy: [{ name: "beta", specifiers: "" }] }),
    ],
    relaxations: [
      {
        requirement: "alpha==1.0",
        instead: "alpha>=1.0",
        level: "surface",
        before: 3,
        after: 2,
        vulnerabilities: 4,
        proof: "optimal",
      },
    ],
    lock: { environment: { python_full_version: "3.12.1", sys_platform: "linux" } },
    ...stack,
  };
  return {
    recommendationType: "security",
    asOf: "2026-11-29",
    products: [product],
    knowledge: { advisories: 7, newest: "2026-11-01" },
    unknown: ["measurements of 3 packages"],
    command: "thoth advise requirements.txt",
    yours: { fits: true, levels: [{ level: "surface", yours: 9, advised: 3 }], reasons: [] },
    front: {
      levels: ["surface", "lag(direct)"],
      complete: true,
      advised: [3, 7],
      yours: [9, 9],
      points: [
        { values: [3, 7], proved: true, packages: [{ name: "alpha", version: "2.0" }] },
        { values: [5, 0], proved: true, packages: [{ name: "alpha", version: "1.0" }] },
      ],
    },
    search: {
      predictor: "random walk",
      seed: 1,
      stacks: 2,
      stacksPerSecond: 1000,
      exhausted: false,
      gap: { level: "surface", found: 4, optimum: 3 },
      curve: [
        { stack: 1, score: -90, best: -90, temperature: null, acceptance: null, reward: -3 },
        { stack: 2, score: -40, best: -40, temperature: null, acceptance: null, reward: -2 },
      ],
    },
    ...parts,
  };
}

/** Every string of a document replaced; the proof and what would be no document otherwise stay. */
function withStrings<T>(value: T, text: () => string): T {
  const replace = (inner: unknown, key?: string): unknown => {
    if (typeof inner === "string") return key === "proof" ? inner : text();
    if (Array.isArray(inner)) return inner.map((part) => replace(part));
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, part]) => [name, replace(part, name)]));
  };
  return replace(value) as T;
}

const TAG = /<(\/?[a-z][a-z0-9]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*\/?>/gi;
const TAGS = new Set(
  `html head meta title style body main header section h1 h2 p br strong span code pre a ul li div table caption thead
  tbody tr th td figure figcaption svg defs marker path rect g text tspan details summary circle polyline`.split(
    /\s+/,
  ),
);

function attributesOf(html: string): readonly (readonly [string, string])[] {
  return [...html.matchAll(TAG)].flatMap(([, , attributes = ""]) =>
    [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
      ([, name = "", value = ""]) => [name, value] as const,
    ),
  );
}

/** Only our own tags and attributes, links to the web or within the page, nothing unseen. */
function assertHarmless(html: string): void {
  const rest = html.replace("<!doctype html>", "").replace(TAG, (tag, name: string) => {
    assert.ok(TAGS.has(name.replace("/", "").toLowerCase()), tag);
    return "";
  });
  assert.doesNotMatch(rest, /[<>]/);
  for (const [name, value] of attributesOf(html)) {
    assert.doesNotMatch(name, /^(on|src|style$|xlink|formaction)/i);
    if (name === "href") assert.match(value, /^(https?:\/\/|#[a-z-]+$)/);
  }
  for (const [link] of html.matchAll(/<a href="http[^>]*>/g)) assert.match(link, /rel="noreferrer noopener"/);
  assert.doesNotMatch(html.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
}

function nodesOf(html: string): number {
  return html.match(/<g class="node">/g)?.length ?? 0;
}

const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  '//host.test/"onclick="alert(1)',
  'https://host.test/"onclick="alert(1)',
  "https://user:secret@host.test/",
  "</title></style><script>alert(1)</script>",
  "`<b>`--><!--`&lt;",
  "\u202egnihtyna\u0000\u0007\u2028\ud800 \u{e0041}\u200b\ufeff",
  "constructor",
  "__proto__",
];

describe("a page of advice", () => {
  it("holds nothing hostile, whatever strings come from outside", () => {
    for (const text of HOSTILE) {
      const html = adviceHtml(withStrings(pageOf(), () => text));
      assertHarmless(html);
      assert.doesNotMatch(html, /:secret@/);
    }
    const strings = fc.infiniteStream(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" })));
    fc.assert(
      fc.property(strings, (stream) =>
        assertHarmless(adviceHtml(withStrings(pageOf(), () => stream.next().value as string))),
      ),
      { numRuns: 50 },
    );
  });

  it("escapes, and links only to the web", () => {
    assert.equal(escapeHtml(`<a b="c" d='e'>&`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
    assert.equal(escapeHtml("a\u202eb\nc\ud800 \u{e0041}"), "a\\u202eb c\\ud800 \\u{e0041}");
    assert.equal(
      linkHtml("https://a.test/b?c=1&d", "x"),
      '<a href="https://a.test/b?c=1&amp;d" rel="noreferrer noopener">x</a>',
    );
    for (const address of ["javascript:alert(1)", "ftp://a.test/", "//a.test/", "https://u:p@a.test/", ""])
      assert.equal(linkHtml(address, "x"), "x");
  });

  it("names every known vulnerability with its link, those that are cleared as well", () => {
    const html = adviceHtml(pageOf());
    for (const id of ["CVE-1", "CVE-2", "CVE-3"])
      assert.ok(
        html.includes(
          `<th scope="row"><a href="https://osv.test/${id}" rel="noreferrer noopener">${id}</a></th>`,
        ),
        id,
      );
    assert.match(html, /<strong>2 → 1<\/strong> in the 2 packages that you have, 2 in all/);
  });

  it("names every package that has a reason, with the reason", () => {
    const html = adviceHtml(pageOf());
    const [changes = ""] = /<section aria-labelledby="changes">.*?<\/section>/s.exec(html) ?? [];
    assert.match(changes, /<th scope="row">alpha<\/th><td>1\.0<\/td>/);
    assert.match(changes, /clears CVE-1/);
    assert.match(
      changes,
      /<strong>error:<\/strong> <code>beta<\/code> breaks ↗ <a href="http:\/\/issues\.test\/7"/,
    );
    assert.doesNotMatch(changes, /gamma/);
  });

  it("tells what rules say of the whole stack, and only the web is linked", () => {
    const page = adviceHtml(
      pageOf({
        stackInfo: [
          { type: "WARNING", message: "<b>alpha</b> is slow", link: "https://issues.test/1" },
          { type: "INFO", message: "quiet", link: "javascript:alert(1)" },
        ],
      }),
    );
    assert.match(page, /&lt;b&gt;alpha&lt;\/b&gt; is slow <a href="https:\/\/issues\.test\/1"/);
    assert.doesNotMatch(page, /href="javascript/);
    assert.doesNotMatch(adviceHtml(pageOf()), /What rules say/);
  });

  it("folds what moved and has nothing to tell, where that is much", () => {
    const plain = Array.from({ length: 9 }, (_, at) => item(`plain-${at}`, { before: "1.0" }));
    const [told] = pageOf().products[0]?.packages ?? [];
    assert.ok(told !== undefined);
    assert.match(
      adviceHtml(pageOf({ packages: [told, ...plain] })),
      /<details><summary>9 packages more moved/,
    );
    assert.doesNotMatch(adviceHtml(pageOf({ packages: [told, ...plain.slice(1)] })), /<details>/);
  });

  it("shows a front, and what lies far off at its edge", () => {
    const far = { ...pageOf().front, yours: [900, 9] } as NonNullable<AdvicePage["front"]>;
    const circles = (html: string) => html.match(/<circle class="point"/g)?.length;
    assert.equal(circles(adviceHtml(pageOf())), 2);
    assert.match(adviceHtml(pageOf()), />what you have<\/text>/);
    assert.match(adviceHtml(pageOf({}, { front: far })), />what you have: far off, 900 and 9<\/text>/);
  });

  it("says proved only where it is, and no number where nobody looked", () => {
    assert.match(adviceHtml(pageOf()), /optimal \(proved\)/);
    const asked = { ...pageOf({ proof: "feasible", relaxations: [] }) };
    const { front: _front, search: _search, yours: _yours, ...alone } = asked;
    const found = adviceHtml(alone);
    assert.doesNotMatch(found, /proved/);
    const blind = adviceHtml(pageOf({}, { knowledge: { advisories: 0, newest: null } }));
    assert.match(blind, /no advisories were looked at/);
    assert.doesNotMatch(blind, /known vulnerabilities <strong>/);
    assert.match(blind, /breakage<br><span class="quiet">points of failures that were seen/);
  });

  it("tells no number before where that of a changed package is unknown", () => {
    const html = adviceHtml(pageOf({ packages: [item("alpha", { before: "1.0" })] }));
    assert.match(html, /<strong>0 known vulnerabilities<\/strong>/);
    assert.match(html, /not told for alpha/);
  });

  it("is the same for the same document, and stands without a stack", () => {
    assert.equal(adviceHtml(pageOf()), adviceHtml(structuredClone(pageOf())));
    assertHarmless(adviceHtml(pageOf({}, { products: [] })));
    assertHarmless(adviceHtml(pageOf({ packages: [], objective: [], relaxations: [] })));
  });

  it("has headings and header cells, and each id once", () => {
    const html = adviceHtml(pageOf());
    assert.equal(html.match(/<h1>/g)?.length, 1);
    for (const [th] of html.matchAll(/<th\b[^>]*>/g)) assert.match(th, /scope="(row|col|rowgroup)"/);
    const ids = attributesOf(html).flatMap(([name, value]) => (name === "id" ? [value] : []));
    assert.equal(new Set(ids).size, ids.length);
    for (const [name, value] of attributesOf(html))
      if (name === "aria-labelledby" || (name === "href" && value.startsWith("#")))
        assert.ok(ids.includes(value.replace("#", "")), value);
  });
});

describe("the graph of a page", () => {
  it("has each package once, in circles and without a root too", () => {
    const circle = ["a", "b", "c"].map((name, at, names) =>
      item(name, {
        requiredBy: [
          { name: names[(at + 1) % 3]!, specifiers: "" },
          { name, specifiers: "" },
        ],
      }),
    );
    const html = adviceHtml(pageOf({ packages: [...circle, item("d"), item("d")] }));
    assert.equal(nodesOf(html), 4);
    for (const name of ["a", "b", "c", "d"])
      assert.equal(html.split(`<g class="node"><title>${name} 2.0</title>`).length, 2, name);
    assert.equal(html.match(/<path class="edge"/g)?.length, 3);
  });

  it("leaves out what does not fit, says so, and keeps what has something to tell", () => {
    const many = Array.from({ length: 230 }, (_, at) =>
      item(`p${at}`, { requiredBy: [{ name: at === 0 ? null : `p${(at - 1) >> 1}`, specifiers: "" }] }),
    );
    const last = item("zz", {
      requiredBy: [{ name: "p229", specifiers: "" }],
      vulnerabilities: [flaw("CVE-9")],
    });
    const html = adviceHtml(pageOf({ packages: [...many, last] }));
    assert.equal(nodesOf(html), 200);
    assert.match(html, /31 packages more did not fit and are left out/);
    assert.match(html, /<g class="node"><title>zz 2\.0, 1 known vulnerability<\/title>/);
    assert.match(html, /<th scope="row">p229<\/th>/);
  });

  it("lays no two boxes over one another", () => {
    const packages = Array.from({ length: 150 }, (_, at) =>
      item(`package-${at}`, {
        requiredBy: [{ name: at < 5 ? null : `package-${(at * 7) % at}`, specifiers: "" }],
      }),
    );
    const boxes = [
      ...adviceHtml(pageOf({ packages })).matchAll(
        /<rect class="box[^>]*x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="32"/g,
      ),
    ].map((box) => box.slice(1).map(Number) as [number, number, number]);
    assert.equal(boxes.length, 150);
    for (const [at, [x, y, width]] of boxes.entries())
      for (const [left, top, across] of boxes.slice(at + 1))
        assert.ok(x + width <= left || left + across <= x || Math.abs(y - top) >= 32);
  });
});
