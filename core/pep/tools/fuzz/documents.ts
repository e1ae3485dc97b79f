// One or two documents of each kind with everything in them that their readers know.

const DIGEST = "f".repeat(64);

export const REQUIREMENTS: readonly string[] = [
  `# comment
--index-url https://user:secret@index.example/simple  # the index
--extra-index-url=https://other.example/simple
-f ./wheels
--no-binary :all: --only-binary=numpy,scipy
-r other.txt
-c constraints.txt
requests[security] >= 2.8.1, == 2.8.* ; python_version < "3.9" \\
    --hash=sha256:${DIGEST}
demo @ https://example.org/demo-1.0.zip#sha256=${DIGEST}
-e git+https://example.org/a.git@main#egg=a&subdirectory=b
./local[extra]
--pre
flask==\${HOME}
`,
  "a\nb>=1 # c\n\n  -i https://x/\n--trusted-host example.org\n",
];

const WHEEL = {
  filename: "demo-1.0-py3-none-any.whl",
  url: "../../files/demo-1.0-py3-none-any.whl",
  hashes: { sha256: DIGEST },
  "requires-python": ">=3.8",
  yanked: "why",
  "core-metadata": { sha256: DIGEST },
  size: 12,
  "upload-time": "2024-01-02T03:04:05.678901Z",
  provenance: "https://index.example/provenance",
};

export const JSON_PAGE: readonly string[] = [
  JSON.stringify({
    meta: { "api-version": "1.4", tracks: ["https://third.example/demo/"] },
    name: "demo",
    versions: ["1.0", "1.1"],
    "project-status": { status: "deprecated", reason: "moved" },
    "alternate-locations": ["https://other.example/demo/"],
    files: [WHEEL, { filename: "demo-1.0.tar.gz", url: "https://x.example/demo-1.0.tar.gz", hashes: {} }],
  }),
  '{"meta":{"api-version":"1.0"},"name":"demo","files":[]}',
];

export const HTML_PAGE: readonly string[] = [
  `<!DOCTYPE html>
<html><head><meta name="pypi:repository-version" content="1.1"><base href="https://files.example/"><title>demo</title></head>
<body><!-- <a href="x"> --><h1>Links</h1>
<a href="demo-1.0.tar.gz#sha256=${DIGEST}" data-requires-python="&gt;=3.8" data-yanked="bad &amp; old">demo-1.0.tar.gz</a><br/>
<A HREF='demo-1.0-py3-none-any.whl' data-core-metadata="sha256=${DIGEST}" data-dist-info-metadata=true>demo</A>
<script>"<a href=no>"</script>
</body></html>
`,
  "<a href=demo-1.zip>demo-1.zip</a>",
];

export const METADATA: readonly string[] = [
  `Metadata-Version: 2.4
Name: Demo.Package
Version: 1.0.post1
Summary: What it does
Author-email: A <a@example.org>
License-Expression: MIT OR Apache-2.0
License-File: LICENSE
Keywords: a,b
Classifier: Programming Language :: Python
Project-URL: Home, https://example.org
Requires-Python: >=3.8
Requires-Dist: requests[security]>=2.8 ; python_version < "3.9"
Requires-Dist: other (>=1)
Provides-Extra: test
Dynamic: Obsoletes-Dist
Description-Content-Type: text/markdown; charset=UTF-8

# Demo
`,
  "Metadata-Version: 1.0\r\nName: a\r\nVersion: 1\r\nDescription: one\r\n        |two\r\n",
];

export const PYLOCK: readonly string[] = [
  `lock-version = "1.0"
environments = ["sys_platform == 'linux'", 'python_version > "3.8"']
requires-python = ">=3.8, <4"
extras = ["fast"]
dependency-groups = ["kernel", "dev"]
default-groups = ["kernel"]
created-by = "thoth"
[[packages]]
name = "demo"
version = "1.0"
marker = "'kernel' in dependency_groups"
index = "https://index.example/simple"
[[packages.dependencies]]
name = "other"
[[packages.wheels]]
name = "demo-1.0-py3-none-any.whl"
upload-time = 2025-01-25 11:30:10.164985123z
url = "https://files.example/demo-1.0-py3-none-any.whl"
size = 12
hashes = { sha256 = "aa", blake2b = "bb" }
[packages.sdist]
url = "https://files.example/demo-1.0.tar.gz"
hashes.sha256 = "cc"
[[packages]]
name = "other"
[packages.vcs]
type = "git"
url = "https://git.example/other"
commit-id = "abc"
[[packages]]
name = "third"
directory = { path = "./third", editable = true }
[tool.thoth]
x = [1, 2.5, true, 1979-05-27T07:32:00Z, { a = "b" }]
`,
  `lock-version = "1.0"
created-by = "thoth"
[[packages]]
name = "a"
version = "1"
[packages.archive]
url = "https://files.example/a.zip"
hashes = { sha256 = "aa" }
`,
];

