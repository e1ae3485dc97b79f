// The first API's documents as a function of what was asked and what the real command answers; and questions as a function
// of what its clients send.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findViolations } from "@thoth/contract";
import { type AdviseInput, type V1Product, v1Operations } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import { buildWheel, type IndexServer, runCommand, startIndex } from "@thoth/testkit";
import fc from "fast-check";
import type { Incoming } from "../src/http/handler.ts";
import type { Job } from "../src/jobs/job.ts";
import { commandLineOf } from "../src/questions/command-line.ts";
import type { AdviceQuestion, PackageQuestion } from "../src/questions/question.ts";
import { adviserResult } from "../src/v1/adviser-result.ts";
import { adviceQuestionOf, provenanceQuestionOf } from "../src/v1/ask.ts";
import { statusOf } from "../src/v1/envelope.ts";
import { parsePipfileText } from "../src/v1/pipfile-object.ts";
import { provenanceResult } from "../src/v1/provenance-result.ts";

const DEPLOYMENT = { name: "test", version: "1.2.3", searchUrl: "https://thoth.test/" };

const JOB: Job = {
  id: "adviser-261201014012-46c506d619bbe14b",
  tenant: "public",
  kind: "advice",
  digest: "",
  question: "",
  state: "done",
  created: 1_000_000,
  started: 1_001_000,
  finished: 1_004_600,
  attempt: 1,
  progress: null,
  failure: null,
};

interface Sent {
  readonly input: AdviseInput;
  readonly query?: Readonly<Record<string, string>>;
  readonly isAnonymous?: boolean;
}

function incomingOf({ input, query = {}, isAnonymous = true }: Sent): Incoming {
  return {
    places: {},
    query: { recommendation_type: "SECURITY", ...query },
    headers: {},
    body: input,
    bytes: new Uint8Array(),
    caller: { tenant: "public", actor: "anonymous", scopes: new Set(["ask"]), isAnonymous },
    request: "1",
    signal: new AbortController().signal,
  };
}

function asked(sent: Sent): AdviceQuestion {
  return adviceQuestionOf(incomingOf(sent), sent.input);
}

function sentence(error: unknown): boolean {
  return error instanceof ThothError && error.code === "invalid-request";
}

const PIPFILE = `
[[source]]
name = "elsewhere"
url = "https://elsewhere.test/simple/"
verify_ssl = true

[packages]
Alpha = {version = "*", index = "elsewhere"}
"delta_d" = {version = "*", markers = "sys_platform == 'win32'"}

[dev-packages]
gamma = "*"

[requires]
python_version = "3.11"

[thoth.allow_prereleases]
beta = true
`;

const INPUT: AdviseInput = {
  application_stack: { requirements: PIPFILE, requirements_lock: "" },
  runtime_environment: {
    name: "here",
    operating_system: { name: "ubi", version: "9" },
    python_version: "3.11",
    platform: "linux-x86_64",
  },
  labels: { team: "thoth" },
  library_usage: { version: "0.2.2", report: { os: ["os.getcwd", "os.chdir", "os.getcwd"] } },
};

