// One trace from a request to its result, through real processes; and silence where no collector is named.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { type IndexServer, missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { openDatabase } from "../src/database/open-database.ts";
import { questionOf, startSmallIndex } from "./offered-projects.ts";
import {
  type StartedProcess,
  type StartedService,
  startService,
  startWorkerProcess,
} from "./start-service.ts";
import { type CollectedSpan, type Collector, startCollector } from "./trace-collector.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
/** https://opentelemetry.io/docs/specs/otlp/: kinds by number. */
const [INTERNAL, SERVER, PRODUCER, CONSUMER] = [1, 2, 4, 5];
const ERROR = 2;
const SECRET = "hush-hush-hush";

/** Of a question that is answered, in order. */
const PHASES = [
  "read project",
  "describe target",
  "load engine",
  "open advisories",
  "open rules",
  "open indexes",
  "open evidence",
  "read what was kept",
  "search",
  "name what was read",
  "try loosenings",
  "fetch hashes",
  "keep what was read",
  "justify",
  "write report",
];

interface Asking {
  readonly number: number;
  readonly content?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

describe("traces", { skip: missingPostgres() }, () => {
  let index: IndexServer;
  let postgres: PostgresServer;
  let collector: Collector;
  let data: string;
  let place: string;

  before(async () => {
    index = await startSmallIndex();
    postgres = await startPostgres();
    data = mkdtempSync(join(tmpdir(), "thoth-traces-"));
  });
  beforeEach(async () => {
    collector = await startCollector();
    place = postgres.createDatabase();
  });
  after(async () => {
    await index?.close();
    await postgres?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  async function run(
    variables: Readonly<Record<string, string>>,
    work: (service: StartedService, worker: StartedProcess) => Promise<void>,
    folder = data,
  ): Promise<void> {
    const options = { data: folder, words: ["--database", place, "--index-url", index.indexUrl], variables };
    const service = await startService(options);
    const worker = await startWorkerProcess(options);
    try {
      await work(service, worker);
    } finally {
      await worker.stop();
      await service.stop();
      await collector.close();
    }
  }

  async function ask(
    { url }: StartedService,
    { number, content, headers = {}, query = "" }: Asking,
  ): Promise<Response> {
    return await fetch(`${url}/api/v2/advice${query}`, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "wait=30", ...headers },
      body: JSON.stringify(
        content === undefined
          ? questionOf(number)
          : { ...questionOf(number), project: { content, form: "requirements" } },
      ),
    });
  }

  const exporting = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: "100" });

  it("has one trace from the request to the written result, below the caller's own span", async () => {
    await run(
      { ...exporting(), OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test" },
      async (service, worker) => {
        const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };
        const answer = await ask(service, { number: 1, headers });
        assert.equal(answer.status, 200);
        const named = (name: string) => collector.find((one) => one.name === name && one.traceId === TRACE);
        const request = await named("POST /api/v2/advice");
        const sent = await named("send advice");
        const job = await named("process advice");
        const resolved = await named("resolve");
        const written = await named("write result");
        assert.deepEqual(
          [request, sent, job, resolved, written].map(({ parentSpanId, kind }) => [parentSpanId, kind]),
          [
            [PARENT, SERVER],
            [request.spanId, PRODUCER],
            [sent.spanId, CONSUMER],
            [job.spanId, INTERNAL],
            [job.spanId, INTERNAL],
          ],
        );
        const id = answer.headers.get("x-thoth-job");
        assert.deepEqual(
          [sent, job].map(({ attributes }) => attributes["messaging.message.id"]),
          [id, id],
        );
        assert.equal(request.attributes["http.request.method"], "POST");
        assert.equal(request.attributes["http.route"], "/api/v2/advice");
        assert.equal(request.attributes["url.path"], "/api/v2/advice");
        assert.equal(request.attributes["http.response.status_code"], 200);
        assert.equal(job.attributes["thoth.job.outcome"], "done");
        assert.ok(within(resolved, job) && within(written, job));
        assert.equal(request.resource["service.name"], "thoth-serve");
        assert.equal(job.resource["service.name"], "thoth-worker");
        assert.equal(job.resource["deployment.environment.name"], "test");
        const told = [...service.lines, ...worker.lines].filter(({ message }) =>
          /^(?:request|job)$/.test(message),
        );
        assert.deepEqual(
          told.map(({ trace }) => trace),
          [TRACE, TRACE],
        );
      },
    );
  });