export const PYPROJECT: readonly string[] = [
  `[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"
[project]
name = "Demo"
version = "1.0"
requires-python = ">=3.8"
license = "MIT"
license-files = ["LICENSE*"]
dynamic = ["readme"]
dependencies = ["requests>=2", "numpy; python_version > '3.9'"]
[project.optional-dependencies]
test = ["pytest"]
all = ["demo[test]"]
[dependency-groups]
dev = ["ruff", {include-group = "test"}]
test = ["pytest>7"]
[tool.uv]
constraint-dependencies = ["a<2"]
[[tool.uv.index]]
name = "own"
url = "https://index.example/simple"
[tool.uv.sources]
requests = { index = "own" }
`,
];

export const POETRY: readonly string[] = [
  `[tool.poetry]
name = "demo"
version = "1.0"
[tool.poetry.dependencies]
python = "^3.8"
a = "^1.2"
b = { version = "~1.2", extras = ["x"], optional = true, markers = "os_name == 'nt'" }
c = [{ version = "<2", python = "<3.10" }, { version = ">=2", python = ">=3.10" }]
d = { git = "https://example.org/d.git", rev = "1" }
e = { path = "../e", develop = true }
[tool.poetry.extras]
x = ["b"]
[tool.poetry.group.dev.dependencies]
f = "*"
[[tool.poetry.source]]
name = "own"
url = "https://index.example/simple"
priority = "explicit"
`,
];

export const GROUPS: readonly string[] = [
  `[dependency-groups]
a = ["x>=1", {include-group = "b"}]
b = ["y", {include-group = "C"}]
c = []
`,
];

export const SCRIPT: readonly string[] = [
  `#!/usr/bin/env python
# -*- coding: utf-8 -*-
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "requests<3",
#   "rich",
# ]
#
# [tool.uv]
# exclude-newer = "2024-01-01T00:00:00Z"
# ///
import requests
`,
  "print(1)\n",
];

export const PIPFILE: readonly string[] = [
  `[[source]]
url = "https://index.example/simple"
verify_ssl = true
name = "own"
[packages]
requests = "*"
flask = {version = ">=1.0", extras = ["async"], index = "own", markers = "python_version > '3.8'"}
demo = {git = "https://example.org/demo.git", ref = "main", editable = true}
local = {path = "./local"}
file = {file = "https://example.org/file-1.0.zip"}
[dev-packages]
pytest = "==7.*"
[requires]
python_version = "3.11"
[scripts]
run = "python -m demo"
[pipenv]
allow_prereleases = true
`,
];

export const PIPFILE_LOCK: readonly string[] = [
  JSON.stringify({
    _meta: {
      hash: { sha256: DIGEST },
      "pipfile-spec": 6,
      requires: { python_version: "3.11" },
      sources: [{ name: "pypi", url: "https://index.example/simple", verify_ssl: true }],
    },
    default: {
      requests: {
        hashes: [`sha256:${DIGEST}`],
        index: "pypi",
        version: "==2.31.0",
        markers: "python_version >= '3.7'",
        extras: ["socks"],
      },
      demo: { git: "https://example.org/demo.git", ref: "abc", editable: true },
    },
    develop: {},
  }),
];

export const DIRECT_URL: readonly string[] = [
  `{"url":"https://example.org/a-1.zip","archive_info":{"hash":"sha256=${DIGEST}","hashes":{"sha256":"${DIGEST}"}},"subdirectory":"x"}`,
  '{"url":"ssh://git@example.org/a.git","vcs_info":{"vcs":"git","requested_revision":"main","commit_id":"abc"}}',
  '{"url":"file:///home/a","dir_info":{"editable":true}}',
];
