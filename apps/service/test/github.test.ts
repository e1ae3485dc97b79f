// What the GitHub app does in a repository, on both databases and with a GitHub on loopback.

import assert from "node:assert/strict";
import { it } from "node:test";
import { parsePipfileLock, parsePylock } from "@thoth/pep";
import { describeOnBoth, NAME, PIPFILE, PULL_BRANCH, pushOf } from "./github-rig.ts";

describeOnBoth("the GitHub app", (worldOf) => {
  it("proposes a better lock in one pull request", async () => {
    const world = worldOf();
    const row = await world.update(
      { Pipfile: PIPFILE, "README.md": "hello" },
      { stack: { flask: "3.0", jinja2: "3.1" } },
    );
    assert.deepEqual([row?.state, row?.failure, row?.pull], ["idle", null, 100]);
    const [pull, ...more] = world.repository.pulls;
    assert.equal(more.length, 0);
    assert.deepEqual([pull?.head, pull?.base, pull?.state], [PULL_BRANCH, "main", "open"]);
    assert.match(pull?.body ?? "", /\| flask \| {2}\| 3\.0 \|/);
    const { "Pipfile.lock": lock = "", ...others } = world.filesOnBranch();
    assert.deepEqual(Object.keys(others), ["Pipfile", "README.md"]);
    const read = parsePipfileLock(lock);
    assert.deepEqual(
      read.categories
        .get("default")
        ?.map(({ requirement }) => `${requirement.name}${requirement.specifiers.text}`),
      ["flask==3.0", "jinja2==3.1"],
    );
    assert.deepEqual([world.asked?.recommendationType, world.asked?.dev], ["security", true]);
    const tip = world.repository.commits.get(world.repository.refs.get(`refs/heads/${PULL_BRANCH}`) ?? "");
    assert.deepEqual(tip?.parents, [world.repository.refs.get("refs/heads/main")]);
  });

  it("opens nothing where the lock is the best, and closes what is not needed any more", async () => {
    const world = worldOf();
    await world.update({ Pipfile: PIPFILE }, { stack: { flask: "3.0" } });
    const { "Pipfile.lock": lock = "" } = world.filesOnBranch();
    const row = await world.update(
      { Pipfile: PIPFILE, "Pipfile.lock": lock },
      { stack: { flask: "3.0" }, before: { flask: "3.0" } },
    );
    assert.equal(world.asked?.project.lock, lock);
    assert.equal(row?.state, "idle");
    assert.deepEqual(
      world.repository.pulls.map(({ state }) => state),
      ["closed"],
    );
  });

  it("brings its pull request up to date instead of opening another one", async () => {
    const world = worldOf();
    await world.update({ Pipfile: PIPFILE }, { stack: { flask: "3.0" } });
    const row = await world.update({ Pipfile: PIPFILE, "a.txt": "a" }, { stack: { flask: "3.1" } });
    assert.equal(row?.failure, null);
    assert.equal(world.repository.pulls.length, 1);
    assert.match(world.repository.pulls[0]?.title ?? "", /flask to 3\.1/);
    assert.match(world.filesOnBranch()["Pipfile.lock"] ?? "", /==3\.1/);
    assert.equal(world.filesOnBranch()["a.txt"], "a");
  });

  it("opens another one where the last one was closed or merged", async () => {
    const world = worldOf();
    await world.update({ Pipfile: PIPFILE }, { stack: { flask: "3.0" } });
    for (const pull of world.repository.pulls) pull.state = "closed";
    world.repository.push(world.filesOnBranch());
    await world.update(
      { ...world.filesOnBranch(), "b.txt": "b" },
      { stack: { flask: "3.2" }, before: { flask: "3.0" } },
    );
    assert.deepEqual(
      world.repository.pulls.map(({ state }) => state),
      ["closed", "open"],
    );
  });

  it("begins again where the branch was pushed over while it was advised", async () => {
    const world = worldOf();
    world.repository.push({ Pipfile: PIPFILE });
    await world.hear("push", pushOf(["Pipfile"]));
    await world.steps();
    const other = PIPFILE.replace("flask", "django");
    world.repository.push({ Pipfile: other }, { force: true });
    await world.work({ stack: { flask: "3.0" } });
    await world.steps();
    assert.deepEqual(world.repository.pulls, []);
    await world.work({ stack: { django: "5.0" } });
    assert.equal(world.asked?.project.content, other);
    await world.steps();
    assert.equal(world.repository.pulls.length, 1);
    assert.match(world.filesOnBranch()["Pipfile.lock"] ?? "", /django/);
    assert.equal(world.filesOnBranch()["Pipfile"], other);
  });

  it("proposes on what is there now where only other files were pushed", async () => {
    const world = worldOf();
    world.repository.push({ Pipfile: PIPFILE });
    await world.hear("push", pushOf(["Pipfile"]));
    await world.steps();
    world.repository.push({ Pipfile: PIPFILE, "new.py": "new" });
    await world.work({ stack: { flask: "3.0" } });
    await world.steps();
    assert.equal(world.filesOnBranch()["new.py"], "new");
  });

  it("leaves commits of others on its branch alone", async () => {
    const world = worldOf();
    await world.update({ Pipfile: PIPFILE }, { stack: { flask: "3.0" } });
    const theirs = world.repository.push(
      { ...world.filesOnBranch(), "fix.py": "fix" },
      { branch: PULL_BRANCH },
    );
    const row = await world.update({ Pipfile: PIPFILE, "c.txt": "c" }, { stack: { flask: "3.3" } });
    assert.equal(world.repository.refs.get(`refs/heads/${PULL_BRANCH}`), theirs);
    assert.match(row?.failure ?? "", /somebody else/);
  });

  it("comes to the same end wherever a connection breaks", async () => {
    const world = worldOf();
    world.repository.push({ Pipfile: PIPFILE });
    let broken = 0;
    for (const kind of ["broken", "lost"] as const) {
      for (let at = 1; ; at++) {
        world.repository = world.stub.add(NAME);
        world.repository.push({ Pipfile: PIPFILE });
        await world.service.database.run("DELETE FROM github_updates");
        await world.service.database.run("DELETE FROM answers");
        world.updates = world.newUpdates();
        world.stub.requests.length = 0;
        world.stub.fault = (_, count) => (count === at ? kind : undefined);
        await world.hear("push", pushOf(["Pipfile"]));
        for (let round = 0; round < 6; round++) {
          await world.steps();
          await world.work({ stack: { flask: "3.0" } });
          await world.later();
        }
        const wasBroken = world.stub.requests.length >= at;
        if (wasBroken) broken++;
        assert.equal((await world.rowOf())?.state, "idle", `${kind} ${at}`);
        assert.equal((await world.rowOf())?.failure, null, `${kind} ${at}`);
        assert.deepEqual(
          world.repository.pulls.map(({ state }) => state),
          ["open"],
          `${kind} ${at}`,
        );
        assert.match(world.filesOnBranch()["Pipfile.lock"] ?? "", /==3\.0/);
        if (!wasBroken) break;
      }
    }
    assert.ok(broken > 30, `${broken}`);
  });

  it("goes on after another process died in the middle", async () => {
    const world = worldOf();
    world.repository.push({ Pipfile: PIPFILE });
    await world.hear("push", pushOf(["Pipfile"]));
    // As one leaves it that has taken the row, and is gone.
    await world.service.database.run(
      `UPDATE github_updates SET held = ${world.service.database.now} + 60000, attempt = 1`,
    );
    assert.equal(await world.steps(), 0);
    await world.later();
    await world.steps();
    await world.work({ stack: { flask: "3.0" } });
    await world.steps();
    assert.equal(world.repository.pulls.length, 1);
  });

  it("lets one process at a time work on a repository", async () => {
    const world = worldOf();
    world.repository.push({ Pipfile: PIPFILE });
    await world.hear("push", pushOf(["Pipfile"]));
    const many = Array.from({ length: 5 }, () => world.newUpdates());
    await Promise.all(many.map((one) => one.step()));
    await world.work({ stack: { flask: "3.0" } });
    assert.equal(await world.work({ stack: { flask: "3.0" } }), undefined);
    await Promise.all(many.map((one) => one.step()));
    assert.equal(
      world.stub.requests.filter((line) => line.startsWith("POST") && line.endsWith("/git/trees")).length,
      1,
    );
    assert.equal(world.repository.pulls.length, 1);
  });

  it("knows the files of a project, and the lock that goes with them", async () => {
    const world = worldOf();
    const before = { flask: "2.0" };
    const plan = { stack: { flask: "3.0" }, before };
    const toolsOnly = "[tool.ruff]\nline-length = 100\n";
    const cases = [
      [
        { "pyproject.toml": '[project]\nname = "a"\nversion = "1"\ndependencies = ["flask"]\n' },
        "pyproject",
        "pylock.toml",
      ],
      [{ "pyproject.toml": toolsOnly, "requirements.txt": "flask\n" }, "requirements", "pylock.toml"],
      [
        { "requirements.in": "flask\n", "requirements.txt": "flask==2.0\n" },
        "requirements",
        "requirements.txt",
      ],
      [{ "work.ipynb": "{}" }, "notebook", "pylock.toml"],
    ] as const;
    for (const [files, form, lockPath] of cases) {
      world.repository = world.stub.add(NAME);
      await world.service.database.run("DELETE FROM answers");
      const row = await world.update(files, plan);
      assert.equal(row?.failure, null, lockPath);
      assert.equal(world.asked?.project.form, form);
      const text = world.filesOnBranch()[lockPath] ?? "";
      if (lockPath === "pylock.toml") {
        const [only] = parsePylock(text).packages;
        assert.deepEqual([only?.name, only?.version?.text, only?.wheels?.length], ["flask", "3.0", 1]);
      } else assert.match(text, /^flask==3\.0 \\\n {4}--hash=sha256:[0-9a-f]{64}\n$/);
      assert.match(world.repository.pulls[0]?.body ?? "", /\| flask \| 2\.0 \| 3\.0 \|/);
    }
  });

  it("opens nothing where requirements without digests have the same versions", async () => {
    const world = worldOf();
    const row = await world.update(
      {
        "requirements.in": "flask\n",
        "requirements.txt": "# by hand\nFlask==3.0\njinja2 == 3.1 ; python_version > '3'\n",
      },
      { stack: { flask: "3.0", jinja2: "3.1" } },
    );
    assert.equal(row?.failure, null);
    assert.equal(world.repository.pulls.length, 0);
    assert.equal(world.asked?.project.lock, undefined);
  });

  it("has nothing to do with an empty repository, a link, and a project that is too large", async () => {
    const world = worldOf();
    await world.hear("push", pushOf(["Pipfile"]));
    await world.steps();
    assert.equal((await world.rowOf())?.state, "idle");
    const link = world.repository.entry("Pipfile", "/etc/passwd", "120000");
    const commit = world.repository.commit({
      tree: world.repository.tree([link]),
      parents: [],
      message: "link",
    });
    world.repository.refs.set("refs/heads/main", commit);
    await world.hear("push", pushOf(["Pipfile"]));
    await world.steps();
    assert.equal((await world.rowOf())?.state, "idle");
    world.repository.push({ Pipfile: `${PIPFILE}#${"x".repeat(3_000_000)}` });
    await world.hear("push", pushOf(["Pipfile"]));
    await world.steps();
    assert.match((await world.rowOf())?.failure ?? "", /more than/);
    world.repository.push({ Pipfile: "not = [toml" });
    await world.hear("push", pushOf(["Pipfile"]));
    await world.steps();
    assert.equal((await world.rowOf())?.state, "idle");
    assert.ok((await world.rowOf())?.failure);
  });
});
