// What is done to an open notebook and to the panel beside it, and what is waited for.

import type { Page } from "playwright-core";

/** Runs a cell, and gives the text of its first output. */
export async function runCell(page: Page, at = 0): Promise<string> {
  const cell = page.locator(".jp-NotebookPanel:visible .jp-CodeCell").nth(at);
  // What is run before there is a kernel is lost. The toolbar may hide its sign, the status bar does not.
  await page.getByText(/ \| Idle$/).waitFor({ timeout: 60_000 });
  await cell.locator(".cm-content").click();
  await page.keyboard.press("Shift+Enter");
  const output = cell.locator(".jp-OutputArea-output").first();
  await output.waitFor({ timeout: 60_000 });
  return (await output.textContent()) ?? "";
}

/** Waits until the panel says what came of an action. */
export function outcome(page: Page, text: string | RegExp): Promise<void> {
  return page.locator(".thoth-outcome", { hasText: text }).waitFor({ timeout: 120_000 });
}

/** Clicks a button of the panel. */
export function click(page: Page, name: string | RegExp): Promise<void> {
  return page.locator(".thoth-panel").getByRole("button", { name }).click();
}

/** Waits until the panel's first line says this. */
export function state(page: Page, text: RegExp): Promise<void> {
  return page.locator(".thoth-state").filter({ hasText: text }).waitFor({ timeout: 60_000 });
}

/** Saves, and waits until it is done. A kernel that gets ready meanwhile writes into the notebook, which is saved once more. */
export async function save(page: Page): Promise<void> {
  for (let left = 5; ; left--) {
    await page.keyboard.press("Control+s");
    try {
      return void (await page.waitForFunction(isSaved, undefined, { timeout: 6_000 }));
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

const isSaved = "document.querySelector('.jp-mod-dirty') === null";
