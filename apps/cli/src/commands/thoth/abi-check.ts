// `thoth abi-check`: whether the native files of a locked stack find their libraries, and the versions of symbols that they
// need, on this machine, in an environment or in an image. Nothing is installed, and nothing is run.

import type { KnowledgeGraph } from "@thoth/knowledge";
import { type AbiPlace, findPlace } from "../../abi/abi-place.ts";
import type { Lack } from "../../abi/abi-words.ts";
import { readStackWheels, type StackWheels } from "../../abi/stack-wheels.ts";
import type { Handler, Invocation } from "../../frame/command.ts";
import { plural, printable } from "../../frame/printable.ts";
import { readLock } from "../../locks/read-lock.ts";
import { openFormerGraph } from "../../session/open-graph.ts";
import { openSession } from "../../session/open-session.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

export const abiCheckCommand: Handler = async (invocation) => {
  const path = (invocation.arguments[0] ?? "pylock.toml") as string;
  const graph = await openFormerGraph(invocation);
  try {
    const place = await findPlace(invocation, graph);
    const read = await readWheels(invocation, path, { graph, place });
    return await tell(invocation, path, { ...read, place });
  } finally {
    await graph?.close();
  }
};

interface Around {
  readonly graph: KnowledgeGraph | undefined;
  readonly place: AbiPlace;
}

async function readWheels(
  invocation: Invocation,
  path: string,
  { graph, place }: Around,
): Promise<StackWheels> {
  const { terminal, options, environment, signal } = invocation;
  const given = await readLock(path, environment);
  const settings = readIndexSettings(options, environment);
  const session = await openSession(invocation, { settings, named: given.places, allowBuild: false });
  const stage = terminal.stage("wheels");
  try {
    const lock = await given.load(session, signal);
    const progress = stage.update.bind(stage);
    const places = { folder: given.folder, session, graph, signal, progress };
    const read = await readStackWheels(lock, place.target, places);
    stage.end(plural(read.wheels.length, "wheel"));
    return read;
  } catch (error) {
    stage.end();
    throw error;
  } finally {
    await session.close();
  }
}

/** 1 where something is missing without which a wheel cannot be loaded. */
async function tell(
  { terminal }: Invocation,
  path: string,
  { wheels, unknown, place }: StackWheels & { readonly place: AbiPlace },
): Promise<0 | 1> {
  const [{ findMissing, glibcOf }, { lacksOf, wordsOf }] = await Promise.all([
    import("@thoth/artifact"),
    import("../../abi/abi-words.ts"),
  ]);
  const contents = wheels.map((wheel) => wheel.contents);
  const surroundings = await place.surroundings(contents);
  const missing = lacksOf(findMissing(contents, surroundings), wheels, surroundings);
  const glibc = surroundings.kind === "libraries" ? glibcOf(surroundings.libraries) : surroundings.glibc;
  const deciding = missing.filter(({ decides }) => decides);
  const fits = deciding.length === 0;
  const { kind, name, machine, python, digest } = place;
  const environment = {
    kind,
    name,
    machine,
    python,
    ...(glibc === undefined ? {} : { glibc }),
    ...(digest === undefined ? {} : { digest }),
  };
  terminal.document({ lock: path, environment, wheels: wheels.length, fits, missing, unknown });
  const remarks = missing.filter(({ decides }) => !decides);
  const lines = [
    ...deciding.map((lack) => wordsOf(lack, name)),
    ...remarks.map((lack) => `remark: ${wordsOf(lack, name)}`),
    fits
      ? `${plural(wheels.length, "wheel")}: ${name} has all that they need`
      : `${countOf(deciding)} of ${plural(wheels.length, "wheel")} cannot be loaded on ${name}`,
    ...unknown.map((text) => `not known: ${text}`),
  ];
  terminal.result(lines.map(printable).join("\n"));
  return fits ? 0 : 1;
}

function countOf(lacks: readonly Lack[]): number {
  return new Set(lacks.map(({ wheel }) => wheel)).size;
}