describe("questions of the first API", () => {
  it("are for the environment and the type that is asked for", () => {
    const question = asked({ input: INPUT, query: { dev: "True" } });
    const { recommendationType, platform, pythonVersion, dev, prerelease, usage, indexUrls } = question;
    assert.deepEqual(
      { recommendationType, platform, pythonVersion, dev, prerelease, usage, indexUrls },
      {
        recommendationType: "security",
        platform: "manylinux_2_34_x86_64",
        pythonVersion: "3.11",
        dev: true,
        prerelease: "allow",
        usage: { report: { os: ["os.chdir", "os.getcwd"] } },
        indexUrls: undefined,
      },
    );
  });

  it("name no index but where other ones are not wanted", () => {
    assert.doesNotMatch(asked({ input: INPUT }).project.content, /elsewhere/);
    const requirements = `${PIPFILE}\n[thoth]\ndisable_index_adjustment = true\n`;
    const input = { ...INPUT, application_stack: { requirements } };
    const own = asked({ input });
    assert.deepEqual(own.indexUrls, ["https://elsewhere.test/simple"]);
    assert.match(own.project.content, /elsewhere/);
  });

  it("are the same for a Pipfile in TOML and in JSON", () => {
    const pipfile = {
      sources: [{ name: "elsewhere", url: "https://elsewhere.test/simple", verify_ssl: true }],
      packages: {
        alpha: { version: "*", index: "elsewhere" },
        "delta-d": { version: "*", markers: "sys_platform == 'win32'" },
      },
      "dev-packages": { gamma: "*" },
      requires: { python_version: "3.11" },
      thoth: { allow_prereleases: { beta: true } },
    };
    assert.deepEqual(parsePipfileText(JSON.stringify(pipfile)), parsePipfileText(PIPFILE));
  });

  it("may hold variables, and in JSON nulls", () => {
    const url = "https://$NAME:$WORD@index.test/simple";
    const source = [{ name: "own", url, verify_ssl: true }, null];
    const text = JSON.stringify({ source, packages: { alpha: "*" }, "dev-packages": null });
    assert.deepEqual(parsePipfileText(text).source, [{ name: "own", url, verify_ssl: true }]);
  });

  it("tell who asks only to those who have a token", () => {
    const query = { origin: "https://git.test/secret", source_type: "CLI" };
    assert.equal(JSON.stringify(asked({ input: INPUT, query })).includes("git.test"), false);
    const { echo } = asked({ input: INPUT, query, isAnonymous: false });
    assert.deepEqual([echo?.["origin"], echo?.["source_type"]], [query.origin, "cli"]);
  });

  const refused: Readonly<Record<string, Partial<AdviseInput>>> = {
    "no TOML": { application_stack: { requirements: "[packages" } },
    "no package": { application_stack: { requirements: "[packages]\n" } },
    "JSON that is no Pipfile": { application_stack: { requirements: '{"packages": 1}' } },
    "a package of git": {
      application_stack: { requirements: '[packages]\nx = {git = "https://git.test/x"}\n' },
    },
    "a secret": {
      application_stack: { requirements: PIPFILE.replace("//elsewhere", "//me:word@elsewhere") },
    },
    "a lock that is none": {
      application_stack: { requirements: PIPFILE, requirements_lock: "{}" },
    },
    "another file": { constraints: "-r /etc/passwd\n" },
    "an address": { constraints: "x @ file:///etc/passwd\n" },
    "a platform that nobody has": { runtime_environment: { platform: "linux-x86_64/../.." } },
    "a Python of old": { runtime_environment: { python_version: "2.7" } },
  };
  for (const [what, part] of Object.entries(refused))
    it(`are refused where they hold ${what}`, () => {
      assert.throws(() => asked({ input: { ...INPUT, ...part } }), sentence);
    });
});

