import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { formatPipfile, type Pipfile, parsePipfile } from "../src/pipfile.ts";
import { formatPipfileLock, parsePipfileLock } from "../src/pipfile-lock.ts";
import { readProjectFile } from "../src/project-file-read.ts";
import { formatRequirement } from "../src/requirement.ts";
import { failureOf } from "./failure.ts";

const common = `[[source]]
url = "https://pypi.org/simple"
verify_ssl = true
name = "pypi"

[packages]
requests = "*"
Flask = {version = ">=1.0,<3", extras = ["async"], markers = "python_version >= '3.7'"}
near = {path = ".", editable = true}
tool = {git = "https://git.example/tool.git", ref = "main", subdirectory = "sub"}

[dev-packages]
pytest = "~=7.0"

[requires]
python_version = "3.9"
`;

const withoutSource = `[packages]
"zope.interface" = "==5.0"
[docs]
sphinx = {version = "*", sys_platform = "== 'win32'", index = "other"}
[pipenv]
allow_prereleases = true
[scripts]
test = "pytest"
`;

const beyondAscii = `[[source]]
url = "https://$USER:\${PASS}@pypi.example/simplé/😀"
verify_ssl = false
name = "é"
[packages]
[requires]
python_full_version = "3.9.1"
`;

test("the hash is that of pipenv", () => {
  const hash = (text: string) => createHash("sha256").update(parsePipfile(text).hashText).digest("hex");
  // Made by pipenv 2026.10.3.
  assert.equal(hash(common), "af472194f5401199c2f66c0737ef849047690fd428c2bc9645ca86319784d831");
  assert.equal(hash(withoutSource), "82f6417099dff0de8b956d848464da136d0f88fce2d4f0fc9a8eab58d87f58fb");
  assert.equal(hash(beyondAscii), "52318d73e62f68982d571800b81d40ea0a3fb9cfcd6852a31f6b7211f0849f0a");
  assert.equal(hash(`# a comment\n${common.replaceAll("\n", "\r\n")}`), hash(common));
});

test("numbers are hashed as Python writes them", () => {
  const { hashText } = parsePipfile(
    "[packages]\na = {version = '*', n = 3, f = 3.0, g = 1e22, h = 1.5e-7, i = -0.0}",
  );
  assert.ok(hashText.includes('"f":3.0,"g":1e+22,"h":1.5e-07,"i":-0.0,"n":3,'));
});

const shown = (file: ReturnType<typeof readProjectFile>) =>
  file.requirements.map(({ requirement, group, index }) =>
    [formatRequirement(requirement), group, index ?? ""].join(" | "),
  );

test("a Pipfile as a project file", () => {
  const file = readProjectFile("a/Pipfile", common, { dev: true });
  assert.deepEqual(shown(file), [
    "requests | default | ",
    'Flask[async]<3,>=1.0; python_version >= "3.7" | default | ',
    "tool @ git+https://git.example/tool.git@main#subdirectory=sub | default | ",
    "pytest~=7.0 | dev | ",
  ]);
  assert.deepEqual(
    file.locations.map(({ location, name, editable }) => [location, name, editable]),
    [["a", "near", true]],
  );
  assert.equal(file.requiresPython!.text, "==3.9.*");
  assert.deepEqual(file.indexes, [{ name: "pypi", url: "https://pypi.org/simple", role: "default" }]);
  assert.equal(readProjectFile("Pipfile", common).requirements.length, 3);
});

test("what Thoth's service minds is no package", () => {
  const text = `[packages]\nflask = "*"\n\n[thoth]\ndisable_index_adjustment = true\n\n[thoth.allow_prereleases]\nflask = true\n`;
  const { categories, hashText } = parsePipfile(text);
  assert.deepEqual([...categories.keys()], ["packages", "dev-packages"]);
  assert.deepEqual(JSON.parse(hashText).thoth.allow_prereleases, { flask: true });
});

