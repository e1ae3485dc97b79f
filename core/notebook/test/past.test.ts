import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { choosePast, type Notebook, type PastEvidence, parseNotebook, pastEvidence } from "@thoth/notebook";
import { ThothError } from "@thoth/pep";
import { readEntry, readOracle } from "./oracle.ts";

interface Made {
  readonly metadata?: object;
  readonly cell?: object;
  readonly source?: string;
  readonly outputs?: readonly object[];
}

function evidenceOf({ metadata = {}, cell = {}, source = "1", outputs = [] }: Made): PastEvidence {
  const document = {
    cells: [{ cell_type: "code", execution_count: 1, metadata: cell, outputs, source: [source] }],
    metadata,
    nbformat: 4,
    nbformat_minor: 4,
  };
  return pastEvidence(parseNotebook(JSON.stringify(document)));
}

const stream = (text: string | readonly string[]): object => ({
  output_type: "stream",
  name: "stdout",
  text,
});
const versionsOf = (made: Made): string[] =>
  evidenceOf(made).versions.map(({ name, version }) => `${name} ${version}`);
const pythonsOf = (made: Made): string[] => evidenceOf(made).pythons.map(({ version }) => version);
const datesOf = (made: Made): string[] =>
  evidenceOf(made).dates.map(({ seconds }) => new Date(seconds * 1000).toISOString().slice(0, 19));

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  return Buffer.concat([head, Buffer.from(type, "latin1"), data, Buffer.alloc(4)]);
}

function picture(...chunks: readonly Buffer[]): object {
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const png = Buffer.concat([signature, chunk("IHDR", Buffer.alloc(13)), ...chunks]);
  return { output_type: "display_data", metadata: {}, data: { "image/png": png.toString("base64") } };
}

describe("the evidence of a notebook", () => {
  it("is the Python of its kernel, of what it printed, and of its kernel's name, in this order", () => {
    const kernelspec = { name: "conda_python3.6", display_name: "Python 3.6 (tf)" };
    const language_info = { name: "python", version: "3.8.12+" };
    const source = "import sys\nprint(sys.version)";
    const outputs = [stream("3.7.3 (default, Mar 27 2019, 22:11:17) \n[GCC 7.3.0]\n")];
    const all = pythonsOf({ metadata: { kernelspec, language_info }, source, outputs });
    assert.deepEqual(all, ["3.8.12", "3.7.3", "3.6", "3.6"]);
    assert.deepEqual(pythonsOf({ source, outputs }), ["3.7.3"]);
    for (const [name, display_name] of [
      ["python3", "Python 3"],
      ["env", "torch 1.13.3.7"],
    ])
      assert.deepEqual(pythonsOf({ metadata: { kernelspec: { name, display_name } } }), []);
  });

  it("is when Jupyter, Colab and others ran its cells", () => {
    const execution = {
      "iopub.execute_input": "2021-03-01T10:00:00.5Z",
      "shell.execute_reply": "2021-03-01T10:00:02Z",
    };
    assert.deepEqual(datesOf({ cell: { execution } }), ["2021-03-01T10:00:02"]);
    const executionInfo = { timestamp: 1_584_000_000_123 };
    assert.deepEqual(datesOf({ cell: { executionInfo } }), ["2020-03-12T08:00:00"]);
    const ExecuteTime = { end_time: "2018-06-01T09:30:00.5", start_time: "2018-06-01T09:00:00" };
    assert.deepEqual(datesOf({ cell: { ExecuteTime } }), ["2018-06-01T09:30:00"]);
    const papermill = { start_time: "2020-01-01T00:00:00", end_time: "2020-01-02T00:00:00" };
    assert.deepEqual(datesOf({ metadata: { papermill } }), ["2020-01-02T00:00:00"]);
    for (const odd of [
      { execution: { a: "yesterday" } },
      { executionInfo: { timestamp: 12 } },
      { ExecuteTime: 7 },
    ])
      assert.deepEqual(datesOf({ cell: odd }), []);
  });

  it("is the release of matplotlib that drew a picture", () => {
    for (const said of [
      "Matplotlib version3.3.2, https://matplotlib.org/",
      "matplotlib version 2.1.0, http://x",
    ]) {
      const text = chunk("tEXt", Buffer.from(`Software\0${said}`, "latin1"));
      const version = /[\d.]*\d/.exec(said)?.[0];
      assert.deepEqual(versionsOf({ outputs: [picture(text), picture(text)] }), [`matplotlib ${version}`]);
    }
    const others = [
      chunk("tEXt", Buffer.from("Software\0gnuplot", "latin1")),
      chunk("IDAT", Buffer.alloc(10)),
    ];
    const broken = { output_type: "display_data", metadata: {}, data: { "image/png": "iVBORw0KGgo=" } };
    assert.deepEqual(
      versionsOf({ outputs: [picture(...others), picture(Buffer.alloc(3, 255)), broken] }),
      [],
    );
  });

  it("is what pip, `__version__` and %watermark printed", () => {
    const pip = stream([
      "Collecting x\n",
      "Successfully installed Pillow-7.1.2 ruamel.yaml-0.16 typing-extensions-3.7.4.2\n",
    ]);
    const installed = ["Pillow 7.1.2", "ruamel.yaml 0.16", "typing-extensions 3.7.4.2"];
    assert.deepEqual(versionsOf({ outputs: [pip] }), installed);
    const data = { "text/plain": ["'2.3.0rc1'"] };
    const result = { output_type: "execute_result", metadata: {}, execution_count: 1, data };
    const attribute = "import tensorflow as tf\ntf.__version__";
    assert.deepEqual(versionsOf({ source: attribute, outputs: [result] }), ["tensorflow 2.3.0rc1"]);
    for (const [printing, text, versions] of [
      ["print(np.__version__)", "1.18.5\n", ["numpy 1.18.5"]],
      ["print(a.__version__, b.__version__)", "1.0 2.0", []],
      ["1 / 3", "0.333 1.18.5\n", []],
    ] as const)
      assert.deepEqual(versionsOf({ source: printing, outputs: [stream(text)] }), versions);
    const source = "%load_ext watermark\n%watermark -v -p numpy,sklearn";
    const outputs = [stream("CPython 3.6.4\nIPython 6.2.1\n\nnumpy 1.14.0\nsklearn 0.19.1\n")];
    assert.deepEqual(versionsOf({ source, outputs }), ["IPython 6.2.1", "numpy 1.14.0", "sklearn 0.19.1"]);
    assert.deepEqual(pythonsOf({ source, outputs }), ["3.6.4"]);
  });
});

