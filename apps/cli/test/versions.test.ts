// `horus versions`, `horus search` and `horus outdated`: what indexes have of packages, before anything is resolved.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildWheel, type Offer } from "@thoth/testkit";
import { codeOf, documentOf, notebookText, openWorkshop, type Workshop } from "./workshop.ts";

const name = "book.ipynb";

function requirements(packages: object): string {
  return JSON.stringify({ packages, "dev-packages": {}, source: [], requires: {} });
}

/** One file of a release, or several, each with what the index says of it. */
function release(version: string, more: Partial<Parameters<typeof buildWheel>[0] & Offer> = {}): Offer {
  const { tag, requiresPython, ...said } = more as { tag?: string; requiresPython?: string };
  const artifact = buildWheel({
    name: "delta",
    version,
    ...(tag === undefined ? {} : { tag }),
    requiresPython,
  });
  return { artifact, ...said };
}

const DELTA = [
  release("1.0"),
  release("1.1", { yanked: "broken \u001b[31mbuild" }),
  release("1.2", { uploadTime: "2026-03-01T10:00:00Z" }),
  release("1.3", { uploadTime: null }),
  release("2.0", { requiresPython: ">=3.99" }),
  release("2.1", { tag: "cp311-cp311-win_amd64" }),
  release("2.2rc1"),
];

const ADVISORY = JSON.stringify({
  id: "PYSEC-1",
  modified: "2026-01-01T00:00:00Z",
  affected: [
    {
      package: { ecosystem: "PyPI", name: "delta" },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "1.2" }] }],
    },
  ],
});

const MALWARE = JSON.stringify({
  id: "MAL-1",
  modified: "2026-01-01T00:00:00Z",
  affected: [{ package: { ecosystem: "PyPI", name: "delta" }, versions: ["1.3"] }],
});

interface Row {
  readonly version: string;
  readonly uploaded: string | null;
  readonly fits: boolean;
  readonly reason?: string;
  readonly why?: string;
  readonly admitted: boolean;
  readonly built: boolean;
  readonly yanked: boolean;
  readonly prerelease: boolean;
  readonly vulnerabilities: number;
}

const HOSTILE = ["$(id)", "a; rm -rf x", "a b", "x".repeat(2000), "a\u001b[31m", "a\nb", "../etc", "é", ""];

