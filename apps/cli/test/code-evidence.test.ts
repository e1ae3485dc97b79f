// What the code of a notebook uses decides which release is advised: through the command, with wheels at an index.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildWheel, startIndex } from "@thoth/testkit";
import { documentOf, notebookText, openWorkshop, type Workshop } from "./workshop.ts";

const OLD = "def fit(data, affinity='x'):\n    return data\n\ndef load():\n    return 1\n";
const NEW = "def fit(data, metric='x'):\n    return data\n";
const FRAME = "class Frame:\n    def __getattr__(self, name):\n        return self[name]\n";

describe("what code uses", () => {
  let shop: Workshop;
  let places: readonly string[];
  let index: Awaited<ReturnType<typeof startIndex>>;
  const name = "analysis.ipynb";

  before(async () => {
    shop = await openWorkshop();
    const release = (version: string, text: string) =>
      buildWheel({ name: "seaborn", version, files: { "seaborn/__init__.py": text } });
    index = await startIndex({
      projects: {
        seaborn: {
          files: [
            release("1.0", OLD),
            release("1.1", `${OLD}\ndef more():\n    pass\n`),
            ...["2.0", "2.1", "2.2", "2.3"].map((version) => release(version, NEW)),
          ],
        },
        pandas: {
          files: [
            buildWheel({
              name: "pandas",
              version: "1.0",
              files: { "pandas/__init__.py": `${FRAME}    def append(self, other):\n        return self\n` },
            }),
            ...["1.9", "1.9.1", "1.9.2", "1.9.3", "2.0", "3.0rc1"].map((version) =>
              buildWheel({ name: "pandas", version, files: { "pandas/__init__.py": FRAME } }),
            ),
          ],
        },
        bokeh: {
          files: ["2.4.3", "3.0.0"].map((version) =>
            buildWheel({
              name: "bokeh",
              version,
              files: {
                "bokeh/__init__.py": "",
                "bokeh/plotting.py": "def figure(**properties):\n    return properties\n",
              },
            }),
          ),
        },
        setuptools: {
          files: [
            buildWheel({
              name: "setuptools",
              version: "81.0",
              files: { "setuptools/__init__.py": "", "pkg_resources/__init__.py": "" },
            }),
            buildWheel({ name: "setuptools", version: "82.0", files: { "setuptools/__init__.py": "" } }),
          ],
        },
        ipykernel: { files: [buildWheel({ name: "ipykernel", version: "7.0" })] },
      },
    });
    places = ["--index-url", index.indexUrl];
  });
  after(async () => {
    await index.close();
    await shop.close();
  });

  async function lock(code: readonly string[], ...words: readonly string[]) {
    shop.write(name, notebookText(code));
    const type = words.includes("--recommendation-type") ? [] : ["--recommendation-type", "stable"];
    const result = await shop.run("horus", ["lock", name, "--json", ...type, ...words, ...places], {
      bare: true,
    });
    assert.equal(result.status, 0, result.stderr);
    const answer = documentOf(result, "horus lock") as { packages: { name: string; version: string }[] };
    const versions = new Map(answer.packages.map((item) => [item.name, item.version]));
    return { versions, version: versions.get("seaborn"), said: result.stderr.replace(/\s+/g, " ") };
  }

  it("is a reason for the newest release that has it", async () => {
    const { version, said } = await lock(["import seaborn as s\n", "x = 1\ns.fit([1], affinity='y')"]);
    assert.equal(version, "1.1");
    assert.match(
      said,
      /cell 2, line 2, passes affinity= to seaborn\.fit, which does not take it in seaborn 2\.3/,
    );
    const plain = await lock(["import seaborn\n", "seaborn.fit([1])"]);
    assert.equal(plain.version, "2.3");
  });

  it("is a reason on every machine, in one lock for several", async () => {
    const several = ["--environment", "default"];
    const { version, said } = await lock(
      ["import seaborn as s\n", "x = 1\ns.fit([1], affinity='y')"],
      ...several,
    );
    assert.equal(version, "1.1");
    assert.equal(said.match(/passes affinity= to seaborn\.fit/g)?.length, 1);
    const code = ["from bokeh.plotting import figure\n", "x = 1\nfigure(plot_width=300)"];
    const ruled = await lock(code, ...several);
    assert.equal(ruled.versions.get("bokeh"), "2.4.3");
    assert.match(ruled.said, /code bokeh 2\.4\.3, by a rule about cell 2, line 2/);
  });

  it("is looked at once: what was found is kept by the file, and the answer is the same offline", async () => {
    const code = ["from seaborn import load\n", "load()"];
    const first = await lock(code);
    assert.equal(first.version, "1.1");
    const asked = index.requests.length;
    const again = await lock(["# another cell\n", ...code], "--offline");
    assert.equal(again.version, "1.1");
    assert.match(again.said, /cell 2, line 1, uses seaborn\.load, which seaborn 2\.3 does not have/);
    assert.equal(index.requests.length, asked);
  });

  it("is told where no release has all of it, and the newest is taken", async () => {
    const { version, said } = await lock(["import seaborn\n", "seaborn.nowhere()"]);
    assert.equal(version, "2.3");
    assert.match(said, /cell 2, line 1, uses seaborn\.nowhere, which seaborn 2\.3 does not have/);
  });

  it("does not matter where it is guarded, or to a type that wants the newest", async () => {
    const guarded = ["import seaborn\n", "try:\n    seaborn.load()\nexcept AttributeError:\n    pass"];
    assert.equal((await lock(guarded)).version, "2.3");
    const newest = await lock(["import seaborn\n", "seaborn.load()"], "--recommendation-type", "latest");
    assert.equal(newest.version, "2.3");
  });

  it("is what objects offer, where an older release shows that it left, and not what they may hold", async () => {
    const { versions, said } = await lock(["import pandas as pd\n", "x = 1\npd.Frame().append(pd.Frame())"]);
    assert.equal(versions.get("pandas"), "1.0");
    assert.match(said, /cell 2, line 2, uses pandas\.Frame\.append, which pandas 2\.0 does not have/);
    const column = await lock(["import pandas as pd\n", "pd.Frame().append, pd.Frame().never()"]);
    assert.equal(column.versions.get("pandas"), "2.0");
  });

  it("is what an older release had, whatever pre-releases there are", async () => {
    const code = ["import pandas as pd\n", "df = pd.Frame()\n", "df.append(1)\n"];
    const wanted = ["--recommendation-type", "latest", "--objective", "breakage, lag(direct), lag(rest)"];
    const { versions } = await lock(code, ...wanted);
    assert.equal(versions.get("pandas"), "1.0");
  });

  it("is a module that its package had before", async () => {
    const { versions, said } = await lock(["import pkg_resources\n"]);
    assert.equal(versions.get("setuptools"), "81.0");
    assert.match(said, /cell 1, line 1, imports pkg_resources, which setuptools 82\.0 does not have/);
    const guarded = ["try:\n    import pkg_resources\nexcept ImportError:\n    pass\nimport setuptools"];
    assert.equal((await lock(guarded)).versions.get("setuptools"), "82.0");
  });

  it("is named by its place where a rule speaks of it", async () => {
    const { versions, said } = await lock([
      "from bokeh.plotting import figure\n",
      "x = 1\nfigure(plot_width=300)",
    ]);
    assert.equal(versions.get("bokeh"), "2.4.3");
    assert.match(said, /code bokeh 2\.4\.3, by a rule about cell 2, line 2: The code passes `plot_width=`/);
    const wide = await lock(["from bokeh.plotting import figure\n", "figure(width=300)"]);
    assert.equal(wide.versions.get("bokeh"), "3.0.0");
    assert.doesNotMatch(wide.said, /by a rule/);
  });

  it("is why another release is passed over", async () => {
    shop.write(name, notebookText(["import seaborn\n", "seaborn.load()"]));
    const words = ["why", name, "seaborn", "--recommendation-type", "stable", ...places];
    const result = await shop.run("horus", words, { bare: true });
    assert.equal(result.status, 0, result.stderr);
    assert.match(result.stdout, /2\.3 is passed over: cell 2, line 1, uses seaborn\.load/);
  });

  it("writes nothing but the lock into the notebook", async () => {
    await lock(["import seaborn\n", "seaborn.load()"]);
    const { cells } = JSON.parse(readFileSync(join(shop.folder, name), "utf8")) as { cells: unknown[] };
    assert.equal(cells.length, 2);
  });
});
