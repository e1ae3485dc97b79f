// Proxies end a connection on which nothing is said for a while.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import {
  installJupyter,
  type Jupyter,
  OPENED,
  openBrowser,
  openPanel,
  startJupyter,
  whatIsMissing,
} from "./jupyter.ts";
import { click, outcome, state } from "./panel.ts";

const missing = whatIsMissing();

describe("a run that says nothing", { skip: missing ?? false }, () => {
  let lab: Jupyter;
  let browser: Browser;
  let silence: Server;
  let waiting: object;
  before(async () => {
    const words = ["--Thoth.keep_alive_seconds=0.1"];
    [lab, browser] = await Promise.all([startJupyter(installJupyter(), "lab", { words }), openBrowser()]);
    silence = createServer().listen(0, "127.0.0.1");
    await once(silence, "listening");
    const url = `http://127.0.0.1:${(silence.address() as AddressInfo).port}/simple/`;
    const source = [{ name: "silent", url, verify_ssl: true }];
    const pipfile = { packages: { six: "*" }, "dev-packages": {}, source, requires: {} };
    waiting = { ...OPENED, requirements: JSON.stringify(pipfile) };
  });
  after(async () => {
    await browser?.close();
    silence?.closeAllConnections();
    silence?.close();
    await lab?.close();
  });

  it("goes on with comments until its caller goes away", { timeout: 120_000 }, async () => {
    const notebook = { cells: [], metadata: waiting, nbformat: 4, nbformat_minor: 5 };
    const controller = new AbortController();
    const { body } = await fetch(`${lab.url}thoth/run`, {
      method: "POST",
      body: JSON.stringify({
        program: "horus",
        words: ["lock", "--json"],
        notebook: "silent.ipynb",
        notebooks: { "silent.ipynb": JSON.stringify(notebook) },
      }),
      headers: { authorization: `token ${lab.token}` },
      signal: controller.signal,
    });
    let said = "";
    const decoder = new TextDecoder();
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    while (said.split(": keep-alive\n\n").length < 12) {
      const { done, value } = await reader.read();
      assert.equal(done, false, said);
      said += decoder.decode(value, { stream: true });
    }
    controller.abort();
    for (const part of said.split("\n\n").slice(0, -1)) assert.match(part, /^(?:data: \{.*\}|: keep-alive)$/);
  });

  it("is shown and cancelled, and one that is not silent is read", { timeout: 90_000 }, async () => {
    lab.write("silent.ipynb", ["import six"], waiting);
    lab.write("spoken.ipynb", ["import six"], OPENED);
    const page = await browser.newPage();
    await openPanel(page, lab, "lab/tree/silent.ipynb");
    await state(page, /This notebook has no lock/);
    await click(page, "Lock only");
    const answer = page.waitForEvent("requestfailed", (request) => request.url().includes("/thoth/run"));
    // Several comments come meanwhile.
    await page.waitForTimeout(1_000);
    await click(page, "Cancel");
    await answer;
    await outcome(page, "Cancelled.");
    await openPanel(page, lab, "lab/tree/spoken.ipynb");
    await state(page, /The code imports 1 package/);
    await click(page, "Lock only");
    await outcome(page, "packages locked.");
    await page.close();
  });
});
