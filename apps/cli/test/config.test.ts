// `thoth config`, and what other commands take from a project's file: those that the original's clients wrote, too.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import type { ConfigDocument } from "@thoth/contract";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

/** As the original's client makes it: keys and shapes, with other values. */
const ORIGINAL = (host: string) => `# of the original
host: ${host}
tls_verify: true
requirements_format: pipenv
overlays_dir: null

runtime_environments:
  - name: 'ubi:8'
    operating_system:
      name: ubi
      version: '8'
    hardware:
      # some processor
      cpu_family: 6
      cpu_model: 85
    python_version: '3.11'
    cuda_version: null
    recommendation_type: latest
    platform: linux-x86_64
  - name: training
    python_version: '3.9'
    cuda_version: '12.4'
    recommendation_type: stable

managers:
  - name: update
    configuration:
      labels: [bot]
`;

const RULES = `units:
  sieves:
    - name: Cuda
      type: sieve
      should_include:
        adviser_pipeline: true
        runtime_environments: {cuda_version: ">=12"}
      match: {package_version: {name: alpha, version: "==2.0"}}
`;

describe("the settings of a project", () => {
  let shop: Workshop;
  let path: string;
  /** Whoever is asked here is asked by mistake, and says with what. */
  let stranger: Server;
  let host: string;
  const asked: string[] = [];

  before(async () => {
    shop = await openWorkshop();
    path = join(shop.folder, ".thoth.yaml");
    shop.write("requirements.in", "alpha\n");
    shop.write("rules.yaml", RULES);
    stranger = createServer((request, response) => {
      asked.push(request.headers.authorization ?? "nobody");
      response.writeHead(404).end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => stranger.once("listening", resolve));
    host = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  });
  after(async () => {
    stranger?.close();
    await shop?.close();
  });
  afterEach(() => {
    rmSync(path, { force: true });
    asked.length = 0;
  });

  const config = (...words: readonly string[]) => shop.run("thoth", ["config", "--json", ...words]);
  async function shown(...words: readonly string[]): Promise<ConfigDocument> {
    const result = await config(...words);
    assert.equal(result.status, 0, result.stdout + result.stderr);
    return documentOf(result, "thoth config") as unknown as ConfigDocument;
  }
  const settingOf = ({ settings }: ConfigDocument, wanted: string) =>
    settings.find(({ name }) => name === wanted);
  const lock = (words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    shop.run("thoth", ["lock", "requirements.in", "--format", "json", ...words], { env });
  const pythonOf = (result: { readonly json: unknown }) =>
    (result.json as { environment: Record<string, string> }).environment["python_version"];

  it("are made of what this machine is, and are not made again", async () => {
    const made = await shown();
    assert.equal(made.written, true);
    const text = readFileSync(path, "utf8");
    assert.match(text, /runtime_environments:\n {2}- name: \S+/);
    assert.doesNotMatch(text, /host:/);
    assert.equal(settingOf(made, "python-version")?.from, "file");
    assert.equal(settingOf(made, "recommendation-type")?.value, "stable");
    assert.equal(settingOf(made, "service")?.value, null);
    const told = async () => {
      const { environment, packages } = (await lock()).json as { environment: object; packages: object[] };
      const { python_version, sys_platform, platform_machine } = environment as Record<string, string>;
      return { python_version, sys_platform, platform_machine, packages };
    };
    const here = await told();
    rmSync(path);
    assert.deepEqual(await told(), here);
    writeFileSync(path, text);
    assert.equal((await shown()).written, false);
    assert.equal(readFileSync(path, "utf8"), text);
    const refused = await config("--python-version", "3.12");
    assert.equal(codeOf(refused), "usage");
    assert.equal(readFileSync(path, "utf8"), text);
  });

  it("are changed where that is said, and everything else in the file stays", async () => {
    shop.write(".thoth.yaml", ORIGINAL(host));
    const told = await shown("--write", "--python-version", "3.12", "--recommendation-type", "security");
    assert.equal(told.written, true);
    assert.equal(
      readFileSync(path, "utf8"),
      ORIGINAL(host).replace("'3.11'", '"3.12"').replace("type: latest", "type: security"),
    );
    shop.write(".thoth.yaml", "# ours\n");
    await shown("--write", "--python-version", "3.12");
    assert.match(readFileSync(path, "utf8"), /# ours\n[\s\S]*python_version: "3\.12"\n/);
    shop.write(".thoth.yaml", "managers: []\n");
    await shown("--write", "--service", "https://thoth.example.com", "--platform", "win-amd64");
    assert.match(readFileSync(path, "utf8"), /managers: \[\]\nhost: https[\s\S]*platform: win-amd64\n/);
    assert.equal(codeOf(await config("--write")), "usage");
    for (const words of [
      ["--python-version", "three"],
      ["--platform", "vax"],
      ["--service", "ftp://example.com"],
      ["--service", "https://user:word@example.com"],
    ])
      assert.equal(codeOf(await config("--write", ...words)).replace("invalid-project", "usage"), "usage");
  });

  it("are read from a file of the original, and say what of it is of no use", async () => {
    shop.write(".thoth.yaml", ORIGINAL("khemenu.example.com"));
    const told = await shown();
    assert.deepEqual(
      told.settings.map(({ name, value, from }) => [name, value, from]),
      [
        ["service", "khemenu.example.com", "file"],
        ["recommendation-type", "latest", "file"],
        ["python-version", "3.11", "file"],
        ["platform", "manylinux_2_28_x86_64", "file"],
        ["operating-system", "ubi 8", "file"],
        ["hardware", "cpu family 6, cpu model 85", "file"],
      ],
    );
    assert.deepEqual(told.environments, ["ubi:8", "training"]);
    assert.deepEqual(told.unused, ["tls_verify", "requirements_format", "overlays_dir", "managers"]);
    const text = await shop.run("thoth", ["config"]);
    assert.match(text.stdout, /not trusted, so it is not asked/);
    const variable = await shop.run("thoth", ["config", "--json"], { env: { THOTH_PYTHON_VERSION: "3.9" } });
    const python = settingOf(
      documentOf(variable, "thoth config") as unknown as ConfigDocument,
      "python-version",
    );
    assert.deepEqual(
      [python?.value, python?.from, python?.note],
      ["3.9", "variable", "THOTH_PYTHON_VERSION"],
    );
  });

  it("hold where neither option nor variable says another thing", async () => {
    shop.write(".thoth.yaml", ORIGINAL("khemenu.example.com").replace("'3.11'", "'3.10'"));
    const usual = await lock();
    assert.equal(pythonOf(usual), "3.10");
    assert.match(
      usual.stderr,
      /settings +of \.thoth\.yaml: type latest, Python 3\.10, manylinux_2_28_x86_64\n/,
    );
    assert.match(usual.stderr, /not asked: khemenu\.example\.com/);
    const byVariable = { THOTH_PYTHON_VERSION: "3.9", THOTH_RECOMMENDATION_TYPE: "testing" };
    const variables = await lock([], byVariable);
    assert.equal(pythonOf(variables), "3.9");
    assert.match(variables.stderr, /of \.thoth\.yaml: manylinux_2_28_x86_64\n/);
    const options = await lock(["-p", "3.12", "--platform", "macos"], byVariable);
    assert.equal(pythonOf(options), "3.12");
    assert.doesNotMatch(options.stderr, /of \.thoth\.yaml/);
    assert.equal((await lock(["--quiet"])).stderr, "");
  });

  it("are those of the repository, and of no folder above it", async () => {
    const { runCommand } = await import("@thoth/testkit");
    shop.write(".thoth.yaml", ORIGINAL("khemenu.example.com").replace("'3.11'", "'3.10'"));
    const sub = join(shop.folder, "repository", "sub");
    mkdirSync(sub, { recursive: true });
    const inSub = async () => {
      const words = ["lock", join(shop.folder, "requirements.in"), "--format", "json"];
      const result = await runCommand("thoth", [...words, "--index-url", shop.index.indexUrl], {
        home: shop.home,
        cwd: sub,
      });
      assert.equal(result.status, 0, result.stderr);
      return result.stderr;
    };
    assert.doesNotMatch(await inSub(), /\.thoth\.yaml/);
    mkdirSync(join(shop.folder, ".git"));
    assert.match(await inSub(), /of \.\.\/\.\.\/\.thoth\.yaml/);
    mkdirSync(join(shop.folder, "repository", ".git"));
    assert.doesNotMatch(await inSub(), /\.thoth\.yaml/);
    rmSync(join(shop.folder, ".git"), { recursive: true });
  });

  it("tell rules where the stack runs, by the name of an environment too", async () => {
    shop.write(".thoth.yaml", ORIGINAL("khemenu.example.com"));
    const advise = async (...words: readonly string[]) => {
      const own = ["--prescriptions", "rules.yaml", "--index-url", shop.index.indexUrl, "--json"];
      const result = await shop.run("thoth", ["advise", "requirements.in", ...own, ...words]);
      assert.equal(result.status, 0, result.stdout + result.stderr);
      const { products, made } = result.json as {
        products: { packages: { name: string; version: string }[] }[];
        made: { options: Record<string, string> };
      };
      const alpha = products[0]?.packages.find(({ name }) => name === "alpha");
      return [alpha?.version, made.options["pythonVersion"], made.options["recommendationType"]];
    };
    assert.deepEqual(await advise(), ["2.0", "3.11", "latest"]);
    assert.deepEqual(await advise("--runtime-environment", "training"), ["1.0", "3.9", "stable"]);
    assert.deepEqual(await advise("--runtime-environment", '{"cuda_version": "12.1"}'), [
      "1.0",
      undefined,
      "latest",
    ]);
    shop.write(".thoth.yaml", "runtime_environments: [{name: a, python_version: '3.10'}]\n");
    assert.deepEqual(await advise(), ["2.0", "3.10", "stable"]);
  });

  it("ask no service that only a file names, and give it no token", async () => {
    const env = { THOTH_TOKEN: "thoth_secret" };
    shop.write(".thoth.yaml", ORIGINAL(host));
    assert.equal((await lock([], env)).status, 0);
    const advised = await shop.run(
      "thoth",
      ["advise", "requirements.in", "--index-url", shop.index.indexUrl],
      { env },
    );
    assert.equal(advised.status, 0, advised.stderr);
    assert.equal((await shop.run("thoth", ["environments"], { env })).status, 2);
    await config();
    assert.deepEqual(asked, []);
    const told = await shown("--trust");
    assert.match(settingOf(told, "service")?.note ?? "", /^trusted/);
    assert.equal(codeOf(await lock([], env)), "service-unreachable");
    assert.deepEqual([...new Set(asked)], ["Bearer thoth_secret"]);
    asked.length = 0;
    for (const words of [["--engine", "thoth"], ["--offline"]]) await lock(words, env);
    shop.write(".thoth.yaml", ORIGINAL(host.replace("127.0.0.1", "localhost")));
    assert.equal((await lock([], env)).status, 0);
    shop.write(".thoth.yaml", ORIGINAL(host));
    await shown("--distrust");
    assert.equal((await lock([], env)).status, 0);
    assert.deepEqual(asked, []);
  });

  it("trust the service that the user names, and none where no file names one", async () => {
    assert.equal(codeOf(await config("--trust")), "usage");
    assert.equal(existsSync(path), false);
    const made = await shown("--service", host);
    assert.match(settingOf(made, "service")?.note ?? "", /^trusted/);
    assert.equal(codeOf(await lock()), "service-unreachable");
    assert.deepEqual([...new Set(asked)], ["nobody"]);
    shop.write(".thoth.yaml", "# ours\n");
    await shown("--write", "--python-version", "3.12");
    assert.match(readFileSync(path, "utf8"), /# ours\n[\s\S]*python_version: "3\.12"\n/);
    shop.write(".thoth.yaml", "managers: []\n");
    assert.equal(codeOf(await config("--trust")), "usage");
  });

  it("are hostile until they are read", async () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let at = 1; at < 12; at++)
      bomb.push(
        `${"abcdefghijkl"[at]}: &${"abcdefghijkl"[at]} [${Array(9).fill(`*${"abcdefghijkl"[at - 1]}`)}]`,
      );
    const faults: readonly (readonly [text: string, code: string])[] = [
      ["runtime_environments: [{name: a, python_version: 3.10}]", "invalid-project"],
      ["runtime_environments: [{name: a, python_version: '$(id)'}]", "invalid-project"],
      ["runtime_environments: [{name: a, recommendation_type: best}]", "invalid-project"],
      ["runtime_environments: [{name: a, platform: vax}]", "invalid-project"],
      ["runtime_environments: {name: a}", "invalid-project"],
      ["runtime_environments: [a]", "invalid-project"],
      ["- a", "invalid-project"],
      ["a: [", "invalid-project"],
      [`a: ${"[".repeat(50_000)}${"]".repeat(50_000)}`, "invalid-project"],
      [bomb.join("\n"), "invalid-project"],
      [`a: ${"x".repeat(300_000)}`, "limit-exceeded"],
    ];
    for (const [text, code] of faults) {
      shop.write(".thoth.yaml", text);
      assert.equal(codeOf(await lock()), code, text.slice(0, 80));
    }
    for (const text of [
      "host: {THOTH_HOST}",
      "host: null",
      "",
      "# nothing yet",
      "!!js/function 'x': 1",
      "__proto__: {host: https://evil.example.com}\nconstructor: 1",
      "runtime_environments: null\nunknown: {deep: [1, 2]}",
    ]) {
      shop.write(".thoth.yaml", `${text}\n`);
      const result = await lock();
      assert.equal(result.status, 0, `${text}: ${result.stderr}`);
      assert.equal(({} as { host?: string }).host, undefined);
    }
    shop.write(".thoth.yaml", 'host: "https://a\\e[2J.example.com"\n');
    assert.doesNotMatch((await lock()).stderr, /\u001b\[2J/);
  });
});