test("categories, variables and settings", () => {
  const file = readProjectFile("Pipfile", withoutSource, { groups: ["DOCS"] });
  assert.deepEqual(shown(file), [
    "zope.interface==5.0 | default | ",
    'sphinx; sys_platform == "win32" | docs | other',
  ]);
  assert.deepEqual(file.prereleases, [":all:"]);
  assert.equal(shown(readProjectFile("Pipfile", withoutSource, { groups: "all" })).length, 2);
  assert.equal(
    failureOf(() => readProjectFile("Pipfile", common, { groups: ["docs"] })).code,
    "invalid-project",
  );
  const variables = new Map([
    ["USER", "me"],
    ["PASS", "secret"],
  ]);
  const other = readProjectFile("Pipfile", beyondAscii, { variable: (name) => variables.get(name) });
  assert.equal(other.indexes[0]!.url, "https://me:secret@pypi.example/simplé/😀");
  assert.deepEqual(other.trustedHosts, ["pypi.example"]);
  assert.equal(other.requiresPython!.text, "==3.9.1");
  assert.equal(
    readProjectFile("Pipfile", beyondAscii).indexes[0]!.url,
    "https://$USER:$" + "{PASS}@pypi.example/simplé/😀",
  );
});

test("a path that an old pipenv named by a digest has no name", () => {
  const file = readProjectFile("Pipfile", '[packages]\n"e1839a8" = {path = ".", editable = true}');
  assert.deepEqual(
    file.locations.map(({ location, name }) => [location, name]),
    [[".", undefined]],
  );
});

/** Without what hangs on how the file spells it. */
const meaning = ({ hashText: _, ...pipfile }: Pipfile) =>
  JSON.parse(
    JSON.stringify({ ...pipfile, categories: [...pipfile.categories] }, (key, value) => {
      return key === "path" && typeof value === "string" && value.includes(".") ? undefined : value;
    }),
  );

test("what is written is read", () => {
  for (const text of [common, withoutSource, beyondAscii, "", '[packages]\n"requests[a,b]" = "(>=1)"']) {
    const pipfile = parsePipfile(text);
    assert.deepEqual(meaning(parsePipfile(formatPipfile(pipfile))), meaning(pipfile));
  }
  const version = fc.constantFrom("*", "==1.0", ">=1,<2", "~=1.4.2", "!=1.*", "===x", ">=1!2a1");
  const table = fc.record(
    {
      version,
      extras: fc.subarray(["a", "b-c"]),
      index: fc.string({ minLength: 1 }),
      markers: fc.constantFrom(
        "os_name == 'nt'",
        'python_version in "3.8 it\'s"',
        "extra == 'x' or os_name < 'b'",
      ),
      python_version: fc.constantFrom("> '3'", "== '3.9'"),
    },
    { requiredKeys: ["version"] },
  );
  const direct = fc.record(
    {
      git: fc.constantFrom("https://x.example/a.git", "git@x.example:a/b.git"),
      ref: fc.constant("v1"),
      editable: fc.boolean(),
    },
    { requiredKeys: ["git"] },
  );
  const packages = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), fc.oneof(version, table, direct));
  const category = fc
    .string({ minLength: 1 })
    .filter((name) => !["source", "requires", "scripts", "pipfile", "pipenv"].includes(name));
  fc.assert(
    fc.property(packages, packages, category, (main, more, name) => {
      const line = ([key, value]: [string, unknown]) => `${key} = ${toml(value)}\n`;
      const head = `[packages]\n${Object.entries(main).map(line).join("")}`;
      const extra = name === "packages" ? "" : `[${toml(name)}]\n${Object.entries(more).map(line).join("")}`;
      const pipfile = parsePipfile(head + extra);
      const written = formatPipfile(pipfile);
      assert.deepEqual(meaning(parsePipfile(written)), meaning(pipfile));
      assert.equal(formatPipfile(parsePipfile(written)), written);
    }),
    { numRuns: 300 },
  );
});

function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  if (typeof value !== "object" || value === null)
    return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  return `{${Object.entries(value)
    .map(([key, item]) => `${key} = ${toml(item)}`)
    .join(", ")}}`;
}

test("what is wrong with a Pipfile", () => {
  const pathOf = (text: string) => {
    const { code, details } = failureOf(() => parsePipfile(text));
    assert.equal(code, "invalid-project");
    return details!["path"];
  };
  assert.equal(pathOf("packages = 1"), "packages");
  assert.equal(pathOf("[packages]\na = 1"), "packages.a");
  assert.equal(pathOf('[packages]\na = "1.0"'), "packages.a.version");
  assert.equal(pathOf('[packages]\n"?" = "*"'), "packages.?");
  assert.equal(pathOf('[packages]\na_b = "*"\nA-B = "*"'), "packages.A-B");
  assert.equal(pathOf('[packages]\na = {version = "*", markers = "x"}'), "packages.a.markers");
  assert.equal(pathOf('[packages]\na = {version = "*", os_name = "nt"}'), "packages.a.os_name");
  assert.equal(pathOf('[packages]\na = {git = "https://x", file = "y"}'), "packages.a");
  assert.equal(pathOf('[docs]\na = {extras = "x"}'), "docs.a.extras");
  assert.equal(pathOf('[[source]]\nname = "x"'), "source[0].url");
  assert.equal(pathOf('[[source]]\nurl = "x"\nverify_ssl = 1'), "source[0].verify_ssl");
  assert.equal(failureOf(() => parsePipfile("[packages]\n\na = ")).details!["line"], 3);
});

