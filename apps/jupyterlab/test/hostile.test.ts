// Control characters in whatever a notebook says: nothing of them is run, nothing of them changes how other text is read.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { OPENED, whatIsMissing } from "./jupyter.ts";
import { useLab } from "./lab.ts";
import { click, runCell, state } from "./panel.ts";

const missing = whatIsMissing();
/** All of the first 32 but the white space, the one after ASCII, eight more, what turns the direction of text, and line separators. */
const CONTROLS = String.fromCodePoint(
  ...Array.from({ length: 32 }, (_, at) => at).filter((at) => ![9, 10, 13].includes(at)),
  0x7f,
  ...[0x80, 0x85, 0x9b, 0x9d, 0x200b, 0x200e, 0x202a, 0x202e, 0x2028, 0x2029, 0x2066, 0x2069, 0xfeff],
);
/** Colours, clears the screen, names the window, links. */
const ESCAPES =
  "\u001b[31mred\u001b[2J\u001b]0;title\u0007\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007";
const MARKUP = '<img src=x onerror="window.hacked=1">';
const EVIL = `${ESCAPES}${CONTROLS}${MARKUP}$(touch hacked)\`touch hacked\``;
const FORBIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

describe("a notebook full of control characters", { skip: missing ?? false }, () => {
  const lab = useLab();

  async function harmless(name: string, work: (page: Page) => Promise<void>): Promise<void> {
    const asked: string[] = [];
    const prepare = async (page: Page) => {
      // Lab asks for a kernel where it knows none of the name.
      await page.addLocatorHandler(page.locator(".jp-Dialog"), () => page.keyboard.press("Enter"));
      page.on("request", (request) => asked.push(request.url()));
    };
    const look = async (page: Page) => {
      await work(page);
      const text = (await page.locator(".thoth-panel").textContent()) ?? "";
      assert.doesNotMatch(text, FORBIDDEN, JSON.stringify(text));
      assert.equal(await page.locator(".thoth-panel img").count(), 0);
      assert.equal(await page.evaluate("'hacked' in window"), false);
      for (const address of await page
        .locator(".thoth-panel a")
        .evaluateAll((links) => links.map((link) => (link as unknown as { href: string }).href)))
        assert.match(address, /^https:\/\//);
      assert.deepEqual(
        asked.filter(
          (url) => !url.startsWith(lab().jupyter.url) && !url.startsWith("data:") && !url.startsWith("blob:"),
        ),
        [],
      );
    };
    await lab().opened(name, look, { prepare });
  }

  const pipfile = {
    packages: { six: "*" } as object,
    "dev-packages": {},
    source: [] as object[],
    requires: {},
  };
  const places: readonly (readonly [place: string, metadata: object])[] = [
    ["a name", { requirements: JSON.stringify({ ...pipfile, packages: { [EVIL]: "*", six: "*" } }) }],
    ["a version", { requirements: JSON.stringify({ ...pipfile, packages: { six: EVIL } }) }],
    [
      "a marker",
      { requirements: JSON.stringify({ ...pipfile, packages: { six: { version: "*", markers: EVIL } } }) },
    ],
    [
      "an index",
      {
        requirements: JSON.stringify({
          ...pipfile,
          source: [{ name: EVIL, url: `https://127.0.0.1:1/${EVIL}`, verify_ssl: true }],
        }),
      },
    ],
    ["the Python", { requirements: JSON.stringify({ ...pipfile, requires: { python_version: EVIL } }) }],
    ["no JSON", { requirements: `{${EVIL}` }],
    [
      "a lock of the original",
      {
        requirements: JSON.stringify(pipfile),
        requirements_lock: JSON.stringify({
          _meta: { sources: [] },
          default: { six: { version: `==1.16.0${EVIL}` }, [EVIL]: { version: "==1" } },
        }),
      },
    ],
    [
      "a lock of ours",
      {
        requirements: JSON.stringify(pipfile),
        requirements_lock: "{}",
        thoth: {
          version: 1,
          lock: { "lock-version": "1.0", "created-by": EVIL, packages: [{ name: EVIL, version: EVIL }] },
          advice: { recommendation_type: EVIL },
        },
      },
    ],
    ["the engine", { requirements: JSON.stringify(pipfile), dependency_resolution_engine: EVIL }],
    [
      "the recommendation",
      { requirements: JSON.stringify(pipfile), thoth: { advice: { recommendation_type: EVIL } } },
    ],
    ["the kernel", { kernelspec: { name: EVIL, display_name: EVIL, language: "python" } }],
  ];
  for (const [place, metadata] of places) {
    it(`is harmless: ${place}`, { timeout: 120_000 }, async () => {
      const name = `${place.replaceAll(" ", "-")}.ipynb`;
      lab().jupyter.write(name, ["import six"], { ...OPENED, ...metadata });
      await harmless(name, async (page) => {
        await page
          .locator(".thoth-panel :is(.thoth-state, [role=alert])")
          .filter({ hasNotText: "Looking at the notebook" })
          .first()
          .waitFor();
        const lock = page.locator(".thoth-panel").getByRole("button", { name: "Lock only" });
        if (await lock.isVisible()) {
          await lock.click();
          await page
            .locator(".thoth-panel :is(.thoth-outcome, [role=alert])")
            .first()
            .waitFor({ timeout: 30_000 });
        }
      });
    });
  }

  it("is harmless: cells", { timeout: 90_000 }, async () => {
    const name = "cells.ipynb";
    const cells = [
      `import six\n# ${EVIL}`,
      `!pip install ${EVIL}`,
      `%pip install "six ${EVIL}"`,
      `raise ModuleNotFoundError(${JSON.stringify(`No module named '${EVIL}'`)})`,
      `%horus requirements --add "six${ESCAPES}${MARKUP}"`,
    ];
    lab().jupyter.write(name, cells, OPENED);
    await harmless(name, async (page) => {
      await page.locator(".thoth-state").filter({ hasNotText: "Looking at" }).waitFor();
      await runCell(page, 3);
      await runCell(page, 4);
      assert.equal(await page.locator(".jp-OutputArea-output img").count(), 0);
      const convert = page.locator(".thoth-panel").getByRole("button", { name: "Convert" });
      if (await convert.isVisible()) {
        await convert.click();
        await page.locator(".thoth-panel :is(.thoth-outcome, [role=alert])").first().waitFor();
      }
    });
  });

  it("is harmless: its own name", { timeout: 120_000 }, async () => {
    const name = `a\u202eb\u001b[31mc\u0007$(touch hacked)'"<b>&.ipynb`;
    lab().jupyter.write(name, ["import six"], OPENED);
    await harmless(name, async (page) => {
      await state(page, /The code imports 1 package/);
      await click(page, "Lock only");
      await page.locator(".thoth-panel .thoth-outcome").waitFor({ timeout: 30_000 });
    });
  });
});
