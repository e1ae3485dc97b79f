// `--as-of auto` with real repositories, on an index whose releases have dates.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  buildWheel,
  type CommandResult,
  type IndexServer,
  type Offer,
  runCommand,
  startIndex,
} from "@thoth/testkit";
import { codeOf, documentOf, notebookText } from "./workshop.ts";

const home = mkdtempSync(join(tmpdir(), "thoth-past-"));
let index: IndexServer;

function offer(name: string, version: string, day: string, requires: readonly string[] = []): Offer {
  return { artifact: buildWheel({ name, version, requires: [...requires] }), uploadTime: `${day}T00:00:00Z` };
}

before(async () => {
  index = await startIndex({
    projects: {
      numpy: [
        offer("numpy", "1.16.0", "2019-01-14"),
        offer("numpy", "1.19.0", "2020-06-20"),
        offer("numpy", "2.0.0", "2024-06-16"),
      ],
      matplotlib: [
        offer("matplotlib", "3.1.1", "2020-09-02", ["numpy"]),
        offer("matplotlib", "3.9.0", "2024-05-16"),
      ],
      // What the kernel needs came later than the kernel.
      ipykernel: [
        offer("ipykernel", "4.6", "2015-01-01", ["comm"]),
        offer("ipykernel", "5.1.1", "2019-06-01", ["backcall"]),
      ],
      comm: [offer("comm", "0.1", "2015-01-01")],
      "ipython-genutils": [offer("ipython-genutils", "0.2.0", "2017-03-13")],
      backcall: [offer("backcall", "0.2.0", "2022-06-09")],
    },
  });
});
after(async () => {
  await index.close();
  rmSync(home, { recursive: true, force: true });
});

interface Past {
  readonly dated: string | null;
  readonly chosen: string;
  readonly as_of: string;
  readonly python: string;
  readonly because: readonly string[];
  readonly tried: readonly {
    readonly kind: string;
    readonly python: string;
    readonly as_of: string | null;
    readonly against: readonly string[];
    readonly runs?: boolean;
  }[];
  readonly vulnerabilities: readonly { readonly package: string; readonly id: string }[];
}

/** Of a Python that no longer has what old code of it used. */
const LATER = { language_info: { name: "python", version: "3.8.5" } };
const REPORT = { language_info: { name: "python", version: "3.7.3" } };

function makeFolder(name: string, text: string): string {
  const folder = join(home, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "a.ipynb"), text);
  return folder;
}

function lock(folder: string, ...words: readonly string[]): Promise<CommandResult> {
  const all = ["lock", "a.ipynb", "--as-of", "auto", "--json", "--index-url", index.indexUrl, ...words];
  return runCommand("horus", all, { home, cwd: folder });
}

function pastOf(result: CommandResult): Past & { readonly pins: Readonly<Record<string, string>> } {
  assert.equal(result.status, 0, result.stderr);
  const { past, packages } = documentOf(result, "horus lock") as unknown as {
    past: Past;
    packages: readonly { name: string; version: string }[];
  };
  return { ...past, pins: Object.fromEntries(packages.map(({ name, version }) => [name, version])) };
}

const ADVISORY = {
  id: "PYSEC-2021-1",
  summary: "x",
  modified: "2021-01-01T00:00:00Z",
  affected: [
    {
      package: { ecosystem: "PyPI", name: "numpy" },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "1.22" }] }],
    },
  ],
};

/** The beginning of a picture as matplotlib draws it, in base64. */
function picture(): string {
  const text = Buffer.from("Software\0Matplotlib version3.1.1, https://matplotlib.org/", "latin1");
  const size = Buffer.alloc(4);
  size.writeUInt32BE(text.length);
  const head = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([head, size, Buffer.from("tEXt"), text, Buffer.alloc(4)]).toString("base64");
}

const GONE = "import time\ntime.clock()\n";
const kinds = ({ tried }: Past): string[] =>
  tried.map(({ kind, python, against }) => `${kind} ${python} ${against.length}`);

