// What is cancelled, dies or is hostile, in a real JupyterLab.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { OPENED, startJupyter, whatIsMissing } from "./jupyter.ts";
import { picture, useLab } from "./lab.ts";
import { click, outcome, runCell, state } from "./panel.ts";

describe("what goes wrong", { skip: whatIsMissing() ?? false }, () => {
  const lab = useLab();

  it("ends what is cancelled, and the notebook stays as it was", { timeout: 120_000 }, async () => {
    lab().jupyter.write("slow.ipynb", ["import six"], lab().waiting);
    await lab().opened("slow.ipynb", async (page) => {
      await state(page, /This notebook has no lock/);
      await page.getByRole("button", { name: "Lock and install" }).click();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.locator(".thoth-outcome", { hasText: "Cancelled." }).waitFor({ timeout: 60_000 });
      await state(page, /This notebook has no lock/);
    });
  });

  it("is cancelled and killed while it installs, and goes on where it was", {
    timeout: 180_000,
  }, async () => {
    lab().jupyter.write("halfway.ipynb", ["import flask\nprint(flask.__name__)"], OPENED);
    await lab().opened("halfway.ipynb", async (page) => {
      const installing = page.getByRole("listitem").filter({ hasText: "install" });
      await click(page, "Lock and install");
      await installing.waitFor({ timeout: 60_000 });
      await click(page, "Cancel");
      await outcome(page, "Cancelled.");
      await state(page, /brings a lock of \d+ packages/);
      await click(page, "Make this environment");
      await installing.waitFor({ timeout: 60_000 });
      lab().killResident();
      await page
        .getByRole("alert")
        .filter({ hasText: "resident process ended" })
        .waitFor({ timeout: 60_000 });
      await state(page, /brings a lock of \d+ packages/);
      await click(page, "Make this environment");
      await outcome(page, "The kernel halfway is ready.");
      assert.equal(await runCell(page), "flask\n");
    });
  });

  it("outlives a server that is killed while it installs", { timeout: 240_000 }, async () => {
    const jupyter = await startJupyter(lab().bin, "lab");
    try {
      jupyter.write("server.ipynb", ["import flask\nprint(flask.__name__)"], OPENED);
      await lab().opened(
        "server.ipynb",
        async (page) => {
          await click(page, "Lock and install");
          await page.getByRole("listitem").filter({ hasText: "install" }).waitFor({ timeout: 60_000 });
          // Lab says that it has lost its server, as often as it likes.
          await page.addLocatorHandler(page.locator(".jp-Dialog"), () => page.keyboard.press("Escape"));
          await jupyter.replace();
          await page.locator(".thoth-panel").getByRole("alert").waitFor({ timeout: 30_000 });
          await picture(page, "18-server-lost");
          await state(page, /brings a lock of \d+ packages/);
          await click(page, "Make this environment");
          await outcome(page, "The kernel server is ready.");
          await state(page, /All is well/);
          assert.equal(await runCell(page), "flask\n");
        },
        { server: jupyter },
      );
    } finally {
      await jupyter.close();
    }
  });

  it("starts a kernel where a new server knows nothing of the notebook's session, before Lab has seen that", {
    timeout: 240_000,
  }, async () => {
    const jupyter = await startJupyter(lab().bin, "lab");
    try {
      jupyter.write("anew.ipynb", ["import six\nprint(six.__name__)"], OPENED);
      await lab().opened(
        "anew.ipynb",
        async (page) => {
          await state(page, /The notebook has no lock/);
          await page.getByText(/ \| Idle$/).waitFor({ timeout: 60_000 });
          // Lab looks now and then what is running: it is told what was, until the panel is about to change the kernel.
          let isLate = true;
          for (const kind of ["sessions", "kernels"]) {
            const address = `${jupyter.url}api/${kind}`;
            const before = await (await fetch(`${address}?token=${jupyter.token}`)).json();
            assert.equal((before as unknown[]).length, 1);
            await page.route(
              (url) => url.href.split("?")[0] === address,
              (route) =>
                isLate && route.request().method() === "GET"
                  ? route.fulfill({ json: before })
                  : route.continue(),
            );
          }
          await page.addLocatorHandler(page.locator(".jp-Dialog"), () => page.keyboard.press("Escape"));
          await jupyter.replace();
          await page.route(/\/api\/kernelspecs/, (route) => {
            isLate = false;
            return route.continue();
          });
          await click(page, "Lock and install");
          await outcome(page, "The kernel anew is ready.");
          assert.equal(await runCell(page), "six\n");
        },
        { server: jupyter },
      );
    } finally {
      await jupyter.close();
    }
  });

  it("says so when the resident process dies, and starts it again", { timeout: 120_000 }, async () => {
    lab().jupyter.write("killed.ipynb", ["import six"], lab().waiting);
    await lab().opened("killed.ipynb", async (page) => {
      await state(page, /This notebook has no lock/);
      await page.getByRole("button", { name: "Lock and install" }).click();
      // What it says shows that it has the call; one that has not got it yet is answered by its successor.
      await page.getByRole("list", { name: "Progress" }).getByRole("listitem").waitFor();
      lab().killResident();
      await page
        .getByRole("alert")
        .filter({ hasText: "resident process ended" })
        .waitFor({ timeout: 60_000 });
      await state(page, /This notebook has no lock/);
      await picture(page, "6-killed");
    });
  });

  it("is cancelled while it looks at the code, and while the kernel is switched", {
    timeout: 180_000,
  }, async () => {
    const code = Array.from({ length: 30_000 }, (_, at) => `x${at} = ${at}`).join("\n");
    lab().jupyter.write("long.ipynb", ["import six", code], OPENED);
    await lab().opened("long.ipynb", async (page) => {
      await state(page, /imports 1 package/);
      await click(page, "Lock and install");
      await click(page, "Cancel");
      await outcome(page, "Cancelled.");
      await state(page, /imports 1 package/);
    });
    lab().jupyter.write("switched.ipynb", ["import sys\nprint(sys.prefix)"], OPENED);
    await lab().opened("switched.ipynb", async (page) => {
      const before = await runCell(page);
      await page.getByLabel("Add a package").fill("six");
      await click(page, "Add");
      await outcome(page, "six was added.");
      // The server takes its time to change the kernel.
      await page.route(/\/api\/sessions\//, async (route) => {
        await setTimeout(4000);
        await route.continue();
      });
      await click(page, "Lock and install");
      await page.getByRole("progressbar", { name: "kernel" }).waitFor({ timeout: 90_000 });
      await click(page, "Cancel");
      await outcome(page, "Cancelled.");
      await page.unroute(/\/api\/sessions\//);
      assert.equal(await runCell(page), before);
      await state(page, /All is well|Nothing is installed until you say so/);
    });
  });

  it("shows a hostile notebook as text, and runs nothing of it", { timeout: 120_000 }, async () => {
    const name = '<img src=x onerror="window.hacked=1">';
    const requirements = JSON.stringify({ packages: { six: "*", [name]: "$(touch hacked)" } });
    lab().jupyter.write("hostile.ipynb", ["import six"], { ...OPENED, requirements });
    await lab().opened("hostile.ipynb", async (page) => {
      const alert = page.locator(".thoth-panel").getByRole("alert");
      await alert.waitFor({ timeout: 20_000 });
      assert.match((await alert.textContent()) ?? "", /img src=x/);
      await state(page, /It cannot be told what this notebook needs/);
      assert.equal(await page.locator(".thoth-panel img").count(), 0);
      assert.equal(await page.evaluate("'hacked' in window"), false);
      await picture(page, "7-hostile");
    });
  });

  it("leaves no call without an end, whenever the resident process dies", { timeout: 120_000 }, async () => {
    const calls = Array.from({ length: 16 }, async (_, at) => {
      await setTimeout(at * 40);
      const answer = await fetch(`${lab().jupyter.url}thoth/run`, {
        method: "POST",
        body: JSON.stringify({ program: "horus", words: ["version", "--json"] }),
        headers: { authorization: `token ${lab().jupyter.token}` },
      });
      return answer.text();
    });
    const ends = Promise.all(calls);
    for (let at = 0; at < 12; at++) {
      await setTimeout(60);
      const pid = lab().residents[0];
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    }
    for (const text of await ends) assert.match(text, /"event": "(?:ended|lost)"/);
  });

  it("answers nobody without the token, and takes no path out of its folder", async () => {
    const ask = (body: unknown, token?: string) =>
      fetch(`${lab().jupyter.url}thoth/run`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: token === undefined ? {} : { authorization: `token ${token}` },
      });
    const version = { program: "horus", words: ["version", "--json"] };
    assert.equal((await ask(version)).status, 403);
    const answer = await ask(version, lab().jupyter.token);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /"event": "ended"/);
    assert.equal((await ask({ ...version, program: "rm" }, lab().jupyter.token)).status, 400);
    assert.equal((await ask({ ...version, words: "version" }, lab().jupyter.token)).status, 400);
    assert.equal(
      (await ask({ ...version, notebooks: { "../../x.ipynb": "{}" } }, lab().jupyter.token)).status,
      400,
    );
  });
});
