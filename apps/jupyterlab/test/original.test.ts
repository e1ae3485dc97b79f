// Notebooks as the original wrote them, in each form that it had: what they hold is shown, locked again, and readable by the
// original's rules.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { dataFolder } from "@thoth/testkit";
import type { Page } from "playwright-core";
import { OPENED, whatIsMissing } from "./jupyter.ts";
import { useLab } from "./lab.ts";
import { click, outcome, save, state } from "./panel.ts";

const missing = whatIsMissing();
const reader = fileURLToPath(new URL("original-reader.py", import.meta.url));

interface Read {
  readonly engine: string;
  readonly requirements: Readonly<Record<string, unknown>>;
  readonly locked: Readonly<Record<string, string>>;
  readonly config: unknown;
  readonly kernel: string;
}

function readAsOriginal(path: string): Read {
  const { status, stdout, stderr } = spawnSync("python3", [reader, path], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Read;
}

const SOURCE = [{ name: "pypi", url: "https://pypi.org/simple", verify_ssl: true }];
const PIPFILE = {
  packages: { six: "*" },
  "dev-packages": { idna: { version: ">=3", markers: "python_version >= '3.6'" } },
  source: SOURCE,
  requires: { python_version: "3.8" },
};
const LOCK = {
  _meta: {
    sources: SOURCE,
    requires: { python_version: "3.8" },
    hash: { sha256: "0".repeat(64) },
    "pipfile-spec": 6,
  },
  default: {
    six: { version: "==1.16.0", hashes: [`sha256:${"0".repeat(64)}`], index: "pypi" },
    idna: { version: "==3.4", hashes: [`sha256:${"1".repeat(64)}`], markers: "python_version >= '3.5'" },
  },
  develop: {},
};
const CONFIG = {
  host: "khemenu.thoth-station.ninja",
  tls_verify: true,
  requirements_format: "pipenv",
  runtime_environments: [
    {
      name: "python3",
      operating_system: { name: "ubi", version: "8" },
      python_version: "3.8",
      recommendation_type: "latest",
      platform: "linux-x86_64",
    },
  ],
};

describe("a notebook of the original", { skip: missing ?? false }, () => {
  const lab = useLab();

  async function lockedAgain(name: string, look: (page: Page) => Promise<void>): Promise<Read> {
    await lab().opened(name, async (page) => {
      await look(page);
      await page.getByText("More options").click();
      await page.getByLabel("Engine").selectOption("thoth");
      await click(page, "Lock only");
      await outcome(page, /packages locked\.|^Changed: /);
      await state(page, /brings a lock of \d+ packages from https/);
      await save(page);
    });
    return readAsOriginal(join(lab().jupyter.folder, name));
  }

  const forms: readonly (readonly [name: string, metadata: object])[] = [
    [
      "text",
      {
        dependency_resolution_engine: "thoth",
        requirements: JSON.stringify(PIPFILE),
        requirements_lock: JSON.stringify(LOCK),
        thoth_config: JSON.stringify(CONFIG),
        thoth_analysis_id: "adviser-211126111333-f64f84273bc96a28",
      },
    ],
    [
      "text-of-text",
      {
        dependency_resolution_engine: "pipenv",
        requirements: JSON.stringify(JSON.stringify({ ...PIPFILE, requires: {} })),
        requirements_lock: JSON.stringify(LOCK),
        thoth_analysis_id: "",
      },
    ],
    [
      "object",
      {
        dependency_resolution_engine: "thoth",
        requirements: { ...PIPFILE, requires: {} },
        requirements_lock: LOCK,
      },
    ],
  ];
  for (const [form, metadata] of forms) {
    it(`is read and written: ${form}`, { timeout: 90_000 }, async () => {
      const name = `${form}.ipynb`;
      lab().jupyter.write(name, ["import six"], { ...OPENED, ...metadata });
      const found = await lockedAgain(name, async (page) => {
        await state(page, /has a lock of 2 packages that names no files/);
        await page.getByRole("row", { name: /six.*1\.16\.0/ }).waitFor();
        await page.getByRole("row", { name: /idna.*3\.4/ }).waitFor();
      });
      assert.deepEqual(found.requirements, { ...PIPFILE.packages, ...PIPFILE["dev-packages"] });
      assert.ok("six" in found.locked && "idna" in found.locked && "ipykernel" in found.locked);
      assert.equal(found.engine, "thoth");
      assert.deepEqual(found.config, form === "text" ? CONFIG : null);
      assert.equal(found.kernel, "python3");
    });
  }

  it("is read and written: jupyter-nbrequirements, without a lock", { timeout: 90_000 }, async () => {
    const { packages, "dev-packages": development, source } = PIPFILE;
    const requirements = {
      aliases: {},
      "dev-packages": development,
      packages,
      requires: {},
      sources: source,
    };
    lab().jupyter.write("older.ipynb", ["import six"], { ...OPENED, requirements });
    const found = await lockedAgain("older.ipynb", (page) => state(page, /This notebook has no lock/));
    assert.deepEqual(found.requirements, { ...packages, ...development });
  });

  const real = join(dataFolder(), "notebooks", "files");
  const published = [
    {
      path: "AICoE+elyra-aidevsecops-tutorial/notebooks/neural-magic-torch-mnist/convert_model_to_onnx.ipynb",
      says: /has a lock of 10 packages that names no files/,
      row: /numpy.*1\.21\.2/,
      requirements: { torch: "*", boto3: "*", numpy: "*" },
    },
    {
      path: "thoth-station+jupyterlab-requirements/tests/data/requirements-notebook.ipynb",
      says: /This notebook has no lock/,
      row: /boto3/,
      requirements: { boto3: "*" },
    },
  ];
  for (const [at, { path, says, row, requirements }] of published.entries()) {
    const from = join(real, path);
    const skip = existsSync(from) ? false : "the notebooks of THOTH_DATA are missing";
    it(`is read and written: ${path}`, { timeout: 180_000, skip }, async () => {
      const name = `real-${at}.ipynb`;
      copyFileSync(from, join(lab().jupyter.folder, name));
      const found = await lockedAgain(name, async (page) => {
        const select = page.getByRole("dialog").getByRole("button", { name: /^Select/ });
        if (await select.isVisible()) await select.click();
        await state(page, says);
        await page.getByRole("row", { name: row }).waitFor();
      });
      assert.deepEqual(found.requirements, requirements);
      for (const one of Object.keys(requirements)) assert.ok(one in found.locked);
    });
  }
});
