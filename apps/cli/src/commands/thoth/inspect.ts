// `thoth inspect`: a stack is built, imported and run in isolation, and what was seen is told, and kept where a graph
// is named.

import { factsOf, type Inspection, type InspectionEvent, inspect, USUAL_REPEAT } from "@thoth/inspection";
import { wholeNumber } from "../../advice/whole-number.ts";
import { flagOption, type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { plural } from "../../frame/printable.ts";
import type { Stage } from "../../frame/stage.ts";
import { VERSION } from "../../frame/version.ts";
import { readChecks } from "../../inspection/given-checks.ts";
import { type GivenStack, readStack } from "../../inspection/given-stack.ts";
import { limitsOf, mustIsolate } from "../../inspection/inspection-limits.ts";
import { hasPassed, inspectionDocument, inspectionText } from "../../inspection/inspection-report.ts";
import { openKnowledgeGraph } from "../../session/open-graph.ts";
import { environmentsFolder } from "../../settings/directories.ts";

export const inspectCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const given = await readStack(invocation);
  try {
    const { interpreter } = given;
    await mustIsolate(interpreter.path, flagOption(options, "withoutIsolation"));
    const inspection = await run(invocation, given);
    const facts = await keep(inspection, invocation);
    terminal.document(inspectionDocument(inspection, facts));
    terminal.result(...inspectionText(inspection));
    if (facts > 0) terminal.entry("graph", `${plural(facts, "fact")} kept`);
    return hasPassed(inspection) ? 0 : 1;
  } finally {
    await given.session.close();
  }
};

async function run(invocation: Invocation, given: GivenStack): Promise<Inspection> {
  const { terminal, options, environment, signal } = invocation;
  const { session: _, ...stack } = given;
  const names = new Set<string>(given.lock.packages.map(({ name }) => name));
  const checks = await readChecks(options, { names, direct: given.direct });
  const stage = terminal.stage("inspect");
  try {
    const inspection = await inspect({
      ...stack,
      session: given.session,
      root: environmentsFolder(environment),
      allowBuild: flagOption(options, "allowBuild"),
      checks,
      limits: limitsOf(options),
      network: flagOption(options, "allowNetwork"),
      allowUnisolated: flagOption(options, "withoutIsolation"),
      repeat: {
        ...USUAL_REPEAT,
        batches: wholeNumber(options, "repeat", { fallback: 6, least: 1, most: 1000 }),
      },
      report: (event) => tell(stage, event),
      signal,
    });
    stage.end();
    return inspection;
  } catch (error) {
    stage.end();
    throw error;
  }
}

function tell(stage: Stage, event: InspectionEvent): void {
  switch (event.kind) {
    case "environment": {
      const { event: inner } = event;
      if (inner.kind === "downloading") stage.update(inner.done, inner.total, `fetching ${inner.filename}`);
      else if (inner.kind === "installing")
        stage.update(0, 0, `installing ${plural(inner.total, "package")}`);
      else if (inner.kind === "building") stage.update(0, 0, `building ${inner.filename}`);
      return;
    }
    case "import":
      stage.update(0, 0, `importing ${plural(event.total, "package")}`);
      return;
    case "check":
      stage.update(event.batch - 1, event.batches, `${event.name}, run ${event.batch} of ${event.batches}`);
      return;
    default:
      event satisfies never;
  }
}

/** How many facts there are of it; 0 where no graph is named. Throws as opening and writing do. */
async function keep(inspection: Inspection, invocation: Invocation): Promise<number> {
  if (textOption(invocation.options, "database") === undefined) return 0;
  const at = Math.floor(Date.now() / 1000);
  const facts = factsOf(inspection, { source: "inspection", observedAt: at, tool: `thoth ${VERSION}` });
  const graph = await openKnowledgeGraph(invocation);
  try {
    await graph.write({ changes: facts.map((put) => ({ put })), at, source: "inspection" });
  } finally {
    await graph.close();
  }
  return facts.length;
}
