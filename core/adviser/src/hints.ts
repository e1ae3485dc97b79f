// What might mend an unsatisfiable project: facts about the packages of the core that the search had to leave
// out, each with the option that would let them in.

import type { KnowledgeReader } from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";
import { isEmpty } from "@thoth/solver";
import type { Exclusion } from "./candidates.ts";
import { missedBy, otherPythons } from "./missed.ts";
import type { Project } from "./project.ts";
import { unknownNameHint } from "./spelling.ts";
import type { Statement } from "./statement.ts";
import type { Universe } from "./universe.ts";

export interface Failed {
  readonly universe: Universe;
  readonly project: Project;
  readonly knowledge: KnowledgeReader;
  readonly statements: readonly Statement[];
}

export function hintsOf(failed: Failed): string[] {
  const hints = new Set<string>();
  for (const statement of failed.statements) {
    const { name } = failed.universe.packageOf(statement.to);
    const record = failed.knowledge.project(name);
    if (record === null) {
      hints.add(unknownNameHint(name));
      continue;
    }
    for (const [reason, releases] of missedBy(failed.universe, statement)) {
      if (mayHelp(failed.universe, statement, { reason, releases })) {
        hints.add(hintFor(failed, name, { reason, releases }));
      }
    }
  }
  for (const hint of unusableHints(failed)) hints.add(hint);
  return [...hints].slice(0, 8);
}

interface MissedReleases {
  readonly reason: Exclusion;
  readonly releases: readonly number[];
}

/** A release between others that were tried would hardly change anything; one beyond them, or the only one, may. */
function mayHelp(universe: Universe, statement: Statement, { reason, releases }: MissedReleases): boolean {
  if (isEmpty(statement.admitted)) return true;
  if (reason === "yanked" || reason === "quarantined" || reason === "malware" || reason === "rule")
    return false;
  const candidates = universe.candidatesOf(universe.packageOf(statement.to).name);
  // One by one: a call takes only so many arguments.
  const newest = [...(candidates?.releases ?? [])].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return releases[0] !== undefined && releases[0] < newest;
}

function hintFor(failed: Failed, name: PackageName, missed: MissedReleases): string {
  const candidates = failed.universe.candidatesOf(name);
  const record = candidates?.record;
  const newest = missed.releases[0] as number;
  const version = record?.versionText(newest) ?? "";
  const count = missed.releases.length;
  const what = count === 1 ? `${name} ${version}` : `${count} releases of ${name} (newest ${version})`;
  switch (missed.reason) {
    case "python": {
      const text = record?.requiresPython(record.firstFile(newest)) ?? "another";
      const { text: current } = failed.project.target.pythonVersion;
      return `${what} would do on another Python: it needs ${text}, this is ${current} (\`--python-version\`)`;
    }
    case "platform": {
      const pythons = record === undefined ? undefined : otherPythons(record, newest, failed.project.target);
      if (pythons === undefined) return `${what} ${has(count)} no wheel for this platform (\`--platform\`)`;
      return `${what} ${has(count)} wheels for Python ${pythons} only (\`--python-version\`)`;
    }
    case "source-only":
      return `${what} ${has(count)} no wheel that you allow; a source distribution exists (\`--only-binary\` excludes it)`;
    case "wheel-only":
      return `${what} ${has(count)} wheels only, and you allow none (\`--no-binary\`)`;
    case "prerelease":
      return `a pre-release would do: ${what} (\`--prerelease allow\`)`;
    case "date":
      return `${what} ${was(count)} uploaded after the date you gave (\`--as-of\`)`;
    case "yanked":
      return failed.project.policy.recommendationType === "latest"
        ? `${what} ${was(count)} yanked; an exact pin (\`${name}==${version}\`) would take it`
        : `${what} ${was(count)} yanked; only an exact pin and the type latest would take it (\`--recommendation-type latest\`)`;
    case "quarantined":
      return `${name} is quarantined on its index`;
    case "rule":
      return `${what} ${was(count)} forbidden by a rule`;
    case "malware":
      return `${what} ${was(count)} reported as malware and ${was(count)} never chosen`;
    default:
      return missed.reason satisfies never;
  }
}

function unusableHints({ universe, statements }: Failed): string[] {
  const names = new Set(
    statements
      .flatMap(({ from, to }) => [from, to])
      .map((id) => (id === undefined ? undefined : universe.packageOf(id).name)),
  );
  const byPackage = Map.groupBy(
    universe.unusable.filter((item) => names.has(item.package)),
    (item) => `${item.package} ${item.reason}`,
  );
  return [...byPackage.values()].map((items) => {
    const [first] = items as [(typeof items)[number]];
    const what =
      items.length === 1
        ? `${first.package} ${first.version}`
        : `${items.length} releases of ${first.package}`;
    if (first.reason === "build-not-allowed") {
      return `${what} tells its requirements only by running its build: \`--allow-build\` permits that`;
    }
    if (first.reason === "offline") {
      return `what ${what} requires is not known offline: once without \`--offline\` fetches it`;
    }
    return `${what} ${was(items.length)} passed over: ${first.message}`;
  });
}

function was(count: number): string {
  return count === 1 ? "was" : "were";
}

function has(count: number): string {
  return count === 1 ? "has" : "have";
}
