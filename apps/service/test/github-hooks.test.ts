// What the GitHub app hears, whom it believes, and how it keeps GitHub's limits.

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { gitHubHandlers } from "../src/locks/github/github-hook.ts";
import { plain, pullWordsOf } from "../src/locks/github/pull-text.ts";
import { describeOnBoth, HOOK_SECRET, installation, NAME, PIPFILE, pushOf } from "./github-rig.ts";
import type { StubReply } from "./github-stub.ts";
import { adviceOf } from "./locks-world.ts";

describeOnBoth("the GitHub app", (worldOf) => {
  it("refuses what is not signed with the secret over these very bytes", async () => {
    const world = worldOf();
    world.repository.push({ Pipfile: PIPFILE });
    const push = pushOf(["Pipfile"]);
    const signed = (text: string, secret = HOOK_SECRET) =>
      `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
    const of = async (signature: string) =>
      await world.hear("push", push, { "x-hub-signature-256": signature });
    assert.equal(await of(signed(JSON.stringify(push))), 401);
    assert.equal(await of(signed(JSON.stringify(push, undefined, 1), "another")), 401);
    for (const odd of [
      "",
      "sha256=",
      "sha256=00",
      `sha1=${"0".repeat(40)}`,
      `sha256=${"0".repeat(64)}`,
      "x".repeat(500),
    ])
      assert.ok([400, 401].includes(await of(odd)), odd);
    assert.equal(await of(signed(JSON.stringify(push, undefined, 1)).toUpperCase()), 401);
    assert.equal(await world.rowOf(), undefined);
    // The example of GitHub's own documentation.
    const known = createHmac("sha256", HOOK_SECRET).update("Hello, World!").digest("hex");
    assert.equal(known, "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  });

  it("minds what is sent again once", async () => {
    const world = worldOf();
    const delivery = { "x-github-delivery": randomUUID() };
    world.repository.push({ Pipfile: PIPFILE });
    for (let time = 0; time < 3; time++)
      assert.equal(await world.hear("push", pushOf(["Pipfile"]), delivery), 202);
    const [row] = await world.service.database.rows<{ wanted: number }>("SELECT wanted FROM github_updates");
    assert.equal(row?.wanted, 1);
    await world.steps();
    await world.work({ stack: { flask: "3.0" } });
    await world.steps();
    const before = world.stub.requests.length;
    assert.equal(await world.hear("push", pushOf(["Pipfile"]), delivery), 202);
    assert.equal(await world.steps(), 0);
    assert.equal(world.stub.requests.length, before);
    assert.equal(await world.hear("push", pushOf(["Pipfile"]), { "x-github-delivery": "a b" }), 400);
  });

  it("minds only pushes that touch what a project needs, on the default branch", async () => {
    const world = worldOf();
    const none = [
      pushOf(["src/app.py"]),
      pushOf(["docs/Pipfile"]),
      pushOf(["Pipfile"], { ref: "refs/heads/other" }),
      pushOf(["Pipfile"], { ref: "refs/tags/main" }),
      pushOf(["Pipfile"], { deleted: true }),
      pushOf([], { commits: "odd" }),
    ];
    for (const push of none) assert.equal(await world.hear("push", push), 202);
    for (const event of ["ping", "star", "pull_request"])
      assert.equal(await world.hear(event, { installation }), 202);
    assert.equal(await world.rowOf(), undefined);
    for (const repository of [
      undefined,
      { full_name: "../.." },
      { full_name: "a/..", default_branch: "main" },
    ])
      assert.equal(
        await world.hear(
          "push",
          pushOf(["Pipfile"], { repository, forced: true, ref: `refs/heads/${repository?.default_branch}` }),
        ),
        400,
      );
    for (const path of [
      "Pipfile.lock",
      "requirements.txt",
      "pyproject.toml",
      "pylock.toml",
      "work/a.ipynb",
    ]) {
      assert.equal(await world.hear("push", pushOf([path])), 202);
      assert.equal((await world.rowOf())?.state, "read", path);
      await world.service.database.run("DELETE FROM github_updates");
    }
    assert.equal(await world.hear("push", pushOf([], { forced: true })), 202);
    assert.equal((await world.rowOf())?.state, "read");
  });

  const limits: readonly (readonly [string, () => StubReply, number])[] = [
    ["429 with a time", () => ({ status: 429, headers: { "retry-after": "7" } }), 7],
    ["403 with a time", () => ({ status: 403, headers: { "retry-after": "30" } }), 30],
    [
      "a limit that is used up",
      () => ({
        status: 403,
        headers: {
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 90),
        },
      }),
      90,
    ],
    [
      "the second limit",
      () => ({ status: 403, document: { message: "You have exceeded a secondary rate limit." } }),
      60,
    ],
  ];
  for (const [name, reply, seconds] of limits)
    it(`waits as it is told: ${name}`, async () => {
      const world = worldOf();
      world.repository.push({ Pipfile: PIPFILE });
      await world.hear("push", pushOf(["Pipfile"]));
      world.stub.fault = (line) => (line.includes("/git/ref/") ? reply() : undefined);
      await world.steps();
      const [row] = await world.service.database.rows<{ left: number; attempt: number; state: string }>(
        `SELECT due - ${world.service.database.now} AS left, attempt, state FROM github_updates`,
      );
      assert.ok(row && Math.abs(row.left / 1000 - seconds) < 3, `${row?.left}`);
      assert.deepEqual([row.attempt, row.state], [0, "read"]);
      world.stub.fault = () => undefined;
      const before = world.stub.requests.length;
      // Nor does another push make it ask before.
      await world.hear("push", pushOf(["Pipfile"]));
      await world.steps();
      assert.equal(world.stub.requests.length, before);
      world.updates = world.newUpdates();
      await world.later();
      await world.steps();
      await world.work({ stack: { flask: "3.0" } });
      await world.steps();
      assert.equal(world.repository.pulls.length, 1);
    });

  it("takes a 403 that is no limit for what it is", async () => {
    const world = worldOf();
    world.repository.push({ Pipfile: PIPFILE });
    await world.hear("push", pushOf(["Pipfile"]));
    world.stub.fault = (line) =>
      line.includes("/git/ref/")
        ? { status: 403, document: { message: "Resource not accessible by integration" } }
        : undefined;
    await world.steps();
    const row = await world.rowOf();
    assert.equal(row?.state, "idle");
    assert.match(row?.failure ?? "", /not accessible/);
  });

  it("takes another token where its own is refused", async () => {
    const world = worldOf();
    await world.update({ Pipfile: PIPFILE }, { stack: { flask: "3.0" } });
    world.stub.tokens.clear();
    const row = await world.update({ Pipfile: PIPFILE, d: "d" }, { stack: { flask: "3.4" } });
    assert.equal(row?.failure, null);
    assert.match(world.filesOnBranch()["Pipfile.lock"] ?? "", /==3\.4/);
  });

  it("gives up where it is not installed any more", async () => {
    const world = worldOf();
    world.repository.push({ Pipfile: PIPFILE });
    await world.hear("push", pushOf(["Pipfile"], { installation: { id: 1 } }));
    await world.steps();
    const row = await world.rowOf();
    assert.equal(row?.state, "idle");
    assert.match(row?.failure ?? "", /404/);
  });

  it("looks at repositories that it is installed in, and forgets those that it is removed from", async () => {
    const world = worldOf();
    const repositories = [{ full_name: NAME }, { full_name: "octo-org/empty" }];
    await world.hear("installation", { action: "created", installation, repositories });
    world.stub.add("octo-org/empty");
    world.repository.push({ Pipfile: PIPFILE });
    await world.steps();
    await world.work({ stack: { flask: "3.0" } });
    await world.steps();
    assert.equal(world.repository.pulls.length, 1);
    const count = async () => (await world.service.database.rows("SELECT 1 FROM github_updates")).length;
    assert.equal(await count(), 2);
    await world.hear("installation_repositories", {
      action: "removed",
      installation,
      repositories_removed: [{ full_name: "octo-org/empty" }],
    });
    assert.equal(await count(), 1);
    await world.hear("installation", { action: "deleted", installation, repositories });
    assert.equal(await count(), 0);
    await world.hear("installation_repositories", {
      action: "added",
      installation,
      repositories_added: [{ full_name: NAME }],
    });
    assert.equal(await count(), 1);
  });

  const issueOf = (title: string, more: object = {}) => ({
    action: "opened",
    issue: { number: 5, title, author_association: "OWNER", ...more },
    repository: { full_name: NAME, default_branch: "main" },
    installation,
  });

  it("answers an issue once, and closes it", async () => {
    const world = worldOf();
    world.repository.issues.set(5, { state: "open", comments: [] });
    world.repository.push({ Pipfile: PIPFILE });
    await world.hear("issues", issueOf("Kebechet update"));
    await world.steps();
    await world.work({ stack: { flask: "3.0" } });
    // What is said last is lost on its way back: it is not said again.
    let lost = false;
    world.stub.fault = (line) => {
      if (lost || !line.startsWith("POST") || !line.includes("/comments")) return undefined;
      lost = true;
      return "lost";
    };
    await world.steps();
    await world.later();
    await world.steps();
    assert.ok(lost);
    const issue = world.repository.issues.get(5);
    assert.equal(issue?.state, "closed");
    assert.equal(issue?.comments.length, 1);
    assert.match(issue?.comments[0] ?? "", /^See #100\./);
  });

  it("says in an issue why there is no advice", async () => {
    const world = worldOf();
    world.repository.issues.set(5, { state: "open", comments: [] });
    world.repository.push({ "a.ipynb": "{}", "b.ipynb": "{}" });
    await world.hear("issues", issueOf("thoth advise"));
    await world.steps();
    assert.match(world.repository.issues.get(5)?.comments[0] ?? "", /several notebooks/);
    world.repository.issues.set(5, { state: "open", comments: [] });
    world.repository.push({ Pipfile: PIPFILE });
    await world.hear("issues", issueOf("thoth: update"));
    await world.steps();
    await world.work(() => ({ error: { code: "unsatisfiable", message: "@all must go" } }));
    await world.steps();
    assert.match(world.repository.issues.get(5)?.comments[0] ?? "", /@\u200ball must go/);
  });

  it("does not take commands from others", async () => {
    const world = worldOf();
    for (const issue of [
      issueOf("Kebechet update", { author_association: "NONE" }),
      issueOf("Kebechet update", { author_association: "CONTRIBUTOR" }),
      issueOf("Kebechet update", { pull_request: {} }),
      issueOf("Please, Kebechet update"),
      { ...issueOf("Kebechet update"), action: "edited" },
    ])
      assert.equal(await world.hear("issues", issue), 202);
    assert.equal(await world.rowOf(), undefined);
  });

  it("is no app without settings", async () => {
    const world = worldOf();
    const { hearGitHub } = gitHubHandlers({
      database: world.service.database,
      settings: undefined,
      wake: () => undefined,
    });
    await assert.rejects(hearGitHub({} as never), { code: "not-found" });
  });
});

describe("words of strangers", () => {
  it("become no markup, mention or reference", () => {
    assert.equal(
      plain("@all <img src=x> [a](b) #1 `c` | d\ne"),
      "@\u200ball &#60;img src=x&#62; &#91;a&#93;(b) #\u200b1 &#96;c&#96; &#124; d e",
    );
    const advice = adviceOf({ stack: { flask: "3.0" }, before: { flask: "2.0" } });
    const { title, body, message } = pullWordsOf({
      advice: advice as never,
      job: "job-1",
      changed: [
        {
          name: "flask",
          from: "2.0",
          to: "3.0",
          cleared: ["CVE-1"],
          added: [],
          reasons: [
            {
              type: "INFO",
              message: "closes #1, @all | <b>",
              link: "javascript:alert(1)",
              package_name: "flask",
            },
            { type: "INFO", message: "see", link: "https://example.org/a|b>c", package_name: "flask" },
          ],
        },
      ],
      levels: [],
      lockPath: "Pipfile.lock",
    });
    assert.equal(title, "Update the locked stack: flask to 3.0, 1 known vulnerability less");
    assert.ok(!/javascript|@all|(?<!&)#1|<b>/.test(body), body);
    assert.match(body, /\(\[more\]\(<https:\/\/example\.org\/a%7Cb%3Ec>\)\)/);
    assert.match(message, /\n\nThoth-Job: job-1\n$/);
  });
});
