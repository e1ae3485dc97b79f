import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ThothError } from "@thoth/pep";
import packageFile from "../package.json" with { type: "json" };
import {
  formatSeconds,
  formatSize,
  mask,
  plural,
  printable,
  printableLines,
  wrap,
} from "../src/frame/printable.ts";
import { formatTable } from "../src/frame/table.ts";
import { VERSION } from "../src/frame/version.ts";
import { pipfileText } from "../src/locks/pipfile-form.ts";
import { readConfigYaml, yamlText } from "../src/locks/yaml-form.ts";
import { installedModules } from "../src/notebook/installed-modules.ts";
import { checkedKernelName, chooseKernelName } from "../src/notebook/kernel-name.ts";
import { localModules } from "../src/notebook/notebook-requirements.ts";
import { pipfileDigest, pipfileSources } from "../src/notebook/pipfile-metadata.ts";
import { indexPlaces } from "../src/session/index-places.ts";
import { parseAsOf } from "../src/settings/as-of.ts";
import { readPipSettings } from "../src/settings/pip-settings.ts";
import { nameSet, readIndexSettings, readResolutionSettings } from "../src/settings/resolution-settings.ts";

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ThothError) return error.code;
    throw error;
  }
  return "";
}

describe("folders", () => {
  it("that are named from where the command runs are so for whatever it starts", () => {
    const { cacheDirectory } = readIndexSettings({ cacheDir: "kept" }, {});
    assert.equal(cacheDirectory, join(process.cwd(), "kept"));
    const byVariable = readIndexSettings({}, { THOTH_CACHE_DIR: "./kept" });
    assert.equal(byVariable.cacheDirectory, join(process.cwd(), "kept"));
  });
});

describe("settings", () => {
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), "thoth-settings-"));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it("has the version of its package", () => {
    assert.equal(VERSION, packageFile.version);
  });

  it("reads pip's files and variables, the later winning", () => {
    const file = join(home, "pip.conf");
    writeFileSync(
      file,
      "[global]\nindex-url = https://one.example/simple\ntimeout=5\nfind-links =\n    https://links.example/a\n    /b\n# note\n[install]\nno-binary = a,b\n[list]\nindex-url = https://no.example\n",
    );
    const clean = { HOME: home, XDG_CONFIG_DIRS: join(home, "none"), XDG_CONFIG_HOME: join(home, "none") };
    const settings = readPipSettings({ ...clean, PIP_CONFIG_FILE: file });
    assert.equal(settings.indexUrl, "https://one.example/simple");
    assert.deepEqual(settings.findLinks, ["https://links.example/a", "/b"]);
    assert.deepEqual(settings.noBinary, ["a", "b"]);
    assert.equal(settings.timeout, 5);
    const variable = readPipSettings({
      ...clean,
      PIP_CONFIG_FILE: file,
      PIP_INDEX_URL: "https://two.example/simple",
      PIP_PRE: "1",
    });
    assert.equal(variable.indexUrl, "https://two.example/simple");
    assert.equal(variable.prerelease, true);
    mkdirSync(join(home, ".pip"));
    writeFileSync(join(home, ".pip", "pip.conf"), "[global]\nindex_url: https://three.example/simple\n");
    assert.equal(readPipSettings(clean).indexUrl, "https://three.example/simple");
    rmSync(join(home, ".pip"), { recursive: true });
  });

  it("takes ours first, pip's where ours are silent, and mixes no indexes", () => {
    const variables = {
      HOME: home,
      PIP_CONFIG_FILE: "/dev/null",
      PIP_INDEX_URL: "https://pip.example/simple",
      PIP_EXTRA_INDEX_URL: "https://extra.example/simple",
    };
    const silent = readIndexSettings({}, variables);
    assert.equal(silent.indexUrl, "https://pip.example/simple");
    assert.deepEqual(silent.extraIndexUrls, ["https://extra.example/simple"]);
    const own = readIndexSettings({ indexUrl: "https://own.example/simple" }, variables);
    assert.equal(own.indexUrl, "https://own.example/simple");
    assert.deepEqual(own.extraIndexUrls, []);
    assert.equal(readIndexSettings({ index: false }, variables).indexUrl, undefined);
    assert.equal(
      readIndexSettings({}, { HOME: home, PIP_CONFIG_FILE: "/dev/null" }).indexUrl,
      "https://pypi.org/simple/",
    );
  });

  it("orders places: the user's, the file's, pip's", () => {
    const variables = { HOME: home, PIP_CONFIG_FILE: "/dev/null" };
    const named = {
      indexUrl: "https://file.example/",
      extraIndexUrls: ["https://more.example/"],
      findLinks: [],
      noIndex: false,
      trustedHosts: [],
    };
    assert.deepEqual(indexPlaces(readIndexSettings({}, variables), named).indexes, [
      "https://file.example/",
      "https://more.example/",
    ]);
    const own = readIndexSettings({ indexUrl: "https://own.example/" }, variables);
    assert.deepEqual(indexPlaces(own, named).indexes, ["https://own.example/"]);
    assert.equal(
      codeOf(() => indexPlaces(readIndexSettings({ index: false }, variables))),
      "usage",
    );
    for (const indexUrl of ["ftp://x/", "git+https://x/", "nowhere-at-all", "http://[", "https://x/\n"]) {
      assert.equal(
        codeOf(() => indexPlaces(readIndexSettings({ indexUrl }, variables))),
        "usage",
        indexUrl,
      );
    }
    assert.deepEqual(indexPlaces(readIndexSettings({ indexUrl: home }, variables)).indexes, [home]);
  });

  it("reads dates: a day means its end", () => {
    assert.equal(parseAsOf("2026-01-31").text, "2026-01-31T23:59:59Z");
    assert.equal(parseAsOf("2026-01-31T12:00:00+02:00").text, "2026-01-31T10:00:00Z");
    assert.equal(parseAsOf("2026-01-31 12:00").text, "2026-01-31T12:00:00Z");
    for (const text of [
      "",
      "yesterday",
      "2026-02-30",
      "2026-13-01",
      "1960-01-01",
      "26-01-01",
      "2026-01-01T99:00",
    ]) {
      assert.equal(
        codeOf(() => parseAsOf(text)),
        "usage",
        text,
      );
    }
  });

  it("reads names as pip does", () => {
    assert.deepEqual([...nameSet(["A_b,c", ":all:"])], ["a-b", "c", ":all:"]);
    assert.deepEqual([...nameSet(["a", ":none:", "b"])], ["b"]);
    const variables = { HOME: home, PIP_CONFIG_FILE: "/dev/null" };
    assert.equal(
      codeOf(() => readResolutionSettings({ objective: "speed" }, variables)),
      "usage",
    );
    assert.equal(
      codeOf(() => readResolutionSettings({ timeout: "-1" }, variables)),
      "usage",
    );
    assert.equal(readResolutionSettings({ asOf: "2026-01-31" }, variables).policy.asOfStrict, true);
  });
});

