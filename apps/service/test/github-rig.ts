// What the tests of the GitHub app share: the service, a GitHub on loopback with one repository, and what is heard of it.

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe } from "node:test";
import { Secret } from "@thoth/index";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import type { Job } from "../src/jobs/job.ts";
import { gitHubHandlers } from "../src/locks/github/github-hook.ts";
import type { GitHubSettings } from "../src/locks/github/github-settings.ts";
import { GitHubUpdates } from "../src/locks/github/github-updates.ts";
import type { OpenService } from "../src/open-service.ts";
import { type AdviceQuestion, parseQuestion } from "../src/questions/question.ts";
import { openRig, type Rig } from "./access-rig.ts";
import { APP, type Files, GitHubStub, INSTALLATION, privateKey, StubRepository } from "./github-stub.ts";
import { type AdvicePlan, adviceOf, openWorld, TENANT, workOnce } from "./locks-world.ts";

export const HOOK_SECRET = "It's a Secret to Everybody";
export const NAME = "octo-org/Hello.World_1";
export const PULL_BRANCH = "thoth/update";
export const PIPFILE = `[[source]]
name = "pypi"
url = "https://pypi.org/simple"
verify_ssl = true

[packages]
flask = "*"

[requires]
python_version = "3.12"
`;

export const installation = { id: INSTALLATION };

export function pushOf(paths: readonly string[], more: object = {}): object {
  return {
    ref: "refs/heads/main",
    deleted: false,
    forced: false,
    commits: [{ id: "1", added: [], modified: paths, removed: [] }],
    repository: { full_name: NAME, default_branch: "main" },
    installation,
    ...more,
  };
}

export interface UpdateState {
  readonly state: string;
  readonly failure: string | null;
  readonly pull: number | null;
}

export class GitHubWorld {
  readonly service: OpenService;
  readonly stub: GitHubStub;
  readonly settings: GitHubSettings;
  readonly #rig: Rig;
  repository: StubRepository = new StubRepository(NAME);
  updates: GitHubUpdates;
  /** By the last job that was worked on. */
  asked: AdviceQuestion | undefined;

  static async open(place: string): Promise<GitHubWorld> {
    const service = await openWorld(place);
    const stub = await GitHubStub.start();
    const settings: GitHubSettings = {
      app: APP,
      key: new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
      secret: new Secret(HOOK_SECRET),
      api: stub.url,
      tenant: TENANT,
      recommendationType: "security",
    };
    const { database } = service;
    const handlers = gitHubHandlers({ database, settings, wake: () => undefined });
    return new GitHubWorld(service, settings, { stub, rig: await openRig(database, { handlers }) });
  }

  constructor(
    service: OpenService,
    settings: GitHubSettings,
    { stub, rig }: { readonly stub: GitHubStub; readonly rig: Rig },
  ) {
    this.service = service;
    this.stub = stub;
    this.settings = settings;
    this.#rig = rig;
    this.updates = this.newUpdates();
  }

  async close(): Promise<void> {
    await this.#rig.close();
    await this.stub.close();
    await this.service.close();
  }

  /** A repository without anything, and a process that has not asked yet. */
  async reset(): Promise<void> {
    this.repository = this.stub.add(NAME);
    this.updates = this.newUpdates();
    this.stub.fault = () => undefined;
    this.stub.requests.length = 0;
    await this.service.database.run("DELETE FROM github_updates");
    await this.service.database.run("UPDATE service_jobs SET state = 'cancelled' WHERE state = 'ready'");
    await this.forgetAnswers();
  }

  /** What was answered before would be answered again. */
  async forgetAnswers(): Promise<void> {
    await this.service.database.run("DELETE FROM answers");
  }

  /** As another process has them. */
  newUpdates(): GitHubUpdates {
    const { service, settings } = this;
    return new GitHubUpdates({ service, settings, failed: () => undefined });
  }

  /** The status of the answer. */
  async hear(
    event: string,
    payload: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const body = JSON.stringify(payload, undefined, 1);
    const answer = await fetch(`${this.#rig.url}/api/v2/hooks/github`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": randomUUID(),
        "x-hub-signature-256": `sha256=${createHmac("sha256", HOOK_SECRET).update(body).digest("hex")}`,
        ...headers,
      },
      body,
    });
    await answer.text();
    return answer.status;
  }

  async rowOf(): Promise<UpdateState | undefined> {
    const rows = await this.service.database.rows<UpdateState>(
      "SELECT state, failure, pull FROM github_updates",
    );
    return rows[0];
  }

  /** How many there were. */
  async steps(): Promise<number> {
    let count = 0;
    while (await this.updates.step()) count++;
    return count;
  }

  async work(plan: AdvicePlan | ((question: AdviceQuestion) => unknown)): Promise<Job | undefined> {
    return await workOnce(this.service, (job) => {
      this.asked = parseQuestion(job.question) as AdviceQuestion;
      return typeof plan === "function" ? plan(this.asked) : adviceOf(plan);
    });
  }

  /** A push of these files, and what is advised on them. */
  async update(files: Files, plan: AdvicePlan): Promise<UpdateState | undefined> {
    await this.forgetAnswers();
    this.repository.push(files);
    assert.equal(await this.hear("push", pushOf(Object.keys(files))), 202);
    await this.steps();
    await this.work(plan);
    await this.steps();
    return await this.rowOf();
  }

  filesOnBranch(): Files {
    return this.repository.filesOf(PULL_BRANCH);
  }

  /** So much time is over that everything is due, and nobody holds anything. */
  async later(): Promise<void> {
    await this.service.database.run(
      `UPDATE github_updates SET due = ${this.service.database.now}, held = NULL`,
    );
  }
}

/** The tests on both databases; the world is there when they run. */
export function describeOnBoth(name: string, tests: (world: () => GitHubWorld) => void): void {
  const suite = (openPlace: () => string) => {
    let world: GitHubWorld;
    before(async () => {
      world = await GitHubWorld.open(openPlace());
    });
    after(async () => await world?.close());
    beforeEach(async () => await world.reset());
    afterEach(async () => await world.reset());
    tests(() => world);
  };
  describe(name, () => {
    describe("in SQLite", () => {
      const folder = mkdtempSync(join(tmpdir(), "thoth-github-"));
      after(() => rmSync(folder, { recursive: true, force: true }));
      suite(() => join(folder, "service.sqlite"));
    });
    describe("in PostgreSQL", { skip: missingPostgres() }, () => {
      let server: PostgresServer;
      before(async () => {
        server = await startPostgres();
      });
      after(async () => await server?.stop());
      suite(() => server.createDatabase());
    });
  });
}
