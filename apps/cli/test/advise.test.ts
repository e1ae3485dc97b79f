import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openGraph } from "@thoth/store";
import { buildSdist, buildWheel, startIndex } from "@thoth/testkit";
import { codeOf, documentOf, openWorkshop, pairRule, type Workshop } from "./workshop.ts";

interface Package {
  readonly name: string;
  readonly version: string;
  readonly before?: string;
  readonly vulnerabilities: readonly { readonly id: string }[];
  readonly justification: readonly {
    readonly message: string;
    readonly type: string;
    readonly link?: string;
  }[];
}

/** Of OSV; facts as in the specification's examples. */
function osv(id: string, name: string, fixed: string, more = {}): string {
  return JSON.stringify({
    id,
    modified: "2025-01-01T00:00:00Z",
    published: "2024-01-01T00:00:00Z",
    affected: [
      {
        package: { ecosystem: "PyPI", name },
        ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }],
      },
    ],
    ...more,
  });
}

const HIGH = { severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" }] };

describe("advice", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    mkdirSync(join(shop.folder, "osv"));
    mkdirSync(join(shop.folder, "rules"));
    shop.write("osv/one.json", osv("PYSEC-1", "alpha", "2.0", { ...HIGH, aliases: ["CVE-2024-1"] }));
    shop.write("osv/two.json", osv("CVE-2024-1", "alpha", "2.0"));
    shop.write("osv/three.json", osv("GHSA-1", "beta", "9", { aliases: ["CVE-2024-2"] }));
    shop.write("rules/beta.yaml", pairRule("==2.0"));
  });
  after(() => shop.close());

  const advise = async (requirements: string, ...words: readonly string[]) => {
    shop.write("requirements.in", requirements);
    const all = ["advise", "requirements.in", "--json", "--index-url", shop.index.indexUrl, ...words];
    const result = await shop.run("thoth", all, { bare: true });
    assert.equal(result.status, 0, result.stderr);
    const document = documentOf(result, "thoth advise");
    const [product] = document["products"] as readonly { readonly packages: readonly Package[] }[];
    return product!.packages;
  };
  const pins = (packages: readonly Package[]) => packages.map(({ name, version }) => `${name}==${version}`);

  it("says that a newer release cannot be had, and not what it would cost less", async () => {
    // What an sdist needs is known only by building it where its metadata say `dynamic`.
    const tools = buildSdist({ name: "tools", version: "1.0", dynamic: ["Requires-Dist"] });
    const index = await startIndex({
      projects: {
        alpha: [
          buildWheel({ name: "alpha", version: "1.0" }),
          buildWheel({ name: "alpha", version: "2.0", requires: ["tools>=1"] }),
        ],
        tools: [tools],
      },
    });
    const [alpha] = await advise("alpha\n", "--index-url", index.indexUrl);
    await index.close();
    assert.equal(alpha?.version, "1.0");
    assert.deepEqual(
      alpha?.justification.map(({ message }) => message),
      ["2.0 needs what cannot be had here, or would cost other packages more than it gains"],
    );
  });

  it("clears what can be cleared, and names what stays", async () => {
    const packages = await advise("alpha\n", "--recommendation-type", "security", "--advisories", "osv");
    assert.deepEqual(pins(packages), ["alpha==2.0", "beta==2.0"]);
    assert.deepEqual(
      packages.map(({ vulnerabilities }) => vulnerabilities.map(({ id }) => id)),
      [[], ["CVE-2024-2"]],
    );
  });

  it("keeps a pin, and says what it costs", async () => {
    const [alpha] = await advise("alpha==1.0\n", "--recommendation-type", "security", "--advisories", "osv");
    assert.equal(alpha?.before, "1.0");
    assert.deepEqual(
      alpha?.vulnerabilities.map(({ id }) => id),
      ["CVE-2024-1"],
    );
    assert.equal(alpha?.justification.at(-1)?.type, "WARNING");
  });

  it("says what loosening a pin would gain, and loosens nothing", async () => {
    shop.write("requirements.in", "alpha==1.0\ngamma\n");
    const words = [
      "advise",
      "requirements.in",
      "--json",
      "--recommendation-type",
      "security",
      "--advisories",
      "osv",
    ];
    const result = await shop.run("thoth", [...words, "--index-url", shop.index.indexUrl], { bare: true });
    const relaxations = (document: Record<string, unknown>) =>
      (document["products"] as readonly { relaxations: readonly Record<string, unknown>[] }[])[0]!
        .relaxations;
    // Without `gamma`, which needs the old beta, alpha 2.0 would do.
    assert.deepEqual(relaxations(documentOf(result, "thoth advise")), []);
    shop.write("requirements.in", "alpha==1.0\n");
    const alone = await shop.run("thoth", [...words, "--index-url", shop.index.indexUrl], { bare: true });
    const [gain, ...others] = relaxations(documentOf(alone, "thoth advise"));
    assert.deepEqual(others, []);
    assert.deepEqual(
      [gain?.["requirement"], gain?.["instead"], gain?.["before"], gain?.["after"], gain?.["proof"]],
      ["alpha==1.0", "alpha>=1.0", 300, 0, "optimal"],
    );
  });

  it("gives as many stacks as are asked for and there are, each worse than the one before", async () => {
    shop.write("requirements.in", "alpha\n");
    const words = [
      "advise",
      "requirements.in",
      "--json",
      "--count",
      "9",
      "--recommendation-type",
      "security",
    ];
    const all = [...words, "--advisories", "osv", "--index-url", shop.index.indexUrl];
    const document = documentOf(await shop.run("thoth", all, { bare: true }), "thoth advise") as {
      products: readonly {
        packages: readonly Package[];
        objective: readonly { value: number; bound: number }[];
      }[];
    };
    assert.deepEqual(
      document.products.map(({ packages }) => pins(packages).join(" ")),
      ["alpha==2.0 beta==2.0", "alpha==1.0 beta==2.0", "alpha==1.0 beta==1.0"],
    );
    for (const { objective } of document.products)
      assert.ok(objective.every(({ value, bound }) => value === bound));
  });

  it("is a page as well", async () => {
    await advise("alpha==1.0\n", "--advisories", "osv", "--html", "advice.html");
    const page = readFileSync(join(shop.folder, "advice.html"), "utf8");
    assert.match(page, /^<!doctype html>/i);
    for (const text of ["alpha", "beta", "CVE-2024-1", "<svg"]) assert.ok(page.includes(text), text);
    assert.doesNotMatch(page, /<script/i);
  });

  it("fails where a known vulnerability stays and that was not wanted", async () => {
    shop.write("requirements.in", "alpha\n");
    const words = ["lock", "requirements.in", "--json", "--strict", "--advisories", "osv"];
    const result = await shop.run("thoth", words);
    assert.equal(codeOf(result), "unsatisfiable");
    assert.equal(result.status, 1);
  });

  it("minds rules, and prints the reason with its link", async () => {
    assert.deepEqual(pins(await advise("alpha\n", "--prescriptions", "rules")), ["alpha==1.0", "beta==2.0"]);
    const [alpha] = await advise("alpha==2.0\n", "--prescriptions", "rules");
    const reason = alpha?.justification.at(-1);
    assert.deepEqual([reason?.type, reason?.link], ["ERROR", "https://issues.test/1"]);
    const result = await shop.run(
      "thoth",
      ["advise", "requirements.in", "--prescriptions", "rules", "--index-url", shop.index.indexUrl],
      { bare: true },
    );
    assert.match(result.stdout, /cannot be imported with beta 2 ↗ https:\/\/issues\.test\/1/);
  });

  it("is a lock as well", async () => {
    await advise("alpha\n", "-o", "pylock.toml", "--advisories", "osv");
    const audit = await shop.run("thoth", ["audit", "pylock.toml", "--json", "--advisories", "osv"]);
    assert.equal(audit.status, 1, audit.stderr);
    const { vulnerabilities } = documentOf(audit, "thoth audit") as {
      vulnerabilities: readonly Record<string, unknown>[];
    };
    assert.deepEqual(
      vulnerabilities.map(({ id, package_name: name }) => `${name} ${id}`),
      ["beta CVE-2024-2"],
    );
    const against = await advise("alpha\n", "--lock", "pylock.toml");
    assert.deepEqual(
      against.map(({ before: version }) => version),
      ["2.0", "2.0"],
    );
  });

  it("refuses an objective that says nothing, and types that other engines do not know", async () => {
    for (const words of [
      ["--objective", "speed"],
      ["--engine", "pip", "--recommendation-type", "stable"],
    ]) {
      const all = ["lock", "requirements.in", "--json", ...words];
      assert.equal(codeOf(await shop.run("thoth", all)), "usage");
    }
  });
});

