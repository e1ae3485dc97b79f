// The resident process as an editor's server has it: a child that is spoken to in lines of JSON.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { documents, findViolations, residentEvent } from "@thoth/contract";
import { notebookText, openWorkshop, type Workshop } from "./workshop.ts";

interface Event {
  readonly id: string | null;
  readonly event: "step" | "message" | "phase" | "ended" | "refused";
  readonly status?: number;
  readonly document?: Record<string, unknown> | null;
  readonly documents?: Readonly<Record<string, string>>;
  readonly label?: string;
  readonly over?: boolean;
  readonly name?: string;
  readonly number?: number;
  readonly within?: number;
  readonly start?: number;
  readonly seconds?: number;
  readonly failure?: string;
  readonly message?: string;
  readonly text?: string;
  readonly blocks?: readonly { readonly kind: string; readonly [member: string]: unknown }[];
}

interface Answer extends Event {
  readonly before: readonly Event[];
}

class Resident {
  readonly child: ChildProcess;
  readonly #waiting = new Map<string | null, (answer: Answer) => void>();
  readonly #heard = new Map<string | null, Event[]>();
  #next = 0;

  constructor(home: string) {
    const place = process.env["THOTH_FROM_SOURCE"] === "1" ? "../src/main.ts" : "../dist/cli.cjs";
    const entry = fileURLToPath(new URL(place, import.meta.url));
    const environment = {
      PATH: process.env["PATH"],
      HOME: home,
      TMPDIR: home,
      XDG_CACHE_HOME: join(home, "cache"),
      XDG_DATA_HOME: join(home, "data"),
      XDG_CONFIG_HOME: join(home, "config"),
      JUPYTER_DATA_DIR: join(home, "jupyter"),
    };
    this.child = spawn(process.execPath, [entry, "resident"], {
      cwd: home,
      env: environment,
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on("line", (line) =>
      this.#hear(line),
    );
  }

  #hear(line: string): void {
    const event = JSON.parse(line) as Event;
    assert.deepEqual(findViolations(residentEvent, event), [], line);
    const heard = this.#heard.get(event.id) ?? [];
    heard.push(event);
    this.#heard.set(event.id, heard);
    if (event.event !== "ended" && event.event !== "refused") return;
    this.#waiting.get(event.id)?.({ ...event, before: heard });
    this.#waiting.delete(event.id);
  }

  say(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** What comes of the next line whose answer has the id. */
  answer(id: string | null): Promise<Answer> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  run(
    words: readonly string[],
    open?: Readonly<Record<string, string>>,
    more: object = {},
  ): { id: string; answer: Promise<Answer> } {
    const id = `run-${this.#next++}`;
    const answer = this.answer(id);
    const request = { id, call: "run", program: "horus", words, ...(open && { documents: open }), ...more };
    this.say(JSON.stringify(request));
    return { id, answer };
  }

  async close(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once("exit", resolve));
    this.child.stdin?.end();
    return ended;
  }
}

/** An index that takes requests and never answers. */
async function startSilence(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function codeOf({ document }: Answer): string {
  assert.deepEqual(findViolations(documents.error, document), []);
  return (document as { error: { code: string } }).error.code;
}

describe("the resident process", () => {
  let shop: Workshop;
  let resident: Resident;
  let silence: Awaited<ReturnType<typeof startSilence>>;
  before(async () => {
    shop = await openWorkshop();
    silence = await startSilence();
    resident = new Resident(shop.home);
  });
  after(async () => {
    resident.child.kill();
    silence.close();
    await shop.close();
  });
  const lock = (path: string) => [
    "lock",
    path,
    "--json",
    "--as-of",
    "2026-01-31",
    "--index-url",
    shop.index.indexUrl,
  ];

  it("locks an open notebook and leaves the disk alone", async () => {
    const path = join(shop.folder, "open.ipynb");
    const text = notebookText(["import numpy\n"]);
    const answer = await resident.run(lock(path), { [path]: text }).answer;
    assert.equal(answer.status, 0);
    assert.deepEqual(findViolations(documents["horus lock"], answer.document), []);
    assert.ok(!existsSync(path));
    const { metadata } = JSON.parse(answer.documents?.[path] ?? "") as { metadata: Record<string, unknown> };
    assert.equal(metadata["dependency_resolution_engine"], "thoth");
    const steps = answer.before.filter(({ event }) => event === "step");
    assert.ok(steps.some(({ label, over }) => label === "resolve" && over === true));
    // What was handed back is up to date, as a file would be.
    const again = await resident.run(lock(path), answer.documents).answer;
    assert.deepEqual([again.status, again.documents, again.document?.["changed"]], [0, {}, false]);
  });

  it("tells tables as such beside their text, and hostile names in them as text", async () => {
    const path = join(shop.folder, "told.ipynb");
    const kernelspec = { name: "a\u001b[31mb", display_name: "x", language: "python" };
    const text = notebookText(["import numpy"], { kernelspec });
    const told = await resident.run(["status", path], { [path]: text }).answer;
    assert.deepEqual(told.blocks, [
      { kind: "text", text: told.text?.split("\n")[0] },
      {
        kind: "table",
        headings: ["package", "asked for", "locked", "installed"],
        rows: [["numpy", "numpy", "", ""]],
      },
    ]);
    assert.match(told.text ?? "", /^package +asked for +locked +installed\nnumpy +numpy\n$/m);
    const check = await resident.run(["check", path], { [path]: text }).answer;
    assert.match(JSON.stringify(check.blocks), /a\\\\u001b\[31mb/);
    const document = await resident.run(["status", path, "--json"], { [path]: text }).answer;
    assert.deepEqual(document.blocks, []);
  });

  it("reads no settings of the folder in which it began", async () => {
    const settings = join(shop.home, ".thoth.yaml");
    writeFileSync(settings, 'runtime_environments: [{name: a, python_version: "3.10"}]\n');
    const path = shop.write("requirements.in", "alpha\n");
    const { document } = await resident.run(lock(path), undefined, { program: "thoth" }).answer;
    rmSync(settings);
    assert.deepEqual(findViolations(documents["thoth lock"], document), []);
    const { environment } = document as { environment: Record<string, string> };
    assert.notEqual(environment["python_version"], "3.10");
  });

  it("works on several at once, open ones and files", async () => {
    const file = shop.write("file.ipynb", notebookText(["import alpha\n"]));
    const before = readFileSync(file, "utf8");
    const open = Object.fromEntries(
      ["one", "two", "three"].map((name) => [
        join(shop.folder, `${name}.ipynb`),
        notebookText(["import beta\n"]),
      ]),
    );
    const runs = [...Object.keys(open), file].map((path) => resident.run(lock(path), open));
    const answers = await Promise.all(runs.map(({ answer }) => answer));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [0, 0, 0, 0],
    );
    for (const [at, path] of Object.keys(open).entries())
      assert.deepEqual(Object.keys(answers[at]?.documents ?? {}), [path]);
    assert.deepEqual(answers[3]?.documents, {});
    assert.notEqual(readFileSync(file, "utf8"), before);
  });

  it("tells what the parts of a run took to who asks for it, and to nobody else", async () => {
    const path = shop.write("requirements.txt", "alpha\n");
    const words = ["lock", path, "--json", "--as-of", "2026-01-31", "--index-url", shop.index.indexUrl];
    const ask = async (more: object) => {
      const began = Date.now();
      const { before } = await resident.run(words, undefined, { program: "thoth", ...more }).answer;
      return { began, phases: before.filter(({ event }) => event === "phase") };
    };
    for (const more of [{}, { trace: false }]) assert.deepEqual((await ask(more)).phases, []);
    const { began, phases } = await ask({ trace: true });
    const over = Date.now() + 1;
    const inOrder = phases.toSorted((a, b) => Number(a.number) - Number(b.number));
    assert.deepEqual(
      inOrder.map(({ number }) => number),
      inOrder.map((_, at) => at + 1),
    );
    const names = inOrder.flatMap(({ within, name }) => (within === 0 ? [name] : []));
    assert.deepEqual([names[0], names.at(-1)], ["read project", "keep what was read"]);
    assert.ok(names.includes("search"));
    for (const [at, { start = 0, seconds = 0 }] of inOrder.entries()) {
      assert.ok(start >= Math.max(began, inOrder[at - 1]?.start ?? 0));
      assert.ok(start + seconds * 1_000 <= over);
    }
    writeFileSync(path, "alpha==99\n");
    const failed = (await ask({ trace: true })).phases.filter(({ failure }) => failure !== undefined);
    assert.deepEqual(
      failed.map(({ name }) => name),
      ["search"],
    );
  });

  it("tells a failure as a document", async () => {
    const path = join(shop.folder, "failing.ipynb");
    const text = notebookText(["import numpy\n"], { language_info: { name: "R" } });
    const answer = await resident.run(lock(path), { [path]: text }).answer;
    assert.deepEqual([answer.status, codeOf(answer)], [2, "unsupported-language"]);
  });

  it("ends a run that is cancelled, and no other", async () => {
    const path = join(shop.folder, "slow.ipynb");
    const text = notebookText(["import numpy\n"]);
    const { id, answer } = resident.run(
      ["lock", path, "--json", "--index-url", silence.url, "--timeout", "300"],
      { [path]: text },
    );
    const other = resident.run(["version", "--json"]).answer;
    setTimeout(() => resident.say(JSON.stringify({ id, call: "cancel" })), 300);
    const cancelled = await answer;
    assert.equal(cancelled.status, 130);
    assert.equal(codeOf(cancelled), "interrupted");
    assert.deepEqual(cancelled.documents, {});
    assert.equal((await other).status, 0);
  });

  it("refuses lines that are no requests, and lives on", async () => {
    const lines = [
      "no json",
      "[]",
      '{"id":"a b","call":"run","program":"horus","words":[]}',
      '{"id":"x","call":"run","program":"rm","words":["-rf"]}',
      '{"id":"x","call":"run","program":"horus","words":["version"],"documents":{"/a":1}}',
      '{"__proto__":{"id":"x"},"call":"cancel"}',
    ];
    for (const line of lines) {
      const refused = resident.answer(null);
      resident.say(line);
      assert.equal((await refused).event, "refused", line);
    }
    assert.equal((await resident.run(["version", "--json"]).answer).status, 0);
  });

  it("ends with its input, and what it did with it", async () => {
    const path = join(shop.folder, "left.ipynb");
    void resident.run(["lock", path, "--index-url", silence.url], {
      [path]: notebookText(["import numpy\n"]),
    });
    assert.equal(await resident.close(), 0);
  });
});
