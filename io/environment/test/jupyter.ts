// A kernel's environment and a runner's, resolved and made by our own code from the index that is configured, kept
// between runs. Where no index can be reached there is a reason instead, and tests are skipped by it.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { lockOf } from "@thoth/adviser";
import { IndexSession, runResolution } from "@thoth/index";
import { parseRequirement, ThothError } from "@thoth/pep";
import { openStore } from "@thoth/store";
import { createEnvironment } from "../src/create-environment.ts";
import type { Environment } from "../src/environment-request.ts";
import { targetOf } from "../src/interpreter.ts";
import { interpreter, uv } from "./world.ts";

const folder = fileURLToPath(new URL("../../../.cache/environment-tests/", import.meta.url));

export interface Jupyter {
  readonly kernel: Environment;
  readonly runner: Environment;
}

export async function findJupyter(): Promise<Jupyter | string> {
  await mkdir(folder, { recursive: true });
  const session = new IndexSession({
    indexes: [process.env["PIP_INDEX_URL"] || "https://pypi.org/simple/"],
    findLinks: [],
    store: openStore(`${folder}knowledge.sqlite`),
    cacheDirectory: folder,
    offline: false,
    allowBuild: false,
    variables: process.env,
    certificate: process.env["PIP_CERT"],
  });
  try {
    return { kernel: await make(session, "ipykernel"), runner: await make(session, "nbclient") };
  } catch (error) {
    const unreachable = ["index-unreachable", "package-not-found", "unauthorized"];
    if (error instanceof ThothError && unreachable.includes(error.code)) return `no index: ${error.code}`;
    throw error;
  } finally {
    await session.close();
  }
}

async function make(session: IndexSession, text: string): Promise<Environment> {
  const project = {
    requirements: [{ requirement: parseRequirement(text), group: "default", source: "a test" }],
    constraints: [],
    target: targetOf(interpreter),
    policy: {
      recommendationType: "latest",
      asOf: Math.floor(Date.now() / 1000),
      prerelease: "if-necessary",
      resolution: "highest",
      noBinary: new Set<string>(),
      onlyBinary: new Set<string>(),
      allowBuild: false,
    },
  } as const;
  const outcome = await runResolution(project, session);
  if (outcome.kind !== "solved") throw new ThothError("package-not-found", `there is no ${text}`);
  const lock = lockOf(outcome.product);
  return await createEnvironment({
    lock,
    interpreter,
    session,
    root: `${folder}environments`,
    allowBuild: false,
    uv: uv ?? false,
  });
}