describe("why", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    shop.write("requirements.in", "alpha\nbeta\n");
  });
  after(() => shop.close());

  const ask = async (...words: readonly string[]) => {
    const all = [...words, "requirements.in", "--json", "--index-url", shop.index.indexUrl];
    const result = await shop.run("thoth", all, { bare: true });
    assert.equal(result.status, 0, result.stderr);
    return documentOf(result, `thoth ${words[0]}` as "thoth why");
  };

  it("a version is there: who asks, and what there would be without it", async () => {
    const why = await ask("why", "beta");
    assert.deepEqual(
      [why["version"], why["requiredBy"]],
      [
        "2.0",
        [
          { name: null, specifiers: "" },
          { name: "alpha", specifiers: ">=2" },
        ],
      ],
    );
    // Without beta 2.0 only alpha 1.0 would do.
    assert.deepEqual((why["otherwise"] as { moved: unknown }).moved, [
      { name: "alpha", from: "2.0", to: "1.0" },
      { name: "beta", from: "2.0", to: "1.0" },
    ]);
  });

  it("another is not: the cost, or the conflict", async () => {
    const worse = await ask("why-not", "alpha==1.0");
    assert.equal(worse["answer"], "worse");
    assert.deepEqual(worse["moved"], [{ name: "alpha", from: "2.0", to: "1.0" }]);
    assert.ok((worse["differences"] as { from: number; to: number }[]).some(({ from, to }) => to > from));
    assert.equal((await ask("why-not", "alpha==2.0"))["answer"], "chosen");
    shop.write("requirements.in", "alpha==2.0\n");
    const impossible = await ask("why-not", "beta==1.0");
    assert.equal(impossible["answer"], "impossible");
    assert.ok((impossible["sentences"] as string[]).length >= 2);
  });

  it("in a notebook as well", async () => {
    const cell = { cell_type: "code", id: "a", metadata: {}, outputs: [], execution_count: null };
    const metadata = { language_info: { name: "python" } };
    const notebook = {
      cells: [{ ...cell, source: "import numpy" }],
      metadata,
      nbformat: 4,
      nbformat_minor: 5,
    };
    shop.write("a.ipynb", JSON.stringify(notebook));
    const words = (command: string, what: string) => [
      command,
      "a.ipynb",
      what,
      "--json",
      "--index-url",
      shop.index.indexUrl,
    ];
    const why = await shop.run("horus", words("why", "comm"), { bare: true });
    assert.deepEqual(documentOf(why, "horus why")["way"], ["ipykernel", "comm"]);
    const whyNot = await shop.run("horus", words("why-not", "numpy==1.23.5"), { bare: true });
    assert.equal(documentOf(whyNot, "horus why-not")["answer"], "worse");
  });

  it("of a package that nothing needs is a question of its own", async () => {
    const words = ["why", "gamma", "requirements.in", "--json", "--index-url", shop.index.indexUrl];
    assert.equal(codeOf(await shop.run("thoth", words, { bare: true })), "package-not-found");
  });
});

