// Inspections of stacks of which each has something that only running it shows.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type AnyFact, compareMeasurements, environmentDigest, type MeasurementFact } from "@thoth/knowledge";
import { parseFact } from "@thoth/knowledge/facts";
import { ThothError } from "@thoth/pep";
import { openGraph } from "@thoth/store";
import { buildWheel } from "@thoth/testkit";
import { type Indicator, loadIndicators } from "../src/indicators.ts";
import { type Check, type Inspection, USUAL_REPEAT } from "../src/inspection.ts";
import { factsOf, stackDigest } from "../src/inspection-facts.ts";
import { usualLimits } from "../src/sandbox/limits.ts";
import { processesWith, small, users } from "./users.ts";
import { interpreter, World } from "./world.ts";

const fine = buildWheel({ name: "fine", version: "1.0", files: { "fine/__init__.py": "x = 1\n" } });
const old = buildWheel({
  name: "user",
  version: "1.0",
  files: { "user/__init__.py": "from .inner import y\n", "user/inner.py": "from fine import gone as y\n" },
});
const provenance = { source: "inspection", observedAt: 1_700_000_000, tool: "test" };

function observationsOf(
  inspection: Inspection,
): Record<string, Extract<AnyFact, { kind: "observation" }>["body"]> {
  const facts = factsOf(inspection, provenance).filter((fact) => fact.kind === "observation");
  return Object.fromEntries(facts.map(({ owner, body }) => [owner, body]));
}

