// What stacks of a problem are tried with: the index, an interpreter, a check, and the graph that is told what was seen.

import type { Interpreter } from "@thoth/environment";
import type { IndexSession } from "@thoth/index";
import type { Check } from "@thoth/inspection";
import type { PackageName } from "@thoth/pep";
import type { GraphStore } from "@thoth/store";
import { projectOf } from "../engines/thoth-engine.ts";
import { flagOption, type Invocation, textOption } from "../frame/command.ts";
import { readProgram } from "../inspection/given-checks.ts";
import { limitsOf, mustIsolate } from "../inspection/inspection-limits.ts";
import type { ProjectInput } from "../project/project-input.ts";
import { findTarget } from "../project/target.ts";
import { openKnowledgeGraph } from "../session/open-graph.ts";
import { openSession } from "../session/open-session.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import type { EvidenceLog } from "./evidence-log.ts";
import { type Inspecting, StackInspector } from "./stack-inspector.ts";
import { StackMaker } from "./stack-maker.ts";

export interface TrialProblem {
  readonly settings: ResolutionSettings;
  readonly input: ProjectInput;
  readonly pythonVersion: string | undefined;
}

interface TrialParts {
  readonly invocation: Invocation;
  readonly interpreter: Interpreter;
  readonly session: IndexSession;
  readonly checks: readonly Check[];
  readonly direct: readonly PackageName[];
  readonly maker: StackMaker;
  readonly allowBuild: boolean;
  readonly graph: GraphStore | undefined;
}

export class Trials {
  readonly #parts: TrialParts;
  #inspector: StackInspector | undefined;

  private constructor(parts: TrialParts) {
    this.#parts = parts;
  }

  /** The options that it reads: `check`, `database`, `without-isolation`, `allow-network` and the limits. Throws isolation-unavailable, usage. */
  static async open(
    invocation: Invocation,
    { settings, input, pythonVersion }: TrialProblem,
  ): Promise<Trials> {
    const { options, signal } = invocation;
    const { cacheDirectory } = settings.indexes;
    const target = await findTarget({ pythonVersion, cacheDirectory });
    const { interpreter } = target;
    await mustIsolate(interpreter.path, flagOption(options, "withoutIsolation"));
    const check = textOption(options, "check");
    const checks = check === undefined ? [] : [await readProgram(check)];
    const direct = [...new Set(input.requirements.map(({ requirement }) => requirement.name))];
    const project = projectOf({ settings, input, target });
    const isKept = textOption(options, "database") !== undefined;
    const graph = isKept ? await openKnowledgeGraph(invocation) : undefined;
    const { allowBuild } = settings.policy;
    const session = await openSession(invocation, {
      settings: settings.indexes,
      named: input.places,
      allowBuild,
      builder: interpreter,
    }).catch(async (error: unknown) => {
      await graph?.close();
      throw error;
    });
    const maker = new StackMaker({ project, session, signal, seconds: settings.timeoutSeconds });
    return new Trials({ invocation, interpreter, session, checks, direct, maker, allowBuild, graph });
  }

  get interpreter(): Interpreter {
    return this.#parts.interpreter;
  }

  get checks(): readonly Check[] {
    return this.#parts.checks;
  }

  /** What the user names. */
  get direct(): readonly PackageName[] {
    return this.#parts.direct;
  }

  get maker(): StackMaker {
    return this.#parts.maker;
  }

  async inspector(log: EvidenceLog, report: Inspecting["report"]): Promise<StackInspector> {
    const { invocation, maker: _, ...parts } = this.#parts;
    const { options, signal } = invocation;
    this.#inspector = await StackInspector.open({
      ...{ ...parts, log, signal, report },
      limits: limitsOf(options),
      allowUnisolated: flagOption(options, "withoutIsolation"),
      network: flagOption(options, "allowNetwork"),
    });
    return this.#inspector;
  }

  async close(): Promise<void> {
    await this.#inspector?.close();
    await this.#parts.graph?.close();
    await this.#parts.session.close();
  }
}
