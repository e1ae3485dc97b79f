// The engine uv: `uv pip compile` writes a lock of PEP 751 itself.
// https://docs.astral.sh/uv/pip/compile/

import { join } from "node:path";
import { parsePylock } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import type { Locked, LockRequest } from "./engine.ts";
import {
  constraintLines,
  engineProgram,
  inToolFolder,
  lockedBy,
  placesOf,
  requirementLines,
  runEngine,
} from "./tool-project.ts";

export async function lockWithUv(invocation: Invocation, request: LockRequest): Promise<Locked> {
  const program = await engineProgram("uv", invocation);
  const files = { "requirements.in": requirementLines(request), "constraints.txt": constraintLines(request) };
  return inToolFolder(files, async (folder) => {
    const { words, variables } = uvCall(invocation, request);
    const run = { engine: "uv" as const, program, words, folder, variables };
    const { output } = await runEngine(invocation, request, run);
    return lockedBy("uv", parsePylock(output), request);
  });
}

function uvCall({ environment }: Invocation, request: LockRequest) {
  const { settings, target } = request;
  const { policy, indexes } = settings;
  const places = placesOf(request);
  const words = [
    ...["pip", "compile", "requirements.in", "--constraint", "constraints.txt"],
    ...["--format", "pylock.toml", "--no-header", "--no-annotate", "--quiet", "--no-config"],
    ...(target.interpreter === undefined
      ? ["--python-version", target.target.pythonVersion.text]
      : ["--python", target.interpreter.path]),
    ...(settings.platform === undefined ? [] : ["--python-platform", uvPlatform(settings.platform)]),
    ...[
      "--prerelease",
      policy.prerelease === "if-necessary" ? "if-necessary-or-explicit" : policy.prerelease,
    ],
    ...["--resolution", policy.resolution],
    ...(policy.asOfStrict === true ? ["--exclude-newer", settings.asOf.text] : []),
    ...places.findLinks.flatMap((place) => ["--find-links", place]),
    ...(places.indexes.length === 0 ? ["--no-index"] : []),
    ...(indexes.offline ? ["--offline"] : []),
    ...(policy.allowBuild ? [] : ["--no-build"]),
    ...[...policy.onlyBinary].flatMap((name) => ["--only-binary", name]),
    ...[...policy.noBinary].flatMap((name) => ["--no-binary", name]),
    ...["--cache-dir", join(indexes.cacheDirectory, "uv")],
  ];
  // Indexes may carry credentials, which do not belong on a command line. The one named last is asked last.
  const last = places.indexes.at(-1);
  const variables = {
    ...environment,
    ...(last === undefined ? {} : { UV_DEFAULT_INDEX: last }),
    UV_INDEX: places.indexes.slice(0, -1).join(" "),
    UV_INDEX_URL: undefined,
    UV_EXTRA_INDEX_URL: undefined,
    UV_FIND_LINKS: undefined,
  };
  return { words, variables };
}

/** Our names of platforms as uv spells them. */
function uvPlatform(platform: string): string {
  const match = /^(manylinux_\d+_\d+|manylinux\d+)_([a-z0-9_]+)$/.exec(platform);
  if (match !== null) return `${match[2]}-${match[1]}`;
  if (/^macosx_\d+_\d+_arm64$/.test(platform)) return "aarch64-apple-darwin";
  if (/^macosx_\d+_\d+_x86_64$/.test(platform)) return "x86_64-apple-darwin";
  return platform === "win_amd64" ? "x86_64-pc-windows-msvc" : platform;
}
