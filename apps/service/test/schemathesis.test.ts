// Both APIs attacked by Schemathesis, which makes requests of their descriptions, right and wrong ones, and minds that the
// answers are as described: no failure of the service, no status, type or body that is not told of, no wrong request
// that is taken, no right one that is refused. https://schemathesis.readthedocs.io/

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildWheel, type IndexServer, installPeers, runProgram, startIndex } from "@thoth/testkit";
import { APP, privateKey } from "./github-stub.ts";
import { type StartedService, startService } from "./start-service.ts";

const PACKAGES = ["schemathesis==4.32.5"];
const SEED = "20261201";
/** Requests for each operation that are drawn at random, beside those at the bounds of what is described. */
const EXAMPLES = 12;
const ENDS_WITHIN = 240_000;

function installSchemathesis(): string | undefined {
  try {
    return join(installPeers("schemathesis", PACKAGES), "schemathesis");
  } catch {
    return undefined;
  }
}

const schemathesis = installSchemathesis();
const skip = schemathesis === undefined ? "schemathesis cannot be installed here" : false;

interface Attack {
  /** The description that the requests are made of. */
  readonly document: string;
  readonly token?: string | undefined;
  /** Statuses by which a request may be refused that fits its description. */
  readonly refusals: readonly number[];
  /** Operations that are left alone. */
  readonly without?: readonly string[];
}

interface Described {
  readonly paths: Readonly<Record<string, object>>;
}

interface Report {
  readonly operations: { readonly tested: number };
}

