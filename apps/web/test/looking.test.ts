// What the pages are to people: with a keyboard, a screen reader, a small screen, in the dark, on paper.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { CONFLICT, OLD_PINS } from "./projects.ts";
import { excess, faults, heading, picture, useSite, whatIsMissing } from "./site.ts";

const MOST_SCRIPT = 150_000;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));

describe("the pages", { skip: whatIsMissing() ?? false }, () => {
  const site = useSite();

  /** Every page, by a name for its pictures. */
  async function pages(): Promise<readonly (readonly [name: string, path: string, heading: RegExp])[]> {
    const [before, after, failed] = await Promise.all([
      site().ask(OLD_PINS),
      site().ask(OLD_PINS.replaceAll(/==[\d.]+/g, "")),
      site().ask(CONFLICT),
    ]);
    return [
      ["page-ask", "/", /What is the greatest stack/],
      ["page-report", `/advice/${before}`, /^Advice: the greatest/],
      ["page-failure", `/advice/${failed}`, /There is no answer/],
      ["page-missing", "/advice/adviser-260101000000-0000000000000000", /No such advice/],
      ["page-compare", `/compare?before=${before}&after=${after}`, /Two advices side by side/],
      ["page-own", "/report", /A report out of a file/],
      ["page-packages", "/packages", /^Packages$/],
      ["page-package", "/packages/flask", /^flask$/],
      ["page-status", "/status", /How the service does/],
    ];
  }

  /** The page has come to rest. */
  async function settled(page: Page, text: RegExp): Promise<void> {
    await heading(page, text);
    await page.locator(".waiting").waitFor({ state: "detached" });
  }

  it("have no fault that axe finds, in the light and in the dark", { timeout: 240_000 }, async () => {
    for (const [name, path, text] of await pages())
      for (const isDark of [false, true]) {
        const work = async (page: Page) => {
          await settled(page, text);
          await picture(page, isDark ? `${name}-dark` : name, true);
          assert.deepEqual(await faults(page), [], `${name}${isDark ? " in the dark" : ""}`);
        };
        await site().opened(path, work, { isDark });
      }
  });

  it("fit a screen of 360 pixels", { timeout: 180_000 }, async () => {
    for (const [name, path, text] of await pages()) {
      const work = async (page: Page) => {
        await settled(page, text);
        await picture(page, `${name}-small`, true);
        assert.equal(await excess(page), 0, name);
      };
      await site().opened(path, work, { width: 360, height: 740 });
    }
  });

  it("can be used by keyboard alone", { timeout: 120_000 }, async () => {
    await site().opened("/", async (page) => {
      const press = async (key: string, times = 1) => {
        for (let time = 0; time < times; time++) await page.keyboard.press(key);
      };
      const focused = () =>
        page.evaluate("document.activeElement.textContent || document.activeElement.name") as Promise<string>;
      await press("Tab");
      assert.equal(await focused(), "To the page");
      await press("Enter");
      await press("Tab");
      assert.equal(await page.evaluate("document.activeElement.tagName"), "TEXTAREA");
      await page.keyboard.type("flask==1.1.2");
      // To the button: the reading of the form, the file, the type, Python, the platform, more options.
      for (let tabs = 0; tabs < 12 && (await focused()) !== "Ask for advice"; tabs++) await press("Tab");
      assert.equal(await focused(), "Ask for advice");
      const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
      assert.equal(outline, "solid");
      await press("Enter");
      await heading(page, /^Advice: the greatest/);
      assert.match(await focused(), /^Advice: the greatest|being worked on/);
      // Through the graph.
      const flask = page.getByRole("button", { name: /^flask 1\.1\.2/ });
      await flask.focus();
      await page.locator(".told").filter({ hasText: "Needed by you" }).waitFor();
      await press("ArrowRight");
      const next = await page.evaluate("document.activeElement.getAttribute('aria-label')");
      assert.match(String(next), /^(?:click|itsdangerous|jinja2|werkzeug) /);
      await page.locator(".told").filter({ hasText: "Needed by flask" }).waitFor();
      await press("ArrowLeft");
      assert.match(
        String(await page.evaluate("document.activeElement.getAttribute('aria-label')")),
        /^flask /,
      );
    });
  });

  it("take the focus and the title along, and go back", { timeout: 60_000 }, async () => {
    await site().opened("/", async (page) => {
      await page.getByRole("link", { name: "Status" }).click();
      await heading(page, /How the service does/);
      assert.equal(await page.title(), "Status · Thoth");
      assert.equal(await page.evaluate("document.activeElement.tagName"), "H1");
      await page.goBack();
      await heading(page, /What is the greatest stack/);
      assert.equal(await page.evaluate("document.activeElement.tagName"), "H1");
      assert.equal(
        await page.getByRole("link", { name: "Ask", exact: true }).getAttribute("aria-current"),
        "page",
      );
    });
  });

  it("print, and move nothing for whoever wants no motion", { timeout: 60_000 }, async () => {
    const id = await site().ask(OLD_PINS);
    await site().opened(`/advice/${id}`, async (page) => {
      await heading(page, /^Advice/);
      await page.emulateMedia({ media: "print", reducedMotion: "reduce" });
      await picture(page, "print", true);
      assert.equal(await page.locator(".actions").first().isVisible(), false);
      assert.equal(await page.evaluate("getComputedStyle(document.documentElement).scrollBehavior"), "auto");
    });
  });

  it("say what to do where there are no scripts", { timeout: 30_000 }, async () => {
    const text = await (await fetch(site().address("/"))).text();
    assert.match(text, /<noscript>[\s\S]*These pages need scripts[\s\S]*<\/noscript>/);
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=|<script>/);
  });

  it("are small, and come fast", { timeout: 60_000 }, async (context) => {
    const { assets } = JSON.parse(readFileSync(`${dist}manifest.json`, "utf8")) as {
      assets: { path: string; gzip: number }[];
    };
    const script = assets.filter(({ path }) => path.endsWith(".js")).reduce((sum, { gzip }) => sum + gzip, 0);
    context.diagnostic(`script: ${script} bytes compressed`);
    assert.ok(script <= MOST_SCRIPT, `${script} bytes of script`);
    const paints: number[] = [];
    for (let time = 0; time < 5; time++)
      await site().opened("/", async (page) => {
        await heading(page, /What is the greatest/);
        paints.push(
          await page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN",
          ),
        );
      });
    context.diagnostic(`first paint: ${paints.map((paint) => Math.round(paint)).join(", ")} ms`);
    assert.ok(Math.min(...paints) < 2_000);
  });

  it("are sent with headers that allow nothing else", { timeout: 30_000 }, async () => {
    const page = await fetch(site().address("/advice/anything"));
    assert.match(
      page.headers.get("content-security-policy") ?? "",
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
    assert.equal(page.headers.get("referrer-policy"), "no-referrer");
    assert.equal(page.headers.get("cache-control"), "no-cache");
    const etag = page.headers.get("etag") ?? "";
    const again = await fetch(site().address("/"), { headers: { "if-none-match": etag } });
    assert.equal(again.status, 304);
    const [, script = ""] = /src="(\/assets\/main-[0-9a-f]+\.js)"/.exec(await page.text()) ?? [];
    for (const [accepted, coding] of [
      ["br, gzip", "br"],
      ["gzip", "gzip"],
      ["br;q=0", null],
    ] as const) {
      const asset = await fetch(site().address(script), { headers: { "accept-encoding": accepted } });
      assert.equal(asset.headers.get("cache-control"), "public, max-age=31536000, immutable");
      assert.equal(asset.headers.get("content-encoding"), coding);
      assert.match(await asset.text(), /^[\s\S]*Licenses: \/assets\/licenses-/);
    }
    assert.equal((await fetch(site().address("/assets/none.js"))).status, 404);
  });
});
