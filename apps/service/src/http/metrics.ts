// Metrics as Prometheus reads them. https://prometheus.io/docs/practices/naming/

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export class Metrics {
  readonly #registry = new Registry();
  readonly requests = new Counter({
    name: "thoth_http_requests_total",
    help: "requests by operation and status",
    labelNames: ["operation", "status"],
    registers: [this.#registry],
  });
  readonly seconds = new Histogram({
    name: "thoth_http_request_seconds",
    help: "time of a request",
    labelNames: ["operation"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.#registry],
  });
  readonly hits = new Counter({
    name: "thoth_cache_hits_total",
    help: "questions that were answered by an answer or a job that was there",
    registers: [this.#registry],
  });
  readonly misses = new Counter({
    name: "thoth_cache_misses_total",
    help: "questions that made a job",
    registers: [this.#registry],
  });
  readonly shed = new Counter({
    name: "thoth_shed_total",
    help: "requests that were refused because of too many",
    labelNames: ["reason"],
    registers: [this.#registry],
  });
  readonly jobs = new Gauge({
    name: "thoth_jobs",
    help: "jobs by state",
    labelNames: ["state"],
    registers: [this.#registry],
  });
  readonly oldest = new Gauge({
    name: "thoth_queue_oldest_seconds",
    help: "how long the job has waited that waits longest",
    registers: [this.#registry],
  });
  readonly jobSeconds = new Histogram({
    name: "thoth_job_seconds",
    help: "time that a job took",
    labelNames: ["kind", "outcome"],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900],
    registers: [this.#registry],
  });
  readonly children = new Gauge({
    name: "thoth_worker_children",
    help: "processes that resolve, of this worker",
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  get type(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    return await this.#registry.metrics();
  }
}