const digest = (sign: string) => `sha256:${sign.repeat(64)}`;

// As pipenv 2026.10.3 writes it.
const lockText = `{
    "_meta": {
        "hash": {
            "sha256": "a60ca051bd3a3d481a1b16b7d43b1771976c86e6c518f2bae5ffdbe060f38a21"
        },
        "pipfile-spec": 6,
        "requires": {
            "python_version": "3.9"
        },
        "sources": [
            {
                "name": "pypi",
                "url": "https://pypi.org/simple",
                "verify_ssl": true
            }
        ]
    },
    "default": {
        "colorama": {
            "version": "*"
        },
        "near": {
            "editable": true,
            "path": "."
        },
        "requests": {
            "extras": [
                "socks"
            ],
            "hashes": [
                "${digest("0")}",
                "${digest("a")}"
            ],
            "index": "pypi",
            "markers": "python_version >= '3.7'",
            "version": "==2.28.1"
        },
        "tool": {
            "git": "https://git.example/tool.git",
            "markers": "python_version >= '3.7' and os_name != 'nt'",
            "ref": "7921be1537eac1e97bc40179a57f0349c2aee67d",
            "subdirectory": "sub"
        }
    },
    "develop": {},
    "docs": {
        "sphinx": {
            "hashes": [
                "${digest("1")}"
            ],
            "version": "==7.0"
        }
    }
}
`;

test("a lock is written byte for byte as pipenv writes it", () => {
  const lock = parsePipfileLock(lockText);
  assert.equal(formatPipfileLock(lock), lockText);
  const empty = { hash: "0".repeat(64), requires: {}, sources: [], categories: new Map() };
  assert.equal(formatPipfileLock(parsePipfileLock(formatPipfileLock(empty))), formatPipfileLock(empty));
});

test("a lock as a project file", () => {
  const file = readProjectFile("Pipfile.lock", lockText, { groups: ["docs"], dev: true });
  assert.deepEqual(shown(file), [
    "colorama | default | ",
    'requests[socks]==2.28.1; python_version >= "3.7" | default | pypi',
    'tool @ git+https://git.example/tool.git@7921be1537eac1e97bc40179a57f0349c2aee67d#subdirectory=sub ; python_version >= "3.7" and os_name != "nt" | default | ',
    "sphinx==7.0 | docs | ",
  ]);
  assert.deepEqual(file.requirements[1]!.hashes[0], { algorithm: "sha256", digest: "0".repeat(64) });
  assert.equal(file.locations[0]!.name, "near");
  assert.equal(file.requiresPython!.text, "==3.9.*");
});

test("what is wrong with a lock", () => {
  const pathOf = (change: (lock: Record<string, Record<string, unknown>>) => void) => {
    const lock = JSON.parse(lockText);
    change(lock);
    const { code, details } = failureOf(() => parsePipfileLock(JSON.stringify(lock)));
    assert.equal(code, "invalid-lock");
    return details!["path"];
  };
  assert.equal(
    pathOf((lock) => delete lock["_meta"]),
    "_meta",
  );
  assert.equal(
    pathOf((lock) => delete lock["_meta"]!["hash"]),
    "_meta.hash.sha256",
  );
  assert.equal(
    pathOf((lock) => {
      (lock["default"]!["requests"] as { hashes: string[] }).hashes[1] = "sha256:0";
    }),
    "default.requests.hashes[1]",
  );
  assert.equal(
    pathOf((lock) => {
      (lock["default"]!["requests"] as { version: string }).version = "2.0";
    }),
    "default.requests.version",
  );
  assert.equal(
    pathOf((lock) => {
      lock["develop"] = [] as unknown as Record<string, unknown>;
    }),
    "develop",
  );
  assert.equal(failureOf(() => parsePipfileLock("{")).code, "invalid-lock");
  assert.equal(failureOf(() => parsePipfileLock("[]")).code, "invalid-lock");
});
