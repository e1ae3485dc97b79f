// The original's own command-line client, as it lies on the Python Package Index, against the real service over TLS: each
// command does what its documentation says. https://thoth-station.ninja/docs/developers/thamos/

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Fact } from "@thoth/knowledge";
import { openGraph } from "@thoth/store";
import {
  buildWheel,
  type CommandResult,
  type IndexServer,
  makeCertificate,
  runProgram,
  startIndex,
} from "@thoth/testkit";
import { type StartedService, startService } from "./start-service.ts";
import { thamos } from "./thamos-peer.ts";

const ID = /^adviser-\d{12}-[0-9a-f]{16}$/;

interface Locked {
  readonly default: Readonly<
    Record<string, { readonly version: string; readonly hashes: readonly string[] }>
  >;
  readonly develop: Locked["default"];
}

/** Python takes most of the time, two of them on most machines at once. */
const options = { skip: thamos === undefined ? "thamos cannot be installed here" : false, concurrency: 2 };

describe("thamos", options, () => {
  let home: string;
  let index: IndexServer;
  let service: StartedService;
  let certificate: string;
  let configuration: string;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-thamos-"));
    index = await startIndex({ projects: OFFERED });
    const { key, certificate: cert } = makeCertificate();
    certificate = join(home, "service.crt");
    writeFileSync(certificate, cert);
    writeFileSync(join(home, "service.key"), key);
    mkdirSync(join(home, "osv"));
    writeFileSync(join(home, "osv", "one.json"), FLAW);
    const data = join(home, "data");
    await learnImage(join(data, "home", ".local", "share", "thoth"));
    const host = new URL(index.indexUrl).host;
    service = await startService({
      data,
      words: [
        ...["--index-url", index.indexUrl, "--allowed-host", `+${host}`],
        ...["--tls-cert", certificate, "--tls-key", join(home, "service.key"), "--workers", "1"],
      ],
      variables: { THOTH_ADVISORIES: join(home, "osv"), THOTH_SEARCH_URL: "https://thoth.test/search/" },
    });
    configuration = await configured();
  });
  after(async () => {
    await service?.stop();
    await index?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** A folder with a Pipfile and the configuration that `thamos config` wrote once. */
  function project(pipfile = PIPFILE): string {
    const folder = mkdtempSync(join(home, "project-"));
    writeFileSync(join(folder, "Pipfile"), pipfile.replaceAll("INDEX", index.indexUrl.replace(/\/$/, "")));
    writeFileSync(join(folder, "app.py"), "import alpha\nalpha.run()\n");
    writeFileSync(join(folder, ".thoth.yaml"), configuration);
    return folder;
  }

  /** What it finds on this machine, and our host. */
  async function configured(): Promise<string> {
    const made = await run(home, ["config", "--no-interactive"]);
    assert.equal(made.status, 0, made.stderr);
    return readFileSync(join(home, ".thoth.yaml"), "utf8")
      .replace(/^host:.*$/m, `host: ${new URL(service.url).host}`)
      .replace(/^tls_verify:.*$/m, "tls_verify: false");
  }

  function run(
    cwd: string,
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    return runProgram(thamos as string, words, {
      home,
      cwd,
      timeoutMs: 120_000,
      env: {
        ...{ LC_ALL: "C.UTF-8", COLUMNS: "160", THAMOS_NO_PROGRESSBAR: "1", THAMOS_NO_EMOJI: "1" },
        ...{ THAMOS_DISABLE_TLS_WARNING: "1", THAMOS_RETRY_ON_ERROR_SLEEP: "0.1" },
        // Its first look at a result minds no `tls_verify`.
        REQUESTS_CA_BUNDLE: certificate,
        ...env,
      },
    });
  }

  async function succeed(cwd: string, ...words: readonly string[]): Promise<CommandResult> {
    const result = await run(cwd, words);
    assert.equal(result.status, 0, `${words.join(" ")}: ${result.stdout} ${result.stderr}`);
    return result;
  }

  const lockOf = (cwd: string) => JSON.parse(readFileSync(join(cwd, "Pipfile.lock"), "utf8")) as Locked;
  const idOf = (cwd: string) => readFileSync(join(cwd, ".thoth_last_analysis_id"), "utf8");
  const pins = (entries: Locked["default"]) =>
    Object.entries(entries).map(([name, { version }]) => name + version);

  for (const type of ["latest", "stable", "testing", "performance", "security"])
    it(`advise: ${type}, with hashes, and a lock that it takes for fresh`, async () => {
      const cwd = project();
      const { stdout } = await succeed(cwd, "advise", "--recommendation-type", type);
      assert.match(stdout, /Recommended stack report/);
      const { default: main, develop } = lockOf(cwd);
      assert.deepEqual(Object.keys(main), ["alpha", "beta"]);
      assert.deepEqual(develop, {});
      for (const { hashes } of Object.values(main)) assert.match(hashes.join(), /^sha256:[0-9a-f]{64}$/);
      if (type === "security") assert.deepEqual(pins(main), ["alpha==2.0", "beta==2.0"]);
      assert.match(readFileSync(join(cwd, "Pipfile"), "utf8"), /^alpha = "\*"$/m);
      await succeed(cwd, "verify");
    });

  it("advise --dev: packages for development beside the others, and in the graph", async () => {
    const cwd = project();
    await succeed(cwd, "advise", "--dev");
    assert.deepEqual(Object.keys(lockOf(cwd).develop), ["gamma"]);
    await succeed(cwd, "verify");
    const { stdout } = await succeed(cwd, "graph");
    assert.match(
      stdout,
      /^→ alpha==2\.0 from http.*\n {2}↳ beta==2\.0 from http.*\n→ gamma==1\.0 from http/m,
    );
  });

  it("install: what was advised, checked by its hashes", async () => {
    const cwd = project();
    await succeed(cwd, "advise");
    // It runs in an environment, and would therefore make none of its own.
    const place = join(home, "installed");
    const made = await runProgram("python3", ["-m", "venv", place], { home });
    assert.equal(made.status, 0, made.stderr);
    const result = await run(cwd, ["install"], { MICROPIPENV_PIP_BIN: join(place, "bin", "pip") });
    assert.equal(result.status, 0, result.stderr);
    const code = "import importlib.metadata as m; print(m.version('alpha'), m.version('beta'))";
    const { stdout } = await runProgram(join(place, "bin", "python"), ["-c", code], { home });
    assert.equal(stdout.trim(), "2.0 2.0");
  });

  it("advise --no-write --json: the whole answer, and no file", async () => {
    const cwd = project();
    const { json } = await succeed(cwd, "advise", "--no-write", "--json", "--labels", "team=thoth");
    const { parameters, report } = json as {
      parameters: Record<string, unknown>;
      report: { products: { project: { requirements_locked: Locked } }[] };
    };
    assert.deepEqual(parameters["labels"], { team: "thoth" });
    assert.deepEqual(parameters["library_usage"], { report: { alpha: ["alpha.run"] } });
    assert.deepEqual(Object.keys(report.products[0]!.project.requirements_locked.default), ["alpha", "beta"]);
    assert.throws(() => lockOf(cwd));
  });

  it("advise with constraints.txt: what it asks for holds", async () => {
    const cwd = project();
    writeFileSync(join(cwd, "constraints.txt"), "beta<2\n");
    await succeed(cwd, "advise", "--recommendation-type", "latest");
    assert.deepEqual(pins(lockOf(cwd).default), ["alpha==1.0", "beta==1.0"]);
  });

  it("advise of requirements.in: requirements.txt with hashes", async () => {
    const cwd = project();
    rmSync(join(cwd, "Pipfile"));
    writeFileSync(join(cwd, "requirements.in"), `--index-url ${index.indexUrl}\nalpha\n`);
    writeFileSync(
      join(cwd, ".thoth.yaml"),
      configuration.replace(/^requirements_format:.*$/m, "requirements_format: pip"),
    );
    await succeed(cwd, "advise", "--recommendation-type", "security");
    const text = readFileSync(join(cwd, "requirements.txt"), "utf8");
    assert.match(text, /^alpha==2\.0 \\\n {4}--hash=sha256:[0-9a-f]{64}\nbeta==2\.0 \\\n {4}--hash=sha256:/m);
  });

  it("advise of what cannot be: why, and status 4", async () => {
    const cwd = project(PIPFILE.replace('alpha = "*"', 'alpha = "==2.0"\nbeta = "<2"'));
    const { status, stdout } = await run(cwd, ["advise"]);
    assert.equal(status, 4);
    assert.match(stdout, /Application stack guidance/);
    assert.match(stdout, /alpha/);
  });

  it("advise of what cannot be read: status 1 and the sentence", async () => {
    const cwd = project();
    const text = readFileSync(join(cwd, ".thoth.yaml"), "utf8");
    writeFileSync(join(cwd, ".thoth.yaml"), text.replace(/platform: .*/, "platform: plan9-mips"));
    const { status, stderr } = await run(cwd, ["advise"]);
    assert.equal(status, 1);
    assert.match(stderr, /plan9-mips/);
  });

  it("advise --no-wait: an id, then status, log and results by it", async () => {
    const cwd = project();
    const { stdout } = await succeed(cwd, "advise", "--no-wait", "--force");
    assert.match(stdout.trim(), ID);
    assert.equal(idOf(cwd), stdout.trim());
    const status = await ended(cwd);
    assert.equal(status["state"], "terminated");
    assert.match(String(status["started_at"]), /^\d{4}-\d\d-\d\dT/);
    assert.match((await succeed(cwd, "log")).stdout, /INFO: The analysis has ended/);
    assert.match((await succeed(cwd, "results")).stdout, /Recommended stack report/);
    assert.match((await succeed(cwd, "results", "--list-categories")).stdout, /^\[\d+\]\s(INFO|WARNING)$/m);
  });

  async function ended(cwd: string): Promise<Record<string, unknown>> {
    for (;;) {
      const { json } = await succeed(cwd, "status", "--output-format", "json");
      const status = json as Record<string, unknown>;
      if (status["state"] !== "pending" && status["state"] !== "running") return status;
    }
  }

  it("advise twice: the answer that there is", async () => {
    const cwd = project();
    // Nobody else asks for it.
    const words = ["advise", "--no-user-stack", "--labels", "asked=twice"];
    await succeed(cwd, ...words);
    const first = idOf(cwd);
    await succeed(cwd, ...words);
    assert.equal(idOf(cwd), first);
    await succeed(cwd, ...words, "--force");
    assert.notEqual(idOf(cwd), first);
  });

  it("advise --short and --diff: by the id of the answer", async () => {
    const cwd = project();
    assert.match((await succeed(cwd, "advise", "--short")).stdout, /search\/advise\/adviser-\d{12}-/);
    await succeed(cwd, "advise", "--diff");
  });

  it("diff: what one stack has against it and the other has not", async () => {
    const cwd = project(PIPFILE.replace('alpha = "*"', 'alpha = "==1.0"'));
    await succeed(cwd, "advise");
    const old = idOf(cwd);
    writeFileSync(join(cwd, "Pipfile"), readFileSync(join(cwd, "Pipfile"), "utf8").replace('"==1.0"', '"*"'));
    await succeed(cwd, "advise", "--no-user-stack");
    const { stdout } = await succeed(cwd, "diff", idOf(cwd), old);
    assert.match(stdout, /Justification Differences/);
    assert.match(stdout, /REMOVED.*alpha/);
  });

  it("provenance-check: passed, and status 4 for a hash that no index has", async () => {
    const cwd = project();
    await succeed(cwd, "advise");
    const passed = await succeed(cwd, "provenance-check");
    assert.match(idOf(cwd), /^provenance-checker-\d{12}-[0-9a-f]{16}$/);
    assert.doesNotMatch(passed.stdout, /ERROR/);
    assert.match((await succeed(cwd, "log")).stdout, /The analysis has ended/);
    assert.match((await succeed(cwd, "status")).stdout, /terminated/);
    const text = readFileSync(join(cwd, "Pipfile.lock"), "utf8");
    writeFileSync(join(cwd, "Pipfile.lock"), text.replace(/sha256:[0-9a-f]{64}/, `sha256:${"0".repeat(64)}`));
    const { status, stdout } = await run(cwd, ["provenance-check", "--json"]);
    assert.equal(status, 4);
    assert.match(stdout, /INVALID-ARTIFACT-HASH/);
  });

  it("environments, indexes and images: what there is", async () => {
    const cwd = project();
    const environments = (await succeed(cwd, "environments", "-o", "json")).json as {
      environment: object[];
    };
    const ubi = { os_name: "ubi", os_version: "9", python_version: "3.11" };
    assert.equal(
      environments.environment.some((one) => JSON.stringify(one) === JSON.stringify(ubi)),
      true,
    );
    assert.match((await succeed(cwd, "environments")).stdout, /Python environments/);
    const { indexes } = (await succeed(cwd, "indexes", "-o", "json")).json as { indexes: { url: string }[] };
    assert.deepEqual(
      indexes.map(({ url }) => url),
      [index.indexUrl.replace(/\/$/, "")],
    );
    await succeed(cwd, "indexes");
    const images = (await succeed(cwd, "images", "-o", "json")).json as { s2i: Record<string, unknown>[] };
    assert.deepEqual(
      images.s2i.map((image) => [image["env_image_name"], image["env_image_tag"], image["python_version"]]),
      [["quay.io/thoth-station/s2i-thoth-ubi8-py38", "v0.36.0", "3.8"]],
    );
    assert.match((await succeed(cwd, "images")).stdout, /thoth\.test\/search\/image\//);
    const none = await succeed(cwd, "images", "-o", "json", "--package-name", "absent");
    assert.deepEqual((none.json as { s2i: object[] }).s2i, []);
  });

  it("whatprovides and discover: packages of imports, and status 1 where there is none", async () => {
    const cwd = project();
    const { stdout } = await succeed(cwd, "whatprovides", "yaml");
    assert.match(stdout, /pyyaml/);
    assert.match((await succeed(cwd, "whatprovides", "alpha")).stdout, /alpha\s*│\s*2\.0/);
    const { status, stderr } = await run(cwd, ["whatprovides", "nowhere"]);
    assert.equal(status, 1);
    assert.match(stderr, /nowhere/);
    assert.match((await succeed(cwd, "discover")).stderr, /'alpha' identified for import 'alpha'/);
  });

  it("version: that of the service", async () => {
    const cwd = project();
    const { json } = await succeed(cwd, "version", "--json");
    assert.match(String((json as Record<string, unknown>)["thoth_version"]), /^\d+\.\d+\.\d+/);
  });

  it("with a token: known or not", async () => {
    const cwd = project();
    const wrong = await run(cwd, ["advise"], { THAMOS_TOKEN: "thoth_0000000000000000_wrong" });
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /Bad token supplied/);
    // What was asked with a token is read by its id alone.
    const right = await run(cwd, ["advise"], { THAMOS_TOKEN: service.token ?? "" });
    assert.equal(right.status, 0, right.stderr);
  });
});

