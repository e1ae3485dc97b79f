// The first stages of an inspection: the environment is made of the lock. What the releases are to blame for is an
// answer; what the world is to blame for (network, disk) is thrown.

import { createEnvironment, type Environment } from "@thoth/environment";
import type { StageFact } from "@thoth/knowledge";
import { type ErrorCode, ThothError } from "@thoth/pep";
import type { InspectionRequest } from "./inspection.ts";

export interface Made {
  readonly environment: Environment | undefined;
  readonly stages: readonly StageFact[];
  readonly refused: string | undefined;
  /** Source distributions were built, outside the isolation. */
  readonly built: boolean;
}

const OF_THE_RELEASE: ReadonlySet<ErrorCode> = new Set([
  "build-not-allowed",
  "environment-failed",
  "hash-mismatch",
  "invalid-metadata",
  "invalid-wheel",
  "metadata-mismatch",
  "no-matching-artifact",
  "path-escape",
]);

export async function makeEnvironment(request: InspectionRequest): Promise<Made> {
  const { lock, lockDirectory, interpreter, session, root, allowBuild, signal } = request;
  const clock = new StageClock();
  try {
    const environment = await createEnvironment({
      lock,
      lockDirectory,
      interpreter,
      session,
      root,
      allowBuild,
      signal,
      report: (event) => {
        if (event.kind === "building") clock.beginBuild();
        if (event.kind === "installing") clock.endBuild();
        request.report?.({ kind: "environment", event });
      },
    });
    return { environment, stages: clock.passed(), refused: undefined, built: clock.built };
  } catch (error) {
    if (!(error instanceof ThothError) || !OF_THE_RELEASE.has(error.code)) throw error;
    const refused = error.details?.["package"];
    return {
      environment: undefined,
      stages: clock.failed(error),
      refused: typeof refused === "string" ? refused : undefined,
      built: clock.built,
    };
  }
}

/** Times of building and installing, which are told apart by the events between them. */
class StageClock {
  private readonly started = performance.now();
  private buildStarted: number | undefined;
  private buildEnded: number | undefined;

  get built(): boolean {
    return this.buildStarted !== undefined;
  }

  beginBuild(): void {
    this.buildStarted ??= performance.now();
  }

  endBuild(): void {
    if (this.built) this.buildEnded ??= performance.now();
  }

  passed(): readonly StageFact[] {
    const { buildSeconds: build, seconds } = this;
    const install: StageFact = { stage: "install", outcome: "passed", status: 0, wall: seconds - build };
    return this.built ? [{ stage: "build", outcome: "passed", status: 0, wall: build }, install] : [install];
  }

  failed(error: ThothError): readonly StageFact[] {
    const said = error.details?.["stderr"];
    const log = typeof said === "string" ? `${said}\n${error.message}` : error.message;
    const failure = { outcome: "failed", status: 1, log } as const;
    if (this.built && this.buildEnded === undefined)
      return [{ stage: "build", ...failure, wall: this.buildSeconds }];
    return [
      ...this.passed().slice(0, -1),
      { stage: "install", ...failure, wall: this.seconds - this.buildSeconds },
    ];
  }

  private get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  private get buildSeconds(): number {
    if (this.buildStarted === undefined) return 0;
    return ((this.buildEnded ?? performance.now()) - this.buildStarted) / 1000;
  }
}
