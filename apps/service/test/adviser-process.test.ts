// A process that speaks the line protocol badly: whoever hears it goes on, and of what it tells no more is kept than fits.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { startOpenTelemetry } from "../src/tracing/open-telemetry.ts";
import { RunPhases } from "../src/tracing/run-phases.ts";
import { AdviserProcess, type Outcome } from "../src/worker/adviser-process.ts";
import { type CollectedSpan, type Collector, startCollector } from "./trace-collector.ts";

const ENDED = '{"id":"job-1","event":"ended","status":0,"text":"","document":{}}';
const MOST = 200;
const VERSION = "1.2.3";

const phase = {
  id: "job-1",
  event: "phase",
  number: 1,
  within: 0,
  name: "search",
  start: Date.now(),
  seconds: 0.01,
  attributes: {},
};

describe("a process that speaks badly", () => {
  const folder = mkdtempSync(join(tmpdir(), "thoth-bad-"));
  const program = join(folder, "program.mjs");
  let collector: Collector;
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    collector = await startCollector();
    process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url;
  });
  afterEach(async () => {
    delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
    await collector.close();
  });

  interface Heard {
    readonly outcome: Outcome;
    readonly around: CollectedSpan;
    readonly spans: readonly CollectedSpan[];
    readonly asked: string;
  }

  /** Asks a program that says these lines, and tells its phases as the worker does. */
  async function hear(lines: readonly (object | string)[], isTraced = true): Promise<Heard> {
    const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    const said = JSON.stringify([...texts, ENDED].join("\n"));
    const echo = 'said.replace("ASKED", Buffer.from(line).toString("base64"))';
    writeFileSync(
      program,
      `import { createInterface } from "node:readline";
const said = ${said};
createInterface({ input: process.stdin }).on("line", (line) => process.stdout.write(\`\${${echo}}\\n\`));
`,
    );
    const adviser = new AdviserProcess({
      command: [process.execPath, program],
      environment: {},
      time: 20_000,
      most: 10,
    });
    const tracing = startOpenTelemetry({
      version: VERSION,
      role: "worker",
      variables: {},
      failed: assert.fail,
    });
    const span = tracing.begin({ name: "resolve", kind: "internal", attributes: {} });
    const phases = new RunPhases();
    let asked = "";
    const outcome = await adviser.answer(
      { words: ["advise"], files: {} },
      {
        progress: () => undefined,
        line: (text) => {
          asked = Buffer.from(text, "base64").toString("utf8");
        },
        phase: isTraced ? (one) => phases.hear(one) : undefined,
        signal: new AbortController().signal,
      },
    );
    adviser.kill();
    phases.tell(span);
    span.end();
    await tracing.close();
    const around = await collector.find(({ name }) => name === "resolve");
    return { outcome, around, asked, spans: collector.spans.filter((one) => one !== around) };
  }

  it("is told to tell of its phases where somebody traces, and is not minded where nobody does", async () => {
    const asked = { id: "job-1", event: "message", text: "ASKED" };
    const traced = await hear([asked]);
    assert.equal(JSON.parse(traced.asked).trace, true);
    await collector.close();
    collector = await startCollector();
    process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url;
    const silent = await hear([asked, phase], false);
    assert.ok(!("trace" in JSON.parse(silent.asked)));
    assert.deepEqual(silent.spans, []);
  });

  it("has its answer heard between lines that say nothing", async () => {
    const { outcome, spans } = await hear([
      "no json",
      "null",
      "[]",
      { id: "job-1", event: "step", label: 3, done: "many", total: null, text: "", over: false },
      { id: "job-1", event: "message", text: { length: 1e9 } },
      { id: "job-1", event: "unheard-of" },
      { ...phase, number: "first" },
      { ...phase, number: -1 },
      { ...phase, within: null },
      { ...phase, start: "now" },
      { ...phase, seconds: -1 },
      { ...phase, attributes: [] },
      { ...phase, attributes: { outcome: { deep: true } } },
      { ...phase, name: "x".repeat(101) },
      { ...phase, name: "https://user:secret@example.com/simple" },
      { ...phase, attributes: { index: "https://user:secret@example.com/simple" } },
      { ...phase, failure: "a\nb" },
      { ...phase, id: "job-2" },
      '{"id":"job-1","event":"phase","number":1,"within":0,"name":"search","start":1e999,"seconds":1,"attributes":{}}',
    ]);
    assert.equal(outcome.kind, "result");
    assert.deepEqual(spans, []);
  });

  it("tells thousands of phases, of which some are kept", async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => ({ ...phase, number: at + 1 }));
    const { outcome, spans } = await hear(many);
    assert.equal(outcome.kind, "result");
    assert.equal(spans.length, MOST);
  });

  it("tells of times and places that cannot be, which are cut to those that can", async () => {
    const names = Array.from({ length: 500 }, (_, at) => [`name${"x".repeat(at % 40)}`, at] as const);
    const { around, spans } = await hear([
      { ...phase, number: 1, name: "before", start: 0, seconds: 1 },
      { ...phase, number: 2, name: "for ever", start: 0, seconds: 1e300 },
      { ...phase, number: 3, name: "later", start: 1e15, seconds: 1 },
      { ...phase, number: 4, name: "its own part", within: 4 },
      { ...phase, number: 5, name: "part of a later one", within: 6 },
      { ...phase, number: 6, name: "part of none", within: 77 },
      { ...phase, number: 7, name: "part", within: 2, start: 0, seconds: 1e300, failure: "limit-exceeded" },
      {
        ...phase,
        number: 8,
        name: "gossip",
        attributes: { "error.type": 1, "Bad Name": 1, ...Object.fromEntries(names) },
      },
    ]);
    assert.deepEqual(
      spans.map(({ name }) => name),
      [
        "before",
        "for ever",
        "later",
        "its own part",
        "part of a later one",
        "part of none",
        "part",
        "gossip",
      ],
    );
    const nanoseconds = ({ startTimeUnixNano, endTimeUnixNano }: CollectedSpan) =>
      [BigInt(startTimeUnixNano), BigInt(endTimeUnixNano)] as const;
    const [start, end] = nanoseconds(around);
    for (const span of spans) {
      const [from, until] = nanoseconds(span);
      assert.ok(start <= from && from <= until && until <= end, span.name);
    }
    const whole = spans.find(({ name }) => name === "for ever") as CollectedSpan;
    const part = spans.find(({ name }) => name === "part") as CollectedSpan;
    assert.equal(part.parentSpanId, whole.spanId);
    assert.equal(part.attributes["error.type"], "limit-exceeded");
    for (const span of spans) if (span !== part) assert.equal(span.parentSpanId, around.spanId, span.name);
    const attributes = Object.keys(spans.at(-1)?.attributes ?? {});
    assert.ok(attributes.length <= 20 && attributes.every((name) => name.startsWith("thoth.run.")));
  });
});
