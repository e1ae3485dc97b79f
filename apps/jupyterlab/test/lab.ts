// One JupyterLab and one browser for the tests of a file.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before } from "node:test";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import {
  installJupyter,
  type Jupyter,
  OPENED,
  openBrowser,
  openPanel,
  PICTURES,
  startJupyter,
} from "./jupyter.ts";

export interface Opening {
  /** Another one than the suite's. */
  readonly server?: Jupyter;
  /** Before the notebook is opened. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export class Lab {
  /** Programs of the environment. */
  readonly bin: string;
  readonly jupyter: Jupyter;
  readonly browser: Browser;
  /** An index that takes requests and never answers. */
  readonly #silence: Server;

  private constructor(bin: string, jupyter: Jupyter, browser: Browser, silence: Server) {
    this.bin = bin;
    this.jupyter = jupyter;
    this.browser = browser;
    this.#silence = silence;
  }

  static async start(): Promise<Lab> {
    const bin = installJupyter();
    const [jupyter, browser] = await Promise.all([startJupyter(bin, "lab"), openBrowser()]);
    const silence = createServer().listen(0, "127.0.0.1");
    await once(silence, "listening");
    return new Lab(bin, jupyter, browser, silence);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.#silence.closeAllConnections();
    this.#silence.close();
    await this.jupyter.close();
  }

  /** Opens a notebook with the panel beside it; what fails leaves a picture. */
  async opened(
    name: string,
    work: (page: Page) => Promise<void>,
    { server = this.jupyter, prepare }: Opening = {},
  ): Promise<void> {
    const page = await this.browser.newPage({ viewport: { width: 1300, height: 900 } });
    const thrown: string[] = [];
    page.on("pageerror", ({ stack = "" }) => thrown.push(stack));
    try {
      await prepare?.(page);
      await openPanel(page, server, `lab/tree/${encodeURIComponent(name)}`);
      await work(page);
    } catch (error) {
      await picture(page, `failed-${name.replace(/[^\w.-]/g, "-")}`);
      if (thrown.length > 0) throw new Error(`the page threw: ${thrown[0]}`, { cause: error });
      throw error;
    } finally {
      await page.close();
    }
  }

  /** Metadata of a notebook whose requirements come from an index that never answers. */
  get waiting(): object {
    const { port } = this.#silence.address() as AddressInfo;
    const requirements = JSON.stringify({
      packages: { six: "*" },
      "dev-packages": {},
      source: [{ name: "silent", url: `http://127.0.0.1:${port}/simple/`, verify_ssl: true }],
      requires: {},
    });
    return { ...OPENED, requirements };
  }

  /** Process numbers of the server's resident process: at most one. */
  get residents(): readonly number[] {
    const words = ["-P", String(this.jupyter.process.pid), "-f", "cli.cjs resident"];
    const { stdout } = spawnSync("pgrep", words, { encoding: "utf8" });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map(Number);
  }

  killResident(): void {
    const [pid, ...others] = this.residents;
    assert.ok(pid !== undefined && others.length === 0);
    process.kill(pid, "SIGKILL");
  }
}

/** For the tests of a suite. */
export function useLab(): () => Lab {
  let lab: Lab | undefined;
  before(
    async () => {
      lab = await Lab.start();
    },
    { timeout: 600_000 },
  );
  after(() => lab?.close());
  return () => lab as Lab;
}

export async function picture(page: Page, name: string): Promise<void> {
  // What moves has arrived.
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled" });
}

/** What axe finds serious or critical in the panel. */
export async function graveFaults(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axe.source);
  const { violations, passes } = (await page.evaluate("axe.run('.thoth-panel')")) as {
    passes: unknown[];
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  assert.ok(passes.length > 10, "axe looked at next to nothing");
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
