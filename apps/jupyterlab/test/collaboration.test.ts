// Two people in the same notebook (https://jupyterlab-realtime-collaboration.readthedocs.io/): the document of both is one, and the
// server writes it to the disk.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import {
  installJupyter,
  type Jupyter,
  OPENED,
  openBrowser,
  openPanel,
  PICTURES,
  startJupyter,
  whatIsMissing,
} from "./jupyter.ts";
import { click, outcome, runCell, state } from "./panel.ts";

const missing = whatIsMissing();
/** THOTH_COLLABORATION names another: `jupyter-collaboration>=4,<5`. */
const COLLABORATION = process.env["THOTH_COLLABORATION"] ?? "jupyter-collaboration>=5,<6";

interface OnDisk {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly cells: readonly { readonly source: string | readonly string[] }[];
}

describe("collaboration", { skip: missing ?? false }, () => {
  let lab: Jupyter;
  let browser: Browser;
  before(async () => {
    const bin = installJupyter("jupyter-collaboration", [COLLABORATION]);
    [lab, browser] = await Promise.all([startJupyter(bin, "lab"), openBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await lab?.close();
  });

  /** Two people, each with the panel open. */
  async function together(name: string, work: (one: Page, other: Page) => Promise<void>): Promise<void> {
    const people = await Promise.all(
      [1, 2].map(async () =>
        (await browser.newContext({ viewport: { width: 1300, height: 900 } })).newPage(),
      ),
    );
    const [one, other] = people as [Page, Page];
    try {
      await openPanel(one, lab, `lab/tree/${name}`);
      await openPanel(other, lab, `lab/tree/${name}`);
      await work(one, other);
      for (const page of people) assert.equal(await page.locator(".jp-Dialog").count(), 0);
    } catch (error) {
      for (const [at, page] of people.entries())
        await page.screenshot({ path: join(PICTURES, `failed-${name}-${at}.png`) });
      throw error;
    } finally {
      for (const page of people) await page.context().close();
    }
  }

  const cell = (page: Page) => page.locator(".jp-NotebookPanel:visible .jp-CodeCell .cm-content").first();

  it("locks while somebody else types, and loses nothing", { timeout: 120_000 }, async () => {
    const path = lab.write("together.ipynb", ["import six\n"], OPENED);
    const typed = "# typed while the other locks, letter for letter";
    await together("together.ipynb", async (one, other) => {
      await state(one, /The code imports 1 package/);
      await cell(other).click();
      await other.keyboard.press("Control+End");
      const typing = other.keyboard.type(typed, { delay: 60 });
      await click(one, "Lock only");
      await Promise.all([outcome(one, "packages locked."), typing]);
      await state(one, /brings a lock of \d+ packages/);
      await state(other, /brings a lock of \d+ packages/);
      await cell(one).filter({ hasText: typed }).waitFor();
      await until(async () => {
        const { metadata, cells } = await onDisk(path);
        return "thoth" in metadata && sourceOf(cells[0]).includes(typed);
      });
      await click(one, "Undo");
      await state(other, /The code imports 1 package/);
      await until(async () => {
        const { metadata, cells } = await onDisk(path);
        return !("thoth" in metadata || "requirements" in metadata) && sourceOf(cells[0]).includes(typed);
      });
    });
  });

  it("keeps what somebody else requires while it locks", { timeout: 120_000 }, async () => {
    const path = lab.write("both.ipynb", ["import six\n"], OPENED);
    await together("both.ipynb", async (one, other) => {
      await state(one, /imports 1 package/);
      // Of the requirements nothing changes in this lock.
      await one.getByLabel("Add a package").fill("six");
      await click(one, "Add");
      await outcome(one, "six was added.");
      await state(other, /This notebook has no lock/);
      await other.getByLabel("Add a package").fill("idna");
      await Promise.all([click(one, "Lock only"), click(other, "Add")]);
      await Promise.all([outcome(one, "packages locked."), outcome(other, "idna was added.")]);
      await state(one, /requirements changed after the lock was made/);
      await state(other, /requirements changed after the lock was made/);
      const requirements = async () => String((await onDisk(path)).metadata["requirements"]);
      await until(async () => /"six".*"idna"|"idna".*"six"/s.test(await requirements()));
      // What is taken back is what the one did, and not what the other did.
      await click(one, "Undo");
      await state(one, /This notebook has no lock/);
      await one.getByRole("row", { name: /^idna/ }).waitFor();
      await until(async () => !("thoth" in (await onDisk(path)).metadata));
      assert.match(await requirements(), /idna/);
    });
  });

  it("writes nothing over what somebody else wrote meanwhile", { timeout: 120_000 }, async () => {
    lab.write("same.ipynb", ["import six\n"], OPENED);
    await together("same.ipynb", async (one, other) => {
      await state(one, /imports 1 package/);
      await one.getByLabel("Add a package").fill("idna");
      await click(one, "Add");
      await outcome(one, "idna was added.");
      await other.getByRole("row", { name: /^idna/ }).waitFor();
      await other.getByLabel("Add a package").fill("attrs");
      await click(other, "Add");
      await outcome(other, "attrs was added.");
      await one.getByRole("row", { name: /^attrs/ }).waitFor();
      await click(one, "Undo");
      await outcome(one, "nothing was taken back");
      await one.getByRole("row", { name: /^attrs/ }).waitFor();
    });
  });

  it("installs for both, and %horus in a cell is done once", { timeout: 240_000 }, async () => {
    lab.write("kernel.ipynb", ["import six\nprint(six.__name__)", "%horus requirements --add idna"], OPENED);
    await together("kernel.ipynb", async (one, other) => {
      await click(one, "Lock and install");
      await outcome(one, "The kernel kernel is ready.");
      await state(other, /All is well/);
      // Lab tells the other browser late, by its list of sessions.
      await other.getByText(/^(?:kernel|Python \(kernel\)) \| Idle$/).waitFor({ timeout: 60_000 });
      assert.equal(await runCell(other), "six\n");
      const asked: string[] = [];
      for (const [name, page] of [
        ["one", one],
        ["other", other],
      ] as const)
        page.on("request", (request) => {
          const { words } = (request.url().includes("/thoth/run") ? request.postDataJSON() : {}) as {
            words?: string[];
          };
          if (words?.[0] === "requirements") asked.push(name);
        });
      assert.match(await runCell(other, 1), /idna/);
      await state(one, /requirements changed after the lock was made/);
      await setTimeout(2_000);
      assert.deepEqual(asked, ["other"]);
    });
  });
});

/** As the server saved it last; it empties the file before it writes. */
async function onDisk(path: string): Promise<OnDisk> {
  let text = "";
  for (let tries = 0; !text.endsWith("}"); tries++) {
    assert.ok(tries < 50, "the file stays empty");
    if (tries > 0) await setTimeout(50);
    text = readFileSync(path, "utf8").trimEnd();
  }
  return JSON.parse(text) as OnDisk;
}

function sourceOf(cell: OnDisk["cells"][number] | undefined): string {
  return [cell?.source ?? []].flat().join("");
}

async function until(test: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await test()); tries++) {
    assert.ok(tries < 100, "it does not come");
    await setTimeout(200);
  }
}