describe("horus lock --as-of auto", { concurrency: 2 }, () => {
  it("takes the newest where nothing is known against it, and keeps the lock", async () => {
    const folder = makeFolder("newest", notebookText(["import numpy\n"], REPORT));
    const past = pastOf(await lock(folder, "--python-version", "3.11"));
    assert.equal(past.chosen, "newest");
    assert.equal(past.dated, "2023-04-24T23:59:59Z");
    assert.deepEqual(kinds(past), ["newest 3.11 0"]);
    assert.equal(past.pins["numpy"], "2.0.0");
    const again = await lock(folder, "--python-version", "3.11");
    assert.deepEqual(pastOf(again).tried, []);
    assert.equal((again.json as { changed: boolean }).changed, false);
    assert.deepEqual(kinds(pastOf(await lock(folder, "--python-version", "3.11", "--force"))), kinds(past));
  });

  it("goes on to the notebook's Python where its code needs an older one", async () => {
    const folder = makeFolder("python", notebookText(["import numpy\n", GONE], REPORT));
    const past = pastOf(await lock(folder));
    assert.equal(past.chosen, "newest-for-python");
    assert.deepEqual(kinds(past).at(-1), "newest-for-python 3.7 0");
    assert.match(past.tried[0]?.against[0] ?? "", /^cell 2, line 2, has `time\.clock`.* 3\.8$/);
    assert.equal(past.dated, "2019-03-25T23:59:59Z");
    assert.equal(past.pins["numpy"], "2.0.0");
  });

  it("goes on to its time where none is without fault; the kernel has a date of its own", async () => {
    const folder = makeFolder("time", notebookText([`import numpy\n${GONE}`], LATER));
    const past = pastOf(await lock(folder));
    assert.equal(past.chosen, "of-its-time");
    assert.deepEqual(kinds(past).at(-1), "of-its-time 3.8 1");
    assert.ok(past.tried.every(({ against }) => against.length === 1));
    assert.equal(past.as_of, "2020-07-20T23:59:59Z");
    assert.equal(past.pins["numpy"], "1.19.0");
    assert.equal(past.pins["ipykernel"], "5.1.1");
    assert.equal(past.pins["backcall"], "0.2.0");
    // It does not say that it needs it; a rule does.
    assert.equal(past.pins["ipython-genutils"], "0.2.0");
  });

  it("is no date before a version that a picture shows, and names what is known against the packages", async () => {
    const document = JSON.parse(notebookText([`import matplotlib\n${GONE}`], LATER));
    const data = { "image/png": picture() };
    document.cells[0].outputs = [{ output_type: "display_data", metadata: {}, data }];
    const folder = makeFolder("picture", JSON.stringify(document));
    writeFileSync(join(folder, "advisory.json"), JSON.stringify(ADVISORY));
    const past = pastOf(await lock(folder, "--advisories", "advisory.json"));
    assert.equal(past.dated, "2020-09-02T23:59:59Z");
    assert.equal(past.pins["matplotlib"], "3.1.1");
    const known = past.vulnerabilities.map((one) => [one.package, one.id]);
    assert.deepEqual(known, [["numpy", "PYSEC-2021-1"]]);
  });

  it("tries older Pythons of this machine where nothing tells, and no Python 2", async () => {
    const silent = makeFolder("silent", notebookText(["import numpy\n"]));
    const past = pastOf(await lock(silent));
    assert.equal(past.dated, null);
    assert.equal(past.chosen, "newest");
    const mapping = notebookText(["import collections\ncollections.Mapping\n"]);
    const { tried } = pastOf(await lock(makeFolder("mapping", mapping)));
    for (const { python, against } of tried)
      assert.equal(against.length, Number(python.split(".")[1]) >= 10 ? 1 : 0, python);
    const two = { language_info: { name: "python", version: "2.7.12" } };
    const printing = notebookText(["print 1\n"], two);
    assert.equal(codeOf(await lock(makeFolder("old", printing))), "interpreter-not-found");
    const plain = pastOf(await lock(makeFolder("three", notebookText(["print(1)\n"], two))));
    assert.equal(plain.chosen, "newest");
    const words = ["lock", "requirements.in", "--as-of", "auto", "--json", "--index-url", index.indexUrl];
    writeFileSync(join(silent, "requirements.in"), "numpy\n");
    assert.equal(codeOf(await runCommand("thoth", words, { home, cwd: silent })), "usage");
  });

  it("refuses to try what it cannot", async () => {
    const folder = makeFolder("options", notebookText(["1\n"]));
    for (const words of [
      ["--try", "--platform", "win_amd64"],
      ["--cell-timeout", "5"],
      ["--try", "--cell-timeout", "soon"],
    ])
      assert.equal(codeOf(await lock(folder, ...words)), "usage");
    const dated = ["lock", "a.ipynb", "--try", "--json", "--as-of", "2020-01-01"];
    assert.equal(codeOf(await runCommand("horus", dated, { home, cwd: folder })), "usage");
  });

  it("chooses for thoth lock as well", async () => {
    const folder = makeFolder("thoth", notebookText([`import numpy\n${GONE}`], REPORT));
    const words = ["lock", "a.ipynb", "--as-of", "auto", "--json", "--index-url", index.indexUrl];
    const result = await runCommand("thoth", words, { home, cwd: folder });
    assert.equal(result.status, 0, result.stderr);
    const { packages } = documentOf(result, "thoth lock") as {
      packages: { name: string; version: string }[];
    };
    const pins = packages.map(({ name, version }) => `${name} ${version}`);
    assert.deepEqual(pins, ["numpy 2.0.0"]);
    assert.match(result.stderr, /chosen {6}the newest packages with Python 3\.7/);
  });
});