describe("schemathesis", { skip }, () => {
  let home: string;
  let index: IndexServer;
  let service: StartedService;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-schemathesis-"));
    index = await startIndex({ projects: OFFERED });
    service = await startService({
      data: join(home, "data"),
      words: ["--index-url", index.indexUrl, "--workers", "1"],
      variables: {
        ...Object.fromEntries(LIMITS.map((name) => [name, "1000000,1000000"])),
        THOTH_ANONYMOUS: "ask,read",
        THOTH_SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
        // Without an app the webhook says that it is not set up, which is taken for a failure.
        THOTH_GITHUB_APP: APP,
        THOTH_GITHUB_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        THOTH_GITHUB_WEBHOOK_SECRET: "nobody signs with it",
      },
    });
  });
  after(async () => {
    await service?.stop();
    await index?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** The id of a job that has found a stack. */
  async function advised(content: string, token?: string): Promise<string> {
    const answer = await fetch(`${service.url}/api/v2/advice`, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "wait=30", ...authorization(token) },
      body: JSON.stringify({ project: { content, form: "requirements" }, recommendationType: "latest" }),
    });
    assert.equal(answer.status, 200, await answer.text());
    return String(answer.headers.get("x-thoth-job"));
  }

  /** How many are described, but for those by HEAD, which Schemathesis asks only beside GET. */
  async function operationsOf(document: string): Promise<number> {
    const { paths } = (await (await fetch(service.url + document)).json()) as Described;
    return Object.values(paths).flatMap((methods) => Object.keys(methods).filter((one) => one !== "head"))
      .length;
  }

  /** What is real, so that more than refusals is seen: taken now and then instead of what is drawn. */
  function settingsOf(jobs: readonly string[], refusals: readonly number[]): string {
    const bound = (name: string, probability = 0.5) =>
      `{ dictionary = "${name}", probability = ${probability} }`;
    return [
      "[dictionaries]",
      `jobs = { values = ${JSON.stringify(jobs)} }`,
      `names = { values = ["al-pha", "Al_Pha", "0"] }`,
      `versions = { values = ["1.0", "2.0"] }`,
      `indexes = { values = ${JSON.stringify([index.indexUrl])} }`,
      `texts = { values = ${JSON.stringify([...TEXTS, index.indexUrl])} }`,
      "[generation]",
      `dictionaries.string = ${bound("texts", 0.2)}`,
      "[parameters]",
      ...["id", "analysis_id", "before", "after"].map((name) => `${name} = ${bound("jobs")}`),
      ...["name", "import_name"].map((name) => `${name} = ${bound("names")}`),
      `version = ${bound("versions")}`,
      `index = ${bound("indexes", 0.9)}`,
      "[checks]",
      `positive_data_acceptance.expected-statuses = ${JSON.stringify(["2xx", 401, 403, 404, 409, ...refusals])}`,
      "[phases.coverage]",
      `unexpected-methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY"]`,
    ].join("\n");
  }

  async function attack({ document, token, refusals, without = [] }: Attack): Promise<void> {
    const jobs = [await advised("al-pha\n", token), await advised("al-pha<2\n", token)];
    const folder = mkdtempSync(join(home, "attack-"));
    writeFileSync(join(folder, "schemathesis.toml"), settingsOf(jobs, refusals));
    const report = join(folder, "report.json");
    const failures = service.lines.filter(({ level }) => level === "error").length;
    const { status, stdout, stderr } = await runProgram(
      schemathesis as string,
      [
        ...["--config-file", join(folder, "schemathesis.toml"), "run", `${service.url}${document}`],
        ...["--no-color", "--seed", SEED, "--generation-database", "none"],
        // What is deleted may be there still: a job that is cancelled.
        ...[
          "--max-examples",
          String(EXAMPLES),
          "--continue-on-failure",
          "--checks",
          "all",
          "--exclude-checks",
          "use_after_free",
        ],
        ...["--suppress-health-check", "all", "--request-timeout", "40", "--no-shrink"],
        ...["--report", "json", "--report-json-path", report, "--output-sanitize", "false"],
        ...Object.entries(authorization(token)).flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
        ...without.flatMap((name) => ["--exclude-operation-id", name]),
      ],
      { home: folder, timeoutMs: ENDS_WITHIN },
    );
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    const { default: told } = (await import(report, { with: { type: "json" } })) as { default: Report };
    assert.equal(told.operations.tested, (await operationsOf(document)) - without.length);
    assert.deepEqual(service.lines.filter(({ level }) => level === "error").slice(failures), []);
  }

  it("finds nothing in the first API", async () => {
    await attack({
      document: "/api/v1/openapi.json",
      // The original knows no other one for what can be read and not be done.
      refusals: [400],
    });
  });

  it("finds nothing in the modern API, asked by nobody in particular", async () => {
    await attack({
      document: "/openapi.json",
      refusals: [422],
    });
  });

  it("finds nothing in the modern API, asked by its operator", async () => {
    await attack({
      document: "/openapi.json",
      token: service.token,
      refusals: [422],
      // It would revoke the token by which it asks.
      without: ["revokeToken"],
    });
  });
});

function authorization(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

const LIMITS = [
  ...["THOTH_PUBLIC_QUOTA", "THOTH_TENANT_QUOTA", "THOTH_ANONYMOUS_RATE", "THOTH_ANONYMOUS_QUESTION_RATE"],
  ...["THOTH_TOKEN_RATE", "THOTH_FAILURE_RATE"],
];

/** `0` is what a name is at its bounds. */
const OFFERED = Object.fromEntries(
  ["al-pha", "beta", "0"].map((name) => [
    name,
    ["1.0", "2.0"].map((version) =>
      buildWheel({
        name,
        version,
        requires: name === "al-pha" ? ["beta>=1"] : [],
        files: { [`${name}.py`]: "" },
      }),
    ),
  ]),
);

const TEXTS = [
  "al-pha\nbeta<2\n",
  '[packages]\nal-pha = "*"\n',
  '{"packages": {"al-pha": "*"}}',
  `lock-version = "1.0"\ncreated-by = "test"\npackages = []\n`,
  '{"_meta": {"sources": []}, "default": {}, "develop": {}}',
  `units:
  wraps:
    - name: SayWrap
      type: wrap
      should_include: { adviser_pipeline: true }
      match: { state: { resolved_dependencies: [{ name: al-pha }] } }
      run: { justification: [{ type: INFO, message: It is there., link: "https://example.org/" }] }
`,
  "2099-01-01",
];
