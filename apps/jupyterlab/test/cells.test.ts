// `%horus` in cells of a real JupyterLab.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { OPENED, whatIsMissing } from "./jupyter.ts";
import { picture, useLab } from "./lab.ts";
import { runCell, save, state } from "./panel.ts";

describe("%horus in cells", { skip: whatIsMissing() ?? false }, () => {
  const lab = useLab();

  it("takes %horus in a cell: requirements, lock and kernel", { timeout: 180_000 }, async () => {
    const cells = [
      '%horus requirements --add "humanize >= 4"',
      "%horus lock",
      "%horus set-kernel",
      "import humanize\nprint(humanize.intword(10**9))",
      "%horus lock --no-such-option",
      "%horus help",
    ];
    const path = lab().jupyter.write("magic.ipynb", cells, OPENED);
    await lab().opened("magic.ipynb", async (page) => {
      assert.match(await runCell(page, 0), /humanize/);
      assert.match(await runCell(page, 1), /lock +written into the notebook: \d+ packages/);
      assert.match(await runCell(page, 2), /the kernel magic takes over when this cell has ended/);
      await state(page, /All is well: \d+ packages, locked and installed in the kernel magic/);
      await page.getByText("Python (magic) | Idle").waitFor();
      assert.equal(await runCell(page, 3), "1.0 billion\n");
      assert.match(await runCell(page, 4), /UsageError.*unknown option/s);
      assert.match(await runCell(page, 5), /Usage: horus/);
      await picture(page, "11-magic");
      await save(page);
    });
    const { metadata } = JSON.parse(readFileSync(path, "utf8")) as { metadata: Record<string, unknown> };
    assert.match(String(metadata["requirements"]), /"humanize":">=4"/);
    assert.equal((metadata["kernelspec"] as { name: string }).name, "magic");
  });

  it("shows tables of %horus as such, and what is hostile in them as text", {
    timeout: 180_000,
  }, async () => {
    const hostile = '<img src=x onerror="window.hacked=1">';
    const packages = (names: object) =>
      JSON.stringify({ packages: names, "dev-packages": {}, source: [], requires: {} });
    lab().jupyter.write(
      "tables.ipynb",
      ["%horus lock", "%horus audit", "%horus status", "%horus status --json"],
      {
        ...OPENED,
        requirements: packages({ idna: "==3.4" }),
      },
    );
    await lab().opened("tables.ipynb", async (page) => {
      assert.match(await runCell(page, 0), /written into the notebook/);
      await runCell(page, 1);
      const output = (at: number) => page.locator(".jp-NotebookPanel:visible .jp-CodeCell").nth(at);
      const link = output(1).locator("table").getByRole("link").first();
      assert.match((await link.getAttribute("href")) ?? "", /^https:\/\//);
      await runCell(page, 2);
      assert.deepEqual(await output(2).locator("th").allTextContents(), [
        "package",
        "asked for",
        "locked",
        "installed",
      ]);
      await output(2).getByRole("cell", { name: "idna==3.4" }).waitFor();
      await picture(page, "19-tables");
      assert.equal((JSON.parse(await runCell(page, 3)) as { state: string }).state, "uninstalled");
      await save(page);
    });
    const saved = readFileSync(join(lab().jupyter.folder, "tables.ipynb"), "utf8");
    assert.match(saved, /"text\/html": \[/);
    assert.match(saved, /"text\/plain": \[/);
    lab().jupyter.write("hostile-table.ipynb", ["%horus check"], {
      ...OPENED,
      requirements: packages({ [hostile]: "*" }),
    });
    await lab().opened("hostile-table.ipynb", async (page) => {
      await runCell(page);
      const table = page.locator(".jp-NotebookPanel:visible .jp-CodeCell table");
      assert.ok((await table.textContent())?.includes(hostile));
      assert.equal(await table.locator("img").count(), 0);
      assert.equal(await page.evaluate("'hacked' in window"), false);
    });
  });

  it("lets %horus work on the file where no browser has the notebook", { timeout: 120_000 }, async () => {
    const cells = ["%load_ext thoth_jupyter", "%horus requirements --add idna"];
    const path = lab().jupyter.write("alone.ipynb", cells, OPENED);
    const body = { path: "alone.ipynb", name: "alone.ipynb", type: "notebook", kernel: { name: "python3" } };
    const headers = { authorization: `token ${lab().jupyter.token}` };
    const started = await fetch(`${lab().jupyter.url}api/sessions`, {
      method: "POST",
      body: JSON.stringify(body),
      headers,
    });
    const session = (await started.json()) as { id: string; kernel: { id: string } };
    const connection = join(lab().jupyter.folder, "..", "runtime", `kernel-${session.kernel.id}.json`);
    const program = `
from jupyter_client import BlockingKernelClient
client = BlockingKernelClient(connection_file=${JSON.stringify(connection)})
client.load_connection_file()
client.start_channels()
client.wait_for_ready()
for cell in ${JSON.stringify(cells)}:
    client.execute_interactive(cell)
`;
    const { stdout, stderr } = spawnSync(join(lab().bin, "python"), ["-c", program], { encoding: "utf8" });
    await fetch(`${lab().jupyter.url}api/sessions/${session.id}`, { method: "DELETE", headers });
    assert.ok(stdout.includes(`the file ${path} was changed`), stdout + stderr);
    assert.match(readFileSync(path, "utf8"), /idna/);
  });

  it("answers a cell once, and not when it has given up", async () => {
    const ask = async (mail: string, method: string, letter?: object) => {
      const body = letter === undefined ? null : JSON.stringify(letter);
      const headers = { authorization: `token ${lab().jupyter.token}` };
      return (await fetch(`${lab().jupyter.url}thoth/mail/${mail}`, { method, body, headers })).status;
    };
    const [taken, left] = ["a".repeat(32), "b".repeat(32)] as const;
    assert.equal(await ask(taken, "POST", { done: false }), 204);
    assert.equal(await ask(taken, "POST", { done: false }), 409);
    assert.equal(await ask(taken, "DELETE"), 409);
    assert.equal(await ask(taken, "POST", { done: true, status: 0, text: "" }), 204);
    assert.equal(await ask(left, "DELETE"), 204);
    assert.equal(await ask(left, "POST", { done: false }), 410);
  });
});
