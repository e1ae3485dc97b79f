// Rules from repositories that the real git has made.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { ThothError } from "@thoth/pep";
import { makeCertificate, startIndex } from "@thoth/testkit";
import { type FetchRulesOptions, fetchPrescriptions } from "../src/index.ts";

const root = mkdtempSync(join(tmpdir(), "thoth-git-"));
after(() => rmSync(root, { recursive: true, force: true }));

const program = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "git"))
  .find((path) => existsSync(path));
const skip =
  program === undefined || spawnSync(program, ["--version"]).status !== 0 ? "git is not here" : false;

const variables = {
  PATH: process.env["PATH"],
  HOME: root,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
};

let count = 0;

class Project {
  readonly folder = join(root, `project-${count++}`);
  readonly place = `git+${pathToFileURL(this.folder).href}`;

  constructor() {
    mkdirSync(this.folder);
    this.git("init", "--quiet", "--initial-branch=main");
  }

  git(...words: readonly string[]): string {
    return execFileSync(program!, words, { cwd: this.folder, env: variables, encoding: "utf8" }).trim();
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  /** The commit. */
  commit(files: Readonly<Record<string, string>>): string {
    this.write(files);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message=x");
    return this.git("rev-parse", "HEAD");
  }
}

function optionsOf(more: Partial<FetchRulesOptions> = {}): FetchRulesOptions {
  return {
    program,
    folder: join(root, `cache-${count++}`),
    variables,
    offline: false,
    signal: new AbortController().signal,
    ...more,
  };
}

async function failureOf(work: Promise<unknown>): Promise<ThothError> {
  const failure = await work.then(
    () => assert.fail("it did not fail"),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof ThothError, String(failure));
  return failure;
}

/** What a fetch leaves behind beside what it keeps. */
function leftIn({ folder }: FetchRulesOptions): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith(".json.gz")) : [];
}

const pathsOf = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path);

