// What operators settle of callbacks and the GitHub app, and what is known as one text.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { stampOfFiles } from "../src/knowledge/knowledge-stamp.ts";
import { readLockSettings } from "../src/locks/settings.ts";
import { privateKey } from "./github-stub.ts";
import { isPublic } from "./locks-world.ts";

const KEY = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const APP = { THOTH_GITHUB_APP: "1", THOTH_GITHUB_KEY: KEY, THOTH_GITHUB_WEBHOOK_SECRET: "secret" };

describe("settings of locks", () => {
  it("are strict where nothing is said", () => {
    const { rules, github } = readLockSettings({}, isPublic);
    assert.deepEqual([rules.plain, rules.hosts.length, github], [false, 0, undefined]);
  });

  it("hold an app, whose secrets are not shown", () => {
    const settings = readLockSettings(
      { ...APP, THOTH_GITHUB_API: "https://github.example/api/v3/" },
      isPublic,
    );
    assert.equal(settings.github?.api, "https://github.example/api/v3");
    assert.equal(settings.github?.recommendationType, "security");
    assert.ok(!JSON.stringify(settings).includes("BEGIN"));
    const oneLine = { ...APP, THOTH_GITHUB_KEY: KEY.replaceAll("\n", "\\n") };
    assert.equal(readLockSettings(oneLine, isPublic).github?.key.reveal(), KEY);
  });

  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const odd = {
    "half an app": { THOTH_GITHUB_APP: "1" },
    "no key": { ...APP, THOTH_GITHUB_KEY: "key" },
    "a key of another kind": {
      ...APP,
      THOTH_GITHUB_KEY: ec.export({ type: "pkcs8", format: "pem" }).toString(),
    },
    "no address": { ...APP, THOTH_GITHUB_API: "github" },
    "no goal": { ...APP, THOTH_GITHUB_RECOMMENDATION_TYPE: "best" },
    "no word": { THOTH_CALLBACK_HTTP: "yes" },
    "no host": { THOTH_CALLBACK_HOSTS: "http://a" },
  };
  for (const [name, variables] of Object.entries(odd))
    it(`refuse ${name}`, () => {
      assert.throws(() => readLockSettings(variables, isPublic), { code: "usage" });
    });
});

describe("what is known", () => {
  const folder = mkdtempSync(join(tmpdir(), "thoth-stamp-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is the same text as long as contents are, and another one when they change", async () => {
    const path = join(folder, "advisories");
    let snapshot = "1";
    const stampOf = () => stampOfFiles([path, join(folder, "absent")], async () => snapshot);
    const stamp = stampOf();
    const nothing = await stamp();
    writeFileSync(path, "one");
    const one = await stamp();
    assert.notEqual(one, nothing);
    assert.equal(await stamp(), one);
    assert.equal(await stampOf()(), one);
    writeFileSync(path, "other");
    assert.notEqual(await stamp(), one);
    writeFileSync(path, "one");
    assert.equal(await stamp(), one);
    snapshot = "2";
    assert.notEqual(await stamp(), one);
  });
});
