// Rules from places beside those shipped: folders, archives, repositories made by the real git.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

const skip = spawnSync("git", ["--version"]).status === 0 ? false : "git is not here";

const rule = (name: string, refused: string) => `units:
  sieves:
    - name: ${name}
      type: sieve
      should_include: {adviser_pipeline: true}
      match: {package_version: {name: beta, version: "==${refused}"}}
`;
const CASES = "cases:\n- stack: {beta: '2.0'}\n  fires: [Old]\n";

describe("places of rules", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    shop.write("requirements.in", "beta\n");
    for (const name of ["one", ".two"]) mkdirSync(join(shop.folder, name));
  });
  after(() => shop.close());

  const betaOf = async (...words: readonly string[]) => {
    const all = ["advise", "requirements.in", "--json", "--index-url", shop.index.indexUrl, ...words];
    const result = await shop.run("thoth", all, { bare: true });
    assert.equal(result.status, 0, result.stderr);
    const document = documentOf(result, "thoth advise");
    const [product] = document["products"] as readonly { packages: readonly { version: string }[] }[];
    return { version: product?.packages[0]?.version, rules: document["rules"] };
  };

  it("may be several, wherever they lie", async () => {
    shop.write("one/a.yaml", rule("A", "2.0"));
    shop.write(".two/b.yaml", rule("B", "1.0"));
    shop.write(".two/c.yaml", rule("C", "2.0"));
    assert.equal((await betaOf("--prescriptions", "one")).version, "1.0");
    const both = ["--prescriptions", "./one", "--prescriptions", "../project/.two"];
    // Neither 1.0 nor 2.0: what is left is a release candidate.
    assert.equal((await betaOf(...both)).version, "3.0rc1");
  });

  describe("in git", { skip }, () => {
    let place: string;
    const git = (...words: readonly string[]) => {
      const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
      return execFileSync("git", [...identity, ...words], {
        cwd: join(shop.folder, "one"),
        encoding: "utf8",
      });
    };
    const commit = (text: string) => {
      mkdirSync(join(shop.folder, "one/rules"), { recursive: true });
      shop.write("one/rules/a.yaml", text);
      shop.write("one/rules/a.test.yaml", CASES);
      git("add", "--all");
      git("commit", "--quiet", "--message=x");
      return git("rev-parse", "HEAD").trim();
    };
    let first: string;

    before(() => {
      place = `git+${pathToFileURL(join(shop.folder, "one")).href}@main#subdirectory=rules`;
      git("init", "--quiet", "--initial-branch=main");
      first = commit(rule("Old", "2.0"));
    });

    it("hold, and the report names their commit", async () => {
      const { version, rules } = await betaOf("--prescriptions", place);
      assert.equal(version, "1.0");
      const [source, ...others] = rules as readonly { source: string; commit: string }[];
      assert.deepEqual([source?.source, source?.commit, others], [place, first, []]);
      const all = ["advise", "requirements.in", "--prescriptions", place, "--html", "page.html"];
      const words = await shop.run("thoth", [...all, "--index-url", shop.index.indexUrl], { bare: true });
      assert.ok(words.stdout.includes(`rules of ${place} at commit ${first}`), words.stdout);
      assert.ok(readFileSync(join(shop.folder, "page.html"), "utf8").includes(first));
    });

    it("are those of the commit that is kept where nobody may be asked", async () => {
      const second = commit(rule("New", "1.0"));
      const offline = ["--prescriptions", place, "--offline"];
      const { version, rules } = await betaOf(...offline);
      assert.equal(version, "1.0");
      assert.deepEqual(
        (rules as readonly object[]).map((one) => (one as { isCurrent: boolean }).isCurrent),
        [false],
      );
      const online = await betaOf("--prescriptions", place);
      assert.equal(online.version, "2.0");
      assert.deepEqual(
        (online.rules as readonly object[]).map((one) => (one as { commit: string }).commit),
        [second],
      );
    });

    it("are validated and tried as others are", async () => {
      const pinned = place.replace("@main", `@${first}`);
      const checked = await shop.run("thoth", ["prescriptions", "validate", pinned, "--json"]);
      assert.equal(checked.status, 0);
      const { units, sources } = documentOf(checked, "thoth prescriptions") as {
        units: number;
        sources: readonly { commit: string }[];
      };
      assert.deepEqual([units, sources.map(({ commit: one }) => one)], [1, [first]]);
      const tried = await shop.run("thoth", ["prescriptions", "test", pinned, "--json", "--offline"]);
      assert.equal(documentOf(tried, "thoth prescriptions")["passed"], 1);
      const failed = await shop.run("thoth", ["prescriptions", "test", place, "--json"]);
      assert.deepEqual([failed.status, documentOf(failed, "thoth prescriptions")["failed"]], [1, 1]);
    });

    it("need git", async () => {
      const words = ["prescriptions", "validate", place, "--json", "--cache-dir", join(shop.home, "other")];
      const result = await shop.run("thoth", words, { env: { PATH: shop.home } });
      assert.deepEqual([result.status, codeOf(result)], [3, "environment-failed"]);
    });
  });
});
