// A terminal and a notebook that have a service choose: the same answers as where this machine does it.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findViolations } from "@thoth/contract";
import { remoteDocuments } from "@thoth/contract/service";
import {
  buildWheel,
  type CommandResult,
  type IndexServer,
  type RunningCommand,
  runCommand,
  startIndex,
} from "@thoth/testkit";
import { startSmallIndex } from "./offered-projects.ts";
import { type StartedService, startService } from "./start-service.ts";

const OLD = "def fit(data, affinity='x'):\n    return data\n";
const NEW = "def fit(data, metric='x'):\n    return data\n";

describe("a terminal with a service", () => {
  let home: string;
  let index: IndexServer;
  let other: IndexServer;
  let slow: IndexServer;
  let service: StartedService;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-terminal-"));
    index = await startSmallIndex();
    const seaborn = (version: string, text: string) =>
      buildWheel({ name: "seaborn", version, files: { "seaborn/__init__.py": text } });
    other = await startIndex({
      projects: {
        seaborn: [seaborn("1.0", OLD), seaborn("2.0", NEW)],
        ipykernel: [buildWheel({ name: "ipykernel", version: "7.0" })],
      },
    });
    slow = await startIndex({ projects: {}, latencyMs: 30_000 });
    const hosts = [index, other, slow].map(({ indexUrl }) => `+${new URL(indexUrl).host}`).join(" ");
    service = await startService({
      words: ["--workers", "1", "--index-url", index.indexUrl],
      variables: { THOTH_ALLOWED_HOSTS: hosts, THOTH_ANONYMOUS: "ask,read" },
    });
  });
  after(async () => {
    await service?.stop();
    await index?.close();
    await other?.close();
    await slow?.close();
    rmSync(home, { recursive: true, force: true });
  });

  interface Run {
    readonly program?: "thoth" | "horus";
    readonly env?: Readonly<Record<string, string>>;
    readonly started?: (run: RunningCommand) => void;
  }

  async function run(
    words: readonly string[],
    { program = "thoth", ...more }: Run = {},
  ): Promise<CommandResult> {
    return await runCommand(program, words, { home, cwd: home, ...more });
  }

  function write(name: string, text: string): string {
    writeFileSync(join(home, name), text);
    return name;
  }

  const place = ["--python-version", "3.11", "--platform", "linux", "--as-of", "2026-01-01"];
  const asService = () => ({ env: { THOTH_SERVICE: service.url } });
  const here = () => ({ env: { THOTH_INDEX_URL: index.indexUrl } });

  it("locks to the same files", async () => {
    write("requirements.in", "project-0\nproject-7<=1.4\n");
    const words = ["lock", "requirements.in", "--json", ...place];
    const [there, own] = [await run(words, asService()), await run(words, here())];
    assert.equal(there.status, 0, there.stderr);
    assert.deepEqual(there.json, own.json);
    const lock = await run(["lock", "requirements.in", "-o", "pylock.toml", ...place], asService());
    assert.equal(lock.status, 0, lock.stderr);
    assert.match(lock.stderr, new RegExp(`by ${new URL(service.url).host} in`));
    const checked = await run(["provenance-check", "pylock.toml"], here());
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  });

  it("is advised in the same words", async () => {
    write("requirements.in", "project-1<=1.2\nproject-9\n");
    const words = ["advise", "requirements.in", "--count", "2", ...place];
    const [there, own] = [await run(words, asService()), await run(words, here())];
    assert.equal(there.status, 0, there.stderr);
    assert.equal(there.stdout, own.stdout);
    const document = (await run([...words, "--json"], asService())).json as { products: object[] };
    const ours = (await run([...words, "--json"], here())).json as { products: object[] };
    assert.deepEqual(document.products, ours.products);
    const page = await run([...words, "--html", "page.html", "-o", "requirements.txt"], asService());
    assert.equal(page.status, 0, page.stderr);
    assert.match(readFileSync(join(home, "page.html"), "utf8"), /optimal \(proved\)/);
    assert.match(
      readFileSync(join(home, "requirements.txt"), "utf8"),
      /project-9==\S+ \\\n\s+--hash=sha256:/,
    );
  });

  it("tells of constraints, and of a lock that is in use", async () => {
    write("requirements.in", "project-2\n");
    write("constraints.txt", "project-5<1.3\n");
    const words = ["lock", "requirements.in", "--constraint", "constraints.txt", "--json", ...place];
    assert.deepEqual((await run(words, asService())).json, (await run(words, here())).json);
    await run(
      ["lock", "requirements.in", "-o", "pylock.toml", "--constraint", "constraints.txt", ...place],
      here(),
    );
    const advised = await run(["advise", "requirements.in", "--lock", "pylock.toml", ...place], asService());
    assert.match(advised.stdout, /changed/, advised.stderr);
  });

  it("is told the same failure, with its status", async () => {
    write("requirements.in", "project-0==9\n");
    const words = ["lock", "requirements.in", "--json", ...place];
    const [there, own] = [await run(words, asService()), await run(words, here())];
    assert.equal(there.status, own.status);
    const [theirs, ours] = [there.json, own.json] as { error: { code: string; message: string } }[];
    assert.equal(theirs?.error.code, ours?.error.code);
  });

  it("sends what a notebook's code uses, and no code", async () => {
    const source = "import seaborn\nsecret = 'of the notebook'\nseaborn.fit([1], affinity='y')";
    const cell = {
      cell_type: "code",
      execution_count: null,
      id: "c",
      metadata: {},
      outputs: [],
      source: [source],
    };
    write("nb.ipynb", JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const words = [
      "lock",
      "nb.ipynb",
      "--recommendation-type",
      "stable",
      "--index-url",
      other.indexUrl,
      "--json",
    ];
    const locked = await run(words, { program: "horus", ...asService() });
    assert.equal(locked.status, 0, locked.stdout + locked.stderr);
    const { packages } = locked.json as {
      packages: { name: string; version: string; justification?: { message: string }[] }[];
    };
    const seaborn = packages.find(({ name }) => name === "seaborn");
    assert.equal(seaborn?.version, "1.0");
    assert.match(
      seaborn?.justification?.map(({ message }) => message).join("; ") ?? "",
      /cell 1, line 3, .*affinity=/,
    );
    const jobs = await fetch(`${service.url}/api/v2/jobs`);
    assert.doesNotMatch(await jobs.text(), /secret/);
    const check = await run(["check", "nb.ipynb", "--json"], { program: "horus" });
    assert.equal(check.status, 0, check.stdout + check.stderr);
  });

  it("says what a service cannot be asked", async () => {
    write("requirements.in", "project-0\n");
    for (const words of [["--resolution", "lowest"], ["--offline"], ["--find-links", "."], ["--strict"]]) {
      const refused = await run(["lock", "requirements.in", "--json", ...words, ...place], asService());
      assert.equal(refused.status, 2, `${words}: ${refused.stderr}`);
    }
    const proof = await run(
      ["advise", "requirements.in", "--proof", "p.json", "--json", ...place],
      asService(),
    );
    assert.equal(proof.status, 2);
    const why = await run(["why", "project-0", "requirements.in", "--json", ...place], asService());
    assert.equal(why.status, 2);
  });

  it("says why a service does not answer", async () => {
    write("requirements.in", "project-0\n");
    const words = ["lock", "requirements.in", "--json", ...place];
    const codeOf = async (env: Readonly<Record<string, string>>) => {
      const { status, json } = await run(words, { env });
      return [status, (json as { error: { code: string } }).error.code];
    };
    assert.deepEqual(await codeOf({ THOTH_SERVICE: "http://127.0.0.1:9" }), [3, "service-unreachable"]);
    assert.deepEqual(await codeOf({ THOTH_SERVICE: service.url, THOTH_TOKEN: "no-such-token" }), [
      3,
      "unauthorized",
    ]);
    assert.deepEqual(await codeOf({ THOTH_SERVICE: "ftp://example.com" }), [2, "usage"]);
    assert.deepEqual(await codeOf({ THOTH_SERVICE: "http://example.com", THOTH_TOKEN: "t" }), [2, "usage"]);
    assert.deepEqual(await codeOf({ THOTH_SERVICE: index.indexUrl }), [3, "service-unreachable"]);
  });

  it("asks what became of a question, and what a service knows", async () => {
    write("requirements.in", "project-3\n");
    const advised = await run(["advise", "requirements.in", "--json", ...place], asService());
    const ask = async (...words: readonly string[]) => {
      const result = await run([...words, "--json"], words[0] === "results" ? {} : asService());
      assert.equal(result.status, 0, `${words}: ${result.stdout}${result.stderr}`);
      const schema = remoteDocuments[`thoth ${words[0]}` as keyof typeof remoteDocuments];
      assert.deepEqual(findViolations(schema, result.json), [], String(words));
      return result.json as { readonly [name: string]: unknown };
    };
    assert.deepEqual(await ask("results"), advised.json);
    const status = await ask("status");
    assert.equal(status["state"], "done");
    assert.match((await run(["status", String(status["id"])], asService())).stdout, /advice +done/);
    assert.match((await run(["results"])).stdout, /optimal \(proved\)/);
    await ask("log");
    const [only] = (await ask("indexes"))["indexes"] as { url: string }[];
    assert.equal(`${only?.url}/`, index.indexUrl);
    assert.match((await run(["environments"], asService())).stdout, /Python/);
    await ask("environments");
    await ask("images");
    assert.deepEqual((await ask("whatprovides", "yaml"))["packages"], [{ name: "pyyaml", versions: [] }]);
    assert.equal((await run(["whatprovides", "no_such_module"], asService())).status, 1);
    assert.equal((await run(["status", "adviser-000000000000-0000000000000000"], asService())).status, 1);
    assert.equal((await run(["environments"])).status, 2);
    await run(["lock", "requirements.in", "-o", "pylock.toml", ...place], asService());
    const graph = await run(["graph"]);
    assert.match(graph.stdout, /^project-3 1\.\d\n├─ project-4 1\.\d\n│ {2}├─ project-5/);
    await ask("graph");
  });

  it("asks, and looks later", async () => {
    write("requirements.in", "project-2\nproject-6\n");
    const words = ["advise", "requirements.in", ...place];
    const asked = await run([...words, "--no-wait", "--json"], asService());
    assert.equal(asked.status, 0, asked.stdout + asked.stderr);
    assert.deepEqual(findViolations(remoteDocuments["thoth advise --no-wait"], asked.json), []);
    const { job } = asked.json as { job: string };
    let result = await run(["results", "--json"]);
    for (let tries = 0; tries < 60 && result.status === 1; tries++) result = await run(["results", "--json"]);
    assert.equal(result.status, 0, result.stdout + result.stderr);
    assert.equal(((await run(["status", "--json"])).json as { id: string }).id, job);
    const waited = await run([...words, "--json"], asService());
    assert.deepEqual(waited.json, result.json);
    const again = await run([...words, "--no-wait"], asService());
    assert.equal(again.stdout, `${job}\n`);
    assert.match(again.stderr, /thoth results/);
    const done = (await run([...words, "--no-wait", "--json"], asService())).json as { state: string };
    assert.equal(done.state, "done");
    for (const more of [
      ["-o", "pylock.toml"],
      ["--html", "p.html"],
      ["--engine", "thoth"],
    ])
      assert.equal(
        (await run([...words, "--no-wait", "--json", ...more], asService())).status,
        2,
        String(more),
      );
    assert.equal((await run([...words, "--no-wait", "--json"], here())).status, 2);
    const gone = await run([...words, "--no-wait", "--json"], {
      env: { THOTH_SERVICE: "http://127.0.0.1:9" },
    });
    assert.equal(gone.status, 3);
  });

  it("asks the service of a project's file, once it is trusted", async () => {
    write("requirements.in", "project-4\n");
    const words = ["lock", "requirements.in", "--json", "--as-of", "2026-01-01"];
    write(
      ".thoth.yaml",
      `host: ${service.url}\nruntime_environments:\n  - {name: a, python_version: "3.11", platform: linux}\n`,
    );
    try {
      const own = await run(words, here());
      assert.match(own.stderr, /is not trusted here/);
      assert.equal((await run(["environments"])).status, 2);
      assert.equal((await run(["config", "--trust"])).status, 0);
      const there = await run(words);
      assert.equal(there.status, 0, there.stderr);
      assert.match(there.stderr, new RegExp(`by ${new URL(service.url).host} in`));
      assert.deepEqual(there.json, own.json);
      assert.match((await run(["environments"])).stdout, /Python/);
      assert.equal(
        (await run(["why", "project-4", "requirements.in", "--json", ...place], here())).status,
        0,
      );
    } finally {
      rmSync(join(home, ".thoth.yaml"));
    }
  });

  it("ends the job that it does not wait for any more, and none that strangers may wait for", async () => {
    write("requirements.in", "project-0\n");
    const words = ["lock", "requirements.in", "--index-url", slow.indexUrl, "--json", ...place];
    for (const token of [undefined, service.token]) {
      const ended = await run(words, {
        env: { THOTH_SERVICE: service.url, ...(token === undefined ? {} : { THOTH_TOKEN: token }) },
        started: (running) => setTimeout(() => running.child.kill("SIGINT"), 4_000),
      });
      assert.equal(ended.status, 130, ended.stdout + ended.stderr);
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const answer = await fetch(`${service.url}/api/v2/jobs?limit=1`, { headers });
      const [job] = ((await answer.json()) as { items: { state: string }[] }).items;
      if (token === undefined) assert.match(String(job?.state), /^(ready|running)$/);
      else assert.equal(job?.state, "cancelled");
    }
  });
});