describe("what indexes have", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    shop.index.offer("delta", DELTA);
    shop.write("osv.json", ADVISORY);
    shop.write("mal.json", MALWARE);
    shop.write(name, notebookText(["1"], { requirements: requirements({ delta: "<1.3" }) }));
  });
  after(() => shop.close());

  const pages = () => shop.index.requests.map(({ path }) => path);

  describe("horus versions", () => {
    const ask = (...words: readonly string[]) =>
      shop.run("horus", ["versions", name, ...words, "--advisories", "osv.json"]);
    async function rowsOf(...words: readonly string[]): Promise<readonly Row[]> {
      const document = documentOf(await ask(...words, "--json"), "horus versions");
      return document["versions"] as Row[];
    }
    const reasons = (rows: readonly Row[]) => rows.map(({ version, reason }) => [version, reason ?? "fits"]);

    it("are told newest first, with why some do not fit and what is known against each", async () => {
      const result = await ask("Delta", "--json");
      const { versions, ...document } = documentOf(result, "horus versions");
      assert.match(String(document["python"]), /^3\.\d+/);
      assert.deepEqual(
        [document["package"], document["asked"], document["locked"], document["newest"]],
        ["delta", "delta<1.3", null, "1.3"],
      );
      assert.deepEqual([document["index"], document["status"]], [shop.index.indexUrl, "active"]);
      const rows = versions as Row[];
      assert.deepEqual(reasons(rows), [
        ["2.2rc1", "prerelease"],
        ["2.1", "platform"],
        ["2.0", "python"],
        ["1.3", "fits"],
        ["1.2", "fits"],
        ["1.1", "yanked"],
        ["1.0", "fits"],
      ]);
      assert.deepEqual(rows.at(-1), {
        version: "1.0",
        uploaded: "2024-03-24",
        fits: true,
        admitted: true,
        built: false,
        yanked: false,
        prerelease: false,
        vulnerabilities: 1,
      });
      assert.equal(rows[2]?.why, "needs Python >=3.99");
      assert.deepEqual([rows[3]?.uploaded, rows[3]?.admitted], [null, false]);
      assert.deepEqual([rows[5]?.yanked, rows[5]?.vulnerabilities], [true, 1]);
    });

    it("fit as the command line says: date, pre-releases, platform, Python, attacks", async () => {
      const dated = await rowsOf("delta", "--as-of", "2026-01-31");
      assert.equal(dated.find(({ version }) => version === "1.2")?.reason, "date");
      const early = await rowsOf("delta", "--prerelease", "allow");
      assert.equal(early[0]?.fits, true);
      const windows = await rowsOf("delta", "--platform", "windows", "--python-version", "3.11");
      assert.equal(windows[1]?.fits, true);
      const later = await rowsOf("delta", "--platform", "windows", "--python-version", "3.99");
      assert.deepEqual(reasons(later).slice(1, 3), [
        ["2.1", "platform"],
        ["2.0", "fits"],
      ]);
      const attacked = await rowsOf("delta", "--advisories", "mal.json");
      assert.equal(attacked[3]?.reason, "malware");
    });

    it("are a table of those that fit, and of all where all are wanted", async () => {
      const some = await ask("delta");
      assert.equal(some.status, 0, some.stderr);
      assert.equal(some.stdout.includes("2.0"), false);
      const all = await ask("delta", "--all");
      assert.equal(all.stdout.includes("2.2rc1"), true);
      assert.equal(all.stdout.includes("\u001b"), false);
    });

    it("are told from what is kept, and of what is not nothing is said", async () => {
      await ask("delta", "--json");
      const asked = pages().length;
      assert.equal((await rowsOf("delta", "--offline")).length, DELTA.length);
      assert.equal(codeOf(await ask("epsilon", "--offline", "--json")), "index-unreachable");
      assert.equal(pages().length, asked);
      const { error } = documentOf(await ask("numpyy", "--json"), "error") as {
        error: { code: string; hint?: string };
      };
      assert.equal(error.code, "package-not-found");
      assert.notEqual(error.hint, undefined);
    });

    it("are not looked for under what is no name", async () => {
      const asked = pages().length;
      for (const text of HOSTILE) {
        const result = await shop.run("horus", ["versions", "--json", "--", name, text], { bare: true });
        assert.equal(codeOf(result), "invalid-requirement", text);
        assert.ok(result.stdout.length < 2000, text);
      }
      assert.equal(pages().length, asked);
    });

    it("name a pre-release as fitting where nothing else is asked for, and the locked one", async () => {
      const other = "early.ipynb";
      shop.write(other, notebookText(["1"], { requirements: requirements({ delta: ">=2.2rc1" }) }));
      assert.equal((await shop.run("horus", ["lock", other])).status, 0);
      const document = documentOf(
        await shop.run("horus", ["versions", other, "delta", "--json"]),
        "horus versions",
      );
      assert.deepEqual([document["newest"], document["locked"]], ["2.2rc1", "2.2rc1"]);
    });

    it("are told of a project, or of none", async () => {
      shop.write("requirements.in", "delta>=1.2\n");
      const words = ["versions", "delta", "--json", "--python-version", "3.11", "--platform", "windows"];
      const plain = documentOf(await shop.run("thoth", words), "thoth versions");
      assert.deepEqual([plain["asked"], plain["newest"]], [null, "2.1"]);
      const project = documentOf(await shop.run("thoth", [...words, "requirements.in"]), "thoth versions");
      assert.deepEqual([project["asked"], project["newest"]], ["delta>=1.2", "2.1"]);
      assert.equal((project["versions"] as Row[]).at(-1)?.admitted, false);
    });
  });

  describe("horus search", () => {
    interface Found {
      readonly name: string;
      readonly match: string;
      readonly version: string | null;
    }
    async function search(...words: readonly string[]) {
      const result = await shop.run("horus", ["search", name, "--json", ...words]);
      assert.equal(result.status, 0, result.stderr);
      const document = documentOf(result, "horus search");
      return { names: document["names"] as Found[], exact: document["exact"] };
    }

    it("has the very name first, then those that begin so, then those that have it in them", async () => {
      const { names, exact } = await search("numpy", "--offline");
      assert.equal(exact, "found");
      assert.equal(names[0]?.name, "numpy");
      const order = names.map(({ match }) => ["exact", "prefix", "part"].indexOf(match));
      assert.deepEqual(order, order.toSorted());
      assert.ok(names.some(({ match }) => match === "part"));
      assert.equal((await search("num", "--offline", "--limit", "3")).names.length, 3);
      assert.deepEqual(await search("Scikit_", "--offline"), await search("scikit-", "--offline"));
    });

    it("finds what is kept, with its newest version, and asks nobody offline", async () => {
      await shop.run("horus", ["versions", name, "delta"]);
      const asked = pages().length;
      const { names, exact } = await search("elt", "--offline");
      const [delta] = names.filter((one) => one.name === "delta");
      assert.deepEqual(delta, { name: "delta", match: "part", version: "2.1" });
      // What was asked for before comes before what is only known by name.
      assert.equal(names.find(({ match }) => match === "part")?.name, "delta");
      assert.equal(exact, "unknown");
      assert.equal(pages().length, asked);
    });

    it("asks the index once, for the whole name that nobody here knows", async () => {
      const asked = pages().length;
      const found = await search("gamma");
      assert.equal(found.exact, "found");
      assert.deepEqual(found.names[0], { name: "gamma", match: "exact", version: "1.0" });
      assert.deepEqual((await search("gam")).exact, "absent");
      assert.deepEqual(pages().slice(asked), ["/simple/gamma/", "/simple/gam/"]);
      await search("gamma");
      await search("gam");
      await search("gamma-");
      assert.equal(pages().length, asked + 2);
    });

    it("tells which packages provide a module", async () => {
      const { names } = await search("cv2", "--module", "--offline");
      assert.deepEqual(names[0], { name: "opencv-python-headless", match: "provides", version: null });
      assert.ok(names.some((one) => one.name === "opencv-python"));
      assert.deepEqual((await search("no_such_module", "--module", "--offline")).names, []);
    });

    it("tells what is known here where no index answers", async () => {
      shop.index.spoil("/simple/zeta/", { kind: "status", status: 403 });
      const { exact, names } = await search("zeta");
      assert.deepEqual([exact, names.filter(({ match }) => match === "exact")], ["unknown", []]);
    });

    it("refuses what is no part of a name", async () => {
      for (const text of HOSTILE) {
        const result = await shop.run("horus", ["search", "--json", "--", name, text], { bare: true });
        assert.equal(codeOf(result), "usage", text);
        assert.ok(result.stdout.length < 1000, text);
      }
      const many = await shop.run("horus", ["search", name, "a", "--limit", "0", "--json"]);
      assert.equal(codeOf(many), "usage");
    });
  });

  describe("horus outdated", () => {
    const book = "old.ipynb";
    /** With a cache of its own nothing is kept but what this run asks for. */
    async function outdated(cache: string, ...words: readonly string[]) {
      const result = await shop.run("horus", ["outdated", book, "--json", "--cache-dir", cache, ...words], {
        bare: true,
      });
      assert.equal(result.status, 0, result.stderr);
      const document = documentOf(result, "horus outdated");
      const rows = document["packages"] as readonly { readonly name: string }[];
      return (wanted: string) => rows.find((row) => row.name === wanted);
    }
    const row = (locked: string, more: object = {}) => ({
      locked,
      newest: locked,
      outdated: false,
      yanked: false,
      gone: false,
      status: "active",
      unknown: false,
      ...more,
    });
    const one = (project: string, version: string) => buildWheel({ name: project, version });

    before(async () => {
      for (const project of ["eta", "theta", "iota", "kappa"])
        shop.index.offer(project, [one(project, "1.0")]);
      const asked = { eta: "*", theta: "*", iota: "*", kappa: "*", delta: "==1.0" };
      shop.write(book, notebookText(["1"], { requirements: requirements(asked) }));
      const lock = await shop.run("horus", ["lock", book, "--cache-dir", "first"]);
      assert.equal(lock.status, 0, lock.stderr);
      shop.index.offer("eta", [{ artifact: one("eta", "1.0"), yanked: "wrong" }, one("eta", "1.1")]);
      shop.index.offer("theta", { files: [one("theta", "1.0")], status: { status: "archived" } });
      shop.index.offer("iota", [one("iota", "2.0")]);
      shop.index.offer("kappa", [buildWheel({ name: "kappa", version: "1.0", summary: "another" })]);
    });

    it("tells what is newer, yanked, gone or given up, asking the lock's own index", async () => {
      const before = readFileSync(join(shop.folder, book));
      const of = await outdated("second");
      assert.deepEqual(of("delta"), { name: "delta", ...row("1.0", { newest: "1.3", outdated: true }) });
      assert.deepEqual(of("eta"), {
        name: "eta",
        ...row("1.0", { newest: "1.1", outdated: true, yanked: true }),
      });
      assert.deepEqual(of("theta"), { name: "theta", ...row("1.0", { status: "archived" }) });
      assert.deepEqual(of("iota"), {
        name: "iota",
        ...row("1.0", { newest: "2.0", outdated: true, yanked: null, gone: true }),
      });
      assert.deepEqual(of("kappa"), { name: "kappa", ...row("1.0", { yanked: null, gone: true }) });
      assert.deepEqual(of("ipykernel"), { name: "ipykernel", ...row("7.0") });
      assert.deepEqual(readFileSync(join(shop.folder, book)), before);
    });

    it("asks nobody offline: what was kept counts, and nothing is unknown", async () => {
      const asked = pages().length;
      const kept = await outdated("first", "--offline");
      assert.deepEqual(kept("eta"), { name: "eta", ...row("1.0") });
      const none = await outdated("third", "--offline");
      const nothing = { newest: null, yanked: null, gone: null, status: null, unknown: true };
      assert.deepEqual(none("eta"), { name: "eta", ...row("1.0", nothing) });
      assert.equal(pages().length, asked);
    });

    it("resolves nothing: no metadata and no file is asked for", async () => {
      const asked = pages().length;
      await outdated("fourth");
      assert.equal(
        pages()
          .slice(asked)
          .every((path) => path.startsWith("/simple/")),
        true,
      );
    });

    it("is a table of those of which there is something to tell", async () => {
      const result = await shop.run("horus", ["outdated", book, "--cache-dir", "second"], { bare: true });
      assert.equal(result.status, 0);
      assert.match(result.stdout, /^eta +1\.0 +1\.1 +yanked$/m);
      assert.equal(result.stdout.includes("ipykernel"), false);
    });

    it("needs a lock, and trusts none", async () => {
      assert.equal(codeOf(await shop.run("horus", ["outdated", name, "--json"])), "lock-out-of-date");
      const document = JSON.parse(readFileSync(join(shop.folder, book), "utf8"));
      for (const [at, item] of document.metadata.thoth.lock.packages.entries())
        item.index = at === 0 ? "file:///etc/" : `https://index-${at}.test/simple/`;
      shop.write("hostile.ipynb", JSON.stringify(document));
      const asked = pages().length;
      const result = await shop.run("horus", ["outdated", "hostile.ipynb", "--offline", "--json"]);
      const rows = documentOf(result, "horus outdated")["packages"] as readonly { gone: unknown }[];
      assert.equal(
        rows.every(({ gone }) => gone === null),
        true,
      );
      document.metadata.thoth.lock.packages = Array.from({ length: 40 }, (_, at) => {
        const filename = `p${at}-1.0-py3-none-any.whl`;
        const url = `https://files.test/${filename}`;
        const wheels = [{ name: filename, url, hashes: { sha256: "0".repeat(64) } }];
        return { name: `p${at}`, version: "1.0", index: `https://index-${at}.test/simple/`, wheels };
      });
      shop.write("many.ipynb", JSON.stringify(document));
      const many = await shop.run("horus", ["outdated", "many.ipynb", "--json"], { bare: true });
      assert.equal(codeOf(many), "limit-exceeded");
      assert.equal(pages().length, asked);
    });
  });
});