describe("Pipfiles of strangers", () => {
  const word = fc.constantFrom(
    ...["a", "A_b", "version", "index", "markers", "extras", "git", "url", "name", "verify_ssl", "*", ">=1"],
    ...["sys_platform", "== 'x'", "https://u:p@h/s", "allow_prereleases", "python_version", "__proto__", ""],
  );
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(word, fc.string(), fc.boolean(), fc.double(), fc.bigInt().map(Number), fc.constant(null)),
    node: fc.oneof(
      { maxDepth: 4 },
      tie("leaf"),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(word, tie("node"), { maxKeys: 3 }),
    ),
  })).node;
  const table = fc.constantFrom(
    "packages",
    "dev-packages",
    "source",
    "sources",
    "requires",
    "pipenv",
    "thoth",
    "x",
  );

  it("are read, or refused in words", () => {
    fc.assert(
      fc.property(fc.dictionary(table, value, { maxKeys: 4 }), (pipfile) => {
        const requirements = JSON.stringify({ packages: { alpha: "*" }, ...pipfile });
        try {
          const question = asked({ input: { ...INPUT, application_stack: { requirements } } });
          // What was read is read again, and is the same.
          const { content } = question.project;
          assert.deepEqual(
            Object.keys(parsePipfileText(content).packages),
            Object.keys(parsePipfileText(requirements).packages),
          );
        } catch (error) {
          if (!sentence(error)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("answers of the first API", () => {
  let home: string;
  let index: IndexServer;
  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-v1-"));
    mkdirSync(join(home, "osv"));
    writeFileSync(join(home, "osv", "one.json"), FLAW);
    index = await startIndex({
      projects: {
        alpha: [
          buildWheel({ name: "alpha", version: "1.0", requires: ["beta>=1"] }),
          buildWheel({ name: "alpha", version: "2.0", requires: ["beta>=2"] }),
        ],
        beta: [buildWheel({ name: "beta", version: "1.0" }), buildWheel({ name: "beta", version: "2.0" })],
        gamma: [buildWheel({ name: "gamma", version: "1.0" })],
        "delta-d": [buildWheel({ name: "delta-d", version: "1.0" })],
      },
    });
  });
  after(async () => {
    await index?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** What the command answers to the question. */
  async function documentOf(question: PackageQuestion, ...more: readonly string[]): Promise<unknown> {
    const { words, files } = commandLineOf(question, { indexes: [index.indexUrl] });
    const cwd = mkdtempSync(join(home, "run-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    const { json, stderr } = await runCommand("thoth", [...words, ...more], { home, cwd });
    assert.notEqual(json, undefined, stderr);
    return json;
  }

  const schemaOf = (name: "readAdvise" | "readProvenance") => v1Operations[name].answers[200].schema!;

  async function productOf(question: AdviceQuestion): Promise<V1Product> {
    const document = await documentOf(question, "--advisories", join(home, "osv"));
    const result = adviserResult({ job: JOB, question, document, deployment: DEPLOYMENT });
    assert.deepEqual(findViolations(schemaOf("readAdvise"), result), []);
    assert.equal(result.result.error, false);
    return result.result.report.products[0]!;
  }

  it("hold Pipfile and Pipfile.lock, each entry with its hashes", async () => {
    const { project, dependency_graph } = await productOf(asked({ input: INPUT, query: { dev: "true" } }));
    const requirements = project.requirements as unknown as Record<string, object>;
    const locked = project.requirements_locked as unknown as Locked;
    assert.deepEqual(Object.keys(locked.default), ["alpha", "beta"]);
    assert.deepEqual(Object.keys(locked.develop), ["gamma"]);
    for (const entry of Object.values({ ...locked.default, ...locked.develop })) {
      assert.match(entry.hashes.join(), /^sha256:[0-9a-f]{64}$/);
      assert.equal(locked._meta.sources.find(({ name }) => name === entry.index)?.url, sourceUrl());
    }
    const content = {
      _meta: { requires: requirements["requires"], sources: requirements["source"] },
      default: requirements["packages"],
      develop: requirements["dev-packages"],
    };
    assert.equal(locked._meta.hash.sha256, sha256(sortedJson(content)));
    assert.deepEqual(requirements["thoth"], { allow_prereleases: { beta: true } });
    const { nodes, edges } = dependency_graph;
    assert.deepEqual([...nodes].sort(), ["alpha", "beta", "delta-d", "gamma"]);
    assert.deepEqual(
      edges.map((ends) => ends.map((end) => nodes[end])),
      [["alpha", "beta"]],
    );
  });

  it("say what is known against a stack, sorted, with the names of flaws", async () => {
    const requirements = '[packages]\nalpha = "==1.0"\n';
    const product = await productOf(asked({ input: { ...INPUT, application_stack: { requirements } } }));
    const flaw = product.justification.find((remark) => "cve_id" in remark) as Record<string, unknown>;
    assert.deepEqual(
      [flaw["type"], flaw["package_name"], flaw["cve_id"]],
      ["WARNING", "alpha", "CVE-2024-1"],
    );
    assert.equal(product.score < 0, true);
  });

  it("are asked for once more by their id, which ends the place of the output", async () => {
    const question = asked({ input: INPUT });
    const document = await documentOf(question);
    const { metadata, result } = adviserResult({ job: JOB, question, document, deployment: DEPLOYMENT });
    assert.equal(metadata.document_id, JOB.id);
    assert.equal(metadata.duration, 4);
    assert.equal(String(result.parameters["output"]).split("/").at(-1), JOB.id);
    assert.equal(result.parameters["dev"], false);
    assert.deepEqual(result.parameters["labels"], { team: "thoth" });
    assert.deepEqual(result.report.products[0]?.project.runtime_environment, INPUT.runtime_environment);
  });

  it("tell a stack that cannot be as an error, not as a failed analysis", async () => {
    const requirements = '[packages]\nalpha = "==2.0"\nbeta = "<2"\n';
    const question = asked({ input: { ...INPUT, application_stack: { requirements } } });
    const document = await documentOf(question);
    const answer = adviserResult({ job: JOB, question, document, deployment: DEPLOYMENT });
    assert.deepEqual(findViolations(schemaOf("readAdvise"), answer), []);
    assert.equal(answer.result.error, true);
    assert.deepEqual(answer.result.report.products, []);
    assert.equal(answer.result.report.stack_info.at(-1)?.type, "ERROR");
  });

  it("are there for questions of the other API too", async () => {
    const question: AdviceQuestion = {
      kind: "advice",
      project: { content: "alpha>=1\n", form: "requirements" },
      recommendationType: "latest",
      pythonVersion: "3.11",
      platform: "linux",
    };
    const { project } = await productOf(question);
    assert.deepEqual((project.requirements as unknown as Record<string, object>)["packages"], {
      alpha: ">=1",
    });
  });

  it("tell where the files of a lock come from", async () => {
    // What no index here knows is asked for where it says it lies, which is nowhere.
    const requirements = PIPFILE.replaceAll("https://elsewhere.test/simple/", index.indexUrl);
    const { project } = await productOf(asked({ input: { ...INPUT, application_stack: { requirements } } }));
    const stack = (locked: unknown) => ({
      requirements: JSON.stringify(project.requirements),
      requirements_lock: JSON.stringify(locked),
    });
    const findings = async (locked: unknown) => {
      const input = { application_stack: stack(locked) };
      const question = provenanceQuestionOf(incomingOf({ input }), input);
      const document = await documentOf(question);
      const job = { ...JOB, kind: "provenance" as const };
      const answer = provenanceResult({ job, question, document, deployment: DEPLOYMENT });
      assert.deepEqual(findViolations(schemaOf("readProvenance"), answer), []);
      assert.equal(answer.result.error, false);
      return answer.result.report.map(({ type, id }) => `${type} ${id}`);
    };
    const locked = project.requirements_locked as unknown as Locked;
    assert.deepEqual(
      (await findings(locked)).filter((finding) => finding.startsWith("ERROR")),
      [],
    );
    const alpha = { ...locked.default["alpha"], hashes: [`sha256:${"0".repeat(64)}`] };
    const spoilt = { ...locked, default: { ...locked.default, alpha } };
    assert.equal((await findings(spoilt)).includes("ERROR INVALID-ARTIFACT-HASH"), true);
    const stale = { ...locked, _meta: { ...locked._meta, hash: { sha256: "0".repeat(64) } } };
    assert.deepEqual(await findings(stale), ["ERROR INVALID-LOCK-HASH"]);
  });

  it("know five states", () => {
    const stateOf = (state: Job["state"]) => statusOf({ ...JOB, state }).state;
    assert.deepEqual((["ready", "running", "done", "failed", "dead", "cancelled"] as const).map(stateOf), [
      ...["pending", "running", "terminated", "failed", "error", "failed"],
    ]);
  });

  const sourceUrl = () => index.indexUrl.replace(/\/$/, "");
});

interface Locked {
  readonly _meta: {
    readonly hash: { readonly sha256: string };
    readonly sources: readonly { readonly name: string; readonly url: string }[];
  };
  readonly default: Readonly<Record<string, { readonly hashes: readonly string[]; readonly index: string }>>;
  readonly develop: Locked["default"];
}

const FLAW = JSON.stringify({
  id: "PYSEC-1",
  aliases: ["CVE-2024-1"],
  modified: "2025-01-01T00:00:00Z",
  published: "2024-01-01T00:00:00Z",
  severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" }],
  affected: [
    {
      package: { ecosystem: "PyPI", name: "alpha" },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "2.0" }] }],
    },
  ],
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** As Python's `json.dumps(…, sort_keys=True, separators=(",", ":"))`, for what is plain. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
