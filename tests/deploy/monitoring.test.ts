// The dashboard and the alerts: they can be read, and ask for nothing that no process tells.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { Metrics } from "../../apps/service/src/http/metrics.ts";
import { deploy } from "./chart.ts";

/** The names of time series, as a process of the service tells them, with the kinds of their metrics. */
const SERIES = new Map(
  [...(await new Metrics().text()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = "", kind = ""]) =>
    kind === "histogram"
      ? ["_bucket", "_sum", "_count"].map((end) => [`${name}${end}`, kind] as const)
      : [[name, kind] as const],
  ),
);

function assertExpression(text: string): void {
  const names = text.match(/\b(?:thoth|process|nodejs)_\w+/g) ?? [];
  assert.ok(names.length > 0, text);
  for (const name of names) {
    assert.ok(SERIES.has(name), `${name} in ${text}`);
    if (SERIES.get(name) === "gauge") continue;
    assert.match(
      text,
      new RegExp(`(?:rate|increase)\\(${name}\\{[^}]*\\}\\[`),
      `${name} without a rate in ${text}`,
    );
  }
  for (const [open, close] of ["()", "{}", "[]"])
    assert.equal(text.split(open!).length, text.split(close!).length, `${open}${close} in ${text}`);
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

test("the dashboard asks for metrics that there are, and for each of the service's", () => {
  const text = readFileSync(`${deploy}grafana/thoth.json`, "utf8");
  const { panels, uid } = JSON.parse(text) as { panels: readonly Panel[]; uid: string };
  assert.equal(uid, "thoth");
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expressions.forEach(assertExpression);
  const asked = expressions.join(" ");
  const ours = [...SERIES.keys()].filter((name) => /^thoth_(?!.*_(?:sum|count)$)/.test(name));
  assert.ok(ours.length >= 9);
  for (const name of ours) assert.ok(asked.includes(name), name);
});

test("no panel of the dashboard lies on another", () => {
  const { panels } = JSON.parse(readFileSync(`${deploy}grafana/thoth.json`, "utf8")) as {
    panels: readonly Panel[];
  };
  const taken = new Set<string>();
  for (const { title, gridPos } of panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.ok(!taken.has(`${x} ${y}`), title);
        taken.add(`${x} ${y}`);
      }
  }
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<"summary" | "description" | "runbook", string>>;
}

test("each alert asks for metrics that there are, and says what to do", () => {
  const text = readFileSync(`${deploy}prometheus/alerts.yaml`, "utf8");
  const { groups } = parse(text) as {
    groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const { alert, expr, labels, annotations } of rules) {
    assertExpression(expr);
    assert.match(labels.severity, /^(?:warning|critical)$/, alert);
    for (const name of ["summary", "description", "runbook"] as const)
      assert.ok(annotations[name].length > 20, `${alert} has no ${name}`);
    assert.match(annotations.runbook, /^1\. /, alert);
  }
});

test("a runbook that names another alert names one that there is", () => {
  const text = readFileSync(`${deploy}prometheus/alerts.yaml`, "utf8");
  const alerts = new Set([...text.matchAll(/alert: (\w+)/g)].map(([, name]) => name));
  for (const [name] of text.matchAll(/\bThoth[A-Z]\w+/g)) assert.ok(alerts.has(name), name);
});
