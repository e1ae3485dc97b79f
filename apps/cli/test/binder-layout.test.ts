import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type Pylock, pylockFromJson } from "@thoth/pep";
import { binderLayout, writeBinder } from "../src/notebook/binder-layout.ts";

interface Made {
  readonly environment?: string;
  readonly python?: string;
}

function lockOf(packages: Readonly<Record<string, readonly string[]>>, made: Made = {}): Pylock {
  return pylockFromJson({
    "lock-version": "1.0",
    "created-by": "test",
    environments: [made.environment ?? "python_version == '3.11'"],
    "requires-python": made.python ?? "==3.11.*",
    packages: Object.entries(packages).map(([name, needs]) => ({
      name,
      version: "1.0",
      index: "https://pypi.org/simple/",
      dependencies: needs.map((need) => ({ name: need })),
      wheels: [
        {
          name: `${name}-1.0-py3-none-any.whl`,
          url: `https://files.example.org/${name}-1.0-py3-none-any.whl`,
          hashes: { sha256: "0".repeat(64) },
        },
      ],
    })),
  });
}

const namesOf = (requirements: string): string[] =>
  [...requirements.matchAll(/^([\w-]+)==/gm)].map(([, name]) => name as string);

describe("the layout for Binder", () => {
  it("leaves out the server and what it alone needs, and keeps what the code needs too", () => {
    const lock = lockOf({
      jupyterlab: ["tornado", "jinja2"],
      tornado: [],
      jinja2: ["markupsafe"],
      markupsafe: [],
      pandas: ["numpy"],
      numpy: [],
      bokeh: ["jinja2", "notebook"],
      notebook: ["jupyterlab"],
    });
    const layout = binderLayout(lock, new Set(["jupyterlab", "pandas", "bokeh"]));
    assert.deepEqual(namesOf(layout.requirements), ["jinja2", "markupsafe", "pandas", "numpy", "bokeh"]);
    assert.deepEqual(layout.leftOut, ["jupyterlab", "tornado", "notebook"]);
    assert.equal(layout.runtime, "python-3.11\n");
    assert.ok(namesOf(binderLayout(lock, new Set(["tornado"])).requirements).includes("tornado"));
  });

  it("is refused for another platform or Python than Binder has", () => {
    const windows = { environment: "python_version == '3.11' and sys_platform == 'win32'" };
    for (const made of [windows, { python: "==3.7.*" }, { python: "==3.15.*" }])
      assert.throws(() => binderLayout(lockOf({ six: [] }, made), new Set()), {
        code: "no-matching-artifact",
      });
    const wide = lockOf({ six: [] }, { python: ">=3.9" });
    assert.throws(() => binderLayout(wide, new Set()), { code: "invalid-lock" });
  });

  it("goes into the folder that there is, and into no third one", async () => {
    const root = mkdtempSync(join(tmpdir(), "thoth-binder-"));
    after(() => rmSync(root, { recursive: true, force: true }));
    const layout = binderLayout(lockOf({ six: [] }), new Set());
    const paths = [join(root, "binder", "requirements.txt"), join(root, "binder", "runtime.txt")];
    assert.deepEqual((await writeBinder(root, layout)).paths, paths);
    assert.deepEqual((await writeBinder(join(root, "binder"), layout)).paths, paths);
    mkdirSync(join(root, ".binder"));
    await assert.rejects(writeBinder(root, layout), { code: "invalid-project" });
  });
});