describe("what is printed", () => {
  it("holds no control characters and no credentials", () => {
    assert.equal(printable("a\u001b[31mb\r\n\u202e"), "a\\u001b[31mb\\u000d\\u000a\\u202e");
    assert.equal(printableLines("a\r\nb\u0007"), "a\nb\\u0007");
    assert.equal(mask("https://user:secret@host/x ftp://t@h"), "https://***@host/x ftp://***@h");
  });

  it("is rounded to what a person feels", () => {
    assert.deepEqual([0, 999, 1_500, 184_000_000].map(formatSize), ["0 B", "999 B", "1.5 kB", "184 MB"]);
    assert.deepEqual([0.44, 12.4, 200].map(formatSeconds), ["0.4 s", "12 s", "3 min"]);
    assert.deepEqual([plural(1, "package"), plural(2, "package")], ["1 package", "2 packages"]);
    assert.deepEqual(wrap("one two three", 7), ["one two", "three"]);
    assert.equal(
      formatTable({
        headings: ["a", "b"],
        rows: [
          ["x", "1"],
          ["long", "2"],
        ],
      }),
      "a     b\nx     1\nlong  2",
    );
  });
});

describe("files of other tools", () => {
  it("are YAML that reads back", () => {
    const value = { a: ["x", "y: z", "- 1", "no"], b: { c: null, d: true, e: 1.5, "f#": "#" } };
    assert.deepEqual(readConfigYaml(yamlText(value), "x"), value);
    assert.equal(
      codeOf(() => readConfigYaml("- a", "x")),
      "invalid-project",
    );
    assert.equal(
      codeOf(() => readConfigYaml("a: [", "x")),
      "invalid-project",
    );
    const bomb = `a: &a [x]\n${"bcdefghij"
      .split("")
      .map((name, at) => `${name}: &${name} [${`*${"abcdefghi"[at]},`.repeat(9).slice(0, -1)}]`)
      .join("\n")}\n`;
    assert.equal(
      codeOf(() => readConfigYaml(bomb, "x")),
      "invalid-project",
    );
    assert.equal(
      codeOf(() => readConfigYaml("[".repeat(100_000), "x")),
      "invalid-project",
    );
  });

  it("are a Pipfile in pipenv's order, hostile keys and all", () => {
    const pipfile = JSON.parse(
      '{"packages":{"__proto__":"*","a b":{"version":"*","extras":["x"]}},"source":[{"url":"u\\"","verify_ssl":true,"name":"n"}]}',
    );
    assert.equal(
      pipfileText(pipfile),
      '[[source]]\nurl = "u\\""\nverify_ssl = true\nname = "n"\n\n[packages]\n__proto__ = "*"\n"a b" = {version = "*", extras = ["x"]}\n',
    );
  });

  it("have the digest that pipenv computes", () => {
    // As it stands in locks that pipenv wrote for this Pipfile.
    const pipfile = {
      source: [{ url: "https://pypi.org/simple", verify_ssl: true, name: "pypi" }],
      packages: { requests: "*" },
      "dev-packages": {},
      requires: { python_version: "3.8" },
    };
    assert.equal(pipfileDigest(pipfile), "acbc8c4e7f2f98f1059b2a93d581ef43f4aa0c9741e64e6253adff8e35fbd99e");
  });

  it("name sources without credentials, each differently", () => {
    assert.deepEqual(
      pipfileSources([
        "https://pypi.org/simple/",
        "https://me:secret@a.example/simple/",
        "https://a.example/other",
      ]).map(({ name, url }) => [name, url]),
      [
        ["pypi", "https://pypi.org/simple"],
        ["a-example", "https://a.example/simple"],
        ["a-example-2", "https://a.example/other"],
      ],
    );
  });
});

