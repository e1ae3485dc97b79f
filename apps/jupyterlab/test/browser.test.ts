// What the talk shows, in a real JupyterLab and a real Notebook 7.

import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { OPENED, openNotebook, openPanel, startJupyter, whatIsMissing } from "./jupyter.ts";
import { graveFaults, picture, useLab } from "./lab.ts";
import { click, outcome, runCell, save, state } from "./panel.ts";

describe("the extension", { skip: whatIsMissing() ?? false }, () => {
  const lab = useLab();

  it("walks the talk: button, constraint, engine and type, lock, install, kernel, cell", {
    timeout: 240_000,
  }, async () => {
    const path = lab().jupyter.write(
      "talk.ipynb",
      ["import six, idna\nprint('with', six.__version__)"],
      OPENED,
    );
    await lab().opened("talk.ipynb", async (page) => {
      await state(page, /The code imports 2 packages/);
      await picture(page, "1-imports");
      await page.getByLabel("Add a package").fill("idna>=3,<4");
      await click(page, "Add");
      await outcome(page, "idna>=3,<4 was added.");
      await page.getByLabel("Recommendation").selectOption("stable");
      await page.getByText("More options").click();
      await page.getByLabel("Engine").selectOption("thoth");
      await page.getByRole("button", { name: "Lock and install" }).click();
      await page.getByRole("list", { name: "Progress" }).waitFor({ timeout: 30_000 });
      await picture(page, "2-work");
      await outcome(page, "The kernel talk is ready.");
      await state(page, /All is well: \d+ packages, locked and installed in the kernel talk/);
      await picture(page, "3-ready");
      assert.match(await runCell(page), /^with \d+\.\d+/);
      await save(page);
      await page.locator(".jp-DirListing-item", { hasText: "talk.ipynb" }).waitFor();
      await picture(page, "4-ran");
    });
    const { metadata } = JSON.parse(readFileSync(path, "utf8")) as {
      metadata: Record<string, unknown> & {
        requirements: string;
        thoth: { lock: { packages: { name: string; wheels?: { hashes: object }[] }[] }; advice: object };
      };
    };
    assert.deepEqual(
      Object.keys((JSON.parse(metadata.requirements) as { packages: object }).packages).sort(),
      ["idna", "six"],
    );
    const six = metadata.thoth.lock.packages.find(({ name }) => name === "six");
    assert.match(JSON.stringify(six?.wheels?.[0]?.hashes), /"sha256":"[0-9a-f]{64}"/);
    assert.match(JSON.stringify(metadata.thoth.advice), /"recommendation_type":"stable"/);
    assert.equal((metadata["kernelspec"] as { name: string }).name, "talk");
  });

  it("runs in a second, empty server what the first one locked", { timeout: 240_000 }, async () => {
    const other = await startJupyter(lab().bin, "lab");
    try {
      cpSync(join(lab().jupyter.folder, "talk.ipynb"), join(other.folder, "talk.ipynb"));
      await lab().opened(
        "talk.ipynb",
        async (page) => {
          await state(page, /brings a lock of \d+ packages from http.*Nothing is installed until you say so/);
          await picture(page, "9-from-elsewhere");
          await click(page, "Make this environment");
          await outcome(page, "The kernel talk is ready.");
          assert.match(await runCell(page), /^with \d+\.\d+/);
        },
        { server: other },
      );
    } finally {
      await other.close();
    }
  });

  it("shows what the original locked, and locks it again", { timeout: 90_000 }, async () => {
    const pipfile = { packages: { six: "*" }, "dev-packages": {}, source: [], requires: {} };
    const lock = {
      _meta: { hash: { sha256: "0".repeat(64) }, "pipfile-spec": 6, requires: {}, sources: [] },
      default: { six: { version: "==1.16.0", hashes: [`sha256:${"0".repeat(64)}`], index: "pypi" } },
      develop: {},
    };
    lab().jupyter.write("original.ipynb", ["import six"], {
      ...OPENED,
      dependency_resolution_engine: "thoth",
      requirements: JSON.stringify(pipfile),
      requirements_lock: JSON.stringify(lock),
      thoth_config: JSON.stringify({ host: "khemenu.thoth-station.ninja", runtime_environments: [] }),
      thoth_analysis_id: "adviser-211126111333-f64f84273bc96a28",
    });
    await lab().opened("original.ipynb", async (page) => {
      await state(page, /has a lock of 1 package that names no files/);
      await page.getByRole("row", { name: /six.*1\.16\.0/ }).waitFor();
      await click(page, "Lock only");
      await outcome(page, "Changed: ");
      await state(page, /brings a lock of \d+ packages from http/);
    });
  });

  it("works on two notebooks at once", { timeout: 240_000 }, async () => {
    const names = ["left", "right"];
    for (const name of names)
      lab().jupyter.write(`${name}.ipynb`, ["import six\nprint(six.__name__)"], OPENED);
    await Promise.all(
      names.map((name) =>
        lab().opened(`${name}.ipynb`, async (page) => {
          await click(page, "Lock and install");
          await outcome(page, `The kernel ${name} is ready.`);
          assert.equal(await runCell(page), "six\n");
        }),
      ),
    );
  });

  it("can be used by keyboard, and by those who do not see it", { timeout: 90_000 }, async () => {
    lab().jupyter.write("keyboard.ipynb", ["import six"], OPENED);
    await lab().opened("keyboard.ipynb", async (page) => {
      await state(page, /imports 1 package/);
      assert.deepEqual(await graveFaults(page), []);
      // From field to button and back, and a requirement is added without a mouse.
      await page.getByLabel("Add a package").focus();
      await page.keyboard.type("idna>=3");
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.textContent"), "Add");
      await page.keyboard.press("Enter");
      await outcome(page, "idna>=3 was added");
      await page.getByRole("button", { name: "Remove idna" }).focus();
      await page.keyboard.press("Space");
      await outcome(page, "idna was removed");
    });
  });

  it("is there in Notebook 7 too, and in the dark", { timeout: 120_000 }, async () => {
    const notebook = await startJupyter(lab().bin, "notebook", { theme: "JupyterLab Dark" });
    const page = await lab().browser.newPage({ viewport: { width: 1200, height: 800 } });
    try {
      notebook.write("seven.ipynb", ["import six"], OPENED);
      await openPanel(page, notebook, "notebooks/seven.ipynb");
      await state(page, /The code imports 1 package/);
      await picture(page, "8-notebook-7");
      assert.equal(await page.evaluate("document.body.dataset.jpThemeLight"), "false");
      assert.deepEqual(await graveFaults(page), []);
    } finally {
      await page.close();
      await notebook.close();
    }
  });

  it("offers the package of a module that a cell did not find", { timeout: 180_000 }, async () => {
    lab().jupyter.write("missing.ipynb", ["import humanize\nprint(humanize.intword(10**9))"], OPENED);
    await lab().opened("missing.ipynb", async (page) => {
      assert.match(await runCell(page), /ModuleNotFoundError/);
      const offer = page.locator(".thoth-offer", { hasText: "The package humanize provides it" });
      await offer.waitFor({ timeout: 20_000 });
      await picture(page, "10-missing");
      await offer.getByRole("button").click();
      await outcome(page, "The kernel missing is ready.");
      assert.equal(await runCell(page), "1.0 billion\n");
      assert.equal(await offer.count(), 0);
    });
  });

  it("offers what only the code of others wants", { timeout: 120_000 }, async () => {
    const cells = [
      "raise ModuleNotFoundError(\"No module named 'humanize'\")",
      "raise ImportError(\"Missing optional dependency 'openpyxl'.  Use pip or conda to install openpyxl.\")",
    ];
    lab().jupyter.write("others.ipynb", cells, OPENED);
    await lab().opened("others.ipynb", async (page) => {
      const offer = page.locator(".thoth-offer");
      await runCell(page, 0);
      await offer.filter({ hasText: "The package humanize provides it" }).waitFor({ timeout: 20_000 });
      await runCell(page, 1);
      await offer.getByRole("button", { name: "Add openpyxl and install" }).waitFor({ timeout: 20_000 });
      assert.equal(await offer.count(), 1);
    });
  });

  it("offers it too while the panel is closed", { timeout: 180_000 }, async () => {
    lab().jupyter.write("closed.ipynb", ["import humanize\nprint(humanize.intword(10**6))"], OPENED);
    const page = await lab().browser.newPage();
    try {
      await openNotebook(page, lab().jupyter, "lab/tree/closed.ipynb");
      assert.match(await runCell(page), /ModuleNotFoundError/);
      const notice = page.getByRole("alert").filter({ hasText: "The package humanize provides it" });
      await notice.waitFor({ timeout: 20_000 });
      await picture(page, "13-notice");
      await notice.getByRole("button", { name: "Lock and install" }).click();
      await outcome(page, "The kernel closed is ready.");
      assert.equal(await runCell(page), "1.0 million\n");
    } catch (error) {
      await picture(page, "failed-closed");
      throw error;
    } finally {
      await page.close();
    }
  });

  it("turns cells that install into requirements, and interrupts nothing", { timeout: 120_000 }, async () => {
    lab().jupyter.write("converted.ipynb", ["!pip install humanize>=4", "1 + 1"], OPENED);
    await lab().opened("converted.ipynb", async (page) => {
      const offer = page.locator(".thoth-offer", { hasText: "A cell installs packages" });
      await offer.getByRole("button", { name: "Convert" }).click();
      await outcome(page, "What the cells installed is a requirement now.");
      const cell = page.locator(".jp-NotebookPanel:visible .jp-CodeCell .cm-content").first();
      assert.doesNotMatch((await cell.textContent()) ?? "", /^!pip/);
      await page.getByRole("rowheader", { name: "humanize>=4" }).waitFor();
      assert.equal(await offer.count(), 0);
      assert.equal(await runCell(page, 1), "2");
    });
  });
});