describe("an inspection", { skip: users[0]!.skip }, () => {
  let world: World;
  before(async () => {
    world = await World.open();
  });
  after(() => world.close());

  test("of a stack that works passes, and says so of every package", async () => {
    const inspection = await world.inspect([fine]);
    assert.deepEqual(
      inspection.made.map(({ stage, outcome }) => [stage, outcome]),
      [["install", "passed"]],
    );
    assert.equal(inspection.import?.outcome, "passed");
    assert.deepEqual(
      inspection.imported.map(({ package: name, modules, status }) => [name, modules, status]),
      [["fine", ["fine"], 0]],
    );
    const { fine: observed } = observationsOf(inspection);
    assert.deepEqual(
      [observed?.version, observed?.stage, observed?.outcome, observed?.beside],
      ["1.0", "import", "passed", []],
    );
    assert.equal(observed?.environment, environmentDigest(inspection.environment));
    assert.match(inspection.place, /^cpython 3\.\d+ \w+-linux$/);
  });

  test("traces what two packages together have broken to both", async () => {
    const inspection = await world.inspect([fine, old]);
    assert.equal(inspection.import?.outcome, "failed");
    const trace = inspection.traced.get("import user");
    assert.deepEqual(trace?.packages, ["user", "fine"]);
    assert.match(trace?.symptom ?? "", /^ImportError: cannot import name 'gone'/);
    const { user, fine: other } = observationsOf(inspection);
    assert.deepEqual([user?.outcome, user?.beside], ["failed", [["fine", "1.0"]]]);
    assert.deepEqual([other?.outcome, other?.beside], ["failed", [["user", "1.0"]]]);
    const log = inspection.imported.find(({ package: name }) => name === "user")?.log ?? "";
    assert.match(log, /<environment>/);
    assert.ok(!log.includes(world.folder));
  });

  test("of a package that crashes says by which signal, and of no other", async () => {
    const crash = buildWheel({
      name: "crash",
      version: "2.0",
      files: { "crash.py": "import os, signal\nos.kill(os.getpid(), signal.SIGABRT)\n" },
    });
    const inspection = await world.inspect([crash, fine]);
    const statuses = inspection.imported.map(({ package: name, status }) => [name, status]);
    assert.deepEqual(statuses, [
      ["crash", -6],
      ["fine", 0],
    ]);
    const { crash: observed, fine: other } = observationsOf(inspection);
    assert.deepEqual([observed?.outcome, other?.outcome], ["killed", "passed"]);
    assert.match(observed?.symptom ?? "", /^Fatal Python error: Aborted/);
  });

  test("of a package that means harm shows nothing of this machine and changes nothing", async () => {
    const harm = buildWheel({
      name: "harm",
      version: "1.0",
      files: {
        "harm/__init__.py": [
          "import os, sys",
          "found = []",
          "for folder in (os.path.dirname(__file__), sys.prefix, sys.base_prefix, '/etc', '/usr'):",
          "    try:",
          "        open(os.path.join(folder, 'written'), 'w').close()",
          "        found.append(folder)",
          "    except OSError:",
          "        pass",
          "if os.path.exists(os.path.expanduser('~/.ssh')) or len(os.environ) > 20:",
          "    found.append('home')",
          "if found:",
          "    raise ImportError(str(found))",
        ].join("\n"),
      },
    });
    const inspection = await world.inspect([harm]);
    assert.equal(inspection.import?.outcome, "passed", inspection.import?.log);
  });

  test("of a wheel that is not what the lock says fails when it is installed", async () => {
    const lie = buildWheel({ name: "lie", version: "1.0", metadataText: "Name: other\nVersion: 1.0\n" });
    const inspection = await world.inspect([lie]);
    assert.deepEqual(
      inspection.made.map(({ stage, outcome }) => [stage, outcome]),
      [["install", "failed"]],
    );
    assert.equal(inspection.import, undefined);
    const [fact] = factsOf(inspection, provenance);
    assert.equal(fact?.kind, "inspection");
  });

  test("runs programs of one's own, and tells what they used and how they ended", async () => {
    const program = (name: string, script: string): Check => ({ kind: "program", name, script });
    const checks = [
      program("works.py", "import fine\nassert fine.x == 1\n"),
      program("raises.py", "import fine\nfine.missing\n"),
      program("hungry.py", "x = bytearray(1 << 30)\nfor at in range(0, len(x), 4096):\n    x[at] = 1\n"),
      program("endless.py", "while True:\n    pass\n"),
    ];
    const limits = usualLimits({ ...small, seconds: 15 });
    const inspection = await world.inspect([fine], { checks, direct: ["fine"], limits });
    const [works, raises, hungry, endless] = inspection.checked;
    assert.equal(works?.stage.outcome, "passed");
    assert.ok((works?.stage.memory ?? 0) > 1 << 20 && (works?.stage.user ?? -1) >= 0);
    assert.deepEqual([raises?.stage.outcome, raises?.stage.status], ["failed", 1]);
    assert.match(inspection.traced.get("raises.py")?.symptom ?? "", /^AttributeError/);
    assert.deepEqual(inspection.traced.get("raises.py")?.packages, ["fine"]);
    assert.notEqual(hungry?.stage.outcome, "passed");
    assert.equal(endless?.stage.outcome, "timed-out");
  });

  test("gives up at once, and leaves nothing running", async () => {
    const controller = new AbortController();
    const word = `mark${process.pid}x${Math.trunc(performance.now())}`;
    const check: Check = {
      kind: "program",
      name: "long.py",
      script: `"${word}"\nimport time\ntime.sleep(1000)\n`,
    };
    const running = world.inspect([fine], {
      checks: [check],
      signal: controller.signal,
      report: (event) => {
        if (event.kind === "check") setTimeout(() => controller.abort(), 300);
      },
    });
    await assert.rejects(
      running,
      (error: unknown) => error instanceof ThothError && error.code === "interrupted",
    );
    assert.deepEqual(processesWith(world.folder), []);
  });

  describe("measures", () => {
    let indicators: ReadonlyMap<string, Indicator>;
    before(async () => {
      const own = (name: string, script: string) => {
        const folder = join(world.folder, "indicators", name);
        mkdirSync(folder, { recursive: true });
        const text = `summary: one of somebody else\npackages: [fine]\nmetrics:\n  steps: {unit: steps, higher-is-better: true}\nparameters:\n  FACTOR: "1"\n`;
        writeFileSync(join(folder, "indicator.yaml"), text);
        writeFileSync(join(folder, "run.py"), script);
      };
      const tell = (values: string) =>
        `import fine, json, os\nprint("chatter")\nprint(json.dumps({"results": {"steps": ${values}}}))\n`;
      own("steady", tell('[float(os.environ["FACTOR"]) * fine.x * 1000 + at for at in range(7)]'));
      own("silent", "import fine\n");
      own("untrue", tell('[float("nan")]'));
      indicators = await loadIndicators([join(world.folder, "indicators")]);
    });

    const check = (name: string, parameters: Record<string, string> = {}): Check => ({
      kind: "indicator",
      indicator: indicators.get(name)!,
      parameters,
    });

    test("by an indicator of somebody else, and compares releases with all else the same", async () => {
      const newer = buildWheel({ name: "fine", version: "2.0", files: { "fine/__init__.py": "x = 2\n" } });
      const measured: MeasurementFact[] = [];
      for (const release of [fine, newer]) {
        const inspection = await world.inspect([release], { checks: [check("steady")] });
        const [first] = inspection.checked;
        assert.equal(first?.passed, USUAL_REPEAT.batches);
        assert.equal(first?.measurements.length, 1);
        measured.push(first!.measurements[0]!);
      }
      const [before, after] = measured as [MeasurementFact, MeasurementFact];
      assert.deepEqual([before.version, before.median, before.batches.length], ["1.0", 1003, 6]);
      const comparison = compareMeasurements(before, after);
      assert.equal(comparison.kind, "faster");
      assert.deepEqual(comparison.kind === "faster" && comparison.changed, [
        { name: "fine", from: "1.0", to: "2.0" },
      ]);
    });

    test("refuses to compare other parameters and limits", async () => {
      const one = await world.inspect([fine], { checks: [check("steady")] });
      const two = await world.inspect([fine], {
        checks: [check("steady", { FACTOR: "3" })],
        limits: usualLimits({ ...small, seconds: 31 }),
      });
      const [first, second] = [one, two].map(({ checked }) => checked[0]!.measurements[0]!);
      assert.deepEqual(compareMeasurements(first!, second!), {
        kind: "incomparable",
        reasons: ["environment: limits", "parameter: FACTOR"],
      });
    });

    test("nothing where an indicator tells no numbers", async () => {
      const inspection = await world.inspect([fine], { checks: [check("silent"), check("untrue")] });
      for (const { stage, measurements, runs } of inspection.checked)
        assert.deepEqual([stage.outcome, measurements.length, runs], ["failed", 0, 1]);
    });

    test("nothing of what cannot be imported", async () => {
      const broken = buildWheel({ name: "fine", version: "3.0", files: { "fine/__init__.py": "1 / 0\n" } });
      const inspection = await world.inspect([broken], { checks: [check("steady")] });
      assert.deepEqual(inspection.checked, []);
      assert.equal(observationsOf(inspection)["fine"]?.symptom, "ZeroDivisionError: division by zero");
    });

    test("facts that a graph keeps, and that a second time changes", async () => {
      const graph = await openGraph(":memory:");
      try {
        const inspection = await world.inspect([fine], { checks: [check("steady")], direct: ["fine"] });
        const facts = factsOf(inspection, provenance);
        for (const fact of facts) assert.deepEqual(parseFact(structuredClone(fact)), fact);
        const write = { changes: facts.map((put) => ({ put })), at: 1_700_000_000, source: "inspection" };
        const snapshot = await graph.write(write);
        assert.equal((await graph.write(write)).id, snapshot.id);
        const owner = `stack:${stackDigest(inspection.stack)}` as const;
        const kept = await graph.read({ owners: ["fine" as never, owner] });
        assert.equal(kept.length, facts.length);
        const kinds = Object.groupBy(kept, ({ kind }) => kind);
        assert.deepEqual(
          [kinds.inspection?.length, kinds.observation?.length, kinds.measurement?.length],
          [2, 2, 1],
        );
      } finally {
        await graph.close();
      }
    });
  });

  test("tells the environment that it was in", async () => {
    const { environment } = await world.inspect([fine]);
    assert.equal(environment.python, `${interpreter.implementation} ${interpreter.version}`);
    assert.ok(environment.cpu.count > 0 && environment.memory > 0);
    assert.equal(environment.limits["memory"], small.memory);
    assert.equal(environment.threads["OMP_NUM_THREADS"], "1");
  });
});
