import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ThothError } from "../src/error.ts";
import { formatRequirement } from "../src/requirement.ts";
import { parseRequirementsFile, type RequirementLine } from "../src/requirements-file.ts";
import { decodeRequirementsFile } from "../src/requirements-file-lines.ts";
import { failureOf } from "./failure.ts";

const sha = "0".repeat(64);

function parse(text: string, files: Record<string, string> = {}, variables: Record<string, string> = {}) {
  return parseRequirementsFile(text, {
    name: "requirements.txt",
    read: (path) => {
      const found = files[path];
      if (found === undefined) throw new ThothError("usage", `no file ${path}`);
      return found;
    },
    variable: (name) => variables[name],
  });
}

function show(line: RequirementLine): string {
  return line.kind === "requirement" ? formatRequirement(line.requirement) : `at ${line.location}`;
}

const shown = (text: string, files?: Record<string, string>) => parse(text, files).requirements.map(show);

test("comments, continuation and white space", () => {
  assert.deepEqual(
    shown(
      `# comment \\
a  # why
 b==1#not-a-comment-mark`.replace("#not-a-comment-mark", "  # x"),
    ),
    ["a", "b==1"],
  );
  assert.deepEqual(shown("a>=1,\\\n<2 \\\n ; python_version > '3'"), ['a<2,>=1; python_version > "3"']);
  assert.deepEqual(shown("a \\\n# comment\nb"), ["a", "b"]);
  assert.deepEqual(shown("a\\"), ["a"]);
  assert.deepEqual(shown("a\r\nb\rc\u2028d"), ["a", "b", "c", "d"]);
  assert.equal(parse("\n\n a\\\n==1").requirements[0]!.position.line, 3);
  assert.deepEqual(shown("https://x.example/a-1.0.tar.gz#sha256=aa"), [
    "at https://x.example/a-1.0.tar.gz#sha256=aa",
  ]);
});

test("variables are upper case, in braces and set", () => {
  const file = parse(
    "-i https://${USER}:${PASS_1}@x.example/${lower}/${UNSET}/$USER",
    {},
    { USER: "u", PASS_1: "p" },
  );
  assert.equal(file.indexUrl, "https://u:p@x.example/${lower}/${UNSET}/$USER");
});

test("options of the file", () => {
  const file = parse(`
--index-url=https://a.example/simple
-i 'https://b.example/simple' --extra-index-url https://c.example
--extra-index-url "https://d.example/x y"
--no-index
-fwheels
--find-links https://e.example/links
--no-binary A_b,c
--only-binary :all: --no-binary=d
--pre
--trusted-host h.example
--require-hashes --prefer-binary
--extra https://f.example
`);
  assert.equal(file.indexUrl, "https://b.example/simple");
  assert.deepEqual(file.extraIndexUrls, ["https://c.example", "https://d.example/x y", "https://f.example"]);
  assert.deepEqual(file.findLinks, ["wheels", "https://e.example/links"]);
  assert.deepEqual([file.noIndex, file.requireHashes, file.preferBinary], [true, true, true]);
  assert.deepEqual(file.onlyBinary, [":all:"]);
  assert.deepEqual(file.noBinary, ["d"]);
  assert.deepEqual(file.allReleases, [":all:"]);
  assert.deepEqual(file.trustedHosts, ["h.example"]);
  assert.deepEqual(parse("--no-binary :all:\n--no-binary :none:,x").noBinary, ["x"]);
});

test("options of a requirement", () => {
  const [line] = parse(`a==1 ; python_version >= "3" --hash=sha256:${sha} \\
  --hash sha512:${"A".repeat(128)} -C k=v --global-option=x --pre`).requirements;
  assert.equal(show(line!), 'a==1; python_version >= "3"');
  assert.deepEqual(
    line!.hashes.map(({ algorithm }) => algorithm),
    ["sha256", "sha512"],
  );
  assert.equal(line!.hashes[1]!.digest, "a".repeat(128));
  assert.deepEqual(line!.configSettings, ["k=v"]);
  assert.deepEqual(line!.globalOptions, ["x"]);
  assert.equal(parse("a --pre").warnings.length, 1);
  assert.deepEqual(parse("a --pre").allReleases, []);
});

test("URLs and paths stand for requirements", () => {
  const lines = parse(`
./local[x,y]
../other ; os_name == "posix"
wheels/demo-1.0-py3-none-any.whl
demo-2.0.tar.gz
git+https://g.example/r.git@main#egg=Demo[Fast]&subdirectory=s
https://x.example/a%2Bb-1.0-py3-none-any.whl ; python_version < "3"
-e .
-e git+ssh://git@g.example/r.git#egg=r
-e folder
demo @ https://x.example/demo.zip
`).requirements;
  assert.deepEqual(
    lines.map(show),
    [
      "at ./local",
      "at ../other",
      "at wheels/demo-1.0-py3-none-any.whl",
      "at demo-2.0.tar.gz",
      "at git+https://g.example/r.git@main#egg=Demo[Fast]&subdirectory=s",
      "at https://x.example/a%2Bb-1.0-py3-none-any.whl",
      "at .",
      "at git+ssh://git@g.example/r.git#egg=r",
      "at folder",
      "demo@ https://x.example/demo.zip",
    ].map((text) => text.replace("demo@", "demo @")),
  );
  const names = lines.map((line) => (line.kind === "location" ? line.name : line.requirement.name));
  assert.deepEqual(names, [
    undefined,
    undefined,
    "demo",
    undefined,
    "demo",
    undefined,
    undefined,
    "r",
    undefined,
    "demo",
  ]);
  assert.deepEqual(lines.map(({ editable }) => editable).filter(Boolean).length, 3);
  assert.deepEqual(lines[0]!.kind === "location" && lines[0]!.extras, ["x", "y"]);
  assert.deepEqual(lines[4]!.kind === "location" && lines[4]!.extras, ["fast"]);
});

