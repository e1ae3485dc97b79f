import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAllowedHosts } from "@thoth/index";
import { checkQuestion } from "../src/questions/check-question.ts";
import type { AdviceQuestion, ProjectForm, Question } from "../src/questions/question.ts";

const hosts = parseAllowedHosts("pypi.org,files.pythonhosted.org,*.example.org,+localhost:8080");

function advice(
  content: string,
  form: ProjectForm = "requirements",
  more: Partial<AdviceQuestion> = {},
): Question {
  return { kind: "advice", project: { content, form }, recommendationType: "stable", ...more };
}

function provenance(lock: string): Question {
  return { kind: "provenance", lock, form: "pipfile-lock" };
}

const PIPFILE_LOCK = (url: string) =>
  JSON.stringify({
    _meta: {
      hash: { sha256: "0".repeat(64) },
      "pipfile-spec": 6,
      requires: {},
      sources: [{ name: "x", url, verify_ssl: true }],
    },
    default: {},
    develop: {},
  });

describe("what a stranger may ask for", () => {
  const allowed: Readonly<Record<string, Question>> = {
    packages: advice("flask>=2\nrequests[security]\n"),
    "an index of an allowed host": advice("--index-url https://pypi.org/simple/\nflask\n"),
    "a host below a domain": advice("--extra-index-url https://a.b.example.org/simple\nflask\n"),
    "a file of an allowed host": advice(
      "flask @ https://files.pythonhosted.org/flask-1.0-py3-none-any.whl\n",
    ),
    "an internal index that the operator means": advice("x\n", "requirements", {
      indexUrls: ["http://localhost:8080/simple/"],
    }),
    "a lock of an allowed index": provenance(PIPFILE_LOCK("https://pypi.org/simple")),
  };
  for (const [name, question] of Object.entries(allowed))
    it(`allows ${name}`, () => checkQuestion(question, { hosts }));

  const forbidden: Readonly<Record<string, Question>> = {
    "another file": advice("-r /etc/passwd\n"),
    "another file beside it": advice("-c ../constraints.txt\n"),
    "another file by a URL": advice("-r file:///etc/passwd\n"),
    "a folder": advice("-e .\n"),
    "a path": advice("./wheels/flask-1.0-py3-none-any.whl\n"),
    "a path of a Pipfile": advice('[packages]\nx = {path = "/etc"}\n', "pipfile"),
    "a file of a Pipfile": advice('[packages]\nx = {file = "file:///etc/x-1.0.tar.gz"}\n', "pipfile"),
    "a source of a Pipfile": advice(
      '[[source]]\nname = "a"\nurl = "http://10.0.0.1/simple"\n[packages]\nx = "*"\n',
      "pipfile",
    ),
    "a repository of another host": advice("x @ git+https://git.internal/x.git\n"),
    "an index of another host": advice("-i https://evil.example/simple\nflask\n"),
    "an index of another port": advice("-i https://pypi.org:444/simple\nflask\n"),
    "a folder of links": advice("-f /srv/wheels\nflask\n"),
    "links of a file URL": advice("-f file:///srv\nflask\n"),
    "the machine itself": advice("x\n", "requirements", { indexUrls: ["http://127.0.0.1/simple"] }),
    "the cloud's metadata": advice("x\n", "requirements", { indexUrls: ["http://169.254.169.254/latest"] }),
    "a name that only looks allowed": advice("x\n", "requirements", {
      indexUrls: ["https://pypi.org@evil.example/"],
    }),
    "a name that ends alike": advice("x\n", "requirements", {
      indexUrls: ["https://evilexample.org/simple"],
    }),
    "another scheme": advice("x\n", "requirements", { indexUrls: ["ftp://pypi.org/simple"] }),
    "credentials in an index": advice("x\n", "requirements", { indexUrls: ["https://u:p@pypi.org/simple"] }),
    "credentials in a line": advice("-i https://u:p@pypi.org/simple\nx\n"),
    "credentials in a requirement": advice("x @ https://u:p@files.pythonhosted.org/x-1.0-py3-none-any.whl\n"),
    "a lock of another host": provenance(PIPFILE_LOCK("http://10.0.0.1/simple")),
  };
  for (const [name, question] of Object.entries(forbidden))
    it(`refuses ${name}`, () => {
      assert.throws(() => checkQuestion(question, { hosts }), { code: "forbidden" });
    });

  it("refuses what is too much", () => {
    const many = Array.from({ length: 2001 }, (_, at) => `p${at}`).join("\n");
    assert.throws(() => checkQuestion(advice(many), { hosts }), { code: "limit-exceeded" });
    const urls = Array.from({ length: 9 }, () => "https://pypi.org/simple");
    assert.throws(() => checkQuestion(advice("x", "requirements", { indexUrls: urls }), { hosts }), {
      code: "limit-exceeded",
    });
  });
});
