import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { runCommand } from "@thoth/testkit";
import { remotePlace, shareLinks } from "../src/notebook/share-links.ts";
import { codeOf, documentOf, notebookText } from "./workshop.ts";

describe("the place of a remote", () => {
  for (const [remote, place] of [
    ["https://github.com/owner/repo.git", "github.com owner/repo"],
    ["https://user:secret@GitHub.com/owner/repo/", "github.com owner/repo"],
    ["git@github.com:owner/repo.git", "github.com owner/repo"],
    ["ssh://git@gitlab.com:22/group/sub/repo.git", "gitlab.com group/sub/repo"],
    ["https://git.example.org:8443/a/b", "git.example.org:8443 a/b"],
    ["git://example.org/a/b.git", "example.org a/b"],
    ["/srv/git/repo.git", undefined],
    ["file:///srv/git/repo.git", undefined],
    ["C:/own/repo", undefined],
    ["../repo", undefined],
    ["ext::sh -c touch% owned", undefined],
  ] as const) {
    it(`${remote} is ${place ?? "none"}`, () => {
      const found = remotePlace(remote);
      assert.equal(found && `${found.host} ${found.repository}`, place);
    });
  }
});

describe("links", () => {
  const notebook = { ref: "feature/x", path: "work/a b#1.ipynb" };
  const linksOf = (host: string, repository: string, hub?: string): Record<string, string> =>
    Object.fromEntries(
      shareLinks({ host, repository, ...notebook }, hub).map(({ name, url }) => [name, url]),
    );

  it("open Binder from any host, and Colab from GitHub", () => {
    assert.deepEqual(linksOf("github.com", "o/r"), {
      binder: "https://mybinder.org/v2/gh/o/r/feature%2Fx?labpath=work%2Fa%20b%231.ipynb",
      colab: "https://colab.research.google.com/github/o/r/blob/feature/x/work/a%20b%231.ipynb",
    });
    assert.deepEqual(linksOf("gitlab.com", "g/s/r"), {
      binder: "https://mybinder.org/v2/gl/g%2Fs%2Fr/feature%2Fx?labpath=work%2Fa%20b%231.ipynb",
    });
    assert.deepEqual(linksOf("git.example.org", "o/r"), {
      binder:
        "https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org%2Fo%2Fr/feature%2Fx?labpath=work%2Fa%20b%231.ipynb",
    });
  });

  it("have a JupyterHub fetch the repository", () => {
    for (const hub of [
      "https://hub.example.org",
      "https://hub.example.org/hub/",
      "https://hub.example.org/",
    ]) {
      const url = new URL(linksOf("github.com", "o/r", hub)["jupyterhub"] as string);
      assert.equal(url.origin + url.pathname, "https://hub.example.org/hub/user-redirect/git-pull");
      assert.deepEqual(Object.fromEntries(url.searchParams), {
        repo: "https://github.com/o/r",
        branch: "feature/x",
        urlpath: "lab/tree/r/work/a b#1.ipynb",
      });
    }
    assert.throws(() => linksOf("github.com", "o/r", "javascript:alert(1)"), { code: "usage" });
  });
});

const hasGit = spawnSync("git", ["--version"]).status === 0;

describe("horus export --format links", { skip: !hasGit && "git is not on this machine" }, () => {
  const home = mkdtempSync(join(tmpdir(), "thoth-links-"));
  after(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, "work");
  const git = (...words: readonly string[]): void => {
    const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
    const done = spawnSync("git", [...identity, ...words], { cwd: folder, encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
  };
  const links = (...words: readonly string[]) =>
    runCommand("horus", ["export", "sub/a.ipynb", "--format", "links", "--json", ...words], {
      home,
      cwd: folder,
    });

  it("tells nothing where the notebook is not published", async () => {
    mkdirSync(join(folder, "sub"), { recursive: true });
    writeFileSync(join(folder, "sub", "a.ipynb"), notebookText(["1"]));
    assert.equal(codeOf(await links()), "invalid-project");
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "one");
    assert.equal(codeOf(await links()), "invalid-project");
    spawnSync("git", ["init", "-q", "--bare", join(home, "bare.git")]);
    git("remote", "add", "origin", join(home, "bare.git"));
    git("push", "-q", "-u", "origin", "main");
    assert.equal(codeOf(await links()), "invalid-project");
  });

  it("tells them from the remote, and whether it has the notebook as it is", async () => {
    git("remote", "set-url", "origin", "git@github.com:owner/repo.git");
    // A stranger's repository may name programs: none of them starts.
    git("config", "core.fsmonitor", "touch OWNED; false");
    const result = await links("--hub", "https://hub.example.org");
    const document = documentOf(result, "horus export") as { links: { name: string; url: string }[] };
    assert.deepEqual(
      document.links.map(({ name }) => name),
      ["binder", "colab", "jupyterhub"],
    );
    assert.equal(document.links[0]?.url, "https://mybinder.org/v2/gh/owner/repo/main?labpath=sub%2Fa.ipynb");
    assert.doesNotMatch(result.stderr, /as it is here/);
    assert.match(result.stderr, /--format binder/);
    writeFileSync(join(folder, "sub", "a.ipynb"), notebookText(["2"]));
    assert.match((await links()).stderr, /does not have this file as it is here/);
    assert.equal(spawnSync("find", [home, "-name", "OWNED"], { encoding: "utf8" }).stdout, "");
    assert.equal(codeOf(await links("--hub", "nonsense")), "usage");
  });
});
