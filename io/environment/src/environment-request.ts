// What an environment is asked for with, what is told on the way, and what comes out.

import type { Pylock } from "@thoth/pep";
import type { ArtifactRequest } from "./environment-plan.ts";
import type { Interpreter } from "./interpreter.ts";

/** What gives the files of a lock: the index session. */
export interface ArtifactSource {
  /** The path of a copy whose hash was checked. */
  artifact(file: ArtifactRequest, signal?: AbortSignal): Promise<string>;
}

export type EnvironmentEvent =
  | { readonly kind: "waiting"; readonly path: string }
  | { readonly kind: "reused"; readonly path: string }
  | { readonly kind: "downloading"; readonly done: number; readonly total: number; readonly filename: string }
  | { readonly kind: "building"; readonly filename: string }
  | { readonly kind: "installing"; readonly total: number; readonly program: "uv" | "pip" }
  | { readonly kind: "warning"; readonly message: string };

export interface EnvironmentRequest {
  readonly lock: Pylock;
  /** Default: the default groups of the lock. */
  readonly groups?: readonly string[] | undefined;
  readonly extras?: readonly string[] | undefined;
  readonly interpreter: Interpreter;
  readonly session: ArtifactSource;
  /** The folder of environments. */
  readonly root: string;
  /** Installs into this folder, as `pip install --target` does, instead of making an environment. */
  readonly target?: string | undefined;
  /** What the paths of the lock are relative to. */
  readonly lockDirectory?: string | undefined;
  readonly allowBuild: boolean;
  /** The path of uv; false: not uv. Default: uv where it is on the PATH. */
  readonly uv?: string | false | undefined;
  readonly report?: ((event: EnvironmentEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Environment {
  /** The virtual environment, or the target folder. */
  readonly path: string;
  readonly python: string;
  /** False when it was there already. */
  readonly created: boolean;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}