const PIPFILE = `[[source]]
name = "local"
url = "INDEX"
verify_ssl = false

[packages]
alpha = "*"

[dev-packages]
gamma = "*"

[requires]
python_version = "3.11"
`;

const OFFERED = {
  alpha: [
    buildWheel({ name: "alpha", version: "1.0", requires: ["beta>=1"] }),
    buildWheel({ name: "alpha", version: "2.0", requires: ["beta>=2"] }),
  ],
  beta: ["1.0", "2.0", "3.0rc1"].map((version) => buildWheel({ name: "beta", version })),
  gamma: [buildWheel({ name: "gamma", version: "1.0" })],
  pyyaml: [buildWheel({ name: "pyyaml", version: "6.0" })],
};

/** Of OSV. */
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

/** The knowledge graph of a service without a server for it, with one image. */
async function learnImage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const graph = await openGraph(join(folder, "graph.sqlite"));
  const digest = `sha256:${"a".repeat(64)}`;
  const fact: Fact<"image"> = {
    owner: `image:${digest}`,
    kind: "image",
    subject: "",
    body: {
      reference: "quay.io/thoth-station/s2i-thoth-ubi8-py38:v0.36.0",
      digest,
      size: 1,
      os: { id: "ubi", version: "8" },
      architecture: "x86_64",
      packages: [{ kind: "rpm", name: "bash", version: "4.4", architecture: "x86_64" }],
      pythons: [{ path: "/usr/bin/python3.8", version: "3.8.13" }],
      distributions: [],
      libraries: [],
      environment: { THOTH_S2I_NAME: "quay.io/thoth-station/s2i-thoth-ubi8-py38" },
    },
    provenance: { source: "https://quay.io", observedAt: 1_700_000_000, tool: "test" },
  };
  await graph.write({ changes: [{ put: fact }], at: 1_700_000_000, source: "test" });
  await graph.close();
}
