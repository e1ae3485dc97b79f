// `horus search`: names of packages, as one types. No index can be searched: what is known here is, and an index is asked
// for exactly the name that was typed.

import type { IndexSession } from "@thoth/index";
import type { ProjectRecord } from "@thoth/knowledge";
import { knownDistributions, tableProviders } from "@thoth/notebook";
import {
  isNormalizedName,
  isValidName,
  normalizeName,
  type PackageName,
  quote,
  ThothError,
} from "@thoth/pep";
import { isYanked } from "../../advice/versions.ts";
import { wholeNumber } from "../../advice/whole-number.ts";
import { flagOption, type Handler, type Invocation } from "../../frame/command.ts";
import { cutTo } from "../../frame/printable.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import { readableRequirements } from "../../notebook/notebook-requirements.ts";
import { learnProjects } from "../../session/learn-projects.ts";
import { openSession } from "../../session/open-session.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

type Match = "exact" | "prefix" | "part" | "provides";

const LIMIT = { fallback: 20, least: 1, most: 1000 };

export const searchCommand: Handler = async (invocation) => {
  const { terminal, options, environment } = invocation;
  const text = invocation.arguments[1] as string;
  mustBePartOfName(text);
  const most = wholeNumber(options, "limit", LIMIT);
  const file = await openNotebook(invocation, notebookArgumentOf(invocation));
  const session = await openSession(invocation, {
    settings: readIndexSettings(options, environment),
    named: readableRequirements(invocation, file).input.places,
    allowBuild: false,
  });
  try {
    const { rows, exact } = flagOption(options, "module")
      ? { rows: providersOf(text), exact: "unknown" }
      : await namesLike(invocation, session, text);
    const found = rows
      .slice(0, most)
      .map((row) => ({ ...row, version: newestOf(session, row.name) ?? null }));
    terminal.document({ text, names: found, exact });
    terminal.result(
      found.length === 0
        ? `no name that is known here has ${quote(text)} in it`
        : { headings: ["package", "newest"], rows: found.map(({ name, version }) => [name, version ?? ""]) },
    );
    return 0;
  } finally {
    await session.close();
  }
};

interface Names {
  readonly rows: readonly Found[];
  readonly exact: "found" | "absent" | "unknown";
}

async function namesLike(invocation: Invocation, session: IndexSession, text: string): Promise<Names> {
  const part = normalizeName(text);
  const known = new Set([...knownDistributions()].filter((name) => name.includes(part)));
  const kept = session.namesWith(part);
  const names = known.union(kept);
  const exact = names.has(part) ? "found" : await askIndex(invocation, session, text);
  if (exact === "found") names.add(part);
  return { rows: sorted(names, part, kept), exact };
}

/** The packages that provide a module, the usual one first. */
function providersOf(module: string): readonly Found[] {
  return tableProviders(module)
    .flatMap(({ distribution, alternatives }) => [distribution, ...alternatives])
    .filter((name): name is PackageName => isNormalizedName(name))
    .map((name) => ({ name, match: "provides" }));
}

const LONGEST_TEXT = 200;

/** Throws usage. */
function mustBePartOfName(text: string): void {
  if (/^[a-z0-9._-]+$/i.test(text) && text.length <= LONGEST_TEXT) return;
  throw new ThothError("usage", `${quote(cutTo(text, 60))} is no part of a package's name`, {
    hint: `Names have ASCII letters, digits, \`-\`, \`_\` and \`.\`; at most ${LONGEST_TEXT} characters are looked for.`,
  });
}

const UNANSWERED: ReadonlySet<string> = new Set([
  "index-unreachable",
  "index-response-invalid",
  "unauthorized",
]);

/** Whether there is a package of that very name. Where nobody answers, what is known here still helps. */
async function askIndex(
  { terminal, signal }: Invocation,
  session: IndexSession,
  text: string,
): Promise<"found" | "absent" | "unknown"> {
  if (!isValidName(text)) return "unknown";
  const name = normalizeName(text);
  try {
    const record = (await learnProjects([name], session, signal)).get(name);
    return record === undefined ? "unknown" : record === null ? "absent" : "found";
  } catch (error) {
    if (!(error instanceof ThothError) || !UNANSWERED.has(error.code)) throw error;
    terminal.warn(error.message);
    return "unknown";
  }
}

interface Found {
  readonly name: PackageName;
  readonly match: Match;
}

const ORDER: readonly Match[] = ["exact", "prefix", "part"];

/**
 * The very name first, then those that begin so, then those that have it in them; of these what was asked for before, then the
 * shorter before the longer.
 */
function sorted(names: Iterable<string>, part: PackageName, kept: ReadonlySet<string>): Found[] {
  return [...names]
    .filter((name): name is PackageName => isNormalizedName(name))
    .map((name): Found => ({ name, match: matchOf(name, part) }))
    .sort(
      (a, b) =>
        ORDER.indexOf(a.match) - ORDER.indexOf(b.match) ||
        Number(kept.has(b.name)) - Number(kept.has(a.name)) ||
        a.name.length - b.name.length ||
        (a.name < b.name ? -1 : 1),
    );
}

function matchOf(name: PackageName, part: PackageName): Match {
  return name === part ? "exact" : name.startsWith(part) ? "prefix" : "part";
}

/** As far as it is known without asking: whoever looks for a name wants to know what it is, not what fits. */
function newestOf(session: IndexSession, name: PackageName): string | undefined {
  const record = session.kept(name);
  if (record === undefined || record.releaseCount === 0) return undefined;
  const isOffered = (release: number) => !isYanked(record, release);
  const release =
    firstOf(record, (one) => isOffered(one) && !record.isPrerelease(one)) ?? firstOf(record, isOffered) ?? 0;
  return record.versionText(release);
}

function firstOf(record: ProjectRecord, holds: (release: number) => boolean): number | undefined {
  for (let release = 0; release < record.releaseCount; release++) if (holds(release)) return release;
  return undefined;
}
