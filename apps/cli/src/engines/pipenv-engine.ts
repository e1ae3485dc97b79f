// The engine pipenv: it locks a Pipfile; the indexes tell where the files of its hashes lie.
// https://pipenv.pypa.io/en/latest/locking.html

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parsePipfileLock, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { lockOfPins, type Pin } from "../locks/pinned-lock.ts";
import { pipfileText } from "../locks/pipfile-form.ts";
import { pipfileObject } from "../notebook/pipfile-metadata.ts";
import { openSession } from "../session/open-session.ts";
import type { Locked, LockRequest } from "./engine.ts";
import { engineProgram, inToolFolder, lockedBy, mustNotAsk, placesOf, runEngine } from "./tool-project.ts";

export async function lockWithPipenv(invocation: Invocation, request: LockRequest): Promise<Locked> {
  const { settings, input, target } = request;
  const { interpreter } = target;
  mustNotAsk("pipenv", settings, [
    [interpreter === undefined || settings.platform !== undefined, "resolve for another machine"],
    [settings.policy.asOfStrict === true, "lock as of a date"],
    [settings.policy.resolution !== "highest", "prefer the lowest versions"],
    [input.constraints.length > 0, "keep to constraints"],
    [settings.indexes.offline, "work offline"],
  ]);
  const program = await engineProgram("pipenv", invocation);
  const packages = input.requirements.map(({ requirement }) => requirement);
  const pipfile = pipfileText(
    pipfileObject({ packages, indexes: placesOf(request).indexes, python: target.python }),
  );
  const text = await inToolFolder({ Pipfile: pipfile }, async (folder) => {
    const words = [
      "lock",
      "--python",
      interpreter?.path as string,
      ...(settings.policy.prerelease === "allow" ? ["--pre"] : []),
    ];
    const variables = {
      ...invocation.environment,
      PIPENV_PIPFILE: join(folder, "Pipfile"),
      PIPENV_VENV_IN_PROJECT: "1",
      PIPENV_IGNORE_VIRTUALENVS: "1",
      PIPENV_NOSPIN: "1",
      PIPENV_YES: "1",
      NO_COLOR: "1",
    };
    await runEngine(invocation, request, { engine: "pipenv", program, words, folder, variables });
    return readFile(join(folder, "Pipfile.lock"), "utf8");
  });
  return lockedBy("pipenv", await lockOfPipfileLock(invocation, request, text), request);
}

async function lockOfPipfileLock(invocation: Invocation, { settings, input }: LockRequest, text: string) {
  const pins: Pin[] = (parsePipfileLock(text).categories.get("default") ?? []).map(
    ({ requirement, hashes }) => {
      const [clause] = requirement.specifiers.clauses;
      if (clause?.parsed === undefined)
        throw new ThothError("invalid-lock", `pipenv did not pin \`${requirement.displayName}\``);
      const digests = hashes.filter(({ algorithm }) => algorithm === "sha256").map(({ digest }) => digest);
      return {
        name: requirement.name,
        version: clause.parsed,
        hashes: new Set(digests),
        marker: requirement.marker,
      };
    },
  );
  const session = await openSession(invocation, {
    settings: settings.indexes,
    named: input.places,
    allowBuild: false,
  });
  try {
    return await lockOfPins(pins, { session, signal: invocation.signal, createdBy: "thoth with pipenv" });
  } finally {
    await session.close();
  }
}