describe("fix", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    mkdirSync(join(shop.folder, "osv"));
    shop.write("osv/one.json", osv("PYSEC-1", "beta", "2.0", HIGH));
    shop.write("old.in", "alpha==1.0\nbeta==1.0\nnumpy\n");
    const words = ["lock", "old.in", "-o", "pylock.toml", "--index-url", shop.index.indexUrl];
    assert.equal((await shop.run("thoth", words, { bare: true })).status, 0);
  });
  after(() => shop.close());

  const fix = (...words: readonly string[]) =>
    shop.run(
      "thoth",
      ["fix", "--json", "--advisories", "osv", "--index-url", shop.index.indexUrl, ...words],
      { bare: true },
    );

  it("moves what it must, and nothing else", async () => {
    const before = readFileSync(join(shop.folder, "pylock.toml"), "utf8");
    const dry = documentOf(await fix("--dry-run"), "thoth fix");
    assert.deepEqual(dry["changes"], [{ name: "beta", from: "1.0", to: "2.0", cleared: ["PYSEC-1"] }]);
    assert.deepEqual([dry["written"], dry["left"], dry["proof"]], [false, [], "optimal"]);
    assert.equal(readFileSync(join(shop.folder, "pylock.toml"), "utf8"), before);
    assert.equal(documentOf(await fix(), "thoth fix")["written"], true);
    const audit = await shop.run("thoth", ["audit", "--json", "--advisories", "osv"]);
    assert.equal(audit.status, 0, audit.stdout);
    assert.match(readFileSync(join(shop.folder, "pylock.toml"), "utf8"), /name = "alpha"\nversion = "1.0"/);
    assert.deepEqual(documentOf(await fix(), "thoth fix")["changes"], []);
  });

  it("and what that was is told by diff, of locks and of advices", async () => {
    shop.write("new.in", "alpha==1.0\nbeta==2.0\nnumpy\n");
    for (const name of ["old", "new"]) {
      const words = ["lock", `${name}.in`, "--json", "--index-url", shop.index.indexUrl];
      shop.write(`${name}.json`, (await shop.run("thoth", words, { bare: true })).stdout);
    }
    const result = await shop.run("thoth", ["diff", "old.json", "new.json", "--json", "--advisories", "osv"]);
    const difference = documentOf(result, "thoth diff");
    assert.deepEqual(difference["moved"], [
      { name: "beta", from: "1.0", to: "2.0", cleared: ["PYSEC-1"], added: [] },
    ]);
    assert.equal(difference["same"], 2);
    shop.write("odd.json", "{}");
    assert.equal(codeOf(await shop.run("thoth", ["diff", "old.json", "odd.json", "--json"])), "invalid-lock");
  });

  it("moves a second package where a rule says that the first alone cannot be used", async () => {
    mkdirSync(join(shop.folder, "pair"), { recursive: true });
    shop.write("pair/pair.yaml", pairRule("<2"));
    const words = ["lock", "old.in", "-o", "pair.toml", "--index-url", shop.index.indexUrl];
    await shop.run("thoth", words, { bare: true });
    const fixed = documentOf(await fix("pair.toml", "--prescriptions", "pair"), "thoth fix");
    assert.deepEqual(fixed["changes"], [
      { name: "alpha", from: "1.0", to: "2.0", cleared: [] },
      { name: "beta", from: "1.0", to: "2.0", cleared: ["PYSEC-1"] },
    ]);
    assert.deepEqual([fixed["proof"], fixed["left"]], ["optimal", []]);
  });

  it("keeps to requirements, and says what stays", async () => {
    shop.write("bound.in", "beta<2\n");
    const words = ["lock", "old.in", "-o", "pylock.toml", "--index-url", shop.index.indexUrl];
    await shop.run("thoth", words, { bare: true });
    const bound = documentOf(await fix("-r", "bound.in"), "thoth fix");
    assert.deepEqual(bound["changes"], []);
    assert.deepEqual(bound["left"], [{ name: "beta", version: "1.0", vulnerabilities: ["PYSEC-1"] }]);
  });
});