const hasGit = spawnSync("git", ["--version"]).status === 0;

describe("the history of a notebook", { skip: !hasGit && "git is not on this machine" }, () => {
  const folder = join(home, "repository");
  const git = (day: string, ...words: readonly string[]): void => {
    const dates = { GIT_AUTHOR_DATE: `${day}T12:00:00Z`, GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z" };
    const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
    const options = { cwd: folder, encoding: "utf8", env: { ...process.env, ...dates } } as const;
    const done = spawnSync("git", [...identity, ...words], options);
    assert.equal(done.status, 0, done.stderr);
  };
  const commit = (day: string, name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
    git(day, "add", ".");
    git(day, "commit", "-q", "-m", day);
  };

  it("is that of its code, across what changed outputs, metadata and its name alone", async () => {
    mkdirSync(folder);
    git("2018-01-01", "init", "-q", "-b", "main");
    const kernelspec = { name: "x", display_name: "X", language: "python" };
    commit("2018-02-01", "b ä.ipynb", notebookText(["import numpy\n", "1\n"], REPORT));
    commit("2020-07-01", "b ä.ipynb", notebookText(["import numpy\n", "2\n"], REPORT));
    commit("2023-01-01", "b ä.ipynb", notebookText(["import numpy\n", "2\n"], { ...REPORT, kernelspec }));
    renameSync(join(folder, "b ä.ipynb"), join(folder, "a.ipynb"));
    git("2024-01-01", "add", "-A");
    git("2024-01-01", "commit", "-q", "-m", "renamed");
    const past = pastOf(await lock(folder));
    assert.equal(past.dated, "2020-07-01T23:59:59Z");
    assert.deepEqual(past.because, [
      "the last commit that changed its code is on 2020-07-01",
      "its kernel's own report says Python 3.7.3",
    ]);
  });

  it("tells nothing where the code was changed since, or the clone is shallow", async () => {
    writeFileSync(join(folder, "a.ipynb"), notebookText(["import numpy\n", "3\n"], REPORT));
    assert.equal(pastOf(await lock(folder)).dated, "2019-03-25T23:59:59Z");
    git("2024-02-01", "checkout", "-q", "--", ".");
    const shallow = join(home, "shallow");
    const done = spawnSync("git", ["clone", "-q", "--depth", "1", `file://${folder}`, shallow]);
    assert.equal(done.status, 0, String(done.stderr));
    assert.equal(pastOf(await lock(shallow)).dated, "2019-03-25T23:59:59Z");
  });
});