test("nested files are read from where they are named", () => {
  const files = {
    "sub/a.txt": "-r ../sub/b.txt\na\n-c c.txt\n-f dir",
    "sub/b.txt": "b",
    "sub/c.txt": "c<2\n-r b.txt",
  };
  const file = parse("-r sub/a.txt\n-r sub/b.txt", files);
  assert.deepEqual(file.requirements.map(show), ["b", "a", "b", "b"]);
  assert.deepEqual(file.constraints.map(show), ["c<2"]);
  assert.deepEqual(file.requirements[0]!.position, { file: "sub/b.txt", line: 1 });
  assert.deepEqual(file.findLinks, ["sub/dir"]);
  const url = parseRequirementsFile("-r b.txt", {
    name: "https://x.example/d/a.txt",
    read: (path) => (path === "https://x.example/d/b.txt" ? "b" : "wrong"),
  });
  assert.deepEqual(url.requirements.map(show), ["b"]);
});

test("circles, depth and what cannot be read", () => {
  const error = failureOf(() => parse("-r a.txt", { "a.txt": "\n-r ./x/../requirements.txt" }));
  assert.equal(error.code, "invalid-requirement");
  assert.deepEqual(error.details, { file: "a.txt", line: 2 });
  assert.equal(failureOf(() => parse("-r requirements.txt")).code, "invalid-requirement");
  const endless = parseRequirementsFile.bind(undefined, "-r a/r.txt", {
    name: "r.txt",
    read: () => "-r a/r.txt",
  });
  assert.equal(failureOf(endless).code, "limit-exceeded");
  assert.equal(failureOf(() => parse("-r absent.txt")).code, "usage");
});

test("errors name file and line, and no secret", () => {
  const wrong = [
    "a b",
    "a==",
    "--unknown",
    "-x",
    "--no-index=1",
    "--index-url",
    "--no",
    "-i 'open",
    "a --hash=md5:00",
    "a --hash=sha256:zz",
    "a ; nonsense",
    "a; $(touch x)",
    "$(touch x)",
    "`id`",
    "a && b",
    "https://x.example/a b.zip",
  ];
  for (const line of wrong) {
    const error = failureOf(() => parse(`ok\n${line}`));
    assert.equal(error.code, "invalid-requirement", line);
    assert.equal(error.details?.["line"], 2, line);
  }
  const secret = failureOf(() => parse("https://user:${TOKEN}@x.example/a b.zip", {}, { TOKEN: "hunter2" }));
  assert.doesNotMatch(secret.message, /hunter2/);
  assert.doesNotMatch(failureOf(() => parse("a @ https://u:hunter2@x.example/ ???")).message, /hunter2/);
  for (const line of ["-e .", "./x", "a[b]"]) {
    assert.equal(failureOf(() => parse("-c c.txt", { "c.txt": line })).code, "invalid-requirement");
  }
});

test("encodings", () => {
  const bytes = (...units: number[]) => decodeRequirementsFile(Uint8Array.from(units));
  assert.equal(bytes(0xef, 0xbb, 0xbf, 0x61), "a");
  assert.equal(bytes(0xff, 0xfe, 0x61, 0), "a");
  assert.match(decodeRequirementsFile(Buffer.from("# -*- coding: latin-1 -*-\n# \xe9\na", "latin1")), /é/);
  assert.equal(decodeRequirementsFile(Buffer.from("# coding: nonsense\na")).endsWith("a"), true);
});

test("time is linear in the length of a line", () => {
  const started = performance.now();
  for (const unit of ["\\", " ", "#", " #", "$", "${", "-", " -", "'", "a ", "./", "@", "[", "://@"]) {
    failureOf(() => {
      parse(unit.repeat(200_000));
      throw new ThothError("usage", "fine");
    });
  }
  assert.ok(performance.now() - started < 4000, `${performance.now() - started}`);
});

test("any text ends in a file or a ThothError", () => {
  const piece = fc.constantFrom(
    "a",
    "==1",
    " ",
    "\\",
    "\n",
    "#",
    "--hash",
    "=",
    "'",
    '"',
    "-e",
    "-r",
    "./x",
    "[",
    "]",
    ";",
    "@",
    "git+https://x",
    "${A}",
    "\u0000",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        parse(pieces.join(""));
      } catch (error) {
        assert.ok(error instanceof ThothError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