const at = (text: string): number => Date.parse(`${text}T12:00:00Z`) / 1000;
const now = at("2026-11-20");
const none = { dates: [], pythons: [], versions: [] };
const python = (version: string) => ({ ...none, pythons: [{ version, source: "its kernel" }] });
const dated = (evidence: PastEvidence, more: object = {}): readonly [string, readonly string[]] | string => {
  const outcome = choosePast(evidence, { now, ...more });
  if (outcome.kind !== "past") return outcome.kind;
  return [new Date(outcome.past.seconds * 1000).toISOString().slice(0, 10), outcome.past.pythons];
};

describe("the date of a notebook", () => {
  it("is that of its runs, else of its code, else of its Python", () => {
    const run = { seconds: at("2021-03-01"), source: "its runs" };
    const changed = { seconds: at("2021-05-01"), source: "its code" };
    assert.deepEqual(dated({ ...python("3.8.5"), dates: [run] }, { changed }), ["2021-03-01", ["3.8"]]);
    assert.deepEqual(dated(python("3.8.5"), { changed }), ["2021-05-01", ["3.8", "3.9"]]);
    assert.deepEqual(dated(python("3.7.9")), ["2020-08-17", ["3.7", "3.8"]]);
    const ofTime = ["3.9", "3.8", "3.7", "3.6", "3.5", "3.4", "3.3"];
    assert.deepEqual(dated(none, { changed }), ["2021-05-01", ofTime]);
    assert.equal(dated(none), "none");
    assert.equal(dated(python("2.7.12")), "python-2");
  });

  it("is not before packages had wheels for its Python, nor before what it shows, nor after today", () => {
    const changed = { seconds: at("2018-07-01"), source: "its code" };
    assert.deepEqual(dated(python("3.7.0"), { changed }), ["2018-12-27", ["3.7"]]);
    const uploads = [
      { seconds: at("2019-02-01"), source: "x" },
      { seconds: at("2019-01-01"), source: "y" },
    ];
    assert.deepEqual(dated(python("3.7.0"), { changed, uploads }), ["2019-02-01", ["3.7"]]);
    assert.deepEqual(dated(none, { uploads })[0], "2019-02-01");
    assert.deepEqual(dated(python("3.14.0"), { now: at("2025-11-01") }), ["2025-11-01", ["3.14"]]);
    assert.deepEqual(dated(python("3.7.99")), ["2023-06-06", ["3.7", "3.8", "3.9", "3.10", "3.11"]]);
  });

  it("is told why, in words", () => {
    const changed = { seconds: at("2018-07-01"), source: "the last commit" };
    const outcome = choosePast(python("3.7.0"), { changed, now });
    assert.deepEqual(outcome.kind === "past" && outcome.past.because, [
      "the last commit is on 2018-07-01",
      "its kernel says Python 3.7.0",
      "packages had wheels for Python 3.7 half a year after its release",
    ]);
  });
});

const data = process.env["THOTH_DATA"] ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const folder = join(data, "notebooks");

it("real notebooks tell a Python, a date and a version in such shares", {
  skip: existsSync(folder) ? false : "notebooks is not in the folder that THOTH_DATA names",
}, (test) => {
  const counts = { notebooks: 0, python: 0, date: 0, version: 0, dated: 0 };
  for (const entry of readOracle(folder)) {
    let notebook: Notebook;
    try {
      notebook = readEntry(folder, entry);
    } catch (error) {
      if (error instanceof ThothError) continue;
      throw error;
    }
    const evidence = pastEvidence(notebook);
    counts.notebooks++;
    counts.python += Number(evidence.pythons.length > 0);
    counts.date += Number(evidence.dates.length > 0);
    counts.version += Number(evidence.versions.length > 0);
    counts.dated += Number(choosePast(evidence, { now }).kind === "past");
  }
  test.diagnostic(JSON.stringify(counts));
  assert.ok(counts.python >= 37 && counts.version >= 3 && counts.dated >= 35, JSON.stringify(counts));
});
