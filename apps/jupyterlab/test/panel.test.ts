// What the panel shows and takes, in a real JupyterLab.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { makeZip, startIndex } from "@thoth/testkit";
import type { Page } from "playwright-core";
import { OPENED, openPanel, startJupyter, whatIsMissing } from "./jupyter.ts";
import { graveFaults, picture, useLab } from "./lab.ts";
import { click, outcome, state } from "./panel.ts";

describe("the panel", { skip: whatIsMissing() ?? false }, () => {
  const lab = useLab();

  it("tells why it cannot be done, and takes back what was added", { timeout: 90_000 }, async () => {
    lab().jupyter.write("conflict.ipynb", ["import six"], OPENED);
    await lab().opened("conflict.ipynb", async (page) => {
      await state(page, /imports 1 package/);
      await page.getByLabel("Add a package").fill("six==1.0.99");
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.locator(".thoth-outcome", { hasText: "six==1.0.99 was added" }).waitFor({ timeout: 20_000 });
      await state(page, /This notebook has no lock/);
      await page.getByRole("button", { name: "Lock and install" }).click();
      const alert = page.getByRole("alert");
      await alert.filter({ hasText: "six" }).waitFor({ timeout: 60_000 });
      await picture(page, "5-conflict");
      await click(page, "Undo");
      await state(page, /imports 1 package/);
    });
  });

  it("locks without installing, says what changed and why", { timeout: 120_000 }, async () => {
    lab().jupyter.write("locked.ipynb", ["import flask"], OPENED);
    await lab().opened("locked.ipynb", async (page) => {
      await click(page, "Lock only");
      await outcome(page, "packages locked.");
      await state(page, /brings a lock of \d+ packages/);
      await page.getByText(/more that they need/).click();
      await page.getByRole("button", { name: "Why werkzeug" }).click();
      const told = page.getByRole("region", { name: "Why werkzeug" });
      await told.filter({ hasText: "flask" }).waitFor({ timeout: 60_000 });
      await picture(page, "12-why");
      await told.getByRole("button", { name: "Close" }).click();
      assert.equal(await told.count(), 0);
      await page.getByLabel("Add a package").fill("flask<3");
      await click(page, "Add");
      await state(page, /requirements changed after the lock was made/);
      await click(page, "Lock only");
      await outcome(page, "Changed: ");
      await page.locator(".thoth-outcome", { hasText: /flask 3\.[\d.]+ → 2\.[\d.]+/ }).waitFor();
    });
  });

  it("locks a notebook as of a date, or as of its own", { timeout: 120_000 }, async () => {
    lab().jupyter.write("old.ipynb", ["import six"], OPENED);
    await lab().opened("old.ipynb", async (page) => {
      await page.getByText("More options").click();
      await page.getByLabel("As of").fill("2024-01-01");
      await click(page, "Lock only");
      await outcome(page, "packages locked.");
      await page.getByRole("row", { name: /^six 1\.16\.0/ }).waitFor();
      await picture(page, "18-as-of");
    });
  });

  it("hands a locked notebook on to those who have no Thoth", { timeout: 120_000 }, async () => {
    lab().jupyter.write("handed on.ipynb", ["import six"], OPENED);
    const work = async (page: Page) => {
      assert.equal(await page.getByText("Share", { exact: true }).count(), 0);
      await click(page, "Lock only");
      await outcome(page, "packages locked.");
      await page.getByText("Share", { exact: true }).click();
      await picture(page, "17-share");
      assert.deepEqual(await graveFaults(page), []);
      await click(page, "Copy: requirements.txt");
      await outcome(page, "Copied: requirements.txt.");
      const copied = (await page.evaluate("navigator.clipboard.readText()")) as string;
      assert.match(copied, /^six==[\d.]+ \\\n {4}--hash=sha256:/m);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        click(page, "Save: A first cell for Colab and Kaggle"),
      ]);
      assert.equal(download.suggestedFilename(), "handed on-standalone.ipynb");
      const saved = JSON.parse(readFileSync(await download.path(), "utf8")) as {
        readonly cells: readonly { readonly source: string | readonly string[] }[];
      };
      assert.match([saved.cells[0]?.source].flat().join(""), /--require-hashes/);
      assert.equal([saved.cells[1]?.source].flat().join(""), "import six");
      // It lies in no repository; the reason and what to do are told.
      await click(page, "Make links");
      await page.getByRole("alert").filter({ hasText: "public repository" }).waitFor({ timeout: 30_000 });
    };
    const prepare = (page: Page) => page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await lab().opened("handed on.ipynb", work, { prepare });
  });

  it("marks what is known against a version, and how old that knowledge is", {
    timeout: 90_000,
  }, async () => {
    const requirements = { packages: { idna: "==3.4" }, "dev-packages": {}, source: [], requires: {} };
    lab().jupyter.write("flawed.ipynb", ["import idna"], {
      ...OPENED,
      requirements: JSON.stringify(requirements),
    });
    await lab().opened("flawed.ipynb", async (page) => {
      await click(page, "Lock only");
      await outcome(page, "packages locked.");
      await page.getByRole("link", { name: "CVE-2024-3651" }).waitFor({ timeout: 20_000 });
      assert.match((await page.locator(".thoth-remark").textContent()) ?? "", /^Not known: vulnerabilities/);
      assert.deepEqual(await graveFaults(page), []);
      await picture(page, "14-flawed");
    });
  });

  it("brings what is known of vulnerabilities up to date", { timeout: 120_000 }, async () => {
    const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "3.5" }] }];
    const affected = [{ package: { ecosystem: "PyPI", name: "idna" }, ranges }];
    const advisory = { id: "GHSA-news", modified: new Date().toISOString(), affected };
    const source = await startIndex();
    const bytes = makeZip([{ name: "GHSA-news.json", data: JSON.stringify(advisory) }]);
    source.offer("all", [{ filename: "all", bytes, metadata: "" }]);
    const variables = { THOTH_ADVISORY_SOURCE: source.urlOf("all") };
    const server = await startJupyter(lab().bin, "lab", { variables });
    try {
      server.write("renewed.ipynb", ["import idna"], {
        ...OPENED,
        requirements: JSON.stringify({
          packages: { idna: "==3.4" },
          "dev-packages": {},
          source: [],
          requires: {},
        }),
      });
      const work = async (page: Page) => {
        await click(page, "Lock only");
        await page.getByRole("link", { name: "CVE-2024-3651" }).waitFor({ timeout: 60_000 });
        await click(page, "Get newer advisories");
        await outcome(page, "The advisories are up to date.");
        await page.getByRole("link", { name: "GHSA-news" }).waitFor({ timeout: 20_000 });
        assert.equal(await page.getByRole("link", { name: "CVE-2024-3651" }).count(), 0);
        assert.equal(await page.locator(".thoth-remark").count(), 0);
      };
      await lab().opened("renewed.ipynb", work, { server });
    } finally {
      await server.close();
      await source.close();
    }
  });

  it("offers what would do instead, and does it", { timeout: 180_000 }, async () => {
    lab().jupyter.write("mended.ipynb", ["import six"], OPENED);
    await lab().opened("mended.ipynb", async (page) => {
      await page.getByLabel("Add a package").fill("six==1.0.99");
      await click(page, "Add");
      await outcome(page, "six==1.0.99 was added");
      await click(page, "Lock and install");
      await click(page, /^Use six==/);
      await outcome(page, "The kernel mended is ready.");
      await state(page, /All is well/);
    });
  });

  it("changes the versions of a package by what there is, and says why not another", {
    timeout: 120_000,
  }, async () => {
    lab().jupyter.write("versions.ipynb", ["import idna"], OPENED);
    await lab().opened("versions.ipynb", async (page) => {
      await state(page, /imports 1 package/);
      await click(page, "Change the versions of idna");
      const editor = page.getByRole("region", { name: "Versions of idna" });
      const choice = editor.getByLabel("Version", { exact: true });
      await choice.waitFor({ timeout: 30_000 });
      const offered = await choice.locator("option").allTextContents();
      assert.ok(offered.length > 20 && offered.some((text) => /^3\.4 · 2022-09-14/.test(text)), offered[0]);
      await choice.selectOption("3.4");
      await editor.getByLabel("Relation").selectOption("<=");
      await click(page, "Take");
      assert.equal(await editor.getByRole("textbox").inputValue(), "<=3.4");
      assert.deepEqual(await graveFaults(page), []);
      await picture(page, "15-versions");
      await click(page, "Why not this one?");
      const told = page.getByRole("region", { name: "Why not idna 3.4" });
      await told.filter({ hasText: /3\.4/ }).waitFor({ timeout: 60_000 });
      await told.getByRole("button", { name: "Close" }).click();
      await click(page, /^Change$/);
      await outcome(page, "idna<=3.4 was added.");
      assert.equal(await editor.count(), 0);
      await page.getByRole("rowheader", { name: "idna<=3.4" }).waitFor();
    });
  });

  it("finds names as one types", { timeout: 120_000 }, async () => {
    lab().jupyter.write("typed.ipynb", ["1"], OPENED);
    await lab().opened("typed.ipynb", async (page) => {
      await page.getByLabel("Add a package").pressSequentially("scikit-lea");
      const names = page.locator(".thoth-panel datalist option");
      await page.waitForFunction("document.querySelector('.thoth-panel datalist option') !== null");
      assert.ok(
        (await names.evaluateAll((all) => all.map((one) => one.getAttribute("value")))).includes(
          "scikit-learn",
        ),
      );
      await page.getByLabel("Add a package").fill("humanize");
      await page.waitForFunction(
        "[...document.querySelectorAll('.thoth-panel datalist option')].some((one) => one.value === 'humanize')",
      );
    });
  });

  it("shows what was chosen and why before it is installed, where somebody wants that", {
    timeout: 120_000,
  }, async () => {
    lab().jupyter.write("review.ipynb", ["import flask"], OPENED);
    await lab().opened("review.ipynb", async (page) => {
      await page.getByText("More options").click();
      await page.getByLabel("Show me what was chosen before it is installed").check();
      await page.getByLabel("Add a package").fill("flask<3");
      await click(page, "Add");
      await outcome(page, "flask<3 was added.");
      await page.locator(".thoth-primary", { hasText: "Lock only" }).click();
      await outcome(page, "packages locked.");
      await page.getByText("What was chosen, and why").click();
      const reason = page
        .getByRole("list", { name: "What was chosen" })
        .getByText(/3\.[\d.]+ exists, but you ask for <3/);
      await reason.waitFor();
      await picture(page, "16-reasons");
      await page.getByText("Log", { exact: true }).click();
      await page
        .locator(".thoth-log pre", { hasText: "$ horus lock --json --recommendation-type latest" })
        .waitFor();
      await page.locator(".thoth-primary", { hasText: "Make this environment" }).waitFor();
    });
  });

  it("marks what was yanked, and offers a type that takes it", { timeout: 180_000 }, async () => {
    const requirements = { packages: { attrs: "==21.1.0" }, "dev-packages": {}, source: [], requires: {} };
    lab().jupyter.write("yanked.ipynb", ["import attr"], {
      ...OPENED,
      requirements: JSON.stringify(requirements),
    });
    await lab().opened("yanked.ipynb", async (page) => {
      await page.getByLabel("Recommendation").selectOption("stable");
      await click(page, "Lock only");
      await page.getByRole("alert").filter({ hasText: "attrs" }).waitFor({ timeout: 60_000 });
      await click(page, "Take the type latest, which leaves less out");
      await outcome(page, "The kernel yanked is ready.");
      await page.locator(".thoth-yanked").waitFor({ timeout: 20_000 });
      await page.locator(".thoth-outdated", { hasText: /^\d+\.\d+\.\d+ is there$/ }).waitFor();
      await picture(page, "17-yanked");
    });
  });

  it("begins as the settings say", { timeout: 120_000 }, async () => {
    const settings = (raw: object) =>
      fetch(`${lab().jupyter.url}lab/api/settings/@thoth/jupyterlab:plugin`, {
        method: "PUT",
        body: JSON.stringify({ raw: JSON.stringify(raw) }),
        headers: { authorization: `token ${lab().jupyter.token}` },
      });
    assert.equal((await settings({ engine: "uv", recommendationType: "stable", review: true })).status, 204);
    try {
      lab().jupyter.write("settings.ipynb", ["import six"], OPENED);
      await lab().opened("settings.ipynb", async (page) => {
        await page.locator(".thoth-primary", { hasText: "Lock only" }).waitFor({ timeout: 20_000 });
        assert.equal(await page.getByLabel("Recommendation").inputValue(), "stable");
        await page.getByText("More options").click();
        assert.equal(await page.getByLabel("Engine").inputValue(), "uv");
      });
    } finally {
      await settings({});
    }
  });

  it("speaks another language, where there is a catalogue", { timeout: 120_000 }, async () => {
    lab().jupyter.write("translated.ipynb", ["import six"], OPENED);
    const page = await lab().browser.newPage();
    try {
      const header = { domain: "thoth", language: "de", plural_forms: "nplurals=2; plural=(n != 1);" };
      const thoth = {
        "": header,
        "The code imports %1. The notebook has no lock.": [
          "Der Code importiert %1. Das Notebook hat keinen Lock.",
        ],
        "%1 package": ["%1 Paket", "%1 Pakete"],
        "Lock and install": ["Sperren und installieren"],
      };
      await page.route(/\/lab\/api\/translations\/./, (route) =>
        route.fulfill({ json: { data: { thoth }, message: "" } }),
      );
      await openPanel(page, lab().jupyter, "lab/tree/translated.ipynb");
      await state(page, /Der Code importiert 1 Paket\. Das Notebook hat keinen Lock\./);
      await page.getByRole("button", { name: "Sperren und installieren" }).waitFor();
    } finally {
      await page.close();
    }
  });
});