describe("a notebook's surroundings", () => {
  it("tell local modules by what lies beside it", () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-local-"));
    writeFileSync(join(folder, "helper.py"), "");
    writeFileSync(join(folder, "fast.cpython-311-x86_64-linux-gnu.so"), "");
    writeFileSync(join(folder, "numpy"), "");
    mkdirSync(join(folder, "tools"));
    writeFileSync(join(folder, "tools", "a.py"), "");
    mkdirSync(join(folder, "data"));
    const isLocal = localModules(join(folder, "x.ipynb"));
    assert.deepEqual(["helper", "fast", "tools", "numpy", "data", "absent"].map(isLocal), [
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    rmSync(folder, { recursive: true });
  });

  it("tell what the active environment provides", () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-active-"));
    const site = join(folder, process.platform === "win32" ? "Lib" : "lib/python3.11", "site-packages");
    const put = (name: string, files: Record<string, string>) => {
      mkdirSync(join(site, name), { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(site, name, file), text);
    };
    put("PyYAML-6.0.dist-info", {
      RECORD:
        "yaml/__init__.py,sha256=x,1\n_yaml.cpython-311.so,,\n../../bin/x,,\nPyYAML-6.0.dist-info/RECORD,,\n",
    });
    put("old_thing-1.dist-info", { "top_level.txt": "old\n../evil\n" });
    put("mine-1.dist-info", { RECORD: "mine.py,,\n", "direct_url.json": "{}" });
    const modules = installedModules({ VIRTUAL_ENV: folder });
    assert.deepEqual([...modules].sort(), [
      ["_yaml", ["pyyaml"]],
      ["old", ["old-thing"]],
      ["yaml", ["pyyaml"]],
    ]);
    assert.equal(installedModules({}).size, 0);
    rmSync(folder, { recursive: true });
  });

  it("give kernels names that stay in their folder", () => {
    for (const name of ["../x", "a/b", "a\\b", "..", "a\u0000"])
      assert.equal(
        codeOf(() => checkedKernelName(name)),
        "path-escape",
        name,
      );
    for (const name of ["", "a b", "-x", "x".repeat(200)])
      assert.equal(
        codeOf(() => checkedKernelName(name)),
        "usage",
        name,
      );
    const notebook = (metadata: object) => ({ metadata }) as Parameters<typeof chooseKernelName>[0];
    assert.equal(chooseKernelName(notebook({}), "a/Über Analysis (1).ipynb", undefined), "uber-analysis-1");
    assert.equal(chooseKernelName(notebook({}), "python3.ipynb", undefined), "python3-notebook");
    assert.equal(chooseKernelName(notebook({ kernelspec: { name: "mine" } }), "x.ipynb", undefined), "x");
    assert.equal(
      chooseKernelName(notebook({ kernelspec: { name: "mine" }, thoth: {} }), "x.ipynb", undefined),
      "mine",
    );
    assert.equal(chooseKernelName(notebook({}), "x.ipynb", "other"), "other");
  });
});