describe("audit", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    mkdirSync(join(shop.folder, "osv"));
    shop.write("osv/one.json", osv("PYSEC-1", "alpha", "2.0", HIGH));
    const hash = "0".repeat(64);
    shop.write("requirements.txt", `alpha==1.0 --hash=sha256:${hash}\nbeta==2.0 --hash=sha256:${hash}\n`);
  });
  after(() => shop.close());

  it("speaks SARIF and CycloneDX", async () => {
    const sarif = await shop.run("thoth", [
      "audit",
      "requirements.txt",
      "--advisories",
      "osv",
      "--format",
      "sarif",
    ]);
    assert.equal(sarif.status, 1, sarif.stderr);
    const [run] = JSON.parse(sarif.stdout).runs;
    assert.deepEqual([run.results[0].ruleId, run.results[0].level], ["PYSEC-1", "error"]);
    const cyclone = await shop.run("thoth", [
      "audit",
      "requirements.txt",
      "--advisories",
      "osv",
      "--format",
      "cyclonedx",
    ]);
    const bom = JSON.parse(cyclone.stdout);
    assert.equal(bom.components.length, 2);
    assert.deepEqual(bom.vulnerabilities[0].affects, [{ ref: "pkg:pypi/alpha@1.0" }]);
  });

  it("tells which flaws attackers use, or are likely to, where the graph knows", async () => {
    mkdirSync(join(shop.folder, "listed"));
    for (const [at, name] of ["alpha", "beta"].entries())
      shop.write(
        `listed/${at}.json`,
        osv(`PYSEC-${at}`, name, "9", { ...HIGH, aliases: [`CVE-2024-${at}`] }),
      );
    const facts = [
      ["CVE-2024-0", { epss: { probability: 0.0004, percentile: 0.1 } }],
      [
        "CVE-2024-1",
        { epss: { probability: 0.42, percentile: 0.97 }, known: { added: 9, ransomware: false } },
      ],
    ] as const;
    const graph = await openGraph(join(shop.folder, "graph.sqlite"));
    const provenance = { source: "https://lists.example", observedAt: 1000, tool: "test 1" };
    const changes = facts.map(([cve, body]) => ({
      put: { owner: `cve:${cve}`, kind: "exploitation", subject: "", body, provenance } as const,
    }));
    await graph.write({ changes, at: 1000, source: "test" });
    await graph.close();
    const words = ["audit", "requirements.txt", "--advisories", "listed"];
    const told = await shop.run("thoth", [...words, "--database", "graph.sqlite"]);
    const rows = told.stdout.split("\n").filter((line) => /^(?:alpha|beta) /.test(line));
    assert.deepEqual(
      rows.map((row) => row.split(/ {2,}/).slice(0, 5)),
      [
        ["beta", "2.0", "high, exploited", "42 %", "CVE-2024-1"],
        ["alpha", "1.0", "high", "below 0.1 %", "CVE-2024-0"],
      ],
    );
    const asked = await shop.run("thoth", [...words, "--database", "graph.sqlite", "--json"]);
    const found = documentOf(asked, "thoth audit")["vulnerabilities"] as {
      exploited: boolean;
      epss: unknown;
    }[];
    assert.deepEqual(
      found.map(({ exploited, epss }) => [exploited, epss]),
      [
        [true, { probability: 0.42, percentile: 0.97 }],
        [false, { probability: 0.0004, percentile: 0.1 }],
      ],
    );
    const without = await shop.run("thoth", words);
    assert.doesNotMatch(without.stdout, /exploited|30 days/);
  });

  it("uses what was imported, and keeps it when an import fails", async () => {
    const bare = await shop.run("thoth", ["knowledge", "status", "--json"]);
    assert.equal(documentOf(bare, "thoth knowledge")["origin"], "shipped");
    const imported = await shop.run("thoth", ["knowledge", "import", "osv", "--json"]);
    assert.equal(imported.status, 0, imported.stderr);
    assert.equal(documentOf(imported, "thoth knowledge")["advisories"], 1);
    const file = join(shop.home, ".local/share/thoth/advisories.bin");
    const bytes = existsSync(file) ? readFileSync(file) : undefined;
    shop.write("broken.zip", "PK no archive");
    const failed = await shop.run("thoth", ["knowledge", "import", "broken.zip", "--json"]);
    assert.notEqual(failed.status, 0);
    if (bytes !== undefined) assert.deepEqual(readFileSync(file), bytes);
    const audit = await shop.run("thoth", ["audit", "requirements.txt", "--json"]);
    assert.equal((documentOf(audit, "thoth audit")["vulnerabilities"] as unknown[]).length, 1);
  });
});