suite("rules from a git repository", { skip }, () => {
  test("of a branch, a tag, a full name and a commit", async () => {
    const project = new Project();
    const first = project.commit({ "a.yaml": "units: {}\n" });
    project.git("tag", "--annotate", "v1", "--message=x");
    project.git("checkout", "--quiet", "-b", "feature/x");
    const second = project.commit({ "b.yaml": "units: {boots: []}\n", "b.test.yaml": "cases: []\n" });
    project.git("checkout", "--quiet", "main");
    for (const [ref, commit] of [
      ["", first],
      ["@main", first],
      ["@v1", first],
      ["@feature/x", second],
      ["@refs/heads/feature/x", second],
      [`@${second}`, second],
    ]) {
      const options = optionsOf();
      const found = await fetchPrescriptions(project.place + ref, options);
      assert.equal(found.commit, commit, ref);
      assert.equal(found.source, project.place + ref);
      assert.deepEqual(pathsOf(found.rules), commit === first ? ["a.yaml"] : ["a.yaml", "b.yaml"]);
      assert.deepEqual(pathsOf(found.cases), commit === first ? [] : ["b.test.yaml"]);
      assert.deepEqual(leftIn(options), []);
    }
  });

  test("below a folder of it, without links, hidden files and other repositories", async () => {
    const project = new Project();
    const other = new Project();
    other.commit({ "z.yaml": "units: {}\n" });
    project.write({
      "rules/deep/é b.yaml": "x: 1\n",
      "rules/.hidden/a.yaml": "",
      "else.yaml": "",
      "rules/n.txt": "",
    });
    symlinkSync("/etc/passwd", join(project.folder, "rules", "link.yaml"));
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.folder, "rules/sub");
    project.commit({ "rules/a.yaml": "x: 2\n" });
    const found = await fetchPrescriptions(`${project.place}#subdirectory=rules/`, optionsOf());
    assert.deepEqual(found.rules, [
      { path: "a.yaml", text: "x: 2\n" },
      { path: "deep/é b.yaml", text: "x: 1\n" },
    ]);
    const nowhere = fetchPrescriptions(`${project.place}#subdirectory=nowhere`, optionsOf());
    assert.equal((await failureOf(nowhere)).code, "file-failed");
    const file = fetchPrescriptions(`${project.place}#subdirectory=rules/a.yaml`, optionsOf());
    assert.equal((await failureOf(file)).code, "file-failed");
  });

  test("as they are stored: no filter and no hook runs", async () => {
    const project = new Project();
    const trace = join(root, "ran");
    const script = join(root, "script");
    writeFileSync(script, `#!/bin/sh\necho "$@" >> ${trace}\nexec cat\n`);
    chmodSync(script, 0o755);
    const hooks = join(root, "hooks");
    mkdirSync(hooks);
    for (const name of ["post-checkout", "reference-transaction", "post-index-change"]) {
      writeFileSync(join(hooks, name), `#!/bin/sh\necho hook >> ${trace}\n`);
      chmodSync(join(hooks, name), 0o755);
    }
    const configuration = join(root, "configuration");
    writeFileSync(
      configuration,
      `[core]\nhooksPath = ${hooks}\n[filter "x"]\nsmudge = ${script}\nprocess = ${script}\n[core]\nfsmonitor = ${script}\n`,
    );
    project.commit({
      ".gitattributes": "*.yaml filter=x export-ignore text eol=crlf ident\n",
      "a.yaml": "x: $Id$\n",
    });
    const found = await fetchPrescriptions(
      project.place,
      optionsOf({ variables: { ...variables, GIT_CONFIG_GLOBAL: configuration, GIT_DIR: "/nowhere" } }),
    );
    assert.deepEqual(found.rules, [{ path: "a.yaml", text: "x: $Id$\n" }]);
    assert.ok(!existsSync(trace));
  });

  test("are kept by commit, and asked for again by name", async () => {
    const project = new Project();
    const first = project.commit({ "a.yaml": "x: 1\n" });
    const options = optionsOf();
    await fetchPrescriptions(project.place, options);
    await fetchPrescriptions(`${project.place}@${first}`, options);
    const second = project.commit({ "a.yaml": "x: 2\n" });
    const offline = await fetchPrescriptions(project.place, { ...options, offline: true });
    assert.deepEqual([offline.commit, offline.isCurrent, offline.rules[0]?.text], [first, false, "x: 1\n"]);
    const online = await fetchPrescriptions(project.place, options);
    assert.deepEqual([online.commit, online.isCurrent, online.rules[0]?.text], [second, true, "x: 2\n"]);
    // A commit never changes: nobody is asked.
    rmSync(project.folder, { recursive: true });
    const named = await fetchPrescriptions(`${project.place}@${second}`, { ...options, offline: true }).catch(
      (error: unknown) => error,
    );
    assert.ok(named instanceof ThothError && named.code === "index-unreachable");
    const gone = await failureOf(fetchPrescriptions(project.place, options));
    assert.equal(gone.code, "index-unreachable");
    assert.equal((await fetchPrescriptions(project.place, { ...options, offline: true })).commit, second);
  });

  test("of a commit that is kept need neither the network nor git", async () => {
    const project = new Project();
    const commit = project.commit({ "a.yaml": "x: 1\n" });
    const options = optionsOf();
    const place = `${project.place}@${commit}`;
    await fetchPrescriptions(place, options);
    rmSync(project.folder, { recursive: true });
    const kept = await fetchPrescriptions(place, { ...options, program: undefined });
    assert.deepEqual([kept.commit, kept.isCurrent, pathsOf(kept.rules)], [commit, true, ["a.yaml"]]);
  });

  test("that are damaged in the cache are fetched again", async () => {
    const project = new Project();
    project.commit({ "a.yaml": "x: 1\n" });
    const options = optionsOf();
    await fetchPrescriptions(project.place, options);
    for (const name of readdirSync(options.folder)) writeFileSync(join(options.folder, name), "no gzip");
    assert.equal(
      (await failureOf(fetchPrescriptions(project.place, { ...options, offline: true }))).code,
      "index-unreachable",
    );
    assert.deepEqual(pathsOf((await fetchPrescriptions(project.place, options)).rules), ["a.yaml"]);
  });

  test("that are not there", async () => {
    const project = new Project();
    const empty = optionsOf();
    assert.equal((await failureOf(fetchPrescriptions(project.place, empty))).code, "index-response-invalid");
    project.commit({ "a.yaml": "" });
    const unknown = fetchPrescriptions(`${project.place}@nothing`, optionsOf());
    assert.equal((await failureOf(unknown)).code, "index-response-invalid");
    const nobody = fetchPrescriptions(`${project.place}@${"a".repeat(40)}`, optionsOf());
    assert.equal((await failureOf(nobody)).code, "index-unreachable");
    const nowhere = fetchPrescriptions("git+file:///nowhere/at/all", optionsOf());
    assert.equal((await failureOf(nowhere)).code, "index-unreachable");
    const refused = fetchPrescriptions("git+https://127.0.0.1:1/a.git", optionsOf());
    assert.equal((await failureOf(refused)).code, "index-unreachable");
    assert.deepEqual(leftIn(empty), []);
  });

  test("that are too much, or take too long", async () => {
    const project = new Project();
    project.commit({ "a.yaml": "x".repeat(100_000) });
    const large = optionsOf({ bytes: 50_000 });
    const failure = await failureOf(fetchPrescriptions(project.place, large));
    assert.deepEqual([failure.code, failure.details?.["limit"]], ["limit-exceeded", "bytes"]);
    assert.deepEqual(leftIn(large), []);
    project.commit({ "b.yaml": "x".repeat(5 * 1024 * 1024 + 1) });
    assert.equal((await failureOf(fetchPrescriptions(project.place, optionsOf()))).code, "limit-exceeded");
    const slow = join(root, "slow-git");
    writeFileSync(slow, `#!/bin/sh\ncase "$*" in *ls-remote*) sleep 60;; *) exec ${program} "$@";; esac\n`);
    chmodSync(slow, 0o755);
    const late = optionsOf({ program: slow, seconds: 0.5 });
    const failed = await failureOf(fetchPrescriptions(project.place, late));
    assert.deepEqual([failed.code, failed.details?.["limit"]], ["limit-exceeded", "seconds"]);
    const reason = new Error("enough");
    const controller = new AbortController();
    const running = fetchPrescriptions(
      project.place,
      optionsOf({ program: slow, signal: controller.signal }),
    );
    setTimeout(() => controller.abort(reason), 300);
    await assert.rejects(running, (error) => error === reason);
  });

  test("with credentials for the host that they were given for, and no other", async (t) => {
    const tls = makeCertificate();
    const bundle = join(root, "bundle.pem");
    writeFileSync(bundle, tls.certificate);
    const there = await startIndex({ tls });
    const to = `${there.origin}/a.git/info/refs?service=git-upload-pack`;
    const here = await startIndex({ tls, faults: { "/a.git/info/refs": { kind: "redirect", to } } });
    t.after(() => Promise.all([there.close(), here.close()]));
    const place = `git+${here.origin.replace("//", "//me:se%40cret@")}/a.git`;
    const options = optionsOf({ variables: { ...variables, GIT_SSL_CAINFO: bundle } });
    const failure = await failureOf(fetchPrescriptions(place, options));
    assert.equal(failure.code, "index-unreachable");
    assert.ok(!failure.message.includes("se%40cret") && !failure.message.includes("se@cret"));
    const sent = `Basic ${Buffer.from("me:se@cret").toString("base64")}`;
    assert.equal(here.requests[0]?.headers.authorization, sent);
    assert.equal(there.requests[0]?.path, "/a.git/info/refs");
    assert.equal(there.requests[0]?.headers.authorization, undefined);
  });

  test("in a repository that grows without end", async () => {
    const project = new Project();
    project.commit({ "a.yaml": "x: 1\n" });
    const endless = join(root, "endless-git");
    const grow =
      'i=0; while [ $i -lt 600 ]; do head -c 100000 /dev/zero >> "$3/objects/pack/x"; sleep 0.05; i=$((i+1)); done';
    writeFileSync(
      endless,
      `#!/bin/sh\ncase "$*" in *"fetch --quiet"*) while [ "$1" != --git-dir ]; do shift; done; set -- x "$@"; ${grow};; *) exec ${program} "$@";; esac\n`,
    );
    chmodSync(endless, 0o755);
    const options = optionsOf({ program: endless, bytes: 1_000_000, seconds: 20 });
    const failure = await failureOf(fetchPrescriptions(project.place, options));
    assert.deepEqual([failure.code, failure.details?.["limit"]], ["limit-exceeded", "bytes"]);
    assert.deepEqual(leftIn(options), []);
  });
});

