// From a question to its answer, as people meet it: typed, dropped, watched, cancelled, failed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { CONFLICT, OLD_PINS } from "./projects.ts";
import { heading, picture, useSite, whatIsMissing } from "./site.ts";

const DONE = /^Advice: the greatest stack/;

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Requirements" }).fill(text);
  await page.getByRole("combobox", { name: "Python" }).selectOption("3.11");
  await page.getByRole("combobox", { name: "Platform" }).selectOption("linux");
}

/** Drops files on the page as a file manager does. */
async function drop(
  page: Page,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  const transfer = await page.evaluateHandle(
    `(() => { const transfer = new DataTransfer();
      for (const { name, text } of ${JSON.stringify(files)}) transfer.items.add(new File([text], name));
      return transfer; })()`,
  );
  await page.dispatchEvent(".taker", "drop", { dataTransfer: transfer });
}

describe("asking for advice", { skip: whatIsMissing() ?? false }, () => {
  const site = useSite();

  it("takes typed requirements, and comes to a report under an address of its own", {
    timeout: 90_000,
  }, async () => {
    await site().opened("/", async (page) => {
      await heading(page, /What is the greatest stack/);
      await picture(page, "ask", true);
      await type(page, OLD_PINS);
      await page.getByRole("radio", { name: /^security/ }).check();
      await page.getByRole("button", { name: "Ask for advice" }).click();
      await heading(page, DONE);
      assert.match(new URL(page.url()).pathname, /^\/advice\/adviser-\d{12}-[0-9a-f]{16}$/);
      const answer = (await page.locator(".answer").textContent()) ?? "";
      assert.match(
        answer,
        /By the type security, this stack of \d+ packages is optimal \(proved\): known vulnerabilities \d+ → \d+/,
      );
      assert.equal(await page.title(), "Advice: the greatest stack by the type security · Thoth");
      assert.equal(await page.evaluate("document.activeElement.tagName"), "H1");
      await page.goto(site().address("/"));
      await page.getByRole("link", { name: /^flask==1.1.2/ }).waitFor();
      await page.getByRole("button", { name: "Forget it" }).click();
      await page.getByText("Your questions are forgotten.").waitFor();
      assert.equal(await page.evaluate("localStorage.length"), 0);
    });
  });

  it("has an example for whoever has no file at hand", { timeout: 60_000 }, async () => {
    await site().opened("/", async (page) => {
      await page.getByRole("button", { name: "Ask for advice" }).click();
      await page.getByRole("alert").filter({ hasText: "Type or paste requirements" }).waitFor();
      await page.getByRole("button", { name: "Take an example" }).click();
      assert.match(await page.getByRole("textbox", { name: "Requirements" }).inputValue(), /flask==1\.1\.2/);
    });
  });

  it("takes a dropped notebook, and sends its code alone", { timeout: 90_000 }, async () => {
    const cell = (cell_type: string, source: string) => ({
      cell_type,
      source,
      metadata: {},
      outputs: [{ secret: "output" }],
    });
    const notebook = {
      cells: [cell("markdown", "secret prose"), cell("code", "import requests\nimport flask")],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    };
    await site().opened("/", async (page) => {
      let sent = "";
      page.on("request", (request) => {
        if (request.method() === "POST") sent = request.postData() ?? "";
      });
      await drop(page, [{ name: "churn.ipynb", text: JSON.stringify(notebook) }]);
      await page.getByText("1 cell of code").waitFor();
      await picture(page, "notebook");
      await page.getByRole("combobox", { name: "Python" }).selectOption("3.11");
      await page.getByRole("button", { name: "Ask for advice" }).click();
      await heading(page, DONE);
      await page.getByRole("rowheader", { name: "requests" }).first().waitFor();
      assert.match(sent, /import requests/);
      assert.doesNotMatch(sent, /secret/);
    });
  });

  it("recognizes files by their names and by what is in them", { timeout: 60_000 }, async () => {
    await site().opened("/", async (page) => {
      const readAs = async (form: string) =>
        await page.locator(`select:has(option[value="${form}"]:checked)`).waitFor();
      await drop(page, [
        { name: "Pipfile", text: '[packages]\nrequests = "*"\n' },
        { name: "Pipfile.lock", text: '{"_meta": {"pipfile-spec": 6}, "default": {}, "develop": {}}' },
      ]);
      await readAs("pipfile");
      await page.getByText("Compared with the lock Pipfile.lock.").waitFor();
      await page.getByRole("button", { name: "Remove the lock" }).click();
      await page.getByRole("textbox", { name: /^Requirements/ }).fill('[project]\nname = "x"\n');
      await drop(page, [{ name: "strange", text: '[project]\nname = "x"\ndependencies = []\n' }]);
      await readAs("pyproject");
      await drop(page, [{ name: "picture.ipynb", text: "\u0089PNG\0" }]);
      await page
        .getByRole("alert")
        .filter({ hasText: "picture.ipynb is not read: it is no text." })
        .waitFor();
    });
  });

  it("shows how far it is, goes on after a broken stream, and cancels", { timeout: 120_000 }, async () => {
    let broken = 0;
    const prepare = async (page: Page) => {
      await page.route("**/events", async (route) => {
        if (broken++ === 0) await route.abort();
        else await route.continue();
      });
    };
    const work = async (page: Page) => {
      await page.evaluate(`sessionStorage.setItem("thoth.token", ${JSON.stringify(site().service.token)})`);
      await type(page, "flask\nstalled\n");
      await page.getByRole("button", { name: "Ask for advice" }).click();
      await heading(page, "Your question is being worked on");
      const status = page.getByRole("status").filter({ hasText: "Working" });
      await status.first().waitFor({ state: "attached" });
      await page.getByText("You may close this page").waitFor();
      await page.waitForTimeout(3_000);
      await picture(page, "progress");
      assert.ok(broken >= 2, "the stream was opened again");
      await page.getByRole("button", { name: "Cancel" }).click();
      await heading(page, "The question was cancelled");
      await picture(page, "cancelled");
      await page.getByRole("button", { name: "Change the question" }).click();
      await heading(page, /What is the greatest stack/);
      assert.equal(
        await page.getByRole("textbox", { name: "Requirements" }).inputValue(),
        "flask\nstalled\n",
      );
    };
    await site().opened("/", work, { prepare });
  });

  it("waits no longer, and leaves others what they wait for", { timeout: 120_000 }, async () => {
    await site().opened("/", async (page) => {
      await type(page, "click\nslowly\n");
      await page.getByRole("button", { name: "Ask for advice" }).click();
      await heading(page, "Your question is being worked on");
      assert.equal(await page.getByRole("button", { name: "Cancel" }).count(), 0);
      await page.getByRole("button", { name: "Stop waiting" }).click();
      await heading(page, "You stopped waiting");
      assert.equal(await page.evaluate("document.activeElement.tagName"), "H1");
      await picture(page, "left", true);
      const id = new URL(page.url()).pathname.replace("/advice/", "");
      const job = async () =>
        (await (await fetch(site().address(`/api/v2/jobs/${id}`))).json()) as { state: string };
      assert.match((await job()).state, /^(?:ready|running)$/);
      await page.getByRole("button", { name: "Wait again" }).click();
      await heading(page, DONE);
      assert.equal((await job()).state, "done");
    });
  });

  it("asks again and again where a proxy holds events back", { timeout: 120_000 }, async () => {
    const prepare = async (page: Page) => await page.route("**/events", (route) => route.abort());
    const work = async (page: Page) => {
      await type(page, "click\nidna\n");
      await page.getByRole("button", { name: "Ask for advice" }).click();
      await heading(page, DONE);
    };
    await site().opened("/", work, { prepare });
  });

  it("tells two facts and the ways out, and takes one", { timeout: 120_000 }, async () => {
    await site().opened("/", async (page) => {
      await type(page, CONFLICT);
      await page.getByRole("button", { name: "Ask for advice" }).click();
      await heading(page, "There is no answer");
      const facts = await page.locator(".facts li").allTextContents();
      assert.ok(facts.length >= 2, facts.join("\n"));
      await page.locator(".code", { hasText: "unsatisfiable" }).waitFor();
      await picture(page, "failure", true);
      await page.getByRole("button", { name: "Ask again with old-client==2.0" }).click();
      await heading(page, DONE);
      await page.getByRole("rowheader", { name: "old-client" }).first().waitFor();
    });
  });

  it("gives a lock that installers take", { timeout: 90_000 }, async () => {
    const id = await site().ask(OLD_PINS);
    await site().opened(`/advice/${id}`, async (page) => {
      await heading(page, DONE);
      const take = async (name: RegExp) => {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name }).click(),
        ]);
        return readFileSync(await download.path(), "utf8");
      };
      assert.match(
        await take(/pylock\.toml/),
        /^lock-version = "1\.0"\n[\s\S]*\[\[packages\]\]\nname = "certifi"/,
      );
      assert.match(await take(/requirements\.txt/), /^flask==1\.1\.2 \\\n {4}--hash=sha256:[0-9a-f]{64}$/m);
      assert.equal(JSON.parse(await take(/\.json/)).recommendationType, "security");
    });
  });
});
