// What the talk shows, in a real JupyterLab and a real Notebook 7.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import {
  installJupyter,
  type Jupyter,
  OPENED,
  openBrowser,
  openNotebook,
  openPanel,
  PICTURES,
  startJupyter,
  whatIsMissing,
} from "./jupyter.ts";
import { click, outcome, runCell, state } from "./panel.ts";

const missing = whatIsMissing();

describe("the extension", { skip: missing ?? false }, () => {
  let bin: string;
  let lab: Jupyter;
  let browser: Browser;
  let silence: Server;
  let silentIndex: string;
  before(async () => {
    bin = installJupyter();
    [lab, browser] = await Promise.all([startJupyter(bin, "lab"), openBrowser()]);
    // An index that takes requests and never answers.
    silence = createServer().listen(0, "127.0.0.1");
    await once(silence, "listening");
    silentIndex = `http://127.0.0.1:${(silence.address() as AddressInfo).port}/simple/`;
  });
  after(async () => {
    await browser?.close();
    silence?.closeAllConnections();
    silence?.close();
    await lab?.close();
  });

  async function opened(name: string, work: (page: Page) => Promise<void>, server = lab): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
    try {
      await openPanel(page, server, `lab/tree/${name}`);
      await work(page);
    } catch (error) {
      await page.screenshot({ path: join(PICTURES, `failed-${name}.png`) });
      throw error;
    } finally {
      await page.close();
    }
  }

  /** What axe finds serious or critical in the panel. */
  const graveFaults = async (page: Page): Promise<readonly unknown[]> => {
    await page.evaluate(axe.source);
    const { violations, passes } = (await page.evaluate("axe.run('.thoth-panel')")) as {
      passes: unknown[];
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    assert.ok(passes.length > 10, "axe looked at next to nothing");
    return violations
      .filter(({ impact }) => ["serious", "critical"].includes(impact))
      .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  };
  const picture = (page: Page, name: string) => page.screenshot({ path: join(PICTURES, `${name}.png`) });
  /** Its requirements come from an index that never answers. */
  const waiting = {
    ...OPENED,
    requirements: JSON.stringify({
      packages: { six: "*" },
      "dev-packages": {},
      source: [{ name: "silent", url: "", verify_ssl: true }],
      requires: {},
    }),
  };

  it("walks the talk: button, lock, install, kernel, cell", { timeout: 240_000 }, async () => {
    const path = lab.write("talk.ipynb", ["import six, idna\nprint('with', six.__version__)"], OPENED);
    await opened("talk.ipynb", async (page) => {
      await state(page, /The code imports 2 packages/);
      await picture(page, "1-imports");
      await page.getByLabel("Recommendation").selectOption("stable");
      await page.getByRole("button", { name: "Lock and install" }).click();
      await page.getByRole("list", { name: "Progress" }).waitFor({ timeout: 2_000 });
      await picture(page, "2-work");
      await outcome(page, "The kernel talk is ready.");
      await state(page, /All is well: \d+ packages, locked and installed in the kernel talk/);
      await picture(page, "3-ready");
      assert.match(await runCell(page), /^with \d+\.\d+/);
      await page.keyboard.press("Control+s");
      await page.locator(".jp-DirListing-item", { hasText: "talk.ipynb" }).waitFor();
      await page.waitForFunction("document.querySelector('.jp-mod-dirty') === null");
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

  it("tells why it cannot be done, and takes back what was added", { timeout: 90_000 }, async () => {
    lab.write("conflict.ipynb", ["import six"], OPENED);
    await opened("conflict.ipynb", async (page) => {
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
    lab.write("locked.ipynb", ["import flask"], OPENED);
    await opened("locked.ipynb", async (page) => {
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

  it("shows what the original locked, and locks it again", { timeout: 90_000 }, async () => {
    const pipfile = { packages: { six: "*" }, "dev-packages": {}, source: [], requires: {} };
    const lock = {
      _meta: { hash: { sha256: "0".repeat(64) }, "pipfile-spec": 6, requires: {}, sources: [] },
      default: { six: { version: "==1.16.0", hashes: [`sha256:${"0".repeat(64)}`], index: "pypi" } },
      develop: {},
    };
    lab.write("original.ipynb", ["import six"], {
      ...OPENED,
      dependency_resolution_engine: "thoth",
      requirements: JSON.stringify(pipfile),
      requirements_lock: JSON.stringify(lock),
      thoth_config: JSON.stringify({ host: "khemenu.thoth-station.ninja", runtime_environments: [] }),
      thoth_analysis_id: "adviser-211126111333-f64f84273bc96a28",
    });
    await opened("original.ipynb", async (page) => {
      await state(page, /has a lock of 1 package that names no files/);
      await page.getByRole("row", { name: /six.*1\.16\.0/ }).waitFor();
      await click(page, "Lock only");
      await outcome(page, "Changed: ");
      await state(page, /brings a lock of \d+ packages from http/);
    });
  });

  it("marks what is known against a version, and how old that knowledge is", {
    timeout: 90_000,
  }, async () => {
    const requirements = { packages: { idna: "==3.4" }, "dev-packages": {}, source: [], requires: {} };
    lab.write("flawed.ipynb", ["import idna"], { ...OPENED, requirements: JSON.stringify(requirements) });
    await opened("flawed.ipynb", async (page) => {
      await click(page, "Lock only");
      await outcome(page, "packages locked.");
      const row = page.getByRole("row", { name: /idna==3\.4/ });
      await row.getByRole("link", { name: "CVE-2024-3651" }).waitFor({ timeout: 20_000 });
      assert.match((await page.locator(".thoth-remark").textContent()) ?? "", /^Not known: vulnerabilities/);
      assert.deepEqual(await graveFaults(page), []);
      await picture(page, "14-flawed");
    });
  });

  it("offers what would do instead, and does it", { timeout: 180_000 }, async () => {
    lab.write("mended.ipynb", ["import six"], OPENED);
    await opened("mended.ipynb", async (page) => {
      await page.getByLabel("Add a package").fill("six==1.0.99");
      await click(page, "Add");
      await outcome(page, "six==1.0.99 was added");
      await click(page, "Lock and install");
      await click(page, /^Use six==/);
      await outcome(page, "The kernel mended is ready.");
      await state(page, /All is well/);
    });
  });

  it("runs in a second, empty server what the first one locked", { timeout: 240_000 }, async () => {
    const other = await startJupyter(bin, "lab");
    try {
      cpSync(join(lab.folder, "talk.ipynb"), join(other.folder, "talk.ipynb"));
      await opened(
        "talk.ipynb",
        async (page) => {
          await state(page, /brings a lock of \d+ packages from http.*Nothing is installed until you say so/);
          await picture(page, "9-from-elsewhere");
          await click(page, "Make this environment");
          await outcome(page, "The kernel talk is ready.");
          assert.match(await runCell(page), /^with \d+\.\d+/);
        },
        other,
      );
    } finally {
      await other.close();
    }
  });

  it("offers the package of a module that a cell did not find", { timeout: 180_000 }, async () => {
    lab.write("missing.ipynb", ["import humanize\nprint(humanize.intword(10**9))"], OPENED);
    await opened("missing.ipynb", async (page) => {
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

  it("offers it too while the panel is closed", { timeout: 180_000 }, async () => {
    lab.write("closed.ipynb", ["import humanize\nprint(humanize.intword(10**6))"], OPENED);
    const page = await browser.newPage();
    try {
      await openNotebook(page, lab, "lab/tree/closed.ipynb");
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

  it("turns cells that install into requirements, and interrupts nothing", { timeout: 60_000 }, async () => {
    lab.write("converted.ipynb", ["!pip install humanize>=4", "1 + 1"], OPENED);
    await opened("converted.ipynb", async (page) => {
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

  it("works on two notebooks at once", { timeout: 240_000 }, async () => {
    const names = ["left", "right"];
    for (const name of names) lab.write(`${name}.ipynb`, ["import six\nprint(six.__name__)"], OPENED);
    await Promise.all(
      names.map((name) =>
        opened(`${name}.ipynb`, async (page) => {
          await click(page, "Lock and install");
          await outcome(page, `The kernel ${name} is ready.`);
          assert.equal(await runCell(page), "six\n");
        }),
      ),
    );
  });

  it("takes %horus in a cell: requirements, lock and kernel", { timeout: 180_000 }, async () => {
    const cells = [
      '%horus requirements --add "humanize >= 4"',
      "%horus lock",
      "%horus set-kernel",
      "import humanize\nprint(humanize.intword(10**9))",
      "%horus lock --no-such-option",
      "%horus help",
    ];
    const path = lab.write("magic.ipynb", cells, OPENED);
    await opened("magic.ipynb", async (page) => {
      assert.match(await runCell(page, 0), /humanize/);
      assert.match(await runCell(page, 1), /lock +written into the notebook: \d+ packages/);
      assert.match(await runCell(page, 2), /the kernel magic takes over when this cell has ended/);
      await state(page, /All is well: \d+ packages, locked and installed in the kernel magic/);
      await page.getByText("Python (magic) | Idle").waitFor();
      assert.equal(await runCell(page, 3), "1.0 billion\n");
      assert.match(await runCell(page, 4), /UsageError.*unknown option/s);
      assert.match(await runCell(page, 5), /Usage: horus/);
      await picture(page, "11-magic");
      await page.keyboard.press("Control+s");
      await page.waitForFunction("document.querySelector('.jp-mod-dirty') === null");
    });
    const { metadata } = JSON.parse(readFileSync(path, "utf8")) as { metadata: Record<string, unknown> };
    assert.match(String(metadata["requirements"]), /"humanize":">=4"/);
    assert.equal((metadata["kernelspec"] as { name: string }).name, "magic");
  });

  it("can be used by keyboard, and by those who do not see it", { timeout: 90_000 }, async () => {
    lab.write("keyboard.ipynb", ["import six"], OPENED);
    await opened("keyboard.ipynb", async (page) => {
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

  it("ends what is cancelled, and the notebook stays as it was", { timeout: 60_000 }, async () => {
    lab.write("slow.ipynb", ["import six"], {
      ...waiting,
      requirements: waiting.requirements.replace('"url":""', `"url":${JSON.stringify(silentIndex)}`),
    });
    await opened("slow.ipynb", async (page) => {
      await state(page, /This notebook has no lock/);
      await page.getByRole("button", { name: "Lock and install" }).click();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.locator(".thoth-outcome", { hasText: "Cancelled." }).waitFor({ timeout: 10_000 });
      await state(page, /This notebook has no lock/);
    });
  });

  it("is cancelled and killed while it installs, and goes on where it was", {
    timeout: 180_000,
  }, async () => {
    lab.write("halfway.ipynb", ["import flask\nprint(flask.__name__)"], OPENED);
    await opened("halfway.ipynb", async (page) => {
      const installing = page.getByRole("listitem").filter({ hasText: "install" });
      await click(page, "Lock and install");
      await installing.waitFor({ timeout: 60_000 });
      await click(page, "Cancel");
      await outcome(page, "Cancelled.");
      await state(page, /brings a lock of \d+ packages/);
      await click(page, "Make this environment");
      await installing.waitFor({ timeout: 60_000 });
      process.kill(residentOf(lab), "SIGKILL");
      await page
        .getByRole("alert")
        .filter({ hasText: "resident process ended" })
        .waitFor({ timeout: 10_000 });
      await state(page, /brings a lock of \d+ packages/);
      await click(page, "Make this environment");
      await outcome(page, "The kernel halfway is ready.");
      assert.equal(await runCell(page), "flask\n");
    });
  });

  it("says so when the resident process dies, and starts it again", { timeout: 60_000 }, async () => {
    lab.write("killed.ipynb", ["import six"], {
      ...waiting,
      requirements: waiting.requirements.replace('"url":""', `"url":${JSON.stringify(silentIndex)}`),
    });
    await opened("killed.ipynb", async (page) => {
      await state(page, /This notebook has no lock/);
      await page.getByRole("button", { name: "Lock and install" }).click();
      // What it says shows that it has the call; one that has not got it yet is answered by its successor.
      await page.getByRole("list", { name: "Progress" }).getByRole("listitem").waitFor();
      process.kill(residentOf(lab), "SIGKILL");
      await page
        .getByRole("alert")
        .filter({ hasText: "resident process ended" })
        .waitFor({ timeout: 10_000 });
      await state(page, /This notebook has no lock/);
      await picture(page, "6-killed");
    });
  });

  it("shows a hostile notebook as text, and runs nothing of it", { timeout: 60_000 }, async () => {
    const name = '<img src=x onerror="window.hacked=1">';
    const requirements = JSON.stringify({ packages: { six: "*", [name]: "$(touch hacked)" } });
    lab.write("hostile.ipynb", ["import six"], { ...OPENED, requirements });
    await opened("hostile.ipynb", async (page) => {
      const alert = page.locator(".thoth-panel").getByRole("alert");
      await alert.waitFor({ timeout: 20_000 });
      assert.match((await alert.textContent()) ?? "", /img src=x/);
      assert.equal(await page.locator(".thoth-panel img").count(), 0);
      assert.equal(await page.evaluate("'hacked' in window"), false);
      await picture(page, "7-hostile");
    });
  });

  it("leaves no call without an end, whenever the resident process dies", { timeout: 120_000 }, async () => {
    const calls = Array.from({ length: 16 }, async (_, at) => {
      await setTimeout(at * 40);
      const answer = await fetch(`${lab.url}thoth/run`, {
        method: "POST",
        body: JSON.stringify({ program: "horus", words: ["version", "--json"] }),
        headers: { authorization: `token ${lab.token}` },
      });
      return answer.text();
    });
    const ends = Promise.all(calls);
    for (let at = 0; at < 12; at++) {
      await setTimeout(60);
      const pid = residentsOf(lab)[0];
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    }
    for (const text of await ends) assert.match(text, /"event": "(?:ended|lost)"/);
  });

  it("answers nobody without the token, and takes no path out of its folder", async () => {
    const ask = (body: unknown, token?: string) =>
      fetch(`${lab.url}thoth/run`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: token === undefined ? {} : { authorization: `token ${token}` },
      });
    const version = { program: "horus", words: ["version", "--json"] };
    assert.equal((await ask(version)).status, 403);
    const answer = await ask(version, lab.token);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /"event": "ended"/);
    assert.equal((await ask({ ...version, program: "rm" }, lab.token)).status, 400);
    assert.equal((await ask({ ...version, words: "version" }, lab.token)).status, 400);
    assert.equal((await ask({ ...version, notebooks: { "../../x.ipynb": "{}" } }, lab.token)).status, 400);
  });

  it("is there in Notebook 7 too, and in the dark", { timeout: 120_000 }, async () => {
    const notebook = await startJupyter(bin, "notebook", { theme: "JupyterLab Dark" });
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
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
});

function residentOf(server: Jupyter): number {
  const [pid, ...others] = residentsOf(server);
  assert.ok(pid !== undefined && others.length === 0);
  return pid;
}

function residentsOf({ process: { pid } }: Jupyter): readonly number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid), "-f", "cli.cjs resident"], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}
