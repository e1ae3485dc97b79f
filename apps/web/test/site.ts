// The real service with its pages, and a real browser that looks at them.

import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { type StartedService, startService } from "@thoth/service/testing";
import type { IndexServer } from "@thoth/testkit";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { startProjects } from "./projects.ts";

const PICTURES = fileURLToPath(new URL("../../../.cache/pictures/", import.meta.url));

/** Why there can be no such test here; undefined where there can. */
export function whatIsMissing(): string | undefined {
  return browserPath() === undefined ? "Chromium is missing" : undefined;
}

function browserPath(): string | undefined {
  return [process.env["THOTH_CHROMIUM"], "/usr/bin/chromium"].find(
    (path) => path !== undefined && existsSync(path),
  );
}

export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
  /** Before the page is opened. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** Questions of the tests come from one address, and fast. */
const GENEROUS = { THOTH_ANONYMOUS_RATE: "5000,5000", THOTH_ANONYMOUS_QUESTION_RATE: "500,500" };

export class Site {
  readonly service: StartedService;
  readonly index: IndexServer;
  readonly #browser: Browser;

  private constructor(service: StartedService, index: IndexServer, browser: Browser) {
    this.service = service;
    this.index = index;
    this.#browser = browser;
  }

  static async start(): Promise<Site> {
    mkdirSync(PICTURES, { recursive: true });
    const index = await startProjects();
    const opened: (() => Promise<unknown>)[] = [() => index.close()];
    try {
      const service = await startService({ words: ["--index-url", index.indexUrl], variables: GENEROUS });
      opened.unshift(() => service.stop());
      const browser = await chromium.launch({ executablePath: browserPath() as string });
      return new Site(service, index, browser);
    } catch (error) {
      // What stays open keeps the tests from ending.
      for (const close of opened) await close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.service.stop();
    await this.index.close();
  }

  address(path: string): string {
    return new URL(path, this.service.url).href;
  }

  /** Opens a page of the service. Whatever is done there: nothing throws, no other host is asked, no policy is broken. */
  async opened(path: string, work: (page: Page) => Promise<void>, opening: Opening = {}): Promise<void> {
    const { width = 1200, height = 900, isDark = false, prepare } = opening;
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: isDark ? "dark" : "light",
      acceptDownloads: true,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const wrong: string[] = [];
    page.on("pageerror", ({ stack = "" }) => wrong.push(stack));
    page.on("console", (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) wrong.push(message.text());
    });
    page.on("request", (request) => {
      const { protocol, host } = new URL(request.url());
      if (/^(?:https?|wss?):$/.test(protocol) && host !== new URL(this.service.url).host)
        wrong.push(`asked another host: ${request.url()}`);
    });
    try {
      await prepare?.(page);
      await page.goto(this.address(path));
      // React draws after the page is loaded: keys pressed before that go nowhere.
      await page.locator("main").waitFor();
      await work(page);
      assert.deepEqual(wrong, []);
    } catch (error) {
      await picture(page, `failed-${path.replace(/[^\w.-]/g, "-")}`);
      if (wrong.length > 0) throw new Error(`the page: ${wrong[0]}`, { cause: error });
      throw error;
    } finally {
      await context.close();
    }
  }

  /** Asks without a page; the name of the advice. */
  async ask(content: string, more: object = {}): Promise<string> {
    const response = await fetch(this.address("/api/v2/advice"), {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "wait=30" },
      body: JSON.stringify({ project: { content, form: "requirements" }, ...TARGET, ...more }),
    });
    assert.ok(response.ok, await response.text());
    return response.headers.get("x-thoth-job") as string;
  }
}

/** The same answer wherever the tests run. */
export const TARGET = {
  environment: { pythonVersion: "3.11", platform: "linux" },
  recommendationType: "security",
};

/** For the tests of a suite. */
export function useSite(): () => Site {
  let site: Site | undefined;
  before(
    async () => {
      site = await Site.start();
    },
    { timeout: 120_000 },
  );
  after(() => site?.close());
  return () => site as Site;
}

export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `web-${name}.png`), animations: "disabled", fullPage });
}

/** What axe finds, of any weight. */
export async function faults(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axe.source);
  const { violations, passes } = (await page.evaluate("axe.run(document)")) as {
    passes: unknown[];
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  assert.ok(passes.length > 10, "axe looked at next to nothing");
  return violations.map(({ id, nodes }) => [
    id,
    nodes.map(({ html, failureSummary }) => [html, failureSummary]),
  ]);
}

/** Pixels by which the page is wider than the window. */
export async function excess(page: Page): Promise<number> {
  return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

export async function heading(page: Page, text: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: text }).waitFor({ timeout: 60_000 });
}