describe("rules", () => {
  it("know what the code of a notebook uses, and what a release no longer has", async () => {
    const shop = await openWorkshop();
    const cell = { cell_type: "code", id: "a", metadata: {}, outputs: [], execution_count: null };
    const source = "import numpy as np\nx = np.zeros(3, dtype=np.float)";
    const metadata = { language_info: { name: "python" } };
    const notebook = { cells: [{ ...cell, source }], metadata, nbformat: 4, nbformat_minor: 5 };
    shop.write("old.ipynb", JSON.stringify(notebook));
    const lock = async (...words: readonly string[]) => {
      const result = await shop.run("horus", ["lock", "old.ipynb", "--json", "--force", ...words]);
      assert.equal(result.status, 0, result.stderr);
      const document = documentOf(result, "horus lock") as {
        packages: readonly { name: string; version: string }[];
        warnings: readonly string[];
      };
      const numpy = document.packages.find(({ name }) => name === "numpy")?.version;
      return { numpy, told: document.warnings.filter((text) => text.includes("`numpy.float`")).length };
    };
    assert.deepEqual(await lock(), { numpy: "2.0", told: 1 });
    assert.deepEqual(await lock("--recommendation-type", "stable"), { numpy: "1.23.5", told: 0 });
    await shop.close();
  });

  it("of the project hold for the stacks that their cases name", async () => {
    const shop = await openWorkshop();
    const rules = join(import.meta.dirname, "../../../rules");
    const result = await shop.run("thoth", ["prescriptions", "test", rules, "--json"]);
    await shop.close();
    assert.equal(result.status, 0, result.stdout.slice(-2000));
    const { passed, failed } = documentOf(result, "thoth prescriptions") as {
      passed: number;
      failed: number;
    };
    assert.equal(failed, 0);
    assert.ok(passed >= 500);
  });

  it("that are wrong are told with file, line and column", async () => {
    const shop = await openWorkshop();
    shop.write(
      "bad.yaml",
      "units:\n  sieves:\n    - name: A\n      type: sieve\n      should_include: {}\n      match: {package_version: {name: Foo}}\n",
    );
    const result = await shop.run("thoth", ["prescriptions", "validate", "bad.yaml"]);
    await shop.close();
    assert.equal(result.status, 1);
    assert.match(result.stdout, /^bad\.yaml:6:\d+: error: /m);
  });
});