suite("places in git repositories", () => {
  const hostile = [
    "git+https://",
    "git+https://-oProxyCommand=x/a",
    "git+ssh://-oProxyCommand=x/a",
    "git+ssh://-x@host/a",
    "git+ssh://user:secret@host/a",
    "git+http://host/a",
    "git+ext::sh -c x",
    "git+ext://sh/a",
    "git+file://host/a",
    "git+file:///--upload-pack=x",
    "git+https://host/",
    "git+https://host/a?x=1",
    "git+https://host/a@--upload-pack=x",
    "git+https://host/a@-x",
    "git+https://host/a@a..b",
    "git+https://host/a@a:b",
    "git+https://host/a@%2D%2Dx",
    "git+https://host/a@x%0ay",
    "git+https://host/a@refs/heads/*",
    "git+https://host/a@",
    "git+https://host/a#subdirectory=../x",
    "git+https://host/a#subdirectory=a/../../x",
    "git+https://host/a#subdirectory=a:b",
    "git+https://host/a#egg=x",
    "git+https://host/a b",
    "git+https://host/a\n",
    `git+https://host/${"a".repeat(3000)}`,
  ];
  for (const text of hostile) {
    test(`not ${JSON.stringify(text.slice(0, 60))}`, async () => {
      const options = optionsOf({ program: "/nowhere/git" });
      const failure = await failureOf(fetchPrescriptions(text, options));
      assert.equal(failure.code, "usage");
      assert.ok(!existsSync(options.folder));
    });
  }

  test("show no credentials, and need git", async () => {
    const options = optionsOf({ program: undefined });
    const failure = await failureOf(fetchPrescriptions("git+https://me:secret@host/a.git", options));
    assert.equal(failure.code, "environment-failed");
    assert.ok(!failure.message.includes("secret"));
    const offline = optionsOf({ program: undefined, offline: true });
    assert.equal(
      (await failureOf(fetchPrescriptions("git+ssh://git@host/a", offline))).code,
      "index-unreachable",
    );
  });
});
