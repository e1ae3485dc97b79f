// A certificate made for a test is trusted by whoever is told to, and by nobody else.

import assert from "node:assert/strict";
import { get } from "node:https";
import { it } from "node:test";
import { makeCertificate, startIndex } from "../src/index.ts";

function statusOf(url: string, ca: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { ...(ca === undefined ? {} : { ca }), agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on("error", reject);
  });
}

it("a certificate is trusted by whoever is told to", async () => {
  const tls = makeCertificate();
  const server = await startIndex({ tls });
  try {
    assert.equal(await statusOf(server.indexUrl, tls.certificate), 200);
    await assert.rejects(statusOf(server.indexUrl, undefined), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  } finally {
    await server.close();
  }
});