  /** All that came before `around` did: who ends first is sent first. */
  function inside({ traceId, spanId }: CollectedSpan): readonly CollectedSpan[] {
    const spans = collector.spans.filter((one) => one.traceId === traceId && one.parentSpanId === spanId);
    return spans.toSorted((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
  }

  it("tells where the process that resolves spent its time, in the same trace", async () => {
    const work = async (service: StartedService) => {
      assert.equal((await ask(service, { number: 8 })).status, 200);
      const resolved = await collector.find(({ name }) => name === "resolve");
      const phases = inside(resolved);
      assert.deepEqual(
        phases.map(({ name }) => name),
        PHASES,
      );
      for (const [at, phase] of phases.entries()) {
        assert.ok(within(phase, resolved) && phase.kind === INTERNAL && phase.status?.code !== ERROR);
        const next = phases[at + 1];
        assert.ok(next === undefined || BigInt(phase.endTimeUnixNano) <= BigInt(next.startTimeUnixNano));
      }
      const told = (name: string) => phases.find((one) => one.name === name)?.attributes ?? {};
      assert.equal(told("read project")["thoth.run.requirements"], 2);
      const search = phases.find(({ name }) => name === "search") as CollectedSpan;
      const { "thoth.run.outcome": outcome, "thoth.run.projects": projects, ...more } = search.attributes;
      assert.equal(outcome, "solved");
      assert.ok(Number(projects) > 1 && Number(more["thoth.run.metadata"]) > 1);
      const waits = inside(search);
      assert.deepEqual(new Set(waits.map(({ name }) => name)), new Set(["read metadata"]));
      assert.ok(waits.every((wait) => within(wait, search)));
      assert.equal(more["thoth.run.read_metadata.count"], waits.length);
      assert.doesNotMatch(JSON.stringify([...phases, ...waits]), /project-\d|http:|127\.0\.0\.1/);
    };
    // Where nothing was read before.
    await run(exporting(), work, join(data, "fresh"));
  });

  it("marks where a question failed that has no answer", async () => {
    await run(exporting(), async (service) => {
      const content = "project-0==1.5\nproject-1==1.0\n";
      assert.equal((await ask(service, { number: 9, content })).status, 200);
      const phases = inside(await collector.find(({ name }) => name === "resolve"));
      const failed = phases.filter(({ status }) => status?.code === ERROR);
      assert.deepEqual(
        failed.map(({ name, attributes }) => [name, attributes["error.type"]]),
        [["search", "unsatisfiable"]],
      );
      assert.deepEqual(
        phases.slice(-3).map(({ name }) => name),
        ["search", "find ways out", "keep what was read"],
      );
    });
  });

  it("links a repeated question to the job there is, and begins a trace where a header is none", async () => {
    await run({ ...exporting(), OTEL_SERVICE_NAME: "advice" }, async (service) => {
      await ask(service, { number: 2 });
      const first = await collector.find(({ name }) => name === "send advice");
      await ask(service, { number: 2, headers: { traceparent: "00-0-0-00" } });
      const again = await collector.find((one) => one.name === "send advice" && one.spanId !== first.spanId);
      assert.notEqual(again.traceId, first.traceId);
      assert.deepEqual(
        again.links?.map(({ traceId, spanId }) => [traceId, spanId]),
        [[first.traceId, first.spanId]],
      );
      assert.equal(first.resource["service.name"], "advice");
    });
  });

  it("tells no secret, and of failures their codes alone", async () => {
    await run(exporting(), async (service) => {
      const headers = { authorization: `Bearer ${SECRET}` };
      assert.equal((await ask(service, { number: 3, headers, query: `?token=${SECRET}` })).status, 401);
      const request = await collector.find(({ name }) => name === "POST /api/v2/advice");
      assert.equal(request.attributes["http.response.status_code"], 401);
      assert.equal(request.status?.code ?? 0, 0);
      assert.ok(!collector.received.join().includes(SECRET));
      assert.ok(!collector.received.join().includes(new URL(place).password));
    });
  });

  it("samples as it is told, by the caller too", async () => {
    const variables = { ...exporting(), OTEL_TRACES_SAMPLER: "parentbased_always_off" };
    await run(variables, async (service) => {
      assert.equal((await ask(service, { number: 4 })).status, 200);
      assert.equal(
        (await ask(service, { number: 5, headers: { traceparent: `00-${TRACE}-${PARENT}-01` } })).status,
        200,
      );
      await collector.find(({ name }) => name === "process advice");
      await collector.find(({ name }) => name === "POST /api/v2/advice");
      assert.deepEqual(new Set(collector.spans.map(({ traceId }) => traceId)), new Set([TRACE]));
    });
  });

  it("asks nobody and keeps nothing where no collector is named, or none is wanted", async () => {
    for (const variables of [
      { OTEL_SERVICE_NAME: "advice" },
      { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: "true" },
      { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_EXPORTER: "none" },
    ]) {
      const options = { data, words: ["--database", place, "--index-url", index.indexUrl, "--workers", "1"] };
      const service = await startService({ ...options, variables });
      try {
        const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };
        assert.equal((await ask(service, { number: 6, headers })).status, 200);
        assert.ok(service.lines.every((line) => !("trace" in line)));
      } finally {
        await service.stop();
      }
    }
    const database = await openDatabase(place);
    const rows = await database.rows<{ trace: string | null }>("SELECT trace FROM service_jobs");
    await database.close();
    assert.deepEqual(rows, [{ trace: null }]);
    assert.deepEqual(collector.received, []);
    await collector.close();
  });

  it("answers and ends as usual where the collector is gone", async () => {
    const gone = collector.url;
    await collector.close();
    const words = ["--database", place, "--index-url", index.indexUrl, "--workers", "1"];
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: gone, OTEL_BSP_SCHEDULE_DELAY: "50" };
    const service = await startService({ data, words, variables });
    assert.equal((await ask(service, { number: 7 })).status, 200);
    const began = performance.now();
    assert.equal(await service.stop(), 0);
    assert.ok(performance.now() - began < 6_000);
  });
});

/** Clocks of two processes of a machine are one. */
function within(inner: CollectedSpan, outer: CollectedSpan): boolean {
  return (
    BigInt(inner.startTimeUnixNano) >= BigInt(outer.startTimeUnixNano) &&
    BigInt(inner.endTimeUnixNano) <= BigInt(outer.endTimeUnixNano)
  );
}
