// What an environment is asked for with, what is told on the way, and what comes out.

import type { Policy } from "@thoth/adviser";
import type { IndexSession } from "@thoth/index";
import type { Pylock } from "@thoth/pep";
import type { Interpreter } from "./interpreter.ts";

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
  /** Gives the files, and what a build needs. */
  readonly session: IndexSession;
  /** The folder of environments. */
  readonly root: string;
  /** Installs into this folder, as `pip install --target` does, instead of making an environment. */
  readonly target?: string | undefined;
  /** What the paths of the lock are relative to. */
  readonly lockDirectory?: string | undefined;
  /** Source distributions may be built, which runs their code. */
  readonly allowBuild: boolean;
  /** How what a build needs is chosen. */
  readonly policy?: Partial<Policy> | undefined;
  /** Digests of the source distributions for whose builds this environment is made. */
  readonly building?: readonly string[] | undefined;
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
