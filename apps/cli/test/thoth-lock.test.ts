import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parsePylock } from "@thoth/pep";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

describe("thoth lock", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
  });
  after(() => shop.close());

  const pins = (json: unknown) =>
    (json as { packages: { name: string; version: string }[] }).packages.map(
      ({ name, version }) => `${name}==${version}`,
    );

  it("writes a lock of PEP 751", async () => {
    shop.write("requirements.in", "alpha\n");
    const result = await shop.run("thoth", ["lock", "requirements.in"]);
    assert.equal(result.status, 0, result.stderr);
    const lock = parsePylock(result.stdout);
    assert.deepEqual(
      lock.packages.map(({ name }) => name),
      ["alpha", "beta"],
    );
    assert.ok(
      lock.packages.every(({ wheels = [] }) => wheels.every(({ hashes }) => hashes["sha256"]?.length === 64)),
    );
  });

  it("prints one JSON document", async () => {
    shop.write("requirements.in", "alpha\n");
    for (const words of [["--json"], ["--format", "json"]]) {
      const result = await shop.run("thoth", ["lock", "requirements.in", ...words]);
      assert.equal(result.status, 0, result.stderr);
      assert.deepEqual(pins(documentOf(result, "thoth lock")), ["alpha==2.0", "beta==2.0"]);
    }
  });

  it("reads the standard input, and files of the current folder", async () => {
    const piped = await shop.run("thoth", ["lock", "-", "--json"], { stdin: "gamma\n" });
    assert.deepEqual(pins(piped.json), ["beta==1.0", "gamma==1.0"]);
    shop.write("requirements.in", "beta==1.0\n");
    const found = await shop.run("thoth", ["lock", "--json"]);
    assert.deepEqual(pins(found.json), ["beta==1.0"]);
  });

  it("reads a Pipfile, pyproject.toml, a script and a notebook", async () => {
    const { write } = shop;
    const files = [
      write("Pipfile", '[packages]\nalpha = "==1.0"\n[dev-packages]\ngamma = "*"\n'),
      write("pyproject.toml", '[project]\nname = "x"\nversion = "1"\ndependencies = ["alpha==1.0"]\n'),
      write("script.py", '# /// script\n# dependencies = ["alpha==1.0"]\n# ///\nimport alpha\n'),
      write(
        "stated.ipynb",
        '{"cells":[],"metadata":{"requirements":"{\\"packages\\":{\\"alpha\\":\\"==1.0\\"}}"},"nbformat":4,"nbformat_minor":4}',
      ),
    ];
    for (const file of files) {
      const result = await shop.run("thoth", ["lock", file, "--json"]);
      assert.equal(result.status, 0, result.stderr);
      assert.deepEqual(pins(result.json), ["alpha==1.0", "beta==2.0"], file);
    }
    const development = await shop.run("thoth", ["lock", files[0] as string, "--dev", "--json"]);
    assert.deepEqual(pins(development.json), ["alpha==1.0", "beta==1.0", "gamma==1.0"]);
  });

  it("writes every form, chosen by name or by option", async () => {
    shop.write("requirements.in", "alpha\n");
    const forms: [string, RegExp][] = [
      ["pylock.toml", /^lock-version/],
      ["requirements.txt", /^--index-url [^\n]+\nalpha==2\.0 \\\n {4}--hash=sha256:/],
      ["Pipfile.lock", /^\{\n {4}"_meta"/],
      ["lock.json", /^\{\n {2}"packages"/],
    ];
    for (const [name, form] of forms) {
      const result = await shop.run("thoth", ["lock", "requirements.in", "-o", name]);
      assert.equal(result.status, 0, result.stderr);
      assert.equal(result.stdout, "");
      assert.match(readFileSync(join(shop.folder, name), "utf8"), form);
    }
  });

  it("is the same bytes again as of one date", async () => {
    shop.write("requirements.in", "alpha\n");
    const words = ["lock", "requirements.in", "--as-of", "2026-01-31"];
    const [one, two] = [await shop.run("thoth", words), await shop.run("thoth", words)];
    assert.equal(one.status, 0, one.stderr);
    assert.equal(one.stdout, two.stdout);
  });

  it("honours constraints, pre-releases, the lowest versions and other platforms", async () => {
    shop.write("requirements.in", "alpha\n");
    shop.write("constraints.txt", "alpha<2\n");
    const ask = async (...words: string[]) =>
      pins((await shop.run("thoth", ["lock", "requirements.in", "--json", ...words])).json);
    assert.deepEqual(await ask("--constraint", "constraints.txt"), ["alpha==1.0", "beta==2.0"]);
    assert.deepEqual(await ask("--prerelease", "allow"), ["alpha==2.0", "beta==3.0rc1"]);
    assert.deepEqual(await ask("--resolution", "lowest"), ["alpha==1.0", "beta==1.0"]);
    assert.deepEqual(await ask("--python-version", "3.8", "--platform", "windows"), [
      "alpha==2.0",
      "beta==2.0",
    ]);
  });

  it("honours indexes that the file names, unless the user names one", async () => {
    shop.write("requirements.in", `--index-url ${shop.index.indexUrl}\nbeta\n`);
    const named = await shop.run("thoth", ["lock", "requirements.in", "--json"], { bare: true });
    assert.deepEqual(pins(named.json), ["beta==2.0"]);
    shop.write("requirements.in", "--index-url http://127.0.0.1:9/simple\nbeta\n");
    const chosen = await shop.run("thoth", ["lock", "requirements.in", "--json"]);
    assert.deepEqual(pins(chosen.json), ["beta==2.0"]);
  });

  it("honours pip's own settings", async () => {
    shop.write("requirements.in", "beta\n");
    const result = await shop.run("thoth", ["lock", "requirements.in", "--json"], {
      bare: true,
      env: { PIP_INDEX_URL: shop.index.indexUrl },
    });
    assert.deepEqual(pins(result.json), ["beta==2.0"]);
  });

  it("says in two facts why nothing fits, and what would", async () => {
    shop.write("requirements.in", "alpha==2.0\ngamma\n");
    const result = await shop.run("thoth", ["lock", "requirements.in", "--json"]);
    assert.equal(result.status, 1);
    const { error } = documentOf(result, "error") as {
      error: { code: string; details: { sentences: string[]; waysOut: string[] } };
    };
    assert.equal(error.code, "unsatisfiable");
    assert.ok(error.details.sentences.length <= 4);
    assert.ok(error.details.waysOut.length > 0);
    const told = await shop.run("thoth", ["lock", "requirements.in", "--explain", "full"]);
    assert.equal(told.status, 1);
    assert.equal(told.stdout, "");
  });

  it("fails with a code, and writes nothing", async () => {
    shop.write("requirements.in", "alpha; nonsense\n");
    const cases: [string, string[], string, number][] = [
      ["alpha; nonsense\n", [], "invalid-requirement", 2],
      ["no-such-thing\n", [], "package-not-found", 1],
      ["alpha>9\n", [], "unsatisfiable", 1],
      ["alpha\n", ["--as-of", "yesterday"], "usage", 2],
      ["alpha\n", ["--timeout", "soon"], "usage", 2],
      ["alpha\n", ["--max-steps", "0"], "usage", 2],
      ["alpha\n", ["--platform", "amiga"], "usage", 2],
      ["-r https://127.0.0.1/other.txt\n", [], "usage", 2],
      ["alpha @ file:///etc/passwd\n", [], "invalid-requirement", 2],
    ];
    for (const [text, words, code, status] of cases) {
      shop.write("requirements.in", text);
      const result = await shop.run("thoth", [
        "lock",
        "requirements.in",
        "-o",
        "out.toml",
        "--json",
        ...words,
      ]);
      assert.equal(codeOf(result), code, text + words.join(" "));
      assert.equal(result.status, status, code);
      assert.ok(!existsSync(join(shop.folder, "out.toml")));
    }
  });

  it("locks a file that is named by its URL", async () => {
    shop.write("requirements.in", `beta @ ${shop.index.urlOf("beta-1.0-py3-none-any.whl")}\n`);
    const result = await shop.run("thoth", ["lock", "requirements.in", "--json", "--as-of", "2020-01-01"]);
    assert.deepEqual(pins(documentOf(result, "thoth lock")), ["beta==1.0"]);
  });

  it("installs what it locked, all or nothing", async () => {
    shop.write("requirements.in", "alpha\n");
    await shop.run("thoth", ["lock", "requirements.in", "-o", "pylock.toml"]);
    await shop.run("thoth", ["lock", "requirements.in", "-o", "hashed.txt"]);
    for (const lock of ["pylock.toml", "hashed.txt"]) {
      const result = await shop.run("thoth", ["install", lock, "--target", `into-${lock}`, "--json"]);
      assert.equal(result.status, 0, result.stderr);
      const { packages } = documentOf(result, "thoth install") as { packages: { name: string }[] };
      assert.deepEqual(
        packages.map(({ name }) => name),
        ["alpha", "beta"],
      );
      assert.ok(
        existsSync(join(shop.folder, `into-${lock}`, "alpha")) ||
          existsSync(join(shop.folder, `into-${lock}`, "alpha.py")),
      );
    }
    const text = readFileSync(join(shop.folder, "pylock.toml"), "utf8");
    shop.write("wrong.toml", text.replace(/sha256 = "[0-9a-f]{64}"/g, `sha256 = "${"0".repeat(64)}"`));
    const refused = await shop.run("thoth", ["install", "wrong.toml", "--target", "nothing", "--json"]);
    assert.equal(codeOf(refused), "hash-mismatch");
    assert.equal(refused.status, 3);
    assert.ok(!existsSync(join(shop.folder, "nothing")));
    shop.write("loose.txt", "alpha\n");
    assert.equal(codeOf(await shop.run("thoth", ["install", "loose.txt", "--json"])), "invalid-lock");
  });
});
