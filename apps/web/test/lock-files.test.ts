// Locks made in the browser, read by the project's own parser.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePylock } from "@thoth/pep";
import { pylockText, requirementsText } from "../src/report/lock-files.ts";

const CLICK = {
  filename: "click-8.1.7-py3-none-any.whl",
  url: "https://other.example/click-8.1.7-py3-none-any.whl",
  sha256: "c".repeat(64),
};

const lock = {
  environment: { python_version: "3.11" },
  packages: [
    {
      name: "flask",
      version: "3.0.3",
      index: "https://pypi.org/simple/",
      marker: 'python_version >= "3.8"',
      requires: ["click"],
      artifacts: [
        {
          filename: "flask-3.0.3-py3-none-any.whl",
          url: "https://example.org/flask-3.0.3-py3-none-any.whl",
          sha256: "a".repeat(64),
          size: 7,
        },
        {
          filename: "flask-3.0.3.tar.gz",
          url: "https://example.org/flask-3.0.3.tar.gz",
          sha256: "b".repeat(64),
        },
      ],
    },
    {
      name: "click",
      version: "8.1.7",
      index: "https://other.example/simple/",
      requires: [],
      artifacts: [CLICK],
    },
  ],
};

describe("a lock made in the browser", () => {
  it("is one of PEP 751", () => {
    const [flask, click] = parsePylock(pylockText(lock)).packages;
    assert.equal(flask?.version?.text, "3.0.3");
    assert.equal(flask?.wheels?.[0]?.hashes["sha256"], "a".repeat(64));
    assert.equal(flask?.wheels?.[0]?.size, 7);
    assert.equal(flask?.sdist?.url, "https://example.org/flask-3.0.3.tar.gz");
    assert.equal(click?.index, "https://other.example/simple/");
    assert.equal(parsePylock(pylockText({ ...lock, packages: [] })).packages.length, 0);
  });

  it("is requirements with hashes too", () => {
    assert.equal(
      requirementsText(lock),
      `--index-url https://pypi.org/simple/
--extra-index-url https://other.example/simple/
flask==3.0.3 ; python_version >= "3.8" \\
    --hash=sha256:${"a".repeat(64)} \\
    --hash=sha256:${"b".repeat(64)}
click==8.1.7 \\
    --hash=sha256:${"c".repeat(64)}
`,
    );
  });

  it("has no line that a stranger began", () => {
    const [click] = lock.packages.slice(1);
    const hostile = {
      ...lock,
      packages: [
        {
          ...(click as (typeof lock.packages)[number]),
          version: "1\n--extra-index-url https://evil.example/\u007f",
        },
      ],
    };
    assert.equal(requirementsText(hostile).split("\n").length, 4);
    assert.match(pylockText(hostile), /version = "1\\n--extra-index-url https:\/\/evil\.example\/\\u007f"/);
  });
});
