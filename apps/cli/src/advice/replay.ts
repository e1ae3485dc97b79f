// `thoth advise --replay`: an old report asked again. It says whether the answer is the same, and if it is not, which packages
// moved, which levels changed, and what of the inputs is another.

import { documents, findViolations } from "@thoth/contract";
import type { AdvisoryReader } from "@thoth/knowledge";
import { normalizeName, parseVersion, quote, ThothError } from "@thoth/pep";
import { readGivenFile } from "../files/read-file.ts";
import type { Invocation } from "../frame/command.ts";
import { textOption } from "../frame/command.ts";
import { printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import type { adviceDocument } from "./advice-document.ts";
import { type Difference, differenceOf, differenceParts, type Side } from "./difference.ts";
import { type Changed, changedInputs, type MadeFrom } from "./made-from.ts";

const MOST_BYTES = 64 * 1024 * 1024;

type Document = ReturnType<typeof adviceDocument>;
export type OldReport = Document & { readonly made: MadeFrom };

export interface Replay {
  readonly difference: Difference;
  readonly levels: readonly {
    readonly level: string;
    readonly from: number | null;
    readonly to: number | null;
  }[];
  readonly inputs: readonly Changed[];
}

/** Undefined where none is asked for. Throws usage, and invalid-lock for what is no report. */
export async function readOldReport({
  options,
  arguments: [files],
}: Invocation): Promise<OldReport | undefined> {
  const path = textOption(options, "replay");
  if (path === undefined) return undefined;
  if (((files ?? []) as readonly string[]).length > 0)
    throw new ThothError("usage", "a report has its own requirements", {
      hint: "Leave out the files, or --replay.",
    });
  let read: unknown;
  try {
    read = JSON.parse((await readGivenFile(path, MOST_BYTES)).toString("utf8"));
  } catch (cause) {
    if (cause instanceof ThothError) throw cause;
    throw noReport(path, cause);
  }
  if (findViolations(documents["thoth advise"], read).length > 0) throw noReport(path);
  const report = read as Document & { readonly made?: MadeFrom };
  if (report.made === undefined)
    throw new ThothError("usage", `${quote(path)} does not say what it was made from`, {
      hint: "Reports of older versions can be compared with `thoth diff`.",
    });
  return { ...report, made: report.made };
}

function noReport(path: string, cause?: unknown): ThothError {
  return new ThothError("invalid-lock", `${quote(path)} is no report of \`thoth advise --json\``, { cause });
}

export function replayOf(
  before: OldReport,
  after: OldReport,
  advisories: AdvisoryReader | undefined,
): Replay {
  const flawsOf: Parameters<typeof differenceOf>[2] = (name, version) =>
    version === undefined
      ? []
      : (advisories?.flaws(name) ?? []).filter((flaw) => flaw.affects(parseVersion(version)));
  const [one, other] = [before.products[0], after.products[0]];
  const names = [
    ...new Set([...(one?.objective ?? []), ...(other?.objective ?? [])].map(({ level }) => level)),
  ];
  const value = (product: typeof one, name: string) =>
    product?.objective.find(({ level }) => level === name)?.value ?? null;
  return {
    difference: differenceOf(sideOf(before), sideOf(after), flawsOf),
    levels: names
      .map((level) => ({ level, from: value(one, level), to: value(other, level) }))
      .filter(({ from, to }) => from !== to),
    inputs: changedInputs(
      { made: before.made, environment: one?.lock.environment ?? {} },
      { made: after.made, environment: other?.lock.environment ?? {} },
    ),
  };
}

function sideOf({ products: [product], asOf, knowledge }: OldReport): Side {
  const versions = (product?.packages ?? []).map(
    ({ name, version }) => [normalizeName(name), version] as const,
  );
  return { versions: new Map(versions), asOf, newest: knowledge.newest ?? undefined };
}

export function isSame({ difference: { moved }, levels }: Replay): boolean {
  return moved.length + levels.length === 0;
}

export function replayDocument(replay: Replay) {
  const { difference, levels, inputs } = replay;
  return { same: isSame(replay), moved: difference.moved, levels, inputs };
}

export function replayParts(replay: Replay): readonly Part[] {
  const { difference, levels, inputs } = replay;
  const changed = inputs.map(
    ({ input, before, after }) => `${input}: ${before ?? "none"} → ${after ?? "none"}`,
  );
  const same = isSame(replay)
    ? [`the same answer as before${inputs.length === 0 ? ", from the same inputs" : ""}`]
    : [
        "another answer than before",
        ...levels.map(({ level, from, to }) => `${level}: ${from ?? "none"} → ${to ?? "none"}`),
      ];
  const why = isSame(replay) || inputs.length > 0 ? [] : ["no input that is kept in the report has changed"];
  return [
    ...same.map((line) => printable(`  ${line}`)),
    ...(difference.moved.length === 0 ? [] : ["", ...differenceParts(difference), ""]),
    ...[
      ...(changed.length === 0 ? [] : ["of its inputs has changed:", ...changed.map((line) => `  ${line}`)]),
      ...why,
    ].map((line) => printable(`  ${line}`)),
  ];
}
