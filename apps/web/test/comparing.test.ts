// Two advices side by side, what is known of a package, and what strangers may have written.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runCommand } from "@thoth/testkit";
import type { Page } from "playwright-core";
import { pylockText } from "../src/report/lock-files.ts";
import type { Lock } from "../src/report/model.ts";
import { OLD_PINS } from "./projects.ts";
import { excess, faults, heading, picture, useSite, whatIsMissing } from "./site.ts";

describe("looking things up", { skip: whatIsMissing() ?? false }, () => {
  const site = useSite();

  it("compares two advices of the service", { timeout: 90_000 }, async () => {
    const [before, after] = [
      await site().ask(OLD_PINS),
      await site().ask("flask\nrequests\njinja2\npyyaml\n"),
    ];
    await site().opened(`/advice/${after}`, async (page) => {
      await heading(page, /^Advice/);
      await page.getByRole("link", { name: "Compare", exact: true }).last().click();
      await heading(page, "Two advices side by side");
      await page
        .getByRole("group", { name: "Before" })
        .getByLabel("Name of an advice")
        .fill(site().address(`/advice/${before}`));
      await page.getByRole("button", { name: "Compare" }).click();
      await page
        .locator(".answer")
        .filter({ hasText: /\d+ packages differ/ })
        .waitFor();
      await page.getByRole("row", { name: /^flask 1\.1\.2 3\.0\.3/ }).waitFor();
      assert.equal(new URL(page.url()).search, `?before=${before}&after=${after}`);
      await picture(page, "compare", true);
    });
  });

  it("compares reports out of files, which are sent to nobody", { timeout: 90_000 }, async () => {
    const reports = await Promise.all(
      [OLD_PINS, "flask\nrequests\n"].map(async (content) => {
        const id = await site().ask(content);
        return await (await fetch(site().address(`/api/v2/jobs/${id}/result`))).text();
      }),
    );
    await site().opened("/compare", async (page) => {
      const asked: string[] = [];
      page.on("request", (request) => {
        if (request.url().includes("/api/")) asked.push(request.url());
      });
      for (const [at, side] of ["Before", "After"].entries())
        await page.getByLabel(`Report: ${side}`).setInputFiles({
          name: `${side}.json`,
          mimeType: "application/json",
          buffer: Buffer.from(reports[at] as string),
        });
      await page.getByText("After.json").waitFor();
      await page.getByRole("button", { name: "Compare" }).click();
      await page
        .locator(".answer")
        .filter({ hasText: /Between Before\.json and After\.json/ })
        .waitFor();
      await page.getByRole("row", { name: /^pyyaml .* gone/ }).waitFor();
      assert.deepEqual(asked, []);
      await page
        .getByLabel("Report: Before")
        .setInputFiles({ name: "no.json", mimeType: "application/json", buffer: Buffer.from("{}") });
      await page.getByRole("alert").filter({ hasText: "no.json is no report of advice" }).waitFor();
    });
  });

  it("shows a report out of a file, with the front of two levels", { timeout: 120_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), "thoth-web-"));
    try {
      const old = await site().ask(OLD_PINS);
      const report = (await (await fetch(site().address(`/api/v2/jobs/${old}/result`))).json()) as {
        readonly products: readonly { readonly lock: Lock }[];
      };
      writeFileSync(join(home, "requirements.txt"), "flask\nrequests\njinja2\npyyaml\n");
      writeFileSync(join(home, "pylock.toml"), pylockText(report.products[0]?.lock as Lock));
      const words = [
        "advise",
        "requirements.txt",
        "--lock",
        "pylock.toml",
        "--index-url",
        site().index.indexUrl,
        "--json",
      ];
      const where = ["--python-version", "3.11", "--platform", "linux", "--recommendation-type", "security"];
      const done = await runCommand(
        "thoth",
        [...words, ...where, "--pareto", "vulnerability(all), lag(direct)"],
        { home },
      );
      assert.equal(done.status, 0, done.stderr + done.stdout);
      const file = { name: "own.json", mimeType: "application/json", buffer: Buffer.from(done.stdout) };
      for (const [width, isDark] of [
        [1200, false],
        [360, true],
      ] as const) {
        const work = async (page: Page) => {
          await page.getByLabel("Report", { exact: true }).setInputFiles(file);
          await page.locator(".answer").filter({ hasText: "known vulnerabilities" }).waitFor();
          await page
            .getByRole("heading", { name: /^The trade-off between vulnerability\(all\) and lag\(direct\)/ })
            .waitFor();
          await page.getByRole("heading", { name: "What you have, by the same measure" }).waitFor();
          assert.deepEqual(await faults(page), []);
          assert.equal(await excess(page), 0);
          await picture(page, `own-report-${width}`, true);
        };
        await site().opened("/report", work, { width, isDark });
      }
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it("shows what strangers wrote as text, and leads nowhere but into the web", {
    timeout: 90_000,
  }, async () => {
    const id = await site().ask("flask==1.1.2\n");
    const hostile = (document: {
      products: { packages: { justification: object[] }[]; stackInfo: object[] }[];
    }) => {
      const package_name = "flask";
      const message = '<img src=x onerror="window.hit=1"> \u202egnp.exe';
      const links = [
        "javascript:window.hit=1",
        "data:text/html,x",
        "https://user:word@example.org/",
        "https://example.org/x",
      ];
      document.products[0]?.packages[0]?.justification.push(
        ...links.map((link, at) => ({ type: "WARNING", message: `${message} ${at}`, link, package_name })),
      );
      return document;
    };
    const prepare = async (page: Page) =>
      await page.route("**/result", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: hostile(await response.json()) });
      });
    await site().opened(
      `/advice/${id}`,
      async (page) => {
        await heading(page, /^Advice/);
        await page.getByText("<img src=x").first().waitFor();
        await page.getByText("\\u202egnp.exe").first().waitFor();
        assert.equal(await page.evaluate("window.hit"), undefined);
        assert.equal(await page.locator("main img").count(), 0);
        const outside = page.locator('#page a[target="_blank"]');
        for (const link of await outside.all()) {
          assert.match((await link.getAttribute("href")) ?? "", /^https?:\/\/(?!user)/);
          assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
        }
        assert.equal(await outside.filter({ hasText: "example.org" }).count(), 1);
      },
      { prepare },
    );
  });

  it("finds packages, and tells what is known of one", { timeout: 60_000 }, async () => {
    await site().opened("/packages", async (page) => {
      await page.getByLabel("Part of a name").fill("flask");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("link", { name: "flask", exact: true }).click();
      await heading(page, "flask");
      await page.getByRole("heading", { level: 2, name: "Known vulnerabilities" }).waitFor();
      await page
        .getByRole("link", { name: /^(?:CVE|GHSA|PYSEC)-/ })
        .first()
        .waitFor();
      await picture(page, "package", true);
    });
  });

  it("plots measurements with their intervals", { timeout: 60_000 }, async () => {
    const place = { indicator: "matmul", environment: "Linux x86_64, 8 processors, Python 3.11" };
    const measured = (version: string, metric: string, median: number, low: number, high: number) => ({
      ...{
        ...place,
        version,
        metric,
        unit: metric === "rate" ? "GFLOP/s" : "ms",
        higherIsBetter: metric === "rate",
      },
      ...{ median, interval: [low, high], noisy: version === "1.26.4" },
    });
    const measurements = [
      measured("2.1.0", "rate", 61.2, 60.1, 62.4),
      measured("1.26.4", "rate", 48.9, 31, 60.3),
      measured("2.1.0", "import", 92.25, 91.8, 93),
      measured("1.26.4", "import", 118.4, 117.2, 121.9),
    ];
    const prepare = async (page: Page) =>
      await page.route("**/api/v2/packages/flask", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), measurements } });
      });
    for (const width of [1200, 360])
      await site().opened(
        "/packages/flask",
        async (page) => {
          await page.getByRole("img", { name: "2.1.0: 61.2 GFLOP/s, from 60.1 to 62.4" }).waitFor();
          await page.getByText("noisy: differences may be chance").first().waitFor();
          assert.deepEqual(await faults(page), []);
          assert.equal(await excess(page), 0);
          await picture(page, `measurements-${width}`, true);
        },
        { prepare, width },
      );
  });

  it("tells how the service does", { timeout: 30_000 }, async () => {
    await site().opened("/status", async (page) => {
      await page
        .locator(".answer")
        .filter({ hasText: /worker/ })
        .waitFor();
      await picture(page, "status");
    });
  });
});
