// The webhook of the original's bot: the same as that of the GitHub app.

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, it } from "node:test";
import { startWeb, type WebServer } from "@thoth/testkit";
import { HOOK_SECRET, pushOf } from "./github-rig.ts";
import { APP, privateKey } from "./github-stub.ts";
import { type StartedService, startService } from "./start-service.ts";

let github: WebServer;
let service: StartedService;

before(async () => {
  github = await startWeb({ answer: () => undefined });
  service = await startService({
    words: ["--workers", "0"],
    variables: {
      THOTH_GITHUB_APP: APP,
      THOTH_GITHUB_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      THOTH_GITHUB_WEBHOOK_SECRET: HOOK_SECRET,
      THOTH_GITHUB_API: github.origin,
    },
  });
});
after(async () => {
  await service?.stop();
  await github?.close();
});

async function tell(path: string, more: Readonly<Record<string, string | undefined>> = {}): Promise<number> {
  const body = JSON.stringify(pushOf(["Pipfile"]));
  const headers = {
    "content-type": "application/json",
    "x-github-event": "push",
    "x-github-delivery": randomUUID(),
    "x-hub-signature-256": `sha256=${createHmac("sha256", HOOK_SECRET).update(body).digest("hex")}`,
    ...more,
  };
  const given = Object.entries(headers).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );
  const answer = await fetch(service.url + path, { method: "POST", body, headers: given });
  await answer.arrayBuffer();
  return answer.status;
}

const OLD = "/api/v1/kebechet-webhook";

it("hears what is signed, and nothing else", async () => {
  assert.equal(await tell(OLD), 202);
  assert.equal(await tell(OLD, { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }), 401);
  for (const name of ["x-github-event", "x-github-delivery", "x-hub-signature-256"])
    assert.equal(await tell(OLD, { [name]: undefined }), 400, name);
});

it("minds once what comes by both paths", async () => {
  const delivery = { "x-github-delivery": randomUUID() };
  assert.equal(await tell(OLD, delivery), 202);
  assert.equal(await tell("/api/v2/hooks/github", delivery), 202);
});
